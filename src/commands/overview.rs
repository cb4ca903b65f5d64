//! `pgrole` alone, at a terminal: where one stands, and what to do next.

use std::fmt::Write as _;

use anyhow::Result;

use crate::commands::global::Context;
use crate::credentials::Glance;
use crate::operations::overview::{EnvironmentOverview, Overview, overview};
use crate::output::Ui;

pub fn run(context: &Context) -> Result<()> {
    let found = overview(&context.run)?;
    Ui::show_facts(&facts(&found))
}

fn facts(found: &Overview) -> Vec<(&'static str, Vec<String>)> {
    let path = found.registry.display();
    let registry = if found.is_there {
        path.to_string()
    } else {
        format!("{path} (not created yet)")
    };
    let mut facts = vec![("registry", vec![registry])];
    if found.is_there {
        facts.push(("targets", vec![targets(found)]));
    }
    if !found.environments.is_empty() {
        facts.push(("login", logins(&found.environments)));
        facts.push(("passwords", vec![passwords(found)]));
        let open = match found.open_changes {
            0 => "none".to_owned(),
            count => count.to_string(),
        };
        facts.push(("open changes", vec![open]));
    }
    let widest = found.next.iter().map(|step| step.command.len()).max();
    let widest = widest.unwrap_or_default();
    let next = found.next.iter();
    let next = next.map(|step| format!("{:widest$}  {}", step.command, step.purpose));
    facts.push(("next", next.collect()));
    facts
}

fn targets(found: &Overview) -> String {
    let total: usize = found.environments.iter().map(|one| one.targets).sum();
    if total == 0 {
        return "none".to_owned();
    }
    let named = found.environments.iter().map(|one| {
        let mut text = format!("{} {}", one.env, one.targets);
        let mut remarks = Vec::new();
        if one.is_protected {
            remarks.push("protected".to_owned());
        }
        if one.disabled > 0 {
            remarks.push(format!("{} disabled", one.disabled));
        }
        if !remarks.is_empty() {
            write!(text, " ({})", remarks.join(", ")).ok();
        }
        text
    });
    let named: Vec<_> = named.collect();
    format!("{total}: {}", named.join(", "))
}

/// One line for each source, with the environments that use it.
fn logins(environments: &[EnvironmentOverview]) -> Vec<String> {
    let mut lines: Vec<(String, Vec<&str>)> = Vec::new();
    for environment in environments {
        let source = match &environment.login {
            None => continue,
            Some(Glance::Found(origin)) => origin.clone(),
            Some(Glance::AskedFor(user)) => format!("asked for (\"{user}\")"),
            Some(Glance::Nothing(_)) => "none".to_owned(),
        };
        match lines.iter_mut().find(|(known, _)| *known == source) {
            Some((_, names)) => names.push(&environment.env),
            None => lines.push((source, vec![&environment.env])),
        }
    }
    let lines = lines.into_iter();
    let lines: Vec<_> = lines
        .map(|(source, names)| format!("{source} for {}", names.join(", ")))
        .collect();
    if lines.is_empty() {
        return vec!["no target is enabled".to_owned()];
    }
    lines
}

fn passwords(found: &Overview) -> String {
    let passwords = &found.passwords;
    match (passwords.known, passwords.older_than) {
        (0, _) => "none under rotation yet".to_owned(),
        (known, None) => format!("{known} under rotation, no age limit set"),
        (known, Some(limit)) => format!(
            "{} of {known} overdue (older than {})",
            passwords.overdue,
            limit.rounded()
        ),
    }
}
