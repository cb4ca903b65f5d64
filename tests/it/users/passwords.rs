//! Passwords: what is generated and what is taken, that logins work with it, and that only a verifier leaves us.

use std::collections::BTreeSet;

use super::access::make_role;
use crate::harness::{Admin, Cluster, Outcome};
use crate::scene::{Login, Scene, created, error, login, whole_text};

/// Resets the password of `DATABASE_NAME` to what is given on standard input.
fn reset_to(scene: &Scene, role: &str, password: &[u8]) -> Outcome {
    scene
        .user("reset", &["-u", role, "--password-stdin"])
        .stdin(password)
        .run()
}

#[test]
fn generated_passwords_are_32_letters_and_digits_and_never_the_same() {
    let scene = Scene::new();
    let jane = scene.create("devqa", "jane");
    let mut passwords = vec![jane.password];
    for _ in 0..4 {
        let outcome = scene.user("reset", &["-u", &jane.name]).run();
        outcome.expect_status(0);
        passwords.push(login(&outcome).password);
    }
    for password in &passwords {
        assert_eq!(password.len(), 32);
        assert!(
            password.bytes().all(|byte| byte.is_ascii_alphanumeric()),
            "{password}"
        );
    }
    assert_eq!(passwords.iter().collect::<BTreeSet<_>>().len(), 5);
}

#[test]
fn a_reset_prints_a_password_that_works_while_the_old_one_no_longer_does() {
    let scene = Scene::new();
    let old = scene.create("devqa", "jane");
    let outcome = scene.user("reset", &["-u", &old.name]).run();
    outcome.expect_status(0).expect_stderr("");
    let new = login(&outcome);
    let shown = outcome
        .filtered()
        .stdout
        .replace(&new.password, "[PASSWORD]");
    assert_eq!(
        shown,
        r#"{
  "username": "[DB]_jane",
  "password": "[PASSWORD]",
  "status": "password reset",
  "hostname": "127.0.0.1",
  "database": "[DB]",
  "port": "[PORT]",
  "env": "dev",
  "audit_anchor": "[ANCHOR]"
}
"#
    );
    scene.may_log_in(&new);
    scene
        .psql_as(&old, "SELECT 1")
        .expect_status(2)
        .expect_in_stderr("password authentication failed");
}

#[test]
fn a_reset_changes_the_verifier_and_nothing_else() {
    let scene = Scene::new();
    let jane = scene.create("devqa", "jane");
    scene.psql(&format!(
        "ALTER ROLE {} VALID UNTIL '2099-01-01Z' CONNECTION LIMIT 3",
        jane.name
    ));
    let rest = "SELECT to_jsonb(r) - 'rolpassword' FROM pg_authid r WHERE starts_with(rolname, current_database()) ORDER BY 1";
    let before = scene.psql(rest);
    scene
        .user("reset", &["-u", &jane.name])
        .run()
        .expect_status(0);
    assert_eq!(scene.psql(rest), before);
    let run = scene
        .user("reset", &["-u", &jane.name, "--valid-for", "1d"])
        .run();
    run.expect_status(0);
    let until = format!(
        "SELECT rolvaliduntil BETWEEN now() + interval '23 hours' AND now() + interval '1 day' FROM pg_roles WHERE rolname = '{}'",
        jane.name
    );
    assert_eq!(scene.psql(&until), "t");
}

#[test]
fn the_server_and_its_log_get_a_verifier_only() {
    let cluster = Cluster::private(|c| c.setting("log_statement", "all"));
    let scene = Scene::on(&cluster);
    let generated = scene.create("devqa", "jane");
    let given = Login {
        name: scene.role("joe"),
        password: "Correct-Horse-7".into(),
    };
    let arguments = ["-u", &given.name, "--password-stdin"];
    let outcome = scene
        .user("devqa", &arguments)
        .stdin(given.password.as_str())
        .run();
    outcome.expect_status(0);
    assert!(outcome.json()["password"].is_null(), "{outcome}");
    let reset = login(&scene.user("reset", &["-u", &generated.name]).run());
    for login in [&reset, &given] {
        scene.may_log_in(login);
        let stored = scene.psql(&format!(
            "SELECT rolpassword FROM pg_authid WHERE rolname = '{}'",
            login.name
        ));
        assert!(stored.starts_with("SCRAM-SHA-256$4096:"), "{stored}");
    }
    let log = cluster.log();
    assert!(
        log.contains("CREATE ROLE \"") && log.contains("PASSWORD 'SCRAM-SHA-256$4096:"),
        "{log}"
    );
    for password in [&generated.password, &given.password, &reset.password] {
        assert!(!log.contains(password.as_str()));
    }
}

