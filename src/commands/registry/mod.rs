//! `pgrole registry`: the inventory of targets.

mod check;
mod discover;
mod export;
mod import;
mod place;

use anyhow::Result;
use clap::{Args, Subcommand};
use schemars::JsonSchema;
use serde::Serialize;

use crate::commands::arrange::FleetListArgs;
use crate::commands::global::Context;
use crate::commands::registry::place::{PlaceArgs, methods, place, yes_or_no};
use crate::commands::selection::{TargetArgs, confirm, confirm_in};
use crate::commands::tls::TlsArgs;
use crate::domain::act::status::Status;
use crate::domain::failure::Failure;
use crate::domain::target::address::{Hosts, Ports};
use crate::domain::target::service::ServiceName;
use crate::operations::registry::entries;
use crate::operations::registry::entries::{
    EntryChanges, EntryName, RegistryEntry, add_entry, list_entries, problem_of, remove_entry,
    update_entry,
};
use crate::output::Column;

#[derive(Debug, Subcommand)]
pub enum RegistryCommand {
    /// Add a target
    #[command(after_help = "Examples:
  pgrole registry add -e dev -d myapp_dev -H pg-dev-01.example.com
  pgrole registry add -e prod -d myapp_prod -H 10.0.0.5 -p 6432 \\
      --sslrootcert /etc/ssl/corp-ca.pem
  # Uses the host that is the primary:
  pgrole registry add -e prod -d shop -H pg-1.example.com,pg-2.example.com
  pgrole registry add -e dev -d scratch -H /run/postgresql
  # A service in pg_service.conf:
  pgrole registry add -e qa -d shop --service shop")]
    Add(Box<AddArgs>),
    /// List all targets
    #[command(after_help = "Examples:
  pgrole registry list
  pgrole registry list --columns env,database,sslmode --sort hostname,-port
  pgrole registry list -e prod --format json | jq -r '.[].hostname'")]
    List(FleetListArgs),
    /// Show one target
    #[command(after_help = "Example:
  pgrole registry show -e dev -d myapp_dev")]
    Show(TargetArgs),
    /// Log in to each target and report reachability, TLS, whether it is the primary, and the admin credential's rights
    #[command(after_help = "Examples:
  pgrole registry check
  pgrole registry check -e prod --format json | jq -r '.[].grants[]'

MS: milliseconds for the login, including name resolution; RTT: milliseconds for one
round trip.

Exit status: 0 even if rights are missing; 4 if some targets failed, 1 if all
did; for a single target, the status of its failure.")]
    Check(FleetListArgs),
    /// Change a target
    #[command(after_help = "Examples:
  pgrole registry update -e dev -d myapp_dev -H pg-dev-02.example.com
  pgrole registry update -e dev -d myapp_dev --sslmode default
  # An empty value clears them:
  pgrole registry update -e dev -d myapp_dev --notes ''")]
    Update(UpdateArgs),
    /// Enable a disabled target again
    #[command(after_help = "Example:
  pgrole registry enable -e dev -d myapp_dev")]
    Enable(TargetArgs),
    /// Disable a target, so that pgrole refuses to use it
    #[command(after_help = "Example:
  pgrole registry disable -e dev -d myapp_dev")]
    Disable(TargetArgs),
    /// Add the targets in a file: CSV, JSON, a pg_service.conf, or the SQLite file of another registry
    #[command(after_help = "Examples:
  pgrole registry import targets.csv --dry-run
  pgrole registry import --update targets.csv
  pgrole registry import ~/.pg_service.conf -e dev
  pgrole registry export --format json | ssh ops2 pgrole registry import -

All rows are checked first; if one is not valid, nothing is imported. A CSV file
has a header: env,database,hostname,port,active,notes, and the other names that
registry list shows.")]
    Import(import::ImportArgs),
    /// Write the targets as a file that registry import reads
    #[command(after_help = "Examples:
  pgrole registry export --output targets.csv
  pgrole registry export --format service -e prod > pg_service.conf")]
    Export(export::ExportArgs),
    /// List the databases of a server, and register those that are chosen
    #[command(after_help = "Examples:
  pgrole registry discover -e dev -H pg-dev-01.example.com
  pgrole registry discover -e dev -H pg-dev-01.example.com --all
  pgrole registry discover -e dev -H pg-dev-01.example.com -d 'shop_*' \\
      -d billing")]
    Discover(discover::DiscoverArgs),
    /// Remove a target from the registry; its server is not changed
    #[command(after_help = "Example:
  pgrole registry remove -e dev -d myapp_dev")]
    Remove(TargetArgs),
}

