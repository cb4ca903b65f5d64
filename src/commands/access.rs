//! `pgrole access`: the groups that carry access to a database.

use anyhow::Result;
use clap::{Args, Subcommand};

use crate::commands::Context;
use crate::commands::selection::{ChangeArgs, TargetArgs};
use crate::commands::user::AdoptArgs;
use crate::domain::access::{AccessLevel, GROUP_LEVELS};
use crate::domain::role::RoleName;
use crate::operations::prepare_access::{PrepareAccess, prepare_access};
use crate::output::{Column, Format, Ui};

#[derive(Debug, Subcommand)]
pub enum AccessCommand {
    /// Make and complete a database's access groups, for admin logins that may not grant themselves
    #[command(after_help = "Examples:
  pgrole access prepare -e prod -d myapp_prod
  pgrole access prepare -e prod -d myapp_prod --access readonly --admin deploy_admin")]
    Prepare(PrepareArgs),
}

#[derive(Debug, Args)]
pub struct PrepareArgs {
    #[command(flatten)]
    target: TargetArgs,

    /// Only this level; may be repeated [default: readonly, readwrite and ddl]
    #[arg(long, value_name = "LEVEL", value_enum)]
    access: Vec<AccessLevel>,

    /// A role that may then hand membership in the groups on: the login that pgrole will use
    #[arg(long, value_name = "ROLE")]
    admin: Option<RoleName>,

    #[command(flatten)]
    adopt: AdoptArgs,

    #[command(flatten)]
    change: ChangeArgs,
}

const COLUMNS: [Column; 5] = [
    Column::new("GROUP", "group"),
    Column::new("ACCESS", "access"),
    Column::new("STATUS", "status"),
    Column::new("ENV", "env"),
    Column::new("DATABASE", "database"),
];

impl AccessCommand {
    pub fn run(self, context: &Context) -> Result<()> {
        match self {
            Self::Prepare(args) => args.run(context),
        }
    }
}

impl PrepareArgs {
    fn run(self, context: &Context) -> Result<()> {
        let target = self.target.target(context)?;
        self.change
            .confirm(context, &target, "prepare access groups")?;
        // In rising order, whatever the order of the flags: what a later group creates is for the earlier ones.
        let mut levels = GROUP_LEVELS.to_vec();
        if !self.access.is_empty() {
            levels.retain(|level| self.access.contains(level));
        }
        let wanted = PrepareAccess {
            target,
            levels,
            administrator: self.admin,
            adoption: self.adopt.adoption(),
            mode: self.change.mode(),
        };
        let reports = prepare_access(&context.session, &wanted)?;
        if self.change.dry_run && context.ui.format == Format::Table {
            let statements = reports.iter().flat_map(|report| &report.statements);
            let statements: Vec<_> = statements
                .map(|statement| format!("{statement};"))
                .collect();
            return Ui::show_text(&statements.join("\n"));
        }
        context.ui.show_rows(&reports, &COLUMNS)
    }
}