#[test]
fn a_given_password_works_as_libpq_reads_it() {
    let scene = Scene::new();
    let role = scene.create("devqa", "jane").name;
    // What is typed at a login, and what was set before; libpq prepares both by the same rules.
    for (set, typed) in [
        (
            "correct horse battery staple",
            "correct horse battery staple",
        ),
        ("caf\u{e9}", "caf\u{e9}"),
        ("caf\u{e9}", "cafe\u{301}"),
        ("cafe\u{301}", "caf\u{e9}"),
        ("пароль 密码 🔑", "пароль 密码 🔑"),
        ("a\u{a0}b", "a b"),
        ("a\u{ad}b", "ab"),
        ("\u{ad}", "\u{ad}"),
        ("\u{fb01}", "fi"),
        ("a\u{340}", "a\u{340}"),
        ("\u{341}e", "\u{341}e"),
        ("\u{627}1", "\u{627}1"),
        ("\u{e000}", "\u{e000}"),
        ("tab\tand \u{7f}", "tab\tand \u{7f}"),
        ("\u{1f9d1}\u{200d}\u{1f4bb}", "\u{1f9d1}\u{200d}\u{1f4bb}"),
        ("it's \"quoted\" \\ $1 %s", "it's \"quoted\" \\ $1 %s"),
        (" leading and trailing ", " leading and trailing "),
    ] {
        let outcome = reset_to(&scene, &role, format!("{set}\n").as_bytes());
        outcome.expect_status(0);
        assert!(outcome.json()["password"].is_null(), "{outcome}");
        let outcome = scene.psql_as(
            &Login {
                name: role.clone(),
                password: typed.to_owned(),
            },
            "SELECT 1",
        );
        assert_eq!(
            outcome.status(),
            Some(0),
            "{set:?} was set, {typed:?} was typed: {outcome}"
        );
    }
}

#[test]
fn what_cannot_be_a_password_is_refused_and_changes_nothing() {
    let scene = Scene::new();
    let jane = scene.create("devqa", "jane");
    let too_long = "x".repeat(1024);
    let refused: [&[u8]; 7] = [
        b"",
        b"\n",
        b"two\nlines",
        b"nul\0byte",
        b"md5aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        b"SCRAM-SHA-256$4096:c2FsdA==$c3RvcmVk:c2VydmVy",
        too_long.as_bytes(),
    ];
    for password in refused {
        let outcome = reset_to(&scene, &jane.name, password);
        assert_eq!(
            outcome.status(),
            Some(2),
            "{}: {outcome}",
            password.escape_ascii()
        );
        outcome.expect_stdout("");
    }
    reset_to(&scene, &jane.name, b"caf\xe9").expect_stdout("");
    scene.may_log_in(&jane);
    reset_to(&scene, &jane.name, "x".repeat(1023).as_bytes()).expect_status(0);
    let longest = Login {
        password: "x".repeat(1023),
        ..jane
    };
    scene
        .cluster
        .client_as(&longest.name, &longest.password, scene.database())
        .expect("logs in");
}

#[test]
fn protected_roles_keep_their_password_unless_forced() {
    let scene = Scene::new();
    scene.sandbox.write_config(&format!(
        "protected_roles = [\"{}_backup_*\"]\n",
        scene.database()
    ));
    let roles = [
        ("boss", "SUPERUSER", "a superuser"),
        ("streamer", "REPLICATION", "a REPLICATION role"),
        ("auditor", "BYPASSRLS", "a BYPASSRLS role"),
        ("backup_1", "", "protected by the pattern"),
    ];
    for (name, attributes, reason) in roles {
        let role = make_role(&scene, name, attributes);
        let outcome = scene.user("reset", &["-u", &role.name]).run();
        let error = error(&outcome, 6);
        assert!(
            whole_text(&error).contains(&format!("role \"{}\" is {reason}", role.name)),
            "{outcome}"
        );
        assert!(whole_text(&error).contains("--force"), "{outcome}");
        outcome.expect_stdout("");
        scene.may_log_in(&role);
        let forced = scene.user("reset", &["-u", &role.name, "--force"]).run();
        // Up to 15 two of them are a superuser's to change, from 16 on the others want a grant.
        let before_16 = scene.cluster.server_version_major() < 16;
        let is_beyond = match attributes {
            "SUPERUSER" | "REPLICATION" => true,
            "BYPASSRLS" => !before_16,
            _ => false,
        };
        if Admin::of_this_run() != Admin::Superuser && is_beyond {
            let error = crate::scene::error(&forced, 1);
            assert_eq!(error["sqlstate"], "42501", "{forced}");
            let hint = error["hint"].as_str().expect("a hint");
            let needs_superuser = attributes == "SUPERUSER" || before_16;
            assert_eq!(
                hint.starts_with("log in as a superuser"),
                needs_superuser,
                "{forced}"
            );
            continue;
        }
        forced.expect_status(0);
        scene.may_log_in(&login(&forced));
    }
}

