//! `report passwords`: how they are stored, how old they are, when they end.

use anyhow::Result;
use clap::Args;

use crate::commands::arrange::ArrangeArgs;
use crate::commands::global::Context;
use crate::commands::outcome::outcome_of_groups;
use crate::commands::selection::FleetArgs;
use crate::domain::counted::counted;
use crate::domain::failure::{Failure, Kind};
use crate::domain::timestamp::Span;
use crate::operations::report::passwords::{PasswordReport, report_passwords};
use crate::output::{Column, Format};

#[derive(Debug, Args)]
pub struct PasswordsArgs {
    #[command(flatten)]
    selection: FleetArgs,

    /// The age from which a password is too old: 90d, 12h, 2w [default: rotate.older_than in the config file, else 90d]
    #[arg(long, value_name = "SPAN")]
    older_than: Option<Span>,

    /// Exit with status 7 if a password is weak
    #[arg(long)]
    check: bool,

    #[command(flatten)]
    arrange: ArrangeArgs,
}

const USUAL_AGE: Span = Span::days(90);

const COLUMNS: [Column; 10] = [
    Column::new("ENV", "env"),
    Column::new("DATABASE", "database"),
    Column::new("LOGIN", "login"),
    Column::new("VERDICT", "verdict"),
    Column::new("HASH", "hash"),
    Column::new("ITERATIONS", "iterations"),
    Column::new("AGE (DAYS)", "age_days"),
    Column::new("VALID UNTIL", "valid_until"),
    Column::new("PROBLEMS", "problems"),
    Column::new("UNKNOWN", "unknown"),
];

impl PasswordsArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        let context = &self.arrange.on(context);
        let configured = context.run.settings.rotate_older_than;
        let age = self.older_than.or(configured).unwrap_or(USUAL_AGE);
        let fleet = self.selection.fleet(context)?;
        let asked = fleet.asked();
        let (targets, mut failed) = fleet.split();
        let lost = failed.len();
        let most_days = age.duration().as_secs() / 86_400;
        let passwords = report_passwords(&context.run, &targets, most_days)?;
        context
            .ui
            .show_rows(&passwords.rows, &context.columns(&COLUMNS))?;
        let count = |verdict: &str| {
            let rows = passwords.rows.iter();
            rows.filter(|row: &&PasswordReport| row.verdict == verdict)
                .count()
        };
        let (weak, unknown) = (count("weak"), count("unknown"));
        if context.ui.format == Format::Table {
            let logins = counted(passwords.rows.len(), "login");
            let what = format!("{logins}: {weak} weak, {unknown} unknown");
            context.ui.note(&what);
            if passwords.rows.iter().any(|row| row.hash == "md5") {
                context
                    .ui
                    .note("to replace MD5 hashes: pgrole rotate --hash md5");
            }
        }
        failed.extend(passwords.failed);
        outcome_of_groups((failed, passwords.silent + lost), asked, "targets", context)?;
        if self.check && weak > 0 {
            let what = format!(
                "{weak} of {} have a weak password",
                counted(passwords.rows.len(), "login")
            );
            return Err(Failure::new(Kind::Differences, what).into());
        }
        Ok(())
    }
}
