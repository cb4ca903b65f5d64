//! A rehearsal as a person reads it: what the server said of each statement, and what would result.

use anyhow::Result;

use crate::commands::global::Context;
use crate::domain::act::rehearsal::{Answer, Rehearsal, RehearsedStatement, RoleRights, Verdict};
use crate::output::{Column, Ui};

const COLUMNS: [Column; 4] = [
    Column::new("ANSWER", "answer"),
    Column::new("STATEMENT", "statement"),
    Column::new("SQLSTATE", "sqlstate"),
    Column::new("MESSAGE", "message"),
];

/// Prints it as a table and the facts below.
pub fn show_rehearsal(rehearsal: &Rehearsal, context: &Context) -> Result<()> {
    let statements = rehearsal.statements.iter();
    let statements: Vec<_> = statements.filter(|it| !is_quiet_check(it)).collect();
    context.ui.show_rows(&statements, &COLUMNS)?;
    Ui::show_facts(&facts(rehearsal))
}

/// A check of our own tells a person something where it fails.
fn is_quiet_check(statement: &RehearsedStatement) -> bool {
    let is_quiet = matches!(statement.answer, Answer::Accepted | Answer::NotReached);
    is_quiet && statement.statement.starts_with("SELECT ")
}

fn facts(rehearsal: &Rehearsal) -> Vec<(&'static str, Vec<String>)> {
    let verdict = match rehearsal.verdict {
        Verdict::Accepted => "every statement was accepted",
        Verdict::Refused => "a statement was refused",
        Verdict::Unknown => "unknown: others were at work on the same roles or objects",
    };
    let status = rehearsal.transaction_status.as_deref().unwrap_or("unknown");
    let transaction = rehearsal.transaction.as_deref().unwrap_or("unknown");
    let mut facts = vec![
        ("verdict", vec![verdict.to_owned()]),
        (
            "rehearsed",
            vec![format!(
                "{} as \"{}\", transaction {transaction}: {status}",
                rehearsal.rehearsed_at, rehearsal.admin_user
            )],
        ),
    ];
    for rights in rehearsal.rights.iter().flatten() {
        facts.push(("would be", rights_of(rights)));
    }
    if !rehearsal.event_triggers.is_empty() {
        let triggers = rehearsal.event_triggers.join(", ");
        facts.push(("triggers", vec![format!("allowed to run: {triggers}")]));
    }
    facts.push(("left out", vec![rehearsal.not_rehearsed.join("; ")]));
    facts
}

fn rights_of(rights: &RoleRights) -> Vec<String> {
    let attributes = [
        (rights.login, "LOGIN"),
        (!rights.login, "NOLOGIN"),
        (rights.superuser, "SUPERUSER"),
        (!rights.inherit, "NOINHERIT"),
        (rights.createdb, "CREATEDB"),
        (rights.createrole, "CREATEROLE"),
        (rights.replication, "REPLICATION"),
        (rights.bypassrls, "BYPASSRLS"),
    ];
    let held = attributes.iter().filter(|(is_held, _)| *is_held);
    let mut attributes: Vec<_> = held.map(|(_, name)| (*name).to_owned()).collect();
    if let Some(limit) = rights.connection_limit {
        attributes.push(format!("CONNECTION LIMIT {limit}"));
    }
    if let Some(end) = &rights.valid_until {
        attributes.push(format!("VALID UNTIL '{end}'"));
    }
    let mut lines = vec![format!("\"{}\" {}", rights.role, attributes.join(" "))];
    if !rights.member_of.is_empty() {
        let groups = rights.member_of.iter();
        let groups: Vec<_> = groups.map(|it| format!("\"{}\"", it.group)).collect();
        lines.push(format!("member of {}", groups.join(", ")));
    }
    if rights.connect {
        lines.push("CONNECT on the database".to_owned());
    }
    for (privilege, schemas) in [("USAGE", &rights.usage), ("CREATE", &rights.create)] {
        if !schemas.is_empty() {
            lines.push(format!("{privilege} in {}", schemas.join(", ")));
        }
    }
    lines.extend(rights.settings.iter().cloned());
    lines
}
