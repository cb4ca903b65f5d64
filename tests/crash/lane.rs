//! A server with some roles, which `pgrole rotate` and `recover` work on while they, it and its sessions are killed.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::dice::{Dice, number};
use crate::harness::sandbox::Running;
use crate::harness::sqlite::query;
use crate::harness::{Cluster, Outcome, Sandbox, servers};
use crate::{milliseconds, sleep_until};

const DATABASE: &str = "app";
/// Delivered to a file each: a plain one, a link's target, a mount point; and by two to a .pgpass, of which one is a mount
/// point.
const ROLES: [&str; 7] = [
    "file_1", "link_1", "mount_1", "pass_1", "pass_2", "bound_1", "bound_2",
];
/// What there is in the folder of the deliveries.
const FILES: [&str; 5] = ["bound", "file_1", "link_1", "mount_1", "pass"];
/// How late a run may still be killed: what follows its last delivery counts too.
const PAST_THE_END: f64 = 1.05;

/// Beside [`Cluster::HOST`].
const SECOND_NAME: &str = "localhost";

/// Half are placed over one name of the server, half over the other.
fn is_at_second_name(role: &str) -> bool {
    role.ends_with('2')
}

/// The mounts are undone before the sandbox goes.
pub struct Lane {
    mounts: Vec<Mount>,
    cluster: Cluster,
    sandbox: Sandbox,
    /// How long a whole rotation and a whole recovery take.
    length: Duration,
    recovery_length: Duration,
    pub figures: Figures,
}

/// The .pgpass that has the role's password; None: the role has a file of its own.
fn shared_file(role: &str) -> Option<&str> {
    let (kind, _) = role.split_once('_')?;
    ["pass", "bound"].contains(&kind).then_some(kind)
}

/// A file that is mounted on another, undone at the end.
struct Mount(PathBuf);

impl Mount {
    /// None where we may not mount: the file is a plain one then.
    fn new(file: &Path, at: &Path) -> Option<Self> {
        for path in [file, at] {
            fs::write(path, "").expect("the sandbox can be written");
            fs::set_permissions(path, fs::Permissions::from_mode(0o600)).expect("is ours");
        }
        let mut mount = Command::new("mount");
        let mounted = mount.arg("--bind").args([file, at]).stderr(Stdio::null());
        if mounted.status().is_ok_and(|status| status.success()) {
            return Some(Self(at.to_owned()));
        }
        servers::skip("no right to mount: plain files are written instead");
        None
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        Command::new("umount").arg("-l").arg(&self.0).status().ok();
    }
}

/// As whom pgrole works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admin {
    Superuser,
    /// May not read which verifier the server stores.
    Createrole,
}

#[derive(Debug, Clone, Copy, Default)]
pub struct Figures {
    rounds: u64,
    kills: u64,
    recoveries_killed: u64,
    servers_stopped: u64,
    sessions_ended: u64,
    /// Rounds that left something to recover.
    cut: u64,
    /// Changes by how they ended.
    closed: u64,
    aborted: u64,
    pub lost: u64,
}

impl Figures {
    pub fn and(self, other: Self) -> Self {
        Self {
            rounds: self.rounds + other.rounds,
            kills: self.kills + other.kills,
            recoveries_killed: self.recoveries_killed + other.recoveries_killed,
            servers_stopped: self.servers_stopped + other.servers_stopped,
            sessions_ended: self.sessions_ended + other.sessions_ended,
            cut: self.cut + other.cut,
            closed: self.closed + other.closed,
            aborted: self.aborted + other.aborted,
            lost: self.lost + other.lost,
        }
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{} rounds: {} rotations and {} recoveries killed, {} servers stopped, {} times sessions ended; {} rounds \
             left changes to recover; {} changes closed, {} aborted, {} passwords lost",
            self.rounds,
            self.kills,
            self.recoveries_killed,
            self.servers_stopped,
            self.sessions_ended,
            self.cut,
            self.closed,
            self.aborted,
            self.lost
        )
    }
}