#[derive(Debug, Args)]
pub struct AddArgs {
    #[command(flatten)]
    target: TargetArgs,

    #[command(flatten)]
    place: PlaceArgs,

    /// Free-form notes
    #[arg(long, value_name = "TEXT")]
    notes: Option<String>,
}

#[derive(Debug, Args)]
pub struct UpdateArgs {
    #[command(flatten)]
    target: TargetArgs,

    /// Host name, IP address, or Unix socket directory; of several, separated by commas, the one that
    /// accepts writes is used
    #[arg(short = 'H', long, value_name = "HOST[,HOST...]")]
    hostname: Option<Hosts>,

    /// Instead of a host: a service of pg_service.conf
    #[arg(long, value_name = "NAME", conflicts_with_all = ["hostname", "port"])]
    service: Option<ServiceName>,

    /// The server's port; one for all hosts, or one for each, separated by commas
    #[arg(short, long, value_name = "PORT[,PORT...]")]
    port: Option<Ports>,

    #[command(flatten)]
    tls: TlsArgs,

    /// The authentication methods that the server may request, as in libpq; "default" resets them
    #[arg(long, value_name = "METHOD[,METHOD...]", value_parser = methods())]
    require_auth: Option<String>,

    /// This is the server itself, not a pooler, although it makes up its process IDs (Neon)
    #[arg(long, value_name = "YES|NO", num_args = 0..=1, require_equals = true, value_parser = yes_or_no(),
        default_missing_value = "yes")]
    direct: Option<bool>,

    /// The role to log in as if the credential's source names none (.pgpass, peer, a certificate)
    /// [default: PG_ADMIN_USER, else credential.user in the config file, else your user name]
    #[arg(long, value_name = "ROLE")]
    admin_user: Option<String>,

    /// Accept the next cluster that answers as this target's, after a server was rebuilt or replaced
    #[arg(long)]
    trust_new_server: bool,

    /// Free-form notes
    #[arg(long, value_name = "TEXT")]
    notes: Option<String>,
}

/// An entry and, if it is not valid, the reason: people edit the file by hand.
#[derive(Serialize, JsonSchema)]
pub(super) struct Shown {
    #[serde(flatten)]
    entry: RegistryEntry,
    /// Why the entry cannot be used; null if it is valid.
    problem: Option<String>,
}

/// An entry that was added, or was there already.
#[derive(Serialize, JsonSchema)]
pub(super) struct Added {
    #[serde(flatten)]
    shown: Shown,
    /// `target added`, `target updated` (written by hand before), `unchanged`.
    status: Status,
}

impl Shown {
    fn new(entry: RegistryEntry, context: &Context) -> Self {
        let problem = if entry.service().is_some() {
            let target = context.run.target_of(entry.clone());
            target.err().map(|error| format!("{error:#}"))
        } else {
            problem_of(&entry)
        };
        Self { entry, problem }
    }
}

const PROBLEM: Column = Column::new("PROBLEM", "problem");
const COLUMNS: [Column; 7] = [
    Column::new("ENV", "env"),
    Column::new("DATABASE", "database"),
    Column::new("HOSTNAME", "hostname"),
    Column::new("PORT", "port"),
    Column::new("ACTIVE", "active"),
    Column::new("SSLMODE", "sslmode"),
    Column::new("NOTES", "notes"),
];

impl RegistryCommand {
    /// Whether the command only shows what is on record.
    pub fn only_shows(&self) -> bool {
        matches!(self, Self::List(_) | Self::Show(_))
    }

    /// Whether it lists what servers say, and changes nothing.
    pub fn only_reads(&self) -> bool {
        matches!(self, Self::Check(_))
    }

    pub fn run(self, context: &Context) -> Result<()> {
        match self {
            Self::Add(args) => args.run(context),
            Self::List(args) => list(&args, context),
            Self::Show(target) => show(&target, context),
            Self::Check(args) => check::run(&args, context),
            Self::Update(args) => args.run(context),
            Self::Enable(target) => set_active(&target, true, context),
            Self::Disable(target) => set_active(&target, false, context),
            Self::Remove(target) => remove(&target, context),
            Self::Import(args) => args.run(context),
            Self::Export(args) => args.run(context),
            Self::Discover(args) => args.run(context),
        }
    }
}

