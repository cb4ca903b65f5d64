use crate::domain::access::ObjectKind;
use crate::domain::access::state::Loan;
use crate::domain::act::undo::*;
use crate::domain::password::scram::Verifier;
use crate::domain::role::mark::Mark;

fn role(name: &str) -> RoleName {
    name.parse().unwrap()
}

fn create_login(name: &str) -> Change {
    Change::CreateLogin {
        role: role(name),
        createdb: false,
        createrole: false,
        connection_limit: None,
        valid_until: None,
        verifier: Verifier::from_server("x".into()),
    }
}

fn let_in(group: &str, member: &str) -> Change {
    Change::GrantMembership {
        group: role(group),
        member: role(member),
        to_hand_on: false,
    }
}

fn open_future(creator: &str, group: &str) -> Change {
    Change::Grant {
        privileges: vec!["SELECT".into()],
        on: Granted::Future {
            kind: ObjectKind::Tables,
            creators: vec![role(creator)],
            schemas: Vec::new(),
        },
        group: role(group),
    }
}

fn comment(name: &str, previous: Option<&str>) -> Change {
    Change::Comment {
        role: role(name),
        mark: Mark::Profile("app".into()),
        previous: previous.map(str::to_owned),
    }
}

#[test]
fn a_login_loses_what_it_got_and_the_group_keeps_what_it_got() {
    let changes = [
        Change::Borrow(role("owner"), Loan::Membership),
        Change::CreateGroup(role("g")),
        comment("g", None),
        open_future("owner", "g"),
        create_login("x"),
        comment("x", None),
        let_in("g", "x"),
        Change::Borrow(role("x"), Loan::Membership),
        open_future("x", "g"),
        Change::Return(role("owner"), Loan::Membership),
        Change::Return(role("x"), Loan::Membership),
    ];
    let found = Reversal::of(&changes, &[&role("x")]);
    assert!(
        matches!(
            found.changes.as_slice(),
            [
                Change::Borrow(borrowed, _),
                Change::Revoke { on: Granted::Future { creators, .. }, .. },
                Change::RevokeMembership { group, member },
                Change::DropRole(dropped),
            ] if borrowed.as_str() == "x" && *creators == [role("x")] && group.as_str() == "g"
                && member.as_str() == "x" && dropped.as_str() == "x"
        ),
        "{found:?}"
    );
    assert!(found.remarks.contains(&of_kept_group("g")), "{found:?}");
}

#[test]
fn a_comment_comes_back_to_the_subject_alone() {
    let changes = [comment("g", Some("by hand"))];
    let found = Reversal::of(&changes, &[&role("g")]);
    assert!(
        matches!(found.changes.as_slice(), [Change::RestoreComment { comment: Some(text), .. }] if text == "by hand"),
        "{found:?}"
    );
    let found = Reversal::of(&changes, &[&role("x")]);
    assert!(found.changes.is_empty(), "{found:?}");
    assert_eq!(found.remarks, [of_kept_group("g")]);
}

#[test]
fn what_a_login_that_stays_makes_stays_open_to_the_group() {
    let changes = [let_in("g", "x"), open_future("x", "g")];
    let found = Reversal::of(&changes, &[&role("x")]);
    assert!(
        matches!(found.changes.as_slice(), [Change::RevokeMembership { .. }]),
        "{found:?}"
    );
}
