//! The metrics of `rotate status --format prometheus`.

use crate::domain::timestamp::Timestamp;
use crate::operations::rotate::status::{FleetStatus, RoleStatus};
use crate::output::metrics::{Label, Metrics};

/// The metrics of a fleet's passwords.
pub fn metrics_of(status: &FleetStatus) -> Metrics {
    let mut metrics = Metrics::default();
    let mut add = |name, help, value: fn(&RoleStatus) -> Option<i64>| {
        let mut gauge = metrics.gauge(name, help);
        for role in &status.roles {
            if let Some(value) = value(role) {
                gauge.sample(&labels(role), value);
            }
        }
    };
    add(
        "pgrole_password_age_seconds",
        "Time since pgrole last changed the password.",
        |role| role.age_seconds.and_then(|age| i64::try_from(age).ok()),
    );
    add(
        "pgrole_password_overdue",
        "Whether the password is older than allowed, or of unknown age.",
        |role| role.due.map(i64::from),
    );
    add(
        "pgrole_password_age_unknown",
        "Whether it is not known when the password was changed.",
        |role| Some(role.age_unknown.is_some().into()),
    );
    add(
        "pgrole_last_rotation_success_timestamp_seconds",
        "When pgrole last changed the password.",
        |role| role.changed_at.map(Timestamp::unix_seconds),
    );
    add(
        "pgrole_last_rotation_failed",
        "Whether the last attempt to change the password failed.",
        |role| Some(role.has_failed.into()),
    );
    let help = "Password changes that were interrupted or not delivered: see pgrole recover list.";
    let open = i64::try_from(status.open_changes).unwrap_or(i64::MAX);
    metrics
        .gauge("pgrole_open_password_changes", help)
        .sample(&[], open);
    metrics
}

fn labels(role: &RoleStatus) -> [Label<'_>; 4] {
    [
        ("env", &role.env),
        ("database", &role.database),
        ("username", &role.username),
        ("profile", role.profile.as_deref().unwrap_or("")),
    ]
}
