//! Entries that were written or changed by hand are used, and their servers get no password that could be used elsewhere.

use std::fs;

use super::logins::{Site, expect_error, path, site};
use crate::harness::sqlite;

fn by_hand(site: &Site, sql: &str) {
    sqlite::query(
        &site.sandbox.registry(),
        &format!("UPDATE db_registry SET {sql}"),
    );
}

#[test]
fn whoever_changes_the_authority_of_an_entry_gets_a_bound_scram_exchange_at_most() {
    let mut site = site("localhost", |c| {
        c.hba("host all by_md5 all md5")
            .hba("host all plain all password")
            .hba("host all trusted all trust")
    });
    let all = "password,md5,scram-sha-256,none";
    site.update(&["--sslmode", "verify-full", "--require-auth", all]);
    let theirs = site.sandbox.path().join("theirs.pem");
    fs::copy(site.sandbox.path().join("root.pem"), &theirs).expect("ours");
    // As after the edit, whose authority vouches for a server of its own.
    by_hand(
        &site,
        &format!(
            "sslrootcert = '{}', channel_binding = 'disable'",
            path(&theirs)
        ),
    );
    site.log_in().expect_status(0);
    site.log_in_as("trusted", "scram-sha-256");
    site.log_in().expect_status(0);
    let hint = "pgrole registry update -e dev -d postgres -H localhost";
    for (role, encryption, message) in [
        (
            "plain",
            "scram-sha-256",
            "requests the password in clear text: it was not sent",
        ),
        ("by_md5", "md5", "requests an MD5 password: it was not sent"),
    ] {
        site.log_in_as(role, encryption);
        expect_error(&site.log_in(), "login_refused", message, hint);
        site.update(&["-H", "localhost"]);
        site.log_in().expect_status(0);
        by_hand(&site, "record_code = NULL");
    }
    by_hand(&site, "sslmode = 'disable', channel_binding = NULL");
    let message = "requests an MD5 password: it was not sent";
    expect_error(&site.log_in(), "login_refused", message, hint);
    site.log_in_as("by_scram", "scram-sha-256");
    site.log_in().expect_status(0);
}