impl AddArgs {
    fn run(self, context: &Context) -> Result<()> {
        let entry = RegistryEntry {
            database: self.target.database.to_string(),
            notes: self.notes.filter(|notes| !notes.is_empty()),
            ..self.place.entry(&self.target.env, context)?
        };
        let status = add_entry(&context.run, &entry)?;
        let entry = context.run.entry(&self.target.env, &self.target.database)?;
        let shown = Shown::new(entry, context);
        context.ui.show_record(&Added { shown, status })
    }
}

impl UpdateArgs {
    fn run(self, context: &Context) -> Result<()> {
        let changes = EntryChanges {
            hostname: place(self.hostname.as_ref(), self.service.as_ref()),
            port: self.port,
            require_auth: self.require_auth,
            direct: self.direct,
            admin_user: self.admin_user,
            trust_new_server: self.trust_new_server,
            notes: self.notes,
            ..self.tls.changes()?
        };
        if changes.is_empty() {
            return Err(Failure::usage("nothing to update")
                .hint("name what to change: --hostname, --service, --port, --require-auth, --direct, --admin-user, --trust-new-server, --notes, or one of the TLS options")
                .into());
        }
        context.run.settings.check_environment(&self.target.env)?;
        if let Some(what) = leads_elsewhere(&changes) {
            let TargetArgs { env, database } = &self.target;
            let found = context.run.entry(env, database)?;
            let what = format!(
                "change {what} of the registry entry {env}/{database} ({})",
                found.hostname
            );
            confirm_in(context, env, &what)?;
        }
        update_entry(&context.run, name(&self.target), &changes)?;
        show(&self.target, context)
    }
}

/// Which of the changes affect which server gets the admin credential, and how; `None` if none does.
fn leads_elsewhere(changes: &EntryChanges) -> Option<String> {
    let EntryChanges {
        hostname,
        port,
        sslmode,
        sslrootcert,
        sslcert,
        sslkey,
        sslnegotiation,
        channel_binding,
        require_auth,
        direct,
        admin_user,
        trust_new_server,
        notes: _,
    } = changes;
    let all = [
        (hostname.is_some(), "the host"),
        (port.is_some(), "the port"),
        (sslmode.is_some(), "sslmode"),
        (sslrootcert.is_some(), "sslrootcert"),
        (sslcert.is_some(), "sslcert"),
        (sslkey.is_some(), "sslkey"),
        (sslnegotiation.is_some(), "sslnegotiation"),
        (channel_binding.is_some(), "channel_binding"),
        (require_auth.is_some(), "require_auth"),
        (direct.is_some(), "whether it is the server itself"),
        (admin_user.is_some(), "the admin credential"),
        (*trust_new_server, "the trusted cluster"),
    ];
    let named = all.into_iter().filter(|(is_given, _)| *is_given);
    let named: Vec<_> = named.map(|(_, what)| what).collect();
    (!named.is_empty()).then(|| named.join(", "))
}

fn list(args: &FleetListArgs, context: &Context) -> Result<()> {
    let context = &args.arrange.on(context);
    let entries = list_entries(&context.run, &args.selection.selection())?;
    let entries = entries.into_iter().map(|entry| Shown::new(entry, context));
    let entries: Vec<_> = entries.collect();
    let mut columns = COLUMNS.to_vec();
    if entries.iter().any(|entry| entry.problem.is_some()) {
        columns.push(PROBLEM);
    }
    context.ui.show_rows(&entries, &columns)?;
    if entries.is_empty() {
        context
            .ui
            .note("no targets; to add one: pgrole registry add -e ENV -d DATABASE -H HOST");
    }
    Ok(())
}

fn show(target: &TargetArgs, context: &Context) -> Result<()> {
    let entry = context.run.entry(&target.env, &target.database)?;
    context.ui.show_record(&Shown::new(entry, context))
}

fn set_active(target: &TargetArgs, active: bool, context: &Context) -> Result<()> {
    entries::set_active(&context.run, name(target), active)?;
    show(target, context)
}

fn remove(target: &TargetArgs, context: &Context) -> Result<()> {
    let entry = context.run.entry(&target.env, &target.database)?;
    // An invalid entry must be removable too: it has no server to ask about.
    if let Ok(valid) = context.run.target_of(entry.clone()) {
        confirm(context, &valid, "remove the registry entry")?;
    }
    remove_entry(&context.run, name(target))?;
    context.ui.show_record(&entry)?;
    context
        .ui
        .note("removed from the registry; nothing was changed on its server");
    Ok(())
}

fn name(target: &TargetArgs) -> EntryName<'_> {
    EntryName {
        env: &target.env,
        database: &target.database,
    }
}
