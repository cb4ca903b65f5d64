//! The head of the page: who was asked and who did not answer, and the figures; and its foot: how it was measured.

use crate::domain::counted::counted;
use crate::operations::report::access::AccessReport;
use crate::output::access_page::markup::{day, escaped, minute, some};

/// How many targets are named.
const MOST_NAMED: usize = 12;

pub fn title(report: &AccessReport) -> String {
    format!(
        "Access report: {}, {}",
        counted(report.summary.coverage.answered, "target"),
        day(&report.summary.made_at)
    )
}

pub fn draw(report: &AccessReport) -> String {
    let summary = &report.summary;
    let coverage = &summary.coverage;
    let since = match &summary.since {
        Some(since) => format!("since the report of {}", day(since)),
        None => "the first report to compare with".to_owned(),
    };
    let disabled = match coverage.disabled.len() {
        0 => String::new(),
        count => format!("; {count} disabled, not asked"),
    };
    let hashes = if coverage.verifiers_read {
        "password hashes readable"
    } else {
        "password hashes not readable everywhere"
    };
    let number = summary.report.map(|number| format!("report {number} · "));
    format!(
        "<header><div><h1>Who can log in where</h1><p>PostgreSQL access report · {} UTC · {since}</p></div>\
         <dl><dt>asked</dt><dd>{} of {} targets answered, of {} registered{disabled}</dd>\
         <dt>by</dt><dd>{} · pgrole {} · as <i>{}</i> ({hashes})</dd>\
         <dt>proof</dt><dd>{}SHA-256 of the rows as CSV <code>{}</code>, also in the audit log</dd></dl></header>",
        minute(&summary.made_at),
        coverage.answered,
        coverage.asked,
        coverage.registered,
        escaped(&summary.made_by),
        env!("CARGO_PKG_VERSION"),
        escaped(&some(&coverage.admins, MOST_NAMED)),
        number.unwrap_or_default(),
        summary.sha256.get(..16).unwrap_or_default(),
    )
}

pub fn figures(report: &AccessReport) -> String {
    let figures = &report.summary.figures;
    let targets = counted(report.summary.coverage.answered, "target");
    let bad = |count: usize| if count > 0 { "bad" } else { "" };
    let unsure = |count: usize| if count > 0 { "unsure" } else { "" };
    let cards = [
        (
            "",
            figures.logins,
            format!(
                "logins, {targets}<br>{} in protected environments",
                figures.protected
            ),
        ),
        (
            bad(figures.high),
            figures.high,
            "with a finding<br>of severity high".to_owned(),
        ),
        (
            bad(figures.password_old),
            figures.password_old,
            format!(
                "passwords older<br>than {} days",
                report.periods.password_age
            ),
        ),
        (
            unsure(figures.age_unknown),
            figures.age_unknown,
            "password ages<br>not known".to_owned(),
        ),
        (
            bad(figures.superusers_beyond_owner),
            figures.superusers,
            format!(
                "superusers<br>{} beyond the owners",
                figures.superusers_beyond_owner
            ),
        ),
        (
            unsure(figures.few_administrators),
            figures.few_administrators,
            "targets with fewer than<br>two named administrators".to_owned(),
        ),
    ];
    let cards = cards.map(|(class, count, text)| {
        format!("<div class=\"{class}\"><b>{count}</b><span>{text}</span></div>")
    });
    format!("<section class=\"cards\">{}</section>", cards.concat())
}

/// What the report is not about: it is complete only if nothing stands here.
pub fn gaps(report: &AccessReport) -> String {
    let coverage = &report.summary.coverage;
    let mut notes = String::new();
    if !coverage.failed.is_empty() {
        notes.push_str(&format!(
            "<p class=\"note bad\"><b>Not complete:</b> {} did not answer: {}</p>",
            counted(coverage.failed.len(), "target"),
            escaped(&some(&coverage.failed, MOST_NAMED))
        ));
    }
    if !coverage.disabled.is_empty() {
        notes.push_str(&format!(
            "<p class=\"note\">Disabled, and not asked: {}</p>",
            escaped(&some(&coverage.disabled, MOST_NAMED))
        ));
    }
    notes
}

pub fn foot(report: &AccessReport) -> String {
    let servers = report.servers.iter().map(|server| {
        format!(
            "{} <i>{}</i> {}, PostgreSQL {}",
            escaped(&server.env),
            escaped(&server.database),
            escaped(&server.address),
            escaped(&server.server_version)
        )
    });
    let servers: Vec<_> = servers.collect();
    format!(
        "<footer>Targets: {}.<br>Rights were asked of each server for every user table and schema (<code>has_any_column_privilege</code>, \
         <code>has_table_privilege</code>, <code>has_schema_privilege</code>), for each login and for all that it may become by SET ROLE; \
         functions that run with their owner's rights are not followed. Nothing was changed. \
         SHA-256 of the rows as CSV: <code>{}</code></footer>",
        servers.join(" · "),
        report.summary.sha256
    )
}
