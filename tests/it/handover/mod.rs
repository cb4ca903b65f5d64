//! Deliveries to people: files that only their receivers can open, with `age` itself.

mod documented;
mod kinds;
mod many;
mod refused;
mod settled;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::harness::sandbox::Run;
use crate::harness::{Outcome, Sandbox, variable};
use crate::scene::{Login, Scene};

/// Somebody with a key.
pub struct Person {
    /// The file of the secret half.
    pub identity: PathBuf,
    /// The public half, as it is written.
    pub recipient: String,
}

fn run(program: &str, arguments: &[&str]) -> Outcome {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null());
    Outcome::of(command)
}

impl Person {
    /// With a key of age's own, in a folder beside the sandbox's files.
    pub fn with_age(sandbox: &Sandbox, name: &str) -> Self {
        let identity = keys(sandbox).join(name);
        let path = identity.display().to_string();
        run("age-keygen", &["-o", &path]).expect_status(0);
        let shown = run("age-keygen", &["-y", &path]);
        let recipient = shown.expect_status(0).stdout.trim().to_owned();
        Self {
            identity,
            recipient,
        }
    }

    /// With a key of SSH, whose public half is in a file, as `ssh-keygen` writes it.
    pub fn with_ssh(sandbox: &Sandbox, name: &str, of_type: &[&str]) -> Self {
        let identity = keys(sandbox).join(name);
        let path = identity.display().to_string();
        let arguments = [&["-q", "-N", "", "-C", name, "-f", &path, "-t"], of_type].concat();
        run("ssh-keygen", &arguments).expect_status(0);
        let recipient = fs::read_to_string(format!("{path}.pub"));
        Self {
            identity,
            recipient: recipient.expect("ssh-keygen wrote it").trim().to_owned(),
        }
    }

    /// The path of the public half of a key of SSH.
    pub fn key_file(&self) -> String {
        format!("{}.pub", self.identity.display())
    }

    /// What `age -d`, or `PGROLE_TEST_AGE`, makes of a file; `None` if this person cannot open it.
    pub fn open(&self, file: &Path) -> Option<String> {
        let identity = self.identity.display().to_string();
        let program = variable("PGROLE_TEST_AGE");
        let opened = run(
            program.as_deref().unwrap_or("age"),
            &["-d", "-i", &identity, &file.display().to_string()],
        );
        (opened.status() == Some(0)).then_some(opened.stdout)
    }

    /// The login in a file.
    #[track_caller]
    pub fn open_login(&self, file: &Path) -> Login {
        let text = self.open(file).expect("the receiver can open it");
        let object: Value = serde_json::from_str(&text).expect("the object of the operation");
        let text = |key: &str| object[key].as_str().expect("a text").to_owned();
        Login {
            name: text("username"),
            password: text("password"),
        }
    }
}

fn keys(sandbox: &Sandbox) -> PathBuf {
    let folder = sandbox.path().join("keys");
    fs::create_dir_all(&folder).expect("the sandbox can be written");
    folder
}

/// A scene with a folder for what is handed over.
fn scene() -> Scene<'static> {
    let scene = Scene::new();
    fs::create_dir(out(&scene)).expect("the sandbox can be written");
    scene
}

fn out(scene: &Scene<'_>) -> PathBuf {
    scene.sandbox.path().join("out")
}

/// Prepares the creation of a login of that name, delivered so.
fn create<'s>(scene: &'s Scene<'_>, name: &str, deliver: &str) -> Run<'s> {
    let name = scene.role(name);
    scene.user("readonly", &["-u", &name, "--deliver", deliver])
}
