//! What proves a login: channel binding, certificates, and passwords that are not given away.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::certificates::{Authority, Signed, Wish};
use super::impostor::Impostor;
use super::{Target, tls_cluster};
use crate::harness::cluster::Configuration;
use crate::harness::{Cluster, Outcome, Sandbox};

/// Not a loopback address by its text, and yet this machine: it takes the defaults of a remote host.
pub const REMOTE: &str = "0.0.0.0";
const SSL_REQUEST: &[u8] = b"\0\0\0\x08\x04\xd2\x16\x2f";

pub struct Site {
    pub cluster: Cluster,
    pub sandbox: Sandbox,
}

/// A cluster with a good certificate for `host`, whose CA the target trusts.
pub fn site(host: &str, configure: impl FnOnce(Configuration) -> Configuration) -> Site {
    site_signed_by(&Authority::new("the CA"), host, configure)
}

fn site_signed_by(
    ca: &Authority,
    host: &str,
    configure: impl FnOnce(Configuration) -> Configuration,
) -> Site {
    let signed = Wish::hosts(&[host]).signed_by(ca);
    let ca_file = |c: Configuration| {
        c.setting("ssl_ca_file", "ca.crt")
            .file("ca.crt", ca.certificate.as_str())
    };
    let cluster = tls_cluster(&signed, |c| configure(ca_file(c)));
    let sandbox = Sandbox::new().with_admin(&cluster);
    let root = sandbox.path().join("root.pem");
    fs::write(&root, &ca.certificate).expect("the sandbox can be written");
    let site = Site { cluster, sandbox };
    site.target(host).add(&["--sslrootcert", path(&root)]);
    site
}

pub fn path(path: &Path) -> &str {
    path.to_str().expect("our own folder has an ASCII name")
}

impl Site {
    pub(super) fn target<'a>(&'a self, host: &'a str) -> Target<'a> {
        Target {
            sandbox: &self.sandbox,
            host,
            port: self.cluster.port().to_string(),
        }
    }

    pub fn update(&self, flags: &[&str]) {
        self.target("").update(flags);
    }

    pub fn log_in(&self) -> Outcome {
        self.target("").log_in()
    }

    /// Creates a login, and makes it the admin credential.
    pub fn log_in_as(&mut self, role: &str, encryption: &str) {
        let sql = format!(
            "SET password_encryption = '{encryption}'; CREATE ROLE {role} LOGIN PASSWORD 'secret'"
        );
        self.cluster.psql("postgres", &sql);
        self.sandbox.env("PG_ADMIN_USER", role);
        self.sandbox.env("PG_ADMIN_PASS", "secret");
    }

    /// Puts the file where a DBA would, with this mode.
    fn write(&self, name: &str, contents: &str, mode: u32) -> String {
        let file = self.sandbox.path().join(name);
        let folder = file.parent().expect("a file is in a folder");
        fs::create_dir_all(folder).expect("the sandbox can be written");
        fs::write(&file, contents).expect("the sandbox can be written");
        fs::set_permissions(&file, Permissions::from_mode(mode)).expect("it is our file");
        path(&file).to_owned()
    }
}

#[track_caller]
pub fn expect_error(outcome: &Outcome, kind: &str, message: &str, hint: &str) {
    let error = &outcome.expect_status(5).json_error()["error"];
    assert_eq!(error["kind"], kind, "{outcome}");
    let causes = error["causes"].to_string();
    assert!(causes.contains(message), "{outcome}wanted: {message}");
    let found = error["hint"].as_str().unwrap_or_default();
    assert!(found.contains(hint), "{outcome}wanted: {hint}");
}

#[test]
fn a_remote_host_is_verified_and_bound_to_the_session_unless_told_otherwise() {
    let mut site = site(REMOTE, |c| {
        c.hba("hostssl all by_md5 all md5")
            .hba("hostssl all trusted all trust")
    });
    site.log_in().expect_status(0);
    let log = site.cluster.log();
    assert!(log.contains("SSL enabled"), "{log}");

    site.log_in_as("trusted", "scram-sha-256");
    let message = "channel binding is required, but 0.0.0.0:";
    let hint = "pgrole registry update -e dev -d postgres --channel-binding prefer";
    expect_error(&site.log_in(), "login_refused", message, hint);
    site.log_in_as("by_md5", "md5");
    let outcome = site.log_in();
    expect_error(&outcome, "login_refused", "requests an MD5 password", hint);

    site.update(&["--channel-binding", "prefer", "--require-auth", "md5"]);
    site.log_in().expect_status(0);
    site.update(&["--channel-binding", "default"]);
    site.log_in().expect_status(5);
    // Whoever says what is checked decides on this too.
    site.update(&["--sslmode", "verify-full"]);
    site.log_in().expect_status(0);
}

