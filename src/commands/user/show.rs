//! `user show`: all about one role. One cluster is shown in sections, several as a row each.

use anyhow::Result;
use clap::Args;

use crate::commands::arrange::ArrangeArgs;
use crate::commands::global::Context;
use crate::commands::outcome::outcome_of_groups;
use crate::commands::selection::{FleetArgs, NameArgs};
use crate::commands::user::no_role::hint_for_no_role;
use crate::domain::command_line::pasteable;
use crate::domain::failure::Failure;
use crate::domain::role::footprint::{
    DependencyKind, Membership, SchemaFootprint, SessionGroup, SettingGroup,
};
use crate::operations::user::show::{DatabaseAccess, RoleObjects, RoleOverview, show_user};
use crate::output::{Column, Format, Section, Ui};

#[derive(Debug, Args)]
pub struct ShowArgs {
    #[command(flatten)]
    name: NameArgs,

    #[command(flatten)]
    selection: FleetArgs,

    /// How many names of each kind of object to show; more are counted
    #[arg(long, value_name = "COUNT", default_value = "20", value_parser = clap::value_parser!(u16).range(1..=1000))]
    names: u16,

    #[command(flatten)]
    arrange: ArrangeArgs,
}

const COLUMNS: [Column; 9] = [
    Column::new("DATABASES", "databases"),
    Column::new("HOSTNAME", "hostname"),
    Column::new("PROFILE", "profile"),
    Column::new("LOGIN", "login"),
    Column::new("LIMIT", "connection_limit"),
    Column::new("VALID UNTIL", "valid_until"),
    Column::new("PASSWORD DAYS", "password_age_days"),
    Column::new("OWNS", "owned"),
    Column::new("SESSIONS", "session_count"),
];
/// How many sessions, settings or schemas are told apart for a person.
const MOST_LINES: usize = 40;

/// A row for people, whose counts stand for lists.
#[derive(serde::Serialize)]
struct OverviewRow<'a> {
    #[serde(flatten)]
    overview: &'a RoleOverview,
    owned: u64,
    session_count: u64,
}

impl ShowArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        let context = &self.arrange.on(context);
        let role = self.name.role()?;
        let fleet = self.selection.fleet(context)?;
        let asked = fleet.asked();
        let (targets, mut failed) = fleet.split();
        let mut silent = failed.len();
        let mut overviews = Vec::new();
        let mut nearest = None;
        if !targets.is_empty() {
            let shown = show_user(&context.run, &targets, &role, self.names)?;
            failed.extend(shown.failed);
            silent += shown.silent;
            overviews = shown.overviews;
            nearest = shown.nearest;
        }
        show(&overviews, self.selection.is_one_target(), context)?;
        let is_found = !overviews.is_empty();
        outcome_of_groups((failed, silent), asked, "targets", context)?;
        if is_found {
            return Ok(());
        }
        let place = match targets.as_slice() {
            [only] => only.name(),
            many => format!("any of {} targets", many.len()),
        };
        Err(Failure::not_found(format!("no role \"{role}\" on {place}"))
            .sqlstate("42704")
            .hint(hint_for_no_role(
                context,
                &role,
                nearest,
                "pgrole user show {}",
            ))
            .into())
    }
}

fn show(overviews: &[RoleOverview], is_one: bool, context: &Context) -> Result<()> {
    let ui = &context.ui;
    match (overviews, ui.format) {
        ([], Format::Table) => Ok(()),
        ([only], Format::Table) if !ui.is_arranged() => {
            Ui::show_sections(&title(only), &sections(only, ui))
        }
        ([only], Format::Json) if is_one => ui.show_record(only),
        ([], Format::Json) if is_one => Ok(()),
        (several, Format::Table) => {
            let rows = several.iter().map(|overview| OverviewRow {
                overview,
                owned: owned(&overview.objects),
                session_count: overview.sessions.iter().map(|group| group.count).sum(),
            });
            let rows: Vec<_> = rows.collect();
            ui.show_rows(&rows, &COLUMNS)?;
            ui.note("for all about one: add -e ENV -d DATABASE");
            Ok(())
        }
        (several, _) => ui.show_rows(several, &COLUMNS),
    }
}

