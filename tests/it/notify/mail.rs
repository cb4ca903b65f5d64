//! Mail on a real server: by STARTTLS and by TLS, with a login, to several, and with nothing that a name could forge.

use std::fs;

use serde_json::{Value, json};

use super::Scene;
use crate::harness::smtp_server::{PASSWORD, USER};
use crate::harness::{FakeServer, MailTls, SmtpServer};

/// A channel `mail`; the password is in a private file.
fn config(scene: &Scene, server: &SmtpServer, smtp: &str, to: &str, more: &str) {
    let port = server.port;
    let smtp = smtp.replace("PORT", &port.to_string());
    let authority = server.authority();
    scene.sandbox.write_config(&format!(
        "[notify.mail]\nchannel = \"email\"\nsmtp = \"{smtp}\"\nfrom = \"pgrole <pgrole@example.com>\"\n\
         to = {to}\ntls_ca = \"{}\"\n{more}\n",
        authority.display()
    ));
}

fn password(scene: &Scene) -> String {
    let file = scene.write("password", &format!("{PASSWORD}\n"));
    format!("password_file = \"{file}\"")
}

fn headers(mail: &Value) -> Vec<(String, String)> {
    let headers = mail["headers"].as_array().expect("a list").iter();
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    headers
        .map(|pair| (text(&pair[0]), text(&pair[1])))
        .collect()
}

#[test]
fn a_name_that_a_server_holds_forges_no_header() {
    let Some(server) = SmtpServer::start(MailTls::StartTls) else {
        return;
    };
    let scene = Scene::new();
    let smtp = format!("smtp://{USER}@localhost:PORT");
    let to = "[\"dba-team@example.com\"]";
    config(&scene, &server, &smtp, to, &password(&scene));
    // No pgrole makes it; another tool may have. The message names the first few only, and other tests' roles end too.
    let role = scene.area.role("jörg\r\nBcc: eve@example.com");
    scene.area.psql(&format!(
        "CREATE ROLE \"{role}\" LOGIN VALID UNTIL '1990-01-01'"
    ));
    let run = scene.sandbox.pgrole(["notify", "expiring"]);
    run.args(["--within", "5000w"]).run().expect_status(0);
    let mail = server.next_mail();
    assert_eq!(mail["to"], json!(["dba-team@example.com"]));
    let found = headers(&mail);
    assert!(found.iter().all(|(name, _)| name != "Bcc"), "{found:?}");
    let body = mail["body"].as_str().expect("a text");
    assert!(body.contains(r"jörg\r\nBcc: eve@example.com"), "{body}");
}

#[test]
fn a_mail_goes_to_all_by_starttls_and_login() {
    let Some(server) = SmtpServer::start(MailTls::StartTls) else {
        return;
    };
    let scene = Scene::new();
    let smtp = format!("smtp://{USER}@localhost:PORT");
    let to = "[\"dba-team@example.com\", \"Jane <jane@example.com>\"]";
    config(&scene, &server, &smtp, to, &password(&scene));
    let role = scene.area.role("jörg\tBcc: eve@example.com");
    let created = scene.user("readonly", &role).run();
    created.expect_status(0).expect_stderr("");
    let mail = server.next_mail();
    assert_eq!(mail["encrypted"], json!(true));
    assert_eq!(mail["login"], json!(USER));
    assert_eq!(mail["from"], json!("pgrole@example.com"));
    assert_eq!(
        mail["to"],
        json!(["dba-team@example.com", "jane@example.com"])
    );
    let message: Value =
        serde_json::from_str(&scene.query("SELECT message FROM outbox")).expect("JSON");
    let text = |key: &str| message[key].as_str().expect("a text").to_owned();
    let role = role.replace('\t', "\\t");
    let subject = format!("{role} on dev/{}", scene.area.database());
    let found = headers(&mail);
    let names: Vec<_> = found.iter().map(|(name, _)| name.as_str()).collect();
    let wanted_names = [
        "From",
        "Subject",
        "Message-ID",
        "Auto-Submitted",
        "To",
        "MIME-Version",
        "Date",
        "Content-Type",
        "Content-Transfer-Encoding",
    ];
    let mut sorted = names.clone();
    sorted.sort_unstable();
    let mut wanted_sorted = wanted_names.to_vec();
    wanted_sorted.sort_unstable();
    assert_eq!(sorted, wanted_sorted);
    let header = |wanted: &str| {
        let found = found.iter().find(|(name, _)| name == wanted);
        found.expect("checked above").1.clone()
    };
    assert_eq!(
        header("Subject"),
        format!("[pgrole] user created: {subject}")
    );
    assert_eq!(header("From"), "pgrole <pgrole@example.com>");
    assert_eq!(
        header("To"),
        "dba-team@example.com, Jane <jane@example.com>"
    );
    assert_eq!(
        header("Message-ID"),
        format!("<{}.pgrole@example.com>", text("id"))
    );
    assert_eq!(header("Auto-Submitted"), "auto-generated");
    assert_eq!(header("Content-Type"), "text/plain; charset=\"utf-8\"");
    let body = format!(
        "user created: {subject}\n\nserver: {}:{}\nprofile: readonly\noperation: user readonly {}\n\
         operator: {} on {}\nat: {}\naudit anchor: {}",
        text("hostname"),
        text("port"),
        text("operation_id"),
        text("operator"),
        text("host"),
        text("at"),
        text("audit_anchor"),
    );
    let found = mail["body"].as_str().expect("a text");
    assert_eq!(found.replace("\r\n", "\n").trim_end(), body);
    assert_eq!(server.end(), "");
}

