//! Signs rows that a test wrote into the registry itself, as if pgrole had placed those roles.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::sandbox::Sandbox;
use super::sqlite;

/// What a code is made of, as SQLite writes it.
const RECORDS: &str = "SELECT rowid || ' ' || json_array('delivery', json_array(
        json_array('cluster', cluster_id), json_array('hostname', hostname), json_array('port', port),
        json_array('env', env), json_array('database', db_name), json_array('username', username),
        json_array('deliver', deliver), json_array('file_format', file_format)))
    FROM placed_role";

/// Vouches for where the passwords of all placed roles are delivered.
#[track_caller]
pub fn sign_deliveries(sandbox: &Sandbox) {
    let key = key_of(sandbox);
    let mut updates = Vec::new();
    for row in sqlite::query(&sandbox.registry(), RECORDS).lines() {
        let (rowid, record) = row.split_once(' ').expect("a number and a record");
        let mut hmac = <Hmac<Sha256>>::new_from_slice(&key).expect("any length will do");
        hmac.update(b"pgrole record 1\n");
        hmac.update(record.as_bytes());
        let code = hmac.finalize().into_bytes();
        let code: String = code.iter().map(|byte| format!("{byte:02x}")).collect();
        updates.push(format!(
            "UPDATE placed_role SET record_code = '1:{code}' WHERE rowid = {rowid};"
        ));
    }
    // An argument has a longest length.
    for some in updates.chunks(500) {
        sqlite::query(
            &sandbox.registry(),
            &format!("BEGIN;{}COMMIT;", some.concat()),
        );
    }
}

/// The sandbox's key, made where there is none.
fn key_of(sandbox: &Sandbox) -> Vec<u8> {
    let file = sandbox.config().with_file_name("record.key");
    if let Ok(text) = fs::read_to_string(&file) {
        return BASE64_STANDARD.decode(text.trim()).expect("a key");
    }
    let key = [7; 32];
    fs::create_dir_all(file.parent().expect("it is in a folder")).expect("the home can be written");
    fs::write(&file, BASE64_STANDARD.encode(key)).expect("the home can be written");
    fs::set_permissions(&file, Permissions::from_mode(0o600)).expect("it is ours");
    key.to_vec()
}
