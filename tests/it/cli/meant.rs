//! What was probably meant: a hint that can be pasted, with the arguments as they were given, and never run.

use super::words;
use crate::harness::Sandbox;
use crate::scene::Scene;

#[track_caller]
fn expect_hint(sandbox: &Sandbox, typed: &str, hint: &str) {
    let wrong = sandbox.pgrole(words(typed)).run();
    wrong.expect_status(2).expect_stdout("");
    assert_eq!(wrong.json_error()["error"]["hint"], hint, "{typed}");
    let shown = sandbox.pgrole(words(typed)).env("PGROLE_FORMAT", "table");
    let shown = shown.run();
    shown
        .expect_status(2)
        .expect_in_stderr(&format!("\nhint: {hint}\n"));
}

#[test]
fn a_command_is_found_by_its_meaning() {
    let sandbox = Sandbox::new();
    for (typed, hint) in [
        (
            "user delete jane -e dev -d app",
            "pgrole user drop jane -e dev -d app",
        ),
        (
            "user remove jane -e dev -d app",
            "pgrole user drop jane -e dev -d app",
        ),
        ("user rm jane -e dev", "pgrole user drop jane -e dev"),
        (
            "user passwd jane -e dev -d app",
            "pgrole user reset jane -e dev -d app",
        ),
        ("user password -u jane", "pgrole user reset -u jane"),
        (
            "user disable jane -e dev -d app",
            "pgrole user lock jane -e dev -d app",
        ),
        ("user ls -e dev", "pgrole user list -e dev"),
        (
            "user adduser jane --profile devqa -e dev -d app",
            "pgrole user create jane --profile devqa -e dev -d app",
        ),
        (
            "user grant jane -e dev -d app --level ddl",
            "pgrole access grant jane -e dev -d app --level ddl",
        ),
        (
            "registry delete -e dev -d app",
            "pgrole registry remove -e dev -d app",
        ),
        ("audit log --since 7d", "pgrole audit list --since 7d"),
        (
            "credential login -e dev -U dba",
            "pgrole credential set -e dev -U dba",
        ),
        ("rotate run", "pgrole rotate"),
    ] {
        expect_hint(&sandbox, typed, hint);
    }
    assert!(!sandbox.registry().exists());
}

#[test]
fn a_command_is_found_without_its_noun() {
    let sandbox = Sandbox::new();
    for (typed, hint) in [
        (
            "drop jane -e dev -d app",
            "pgrole user drop jane -e dev -d app",
        ),
        ("list", "pgrole user list"),
        (
            "delete jane -e dev -d app",
            "pgrole user drop jane -e dev -d app",
        ),
        // Which noun it is, the arguments say.
        (
            "disable -e dev -d app",
            "pgrole registry disable -e dev -d app",
        ),
        (
            "disable jane -e dev -d app",
            "pgrole user lock jane -e dev -d app",
        ),
        (
            "discover -e dev -H h",
            "pgrole registry discover -e dev -H h",
        ),
        (
            "grant jane -e dev -d app",
            "pgrole access grant jane -e dev -d app",
        ),
        ("verify", "pgrole audit verify"),
        ("login", "pgrole credential set"),
        ("psql -e dev -d app", "pgrole registry check -e dev -d app"),
        ("users list", "pgrole user list"),
        ("options", "pgrole help options"),
        ("version", "pgrole --version"),
    ] {
        expect_hint(&sandbox, typed, hint);
    }
}

#[test]
fn slips_are_mended_together_and_what_a_shell_would_change_is_quoted() {
    let sandbox = Sandbox::new();
    for (typed, hint) in [
        ("usr lst -e dev", "pgrole user list -e dev"),
        (
            "drp jane -e dev -d app",
            "pgrole user drop jane -e dev -d app",
        ),
        (
            "user reset --usernam jane -e dev -d app",
            "pgrole user reset --username jane -e dev -d app",
        ),
        (
            "registry ad --sslmode=verify-ful -e dev -d app -H h",
            "pgrole registry add --sslmode=verify-full -e dev -d app -H h",
        ),
        (
            "rotate statu --older-than 90d --chekc",
            "pgrole rotate status --older-than 90d --check",
        ),
        (
            "user lst -d shop_* --timeout 5",
            "pgrole user list -d 'shop_*' --timeout 5",
        ),
    ] {
        expect_hint(&sandbox, typed, hint);
    }
}

/// What a command has no place for may be a password.
#[test]
fn what_was_not_understood_is_not_repeated_in_the_hint() {
    let sandbox = Sandbox::new();
    for (typed, hint) in [
        ("user passwd jane s3cret", "see pgrole user reset --help"),
        (
            "psql postgresql://jane:s3cret@h/app",
            "see pgrole registry check --help",
        ),
        (
            "user delete jane --password s3cret",
            "see pgrole user drop --help",
        ),
    ] {
        expect_hint(&sandbox, typed, hint);
        let wrong = sandbox.pgrole(words(typed)).run();
        assert!(!wrong.stderr.contains("s3cret"), "{wrong}");
    }
}

