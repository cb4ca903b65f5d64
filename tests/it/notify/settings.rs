//! The config file's channels, where their secrets come from, and what `notify list` and `notify test` say.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use serde_json::json;

use super::Scene;
use crate::harness::{ClosedPort, HttpServer, Keyring};

const SLACK: &str = "[notify.team]\nchannel = \"slack\"\n";

#[track_caller]
fn refused(scene: &Scene, section: &str, wanted: &str) {
    scene.sandbox.write_config(section);
    let listed = scene.notify(["list"]).args(["--format", "table"]).run();
    let listed = listed.filtered();
    listed.expect_status(2).expect_stdout("");
    let wanted = format!(
        "error: config file [SANDBOX]/home/.config/pgrole/config.toml is not valid\ncaused by: {wanted}\n"
    );
    listed.expect_stderr(&wanted);
}

#[test]
fn what_is_wrong_in_a_section_is_named_with_the_nearest_that_is_right() {
    let scene = Scene::new();
    for (section, wanted) in [
        (
            "[notify.team]\nchannel = \"slak\"\n",
            "[notify.team]: unknown channel \"slak\"; known: slack, webex, email, teams, webhook, command\nhint: did you mean \"slack\"?",
        ),
        (
            "[notify.team]\nurl = \"x\"\n",
            "[notify.team]: channel is missing",
        ),
        (
            SLACK,
            "[notify.team]: url is missing\nhint: add url_keyring, url_file, url_command or url",
        ),
        (
            "[notify.team]\nchannel = \"slack\"\nurl = \"x\"\nevents = [\"user creatd\"]\n",
            "[notify.team]: unknown event \"user creatd\"; known: user created, user already exists, access granted, access revoked, access extended, access expired, access removed, access stranger, access not expired, password reset, search_path updated, user changed, user cloned, user dropped, user locked, user renamed, user unlocked, operation failed, password undelivered, rotation finished, rotation failed, expiring\nhint: did you mean \"user created\"?",
        ),
        (
            "[notify.team]\nchannel = \"slack\"\nurl = \"x\"\nenvironment = [\"dev\"]\n",
            "[notify.team]: unknown key `environment` for this channel\nhint: did you mean \"environments\"?",
        ),
        (
            "[notify.team]\nchannel = \"slack\"\nurl = \"x\"\nroom_id = \"1\"\n",
            "[notify.team]: unknown key `room_id` for this channel",
        ),
        (
            "[notify.team]\nchannel = \"slack\"\nurl = \"x\"\nenvironments = [\"live\"]\n",
            "[notify.team]: unknown environment \"live\"; known: dev, qa, uat, prod\nhint: add it to \"environments\" in the config file, or name one of these",
        ),
        (
            "[notify.team]\nchannel = \"slack\"\nurl = \"x\"\nurl_file = \"y\"\n",
            "[notify.team]: the url is given twice",
        ),
        (
            "[notify.m]\nchannel = \"email\"\nsmtp = \"smtp://me:s3cret@h\"\nfrom = \"a@b.c\"\nto = [\"a@b.c\"]\n",
            "[notify.m]: smtp contains a password\nhint: keep it elsewhere: password_file, password_command or password_keyring",
        ),
        (
            "[notify.m]\nchannel = \"email\"\nsmtp = \"smtp://h\"\nfrom = \"a@b.c\"\nto = [\"a b\"]\n",
            "[notify.m]: \"a b\" is not a valid mail address",
        ),
        (
            "[outbox]\ngive_up_after = \"3\"\n",
            "line 2: \"3\" is not a span of time; expected one such as 90d, 12h, 30m, [DURATION] or 2w",
        ),
    ] {
        refused(&scene, section, wanted);
    }
}