#[test]
fn a_mail_goes_by_tls_from_the_first_byte() {
    let Some(server) = SmtpServer::start(MailTls::Immediate) else {
        return;
    };
    let scene = Scene::new();
    let smtp = format!("smtps://{USER}@localhost:PORT");
    config(
        &scene,
        &server,
        &smtp,
        "[\"a@example.com\"]",
        &password(&scene),
    );
    scene.notify(["test"]).run().expect_status(0);
    let mail = server.next_mail();
    assert_eq!(mail["encrypted"], json!(true));
    assert_eq!(mail["to"], json!(["a@example.com"]));
}

#[test]
fn nothing_is_sent_in_the_clear_unless_the_config_says_so() {
    let Some(server) = SmtpServer::start(MailTls::None) else {
        return;
    };
    let scene = Scene::new();
    let to = "[\"a@example.com\"]";
    config(&scene, &server, "smtp://localhost:PORT", to, "");
    let refused = scene.notify(["test"]).run();
    refused.expect_status(1).expect_stdout("");
    refused.expect_in_stderr("STARTTLS");
    config(
        &scene,
        &server,
        "smtp://localhost:PORT",
        to,
        "starttls = false",
    );
    scene.notify(["test"]).run().expect_status(0);
    let mail = server.next_mail();
    assert_eq!(mail["encrypted"], json!(false));
    assert_eq!(server.end(), "", "the refused one came too");
}

#[test]
fn a_login_in_the_clear_is_refused() {
    let scene = Scene::new();
    scene.sandbox.write_config(
        "[notify.mail]\nchannel = \"email\"\nsmtp = \"smtp://me@localhost\"\nstarttls = false\n\
         password = \"x\"\nfrom = \"a@example.com\"\nto = [\"a@example.com\"]\n",
    );
    let refused = scene.notify(["list"]).run();
    refused.expect_status(2);
    refused.expect_in_stderr(
        "[notify.mail]: a login needs TLS: the password would be sent in clear text",
    );
}

#[test]
fn what_the_mail_server_refuses_is_told_without_the_password() {
    let Some(server) = SmtpServer::start(MailTls::StartTls) else {
        return;
    };
    let scene = Scene::new();
    let smtp = format!("smtp://{USER}@localhost:PORT");
    let test = |to: &str, more: &str| {
        config(&scene, &server, &smtp, to, more);
        let tested = scene.notify(["test"]).run();
        tested.expect_status(1);
        let causes = tested.json_error()["error"]["causes"].clone();
        causes[0].as_str().expect("a cause").to_owned()
    };
    let wrong = test("[\"a@example.com\"]", "password = \"wr0ng-canary\"");
    assert_eq!(
        wrong,
        "localhost: permanent error (535): 5.7.8 Authentication credentials invalid"
    );
    let nobody = test(
        "[\"a@example.com\", \"nobody@example.com\"]",
        &password(&scene),
    );
    assert_eq!(
        nobody,
        "nobody@example.com did not get it: localhost: permanent error (550): 5.1.1 no such mailbox"
    );
    let mail = server.next_mail();
    assert_eq!(mail["to"], json!(["a@example.com"]));
    let later = test("[\"later@example.com\"]", &password(&scene));
    assert_eq!(later, "localhost: transient error (451): 4.2.1 come again");
    assert_eq!(server.end(), "");
}

#[test]
fn another_authority_than_the_configured_one_is_refused() {
    let Some(server) = SmtpServer::start(MailTls::StartTls) else {
        return;
    };
    let Some(other) = SmtpServer::start(MailTls::StartTls) else {
        return;
    };
    fs::copy(other.authority(), server.authority()).expect("our own folders");
    let scene = Scene::new();
    let smtp = format!("smtp://{USER}@localhost:PORT");
    config(
        &scene,
        &server,
        &smtp,
        "[\"a@example.com\"]",
        &password(&scene),
    );
    let refused = scene.notify(["test"]).run();
    refused.expect_status(1);
    refused.expect_in_stderr("invalid peer certificate");
    assert_eq!(server.end(), "");
}

#[test]
fn a_mail_server_that_hangs_holds_nothing_up() {
    let silent = FakeServer::silent();
    let scene = Scene::new();
    scene.sandbox.write_config(&format!(
        "[notify.mail]\nchannel = \"email\"\nsmtp = \"smtp://localhost:{}\"\nfrom = \"a@example.com\"\nto = [\"b@example.com\"]\n",
        silent.port
    ));
    let created = scene.user("readonly", &scene.area.role("jane")).run();
    created.expect_status(0);
    created.expect_in_stderr("a notification to \\\"mail\\\" stays queued: ");
    assert_eq!(scene.outbox(), "pending 1");
}

#[test]
fn one_dead_mailbox_does_not_keep_the_mail_from_the_others() {
    let Some(server) = SmtpServer::start(MailTls::StartTls) else {
        return;
    };
    let scene = Scene::new();
    // The first letter of the user, percent-encoded.
    let encoded = format!("%{:02x}{}", USER.as_bytes()[0], &USER[1..]);
    let smtp = format!("smtp://{encoded}@localhost:PORT");
    let to =
        "[\"nobody@example.com\", \"a@example.com\", \"later@example.com\", \"b@example.com\"]";
    config(&scene, &server, &smtp, to, &password(&scene));
    let role = scene.area.role("jane");
    let created = scene.user("readonly", &role).run();
    created.expect_status(0);
    created.expect_in_stderr("nobody@example.com did not get it");
    created.expect_in_stderr("later@example.com did not get it");
    for address in ["a@example.com", "b@example.com"] {
        assert_eq!(server.next_mail()["to"], json!([address]));
    }
    assert_eq!(scene.outbox(), "sent 1");
    assert_eq!(server.end(), "");
}