#[test]
fn a_password_is_made_over_tls_as_over_plain_text() {
    let site = site(REMOTE, |c| c);
    for (verb, arguments) in [("readonly", &["--access", "none"][..]), ("reset", &[])] {
        let run = ["user", verb, "-e", "dev", "-d", "postgres", "-u", "jane"];
        let made = site.sandbox.pgrole(run).args(arguments).run();
        let password = made.expect_status(0).json()["password"].clone();
        let password = password.as_str().expect("a password");
        let login = site.cluster.client_as("jane", password, "postgres");
        assert!(login.is_ok(), "{made}");
    }
}

#[test]
fn a_remote_host_without_tls_is_refused_with_the_flag_that_would_allow_it() {
    let cluster = Cluster::shared();
    let sandbox = Sandbox::new().with_admin(cluster);
    let target = Target {
        sandbox: &sandbox,
        host: REMOTE,
        port: cluster.port().to_string(),
    };
    target.add(&[]);
    let hint = "pgrole registry update -e dev -d postgres --sslmode prefer";
    expect_error(
        &target.log_in(),
        "unreachable",
        "the server does not offer TLS",
        hint,
    );
    target.update(&["--sslmode", "prefer"]);
    target.log_in().expect_status(0);
}

#[test]
fn channel_binding_is_used_where_required_and_needs_tls() {
    let site = site("localhost", |c| c);
    site.update(&["--channel-binding", "require"]);
    site.log_in().expect_status(0);
    site.update(&["--sslmode", "disable"]);
    let message = "channel binding is required, but localhost:";
    expect_error(
        &site.log_in(),
        "login_refused",
        message,
        "--channel-binding prefer",
    );
}

#[test]
fn a_certificate_without_a_hash_function_has_no_channel_binding() {
    let ca = Authority::of_ed25519("the CA");
    let site = site_signed_by(&ca, "localhost", |c| c);
    site.update(&["--sslmode", "verify-full"]);
    site.log_in().expect_status(0);
    site.update(&["--channel-binding", "require"]);
    expect_error(
        &site.log_in(),
        "login_refused",
        "offers SCRAM without it",
        "--channel-binding prefer",
    );
}

#[test]
fn the_password_itself_goes_to_verified_servers_alone() {
    let mut site = site("localhost", |c| c.hba("host all plain all password"));
    site.log_in_as("plain", "scram-sha-256");
    site.update(&["--sslmode", "verify-ca", "--require-auth", "password"]);
    site.log_in().expect_status(0);
    site.update(&["--sslmode", "verify-full"]);
    site.log_in().expect_status(0);
    site.update(&["--sslmode", "disable"]);
    let hint = "--sslmode verify-full --sslrootcert FILE";
    let plain =
        "requests the password in clear text over an unencrypted connection: it was not sent";
    expect_error(&site.log_in(), "login_refused", plain, hint);
    site.update(&["--sslmode", "require", "--sslrootcert", ""]);
    let unverified = "over a connection whose server certificate was not verified: it was not sent";
    expect_error(&site.log_in(), "login_refused", unverified, hint);
}