fn owned(objects: &[RoleObjects]) -> u64 {
    let owned = objects.iter();
    let owned = owned.filter(|group| group.kind == DependencyKind::Owner);
    owned.map(|group| group.total).sum()
}

fn title(role: &RoleOverview) -> String {
    format!(
        "\"{}\" on {} ({}:{})",
        role.username,
        role.databases.join(", "),
        role.hostname,
        role.port
    )
}

fn sections(role: &RoleOverview, ui: &Ui) -> Vec<Section> {
    let mut sections = vec![
        Section::new("attributes", vec![attributes(role, ui)]),
        Section::new("profile", profile(role)),
        Section::new("password", password(role, ui)),
        Section::new("dual logins", dual(role, ui)),
        Section::new("delivery", role.deliver.clone().into_iter().collect()),
        Section::new("last change", last_change(role, ui)),
        Section::new(
            "member of",
            role.member_of
                .iter()
                .map(|one| membership(one, ui))
                .collect(),
        ),
        Section::new("members", members(role)),
    ];
    for access in &role.access {
        sections.push(Section::new("access", access_lines(access)));
    }
    sections.extend([
        Section::new("objects", role.objects.iter().map(objects).collect()),
        Section::new("elsewhere", elsewhere(role)),
        Section::new("settings", settings(&role.settings)),
        Section::new("sessions", sessions(role, ui)),
    ]);
    sections
}

fn attributes(role: &RoleOverview, ui: &Ui) -> String {
    let mut words = vec![if role.login { "LOGIN" } else { "NOLOGIN" }.to_owned()];
    for (holds, word) in [
        (role.superuser, "SUPERUSER"),
        (role.createdb, "CREATEDB"),
        (role.createrole, "CREATEROLE"),
        (role.replication, "REPLICATION"),
        (role.bypassrls, "BYPASSRLS"),
        (!role.inherit, "NOINHERIT"),
    ] {
        if holds {
            words.push(word.to_owned());
        }
    }
    words.push(match role.connection_limit {
        Some(limit) => format!("connection limit {limit}"),
        None => "no connection limit".to_owned(),
    });
    words.push(match (&role.valid_until, role.expired) {
        (Some(until), true) => format!("expired on {}", ui.time_text(until)),
        (Some(until), false) => format!("valid until {}", ui.time_text(until)),
        (None, true) => "expired".to_owned(),
        (None, false) => "no expiry".to_owned(),
    });
    words.join(", ")
}

fn dual(role: &RoleOverview, ui: &Ui) -> Vec<String> {
    let Some(dual) = &role.dual else {
        return Vec::new();
    };
    let mut lines = Vec::new();
    lines.push(match &dual.current {
        Some(current) => format!("{current}, which the application uses"),
        None => "none is delivered yet".to_owned(),
    });
    if let Some(incoming) = &dual.incoming {
        lines.push(format!("{incoming}, whose password is not delivered yet"));
    }
    if let (Some(outgoing), Some(retire_at)) = (&dual.outgoing, &dual.retire_at) {
        lines.push(format!(
            "{outgoing}, valid until {}",
            ui.time_text(retire_at)
        ));
    }
    lines
}

fn profile(role: &RoleOverview) -> Vec<String> {
    let Some(profile) = &role.profile else {
        return vec!["none: pgrole did not create it".to_owned()];
    };
    let differs = match &role.differs {
        None => return vec![format!("{profile}, which is not configured here")],
        Some(differs) if differs.is_empty() => return vec![format!("{profile}, as configured")],
        Some(differs) => differs,
    };
    let lines = differs.iter().map(|difference| {
        format!(
            "{} is {}, not {}",
            difference.what, difference.found, difference.wanted
        )
    });
    std::iter::once(format!("{profile}, but:"))
        .chain(lines)
        .collect()
}

