//! `report unused`: who was not seen for a while; and locking them.

use std::path::PathBuf;

use anyhow::{Error, Result};
use clap::{Args, ValueHint};

use crate::commands::arrange::ArrangeArgs;
use crate::commands::confirm_plan::{CountedPlan, Unattended};
use crate::commands::global::Context;
use crate::commands::outcome::outcome_of_groups;
use crate::commands::selection::{FleetArgs, ReasonArgs};
use crate::domain::act::operation::Mode;
use crate::domain::failure::Failure;
use crate::domain::role::RoleName;
use crate::domain::target::Target;
use crate::domain::timestamp::Span;
use crate::operations::report::unused::{Unused, UnusedLogin, Wanted, report_unused};
use crate::operations::user::lock::{LockRole, MemberSessions, lock_role};
use crate::output::{Column, Format};
use crate::run::login_state::Protection;

#[derive(Debug, Args)]
pub struct UnusedArgs {
    #[command(flatten)]
    selection: FleetArgs,

    /// Logins that were not seen for this long: 90d, 12h, 2w
    #[arg(long, value_name = "SPAN", default_value = "90d")]
    older_than: Span,

    /// Also take logins from this file of the server's log (stderr, csvlog or jsonlog, with log_connections on), which must
    /// be of the one target that -e and -d name; may be repeated
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    logins_from: Vec<PathBuf>,

    /// Lock those that are unused; not those of which it is unknown
    #[arg(long)]
    lock: bool,

    #[command(flatten)]
    reason: ReasonArgs,

    #[command(flatten)]
    arrange: ArrangeArgs,
}

const COLUMNS: [Column; 8] = [
    Column::new("ENV", "env"),
    Column::new("DATABASE", "database"),
    Column::new("LOGIN", "login"),
    Column::new("VERDICT", "verdict"),
    Column::new("NOT SEEN SINCE", "not_seen_since"),
    Column::new("DAYS", "days"),
    Column::new("LAST SEEN BY", "last_seen_by"),
    Column::new("OWNER", "owner"),
];

impl UnusedArgs {
    pub fn only_reads(&self) -> bool {
        !self.lock
    }

    pub fn run(self, context: &Context) -> Result<()> {
        let context = &self.arrange.on(context);
        if !self.logins_from.is_empty() && !self.selection.is_one_target() {
            let what = "a log is of one server: name the target with -e and -d";
            return Err(Failure::usage(what).into());
        }
        let fleet = self.selection.fleet(context)?;
        let asked = fleet.asked();
        let (targets, mut failed) = fleet.split();
        let lost = failed.len();
        let wanted = Wanted {
            older_than: self.older_than,
            logs: self.logins_from.clone(),
        };
        let Unused {
            mut rows,
            failed: unread,
            silent,
        } = report_unused(&context.run, &targets, &wanted)?;
        failed.extend(unread);
        let mut refused = Vec::new();
        if self.lock {
            refused = self.lock_all(&mut rows, &targets, context)?;
        }
        context.ui.show_rows(&rows, &context.columns(&COLUMNS))?;
        if context.ui.format == Format::Table {
            explain(&rows, context);
        }
        let count = silent + lost + refused.len();
        let asked = asked + refused.len();
        failed.extend(refused);
        outcome_of_groups((failed, count), asked, "targets", context)
    }

    /// Locks the unused ones, and returns why some could not be.
    fn lock_all(
        &self,
        rows: &mut [UnusedLogin],
        targets: &[Target],
        context: &Context,
    ) -> Result<Vec<Error>> {
        let mut unused: Vec<_> = rows
            .iter_mut()
            .filter(|row| row.verdict == "unused")
            .collect();
        let plan = CountedPlan {
            act: "lock",
            noun: "login",
            places: unused.iter().map(|row| &targets[row.place]).collect(),
            targets: None,
            unattended: Unattended::NeedsYes,
        };
        plan.confirm(context)?;
        let mut refused = Vec::new();
        for row in &mut unused {
            let since = row.not_seen_since.as_deref().unwrap_or_default();
            let usual = format!("not seen since {since}");
            let wanted = LockRole {
                target: &targets[row.place],
                role: &RoleName::from_server(row.login.clone()),
                member_sessions: MemberSessions::Kept,
                protection: Protection::Respected,
                reason: Some(self.reason.reason.as_deref().unwrap_or(&usual)),
                mode: Mode::Run,
            };
            match lock_role(&context.run, &wanted) {
                Ok(_) => row.note_locked(),
                Err(error) => {
                    row.error = Some(format!("{error:#}"));
                    refused.push(error);
                }
            }
        }
        Ok(refused)
    }
}

/// Tells a person how to undo what was done, and what is not known.
fn explain(rows: &[UnusedLogin], context: &Context) {
    for row in rows {
        if let Some(undo) = &row.undo {
            context.ui.note(&format!("to undo it: {undo}"));
        }
    }
    let unknown = rows.iter().filter(|row| row.verdict == "unknown").count();
    if unknown > 0 {
        context.ui.note(&format!(
            "of {unknown} it is unknown: nobody has looked for that long; give the server's log with --logins-from, or run a report from cron"
        ));
    }
}
