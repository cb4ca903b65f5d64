//! `pgrole user`: logins, one file per verb.

mod breakglass;
mod clone;
mod cluster_table;
mod compare;
mod convert;
mod create;
mod create_from;
mod creation;
mod drop;
mod find;
mod lock;
mod no_role;
mod rename;
mod reset;
mod search_path;
mod set;
mod show;
mod try_it;

use anyhow::Result;
use clap::{Args, Subcommand};

use crate::commands::delivery::ChosenDelivery;
use crate::commands::global::Context;
use crate::commands::rehearsal::show_rehearsal;
use crate::domain::access::planner::GroupAdoption;
use crate::domain::act::operation::Operation;
use crate::domain::act::status::Status;
use crate::domain::password::secret::Secret;
use crate::domain::role::report::UserReport;
use crate::output::{Format, Ui, prompt};
use crate::password::NewPassword;

pub use creation::{AdoptGroupsArgs, PartialArgs};
pub use drop::HeirArgs;
pub use reset::ForceArgs;

#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Create a login for an application server: SERVERNAME_PORT, readwrite
    #[command(after_help = "Example:
  # web01_8080:
  pgrole user app -e dev -d myapp_dev --servername web01 --port 8080")]
    App(create::AppArgs),
    /// Create a login for a Kubernetes deployment: PREFIX_FARMNAME, readwrite
    #[command(after_help = "Example:
  # dv_gearservice:
  pgrole user k8s -e dev -d myapp_dev --env-prefix dv --farmname gearservice")]
    K8s(create::K8sArgs),
    /// Create a login for development and test: readwrite
    #[command(after_help = "Example:
  pgrole user devqa -e qa -d myapp_qa -u jane")]
    Devqa(create::PersonArgs),
    /// Create a login for a lead developer: readwrite, and CREATE in the schemas
    #[command(after_help = "Example:
  pgrole user devlead -e dev -d myapp_dev -u joe")]
    Devlead(create::PersonArgs),
    /// Create a read-only login
    #[command(after_help = "Examples:
  pgrole user readonly -e prod -d myapp_prod -u analyst01 --valid-for 90d
  pgrole user readonly -e prod -d myapp_prod -u analyst01 --dry-run
  # What the server would say, in a transaction that is rolled back:
  pgrole user readonly -e prod -d myapp_prod -u analyst01 --rehearse")]
    Readonly(create::PersonArgs),
    /// Create a login for a DBA: CREATEDB CREATEROLE, no connection limit, no access group
    #[command(after_help = "Example:
  pgrole user dba -e dev -d myapp_dev -u dba_jane")]
    Dba(create::PersonArgs),
    /// Create a login with any profile, including those in the config file; or all logins of a file
    #[command(after_help = "Examples:
  pgrole user create --profile report -e prod -d myapp_prod -u report_1
  pgrole user create --from people.csv --dry-run
  pgrole user create --from people.csv --format jsonl > passwords.jsonl")]
    Create(create::CreateArgs),
    /// Give an existing role a new password
    #[command(after_help = "Examples:
  pgrole user reset -e dev -d myapp_dev -u web01_8080
  pass show db/web01 |
      pgrole user reset -e dev -d myapp_dev -u web01_8080 --password-stdin")]
    Reset(reset::ResetArgs),
    /// Give an application's login two logins that rotations alternate, so that no login is lost; or make it one again
    #[command(after_help = "Examples:
  pgrole user convert -e prod -d myapp_prod web01_8080 --dual
  pgrole user convert -e prod -d myapp_prod web01_8080 --dual --dry-run
  pgrole user convert -e prod -d myapp_prod web01_8080 --single")]
    Convert(convert::ConvertArgs),
    /// Create a login for an emergency, with access that ends, and with it; a message goes out at once
    #[command(after_help = "Example:
  pgrole user breakglass jane -e prod -d myapp_prod --for 1h --reason INC-4711")]
    Breakglass(breakglass::BreakglassArgs),
    /// Stop a role: no new logins, and its sessions are ended
    #[command(after_help = "Examples:
  pgrole user lock -e prod -d myapp_prod jane --reason 'left on 1 June'
  # End the sessions of her members too, which may have become jane by SET ROLE:
  pgrole user lock -e prod -d myapp_prod jane --members")]
    Lock(lock::LockArgs),
    /// Let a role log in again that pgrole locked
    #[command(after_help = "Example:
  pgrole user unlock -e prod -d myapp_prod jane")]
    Unlock(lock::UnlockArgs),
    /// End a role on its cluster: lock it, settle what it owns and may in every database, drop it
    #[command(after_help = "Examples:
  # What it has, in every database of the cluster:
  pgrole user drop -e dev -d myapp_dev jane --dry-run
  # What the server would say, in transactions that are rolled back:
  pgrole user drop -e dev -d myapp_dev jane --reassign-to app_owner --rehearse
  pgrole user drop -e dev -d myapp_dev jane --reassign-to app_owner \\
      --reason 'left on 1 June'")]
    Drop(drop::DropArgs),
    /// Set a role's search path in one database
    #[command(after_help = "Examples:
  pgrole user search-path web01_8080 -e dev -d myapp_dev --schema app
  pgrole user search-path web01_8080 -e dev -d myapp_dev --schema '$user' \\
      --schema public")]
    SearchPath(search_path::SearchPathArgs),
    /// Find a role, by default on every active target
    #[command(after_help = "Examples:
  pgrole user find analyst01
  pgrole user find analyst01 -e prod -e uat --format jsonl
  # As each cluster answered last:
  pgrole user find analyst01 --offline")]
    Find(find::FindArgs),
    /// Show all about a role: attributes, access, what it owns, sessions; by default on every cluster that has it
    #[command(after_help = "Examples:
  pgrole user show analyst01
  pgrole user show analyst01 -e prod -d myapp_prod
  pgrole user show analyst01 --format json |
      jq '.[] | {databases, member_of, objects}'")]
    Show(show::ShowArgs),
    /// List the logins on the targets
    #[command(after_help = "Examples:
  pgrole user list -e dev -d myapp_dev
  pgrole user list -e prod --expiring 14d
  pgrole user list --profile 'dev*' --no-access --by-cluster --format json
  pgrole user list --format json |
      jq -r '.[] | select(.profile == \"app\") | .username'")]
    List(find::ListUsersArgs),
    /// Create a login like another one, on the same target or elsewhere, with a password of its own
    #[command(after_help = "Examples:
  pgrole user clone --from jane --to joe -e dev -d myapp_dev
  pgrole user clone --from jane@dev/myapp_dev --to jane -e prod -d myapp_prod \\
      --dry-run")]
    Clone(clone::CloneArgs),
    /// Change a login's connection limit, end or profile
    #[command(after_help = "Examples:
  pgrole user set jane -e dev -d myapp_dev --connection-limit 5 \\
      --ends-on 2027-03-31
  pgrole user set jane -e dev -d myapp_dev --profile devlead --dry-run")]
    Set(set::SetArgs),
    /// Rename a role; what pgrole has on record of it follows
    #[command(after_help = "Examples:
  pgrole user rename jane --to jane_doe -e dev -d myapp_dev
  pgrole user rename web01_8080 --to web02_8080 -e dev -d myapp_dev --dry-run")]
    Rename(rename::RenameArgs),
    /// Show in what two roles differ, on one target or on two: attributes, memberships, settings
    #[command(after_help = "Examples:
  pgrole user compare analyst01@dev/myapp_dev analyst01@prod/myapp_prod
  pgrole user compare -e dev -d myapp_dev jane joe || echo \"they differ\"")]
    Compare(compare::CompareArgs),
}

