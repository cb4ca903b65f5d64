//! Logins beside targets: what each can do there, as measured. A sheet of paper has room for some targets only, so there is
//! a table for each few of them, with the logins that are there.

use std::collections::BTreeMap;

use crate::domain::fleet_report::level::MeasuredLevel;
use crate::domain::fleet_report::row::LoginAccess;
use crate::domain::timestamp::{Span, Timestamp};
use crate::operations::report::access::{AccessReport, ReportedServer};
use crate::output::access_page::markup::{escaped, some};

/// How many targets a table has.
const MOST_TARGETS: usize = 7;
/// How many ways to its rights are named.
const MOST_WAYS: usize = 4;

const LEGEND: &str = "<p class=\"legend\"><span class=\"k l-none\">–</span> may connect, reads nothing \
<span class=\"k l-readonly\">R</span> reads <span class=\"k l-readwrite\">RW</span> reads and writes \
<span class=\"k l-ddl\">DDL</span> and creates objects <span class=\"k l-readonly\">R+C</span> reads, may create objects \
<span class=\"k l-owner\">OWNER</span> rights of the database's owner <span class=\"k l-superuser\">SUPER</span> everything \
<span class=\"k l-superuser calm\">SUPER</span> the cluster's own <sup>!</sup> more than its profile, or a direct grant \
<sup class=\"o\">○</sup> CREATEROLE before PostgreSQL 16: may give itself any right but superuser \
<span class=\"k l-readwrite off\">RW</span> expired or locked · \
newest use: the newest session that pgrole saw, or the server's log where it was given; PostgreSQL itself keeps none</p>";

pub fn draw(report: &AccessReport) -> String {
    let made = Timestamp::parse(&report.summary.made_at);
    let mut by_target: BTreeMap<(&str, &str), BTreeMap<&str, &LoginAccess>> = BTreeMap::new();
    for row in &report.rows {
        by_target
            .entry((&row.env, &row.database))
            .or_default()
            .insert(&row.login, row);
    }
    let tables: String = report
        .servers
        .chunks(MOST_TARGETS)
        .map(|servers| table(servers, &by_target, made))
        .collect();
    format!(
        "<h2>Login × target <small>effective right on user tables, whatever gives it</small></h2>{tables}{LEGEND}"
    )
}

fn table(
    servers: &[ReportedServer],
    by_target: &BTreeMap<(&str, &str), BTreeMap<&str, &LoginAccess>>,
    made: Option<Timestamp>,
) -> String {
    let mut here: BTreeMap<&str, Vec<Option<&LoginAccess>>> = BTreeMap::new();
    for (place, server) in servers.iter().enumerate() {
        let logins = by_target.get(&(server.env.as_str(), server.database.as_str()));
        for (login, row) in logins.into_iter().flatten() {
            let cells = here
                .entry(login)
                .or_insert_with(|| vec![None; servers.len()]);
            if let Some(cell) = cells.get_mut(place) {
                *cell = Some(*row).filter(|row| is_there(row));
            }
        }
    }
    let mut rows: Vec<_> = here
        .into_iter()
        .filter(|(_, cells)| cells.iter().any(Option::is_some))
        .collect();
    rows.sort_by_key(|(login, cells)| {
        let highest = cells.iter().flatten().map(|row| row.level).max();
        (std::cmp::Reverse(highest), *login)
    });
    let heads: String = servers
        .iter()
        .map(|server| {
            let class = if server.is_protected {
                "t guarded"
            } else {
                "t"
            };
            format!(
                "<th scope=\"col\" class=\"{class}\">{}<br><i>{}</i></th>",
                escaped(&server.env),
                escaped(&server.database)
            )
        })
        .collect();
    let rows: String = rows
        .into_iter()
        .map(|(login, cells)| line(login, &cells, made))
        .collect();
    format!(
        "<table class=\"matrix\"><thead><tr><th scope=\"col\" class=\"who\">login</th><th scope=\"col\" class=\"pro\">profile</th>{heads}\
         <th scope=\"col\" class=\"via\">by, and attributes</th><th scope=\"col\" class=\"seen\">newest use</th></tr></thead><tbody>{rows}</tbody></table>"
    )
}

/// A login of the cluster that may not even connect to the database has nothing to do with it.
fn is_there(row: &LoginAccess) -> bool {
    row.connect || row.level > MeasuredLevel::None
}

fn line(login: &str, cells: &[Option<&LoginAccess>], made: Option<Timestamp>) -> String {
    let known: Vec<_> = cells.iter().flatten().copied().collect();
    let mut profiles: Vec<_> = known.iter().map(|row| profile(row)).collect();
    profiles.sort();
    profiles.dedup();
    let drawn: String = cells
        .iter()
        .map(|cell| cell.map_or_else(|| "<td class=\"c\"></td>".to_owned(), drawn))
        .collect();
    format!(
        "<tr><td><b>{}</b></td><td>{}</td>{drawn}<td class=\"via\">{}</td><td>{}</td></tr>",
        escaped(login),
        profiles.join(", "),
        via(&known),
        newest_use(&known, made)
    )
}

fn profile(row: &LoginAccess) -> String {
    match &row.profile {
        _ if row.is_bootstrap => "cluster owner".to_owned(),
        Some(profile) => escaped(profile),
        None if row.is_ours => "none".to_owned(),
        None => "<span class=\"unk\">not ours</span>".to_owned(),
    }
}

fn drawn(row: &LoginAccess) -> String {
    let calm = if row.is_bootstrap { " calm" } else { "" };
    let off = if row.status == "active" { "" } else { " off" };
    let beyond = row.above_profile == Some(true)
        || row
            .findings
            .iter()
            .any(|kind| kind.as_str() == "direct-grants");
    let mark = if beyond { "<sup>!</sup>" } else { "" };
    let is_one = row.gives_itself && row.level < MeasuredLevel::Superuser;
    let itself = if is_one {
        "<sup class=\"o\">○</sup>"
    } else {
        ""
    };
    format!(
        "<td class=\"c l-{}{calm}\"><span class=\"{}\">{}</span>{mark}{itself}</td>",
        row.level,
        off.trim_start(),
        row.short_level()
    )
}

fn via(rows: &[&LoginAccess]) -> String {
    let mut ways: Vec<String> = Vec::new();
    let mut add = |way: String| {
        if !ways.contains(&way) {
            ways.push(way);
        }
    };
    for row in rows {
        for attribute in &row.attributes {
            add((*attribute).to_owned());
        }
        for role in &row.predefined_roles {
            add(escaped(role));
        }
        for way in row
            .level_by
            .iter()
            .filter(|way| !["superuser", "PUBLIC"].contains(&way.as_str()))
        {
            add(escaped(way));
        }
    }
    some(&ways, MOST_WAYS)
}

fn newest_use(rows: &[&LoginAccess], made: Option<Timestamp>) -> String {
    let newest = rows.iter().filter_map(|row| row.last_seen.as_deref()).max();
    let newest = newest.and_then(Timestamp::parse);
    match (newest, made) {
        (Some(at), Some(made)) if made.since(at).duration() < Span::seconds(60).duration() => {
            "now".to_owned()
        }
        (Some(at), Some(made)) => made.since(at).rounded(),
        _ => "<span class=\"unk\">unknown</span>".to_owned(),
    }
}