#[test]
fn the_admin_credential_itself_is_protected() {
    let mut scene = Scene::new();
    let admin = make_role(&scene, "admin", "CREATEROLE");
    scene.sandbox.env("PG_ADMIN_USER", &admin.name);
    scene.sandbox.env("PG_ADMIN_PASS", &admin.password);
    let outcome = scene.user("reset", &["-u", &admin.name]).run();
    let said = whole_text(&error(&outcome, 6));
    assert!(said.contains("is the admin credential itself"), "{outcome}");
    scene.may_log_in(&admin);
    // Another role of that admin's is not.
    let other = scene.role("other");
    let create = scene.user("readonly", &["-u", &other, "--access", "none"]);
    create.run().expect_status(0);
    let reset = scene.user("reset", &["-u", &other]).run();
    scene.may_log_in(&login(&reset));
}

#[test]
fn roles_of_managed_services_are_protected() {
    let cluster = Cluster::private(|c| c);
    let scene = Scene::on(&cluster);
    for role in ["rdsadmin", "cloudsqlsuperuser", "azure_pg_admin"] {
        if role != cluster.superuser() {
            scene.psql(&format!("CREATE ROLE {role}"));
        }
        let outcome = scene.user("reset", &["-u", role]).run();
        let said = whole_text(&error(&outcome, 6));
        let reason = if role == cluster.superuser() {
            "is a superuser"
        } else {
            "protected by the pattern"
        };
        assert!(said.contains(reason), "{outcome}");
    }
}

#[test]
fn a_role_that_is_missing_is_not_found_and_similar_names_are_given() {
    let scene = Scene::new();
    let jane = scene.create("devqa", "jane_miller").name;
    let wanted = scene.role("jane_mller");
    let outcome = scene.user("reset", &["-u", &wanted]).run();
    let error = error(&outcome, 3);
    assert_eq!(error["sqlstate"], "42704");
    let said = whole_text(&error);
    assert!(
        said.contains(&format!("no role \"{wanted}\" on dev/{}", scene.database())),
        "{outcome}"
    );
    assert!(
        said.contains(&format!("similar names there: \"{jane}\"")),
        "{outcome}"
    );
    outcome.expect_stdout("");
}

#[test]
fn a_reset_warns_of_sessions_that_go_on() {
    let scene = Scene::new();
    let jane = scene.create("devqa", "jane");
    let mut session = scene
        .cluster
        .client_as(&jane.name, &jane.password, scene.database())
        .expect("logs in");
    let outcome = scene.user("reset", &["-u", &jane.name]).run();
    outcome.expect_status(0);
    let warning = format!(
        "1 open sessions of \"{}\" continue until they end, without the new password",
        jane.name
    );
    assert_eq!(outcome.json()["warnings"], serde_json::json!([warning]));
    session
        .simple_query("SELECT 1")
        .expect("the session goes on");
}

#[test]
fn a_reset_warns_of_a_role_that_cannot_use_its_password() {
    let scene = Scene::new();
    let locked = scene.area.create_role("locked", "NOLOGIN");
    let expired = scene
        .area
        .create_role("expired", "LOGIN VALID UNTIL '2001-01-01Z'");
    for (role, wanted) in [(locked, "is NOLOGIN"), (expired, "VALID UNTIL has passed")] {
        let outcome = scene.user("reset", &["-u", &role]).run();
        outcome.expect_status(0);
        let warning = outcome.json()["warnings"][0].clone();
        assert!(
            warning.as_str().is_some_and(|text| text.contains(wanted)),
            "{outcome}"
        );
    }
}

#[test]
fn the_config_file_sets_length_and_validity() {
    let scene = Scene::new();
    scene
        .sandbox
        .write_config("[password]\nlength = 48\nvalid_for = \"30d\"\n");
    let outcome = scene.user("devqa", &["-u", &scene.role("jane")]).run();
    let jane = created(&outcome);
    assert_eq!(jane.password.len(), 48);
    let days = format!(
        "SELECT round(extract(epoch FROM rolvaliduntil - now()) / 86400) FROM pg_roles WHERE rolname = '{}'",
        jane.name
    );
    assert_eq!(scene.psql(&days), "30");
    scene.may_log_in(&jane);
}