fn password(role: &RoleOverview, ui: &Ui) -> Vec<String> {
    let kind = match (role.verifier.kind.as_str(), role.verifier.iterations) {
        ("unknown", _) => "hash unknown: this login may not read it".to_owned(),
        ("none", _) => "none".to_owned(),
        (kind, Some(iterations)) => format!("{kind}, {iterations} iterations"),
        (kind, None) => kind.to_owned(),
    };
    let age = match &role.password_changed_at {
        Some(at) => format!("changed on {}", ui.time_text(at)),
        None => "age unknown: pgrole did not set it".to_owned(),
    };
    vec![format!("{kind}; {age}")]
}

fn last_change(role: &RoleOverview, ui: &Ui) -> Vec<String> {
    let lines = role.last_change.iter().map(|change| {
        let reason = change.reason.as_ref();
        let reason = reason.map_or(String::new(), |reason| format!(": {reason}"));
        format!(
            "{} on {} by {}{reason} ({})",
            change.status,
            ui.time_text(&change.performed_at),
            change.operator,
            pasteable("pgrole audit show {}", &[&change.id])
        )
    });
    lines.collect()
}

fn membership(membership: &Membership, ui: &Ui) -> String {
    let mut words = Vec::new();
    let end = membership.ends_at.as_ref();
    let end = end.map(|end| format!("until {}", ui.time_text(end)));
    words.extend(end.as_deref());
    if !membership.direct {
        words.push("through another group");
    }
    if membership.admin {
        words.push("may grant it (ADMIN)");
    }
    if !membership.inherit {
        words.push("without its rights (INHERIT FALSE)");
    }
    if !membership.set {
        words.push("no SET ROLE");
    }
    if words.is_empty() {
        return membership.role.clone();
    }
    format!("{}: {}", membership.role, words.join(", "))
}

fn members(role: &RoleOverview) -> Vec<String> {
    let named = role.members.names.clone().unwrap_or_default();
    if role.members.count == 0 {
        return Vec::new();
    }
    vec![format!("{}: {}", role.members.count, named.join(", "))]
}

fn access_lines(access: &DatabaseAccess) -> Vec<String> {
    let mut words = vec![format!("level {}", access.level.as_str())];
    for (has, word) in [
        (access.connect, "CONNECT"),
        (access.create, "CREATE"),
        (access.temporary, "TEMPORARY"),
    ] {
        if has {
            words.push(word.to_owned());
        }
    }
    let first = format!("{}: {}", access.database, words.join(", "));
    let schemas = access.schemas.iter().filter(|schema| has_any(schema));
    let lines = limited(schemas.map(schema_line).collect(), "schemas");
    std::iter::once(first).chain(lines).collect()
}

fn has_any(schema: &SchemaFootprint) -> bool {
    schema.usage || schema.create || schema.by.is_some()
}

fn schema_line(schema: &SchemaFootprint) -> String {
    let mut words = Vec::new();
    for (has, word) in [(schema.usage, "USAGE"), (schema.create, "CREATE")] {
        if has {
            words.push(word.to_owned());
        }
    }
    if let Some(tables) = schema.tables {
        let count = |count: Option<u64>| count.unwrap_or(0);
        words.push(format!(
            "{} of {tables} tables readable, {} writable",
            count(schema.readable),
            count(schema.writable)
        ));
        if count(schema.under_rls) > 0 {
            words.push(format!(
                "{} under row-level security",
                count(schema.under_rls)
            ));
        }
    }
    let through = schema.by.iter().flatten().map(|by| by.grantee.as_str());
    let through: Vec<_> = through.collect();
    let through = if through.is_empty() {
        String::new()
    } else {
        format!(", through {}", through.join(", "))
    };
    format!("  {}: {}{through}", schema.name, words.join(", "))
}