#[test]
fn what_is_like_nothing_gets_the_help() {
    let sandbox = Sandbox::new();
    for (typed, hint) in [
        ("xyzzy", "see pgrole --help"),
        ("user xyzzy", "see pgrole user --help"),
        ("user", "pgrole user --help"),
    ] {
        let wrong = sandbox.pgrole(words(typed)).run();
        wrong.expect_status(2).expect_stdout("");
        let error = &wrong.json_error()["error"];
        assert_eq!(error["hint"], hint, "{typed}");
        assert!(
            error["causes"]
                .as_array()
                .is_some_and(|causes| causes.len() < 2),
            "{wrong}"
        );
    }
}

#[test]
fn a_target_has_its_nearest() {
    let sandbox = Sandbox::new();
    for (env, database) in [("dev", "billing"), ("qa", "shop")] {
        let add = format!("registry add -e {env} -d {database} -H h");
        sandbox.pgrole(words(&add)).run().expect_status(0);
    }
    let hint = |typed: &str, status| {
        let wrong = sandbox.pgrole(words(typed)).run();
        wrong.expect_status(status).expect_stdout("");
        wrong.json_error()["error"]["hint"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    let near = hint("registry show -e dev -d biling", 3);
    assert!(near.starts_with("did you mean dev/billing? "), "{near}");
    let elsewhere = hint("user reset jane -e dev -d shop", 3);
    assert!(
        elsewhere.starts_with("did you mean qa/shop? "),
        "{elsewhere}"
    );
    let none = hint("registry show -e dev -d warehouse", 3);
    assert!(none.starts_with("list the targets: "), "{none}");
    assert_eq!(
        hint("registry show -e dve -d billing", 2),
        "did you mean \"dev\"?"
    );
    let of_many = hint("user list -d biling", 3);
    assert!(
        of_many.starts_with("did you mean \"billing\"? Or list "),
        "{of_many}"
    );
}

/// Environment, database, role, subcommand, option, setting: each kind of name that is mistyped gets the nearest.
#[test]
fn every_kind_of_name_has_its_nearest() {
    let scene = Scene::new();
    // Seen by nobody yet: only the server knows it.
    let jane = scene.role("analyst");
    scene.psql(&format!("CREATE ROLE {jane} LOGIN"));
    let slip = jane.replace("analyst", "anlayst");
    let database = scene.database();
    let wrong_database = format!("{database}x");
    scene.sandbox.write_config("protektet = []\n");
    let check = scene.sandbox.pgrole(words("config check")).run();
    check.expect_status(2);
    assert_eq!(check.json()[0]["hint"], "did you mean \"protected\"?");
    scene.sandbox.write_config("");
    for (typed, wanted) in [
        (
            format!("user list -e dve -d {database}"),
            "did you mean \"dev\"?".to_owned(),
        ),
        (
            format!("user show {jane} -e dev -d {wrong_database}"),
            format!("did you mean dev/{database}? "),
        ),
        (
            format!("registry show -e dev -d {wrong_database}"),
            format!("did you mean dev/{database}? "),
        ),
        (
            format!("user show {slip}"),
            format!("did you mean \"{jane}\"? pgrole user show {jane}"),
        ),
        (
            "user lits -e dev".to_owned(),
            "pgrole user list -e dev".to_owned(),
        ),
        (
            "user offboard jane --reason left".to_owned(),
            "pgrole offboard jane --reason left".to_owned(),
        ),
        ("status".to_owned(), "pgrole doctor".to_owned()),
        (
            "user list --evn dev".to_owned(),
            "pgrole user list --env dev".to_owned(),
        ),
        (
            "user reset jane --databsae=app --evn=dev".to_owned(),
            "pgrole user reset jane --database=app --env=dev".to_owned(),
        ),
        (
            "registry list --regisrty x.db".to_owned(),
            "pgrole registry list --registry x.db".to_owned(),
        ),
    ] {
        let wrong = scene.sandbox.pgrole(words(&typed)).run();
        let hint = wrong.json_error()["error"]["hint"].clone();
        let hint = hint.as_str().unwrap_or_default();
        assert!(hint.starts_with(&wanted), "{typed}: {hint:?}\n{wrong}");
        assert!(!wrong.stderr.contains("as a value"), "{wrong}");
    }
}

#[test]
fn a_role_has_its_nearest_on_record() {
    let scene = Scene::new();
    let jane = scene.create("readonly", "analyst").name;
    let slip = jane.replace("analyst", "anlyst");
    for verb in ["find", "show"] {
        let wrong = scene.sandbox.pgrole(["user", verb, &slip]).run();
        wrong.expect_status(3);
        let hint = format!("did you mean \"{jane}\"? pgrole user {verb} {jane}");
        assert_eq!(wrong.json_error()["error"]["hint"], hint);
    }
    let leaver = [
        "offboard",
        &slip,
        "--reason",
        "left",
        "--drop-owned",
        "--dry-run",
    ];
    let wrong = scene.sandbox.pgrole(leaver).run();
    wrong
        .expect_status(3)
        .expect_in_stderr(&format!("did you mean \\\"{jane}\\\"? Else "));
}
