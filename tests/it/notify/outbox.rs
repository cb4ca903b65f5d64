//! What waits, for how long, and that nothing is sent twice.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Scene;
use crate::harness::{Answer, ClosedPort, HttpServer};

/// How long after an attempt the next one is due, in seconds.
const REST: &str =
    "SELECT round((julianday(next_attempt_at) - julianday(attempted_at)) * 86400) FROM outbox";

fn warnings(stderr: &str) -> Vec<String> {
    let warning = |line: &str| {
        let object: Value = serde_json::from_str(line).expect("JSON");
        object["warning"].as_str().expect("a warning").to_owned()
    };
    stderr.lines().map(warning).collect()
}

#[test]
fn what_was_not_taken_is_sent_by_a_later_run_when_its_time_has_come() {
    let server = HttpServer::start();
    let scene = Scene::with_webhook(&server, "");
    server.answer([Answer::status("500 Internal Server Error")]);
    let role = scene.area.role("jane");
    let created = scene.user("readonly", &role).run();
    created.expect_status(0);
    assert_eq!(
        warnings(&created.stderr),
        [
            "a notification to \"team\" stays queued: 127.0.0.1 answered 500 Internal Server Error; a later run retries, or: pgrole notify flush"
        ]
    );
    assert_eq!(scene.outbox(), "pending 1");
    scene.user("find", &role).run().expect_status(0);
    assert_eq!(server.requests().len(), 1, "its time has not come");
    scene.let_time_pass();
    let found = scene.user("find", &role).run();
    found.expect_status(0).expect_stderr("");
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0].body, requests[1].body);
    assert_eq!(scene.outbox(), "sent 2");
}

#[test]
fn what_was_queued_while_the_clock_was_ahead_is_sent_once_it_is_right() {
    let server = HttpServer::start();
    let scene = Scene::with_webhook(&server, "");
    server.answer([Answer::status("500 Internal Server Error")]);
    scene.create("jane");
    scene.query(
        "UPDATE outbox SET created_at = '2199-01-01T00:00:00.000000Z', attempted_at = '2199-01-01T00:00:00.000000Z',
            next_attempt_at = '2199-01-01T00:01:00.000000Z'",
    );
    scene.find("jane");
    assert_eq!(scene.outbox(), "sent 2");
}

#[test]
fn each_failure_doubles_the_rest_and_the_server_may_ask_for_more() {
    let server = HttpServer::start();
    let scene = Scene::with_webhook(&server, "");
    let busy = |wait: String| Answer::Of("429 Too Many Requests", vec![("Retry-After", wait)], "");
    let http_date = "Fri, 31 Dec 2100 23:59:59 GMT".to_owned();
    server.answer([
        Answer::status("503 Service Unavailable"),
        Answer::Close,
        busy("7200".to_owned()),
        busy("1".to_owned()),
        busy(http_date),
    ]);
    scene.create("jane");
    let mut rests = vec![scene.query(REST)];
    for _ in 0..4 {
        scene.let_time_pass();
        scene.find("jane");
        rests.push(scene.query(REST));
    }
    // The fourth failure's own rest is longer than the second that was asked for; nobody asks for more than a day.
    assert_eq!(rests, ["60.0", "120.0", "7200.0", "480.0", "86400.0"]);
    assert_eq!(scene.outbox(), "pending 5");
}