#[test]
fn a_secret_in_a_file_that_others_may_read_is_not_used() {
    let server = HttpServer::start();
    let scene = Scene::new();
    let file = scene.write("url", &server.url("/"));
    fs::set_permissions(&file, Permissions::from_mode(0o640)).expect("our own file");
    scene
        .sandbox
        .write_config(&format!("{SLACK}url_file = \"{file}\"\n"));
    let tested = scene
        .notify(["test"])
        .args(["--format", "table"])
        .run()
        .filtered();
    tested.expect_status(1).expect_stdout("").expect_stderr(
        "error: channel \"team\" did not accept the message\n\
         caused by: its url: [SANDBOX]/url may be read by others; to close it: chmod 600 [SANDBOX]/url\n",
    );
    assert_eq!(server.requests().len(), 0);
    // But for systemd's credentials, whose modes say nothing: their folder is the service's alone.
    let run = scene.notify(["test"]);
    let run = run.env("CREDENTIALS_DIRECTORY", scene.sandbox.path());
    run.run().expect_status(0);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_secret_whose_command_fails_is_said_to_be_missing() {
    let scene = Scene::new();
    for (command, wanted) in [
        (
            "[\"false\"]",
            "its url: command: \"false\" ended with exit status: 1",
        ),
        ("[\"true\"]", "its url: it is not a single line of text"),
        (
            "[\"/no/such\"]",
            "its url: command: cannot run \"/no/such\": No such file or directory (os error 2)",
        ),
    ] {
        scene
            .sandbox
            .write_config(&format!("{SLACK}url_command = {command}\n"));
        let tested = scene.notify(["test"]).run();
        tested.expect_status(1);
        assert_eq!(tested.json_error()["error"]["causes"], json!([wanted]));
    }
}

#[test]
fn a_secret_comes_from_the_keyring_and_goes_there_by_credential_set() {
    let server = HttpServer::start();
    let mut scene = Scene::new();
    let Some(keyring) = Keyring::unlocked(&scene.sandbox) else {
        return;
    };
    scene
        .sandbox
        .env("DBUS_SESSION_BUS_ADDRESS", keyring.address());
    scene
        .sandbox
        .write_config(&format!("{SLACK}url_keyring = \"team-hook\"\n"));
    let missing = scene.notify(["test"]).run();
    missing.expect_status(1);
    assert_eq!(
        missing.json_error()["error"]["causes"],
        json!([
            "its url: keyring: no entry for notify/team-hook; to store one: pgrole credential set --notify team-hook"
        ])
    );
    let credential = |words: &[&str]| {
        scene
            .sandbox
            .pgrole(["credential"])
            .args(words.iter().copied())
    };
    let stored = credential(&["set", "--notify", "team-hook", "--password-stdin"])
        .stdin(server.url("/from-keyring\n"))
        .run();
    stored.expect_status(0);
    assert_eq!(
        stored.json_without_anchors(),
        json!({ "account": "notify/team-hook", "user": null })
    );
    scene.notify(["test"]).run().expect_status(0);
    assert_eq!(server.only_request().line, "POST /from-keyring HTTP/1.1");
    let listed = credential(&["list"]).run();
    assert_eq!(
        listed.json_without_anchors(),
        json!([{ "account": "notify/team-hook", "user": null }])
    );
    credential(&["delete", "--notify", "team-hook"])
        .run()
        .expect_status(0);
    credential(&["delete", "--notify", "team-hook"])
        .run()
        .expect_status(3);
    assert_eq!(credential(&["list"]).run().json(), json!([]));
    let statuses = scene.query("SELECT status FROM audit_log WHERE stage = 'outcome' AND operation LIKE 'credential %' ORDER BY id");
    assert_eq!(
        statuses,
        "notify/team-hook stored\nnotify/team-hook deleted\nnot found"
    );
}

#[test]
fn the_list_shows_what_is_configured_and_what_waits_and_no_secret() {
    let server = HttpServer::start();
    let scene = Scene::new();
    let url = server.url("/t0ken");
    let team = "channel = \"slack\"\nevents = [\"user created\", \"rotation failed\"]\nenvironments = [\"dev\", \"prod\"]";
    scene.sandbox.write_config(&format!(
        "[notify.team]\n{team}\nurl = \"{url}\"\n[notify.old]\nchannel = \"webhook\"\nurl = \"http://127.0.0.1:1/t0ken\"\nsecret = \"t0ken\"\n"
    ));
    scene.create("jane");
    scene.sandbox.write_config(&format!(
        "[notify.team]\n{team}\nurl = \"{url}\"\n[notify.own]\nchannel = \"command\"\ncommand = [\"true\", \"t0ken\"]\n"
    ));
    let listed = scene.notify(["list"]).run();
    listed.expect_status(0).expect_stderr("");
    let mut rows = listed.json_without_anchors();
    for (row, key) in [(1, "last_sent_at"), (2, "next_attempt_at")] {
        assert!(rows[row][key].is_string(), "{rows}");
        rows[row][key] = json!("[TIME]");
    }
    let error = rows[2]["last_error"].as_str().expect("a reason");
    assert!(
        error.starts_with("127.0.0.1: Connection refused"),
        "{error}"
    );
    rows[2]["last_error"] = json!("[REFUSED]");
    let nothing = json!({
        "channel": "own", "kind": "command", "events": [], "environments": [], "pending": 0, "failed": 0,
        "given_up": 0, "sent": 0, "next_attempt_at": null, "last_sent_at": null, "last_error": null,
    });
    assert_eq!(
        rows,
        json!([
            nothing,
            {
                "channel": "team", "kind": "slack", "events": ["user created", "rotation failed"],
                "environments": ["dev", "prod"], "pending": 0, "failed": 0, "given_up": 0, "sent": 1,
                "next_attempt_at": null, "last_sent_at": "[TIME]", "last_error": null,
            },
            {
                "channel": "old", "kind": null, "events": [], "environments": [], "pending": 1, "failed": 1,
                "given_up": 0, "sent": 0, "next_attempt_at": "[TIME]", "last_sent_at": null,
                "last_error": "[REFUSED]",
            },
        ])
    );
    let table = scene.notify(["list"]).args(["--format", "table"]).run();
    assert!(!table.stdout.contains("t0ken") && !listed.stdout.contains("t0ken"));
    assert!(
        table.stdout.contains("user created, rotation failed"),
        "{table}"
    );
}

#[test]
fn a_test_message_says_of_each_channel_what_happened() {
    let server = HttpServer::start();
    let scene = Scene::new();
    let url = server.url("/");
    scene.sandbox.write_config(&format!(
        "[notify.good]\nchannel = \"webhook\"\nurl = \"{url}\"\n[notify.bad]\nchannel = \"command\"\ncommand = [\"sh\", \"-c\", \"echo no thanks >&2; exit 3\"]\n"
    ));
    let both = scene.notify(["test"]).args(["--format", "table"]).run();
    both.expect_status(4);
    both.expect_stdout(" CHANNEL  KIND     STATUS\n good     webhook  sent\n");
    both.expect_stderr(
        "error: channel \"bad\" did not accept the message\ncaused by: \"sh\" ended with exit status: 3: no thanks\n\
         error: 1 of 2 channels failed\n",
    );
    scene.notify(["test", "good"]).run().expect_status(0);
    let message = server.requests()[1].json();
    assert_eq!(message["event"], "test");
    assert!(
        message["summary"]
            .as_str()
            .is_some_and(|text| text.starts_with("test: from "))
    );
    let unknown = scene.notify(["test", "goood"]).run();
    unknown.expect_status(3);
    assert_eq!(
        unknown.json_error()["error"]["hint"],
        "did you mean \"good\"?"
    );
    assert_eq!(scene.outbox(), "", "a test goes past the outbox");
}

#[test]
fn the_documented_example_is_a_config_file() {
    let document = include_str!("../../../docs/notifications.md");
    let example = document
        .split("    [notify.team]")
        .nth(1)
        .expect("the example");
    let lines = example
        .lines()
        .take_while(|line| line.is_empty() || line.starts_with("    "));
    let toml: Vec<_> = lines.map(str::trim).collect();
    let scene = Scene::new();
    scene
        .sandbox
        .write_config(&format!("[notify.team]\n{}\n", toml.join("\n")));
    let listed = scene.notify(["list"]).run();
    listed.expect_status(0).expect_stderr("");
    let names = |key: &str| -> Vec<_> {
        let rows = listed.json();
        let rows = rows.as_array().expect("rows").iter();
        rows.map(|row| row[key].as_str().expect("a text").to_owned())
            .collect()
    };
    assert_eq!(
        names("channel"),
        ["dba", "mail", "pager", "room", "siem", "team"]
    );
    assert_eq!(
        names("kind"),
        ["teams", "email", "command", "webex", "webhook", "slack"]
    );
}

#[test]
fn the_document_names_every_event() {
    let scene = Scene::new();
    let document = include_str!("../../../docs/notifications.md");
    let document = document.split_whitespace().collect::<Vec<_>>().join(" ");
    let events = document.split("The events: ").nth(1).expect("the list");
    let events = events.split(". ").next().expect("a sentence");
    let events: Vec<_> = events
        .split(", ")
        .map(|event| event.trim_matches('`'))
        .collect();
    let list = format!("{events:?}");
    scene.sandbox.write_config(&format!(
        "{SLACK}url = \"http://127.0.0.1:1/\"\nevents = {list}\n"
    ));
    let listed = scene.notify(["list"]).run();
    listed.expect_status(0);
    assert_eq!(listed.json()[0]["events"], json!(events));
    assert_eq!(events.len(), 22);
}

/// Whether a command raises them yet or not: a config file outlives a release.
#[test]
fn every_event_that_the_document_names_is_accepted() {
    let document = include_str!("../../../docs/notifications.md");
    let start = document.find("The events: ").expect("it lists them");
    let list = document[start..].split(". ").next().expect("a sentence");
    let names: Vec<_> = list.split('`').skip(1).step_by(2).collect();
    assert!(
        names.contains(&"user dropped") && names.len() >= 12,
        "{names:?}"
    );
    let scene = Scene::new();
    scene
        .sandbox
        .write_config(&format!("{SLACK}url = \"x\"\nevents = {names:?}\n"));
    let listed = scene.notify(["list"]).run().expect_status(0).json();
    assert_eq!(listed[0]["events"], json!(names));
}

#[test]
fn a_proxy_is_chosen_as_curl_does() {
    let server = HttpServer::start();
    let scene = Scene::with_webhook(&server, "");
    let closed = ClosedPort::new();
    let proxy = format!("http://127.0.0.1:{}", closed.port);
    for (variables, status) in [
        // A web server hands these to its programs as the header "Proxy" of a request.
        (&[("HTTP_PROXY", proxy.as_str())][..], 0),
        (&[("https_proxy", &proxy), ("HTTPS_PROXY", &proxy)], 0),
        (&[("http_proxy", &proxy)], 1),
        (&[("ALL_PROXY", &proxy)], 1),
        (&[("http_proxy", &proxy), ("no_proxy", "x,127.0.0.0/8")], 0),
        (&[("all_proxy", &proxy), ("NO_PROXY", "127.0.0.1")], 0),
        (&[("http_proxy", &proxy), ("no_proxy", "127.1.0.0/16")], 1),
    ] {
        let mut run = scene.notify(["test"]);
        for (name, value) in variables {
            run = run.env(name, *value);
        }
        run.run().expect_status(status);
    }
}

#[test]
fn a_token_does_not_go_over_http_to_another_host() {
    let scene = Scene::new();
    scene.sandbox.write_config(
        "[notify.team]\nchannel = \"webex\"\nroom_id = \"r\"\ntoken = \"s3cret-token\"\n\
         api = \"http://webex.example.com/messages\"\n",
    );
    let tested = scene.notify(["test"]).run();
    tested.expect_status(1);
    tested.expect_in_stderr("webex.example.com: a token is sent over https:// only");
}
