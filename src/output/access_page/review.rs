//! Every login, to be decided on and signed: what has findings first. Nothing is decided by default.

use std::collections::BTreeMap;

use crate::domain::fleet_report::finding::FindingKind;
use crate::domain::fleet_report::review::Decision;
use crate::domain::fleet_report::row::LoginAccess;
use crate::operations::report::access::AccessReport;
use crate::output::access_page::markup::{day, escaped, some};

/// How many targets of a login, and how many of its findings, are named.
const MOST_TARGETS: usize = 6;
const MOST_FINDINGS: usize = 2;

const SIGNATURES: &str = "<div class=\"signs\"><div>reviewed by (not an administrator above)<span></span></div>\
<div>acknowledged by management<span></span></div><div>date<span></span></div></div>";

pub fn draw(report: &AccessReport) -> String {
    let mut logins: BTreeMap<&str, Vec<&LoginAccess>> = BTreeMap::new();
    for row in &report.rows {
        logins.entry(&row.login).or_default().push(row);
    }
    let mut logins: Vec<_> = logins
        .into_iter()
        .map(|(login, rows)| {
            let mut findings: Vec<_> = rows.iter().flat_map(|row| row.findings.clone()).collect();
            findings.sort_unstable();
            findings.dedup();
            (login, rows, findings)
        })
        .collect();
    logins.sort_by_key(|(login, _, findings)| {
        let worst = findings.first().map(|kind| kind.severity());
        (worst.is_none(), worst, *login)
    });
    let rows: String = logins
        .into_iter()
        .map(|(login, rows, findings)| line(login, &rows, &findings, report))
        .collect();
    format!(
        "<h2>Review <small>every login, findings first; nothing is decided by default · PCI DSS 7.2.4, 7.2.5.1</small></h2>\
         <table class=\"sign\"><thead><tr><th scope=\"col\">login</th><th scope=\"col\">owner</th><th scope=\"col\">targets</th><th scope=\"col\">findings</th>\
         <th scope=\"col\">keep</th><th scope=\"col\">change</th><th scope=\"col\">remove</th><th scope=\"col\">reason</th></tr></thead>\
         <tbody>{rows}</tbody></table>{SIGNATURES}"
    )
}

fn line(
    login: &str,
    rows: &[&LoginAccess],
    findings: &[FindingKind],
    report: &AccessReport,
) -> String {
    let is_there = |row: &&&LoginAccess| row.connect || row.short_level() != "–";
    let targets: Vec<_> = rows
        .iter()
        .filter(is_there)
        .map(|row| escaped(&row.target()))
        .collect();
    let titles: Vec<_> = findings
        .iter()
        .map(|kind| escaped(&kind.title(report.periods)))
        .collect();
    let worst = match findings.first() {
        Some(kind) => {
            let severity = kind.severity().as_str();
            format!(
                "<span class=\"sev {severity}\">{severity}</span> {}",
                some(&titles, MOST_FINDINGS)
            )
        }
        None => "no finding".to_owned(),
    };
    let owner = rows.iter().find_map(|row| row.owner.as_deref());
    let owner = owner.map_or(
        "<span class=\"unk\">none on record</span>".to_owned(),
        escaped,
    );
    let boxes = "<td class=\"box\">☐</td>".repeat(3);
    format!(
        "<tr><td><b>{}</b></td><td>{owner}</td><td><i>{}</i></td><td>{worst}{}</td>{boxes}<td class=\"line\"></td></tr>",
        escaped(login),
        some(&targets, MOST_TARGETS),
        last_decision(rows)
    )
}

fn last_decision(rows: &[&LoginAccess]) -> String {
    let decided = rows.iter().filter(|row| row.decision.is_some());
    let newest = decided.max_by_key(|row| row.reviewed_at.clone());
    let Some(row) = newest else {
        return String::new();
    };
    let decision = row.decision.map(Decision::as_str);
    format!(
        "<br><small>last: {} by {}, {}</small>",
        decision.unwrap_or_default(),
        escaped(row.reviewed_by.as_deref().unwrap_or_default()),
        day(row.reviewed_at.as_deref().unwrap_or_default())
    )
}
