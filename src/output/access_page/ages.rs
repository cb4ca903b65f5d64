//! How old the passwords are, as bars; in protected environments, or everywhere if none is.

use std::collections::BTreeSet;

use crate::domain::fleet_report::row::LoginAccess;
use crate::operations::report::access::AccessReport;
use crate::output::access_page::markup::{day, escaped};

/// The width of a whole bar, which is twice the allowed age.
const WIDTH: f64 = 170.0;

pub fn draw(report: &AccessReport) -> String {
    let guarded: BTreeSet<_> = report
        .servers
        .iter()
        .filter(|server| server.is_protected)
        .map(|server| server.env.as_str())
        .collect();
    let mut seen = BTreeSet::new();
    let is_shown = |row: &&LoginAccess| guarded.is_empty() || guarded.contains(row.env.as_str());
    let mut rows: Vec<_> = report
        .rows
        .iter()
        .filter(is_shown)
        .filter(|row| seen.insert(row.identity()))
        .collect();
    // Those of unknown age before all, then the oldest.
    rows.sort_by_key(|row| {
        let age = row.password_age_days;
        (age.is_some(), std::cmp::Reverse(age), row.login.clone())
    });
    let limit = report.periods.password_age;
    let lines: String = rows.into_iter().map(|row| line(row, limit)).collect();
    let where_to = if guarded.is_empty() {
        ""
    } else {
        " in protected environments"
    };
    format!(
        "<h2>Password age{where_to} <small>dashed line: {limit} days; hatched: never changed by pgrole, so not known</small></h2>\
         <table class=\"age\"><thead><tr><th scope=\"col\">login</th><th scope=\"col\">database</th><th scope=\"col\">age</th>\
         <th scope=\"col\">password</th><th scope=\"col\">ends</th><th scope=\"col\" class=\"n\">limit</th><th scope=\"col\">last change</th></tr></thead>\
         <tbody>{lines}</tbody></table>"
    )
}

fn line(row: &LoginAccess, limit: u64) -> String {
    let kind = match row.verifier.as_str() {
        "md5" => "<span class=\"over\">md5</span>".to_owned(),
        "unreadable" => "<span class=\"unk\">unknown</span>".to_owned(),
        other => escaped(&other.replace("scram-", "SCRAM ")),
    };
    let end = match (&row.valid_until, row.days_left) {
        (Some(until), Some(left)) if left < 0 => {
            format!("<span class=\"over\">{}, over</span>", day(until))
        }
        (Some(until), Some(left)) => format!("{}, in {left} d", day(until)),
        (Some(until), None) => day(until),
        (None, _) => "–".to_owned(),
    };
    let change = match (&row.password_changed_at, row.last_rotation_event) {
        (Some(at), Some(event)) => format!("{}, event {event}", day(at)),
        (Some(at), None) => day(at),
        (None, _) => "–".to_owned(),
    };
    let limit_text = row.connection_limit.map(|limit| limit.to_string());
    format!(
        "<tr><td><b>{}</b></td><td><i>{}</i></td><td>{}</td><td class=\"mid\">{kind}</td><td class=\"mid\">{end}</td><td class=\"n\">{}</td><td class=\"mid\">{change}</td></tr>",
        escaped(&row.login),
        escaped(&row.target()),
        bar(row, limit),
        limit_text.unwrap_or_else(|| "none".to_owned()),
    )
}

fn bar(row: &LoginAccess, limit: u64) -> String {
    const OPEN: &str = "<svg width=\"256\" height=\"13\" role=\"img\"";
    let Some(age) = row.password_age_days else {
        let (text, fill) = if row.verifier == "none" {
            ("no password", "#fff")
        } else {
            ("unknown", "url(#h)")
        };
        return format!(
            "{OPEN} aria-label=\"{text}\"><rect x=\"0.5\" y=\"2\" width=\"{WIDTH}\" height=\"9\" fill=\"{fill}\" stroke=\"#999\" stroke-width=\".5\"/>\
             <text x=\"176\" y=\"11\">{text}</text></svg>"
        );
    };
    let color = match age {
        _ if age > limit => "#b3261e",
        _ if age.saturating_mul(10) > limit.saturating_mul(9) => "#855000",
        _ => "#2e6b3a",
    };
    #[allow(clippy::cast_precision_loss, reason = "a bar has some hundred points")]
    let width = (age as f64 / (2 * limit.max(1)) as f64).min(1.0) * WIDTH;
    let middle = WIDTH / 2.0;
    format!(
        "{OPEN} aria-label=\"{age} days\"><rect x=\"0\" y=\"2\" width=\"{WIDTH}\" height=\"9\" fill=\"#eceff1\"/>\
         <rect x=\"0\" y=\"2\" width=\"{width:.1}\" height=\"9\" fill=\"{color}\"/>\
         <line x1=\"{middle}\" x2=\"{middle}\" y1=\"0\" y2=\"13\" stroke=\"#222\" stroke-dasharray=\"2 1.5\" stroke-width=\"1\"/>\
         <text x=\"176\" y=\"11\">{age} d</text></svg>"
    )
}
