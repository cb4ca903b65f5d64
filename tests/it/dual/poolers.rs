//! pgbouncer with a file of its own in front of the server: it knows the incoming login before any application does.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::Shop;
use crate::harness::pooler::{Knowledge, PoolMode};
use crate::harness::{Cluster, Pooler, servers};
use crate::scene::Login;

#[test]
fn a_pooler_in_session_mode_serves_both_logins() {
    serve_both(PoolMode::Session);
}

#[test]
fn a_pooler_in_transaction_mode_serves_both_logins() {
    serve_both(PoolMode::Transaction);
}

/// A command that lets the pooler read its file again, and writes down whom the application's file names by then.
fn reload_command(shop: &Shop<'_>, pooler: &Pooler, log: &Path) -> PathBuf {
    let cluster = shop.scene.cluster;
    let script = shop.scene.sandbox.path().join("reload");
    let text = format!(
        "#!/bin/sh\nset -e\ngrep -o '\"username\": *\"[^\"]*\"' {file} >> {log}\n\
         PGPASSWORD={password} PGSSLMODE=disable {psql} -Xq -h {host} -p {port} -U {user} -d pgbouncer -c RELOAD\n",
        file = shop.file().display(),
        log = log.display(),
        password = cluster.password(),
        psql = servers::psql().display(),
        host = Cluster::HOST,
        port = pooler.port(),
        user = cluster.superuser(),
    );
    fs::write(&script, text).expect("the sandbox can be written");
    fs::set_permissions(&script, Permissions::from_mode(0o700)).expect("it is ours");
    script
}

fn serve_both(mode: PoolMode) {
    let shop = Shop::new().created();
    let Some(pooler) = Pooler::before(shop.scene.cluster, mode, Knowledge::File) else {
        return;
    };
    let log = shop.scene.sandbox.path().join("reloads");
    let script = reload_command(&shop, &pooler, &log).display().to_string();
    let (app, users) = (
        shop.deliver(),
        format!("file:{}", pooler.userlist().display()),
    );
    let both = ["--deliver", &app, "--deliver", &users];
    let formats = ["--file-format", "json", "--file-format", "pgbouncer"];
    let reload = ["--reload-command", &script, "--grace", "1h"];
    let serves = |login: &Login| {
        let sql = "SELECT session_user || ' ' || current_user";
        let answer = pooler.psql_as(&login.name, &login.password, shop.scene.database(), sql);
        answer
            .expect_status(0)
            .expect_stdout(&format!("{} {}\n", login.name, shop.owner));
    };
    shop.rotate(&[&both[..], &formats, &reload].concat())
        .run()
        .expect_status(0);
    let first = shop.delivered();
    // One client after the other, over the same session of the server.
    serves(&first);
    serves(&first);
    let named = || {
        let text = fs::read_to_string(&log).expect("it was reloaded");
        let names = text.lines().filter_map(|line| line.rsplit('_').next());
        let letters: Vec<_> = names.map(|end| end.trim_matches('"').to_owned()).collect();
        letters.join(" ")
    };
    // First the pooler knew it, then the application.
    assert_eq!(named(), "a b");
    let cron = shop.scene.sandbox.pgrole(["rotate", "-u", &shop.owner]);
    cron.args(["--older-than", "1d", "--force"])
        .run()
        .expect_status(0);
    // All of it is remembered.
    shop.rotate(&["--grace", "1h"]).run().expect_status(0);
    let second = shop.delivered();
    assert_eq!(second.name, shop.login("a"));
    assert_eq!(named(), "a b b a");
    serves(&second);
    serves(&first);
}