#[test]
fn what_somebody_must_mend_is_said_at_once_and_sent_by_flush() {
    let server = HttpServer::start();
    let scene = Scene::with_webhook(&server, "");
    server.answer([Answer::Of("404 Not Found", Vec::new(), "no_service\n")]);
    let created = scene
        .user("readonly", &scene.area.role("jane"))
        .args(["-q"])
        .run();
    created.expect_status(0);
    assert_eq!(
        warnings(&created.stderr),
        [
            "a notification to \"team\" was refused: 127.0.0.1 answered 404 Not Found: no_service; once that is fixed: pgrole notify flush"
        ]
    );
    assert_eq!(scene.query(REST), "21600.0");
    let flushed = scene.notify(["flush"]).run();
    flushed.expect_status(0).expect_stderr("");
    assert_eq!(
        flushed.json_without_anchors(),
        json!([{ "channel": "team", "sent": 1, "failed": 0, "given_up": 0, "error": null, "pending": 0 }])
    );
    let again = scene.notify(["flush"]).run();
    again.expect_status(0);
    assert_eq!(again.json()[0]["sent"], 0);
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn a_quiet_run_is_silent_of_what_will_be_tried_again() {
    let closed = ClosedPort::new();
    let scene = Scene::new();
    scene.sandbox.write_config(&format!(
        "[notify.team]\nchannel = \"webhook\"\nurl = \"http://127.0.0.1:{}/\"\n",
        closed.port
    ));
    let run = scene.user("readonly", &scene.area.role("jane"));
    run.args(["-q"]).run().expect_status(0).expect_stderr("");
    assert_eq!(scene.outbox(), "pending 1");
    let error = scene.query("SELECT error FROM outbox");
    assert!(
        error.starts_with("127.0.0.1: Connection refused"),
        "{error}"
    );
}

#[test]
fn channels_that_hang_hold_up_neither_the_result_nor_the_others_nor_each_other() {
    let (silent, server) = (HttpServer::start(), HttpServer::start());
    silent.answer(vec![Answer::Silence; 6]);
    let scene = Scene::new();
    let section = |name: &str, url: String| {
        format!("[notify.{name}]\nchannel = \"webhook\"\nurl = \"{url}\"\n")
    };
    let mut config = section("good", server.url("/"));
    for number in 0..6 {
        config.push_str(&section(&format!("hangs{number}"), silent.url("/")));
    }
    scene.sandbox.write_config(&config);
    let created = scene.user("readonly", &scene.area.role("jane")).run();
    created.expect_status(0);
    assert_eq!(created.json()["status"], "user created");
    // One after the other there would be one at a time.
    assert!(silent.most_unanswered() > 1);
    assert_eq!(server.requests().len(), 1);
    let warnings = warnings(&created.stderr);
    assert_eq!(warnings.len(), 6);
    assert!(warnings[0].contains("no answer"), "{warnings:?}");
    assert_eq!(
        scene.query("SELECT state, count(*) FROM outbox GROUP BY state ORDER BY state"),
        "pending|6\nsent|1"
    );
}

#[test]
fn a_flush_beside_others_sends_each_message_once() {
    let server = HttpServer::start();
    let scene = Scene::with_webhook(&server, "");
    let count = 30;
    scene.fill_outbox(count);
    let running: Vec<_> = (0..4).map(|_| scene.notify(["flush"]).spawn()).collect();
    let mut sent = 0;
    for flush in running {
        let flushed = flush.wait();
        flushed.expect_status(0).expect_stderr("");
        sent += flushed.json()[0]["sent"].as_u64().expect("a number");
    }
    assert_eq!(sent, count);
    let ids: Vec<_> = server
        .requests()
        .iter()
        .map(|request| request.header("X-Pgrole-Id").expect("an id").to_owned())
        .collect();
    let different: BTreeSet<_> = ids.iter().collect();
    assert_eq!((ids.len() as u64, different.len() as u64), (count, count));
}

#[test]
fn a_sender_that_is_killed_blocks_the_message_until_its_claim_ends() {
    let server = HttpServer::start();
    let scene = Scene::with_webhook(&server, "");
    server.answer([Answer::Silence]);
    let role = scene.area.role("jane");
    let run = scene.user("readonly", &role).spawn();
    server.wait_for(1);
    run.kill();
    assert_eq!(scene.outbox(), "pending 0");
    let flushed = scene.notify(["flush"]).run();
    flushed.expect_status(0);
    assert_eq!(
        (&flushed.json()[0]["sent"], &flushed.json()[0]["pending"]),
        (&json!(0), &json!(1))
    );
    scene.query("UPDATE outbox SET claimed_until = '2000-01-01T00:00:00.000000Z'");
    scene.notify(["flush"]).run().expect_status(0);
    assert_eq!(scene.outbox(), "sent 1");
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    // The receiver can tell that it is the same.
    assert_eq!(
        requests[0].header("X-Pgrole-Id"),
        requests[1].header("X-Pgrole-Id")
    );
}

#[test]
fn messages_are_tried_in_their_order() {
    let server = HttpServer::start();
    let scene = Scene::with_webhook(&server, "");
    scene.fill_outbox(5);
    scene.notify(["flush"]).run().expect_status(0);
    let order: Vec<_> = server
        .requests()
        .iter()
        .map(|request| request.json()["username"].clone())
        .collect();
    assert_eq!(order, ["role1", "role2", "role3", "role4", "role5"]);
}

#[test]
fn one_message_that_is_refused_does_not_stop_those_behind_it_in_a_flush() {
    let server = HttpServer::start();
    let scene = Scene::with_webhook(&server, "");
    scene.fill_outbox(3);
    server.answer([Answer::status("400 Bad Request")]);
    let flushed = scene.notify(["flush"]).run();
    flushed.expect_status(1);
    assert_eq!(
        flushed.json_without_anchors(),
        json!([{
            "channel": "team", "sent": 2, "failed": 1, "given_up": 0,
            "error": "127.0.0.1 answered 400 Bad Request", "pending": 1,
        }])
    );
    assert_eq!(
        flushed.json_error()["error"]["message"],
        "channel \"team\" did not accept all messages"
    );
    assert_eq!(scene.outbox(), "pending 1\nsent 1\nsent 1");
}

#[test]
fn a_message_is_given_up_after_its_time_and_said_so() {
    let server = HttpServer::start();
    let scene = Scene::with_webhook(&server, "[outbox]\ngive_up_after = \"2h\"\n");
    server.answer(vec![Answer::status("502 Bad Gateway"); 3]);
    scene.create("jane");
    scene.let_time_pass();
    scene.find("jane");
    assert_eq!(scene.outbox(), "pending 2");
    scene.let_time_pass();
    scene.query("UPDATE outbox SET created_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-3 hours')");
    let found = scene
        .user("find", &scene.area.role("jane"))
        .args(["-q"])
        .run();
    found.expect_status(0);
    assert_eq!(
        warnings(&found.stderr),
        [
            "a notification to \"team\" was given up: 127.0.0.1 answered 502 Bad Gateway; to try again: pgrole notify flush --given-up"
        ]
    );
    assert_eq!(scene.outbox(), "given up 3");
    let listed = scene.notify(["list"]).run().json();
    assert_eq!(
        (&listed[0]["pending"], &listed[0]["given_up"]),
        (&json!(0), &json!(1))
    );
    scene.notify(["flush"]).run().expect_status(0);
    assert_eq!(server.requests().len(), 3);
    scene.notify(["flush", "--given-up"]).run().expect_status(0);
    assert_eq!(scene.outbox(), "sent 4");
}

#[test]
fn message_and_outcome_are_on_record_together_or_not_at_all() {
    let server = HttpServer::start();
    let scene = Scene::with_webhook(&server, "");
    scene.query(
        "CREATE TRIGGER broken BEFORE INSERT ON outbox BEGIN SELECT RAISE(ABORT, 'broken for a test'); END",
    );
    let created = scene.user("readonly", &scene.area.role("jane")).run();
    created
        .expect_status(1)
        .expect_in_stderr("it is done, but not all of it is on record")
        .expect_in_stderr("the outcome is not in the audit log: ");
    assert_eq!(
        scene.query("SELECT count(*) FROM audit_log WHERE status = 'user created'"),
        "0"
    );
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn an_outcome_that_recovery_completes_is_told_then() {
    let server = HttpServer::start();
    let scene = Scene::with_webhook(&server, "");
    // As if the process had been killed before its last word.
    scene.query(
        "CREATE TRIGGER broken BEFORE INSERT ON audit_log WHEN NEW.stage = 'outcome'
         BEGIN SELECT RAISE(ABORT, 'broken for a test'); END",
    );
    let role = scene.area.role("jane");
    let deliver = format!("file:{}", scene.sandbox.path().join("file").display());
    let create = scene.user("readonly", &role).args(["--deliver", &deliver]);
    create.run().expect_status(1);
    assert_eq!(scene.outbox(), "");
    scene.query("DROP TRIGGER broken");
    scene
        .sandbox
        .pgrole(["recover", "run"])
        .run()
        .expect_status(0);
    scene.find("jane");
    let message = server.only_request().json();
    assert_eq!(message["event"], "user created");
    assert_eq!(message["username"], role.as_str());
    assert_eq!(message["operation"], "user readonly");
}

#[test]
fn a_change_that_fails_is_told_with_its_error_and_a_reading_is_not() {
    let server = HttpServer::start();
    let mut scene = Scene::with_webhook(&server, "");
    let admin = scene.area.create_role("admin", "LOGIN PASSWORD 'admin'");
    scene.sandbox.env("PG_ADMIN_USER", &admin);
    scene.sandbox.env("PG_ADMIN_PASS", "admin");
    let role = scene.area.role("jane");
    scene.user("readonly", &role).run().expect_status(1);
    scene.sandbox.env("PG_ADMIN_PASS", "wrong");
    scene.user("find", &role).run().expect_status(5);
    scene
        .user("readonly", &role)
        .args(["--dry-run"])
        .run()
        .expect_status(5);
    let message = server.only_request().json();
    assert_eq!(message["event"], "operation failed");
    assert_eq!(message["username"], role.as_str());
    assert_eq!(
        message["error"],
        format!("role \"{admin}\" is neither CREATEROLE nor SUPERUSER (SQLSTATE 42501)")
    );
}

#[test]
fn a_damaged_message_does_not_block_those_behind_it() {
    let server = HttpServer::start();
    let scene = Scene::with_webhook(&server, "");
    scene.fill_outbox(3);
    scene.query("UPDATE outbox SET message = 'x' WHERE id = 2");
    scene.notify(["flush"]).run().expect_status(0);
    assert_eq!(server.requests().len(), 2);
    assert_eq!(scene.outbox(), "sent 1\ngiven up 0\nsent 1");
}

#[test]
fn without_channels_nothing_is_put_into_the_outbox() {
    let scene = Scene::new();
    scene.create("jane");
    assert_eq!(scene.outbox(), "");
    let listed = scene.notify(["list"]).run();
    listed.expect_status(0).expect_stdout("[]\n");
    let tested = scene.notify(["test"]).run();
    tested.expect_status(3);
    assert_eq!(
        tested.json_error()["error"]["message"],
        "the config file defines no channel"
    );
}

#[test]
fn no_password_is_in_the_outbox_or_in_a_message() {
    let canary = "c4nary-Passw0rd-9871";
    let server = HttpServer::start();
    let scene = Scene::with_webhook(&server, "");
    server.answer([Answer::status("500 Internal Server Error")]);
    let role = scene.area.role("jane");
    let run = |verb: &str, deliver: &str| {
        let run = scene
            .user(verb, &role)
            .args(["--password-stdin", "--deliver", deliver]);
        run.stdin(format!("{canary}\n")).run()
    };
    run("readonly", "exec:dd of=/dev/null").expect_status(0);
    run("reset", "exec:false").expect_status(8);
    let events: Vec<_> = server
        .requests()
        .iter()
        .map(|request| request.json()["event"].clone())
        .collect();
    assert_eq!(events, ["user created", "password undelivered"]);
    for request in server.requests() {
        assert!(!request.body.contains(canary), "{}", request.body);
    }
    let dump = scene.query("SELECT * FROM outbox");
    assert!(dump.contains("jane") && !dump.contains(canary), "{dump}");
    for name in ["pg_registry.db", "pg_registry.db-wal"] {
        let file = scene.sandbox.registry().with_file_name(name);
        let bytes = std::fs::read(file).unwrap_or_default();
        let found = bytes
            .windows(canary.len())
            .any(|part| part == canary.as_bytes());
        assert!(!found, "{name} holds the password");
    }
}

#[test]
fn no_part_of_a_url_is_shown_or_kept_but_its_host() {
    let secret = "T0K3N-c4nary";
    let server = HttpServer::start();
    let echo = Answer::Of(
        "404 Not Found",
        Vec::new(),
        "no hook at /services/T0K3N-c4nary",
    );
    server.answer(vec![[echo, Answer::Close]; 20].concat());
    let scene = Scene::new();
    let url = server.url(&format!("/services/{secret}"));
    let mut said = String::new();
    for url in [
        url.as_str(),
        url.as_str(),
        &format!("http://127.0.0.1:1/{secret}"),
        &format!("{secret}:// x"),
        &format!("ftp://h/{secret}"),
        &format!("https://[::bad/{secret}"),
    ] {
        scene.sandbox.write_config(&format!(
            "[notify.team]\nchannel = \"slack\"\nurl = \"{url}\"\n"
        ));
        let tested = scene.notify(["test"]).run();
        tested.expect_status(1);
        said.push_str(&tested.stderr);
        scene.create("jane");
        let flushed = scene.notify(["flush"]).run();
        said.push_str(&flushed.stderr);
        said.push_str(&flushed.stdout);
    }
    said.push_str(&scene.notify(["list", "-v"]).run().stdout);
    said.push_str(&scene.query("SELECT error FROM outbox"));
    assert!(
        said.contains("no hook at") && !said.contains(secret),
        "{said}"
    );
    let config = format!("[notify.team]\nchannel = \"slack\"\nurl = 5\nurl_file = \"{secret}\"\n");
    scene.sandbox.write_config(&config);
    let refused = scene.notify(["list"]).run();
    refused.expect_status(2);
    assert!(!refused.stderr.contains(secret), "{refused}");
}

#[test]
fn a_flush_sends_what_a_clock_that_has_gone_back_since_put_off() {
    let server = HttpServer::start();
    let scene = Scene::with_webhook(&server, "");
    server.answer([Answer::status("404 Not Found")]);
    scene.user("readonly", &scene.area.role("jane")).run();
    assert_eq!(scene.outbox(), "pending 1");
    scene.query(
        "UPDATE outbox SET attempted_at = '2100-01-01T00:00:00.000000Z', next_attempt_at = '2100-01-01T06:00:00.000000Z',
            claimed_until = '2100-01-01T00:01:00.000000Z', claimed_by = 'a'",
    );
    let flushed = scene.notify(["flush"]).run();
    flushed.expect_status(0);
    assert_eq!(flushed.json()[0]["sent"], 1, "{flushed}");
    assert_eq!(scene.outbox(), "sent 2");
}
