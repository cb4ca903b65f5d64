//! `pgrole credential`: the admin credential, and the secrets of notification channels.

mod channel;
mod rotate;

use anyhow::Result;
use clap::{Args, Subcommand};

use crate::commands::arrange::{ArrangeArgs, FleetListArgs};
use crate::commands::global::Context;
use crate::commands::outcome::outcome_of_many;
use crate::commands::selection::FleetArgs;
use crate::domain::failure::Failure;
use crate::domain::password::login_place::Account;
use crate::domain::role::RoleName;
use crate::domain::target::{DatabaseName, Environment};
use crate::operations::credential::check::check_credentials;
use crate::operations::credential::stored;
use crate::operations::known::known_targets;
use crate::output::{Column, prompt};

#[derive(Debug, Subcommand)]
pub enum CredentialCommand {
    /// Store the admin credential or a channel's secret in the keyring, from a prompt or standard input
    #[command(after_help = "Examples:
  pgrole credential set -e prod -U dba_jane
  pgrole credential set -e prod -d myapp_prod -U owner --password-stdin < secret
  # For every environment without one of its own:
  pgrole credential set -U dba_jane
  # The secret that url_keyring = \"team\" names:
  pgrole credential set --notify team")]
    Set(SetArgs),
    /// List the admin credentials and channel secrets in the keyring, without passwords
    #[command(after_help = "Example:
  pgrole credential list")]
    List(ArrangeArgs),
    /// Log in to each target with the admin credential that pgrole would use, and show its source
    #[command(after_help = "Examples:
  pgrole credential check -e prod
  pgrole credential check -e dev -d myapp_dev -v")]
    Check(FleetListArgs),
    /// Give the admin credential itself a new password, and store it where the old one came from
    #[command(after_help = "Examples:
  pgrole credential rotate -e dev
  pgrole credential rotate -e prod -d myapp_prod --dry-run
  # A login that comes from variables:
  pgrole credential rotate -e prod --deliver 'exec:vault-put dba'")]
    Rotate(rotate::CredentialRotateArgs),
    /// Delete an admin credential or a channel's secret from the keyring
    #[command(after_help = "Examples:
  pgrole credential delete -e prod
  pgrole credential delete --notify team")]
    Delete(DeleteArgs),
}

/// Which targets a credential is for.
#[derive(Debug, Args)]
pub struct AccountArgs {
    /// The environment [default: all environments without a login of their own]
    #[arg(short, long)]
    env: Option<Environment>,

    /// Only this database of the environment
    #[arg(short, long, requires = "env")]
    database: Option<DatabaseName>,
}

#[derive(Debug, Args)]
pub struct SetArgs {
    #[command(flatten)]
    account: AccountArgs,

    /// The role to log in as
    #[arg(
        short = 'U',
        long,
        value_name = "ROLE",
        required_unless_present = "notify"
    )]
    user: Option<RoleName>,

    /// Read the password or secret from standard input
    #[arg(long)]
    password_stdin: bool,

    /// Instead of a login, store a secret under this name, which channels in the config file refer to
    #[arg(long, value_name = "NAME", conflicts_with_all = ["env", "database", "user"])]
    notify: Option<String>,
}

#[derive(Debug, Args)]
pub struct DeleteArgs {
    #[command(flatten)]
    account: AccountArgs,

    /// Instead of a login, delete the secret of this name
    #[arg(long, value_name = "NAME", conflicts_with_all = ["env", "database"])]
    notify: Option<String>,
}

const STORED_COLUMNS: [Column; 2] = [
    Column::new("ACCOUNT", "account"),
    Column::new("USER", "user"),
];

const CHECK_COLUMNS: [Column; 8] = [
    Column::new("ENV", "env"),
    Column::new("DATABASE", "database"),
    Column::new("USER", "user"),
    Column::new("SOURCE", "source"),
    Column::new("STATUS", "status"),
    Column::new("SUPERUSER", "superuser"),
    Column::new("CREATEROLE", "createrole"),
    Column::new("ACTS AS", "acts_as"),
];

impl CredentialCommand {
    /// Whether it lists what servers say, and changes nothing.
    pub fn only_reads(&self) -> bool {
        matches!(self, Self::Check(_))
    }