/// What is killed in a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Victim {
    Pgrole,
    Server,
    Sessions,
}

#[derive(Debug)]
struct Draw {
    victim: Victim,
    instant: Duration,
    /// When each of the recoveries that are killed is killed.
    recoveries: Vec<Duration>,
}

impl Lane {
    /// The server may forget in a crash what it acknowledged, unless it is told not to (`synchronous_commit = off`).
    pub fn new(admin: Admin) -> Self {
        let cluster = Cluster::private(|c| c);
        cluster.psql("postgres", &format!("CREATE DATABASE {DATABASE}"));
        let mut sandbox = Sandbox::new().with_admin(&cluster);
        if admin == Admin::Createrole {
            cluster.psql(
                "postgres",
                "CREATE ROLE dba LOGIN CREATEROLE PASSWORD 'dba'",
            );
            sandbox.env("PG_ADMIN_USER", "dba");
            sandbox.env("PG_ADMIN_PASS", "dba");
        }
        sandbox.write_config("[profiles.plain]\naccess = \"none\"\n");
        sandbox.register(&cluster, "dev", DATABASE);
        let port = cluster.port().to_string();
        let second = [
            "registry",
            "add",
            "-e",
            "qa",
            "-d",
            DATABASE,
            "-H",
            SECOND_NAME,
        ];
        let second = sandbox
            .pgrole(second)
            .args(["-p", &port, "--sslmode", "disable"]);
        second.run().expect_status(0);
        let mut lane = Self {
            cluster,
            sandbox,
            length: Duration::ZERO,
            recovery_length: Duration::ZERO,
            mounts: Vec::new(),
            figures: Figures::default(),
        };
        fs::create_dir(lane.folder()).expect("the sandbox can be written");
        let data = lane.sandbox.path().join("data");
        fs::create_dir(&data).expect("the sandbox can be written");
        symlink(data.join("link_1"), lane.folder().join("link_1")).expect("the folder is ours");
        lane.mounts = ["mount_1", "bound"]
            .into_iter()
            .filter_map(|name| Mount::new(&data.join(name), &lane.folder().join(name)))
            .collect();
        for role in ROLES {
            let deliver = match shared_file(role) {
                None => format!("file:{}/{{username}}", lane.folder().display()),
                Some(name) => format!("pgpass:{}/{name}", lane.folder().display()),
            };
            let create = [
                "user",
                "create",
                "--profile",
                "plain",
                "-e",
                if is_at_second_name(role) { "qa" } else { "dev" },
                "-d",
                DATABASE,
            ];
            let run = lane.sandbox.pgrole(create);
            let run = run.args(["-u", role, "--deliver", &deliver]);
            run.run().expect_status(0);
        }
        lane.measure();
        lane
    }

    fn folder(&self) -> PathBuf {
        self.sandbox.path().join("passwords")
    }

    fn measure(&mut self) {
        let time = |run: &dyn Fn() -> Outcome| {
            let started = Instant::now();
            run().expect_status(0);
            started.elapsed()
        };
        let lengths = [(); 3].map(|()| time(&|| self.rotate().wait()));
        self.length = *lengths.iter().min().expect("there are three");
        if let Some(microseconds) = number("PGROLE_CRASH_LENGTH") {
            self.length = Duration::from_micros(microseconds);
        }
        // With something to recover it takes longer; with nothing, it at least connects to nobody.
        self.recovery_length = self.length / 2;
    }

    fn rotate(&self) -> Running {
        let rotate = [
            "rotate",
            "--any-age",
            "--jobs",
            "2",
            "--timeout",
            "5",
            "--yes",
        ];
        self.sandbox.pgrole(rotate).spawn()
    }

    fn recover(&self) -> Running {
        self.sandbox.pgrole(["recover", "run"]).spawn()
    }

