//! `PG_ADMIN_USER` and `PG_ADMIN_PASS`.

use super::{Place, words};
use crate::harness::{Admin, Cluster, Sandbox};

#[test]
fn both_variables_make_a_credential() {
    let cluster = Cluster::shared();
    let place = Place::on(cluster);
    let check = place
        .sandbox
        .pgrole(["credential", "check"])
        .env("PG_ADMIN_USER", Cluster::SUPERUSER)
        .env("PG_ADMIN_PASS", cluster.password());
    let row = &check.run().expect_status(0).json()[0];
    assert_eq!(row["database"], place.database.as_str());
    assert_eq!(row["user"], Cluster::SUPERUSER);
    assert_eq!(row["source"], "environment (PG_ADMIN_USER, PG_ADMIN_PASS)");
    assert_eq!(row["status"], "login ok");
    assert_eq!(
        (&row["superuser"], &row["createrole"]),
        (
            &(Admin::of_this_run() == Admin::Superuser).into(),
            &true.into()
        )
    );
}

#[test]
fn one_of_the_two_is_none_and_the_error_says_which_is_missing() {
    let sandbox = Sandbox::new();
    sandbox
        .pgrole(words("registry add -e dev -d app -H h"))
        .run()
        .expect_status(0);
    for (set, missing) in [
        ("PG_ADMIN_USER", "PG_ADMIN_PASS"),
        ("PG_ADMIN_PASS", "PG_ADMIN_USER"),
    ] {
        let check = sandbox
            .pgrole(words("credential check --format table"))
            .env(set, "x");
        let other = check.env(missing, "").run();
        other
            .expect_status(5)
            .expect_in_stderr(&format!("caused by: environment: {missing} is not set\n"));
    }
}

#[test]
fn the_error_lists_each_source_in_the_configured_order_and_why_it_gave_none() {
    let sandbox = Sandbox::new();
    sandbox.write_config("[credential]\nsources = [\"environment\"]\n");
    sandbox
        .pgrole(words("registry add -e dev -d app -H h"))
        .run()
        .expect_status(0);
    let check = sandbox
        .pgrole(words("credential check --format table"))
        .run();
    check.expect_status(5).expect_stdout("").expect_stderr(
        "error: the admin credential does not work on dev/app\n\
         caused by: no admin credential for dev/app\n\
         caused by: environment: PG_ADMIN_USER and PG_ADMIN_PASS are not set\n\
         hint: set PG_ADMIN_USER and PG_ADMIN_PASS, or store one: pgrole credential set -e dev -U ROLE\n",
    );
}

#[test]
fn the_password_is_printed_nowhere() {
    let cluster = Cluster::shared();
    let place = Place::on(cluster);
    for (password, status) in [(cluster.password(), 0), ("quite-wrong", 5)] {
        for format in ["table", "json", "jsonl"] {
            let check = place
                .sandbox
                .pgrole(words("credential check -v --format"))
                .args([format])
                .env("PG_ADMIN_USER", Cluster::SUPERUSER)
                .env("PG_ADMIN_PASS", password);
            let outcome = check.run();
            outcome.expect_status(status);
            let printed = format!("{}{}", outcome.stdout, outcome.stderr);
            assert!(!printed.contains(password), "{outcome}");
        }
    }
}

#[test]
fn checking_several_targets_says_which_failed() {
    let cluster = Cluster::shared();
    let mut place = Place::on(cluster);
    place.sandbox.register(cluster, "qa", "no_such_database");
    let check = |format: &str| {
        let run = place
            .sandbox
            .pgrole(["credential", "check", "--format", format]);
        run.env("PG_ADMIN_USER", Cluster::SUPERUSER)
            .env("PG_ADMIN_PASS", cluster.password())
            .run()
    };
    let partial = check("jsonl");
    partial.expect_status(4);
    assert_eq!(partial.json_lines()[0]["status"], "login ok");
    let errors: Vec<serde_json::Value> = partial
        .stderr
        .lines()
        .map(|line| serde_json::from_str(line).expect("one object a line"))
        .collect();
    assert_eq!(errors[0]["error"]["database"], "no_such_database");
    assert_eq!(errors[0]["error"]["sqlstate"], "3D000");
    assert_eq!(errors[1]["error"]["kind"], "partial");
    assert_eq!(errors[1]["error"]["message"], "1 of 2 targets failed");
    check("table")
        .expect_status(4)
        .expect_in_stderr("\nerror: 1 of 2 targets failed\n");
}