    pub fn run(self, context: &Context) -> Result<()> {
        match self {
            Self::Set(args) => args.run(context),
            Self::List(arrange) => list(&arrange.on(context)),
            Self::Check(args) => check(&args.selection, &args.arrange.on(context)),
            Self::Rotate(args) => args.run(context),
            Self::Delete(args) => delete(&args, context),
        }
    }
}

impl AccountArgs {
    fn account(&self, context: &Context) -> Result<Account> {
        if let Some(env) = &self.env {
            context.run.settings.check_environment(env)?;
        }
        Ok(match (self.env.clone(), self.database.clone()) {
            (Some(env), Some(database)) => Account::Target(env, database),
            (Some(env), None) => Account::Environment(env),
            (None, _) => Account::Default,
        })
    }
}

impl SetArgs {
    fn run(self, context: &Context) -> Result<()> {
        match (&self.notify, &self.user) {
            (Some(name), _) => channel::set(name, self.password_stdin, context),
            (None, Some(user)) => self.set_login(user, context),
            (None, None) => Err(Failure::usage("no role to log in as: --user is missing").into()),
        }
    }

    fn set_login(&self, user: &RoleName, context: &Context) -> Result<()> {
        let account = self.account.account(context)?;
        let password = if self.password_stdin {
            prompt::read_secret_from_stdin()?
        } else {
            prompt::require_terminal()?;
            // A password that is typed twice, and cannot be stored, is typed for nothing.
            stored::require_keyring()?;
            prompt::ask_password(&question(user, &account, context)?)?
        };
        if password.is_empty() {
            return Err(Failure::usage("the password is empty").into());
        }
        let row = stored::store_login(&context.run, &account, user, &password)?;
        context.ui.show_record(&row)
    }
}

/// The question for a password that is to be stored: on which servers, and what for.
fn question(user: &RoleName, account: &Account, context: &Context) -> Result<String> {
    if let Account::Target(env, database) = account
        && let Ok(target) = context.run.target(env, database)
    {
        return Ok(prompt::login_question(user.as_str(), &target));
    }
    let places = match account {
        Account::Target(env, database) => format!("{env}/{database} (no enabled target yet)"),
        Account::Environment(env) => {
            let known = known_targets(&context.run)?;
            let own = known.iter().filter(|known| known.env == env.as_str());
            format!("the targets of {env} ({})", own.count())
        }
        Account::Default => "all environments without a login of their own".to_owned(),
    };
    Ok(format!(
        "password of \"{user}\" for {places}, to log in as the admin credential"
    ))
}

fn list(context: &Context) -> Result<()> {
    let rows = stored::list_stored(&context.run)?;
    context.ui.show_rows(&rows, &STORED_COLUMNS)?;
    if rows.is_empty() {
        context
            .ui
            .note("none; to store one: pgrole credential set -e ENV -U ROLE");
    }
    Ok(())
}

fn delete(args: &DeleteArgs, context: &Context) -> Result<()> {
    if let Some(name) = &args.notify {
        return channel::delete(name, context);
    }
    let account = args.account.account(context)?;
    stored::delete_login(&context.run, &account)?;
    context
        .ui
        .note(&format!("deleted the credential for {account}"));
    Ok(())
}

fn check(selection: &FleetArgs, context: &Context) -> Result<()> {
    let fleet = selection.fleet(context)?;
    let asked = fleet.asked();
    let (targets, mut failed) = fleet.split();
    if targets.is_empty() {
        return outcome_of_many(failed, asked, "targets", context);
    }
    let mut list = context.ui.list(&CHECK_COLUMNS);
    list.await_places(0..targets.len());
    list.expect("env", targets.iter().map(|target| target.env.as_str()));
    list.expect(
        "database",
        targets.iter().map(|target| target.database.as_str()),
    );
    let mut unwritten = Ok(());
    check_credentials(&context.run, &targets, |place, result| {
        match result {
            Ok(row) => {
                if let Err(error) = list.add(place, row) {
                    unwritten = Err(error);
                }
            }
            Err(error) => failed.push(error),
        }
        list.settle(place);
    })?;
    unwritten?;
    let rows = if list.is_empty() {
        Vec::new()
    } else {
        list.end()?
    };
    if context.verbose {
        for row in &rows {
            for passed_over in &row.passed_over {
                context.ui.note(&format!(
                    "{}/{}: {}",
                    row.env, row.database, passed_over.reason
                ));
            }
        }
    }
    outcome_of_many(failed, asked, "targets", context)
}