impl UserCommand {
    /// Whether it lists what servers say, and changes nothing.
    pub fn only_reads(&self) -> bool {
        matches!(self, Self::Find(_) | Self::List(_))
    }

    pub fn run(self, context: &Context) -> Result<()> {
        match self {
            Self::App(args) => args.run(context),
            Self::K8s(args) => args.run(context),
            Self::Devqa(args) => args.run(Operation::UserDevqa, "devqa", context),
            Self::Devlead(args) => args.run(Operation::UserDevlead, "devlead", context),
            Self::Readonly(args) => args.run(Operation::UserReadonly, "readonly", context),
            Self::Dba(args) => args.run(Operation::UserDba, "dba", context),
            Self::Create(args) => args.run(context),
            Self::Reset(args) => args.run(context),
            Self::Convert(args) => args.run(context),
            Self::Breakglass(args) => args.run(context),
            Self::Lock(args) => args.run(context),
            Self::Unlock(args) => args.run(context),
            Self::Drop(args) => args.run(context),
            Self::SearchPath(args) => args.run(context),
            Self::Find(args) => args.run(context),
            Self::Show(args) => args.run(context),
            Self::List(args) => args.run(context),
            Self::Clone(args) => args.run(context),
            Self::Set(args) => args.run(context),
            Self::Rename(args) => args.run(context),
            Self::Compare(args) => args.run(context),
        }
    }
}

