//! A run that is cut off is finished by the same command: each password is where its row sends it.

use std::fs;

use super::{TwoDatabases, create_from, login_of};
use crate::scene::{Login, wait_until};

const ROWS: usize = 12;

fn roster() -> String {
    let lines = (0..ROWS).map(|number| {
        let target = if number % 2 == 0 {
            "dev,[DB]"
        } else {
            "qa,[OTHER]"
        };
        format!("{target},readonly,[DB]_r{number},file:[SANDBOX]/out/{{username}}\n")
    });
    format!(
        "env,database,profile,username,deliver\n{}",
        lines.collect::<String>()
    )
}

#[test]
fn whatever_kills_it_the_rerun_completes_it() {
    let databases = TwoDatabases::new();
    let scene = &databases.scene;
    let out = scene.sandbox.path().join("out");
    fs::create_dir(&out).expect("the sandbox can be written");
    databases.write("people", &roster());
    let delivered = || fs::read_dir(&out).map_or(0, Iterator::count);
    for goal in [1, 4, 7, 9] {
        let running = create_from(scene, &["--jobs", "2"]).spawn();
        wait_until("some are delivered", || delivered() >= goal);
        running.kill();
    }
    let last = create_from(scene, &["--format", "jsonl"]).run();
    last.expect_status(0);
    assert_eq!(last.json_lines().len(), ROWS, "{last}");
    for number in 0..ROWS {
        let role = scene.role(&format!("r{number}"));
        let text = fs::read_to_string(out.join(&role))
            .unwrap_or_else(|error| panic!("{role}: {error}\n{last}"));
        let login: Login = login_of(&serde_json::from_str(&text).expect("JSON"));
        let database = if number % 2 == 0 {
            scene.database()
        } else {
            &databases.other
        };
        assert!(databases.may_log_in_to(database, &login), "{role}");
    }
    let open = scene.sandbox.pgrole(["recover", "list"]).run();
    assert_eq!(open.json().as_array().map(Vec::len), Some(0), "{open}");
}

#[test]
fn the_first_interrupt_lets_the_current_rows_finish() {
    let databases = TwoDatabases::new();
    let scene = &databases.scene;
    let out = scene.sandbox.path().join("out");
    fs::create_dir(&out).expect("the sandbox can be written");
    // The delivery of the first row waits until it is told to go on.
    let script = "import os, sys, time\nsys.stdin.read()\nopen(sys.argv[1] + '.begun', 'w')\nwhile not os.path.exists(sys.argv[1] + '.go'): time.sleep(0.01)\n";
    let program = databases.write("wait.py", script);
    let flag = out.join("flag").display().to_string();
    let lines = (0..3).map(|number| {
        format!(
            "dev,[DB],readonly,[DB]_r{number},exec:python3 {} {flag}\n",
            program.display()
        )
    });
    let roster = format!(
        "env,database,profile,username,deliver\n{}",
        lines.collect::<String>()
    );
    databases.write("people", &roster);
    let running = create_from(scene, &["--format", "jsonl"]).spawn();
    wait_until("the first delivery has begun", || {
        out.join("flag.begun").exists()
    });
    running.signal("INT");
    fs::write(out.join("flag.go"), "").expect("the sandbox can be written");
    let outcome = running.wait();
    outcome
        .expect_status(130)
        .expect_in_stderr("interrupted: 1 created, 0 failed, 2 left");
    assert_eq!(outcome.json_lines().len(), 1, "{outcome}");
    let again = create_from(scene, &["--format", "jsonl"]).run();
    again.expect_status(0);
    let statuses: Vec<_> = again
        .json_lines()
        .iter()
        .map(|row| row["status"].clone())
        .collect();
    assert_eq!(
        statuses,
        ["user already exists", "user created", "user created"]
    );
}

#[test]
fn passwords_that_are_not_delivered_end_each_run_with_8() {
    let databases = TwoDatabases::new();
    let scene = &databases.scene;
    let gate = scene.sandbox.path().join("gate");
    let deliver = format!("exec:test -e {}", gate.display());
    databases.write(
        "people",
        &format!("env,database,profile,username,deliver\ndev,[DB],readonly,[DB]_x,{deliver}\n"),
    );
    for _ in 0..2 {
        let run = create_from(scene, &["--format", "jsonl"]).run();
        run.expect_status(8);
        assert!(run.stderr.contains("pgrole recover run"), "{run}");
    }
    fs::write(&gate, "").expect("the sandbox can be written");
    let last = create_from(scene, &["--format", "jsonl"]).run();
    last.expect_status(0);
}

#[test]
fn what_stands_in_the_way_meanwhile_stops_the_rows_that_follow() {
    let databases = TwoDatabases::new();
    let scene = &databases.scene;
    let out = scene.sandbox.path().join("out");
    fs::create_dir(&out).expect("the sandbox can be written");
    let roster = format!(
        "env,database,profile,username,deliver\n\
         dev,[DB],readonly,[DB]_first,exec:rmdir {}\n\
         dev,[DB],readonly,[DB]_second,file:[SANDBOX]/out/second\n",
        out.display()
    );
    databases.write("people", &roster);
    let run = create_from(scene, &["--jobs", "1", "--format", "jsonl"]).run();
    run.expect_status(4);
    let made = |name: &str| {
        let role = scene.role(name);
        scene.psql(&format!(
            "SELECT count(*) FROM pg_roles WHERE rolname = '{role}'"
        ))
    };
    assert_eq!(
        (made("first").as_str(), made("second").as_str()),
        ("1", "0"),
        "{run}"
    );
}
