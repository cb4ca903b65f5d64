//! The servers of the targets: whether pgrole can log in, whether their logs show passwords, and their clocks.

use anyhow::Result;

use crate::domain::access::GROUP_LEVELS;
use crate::domain::act::operation::Operation;
use crate::domain::act::status::Status;
use crate::domain::command_line::on_target;
use crate::domain::server_log::{LogSettings, places_that_show_statements};
use crate::domain::target::Target;
use crate::operations::access::warnings;
use crate::run::fleet::for_each_target;
use crate::run::{Act, RoundTrip, Run, TargetSession};
use crate::server::catalog;

use crate::operations::doctor::{Finding, Severity};

/// From this many seconds on a clock difference is reported: audit times, VALID UNTIL and certificates depend on the
/// clocks.
const NOTICED: f64 = 2.0;
const WRONG: f64 = 60.0;

pub fn examine(run: &Run, targets: &[Target]) -> Vec<Finding> {
    if targets.is_empty() {
        return Vec::new();
    }
    let act = Act::over(targets, Operation::Doctor, "cannot examine the server");
    let reading = match run.begin_reading(targets, act) {
        Ok(reading) => reading,
        Err(error) => return vec![Finding::of("server", "", &error)],
    };
    let mut found: Vec<_> = targets.iter().map(|_| Vec::new()).collect();
    for_each_target(
        run,
        targets,
        |target| reading.ask(target, |server| look(run, server, target)),
        |place, findings| {
            found[place] = findings
                .unwrap_or_else(|error| vec![Finding::of("server", targets[place].name(), &error)]);
        },
    );
    reading.end(Status::SettingsRead);
    found.into_iter().flatten().collect()
}

/// Three round trips: the settings, the access groups, and the clock.
fn look(run: &Run, server: &mut TargetSession<'_>, target: &Target) -> Result<Vec<Finding>> {
    let settings = server.read(catalog::read_log_settings)?;
    let round_trip = server.round_trip()?;
    let detail = format!("logged in as \"{}\", from {}", server.admin, server.origin);
    let mut findings = vec![
        Finding::ok("server", target.name(), detail),
        judge_log(&settings, target),
    ];
    findings.extend(judge_encryption(&settings, target));
    findings.extend(judge_access(run, server, target)?);
    findings.push(judge_clock(round_trip, target));
    Ok(findings)
}

/// Whether the access groups have more than their levels grant.
fn judge_access(
    run: &Run,
    server: &mut TargetSession<'_>,
    target: &Target,
) -> Result<Vec<Finding>> {
    let Target { env, database, .. } = target;
    let rules = run.settings.access_rules(env, database);
    let id = server.operation_id.clone();
    let found = server
        .read(|connection| catalog::read_access_of_all_levels(connection, database, &rules, &id))?;
    let levels = GROUP_LEVELS.into_iter().zip(&found);
    let excess = levels.filter_map(|(level, found)| warnings::excess_by_name(target, level, found));
    Ok(excess
        .map(|excess| {
            Finding::warning("access", target.name(), excess).hint(on_target(
                "pgrole access prepare -e {} -d {}",
                target,
                &[],
            ))
        })
        .collect())
}

fn judge_log(settings: &LogSettings, target: &Target) -> Finding {
    let places = places_that_show_statements(settings);
    if places.is_empty() {
        let detail = "successful statements are not logged; a failed one is, with a password that it sets in clear text";
        return Finding::ok("server log", target.name(), detail);
    }
    let detail = format!(
        "{}: a password that somebody sets in clear text (ALTER ROLE … PASSWORD '…') can be read there; pgrole sends only SCRAM verifiers",
        places.join(", ")
    );
    let hint = format!(
        "set passwords with {}, or psql's \\password",
        on_target("pgrole user reset -e {} -d {} -u NAME", target, &[])
    );
    Finding::warning("server log", target.name(), detail).hint(hint)
}

fn judge_encryption(settings: &LogSettings, target: &Target) -> Option<Finding> {
    let encryption = settings.get("password_encryption")?;
    if encryption == "scram-sha-256" {
        return None;
    }
    let detail = format!(
        "password_encryption = {encryption}: passwords that others set are stored as MD5, which is easily cracked; pgrole's are SCRAM anyway"
    );
    let finding = Finding::warning("password encryption", target.name(), detail);
    Some(
        finding.hint(
            "ALTER SYSTEM SET password_encryption = 'scram-sha-256'; SELECT pg_reload_conf();",
        ),
    )
}

fn judge_clock(round_trip: RoundTrip, target: &Target) -> Finding {
    let ahead = round_trip.clock_ahead;
    let doubt = round_trip.took.as_secs_f64() / 2.0;
    let side = if ahead < 0.0 { "behind" } else { "ahead of" };
    let detail = format!(
        "the server's clock is {:.3} s {side} this machine's (± {doubt:.3} s)",
        ahead.abs()
    );
    let status = status_of_clock(ahead.abs() - doubt);
    let finding = Finding::new("clock", target.name(), status).detail(detail);
    if status == Severity::Ok {
        return finding;
    }
    finding.hint("timedatectl timesync-status   (here, and on the server)")
}

/// Takes by how much the clock is certainly off, in seconds.
fn status_of_clock(off: f64) -> Severity {
    if off > WRONG {
        Severity::Error
    } else if off > NOTICED {
        Severity::Warning
    } else {
        Severity::Ok
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_clock_is_off_by_what_the_round_trip_cannot_explain() {
        let judged = |clock_ahead, took| {
            let took = Duration::from_secs_f64(took);
            judge_clock(RoundTrip { took, clock_ahead }, &Target::example())
        };
        assert_eq!(judged(0.4, 0.01).status, Severity::Ok);
        assert_eq!(judged(-3.0, 0.01).status, Severity::Warning);
        assert_eq!(judged(3.0, 4.0).status, Severity::Ok);
        let behind = judged(-90.0, 0.2);
        assert_eq!(behind.status, Severity::Error);
        assert_eq!(
            behind.detail,
            "the server's clock is 90.000 s behind this machine's (± 0.100 s)"
        );
        assert!(behind.hint.is_some());
    }
}
