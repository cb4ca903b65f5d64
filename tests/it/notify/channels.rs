//! What each channel is sent, word for word.

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::Scene;
use crate::harness::{Answer, ClosedPort, HttpServer, results};

/// Replaces what differs from run to run by the name of its key.
fn filtered(mut message: Value) -> Value {
    let keys = "id at operation_id operator host version port audit_anchor";
    for key in keys.split(' ') {
        let text = message[key]
            .as_str()
            .unwrap_or_else(|| panic!("no {key}: {message}"));
        assert!(!text.is_empty(), "{key} is empty");
        message[key] = json!(format!("[{key}]"));
    }
    message
}

/// As docs/notifications.md says that a receiver makes it.
fn signature(key: &str, text: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("any key");
    mac.update(text.as_bytes());
    let digits = mac.finalize().into_bytes();
    let digits: String = digits.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256={digits}")
}

#[test]
fn a_webhook_is_sent_the_message_signed() {
    let server = HttpServer::start();
    let scene = Scene::with_webhook(&server, "secret = \"s3cr3t\"\n");
    let role = scene.area.role("jane");
    let created = scene.user("readonly", &role).run();
    created.expect_status(0).expect_stderr("");
    let request = server.only_request();
    assert_eq!(request.line, "POST /hook HTTP/1.1");
    assert_eq!(request.header("Content-Type"), Some("application/json"));
    let message = request.json();
    assert_eq!(results::check_as("message", &message), Ok(()));
    assert_eq!(request.header("X-Pgrole-Id"), message["id"].as_str());
    let timestamp = request.header("X-Pgrole-Timestamp").expect("a time");
    let signed = format!("{timestamp}.{}", request.body);
    assert_eq!(
        request.header("X-Pgrole-Signature"),
        Some(signature("s3cr3t", &signed).as_str())
    );
    let database = scene.area.database();
    assert_eq!(
        filtered(message),
        json!({
            "id": "[id]",
            "event": "user created",
            "summary": format!("user created: {role} on dev/{database}"),
            "at": "[at]",
            "env": "dev",
            "database": database,
            "hostname": "127.0.0.1",
            "port": "[port]",
            "username": role,
            "profile": "readonly",
            "error": null,
            "operation": "user readonly",
            "operation_id": "[operation_id]",
            "operator": "[operator]",
            "host": "[host]",
            "audit_anchor": "[audit_anchor]",
            "version": "[version]",
        })
    );
    assert_eq!(scene.outbox(), "sent 1");
}

/// A role whose name would ring, format or break lines everywhere.
const EVIL: &str = "<!channel> *x* `y` [z](http://e) & _u_\\";

fn created_with_evil_name(scene: &Scene) -> (String, Value) {
    let role = scene.area.role(EVIL);
    let created = scene.user("readonly", &role).run();
    created.expect_status(0).expect_stderr("");
    let message = scene.query("SELECT message FROM outbox");
    (role, serde_json::from_str(&message).expect("JSON"))
}

/// The lines that people read below the first one, each with the given escape.
fn facts(message: &Value, escape: impl Fn(&str) -> String) -> Vec<(String, String)> {
    let text = |key: &str| message[key].as_str().expect("a text").to_owned();
    let facts = [
        ("server", format!("{}:{}", text("hostname"), text("port"))),
        ("profile", "readonly".to_owned()),
        (
            "operation",
            format!("user readonly {}", text("operation_id")),
        ),
        (
            "operator",
            format!("{} on {}", text("operator"), text("host")),
        ),
        ("at", text("at")),
        ("audit anchor", text("audit_anchor")),
    ];
    facts
        .into_iter()
        .map(|(label, value)| (label.to_owned(), escape(&value)))
        .collect()
}

#[test]
fn slack_is_sent_code_spans_in_which_nothing_rings() {
    let server = HttpServer::start();
    let scene = Scene::new();
    let file = scene.write("url", &server.url("/services/T0/B0/secret\n"));
    scene.sandbox.write_config(&format!(
        "[notify.team]\nchannel = \"slack\"\nurl_file = \"{file}\"\n"
    ));
    let (role, message) = created_with_evil_name(&scene);
    let subject = format!("{role} on dev/{}", scene.area.database());
    let subject = subject
        .replace('`', "ˋ")
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    let mut lines = vec![format!("*user created*: `{subject}`")];
    for (label, value) in facts(&message, str::to_owned) {
        lines.push(format!("{label}: `{value}`"));
    }
    let request = server.only_request();
    assert_eq!(request.line, "POST /services/T0/B0/secret HTTP/1.1");
    assert_eq!(request.json(), json!({ "text": lines.join("\n") }));
}

