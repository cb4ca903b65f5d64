//! Memberships in access groups, taken away and given back row by row.

use crate::domain::access::membership::HeldMembership;
use crate::domain::act::plan::MEMBERSHIP_OPTIONS;
use crate::domain::role::RoleName;
use crate::server::statements::identifier;

/// REVOKE without GRANTED BY affects only what the current role granted, and merely warns about the rest (16 and later).
pub fn take(held: &HeldMembership, version: u32) -> String {
    let HeldMembership { group, member, .. } = held;
    format!(
        "REVOKE {} FROM {}{}",
        identifier(group),
        identifier(member),
        granted_by(held.grantor.as_ref(), version)
    )
}

/// GRANT with the options that the membership had.
pub fn give_back(held: &HeldMembership, version: u32) -> String {
    let HeldMembership { group, member, .. } = held;
    let options = if version >= MEMBERSHIP_OPTIONS {
        format!(
            " WITH ADMIN {}, INHERIT {}, SET {}",
            boolean(held.admin),
            boolean(held.inherit),
            boolean(held.set)
        )
    } else if held.admin {
        " WITH ADMIN OPTION".to_owned()
    } else {
        String::new()
    };
    format!(
        "GRANT {} TO {}{options}{}",
        identifier(group),
        identifier(member),
        granted_by(held.grantor.as_ref(), version)
    )
}

fn granted_by(grantor: Option<&RoleName>, version: u32) -> String {
    let grantor = grantor.filter(|_| version >= MEMBERSHIP_OPTIONS);
    grantor.map_or(String::new(), |grantor| {
        format!(" GRANTED BY {}", identifier(grantor))
    })
}

fn boolean(value: bool) -> &'static str {
    if value { "TRUE" } else { "FALSE" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::access::AccessLevel;

    #[test]
    fn a_membership_is_taken_and_given_back_as_its_grantor_from_16_on() {
        let held = HeldMembership {
            level: AccessLevel::Readonly,
            group: "g".parse().unwrap(),
            member: "m".parse().unwrap(),
            grantor: Some("y".parse().unwrap()),
            admin: true,
            inherit: false,
            set: true,
        };
        assert_eq!(take(&held, 150_000), r#"REVOKE "g" FROM "m""#);
        assert_eq!(
            take(&held, 160_000),
            r#"REVOKE "g" FROM "m" GRANTED BY "y""#
        );
        assert_eq!(
            give_back(&held, 150_000),
            r#"GRANT "g" TO "m" WITH ADMIN OPTION"#
        );
        assert_eq!(
            give_back(&held, 160_000),
            r#"GRANT "g" TO "m" WITH ADMIN TRUE, INHERIT FALSE, SET TRUE GRANTED BY "y""#
        );
    }
}
