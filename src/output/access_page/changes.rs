//! What changed since the last report: what was done without pgrole before all.

use crate::domain::fleet_report::changes::Change;
use crate::operations::report::access::AccessReport;
use crate::output::access_page::markup::{day, escaped, minute};

/// How many changes are listed: the audit log has all.
const MOST: usize = 300;
const ALL: &str = "pgrole audit list --changes";

pub fn draw(report: &AccessReport) -> String {
    let summary = &report.summary;
    let Some(since) = &summary.since else {
        return "<h2>Changes</h2><p>No earlier report is on record to compare with; the next one will say what changed since this one.</p>".to_owned();
    };
    let title = format!(
        "<h2>Changes since {} <small>by pgrole, with who and why; shaded: done without pgrole</small></h2>",
        day(since)
    );
    if summary.changes.is_empty() {
        return format!("{title}<p>None.</p>");
    }
    let rows: String = summary.changes.iter().take(MOST).map(row).collect();
    let more = match summary.changes.len().saturating_sub(MOST) {
        0 => String::new(),
        more => {
            format!("<p class=\"legend\">{more} more: <code>{ALL}</code></p>")
        }
    };
    format!(
        "{title}<table class=\"chg\"><thead><tr><th scope=\"col\">when (UTC)</th><th scope=\"col\">what</th><th scope=\"col\">login</th>\
         <th scope=\"col\">target</th><th scope=\"col\">by</th><th scope=\"col\">reason</th><th scope=\"col\" class=\"n\">event</th></tr></thead>\
         <tbody>{rows}</tbody></table>{more}"
    )
}

fn row(change: &Change) -> String {
    let class = if change.outside {
        " class=\"outside\""
    } else {
        ""
    };
    let when = match (&change.at, &change.after) {
        (Some(at), _) => minute(at),
        (None, Some(after)) => format!("after {}", minute(after)),
        (None, None) => "–".to_owned(),
    };
    let or = |text: &Option<String>, missing: &str| {
        text.as_deref().map_or_else(|| missing.to_owned(), escaped)
    };
    let missing = if change.outside {
        "none on record"
    } else {
        "–"
    };
    let event = change.event.map(|event| event.to_string());
    format!(
        "<tr{class}><td class=\"mid\">{when}</td><td>{}</td><td><b>{}</b></td><td>{} <i>{}</i></td><td>{}</td><td>{}</td><td class=\"n\">{}</td></tr>",
        escaped(&change.what),
        or(&change.login, "–"),
        or(&change.env, ""),
        or(&change.database, "–"),
        or(&change.by, "unknown"),
        or(&change.reason, missing),
        event.unwrap_or_else(|| "–".to_owned())
    )
}