#[test]
fn an_impostor_on_loopback_gets_no_password() {
    // No TLS; then a request for the password itself, in one piece and in two.
    let request = b"R\0\0\0\x08\0\0\0\x03";
    for pieces in [vec![&request[..]], vec![&request[..5], &request[5..]]] {
        let impostor = Impostor::serving(move |stream, heard| {
            super::impostor::hear(stream, heard);
            std::io::Write::write_all(stream, b"N").ok();
            super::impostor::hear(stream, heard);
            for piece in &pieces {
                std::io::Write::write_all(stream, piece).ok();
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
        });
        let mut sandbox = Sandbox::new();
        sandbox.env("PG_ADMIN_USER", "dba");
        sandbox.env("PG_ADMIN_PASS", "the-password");
        let target = Target {
            sandbox: &sandbox,
            host: "127.0.0.1",
            port: impostor.port().to_string(),
        };
        target.add(&[]);
        let outcome = target.log_in();
        expect_error(
            &outcome,
            "login_refused",
            "it was not sent",
            "--sslmode verify-full",
        );
        let heard = String::from_utf8_lossy(&impostor.heard()).into_owned();
        assert!(heard.contains("dba"), "{heard:?}");
        assert!(!heard.contains("the-password"), "{heard:?}");
    }
}

#[test]
fn nothing_but_the_request_for_tls_is_sent_where_tls_is_required() {
    for mode in ["require", "verify-ca", "verify-full"] {
        let impostor = Impostor::answering(b"N");
        let mut sandbox = Sandbox::new();
        sandbox.env("PG_ADMIN_USER", "dba");
        sandbox.env("PG_ADMIN_PASS", "secret");
        let target = Target {
            sandbox: &sandbox,
            host: "localhost",
            port: impostor.port().to_string(),
        };
        let root = sandbox.path().join("root.pem");
        fs::write(&root, Authority::new("the CA").certificate).expect("it is our folder");
        target.add(&["--sslmode", mode, "--sslrootcert", path(&root)]);
        expect_error(
            &target.log_in(),
            "unreachable",
            "does not offer TLS",
            "--sslmode prefer",
        );
        assert_eq!(impostor.heard(), SSL_REQUEST, "{mode}");
    }
}

/// A site that lets `dba` in by certificate alone, and that certificate.
fn certificate_site(common_name: &str) -> (Site, Signed) {
    let ca = Authority::new("the CA");
    let mut site = site_signed_by(&ca, "localhost", |c| c.hba("hostssl all dba all cert"));
    site.cluster.psql("postgres", "CREATE ROLE dba LOGIN");
    site.sandbox.env("PG_ADMIN_USER", "dba");
    site.update(&["--sslmode", "verify-full"]);
    let client = Wish::common_name(common_name).signed_by(&ca);
    (site, client)
}

#[test]
fn a_certificate_logs_in_without_a_password() {
    let (site, client) = certificate_site("dba");
    let missing = site.log_in();
    expect_error(
        &missing,
        "login_refused",
        "28000",
        "--sslcert FILE --sslkey FILE",
    );
    let certificate = site.write("client.crt", &client.certificate, 0o644);
    let key = site.write("client.key", &client.key, 0o600);
    site.update(&["--sslcert", &certificate, "--sslkey", &key]);
    site.log_in().expect_status(0);
}

/// What `credential check` finds without any password in reach.
fn found_without_password(site: &Site) -> (String, String) {
    let check = site.sandbox.pgrole(["credential", "check"]);
    let check = check
        .without_env("PG_ADMIN_USER")
        .without_env("PG_ADMIN_PASS");
    let rows = check.run().expect_status(0).json();
    let text = |key: &str| rows[0][key].as_str().expect(key).to_owned();
    (text("user"), text("source"))
}

#[test]
fn no_password_is_needed_beside_a_certificate() {
    let (site, client) = certificate_site("dba");
    let by_certificate = || {
        (
            "dba".to_owned(),
            "no password (client certificate)".to_owned(),
        )
    };
    site.update(&["--admin-user", "dba"]);
    // libpq's default files first, then files that the target names.
    let certificate = "home/.postgresql/postgresql.crt";
    site.write(certificate, &client.certificate, 0o644);
    site.write("home/.postgresql/postgresql.key", &client.key, 0o600);
    assert_eq!(found_without_password(&site), by_certificate());
    fs::remove_dir_all(site.sandbox.home().join(".postgresql")).expect("it was made here");
    let certificate = site.write("client.crt", &client.certificate, 0o644);
    let key = site.write("client.key", &client.key, 0o600);
    site.update(&["--sslcert", &certificate, "--sslkey", &key]);
    assert_eq!(found_without_password(&site), by_certificate());
    // Servers before 14 do not say how a login was let in.
    if site.cluster.server_version_major() >= 14 {
        let log = site.cluster.log();
        assert!(log.contains("method=cert"), "{log}");
    }
}

#[test]
fn the_default_files_of_libpq_log_in_too() {
    let (site, client) = certificate_site("dba");
    site.write(
        "home/.postgresql/postgresql.crt",
        &client.certificate,
        0o644,
    );
    site.write("home/.postgresql/postgresql.key", &client.key, 0o600);
    site.log_in().expect_status(0);
}

#[test]
fn the_default_file_of_roots_is_checked_in_every_mode() {
    let site = site("localhost", |c| c.hba("hostnossl all all all reject"));
    let other = Authority::new("another CA").certificate;
    site.update(&["--sslrootcert", "", "--sslmode", "require"]);
    site.log_in().expect_status(0);
    site.write("home/.postgresql/root.crt", &other, 0o644);
    expect_error(
        &site.log_in(),
        "unreachable",
        "is not signed by a CA",
        "--sslrootcert FILE",
    );
}

#[test]
fn a_key_that_others_may_read_is_refused() {
    let (site, client) = certificate_site("dba");
    let certificate = site.write("client.crt", &client.certificate, 0o644);
    let key = site.write("client.key", &client.key, 0o644);
    site.update(&["--sslcert", &certificate, "--sslkey", &key]);
    let message = format!("cannot use the key in {key}: others have access to it: chmod 600 {key}");
    expect_error(
        &site.log_in(),
        "no_credential",
        &message,
        "--sslcert FILE --sslkey FILE",
    );
}

#[test]
fn files_that_hold_something_else_are_named() {
    let (site, client) = certificate_site("dba");
    let certificate = site.write("client.crt", &client.certificate, 0o644);
    let key = site.write("client.key", &client.key, 0o600);
    let junk = site.write("junk", "junk", 0o600);
    let other = Wish::common_name("dba").self_signed();
    let other_key = site.write("other.key", &other.key, 0o600);
    let refused = |flags: &[&str], kind, message: &str| {
        site.update(&["--sslcert", &certificate, "--sslkey", &key]);
        site.update(flags);
        expect_error(&site.log_in(), kind, message, "pgrole registry update");
    };
    refused(
        &["--sslcert", &junk],
        "no_credential",
        "the file has no certificate in PEM form",
    );
    refused(
        &["--sslcert", "/nowhere"],
        "no_credential",
        "cannot use the certificate in /nowhere",
    );
    refused(
        &["--sslkey", &junk],
        "no_credential",
        "it holds no unencrypted key in PEM or DER form",
    );
    refused(
        &["--sslkey", "/nowhere"],
        "no_credential",
        "cannot use the key in /nowhere",
    );
    refused(
        &["--sslkey", &other_key],
        "no_credential",
        "the certificate with its key",
    );
    refused(
        &["--sslrootcert", &junk],
        "unreachable",
        "the file has no certificate in PEM form",
    );
    refused(
        &["--sslrootcert", "/nowhere"],
        "unreachable",
        "cannot use the root certificates in /nowhere",
    );
}

#[test]
fn a_certificate_for_another_role_is_refused_with_the_name_it_needs() {
    let (site, client) = certificate_site("somebody");
    let certificate = site.write("client.crt", &client.certificate, 0o644);
    let key = site.write("client.key", &client.key, 0o600);
    site.update(&["--sslcert", &certificate, "--sslkey", &key]);
    expect_error(
        &site.log_in(),
        "login_refused",
        "28000",
        "common name must be \"dba\"",
    );
}

#[test]
fn the_check_says_what_both_ends_agreed_on() {
    for newest in ["TLSv1.3", "TLSv1.2"] {
        let site = site(REMOTE, |c| c.setting("ssl_max_protocol_version", newest));
        let check = || site.sandbox.pgrole(["registry", "check"]).run();
        let outcome = check();
        let row = &outcome.expect_status(0).json()[0];
        assert_eq!(row["tls_version"], newest, "{outcome}");
        // The server writes down what it saw itself, with OpenSSL's name for the cipher, which up to 1.2 is another.
        let log = site.cluster.log();
        let line = log.lines().find(|line| line.contains("SSL enabled"));
        let line = line.expect("connections are logged");
        assert!(line.contains(&format!("protocol={newest}")), "{line}");
        let cipher = row["tls_cipher"].as_str().expect("a cipher");
        match newest {
            "TLSv1.3" => assert!(
                line.contains(&format!("cipher={cipher}")),
                "{line} {cipher}"
            ),
            _ => assert!(cipher.starts_with("TLS_ECDHE_"), "{cipher}"),
        }
        site.update(&["--hostname", "127.0.0.1", "--sslmode", "disable"]);
        let row = check().json()[0].clone();
        assert_eq!(
            (&row["status"], &row["tls_version"]),
            (&"ok".into(), &().into())
        );
    }
}

#[test]
fn the_check_names_tls_where_that_fails() {
    let site = site("another-name.example.com", |c| c);
    let target = site.target("127.0.0.1");
    target.update(&["--hostname", "127.0.0.1", "--sslmode", "verify-full"]);
    let outcome = site.sandbox.pgrole(["registry", "check"]).run();
    outcome.expect_status(5);
    let row = &outcome.json()[0];
    assert_eq!(
        (&row["status"], &row["phase"]),
        (&"unreachable: TLS".into(), &"TLS".into())
    );
}
