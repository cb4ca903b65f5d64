//! No password and no verifier is ever in the file, nor in the log beside it.

use std::fs;
use std::path::Path;

use crate::harness::{Cluster, Sandbox, sqlite};

#[test]
fn neither_passwords_nor_verifiers_are_in_the_file() {
    let cluster = Cluster::shared();
    let area = cluster.area();
    let mut sandbox = Sandbox::new().with_admin(cluster);
    sandbox.register(cluster, "dev", area.database());
    // Holds what is written beside the file, where it would be deleted otherwise.
    let _reader = sqlite::Reader::on(&sandbox.registry());

    let name = area.role("web");
    let target = ["-e", "dev", "-d", area.database(), "-u", &name];
    let created = sandbox.pgrole(["user", "readonly"]).args(target).run();
    let generated = created.expect_status(0).json()["password"].clone();
    let generated = generated.as_str().expect("a password").to_owned();
    let typed = "chosen-Žluťoučký-password";
    let reset = sandbox
        .pgrole(["user", "reset", "--password-stdin"])
        .args(target);
    reset.stdin(typed).run().expect_status(0);
    let wrong = sandbox.pgrole(["user", "find"]).args(target);
    wrong
        .env("PG_ADMIN_PASS", "not-the-password")
        .run()
        .expect_status(5);

    let verifier = area.psql(&format!(
        "SELECT rolpassword FROM pg_authid WHERE rolname = '{name}'"
    ));
    assert!(verifier.starts_with("SCRAM-SHA-256$4096:"), "{verifier}");
    let stored_key = verifier.rsplit_once('$').expect("salt and keys").1;
    let file = sandbox.registry();
    let written = bytes_of(&file) + &bytes_of(&file.with_extension("db-wal"));
    assert!(
        written.contains(&name),
        "the log beside the file was not read"
    );
    for secret in [
        &generated,
        typed,
        "not-the-password",
        cluster.password(),
        "SCRAM-SHA-256$",
        stored_key,
    ] {
        assert!(!written.contains(secret), "in the file: {secret}");
    }
}

fn bytes_of(path: &Path) -> String {
    let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    String::from_utf8_lossy(&bytes).into_owned()
}