#[test]
fn teams_is_sent_an_adaptive_card_of_text_runs() {
    let server = HttpServer::start();
    let scene = Scene::new();
    let url = server.url("/workflows/1?sig=secret");
    scene.sandbox.write_config(&format!(
        "[notify.team]\nchannel = \"teams\"\nurl_command = [\"echo\", \"{url}\"]\n"
    ));
    let (role, message) = created_with_evil_name(&scene);
    let line = |label: &str, text: &str, size: &str| {
        json!({ "type": "RichTextBlock", "inlines": [
            { "type": "TextRun", "text": format!("{label}: "), "weight": "bolder", "size": size },
            { "type": "TextRun", "text": text, "size": size },
        ]})
    };
    let subject = format!("{role} on dev/{}", scene.area.database());
    let mut body = vec![line("user created", &subject, "large")];
    for (label, value) in facts(&message, str::to_owned) {
        body.push(line(&label, &value, "default"));
    }
    let request = server.only_request();
    assert_eq!(request.line, "POST /workflows/1?sig=secret HTTP/1.1");
    assert_eq!(
        request.json(),
        json!({ "type": "message", "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": null,
            "content": {
                "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                "type": "AdaptiveCard",
                "version": "1.2",
                "body": body,
            },
        }]})
    );
}

#[test]
fn webex_is_sent_markdown_with_every_sign_escaped() {
    let server = HttpServer::start();
    let scene = Scene::new();
    let api = server.url("/v1/messages");
    let token = scene.write("token", "b0t-t0ken\n");
    scene.sandbox.write_config(&format!(
        "[notify.room]\nchannel = \"webex\"\nroom_id = \"R1\"\ntoken_file = \"{token}\"\napi = \"{api}\"\n"
    ));
    let (role, message) = created_with_evil_name(&scene);
    let escape = |text: &str| {
        let mut escaped = String::new();
        for letter in text.chars() {
            match letter {
                '&' => escaped.push_str("&amp;"),
                '<' => escaped.push_str("&lt;"),
                '>' => escaped.push_str("&gt;"),
                '`' | '*' | '_' | '[' | ']' | '(' | ')' | '!' | '\\' => {
                    escaped.push('\\');
                    escaped.push(letter);
                }
                _ => escaped.push(letter),
            }
        }
        escaped
    };
    let subject = escape(&format!("{role} on dev/{}", scene.area.database()));
    let mut markdown = format!("**user created**: {subject}");
    for (label, value) in facts(&message, escape) {
        markdown.push_str(&format!("  \n{label}: {value}"));
    }
    let request = server.only_request();
    assert_eq!(request.line, "POST /v1/messages HTTP/1.1");
    assert_eq!(request.header("Authorization"), Some("Bearer b0t-t0ken"));
    assert_eq!(
        request.json(),
        json!({ "roomId": "R1", "markdown": markdown })
    );
}

#[test]
fn a_command_is_given_the_message_on_standard_input() {
    let scene = Scene::new();
    let taken = scene.sandbox.path().join("taken.json");
    scene.sandbox.write_config(&format!(
        "[notify.own]\nchannel = \"command\"\ncommand = [\"tee\", \"{}\"]\n",
        taken.display()
    ));
    let (_, message) = created_with_evil_name(&scene);
    let text = std::fs::read_to_string(&taken).expect("the command ran");
    let given: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(given, message);
    assert_eq!(text.lines().count(), 1);
}

