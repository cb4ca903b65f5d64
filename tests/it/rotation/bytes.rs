//! Files that pgrole shares with others are bytes: what it does not know stays as it is.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::Scene;
use crate::harness::Cluster;

fn write(path: &Path, contents: &[u8]) {
    fs::write(path, contents).expect("the sandbox can be written");
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).expect("is ours");
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

#[test]
fn lines_in_another_encoding_stop_nothing_and_stay_byte_for_byte() {
    let scene = Scene::new();
    let role = scene.create("jane");
    let foreign = b"# caf\xe9\r\n*:*:*:caf\xe9:x\r\n\x0b\n# the end".as_slice();
    let pgpass = scene.file("pgpass");
    write(&pgpass, foreign);
    let deliver = format!("pgpass:{}", pgpass.display());
    for _ in 0..2 {
        let reset = scene.user("reset", &role, &["--deliver", &deliver]).run();
        reset.expect_status(0);
        let text = fs::read(&pgpass).expect("is there");
        assert!(text.ends_with(foreign), "{}", text.escape_ascii());
        assert_eq!(text.split(|byte| *byte == b'\n').count(), 5);
    }
    let userlist = scene.file("userlist");
    let foreign =
        b"; caf\xe9\r\n\n\t\"caf\xe9\" \"md5x\" ; a remark\r\n\"two\nlines\" \"\"".as_slice();
    write(&userlist, foreign);
    let deliver = format!("file:{}", userlist.display());
    let form = ["--deliver", &deliver, "--file-format", "pgbouncer"];
    for _ in 0..2 {
        scene.user("reset", &role, &form).run().expect_status(0);
        let text = fs::read(&userlist).expect("is there");
        assert!(text.starts_with(foreign), "{}", text.escape_ascii());
        let own = format!("\"{role}\" \"SCRAM");
        assert!(contains(&text, own.as_bytes()));
    }
}

#[test]
fn a_login_is_found_in_a_pgpass_with_lines_in_another_encoding() {
    let scene = Scene::new();
    let password = scene.cluster.password();
    let pgpass = scene.sandbox.home().join(".pgpass");
    let mut text = b"# caf\xe9\n".to_vec();
    text.extend(format!("*:*:*:*:{password}\n").bytes());
    write(&pgpass, &text);
    let check = scene.sandbox.pgrole(["credential", "check", "-e", "dev"]);
    let check = check.args(["-d", scene.area.database()]);
    let check = check.without_env("PG_ADMIN_PASS").run();
    assert_eq!(
        check.expect_status(0).json()[0]["source"],
        "pgpass",
        "{check}"
    );
}

#[test]
fn a_name_with_a_line_end_makes_no_line_of_its_own() {
    // Of its own: such a name would be in the way of other tests.
    let cluster = Cluster::private(|c| c);
    let scene = Scene::on(&cluster, cluster.port());
    let odd = format!("{}\n*:*:*:*:mine\n\"x\" \"y\"", scene.area.role("odd"));
    scene.area.psql(&format!(
        "CREATE ROLE \"{}\" LOGIN PASSWORD 'old'",
        odd.replace('"', "\"\"")
    ));
    for (deliver, form) in [
        (format!("pgpass:{}", scene.file("pgpass").display()), "json"),
        (
            format!("file:{}", scene.file("list").display()),
            "pgbouncer",
        ),
        (format!("file:{}", scene.file("env").display()), "env"),
    ] {
        let form = ["--deliver", &deliver, "--file-format", form];
        let reset = scene.user("reset", &odd, &form).run();
        assert!([Some(2), Some(6)].contains(&reset.status()), "{reset}");
    }
    assert_eq!(fs::read_dir(scene.file("")).expect("is there").count(), 0);
    assert!(scene.logs_in(&odd, "old"));
}
