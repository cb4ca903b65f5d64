//! The login with which pgrole works: what it may, where it is kept, and what is kept there beside it.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;

use crate::harness::{Cluster, Sandbox};

pub const LOGIN: &str = "dba";
const FIRST_PASSWORD: &str = "first-password";
const FOLDER: &str = "kept";

/// As whom pgrole works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admin {
    Superuser,
    /// May not read which verifier the server stores.
    Createrole,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeper {
    /// Lines of a .pgpass, which is a link, for both names of the server.
    Pgpass,
    /// `credential.command` and `store_command`.
    Command,
}

pub struct Login {
    keeper: Keeper,
    folder: PathBuf,
    port: u16,
    names: [&'static str; 2],
}

impl Login {
    /// Makes the role, and keeps its password where the sandbox's pgrole finds it.
    pub fn new(
        admin: Admin,
        keeper: Keeper,
        cluster: &Cluster,
        names: [&'static str; 2],
        sandbox: &mut Sandbox,
    ) -> Self {
        let may = match admin {
            Admin::Superuser => "SUPERUSER",
            Admin::Createrole => "CREATEROLE",
        };
        cluster.superuser_psql(
            "postgres",
            &format!("CREATE ROLE {LOGIN} LOGIN {may} PASSWORD '{FIRST_PASSWORD}'"),
        );
        let login = Self {
            keeper,
            folder: sandbox.path().join(FOLDER),
            port: cluster.port(),
            names,
        };
        fs::create_dir(&login.folder).expect("the sandbox can be written");
        let contents = match keeper {
            Keeper::Pgpass => {
                sandbox.env("PG_ADMIN_USER", LOGIN);
                let link = sandbox.home().join(".pgpass");
                symlink(login.file(), link).expect("the home can be written");
                login.lines(FIRST_PASSWORD)
            }
            Keeper::Command => {
                format!("{{\"user\":\"{LOGIN}\",\"password\":\"{FIRST_PASSWORD}\"}}").into_bytes()
            }
        };
        fs::write(login.file(), contents).expect("the sandbox can be written");
        fs::set_permissions(login.file(), fs::Permissions::from_mode(0o600)).expect("is ours");
        login
    }

    /// What the config file says of it.
    pub fn config(&self) -> String {
        match self.keeper {
            Keeper::Pgpass => String::new(),
            Keeper::Command => {
                let file = self.file().display().to_string();
                let store = format!("umask 077; cat > {file}.$$ && mv {file}.$$ {file}");
                format!(
                    "[credential]\ncommand = [\"cat\", {file:?}]\nstore_command = [\"sh\", \"-c\", {store:?}]\n"
                )
            }
        }
    }

    fn file(&self) -> PathBuf {
        self.folder.join("login")
    }

    /// The lines of the login, between those of others, of which one is not UTF-8.
    fn lines(&self, password: &str) -> Vec<u8> {
        let [first, second] = self.names;
        let port = self.port;
        let mut lines = b"# Schl\xfcssel\n*:*:*:other:not ours\n".to_vec();
        let ours = format!(
            "{first}:{port}:*:{LOGIN}:{password}\ndb.example.com:5432:*:{LOGIN}:elsewhere\n\
             {second}:{port}:*:{LOGIN}:{password}\n*:*:*:*:last"
        );
        lines.extend_from_slice(ours.as_bytes());
        lines
    }

    /// The password that is kept; what else is there must be as it was.
    pub fn on_record(&self, told: &str) -> String {
        let contents = fs::read(self.file()).expect("the file is there");
        let text = String::from_utf8_lossy(&contents);
        let mode = fs::metadata(self.file()).map(|found| found.permissions().mode() & 0o777);
        assert_eq!(mode.ok(), Some(0o600), "{told}");
        match self.keeper {
            Keeper::Command => {
                let row: serde_json::Value = serde_json::from_str(&text)
                    .unwrap_or_else(|error| panic!("the store has {text:?}: {error}\n{told}"));
                assert_eq!(row["user"], LOGIN, "{told}");
                row["password"].as_str().expect("a password").to_owned()
            }
            Keeper::Pgpass => {
                let key = format!("{}:{}:*:{LOGIN}:", self.names[0], self.port);
                let password = text.lines().find_map(|line| line.strip_prefix(&key));
                let password = password.unwrap_or_else(|| panic!("no line for {LOGIN}\n{told}"));
                assert_eq!(
                    text,
                    String::from_utf8_lossy(&self.lines(password)),
                    "{told}"
                );
                assert!(contents == self.lines(password), "{told}\n{text}");
                password.to_owned()
            }
        }
    }

    /// Nothing is left of files that were being made. What a killed pgrole had store it may still be at it.
    pub fn look_for_leftovers(&self, told: &str) {
        if self.keeper == Keeper::Command {
            return;
        }
        let names = fs::read_dir(&self.folder).expect("the folder is there");
        let names: Vec<_> = names
            .map(|entry| entry.expect("the folder can be read").file_name())
            .collect();
        assert_eq!(names, ["login"], "{told}");
    }
}
