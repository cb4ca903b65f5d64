//! The metrics of `rotate status --format prometheus`.

use crate::operations::rotate::status::{FleetStatus, RoleStatus};
use crate::output::metrics::{Label, Metrics};

/// What monitoring wants to know of the passwords.
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
        |role| i64::try_from(role.age_seconds).ok(),
    );
    add(
        "pgrole_password_overdue",
        "Whether the password is older than it may become.",
        |role| role.due.map(i64::from),
    );
    add(
        "pgrole_last_rotation_success_timestamp_seconds",
        "When pgrole last changed the password.",
        |role| Some(role.changed_at.unix_seconds()),
    );
    add(
        "pgrole_last_rotation_failed",
        "Whether the last attempt to change the password failed.",
        |role| Some(role.has_failed.into()),
    );
    let help = "Password changes that were cut off, or not delivered: see pgrole recover list.";
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