    /// One round: kill, recover, and look.
    pub fn play(&mut self, seed: u64, round: u64) {
        let mut dice = Dice::new(seed, round);
        let draw = self.draw(&mut dice);
        let again = format!(
            "PGROLE_CRASH_SEED={seed} PGROLE_CRASH_ROUND={round} PGROLE_CRASH_LENGTH={}: {:?} at {:.3} ms, recoveries at {:?}",
            self.length.as_micros(),
            draw.victim,
            milliseconds(draw.instant),
            draw.recoveries
        );
        if dice.below(3) == 0 {
            self.part_names(round);
        }
        let before = self.verifiers();
        let last = self.newest_change();
        let killed = self.kill(&draw);
        let open = self.open_changes();
        self.figures.cut += u64::from(open != "0");
        for instant in &draw.recoveries {
            let recovery = self.recover();
            sleep_until(Instant::now() + *instant);
            recovery.kill();
        }
        let recovered = self.recover().wait();
        let told = format!("{again}\n--- killed:{killed}--- recovered:{recovered}");
        assert_eq!(recovered.status(), Some(0), "{told}");
        self.figures.rounds += 1;
        self.look(&before, &last, &told);
    }

    /// Lets the registry know the names as two servers, as before the run that asked both for the first time.
    fn part_names(&self, round: u64) {
        let statements = [
            "cluster_place",
            "placed_role",
            "db_registry",
            "password_change",
        ]
        .map(|table| {
            format!(
                "UPDATE {table} SET cluster_id = 'parted {round}' WHERE hostname = '{SECOND_NAME}';"
            )
        });
        self.query(&format!(
            "BEGIN IMMEDIATE; INSERT INTO cluster VALUES ('parted {round}', strftime('%Y-%m-%dT%H:%M:%fZ')); {} COMMIT;",
            statements.concat()
        ));
    }

    fn draw(&self, dice: &mut Dice) -> Draw {
        let victim = match dice.below(20) {
            0..14 => Victim::Pgrole,
            14..17 => Victim::Server,
            _ => Victim::Sessions,
        };
        let instant = dice.instant(self.length.mul_f64(PAST_THE_END));
        let killed_recoveries = dice.below(6).saturating_sub(3);
        let recoveries = (0..killed_recoveries)
            .map(|_| dice.instant(self.recovery_length))
            .collect();
        Draw {
            victim,
            instant,
            recoveries,
        }
    }

    fn kill(&mut self, draw: &Draw) -> Outcome {
        self.figures.recoveries_killed += draw.recoveries.len() as u64;
        let run = self.rotate();
        sleep_until(Instant::now() + draw.instant);
        match draw.victim {
            Victim::Pgrole => {
                self.figures.kills += 1;
                run.kill()
            }
            Victim::Server => {
                self.figures.servers_stopped += 1;
                self.cluster.stop_immediate();
                self.cluster.start();
                run.wait()
            }
            Victim::Sessions => {
                self.figures.sessions_ended += 1;
                self.cluster.psql(
                    "postgres",
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'pgrole%'",
                );
                run.wait()
            }
        }
    }

    /// What must hold once all is recovered.
    fn look(&mut self, before: &BTreeMap<String, String>, last: &str, told: &str) {
        for role in ROLES {
            let password = self.on_record(role, told);
            if self.cluster.client_as(role, &password, DATABASE).is_err() {
                self.figures.lost += 1;
                panic!(
                    "the password on record of {role} does not log in\n{told}{}",
                    self.journal()
                );
            }
        }
        assert_eq!(self.open_changes(), "0", "{told}{}", self.journal());
        self.look_for_leftovers(told);
        self.look_at_audit(before, last, told);
    }

    /// The password that was delivered.
    fn on_record(&self, role: &str, told: &str) -> String {
        let read = |name: &str| {
            let path = self.folder().join(name);
            let mode = fs::metadata(&path).map(|found| found.permissions().mode() & 0o777);
            assert_eq!(mode.ok(), Some(0o600), "{}\n{told}", path.display());
            fs::read_to_string(path).expect("the file is there")
        };
        let Some(shared) = shared_file(role) else {
            let row: serde_json::Value = serde_json::from_str(&read(role)).expect("JSON");
            return row["password"].as_str().expect("a password").to_owned();
        };
        let host = if is_at_second_name(role) {
            SECOND_NAME
        } else {
            Cluster::HOST
        };
        let key = format!("{host}:{}:{DATABASE}:{role}:", self.cluster.port());
        let lines = read(shared);
        assert_eq!(lines.lines().count(), 2, "{told}\n{lines}");
        let line = lines.lines().find_map(|line| line.strip_prefix(&key));
        line.unwrap_or_else(|| panic!("no line for {role}\n{told}"))
            .to_owned()
    }

