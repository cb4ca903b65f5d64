//! What stands out, by kind, the worst first.

use crate::domain::fleet_report::summary::{FindingGroup, FoundLogin};
use crate::operations::report::access::AccessReport;
use crate::output::access_page::markup::escaped;

/// How many logins of a finding are named, and how many targets of each.
const MOST_LOGINS: usize = 40;
const MOST_TARGETS: usize = 6;

pub fn draw(report: &AccessReport) -> String {
    let groups = &report.summary.findings;
    if groups.is_empty() {
        return "<h2>Findings</h2><p>None.</p>".to_owned();
    }
    let rows: String = groups.iter().map(row).collect();
    format!(
        "<h2>Findings</h2><table class=\"find\"><thead><tr><th scope=\"col\">severity</th><th scope=\"col\">what</th>\
         <th scope=\"col\" class=\"n\">logins</th><th scope=\"col\">which</th><th scope=\"col\">what to do</th>\
         <th scope=\"col\">asked for by</th></tr></thead><tbody>{rows}</tbody></table>"
    )
}

fn row(group: &FindingGroup) -> String {
    let severity = group.severity.as_str();
    let mut which: Vec<_> = group.which.iter().take(MOST_LOGINS).map(login).collect();
    if let Some(more @ 1..) = group.which.len().checked_sub(MOST_LOGINS) {
        which.push(format!("{more} more"));
    }
    let command = group
        .command
        .as_deref()
        .map(|command| format!(": <code>{}</code>", escaped(command)));
    format!(
        "<tr><td><span class=\"sev {severity}\">{severity}</span></td><td>{}</td><td class=\"n\">{}</td><td>{}</td>\
         <td>{}{}</td><td class=\"rule\">{}</td></tr>",
        escaped(&group.title),
        group.logins,
        which.join(", "),
        escaped(&group.remedy),
        command.unwrap_or_default(),
        group.rule.unwrap_or("–")
    )
}

fn login(found: &FoundLogin) -> String {
    let targets: Vec<_> = found.targets.iter().map(|target| escaped(target)).collect();
    let targets = super::markup::some(&targets, MOST_TARGETS);
    format!("<b>{}</b> <i>{targets}</i>", escaped(&found.login))
}
