//! `pgrole credential rotate`: a new password for the admin credential itself.

use anyhow::Result;
use clap::Args;

use crate::commands::arrange::ArrangeArgs;
use crate::commands::confirm_plan::{CountedPlan, Unattended};
use crate::commands::global::Context;
use crate::commands::outcome::outcome_of_many;
use crate::commands::selection::{ChangeArgs, ReasonArgs};
use crate::domain::act::operation::Mode;
use crate::domain::command_line::pasteable;
use crate::domain::failure::{Failure, Kind, kind_of};
use crate::domain::password::deliveries::Deliveries;
use crate::domain::password::destination::{Destination, FileFormat};
use crate::domain::password::login_place::Account;
use crate::domain::target::{DatabaseName, Environment};
use crate::operations::credential::rotate::{
    CredentialPlan, CredentialRotation, LoginChange, plan,
};
use crate::output::Ui;
use crate::run::fleet::role_on;

#[derive(Debug, Args)]
pub struct CredentialRotateArgs {
    /// The environment whose admin credentials are rotated
    #[arg(short, long)]
    env: Environment,

    /// Only the admin credential of this database; other targets that use it continue to work
    #[arg(short, long)]
    database: Option<DatabaseName>,

    /// Where the password goes if it came from a source that pgrole cannot write to (variables, systemd,
    /// a prompt, a command without a store_command): file:PATH, pgpass, pgpass:PATH, keyring,
    /// exec:COMMAND or stdout
    #[arg(long, value_name = "WHERE")]
    deliver: Option<Destination>,

    /// The format of a delivered file
    #[arg(
        long,
        value_name = "FORMAT",
        value_enum,
        requires = "deliver",
        default_value = "json"
    )]
    file_format: FileFormat,

    #[command(flatten)]
    reason: ReasonArgs,

    #[command(flatten)]
    change: ChangeArgs,

    #[command(flatten)]
    arrange: ArrangeArgs,
}

impl CredentialRotateArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        self.reason.note(context);
        if self.change.mode() == Mode::Run {
            context
                .run
                .require_reason_in([self.env.as_str()].into_iter())?;
        }
        let context = &self.arrange.on(context);
        let deliver = self.deliver.map(Destination::anchored).transpose()?;
        let rotation = CredentialRotation {
            env: self.env,
            database: self.database,
            deliver: deliver.map(|destination| Deliveries::to(destination, self.file_format)),
            mode: self.change.mode(),
        };
        let mut plan = plan(&context.run, &rotation)?;
        let asked = plan.changes.len() + plan.failed.len();
        if rotation.mode == Mode::Run {
            confirm(&plan.changes, context)?;
        }
        let mut failed = std::mem::take(&mut plan.failed);
        let lines = context.ui.in_rows();
        failed.extend(run_all(&plan, context, &lines)?);
        let shown = lines.end_rows();
        if failed.is_empty() && rotation.mode == Mode::Run {
            name_unused(&plan.unused, &context.ui);
        }
        // What happened to passwords takes precedence over output that cannot be written.
        outcome(failed, asked, context)?;
        shown
    }
}

/// Asks once about all. A credential is changed for all its targets: if one of them is protected, the change is.
fn confirm(changes: &[LoginChange], context: &Context) -> Result<()> {
    let settings = &context.run.settings;
    let places = changes.iter().map(|change| {
        let mut targets = change.targets.iter();
        let protected = targets.find(|target| settings.is_protected(&target.env));
        protected.unwrap_or(&change.target)
    });
    let counted = CountedPlan {
        act: "rotate",
        noun: "admin credential",
        places: places.collect(),
        targets: Some(changes.iter().map(|change| change.targets.len()).sum()),
        unattended: Unattended::NeedsYes,
    };
    counted.confirm(context)
}

/// Rotates one after the other; if a new password cannot be delivered, the others are left as they are.
fn run_all(plan: &CredentialPlan, context: &Context, lines: &Ui) -> Result<Vec<anyhow::Error>> {
    let mut failed = Vec::new();
    let watched = context.run.watch("logins", plan.changes.len());
    for change in &plan.changes {
        let name = || role_on(&change.role, &change.target);
        match watched.attempt(name, || plan.run(&context.run, change, lines)) {
            // Printed already, as the delivery of its password.
            Ok(report) if report.delivered_to.is_none() => {}
            Ok(report) => lines.show_record(&report)?,
            Err(error) => {
                let is_undelivered = kind_of(&error) == Kind::Undelivered;
                failed.push(error);
                if is_undelivered {
                    break;
                }
            }
        }
    }
    Ok(failed)
}

fn name_unused(unused: &[Account], ui: &Ui) {
    for account in unused {
        let delete = match account {
            Account::Target(env, database) => {
                pasteable("pgrole credential delete -e {} -d {}", &[env, database])
            }
            Account::Environment(env) => pasteable("pgrole credential delete -e {}", &[env]),
            Account::Default => "pgrole credential delete".to_owned(),
        };
        ui.note(&format!(
            "no target uses the keyring's entry {account} any more; to remove it: {delete}"
        ));
    }
}

fn outcome(failed: Vec<anyhow::Error>, asked: usize, context: &Context) -> Result<()> {
    let is_undelivered = |error: &anyhow::Error| kind_of(error) == Kind::Undelivered;
    let undelivered = failed.iter().any(is_undelivered);
    let count = failed.len();
    let outcome = outcome_of_many(failed, asked, "logins", context);
    if !undelivered || asked == 1 {
        return outcome;
    }
    let what = format!("{count} of {asked} logins failed");
    Err(Failure::new(Kind::Undelivered, what)
        .hint("deliver the passwords in force: pgrole recover run")
        .into())
}