/// Where a new password comes from.
#[derive(Debug, Clone, Copy, Args)]
pub struct PasswordArgs {
    /// Read the password from standard input instead of generating one
    #[arg(long)]
    password_stdin: bool,
}

impl PasswordArgs {
    fn is_given(self) -> bool {
        self.password_stdin
    }

    fn new_password(self, context: &Context) -> Result<NewPassword> {
        let given: Option<Secret> = if self.password_stdin {
            Some(prompt::read_secret_from_stdin()?)
        } else {
            None
        };
        NewPassword::new(given, context.run.settings.password_length)
    }
}

impl AdoptGroupsArgs {
    pub fn adoption(self) -> GroupAdoption {
        if self.adopt {
            GroupAdoption::Adopt
        } else {
            GroupAdoption::Refuse
        }
    }
}

/// Prints the result of a password change, unless that was printed as its delivery.
fn show_unless_delivered(
    report: &UserReport,
    delivery: &ChosenDelivery<'_>,
    context: &Context,
) -> Result<()> {
    let was_changed = matches!(
        report.status,
        Status::UserCreated | Status::UserCloned | Status::PasswordReset
    );
    if was_changed && delivery.prints() {
        warn_of(report, context);
        return Ok(());
    }
    show_report(report, context)
}

/// Prints the result of a change: SQL for a dry run in a table, else the row.
fn show_report(report: &UserReport, context: &Context) -> Result<()> {
    warn_of(report, context);
    if show_statements(report.statements.as_deref(), context)? {
        return Ok(());
    }
    if let (Some(rehearsal), Format::Table) = (&report.rehearsal, context.ui.format) {
        return show_rehearsal(rehearsal, context);
    }
    context.ui.show_record(report)
}

/// Prints the SQL of a dry run where a person reads it; whether it did.
pub fn show_statements(statements: Option<&[String]>, context: &Context) -> Result<bool> {
    let (Some(statements), Format::Table) = (statements, context.ui.format) else {
        return Ok(false);
    };
    let line = |sql: &String| match sql.strip_prefix('\\') {
        // To a command of psql a semicolon would be part of it.
        Some(command) => format!("\\{command}"),
        None => format!("{sql};"),
    };
    let statements: Vec<_> = statements.iter().map(line).collect();
    Ui::show_text(&statements.join("\n"))?;
    Ok(true)
}

/// Shows the warnings to a person; scripts find them in the row.
fn warn_of(report: &UserReport, context: &Context) {
    warn_all(&report.warnings, context);
}

/// Shows warnings to a person; scripts find them in the row.
pub fn warn_all(warnings: &[String], context: &Context) {
    if context.ui.format == Format::Table {
        for warning in warnings {
            context.ui.warn(warning);
        }
    }
}
