//! `pgrole registry discover`: which databases a server has.

use anyhow::{Error, Result};
use clap::Args;

use crate::commands::arrange::ArrangeArgs;
use crate::commands::global::Context;
use crate::commands::outcome::outcome_of_many;
use crate::commands::registry::place::PlaceArgs;
use crate::domain::target::{DatabaseName, Environment};
use crate::operations::registry::discover::{Choice, Discovery, discover};
use crate::output::{Column, Format, prompt};

#[derive(Debug, Args)]
pub struct DiscoverArgs {
    /// The environment of the targets: dev, qa, uat, prod, or one added in the config file
    #[arg(short, long)]
    env: Environment,

    /// Register these databases; * matches any text; may be repeated [default: on a terminal, ask]
    #[arg(short, long, value_name = "PATTERN", conflicts_with = "all")]
    database: Vec<String>,

    /// Register all databases that take connections, except for templates and "postgres"
    #[arg(long)]
    all: bool,

    /// Show how large each is, which takes the server some time
    #[arg(long)]
    sizes: bool,

    /// The database to connect to [default: postgres, else template1]
    #[arg(long, value_name = "DATABASE")]
    maintenance_db: Option<DatabaseName>,

    #[command(flatten)]
    place: PlaceArgs,

    #[command(flatten)]
    arrange: ArrangeArgs,
}

const SIZE: Column = Column::new("BYTES", "size_bytes");
const COLUMNS: [Column; 5] = [
    Column::new("DATABASE", "database"),
    Column::new("OWNER", "owner"),
    Column::new("USABLE", "usable"),
    Column::new("REGISTERED AS", "registered_as"),
    Column::new("STATUS", "status"),
];

impl DiscoverArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        let context = &self.arrange.on(context);
        let entry = self.place.entry(&self.env, context)?;
        let maintenance = self.maintenance_db.as_ref();
        let mut found = discover(&context.run, &entry, maintenance, self.sizes)?;
        let mut columns = COLUMNS.to_vec();
        if self.sizes {
            columns.insert(2, SIZE);
        }
        let given = match (self.all, self.database) {
            (true, _) => Some(Choice::All),
            (false, names) if names.is_empty() => None,
            (false, names) => Some(Choice::Named(names)),
        };
        let is_asked = given.is_none() && context.ui.format == Format::Table && prompt::can_ask();
        if given.is_none() {
            context.ui.show_rows(&found.rows, &columns)?;
        }
        let choice = if is_asked { ask()? } else { given };
        let Some(choice) = choice else {
            if !is_asked {
                context.ui.note("to register some: --all, or -d PATTERN");
            }
            return Ok(());
        };
        let failed = found.register(&context.run, &choice)?;
        let chosen = |row: &_| Discovery::is_chosen(&choice, row);
        found.rows.retain(chosen);
        context.ui.show_rows(&found.rows, &columns)?;
        let failed = failed.into_iter().map(Error::from).collect();
        outcome_of_many(failed, found.rows.len(), "databases", context)
    }
}

/// Which databases to register; `None` if none.
fn ask() -> Result<Option<Choice>> {
    let question =
        "register which databases? (names or * patterns, separated by blanks; all; nothing: none)";
    let answer = prompt::ask(question, None)?;
    let names: Vec<_> = answer.split_whitespace().map(str::to_owned).collect();
    Ok(match names.as_slice() {
        [] => None,
        [all] if all == "all" => Some(Choice::All),
        _ => Some(Choice::Named(names)),
    })
}
