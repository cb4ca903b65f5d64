//! Logins that need no password: peer over a Unix socket; and who the user is.

use nix::unistd::{Uid, User};

use super::words;
use crate::harness::account::Account;
use crate::harness::cluster::Configuration;
use crate::harness::{Cluster, Outcome, Sandbox};

/// The account that pgrole runs under, as the server sees it.
fn account() -> String {
    if let Some(nobody) = Account::of_nobody() {
        return nobody.name.clone();
    }
    let own = User::from_uid(Uid::effective()).expect("the accounts can be read");
    own.expect("we have one").name
}

/// A server that lets that account in over its socket, as itself and as three more roles; and the target of it.
struct Socket {
    cluster: Cluster,
    sandbox: Sandbox,
}

impl Socket {
    fn new() -> Self {
        let account = account();
        let map = |role: &str| format!("ops {account} {role}\n");
        let roles = [account.as_str(), "of_config", "of_target", "of_variable"];
        let idents: String = roles.map(map).concat();
        let configure = |c: Configuration| {
            c.hba("local all postgres scram-sha-256")
                .hba("local all all peer map=ops")
                .file("pg_ident.conf", idents.as_str())
        };
        let cluster = Cluster::private(configure);
        for role in roles {
            cluster.psql(
                "postgres",
                &format!("CREATE ROLE \"{role}\" LOGIN CREATEROLE"),
            );
        }
        let sandbox = Sandbox::new();
        let folder = cluster.socket_dir().display().to_string();
        let add = words("registry add -e dev -d postgres -H");
        let add = sandbox.pgrole(add).args([&folder, "-p"]);
        add.args([cluster.port().to_string()])
            .under_nobody()
            .run()
            .expect_status(0);
        Self { cluster, sandbox }
    }

    fn check(&self, variables: &[(&str, &str)]) -> Outcome {
        let check = self.sandbox.pgrole(words("credential check"));
        let check = variables
            .iter()
            .fold(check, |check, (name, value)| check.env(name, *value));
        check.under_nobody().run()
    }

    #[track_caller]
    fn expect_user(&self, wanted: &str, variables: &[(&str, &str)]) {
        let row = &self.check(variables).expect_status(0).json()[0];
        assert_eq!(row["user"], wanted);
        assert_eq!(row["source"], "no password (Unix socket)");
    }
}

#[test]
fn the_user_is_the_variables_else_the_targets_else_the_config_files_else_the_systems() {
    let socket = Socket::new();
    socket.expect_user(&account(), &[]);
    socket
        .sandbox
        .write_config("[credential]\nuser = \"of_config\"\n");
    socket.expect_user("of_config", &[]);
    let update = words("registry update -e dev -d postgres --admin-user of_target");
    let update = socket.sandbox.pgrole(update).under_nobody().run();
    update.expect_status(0);
    socket.expect_user("of_target", &[]);
    socket.expect_user("of_variable", &[("PG_ADMIN_USER", "of_variable")]);
}

#[test]
fn peer_does_the_work_of_a_login_with_a_password() {
    let socket = Socket::new();
    let create = words("user readonly -e dev -d postgres -u jane --access none");
    let created = socket.sandbox.pgrole(create).under_nobody().run();
    let password = created.expect_status(0).json()["password"].clone();
    let password = password.as_str().expect("a password");
    assert!(
        socket
            .cluster
            .client_as("jane", password, "postgres")
            .is_ok()
    );
    // There is nothing to rotate.
    let rotate = words("credential rotate -e dev");
    let rotate = socket.sandbox.pgrole(rotate).under_nobody().run();
    rotate
        .expect_status(6)
        .expect_in_stderr("no password (Unix socket)");
}

#[test]
fn an_account_that_the_server_does_not_know_is_refused() {
    let socket = Socket::new();
    let refused = socket.check(&[("PG_ADMIN_USER", "postgres")]);
    // The line for this role wants a password.
    refused
        .expect_status(5)
        .expect_in_stderr("and none was found");
    let refused = socket.check(&[("PG_ADMIN_USER", "stranger")]);
    refused
        .expect_status(5)
        .expect_in_stderr("Peer authentication failed for user");
}
