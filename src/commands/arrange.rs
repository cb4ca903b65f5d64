//! `--columns` and `--sort`, which every list has. What they name is checked while the command line is read: before the
//! registry is opened, and before a server is asked.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ArgMatches, Args, Command, Error};

use crate::commands::global::Context;
use crate::commands::schema::keys_of;
use crate::commands::selection::FleetArgs;
use crate::domain::choice;
use crate::output::{Arrangement, SortKey, Ui};

/// What is shown of a list, and in what order.
#[derive(Debug, Clone, Default, Args)]
pub struct ArrangeArgs {
    /// Show only these columns, in this order; in JSON, only these keys. The names are the keys of the JSON rows
    #[arg(long, value_name = "NAME[,NAME...]", value_delimiter = ',')]
    columns: Vec<String>,

    /// Sort the rows by these keys, -NAME in descending order; rows are then shown once all are there
    #[arg(
        long,
        value_name = "NAME[,-NAME...]",
        value_delimiter = ',',
        allow_hyphen_values = true
    )]
    sort: Vec<String>,
}

impl ArrangeArgs {
    /// The same context, whose lists are arranged so.
    pub fn on(&self, context: &Context) -> Context {
        Context {
            ui: self.on_ui(&context.ui),
            ..context.clone()
        }
    }

    /// The same printer, whose lists are arranged so.
    pub fn on_ui(&self, ui: &Ui) -> Ui {
        ui.arranged(Arrangement {
            columns: self.columns.clone(),
            sort: self.sort.iter().map(|text| SortKey::new(text)).collect(),
        })
    }
}

/// A list of some targets, or all.
#[derive(Debug, Clone, Args)]
pub struct FleetListArgs {
    #[command(flatten)]
    pub selection: FleetArgs,

    #[command(flatten)]
    pub arrange: ArrangeArgs,
}

/// The key of every row that a run adds while it prints.
const ANCHOR: &str = "audit_anchor";

/// Refuses a name that is no key of the command's rows, as the parser refuses a value that is not allowed.
///
/// # Errors
/// An invalid value, with all keys and the nearest.
pub fn check_names(matches: &ArgMatches, program: impl FnOnce() -> Command) -> Result<(), Error> {
    let mut words = Vec::new();
    let mut matches = matches;
    while let Some((word, below)) = matches.subcommand() {
        words.push(word);
        matches = below;
    }
    for option in ["columns", "sort"] {
        let Ok(Some(names)) = matches.try_get_many::<String>(option) else {
            continue;
        };
        // Made only here: the schema costs more than a start.
        let known = keys_of(&words.join(" "));
        let bare = |name: &'_ String| {
            let name = name.as_str();
            let bare = name.strip_prefix('-').filter(|_| option == "sort");
            bare.unwrap_or(name).to_owned()
        };
        let is_unknown = |name: &&String| {
            let name = bare(name);
            name != ANCHOR && !known.contains(&name)
        };
        if let Some(wrong) = names.clone().find(is_unknown) {
            return Err(unknown_name(option, wrong, &bare(wrong), known).with_cmd(&program()));
        }
    }
    Ok(())
}

fn unknown_name(option: &str, typed: &str, bare: &str, known: Vec<String>) -> Error {
    let mut error = Error::new(ErrorKind::InvalidValue);
    let text = |text: String| ContextValue::String(text);
    error.insert(ContextKind::InvalidArg, text(format!("--{option}")));
    error.insert(ContextKind::InvalidValue, text(typed.to_owned()));
    if let Some(nearest) = choice::nearest(bare, known.iter().map(String::as_str)) {
        let sign = &typed[..typed.len() - bare.len()];
        error.insert(
            ContextKind::SuggestedValue,
            text(format!("{sign}{nearest}")),
        );
    }
    error.insert(ContextKind::ValidValue, ContextValue::Strings(known));
    error
}