#[test]
fn a_command_gets_no_variable_that_holds_a_secret() {
    let mut scene = Scene::new();
    let names = ["PGPASSWORD", "PG_API_PASS", "CREDENTIALS_DIRECTORY"];
    for name in names {
        scene.sandbox.env(name, "mine");
    }
    let (seen, url) = (scene.sandbox.path().join("seen"), ClosedPort::new());
    // A command that gives the secret of a channel is none that gives the admin login.
    scene.sandbox.write_config(&format!(
        "[notify.own]\nchannel = \"command\"\ncommand = [\"sh\", \"-c\", \"cat > /dev/null; env >> {seen}\"]\n\
         [notify.team]\nchannel = \"webhook\"\n\
         url_command = [\"sh\", \"-c\", \"env >> {seen}; echo http://127.0.0.1:{}/\"]\n",
        url.port,
        seen = seen.display(),
    ));
    let role = scene.area.role("jane");
    scene.user("readonly", &role).run().expect_status(0);
    let seen = std::fs::read_to_string(&seen).expect("the commands ran");
    assert_eq!(seen.matches("PATH=").count(), 2, "{seen}");
    for name in names.iter().chain(&["PG_ADMIN_PASS"]) {
        assert!(!seen.contains(&format!("{name}=")), "{seen}");
    }
}

#[test]
fn an_authority_of_ones_own_is_trusted_and_no_other() {
    let (server, authority) = HttpServer::start_with_tls();
    let scene = Scene::new();
    let file = scene.write("ca.pem", &authority);
    let section = format!(
        "[notify.team]\nchannel = \"webhook\"\nurl = \"https://localhost:{}/x\"\n",
        server.port
    );
    scene.sandbox.write_config(&section);
    let tested = scene.notify(["test"]).run();
    tested.expect_status(1).expect_stdout("");
    let error = tested.json_error();
    assert_eq!(
        error["error"]["causes"],
        json!(["localhost: TLS: invalid peer certificate: UnknownIssuer"])
    );
    assert_eq!(server.requests().len(), 0);
    scene
        .sandbox
        .write_config(&format!("{section}tls_ca = \"{file}\"\n"));
    scene.notify(["test"]).run().expect_status(0);
    assert_eq!(server.only_request().json()["event"], "test");
}

#[test]
fn a_redirection_is_not_followed() {
    let (server, other) = (HttpServer::start(), HttpServer::start());
    let scene = Scene::with_webhook(&server, "");
    for status in ["302 Found", "307 Temporary Redirect"] {
        server.answer([Answer::Of(status, vec![("Location", other.url("/"))], "")]);
        let tested = scene.notify(["test"]).run();
        tested.expect_status(1);
        let wanted = format!("127.0.0.1 answered {status}");
        assert_eq!(tested.json_error()["error"]["causes"], json!([wanted]));
    }
    assert_eq!(other.requests().len(), 0);
}

#[test]
fn only_whoever_asks_is_told_that_a_message_went_out() {
    let server = HttpServer::start();
    let scene = Scene::with_webhook(&server, "");
    let role = scene.area.role("jane");
    let created = scene.user("readonly", &role).args(["-v"]).run();
    created.expect_status(0);
    let notes: Vec<_> = created.stderr.lines().collect();
    let said = "{\"note\":\"notifications sent to \\\"team\\\": 1\"}";
    assert_eq!(notes.last(), Some(&said));
}

#[test]
fn a_filter_of_events_and_environments_holds() {
    let server = HttpServer::start();
    let scene = Scene::new();
    let section = |name: &str, more: &str| {
        let url = server.url(&format!("/{name}"));
        format!("[notify.{name}]\nchannel = \"webhook\"\nurl = \"{url}\"\n{more}\n")
    };
    scene.sandbox.write_config(&format!(
        "{}{}{}",
        section("resets", "events = [\"password reset\"]"),
        section("prod", "environments = [\"prod\", \"uat\"]"),
        section(
            "dev",
            "environments = [\"dev\"]\nevents = [\"user created\", \"user already exists\"]"
        ),
    ));
    let role = scene.area.role("jane");
    for verb in ["readonly", "readonly", "reset", "find"] {
        scene
            .user(verb, &role)
            .run()
            .expect_status(0)
            .expect_stderr("");
    }
    let dry_run = scene.user("reset", &role).args(["--dry-run"]).run();
    dry_run.expect_status(0);
    let seen = |request: &crate::harness::http_server::Request| {
        format!("{} {}", request.line, request.json()["event"])
    };
    let seen: Vec<_> = server.requests().iter().map(seen).collect();
    assert_eq!(
        seen,
        [
            "POST /dev HTTP/1.1 \"user created\"",
            "POST /dev HTTP/1.1 \"user already exists\"",
            "POST /resets HTTP/1.1 \"password reset\"",
        ]
    );
}
