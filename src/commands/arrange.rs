//! `--columns` and `--sort`, which every list has.

use clap::Args;

use crate::commands::global::Context;
use crate::commands::selection::FleetArgs;
use crate::output::{Arrangement, SortKey};

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
        let arrangement = Arrangement {
            columns: self.columns.clone(),
            sort: self.sort.iter().map(|text| SortKey::new(text)).collect(),
        };
        Context {
            ui: context.ui.arranged(arrangement),
            ..context.clone()
        }
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
