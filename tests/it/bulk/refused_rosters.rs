//! What is wrong with a roster is said at once, all of it, and nothing is done.

use std::fs;

use serde_json::Value;

use super::{TwoDatabases, count_of};
use crate::harness::{Outcome, Proxy};
use crate::scene::error;

/// The messages on standard error, and the last one apart.
#[track_caller]
fn messages(outcome: &Outcome) -> (Vec<String>, String) {
    outcome.expect_status(2).expect_stdout("");
    let mut messages: Vec<String> = outcome
        .stderr
        .lines()
        .map(|line| {
            let line: Value = serde_json::from_str(line).expect("an error is an object");
            line["error"]["message"]
                .as_str()
                .expect("a text")
                .to_owned()
        })
        .collect();
    let last = messages.pop().expect("there is an error");
    (messages, last)
}

#[test]
fn all_that_is_wrong_is_said_and_nobody_logs_in() {
    let mut databases = TwoDatabases::new();
    let database = databases.scene.database().to_owned();
    let cluster = databases.scene.cluster;
    let proxy = Proxy::before(cluster);
    databases
        .scene
        .sandbox
        .register_on_port(proxy.port(), "uat", &database);
    databases.scene.sandbox.register(cluster, "prod", &database);
    let disable = ["registry", "disable", "-e", "prod", "-d", &database];
    databases
        .scene
        .sandbox
        .pgrole(disable)
        .run()
        .expect_status(0);
    let roster = "env,database,profile,username,connection_limit,deliver
uat,[DB],devqa,[DB]_fine,,
uat,[DB],devqa,[DB]_a,many,mail:x
dev,[DB]x,devqa,[DB]_b,,
dev,[DB],devqa,[DB]_c,,file:[SANDBOX]/none/{username}
uat,[DB],devqa,[DB]_fine,,
dev,[DB],devqa,[DB]_readwrite,,
prod,[DB],devqa,[DB]_d,,
dev,[DB],devqa,[DB]_e,,file:[SANDBOX]/one
qa,[OTHER],devqa,[DB]_f,,file:[SANDBOX]/./one
qa,[OTHER],devqa,[DB]_e,,
";
    let outcome = databases.create_from(roster, &[]).run();
    let (problems, last) = messages(&outcome);
    let expected = [
        "people: line 3, column connection_limit: a connection limit is a number from 0 to 2147483647, or \"none\"",
        "people: line 3, column deliver: \"mail:x\" is not a valid delivery; expected one of stdout, file:PATH, pgpass, pgpass:PATH, keyring, exec:COMMAND",
        "people: line 4, column database: no target dev/[DB]x in the registry",
        "people: line 5, column deliver: cannot deliver to file:[SANDBOX]/none/[DB]_c: ",
        "people: line 6, column username: \"[DB]_fine\" is on line 2 too",
        "people: line 7, column username: \"[DB]_readwrite\" is the name of an access group",
        "people: line 8, column database: target prod/[DB] is disabled",
        "people: line 10, column deliver: cannot deliver to file:[SANDBOX]/one: [SANDBOX]/one is the file of \"[DB]_e\" on 127.0.0.1:",
        "people: line 11, column username: \"[DB]_e\" is on line 9 too, for dev/[DB], which is on the same server",
    ];
    assert_eq!(problems.len(), expected.len(), "{outcome}");
    for (found, wanted) in problems.iter().zip(expected) {
        assert!(
            found.starts_with(&databases.fill(wanted)),
            "{found}\n{wanted}"
        );
    }
    assert!(problems[7].ends_with("(line 9), and can hold only one role's password"));
    assert_eq!(last, "people has 9 problems; nothing was done");
    outcome.expect_in_stderr(&format!("did you mean \\\"{database}\\\"?"));
    assert_eq!(count_of(cluster, &database), "0");
    assert!(proxy.traffic().is_empty(), "nobody logs in");
}

#[test]
fn another_roles_file_is_refused_before_anything_is_done() {
    let databases = TwoDatabases::new();
    let scene = &databases.scene;
    let file = databases.fill("file:[SANDBOX]/secret");
    let arguments = ["-u", &scene.role("first"), "--deliver", &file];
    scene.user("readonly", &arguments).run().expect_status(0);
    let held = fs::read(scene.sandbox.path().join("secret")).expect("it was delivered");
    let roster = "env,database,profile,username,deliver
dev,[DB],devqa,[DB]_a,
dev,[DB],devqa,[DB]_b,file:[SANDBOX]/secret
";
    // Whether the registry says so, or the file alone.
    for _ in 0..2 {
        let refused = error(&databases.create_from(roster, &[]).run(), 2);
        let said = refused["message"].as_str().expect("a text");
        let wanted = databases.fill("[SANDBOX]/secret is the file of \"[DB]_first\"");
        assert!(said.contains(&wanted), "{said}");
        assert_eq!(count_of(scene.cluster, scene.database()), "1");
        crate::harness::sqlite::query(&scene.sandbox.registry(), "DELETE FROM placed_role");
    }
    let holds = fs::read(scene.sandbox.path().join("secret")).expect("it is still there");
    assert_eq!(holds, held);
    // What holds many takes them all.
    let roster = "env,database,profile,username,deliver
dev,[DB],devqa,[DB]_a,pgpass:[SANDBOX]/pass
dev,[DB],devqa,[DB]_b,pgpass:[SANDBOX]/pass
";
    databases.create_from(roster, &[]).run().expect_status(0);
    let pass = fs::read_to_string(scene.sandbox.path().join("pass")).expect("it was delivered");
    assert_eq!(pass.lines().count(), 2);
}

#[test]
fn a_file_and_a_single_login_exclude_each_other() {
    let databases = TwoDatabases::new();
    databases.write(
        "people",
        "env,database,profile,username\ndev,[DB],devqa,[DB]_a\n",
    );
    for arguments in [
        &["-u", "x"] as &[&str],
        &["x"],
        &["--profile", "devqa"],
        &["-e", "dev"],
        &["--deliver", "stdout"],
        &["--password-stdin"],
        &["--access", "readonly"],
    ] {
        let outcome = super::create_from(&databases.scene, arguments).run();
        let said = error(&outcome, 2).to_string();
        assert!(
            said.contains("--from <FILE>") && said.contains("cannot be used with"),
            "{outcome}"
        );
    }
    let missing = databases
        .scene
        .sandbox
        .pgrole(["user", "create", "--from", "nobody.csv"]);
    let missing = error(&missing.run(), 2);
    assert_eq!(missing["message"], "cannot read nobody.csv");
    let closed = super::create_from(&databases.scene, &[]);
    let mut closed = closed.command();
    closed.stdout(std::fs::File::create("/dev/null").expect("it can be written"));
    let output = closed.output().expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        count_of(databases.scene.cluster, databases.scene.database()),
        "0"
    );
}
