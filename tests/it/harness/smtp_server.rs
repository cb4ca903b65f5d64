//! A real mail server on loopback (Python's aiosmtpd), with STARTTLS or TLS and a login. It ends with the test process.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use serde_json::Value;
use tempfile::TempDir;

use super::guard;
use super::sandbox::TIMEOUT;
use super::servers;
use super::stream::Stream;

const PROGRAM: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/it/harness/smtp_server.py"
);
pub const USER: &str = "mailer@example.com";
pub const PASSWORD: &str = "m4il-p4ssword";

/// When TLS begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailTls {
    StartTls,
    Immediate,
    None,
}

pub struct SmtpServer {
    pub port: u16,
    process: Child,
    stdout: Arc<Stream>,
    folder: TempDir,
}

impl SmtpServer {
    /// Starts a server that asks for a login, unless it has no TLS; None, and the calling test skipped, where
    /// aiosmtpd is missing.
    #[track_caller]
    pub fn start(tls: MailTls) -> Option<Self> {
        let python = python()?;
        let folder = TempDir::new_in(guard::folder()).expect("our own folder can be written");
        let issued = rcgen::generate_simple_self_signed(["localhost".to_owned()]);
        let issued = issued.expect("a certificate can be made");
        let (certificate, key) = (
            folder.path().join("cert.pem"),
            folder.path().join("key.pem"),
        );
        fs::write(&certificate, issued.cert.pem()).expect("our own folder can be written");
        fs::write(&key, issued.signing_key.serialize_pem()).expect("our own folder can be written");
        let (how, user) = match tls {
            MailTls::StartTls => ("starttls", USER),
            MailTls::Immediate => ("immediate", USER),
            MailTls::None => ("none", ""),
        };
        let mut command = Command::new(python);
        command
            .args(["-W", "ignore", PROGRAM, how, user, PASSWORD])
            .args([&certificate, &key]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().expect("python runs");
        let stdout = Stream::of(process.stdout.take().expect("standard output is a pipe"));
        let port = stdout.expect_port();
        Some(Self {
            port,
            process,
            stdout,
            folder,
        })
    }

    /// The authority to trust.
    pub fn authority(&self) -> PathBuf {
        self.folder.path().join("cert.pem")
    }

    /// Waits for the next mail.
    #[track_caller]
    pub fn next_mail(&self) -> Value {
        let line = self.stdout.expect("\n", Instant::now() + TIMEOUT);
        let line = line.unwrap_or_else(|reason| panic!("no mail: {reason}"));
        serde_json::from_str(line.trim()).unwrap_or_else(|error| panic!("{error}: {line}"))
    }

    /// Ends the server, and returns what came that nobody has asked for.
    pub fn end(mut self) -> String {
        drop(self.process.stdin.take());
        self.process.wait().expect("our own child");
        self.stdout.rest()
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

/// Debian's package is for the system's own Python.
#[track_caller]
fn python() -> Option<&'static Path> {
    let candidates = [
        "/usr/bin/python3",
        "/opt/homebrew/bin/python3",
        "/usr/local/bin/python3",
    ];
    let has_it = |program: &Path| {
        let mut command = Command::new(program);
        command
            .args(["-c", "import aiosmtpd"])
            .stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    let found = candidates
        .into_iter()
        .map(Path::new)
        .find(|program| has_it(program));
    if found.is_none() {
        servers::skip("no aiosmtpd for Python here: scripts/test installs it on Debian");
    }
    found
}