fn objects(group: &RoleObjects) -> String {
    let database = group.database.as_deref().unwrap_or("the cluster");
    let how = match group.kind {
        DependencyKind::Owner => "owns",
        DependencyKind::Privileges => "named in privileges on",
        DependencyKind::Policy => "named in policies:",
        DependencyKind::InitialPrivileges => "named in initial privileges on",
        DependencyKind::Tablespace => "tablespace of",
        DependencyKind::Other => "depends on",
    };
    let shown = group.names.len();
    let more = usize::try_from(group.total).unwrap_or(usize::MAX);
    let more = match more.saturating_sub(shown) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let extensions = match group.of_extensions {
        0 => String::new(),
        count => format!(" ({count} of extensions)"),
    };
    format!(
        "{database}: {how} {} {}{extensions}: {}{more}",
        group.total,
        noun_of(group),
        group.names.join(", ")
    )
}

/// What the objects of a catalog are called.
fn noun_of(group: &RoleObjects) -> String {
    let (one, many) = match group.catalog.trim_start_matches("pg_catalog.") {
        "pg_class" => ("relation", "relations"),
        "pg_namespace" => ("schema", "schemas"),
        "pg_proc" => ("routine", "routines"),
        "pg_type" => ("type", "types"),
        "pg_database" => ("database", "databases"),
        "pg_tablespace" => ("tablespace", "tablespaces"),
        "pg_default_acl" => ("default privilege", "default privileges"),
        "pg_largeobject" => ("large object", "large objects"),
        "pg_extension" => ("extension", "extensions"),
        "pg_policy" => ("policy", "policies"),
        "pg_user_mapping" => ("user mapping", "user mappings"),
        "pg_foreign_server" => ("foreign server", "foreign servers"),
        "pg_publication" => ("publication", "publications"),
        "pg_subscription" => ("subscription", "subscriptions"),
        other => return format!("in {other}"),
    };
    if group.total == 1 { one } else { many }.to_owned()
}

fn elsewhere(role: &RoleOverview) -> Vec<String> {
    let lines = role.elsewhere.iter().map(|database| {
        let list = database.dependencies.iter().flatten();
        let count: u64 = list.map(|entry| entry.count).sum();
        format!(
            "{}: {count} dependencies{}",
            database.name,
            if database.owner { ", owns it" } else { "" }
        )
    });
    lines.collect()
}

fn settings(groups: &[SettingGroup]) -> Vec<String> {
    let lines = groups.iter().filter(|group| group.role).flat_map(|group| {
        let database = group.database.as_ref();
        let place = database.map_or(String::new(), |name| format!(" in {name}"));
        let lines = group.config.iter();
        lines.map(move |setting| format!("{setting}{place}"))
    });
    limited(lines.collect(), "settings")
}

fn sessions(role: &RoleOverview, ui: &Ui) -> Vec<String> {
    let mut lines: Vec<_> = role.sessions.iter().map(session).collect();
    if role.sessions_that_may_set_role > 0 {
        lines.push(format!(
            "{} sessions of its members, which may SET ROLE to it",
            role.sessions_that_may_set_role
        ));
    }
    for prepared in &role.prepared {
        lines.push(format!(
            "prepared transaction {} in {}, since {}",
            prepared.gid,
            prepared.database,
            ui.time_text(&prepared.prepared)
        ));
    }
    if lines.is_empty() {
        lines.push("none".to_owned());
    }
    lines
}

fn session(group: &SessionGroup) -> String {
    let unknown = || "unknown".to_owned();
    let state = group.state.clone().unwrap_or_else(unknown);
    let database = group.database.clone().unwrap_or_else(unknown);
    let application = group.application_name.as_deref().unwrap_or_default();
    let application = match application {
        "" => String::new(),
        name => format!(", {name}"),
    };
    format!("{} in {database}: {state}{application}", group.count)
}

/// At most so many lines, and how many more there are.
fn limited(mut lines: Vec<String>, noun: &str) -> Vec<String> {
    let more = lines.len().saturating_sub(MOST_LINES);
    if more > 0 {
        lines.truncate(MOST_LINES);
        lines.push(format!("  and {more} more {noun}"));
    }
    lines
}
