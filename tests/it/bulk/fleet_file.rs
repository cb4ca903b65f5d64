//! The fleet as a file: an export that is applied changes nothing, whatever was made; and what is taken away comes back.

use std::fs;

use serde_json::Value;

use super::{TwoDatabases, by_name, login_of};
use crate::harness::{ClosedPort, Outcome};
use crate::scene::{created, error, whole_text};

impl TwoDatabases {
    fn export(&self, arguments: &[&str]) -> Outcome {
        self.scene.sandbox.pgrole(["export"]).args(arguments).run()
    }

    fn apply(&self, file: &str, arguments: &[&str]) -> Outcome {
        self.write("fleet", file);
        let run = self.scene.sandbox.pgrole(["apply", "-f", "fleet"]);
        run.args(arguments).run()
    }

    /// Logins of each kind, with what can be exported of them.
    fn populate(&self) {
        let scene = &self.scene;
        fs::create_dir(scene.sandbox.path().join("out")).expect("the sandbox can be written");
        let roster = "env,database,profile,username,connection_limit,valid_for,deliver
dev,[DB],devqa,[DB]_a,3,,file:[SANDBOX]/out/{username}
dev,[DB],readonly,[DB]_b,none,90d,
qa,[OTHER],devlead,[DB]_c,,,pgpass:[SANDBOX]/out/pgpass
";
        self.create_from(roster, &[]).run().expect_status(0);
        let path = [
            "-u",
            &scene.role("a"),
            "--schema",
            "$user",
            "--schema",
            "public",
        ];
        scene.user("search-path", &path).run().expect_status(0);
        // Access to a second database.
        let second = "env,database,profile,username\nqa,[OTHER],readonly,[DB]_a\n";
        self.create_from(second, &["--ensure"])
            .run()
            .expect_status(0);
        created(
            &scene
                .user("dba", &["-u", &scene.role("d"), "--ends-on", "2999-01-31"])
                .run(),
        );
    }
}

#[test]
fn an_export_that_is_applied_changes_nothing() {
    let databases = TwoDatabases::new();
    databases.populate();
    let before = databases.scene.snapshot();
    for format in ["toml", "json"] {
        let exported = databases.export(&["--format", format]);
        exported.expect_status(0).expect_stderr("");
        assert!(!exported.stdout.contains("password"), "{exported}");
        for arguments in [
            &["--check"] as &[&str],
            &["--check", "--prune"],
            &["--prune"],
            &["-n"],
        ] {
            let applied = databases.apply(&exported.stdout, arguments);
            applied
                .expect_status(0)
                .expect_stderr("")
                .expect_stdout("[]\n");
        }
    }
    assert_eq!(databases.scene.snapshot(), before);
}

