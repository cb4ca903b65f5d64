//! The control: the same steps as `pgrole rotate`, but the password is changed first and written down last, without
//! a journal. What it loses shows that the killing hits.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::dice::Dice;
use super::sleep_until;
use crate::harness::{Cluster, Sandbox, variable};

const ROLES: u32 = 4;
const FOLDER: &str = "PGROLE_CONTROL_FOLDER";

fn role(number: u32) -> String {
    format!("control_{number}")
}

/// Kills the control so many times, and counts the kills after which a password on record was refused.
pub fn kills_that_lose(kills: u64, dice: &mut Dice) -> u64 {
    let cluster = Cluster::private(|c| c);
    let sandbox = Sandbox::new();
    let folder = sandbox.path();
    fs::write(folder.join("port"), cluster.port().to_string()).expect("the sandbox can be written");
    fs::write(folder.join("admin"), cluster.password()).expect("the sandbox can be written");
    for number in 0..ROLES {
        cluster.psql("postgres", &format!("CREATE ROLE {} LOGIN", role(number)));
    }
    let started = Instant::now();
    let whole = start(folder)
        .wait()
        .expect("our own child can be waited for");
    assert!(whole.success());
    let length = started.elapsed();
    let mut lost = 0;
    for _ in 0..kills {
        let instant = dice.instant(length);
        let mut child = start(folder);
        sleep_until(Instant::now() + instant);
        child.kill().ok();
        child.wait().expect("our own child can be waited for");
        // What was sent may still be on its way.
        std::thread::sleep(Duration::from_millis(20));
        let is_lost = |number: &u32| {
            let password = fs::read_to_string(folder.join(role(*number))).expect("was written");
            cluster
                .client_as(&role(*number), &password, "postgres")
                .is_err()
        };
        if (0..ROLES).filter(is_lost).count() > 0 {
            lost += 1;
            assert!(start(folder).wait().is_ok_and(|status| status.success()));
        }
    }
    lost
}

/// Runs this test binary again, as a program that can be killed.
fn start(folder: &Path) -> std::process::Child {
    let program = std::env::current_exe().expect("a program knows where it is");
    let mut command = Command::new(program);
    command.args([
        "--exact",
        "crash::control::change_first_write_later",
        "--ignored",
    ]);
    command
        .env(FOLDER, folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.spawn().expect("we can be run again")
}

#[test]
#[ignore = "the program that the control kills"]
fn change_first_write_later() {
    let Some(folder) = variable(FOLDER) else {
        return;
    };
    let folder = Path::new(&folder);
    let read = |name: &str| fs::read_to_string(folder.join(name)).expect("was written");
    let port: u16 = read("port").parse().expect("a port");
    let connect = |user: &str, password: &str| {
        let mut config = postgres::Config::new();
        config
            .host(Cluster::HOST)
            .port(port)
            .user(user)
            .password(password)
            .dbname("postgres");
        config
            .connect(postgres::NoTls)
            .expect("the server lets us in")
    };
    for number in 0..ROLES {
        let role = role(number);
        let mut admin = connect(Cluster::SUPERUSER, &read("admin"));
        let password = format!("{:?}", Instant::now()).replace(|c: char| !c.is_alphanumeric(), "");
        admin
            .batch_execute(&format!("ALTER ROLE {role} PASSWORD '{password}'"))
            .expect("a superuser may");
        drop(connect(&role, &password));
        let temporary = folder.join(format!("{role}.new"));
        fs::write(&temporary, &password).expect("the folder can be written");
        fs::rename(&temporary, folder.join(&role)).expect("the folder can be written");
    }
}