    fn look_for_leftovers(&self, told: &str) {
        let names = fs::read_dir(self.folder()).expect("the folder is there");
        let mut names: Vec<_> = names
            .map(|entry| {
                entry
                    .expect("the folder can be read")
                    .file_name()
                    .into_string()
            })
            .map(|name| name.expect("names are ours"))
            .collect();
        names.sort();
        assert_eq!(names, FILES, "{told}");
        assert!(self.folder().join("link_1").is_symlink(), "{told}");
        assert_eq!(
            self.count("sealed IS NOT NULL"),
            "0",
            "{told}{}",
            self.journal()
        );
    }

    /// A role's verifier is another one if and only if a change of it is closed; and that is in the audit log.
    fn look_at_audit(&mut self, before: &BTreeMap<String, String>, last: &str, told: &str) {
        let after = self.verifiers();
        let ended = self.query(&format!(
            "SELECT p.operation_id, p.username, p.state, coalesce(group_concat(a.operation || ': ' || a.status), '')
             FROM password_change p LEFT JOIN audit_log a ON a.stage = 'outcome'
                AND (a.operation_id = p.operation_id OR a.status LIKE '%' || p.operation_id || '%')
             WHERE p.created_at > '{last}' GROUP BY 1, 2, 3 ORDER BY p.created_at"
        ));
        let mut changed = Vec::new();
        for line in ended.lines() {
            let mut columns = line.split('|');
            let mut next = || columns.next().expect("four columns");
            let (id, role, state, outcomes) = (next(), next(), next(), next());
            let says = |wanted: &str| outcomes.contains(wanted);
            let is_told = match state {
                "CLOSED" => {
                    self.figures.closed += 1;
                    changed.push(role.to_owned());
                    says("rotate: password reset")
                        || says("rotate: cut off: password reset")
                        || says("rotate: failed")
                            && says(&format!("{id}: password in force, delivered"))
                }
                "ABORTED" => {
                    self.figures.aborted += 1;
                    says("rotate: failed") || says("rotate: cut off: nothing changed")
                }
                _ => false,
            };
            assert!(
                is_told,
                "the audit log does not tell how {id} ended\n{ended}\n{told}"
            );
        }
        for role in ROLES {
            assert_eq!(
                before[role] != after[role],
                changed.contains(&role.to_owned()),
                "the audit log says another thing of {role} than the server\n{ended}\n{told}"
            );
        }
    }

    fn verifiers(&self) -> BTreeMap<String, String> {
        let mut client = self.cluster.superuser_client("postgres");
        let rows = client
            .query(
                "SELECT rolname::text, rolpassword FROM pg_authid WHERE rolpassword IS NOT NULL",
                &[],
            )
            .expect("a superuser may");
        rows.iter().map(|row| (row.get(0), row.get(1))).collect()
    }

    fn newest_change(&self) -> String {
        self.query("SELECT max(created_at) FROM password_change")
    }

    fn open_changes(&self) -> String {
        self.count("state NOT IN ('CLOSED', 'ABORTED', 'SUPERSEDED')")
    }

    fn count(&self, condition: &str) -> String {
        self.query(&format!(
            "SELECT count(*) FROM password_change WHERE {condition}"
        ))
    }

    fn journal(&self) -> String {
        self.query("SELECT * FROM password_change WHERE sealed IS NOT NULL OR error IS NOT NULL ORDER BY created_at DESC LIMIT 8")
    }

    fn query(&self, sql: &str) -> String {
        query(&self.sandbox.registry(), sql)
    }
}
