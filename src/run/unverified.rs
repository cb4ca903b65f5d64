//! Roles whose new passwords could not be verified by a login: one warning for all to which the same applies.

use crate::domain::role::RoleName;

/// How many roles are named; more are counted.
const NAMED: usize = 3;

/// A role whose new password was not verified.
#[derive(Debug)]
pub struct Unverified {
    /// The place of its environment in rollout order.
    pub rank: usize,
    pub target: String,
    pub role: RoleName,
    pub why: String,
}

/// A warning for each reason, with its roles in rollout order.
pub fn warnings(mut unverified: Vec<Unverified>) -> Vec<String> {
    unverified.sort_by(|one, other| (one.rank, &one.target).cmp(&(other.rank, &other.target)));
    let mut reasons: Vec<(String, Vec<Unverified>)> = Vec::new();
    for one in unverified {
        match reasons.iter_mut().find(|(why, _)| *why == one.why) {
            Some((_, roles)) => roles.push(one),
            None => reasons.push((one.why.clone(), vec![one])),
        }
    }
    let texts = reasons
        .into_iter()
        .map(|(why, roles)| match roles.as_slice() {
            [only] => format!("cannot verify the new password of \"{}\": {why}", only.role),
            roles => format!(
                "cannot verify the new passwords of {} roles: {}: {why}",
                roles.len(),
                named(roles)
            ),
        });
    texts.collect()
}

fn named(roles: &[Unverified]) -> String {
    let names = roles.iter().take(NAMED);
    let names = names.map(|one| format!("\"{}\" on {}", one.role, one.target));
    let names = names.collect::<Vec<_>>().join(", ");
    match roles.len().saturating_sub(NAMED) {
        0 => names,
        more => format!("{names} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_reason_is_said_once_with_its_roles_in_rollout_order() {
        let of = |rank, target: &str, why: &str| Unverified {
            rank,
            target: target.to_owned(),
            role: RoleName::from_server("web"),
            why: why.to_owned(),
        };
        let said = warnings(vec![
            of(2, "prod/a", "it may not log in"),
            of(0, "dev/b", "it may not log in"),
            of(0, "dev/a", "another reason"),
            of(1, "qa/a", "it may not log in"),
            of(2, "prod/b", "it may not log in"),
        ]);
        assert_eq!(
            said,
            [
                "cannot verify the new password of \"web\": another reason",
                "cannot verify the new passwords of 4 roles: \"web\" on dev/b, \"web\" on qa/a, \"web\" on prod/a and 1 more: it may not log in",
            ]
        );
    }
}