#[test]
fn the_file_says_what_there_is() {
    let databases = TwoDatabases::new();
    databases.populate();
    let exported = databases.export(&["--format", "json"]).json();
    let scene = &databases.scene;
    let (own, other) = (
        format!("dev/{}", scene.database()),
        format!("qa/{}", databases.other),
    );
    let logins = exported["login"].as_array().expect("an array");
    let of = |name: &str| {
        let role = scene.role(name);
        let login = logins
            .iter()
            .find(|login| login["username"] == role.as_str());
        login
            .unwrap_or_else(|| panic!("no {role}: {exported}"))
            .clone()
    };
    assert_eq!(logins.len(), 4);
    let a = of("a");
    assert_eq!(a["env"], "dev");
    assert_eq!(a["profile"], "devqa");
    assert_eq!(a["connection_limit"], 3);
    assert_eq!(a["valid_for"], "none");
    assert_eq!(a["access"][&own], "readwrite");
    assert_eq!(a["access"][&other], "readonly");
    assert_eq!(
        a["search_path"][&own],
        serde_json::json!(["$user", "public"])
    );
    assert_eq!(
        a["deliver"],
        databases.fill("file:[SANDBOX]/out/{username}")
    );
    assert_eq!(of("b")["connection_limit"], "none");
    assert_eq!(of("b")["valid_for"], "90d");
    assert_eq!(of("b")["deliver"], Value::Null);
    assert_eq!(of("c")["access"], serde_json::json!({other: "ddl"}));
    assert_eq!(of("d")["createrole"], true);
    assert_eq!(of("d")["ends_on"], "2999-02-01T00:00:00Z");
    // To a file that only its owner may read.
    let to_file = databases.export(&["-e", "qa", "--output", "fleet.toml"]);
    to_file.expect_status(0);
    let path = scene.sandbox.path().join("fleet.toml");
    let text = fs::read_to_string(&path).expect("it was written");
    assert!(text.starts_with("version = 1\n\n[[login]]\n"), "{text}");
    let mode = std::os::unix::fs::PermissionsExt::mode(
        &fs::metadata(&path).expect("it is there").permissions(),
    );
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn what_is_missing_is_made_and_the_second_run_changes_nothing() {
    let databases = TwoDatabases::new();
    let scene = &databases.scene;
    let file = "version = 1

[[login]]
env = \"dev\"
database = \"[DB]\"
username = \"[DB]_new\"
profile = \"devqa\"
connection_limit = 7
deliver = \"file:[SANDBOX]/new\"
reason = \"OPS-7\"
access = { \"dev/[DB]\" = \"readonly\", \"qa/[OTHER]\" = \"readwrite\" }
search_path = { \"dev/[DB]\" = [\"public\"] }

[[login]]
env = \"qa\"
database = \"[OTHER]\"
username = \"[DB]_plain\"
profile = \"readonly\"
";
    let before = scene.snapshot();
    let check = databases.apply(file, &["--check"]);
    assert_eq!(error(&check, 7)["message"], "4 differences from the file");
    let rows: Vec<String> = check
        .json_lines()
        .iter()
        .map(|row| {
            format!(
                "{} {}: {} -> {}",
                row["username"], row["what"], row["found"], row["wanted"]
            )
            .replace('"', "")
        })
        .collect();
    let (new, plain) = (scene.role("new"), scene.role("plain"));
    assert_eq!(
        rows,
        [
            format!("{new} user: none -> there"),
            format!("{new} search_path: none -> public"),
            format!("{new} access: none -> readwrite"),
            format!("{plain} user: none -> there"),
        ]
    );
    let dry_run = databases.apply(file, &["--dry-run", "--format", "table"]);
    dry_run.expect_status(0);
    let wanted = format!("CREATE ROLE \"{new}\" LOGIN CONNECTION LIMIT 7 PASSWORD");
    assert!(dry_run.stdout.contains(&wanted), "{dry_run}");
    assert_eq!(scene.snapshot(), before);
    let applied = databases.apply(file, &["--format", "jsonl"]);
    applied.expect_status(0);
    assert_eq!(applied.json_lines().len(), 4, "{applied}");
    let of_plain = by_name(&applied)[&plain].clone();
    assert!(databases.may_log_in_to(&databases.other, &login_of(&of_plain)));
    let delivered = fs::read_to_string(scene.sandbox.path().join("new")).expect("it was delivered");
    let delivered: Value = serde_json::from_str(&delivered).expect("JSON");
    assert!(databases.may_log_in_to(scene.database(), &login_of(&delivered)));
    let groups = scene.psql(&format!(
        "SELECT string_agg(roleid::regrole::text, ' ' ORDER BY roleid::regrole::text) FROM pg_auth_members
         WHERE member = '{new}'::regrole"
    ));
    assert_eq!(groups, databases.fill("[OTHER]_readwrite [DB]_readonly"));
    let made = scene.snapshot();
    for arguments in [&[] as &[&str], &["--check"], &["--check", "--prune"]] {
        let again = databases.apply(file, arguments);
        again.expect_status(0).expect_stdout("[]\n");
    }
    assert_eq!(scene.snapshot(), made);
}

#[test]
fn what_differs_is_mended() {
    let databases = TwoDatabases::new();
    databases.populate();
    let scene = &databases.scene;
    let exported = databases.export(&[]);
    let role = |name: &str| scene.role(name);
    let (a, b, c, d) = (role("a"), role("b"), role("c"), role("d"));
    scene.psql(&format!(
        "ALTER ROLE {a} CONNECTION LIMIT 9; ALTER ROLE {a} IN DATABASE {own} RESET search_path;
         ALTER ROLE {b} VALID UNTIL 'infinity'; REVOKE {other}_ddl FROM {c}; ALTER ROLE {d} NOCREATEDB",
        own = scene.database(),
        other = databases.other
    ));
    let check = databases.apply(&exported.stdout, &["--check", "--format", "jsonl"]);
    check.expect_status(7);
    let found: Vec<String> = check
        .json_lines()
        .iter()
        .map(|row| format!("{} {}", row["username"], row["what"]).replace('"', ""))
        .collect();
    let wanted = [
        format!("{a} connection_limit"),
        format!("{a} search_path"),
        format!("{b} valid_until"),
        format!("{d} createdb"),
        // Its target is a qa one: in rollout order.
        format!("{c} access"),
    ];
    assert_eq!(found, wanted, "{check}");
    let applied = databases.apply(
        &exported.stdout,
        &["--reason", "drift", "--format", "jsonl"],
    );
    applied.expect_status(0);
    assert_eq!(applied.json_lines().len(), wanted.len(), "{applied}");
    let again = databases.apply(&exported.stdout, &["--check", "--prune"]);
    again.expect_status(0).expect_stdout("[]\n");
    assert_eq!(databases.export(&[]).stdout, exported.stdout);
}

#[test]
fn what_the_file_does_not_name_is_taken_away_only_by_prune() {
    let databases = TwoDatabases::new();
    databases.populate();
    let scene = &databases.scene;
    let exported = databases.export(&[]);
    let later = scene.create("devqa", "later");
    let path = ["-u", &scene.role("b"), "--schema", "public"];
    scene.user("search-path", &path).run().expect_status(0);
    let more = ["-u", &scene.role("b"), "--level", "ddl"];
    scene.pgrole("access grant", &more).run().expect_status(0);
    // Somebody else's login is nobody's business here.
    let strange = scene.area.create_role("strange", "LOGIN");
    let kept = databases.apply(&exported.stdout, &[]);
    kept.expect_status(0).expect_stdout("[]\n");
    let said = databases.apply(&exported.stdout, &["--format", "table"]);
    said.expect_in_stderr("3 beyond the file are kept");
    scene.may_log_in(&later);
    let check = databases.apply(
        &exported.stdout,
        &["--prune", "--check", "--format", "jsonl"],
    );
    check.expect_status(7);
    assert_eq!(check.json_lines().len(), 3, "{check}");
    let pruned = databases.apply(&exported.stdout, &["--prune", "--format", "jsonl"]);
    pruned.expect_status(0);
    assert_eq!(
        by_name(&pruned)[&later.name]["status"],
        "user locked",
        "{pruned}"
    );
    let groups = scene.psql(&format!(
        "SELECT string_agg(roleid::regrole::text, ' ') FROM pg_auth_members WHERE member = '{}'::regrole",
        scene.role("b")
    ));
    assert_eq!(groups, databases.fill("[DB]_readonly"));
    let logins = scene.psql(&format!(
        "SELECT rolname || ' ' || rolcanlogin FROM pg_roles WHERE rolname IN ('{}', '{strange}') ORDER BY 1",
        later.name
    ));
    assert_eq!(logins, format!("{} false\n{strange} true", later.name));
    // Locked, it is what an export says of it, and stays so.
    let after = databases.export(&[]);
    assert!(after.stdout.contains("login = false"), "{after}");
    let again = databases.apply(&after.stdout, &["--prune"]);
    again.expect_status(0).expect_stdout("[]\n");
    let again = databases.apply(&exported.stdout, &["--prune"]);
    again.expect_status(0).expect_stdout("[]\n");
    let unlock = after.stdout.replace("login = false", "login = true");
    databases.apply(&unlock, &[]).expect_status(0);
    scene.may_log_in(&later);
}

#[test]
fn a_cluster_that_does_not_answer_is_neither_right_nor_wrong() {
    let mut databases = TwoDatabases::new();
    databases.populate();
    let exported = databases.export(&[]).stdout;
    let closed = ClosedPort::new();
    databases
        .scene
        .sandbox
        .register_on_port(closed.port, "uat", "elsewhere");
    let partial = databases.export(&[]);
    partial.expect_status(4);
    assert_eq!(partial.stdout, exported);
    let more = format!(
        "{exported}\n[[login]]\nenv = \"uat\"\ndatabase = \"elsewhere\"\nusername = \"x\"\nprofile = \"devqa\"\n"
    );
    for arguments in [&["--check"] as &[&str], &[]] {
        let outcome = databases.apply(&more, arguments);
        outcome.expect_status(4).expect_stdout("[]\n");
    }
}

#[test]
fn what_is_wrong_with_the_file_is_said_before_anything_is_done() {
    let databases = TwoDatabases::new();
    let scene = &databases.scene;
    for (file, wanted) in [
        (
            "version = 2\n",
            "the file has version 2, this pgrole reads 1",
        ),
        (
            "version = 1\n[[login]]\nenv = \"dev\"\nusrname = \"x\"\n",
            "unknown field `usrname`",
        ),
        (
            "{\"version\": 1, \"login\": [{\"env\": \"dev\"}]}",
            "missing field `database`",
        ),
        (
            "version = 1\n[[login]]\nenv = \"dve\"\ndatabase = \"[DB]\"\nusername = \"x\"\n",
            "\"x\" on dve/[DB]: unknown environment \"dve\"",
        ),
        (
            "version = 1\n[[login]]\nenv = \"dev\"\ndatabase = \"[DB]\"\nusername = \"x\"\naccess = { \"qa/nowhere\" = \"readonly\" }\n",
            "\"x\" on dev/[DB]: no target qa/nowhere in the registry",
        ),
        (
            "version = 1\n[[login]]\nenv = \"dev\"\ndatabase = \"[DB]\"\nusername = \"x\"\n[[login]]\nenv = \"qa\"\ndatabase = \"[OTHER]\"\nusername = \"x\"\n",
            "\"x\" on qa/[OTHER] is there twice for the same server",
        ),
        (
            "version = 1\n[[login]]\nenv = \"dev\"\ndatabase = \"[DB]\"\nusername = \"x\"\nprofile = \"devqa\"\ndeliver = \"file:[SANDBOX]/none/x\"\n",
            "cannot deliver to file:[SANDBOX]/none/x",
        ),
    ] {
        // What is refused is refused by the ways to try it, too.
        for arguments in [&[][..], &["--check"], &["--dry-run"]] {
            let outcome = databases.apply(file, arguments);
            let said = whole_text(&error(&outcome, 2));
            assert!(said.contains(&databases.fill(wanted)), "{outcome}{wanted}");
        }
    }
    // Without a profile it can be mended, not created.
    let file =
        "version = 1\n[[login]]\nenv = \"dev\"\ndatabase = \"[DB]\"\nusername = \"[DB]_x\"\n";
    let outcome = databases.apply(file, &[]);
    outcome
        .expect_status(4)
        .expect_in_stderr("the file names no profile for it");
    assert_eq!(super::count_of(scene.cluster, scene.database()), "0");
}
