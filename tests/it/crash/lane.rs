//! A server with some roles, which `pgrole rotate`, `credential rotate` and `recover` work on while they, it and its
//! sessions are killed.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::dice::{Dice, number};
use super::figures::Figures;
use super::login::{Admin, Keeper, LOGIN, Login};
use super::mount::Mount;
use super::{milliseconds, sleep_until};
use crate::harness::sandbox::Running;
use crate::harness::sqlite::query;
use crate::harness::{Cluster, Outcome, Sandbox};

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

const OPEN_CHANGES: &str =
    "SELECT count(*) FROM password_change WHERE state NOT IN ('CLOSED', 'ABORTED', 'SUPERSEDED')";

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
    login: Login,
    /// How long each whole run takes.
    rotation: Duration,
    login_rotation: Duration,
    verifiers: BTreeMap<String, String>,
    /// What was seen to log in: each role's password, with the verifier that the server had then.
    proven: BTreeMap<String, (String, String)>,
    newest_change: String,
    pub figures: Figures,
}

/// What is run, to be killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Rotate,
    RotateLogin,
}

/// What is run after the kill, before `recover run` ends it all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Nothing,
    /// Logs in while the login may be between two passwords.
    Check,
    /// Settles what was cut off, and goes on.
    RotateLogin,
}

/// The .pgpass that has the role's password; None: the role has a file of its own.
fn shared_file(role: &str) -> Option<&str> {
    let (kind, _) = role.split_once('_')?;
    ["pass", "bound"].contains(&kind).then_some(kind)
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
    act: Act,
    victim: Victim,
    instant: Duration,
    /// When each of the recoveries that are killed is killed.
    recoveries: Vec<Duration>,
    next: Next,
}

impl Lane {
    /// The server may forget in a crash what it acknowledged, unless it is told not to (`synchronous_commit = off`).
    pub fn new(admin: Admin, keeper: Keeper) -> Self {
        let cluster = Cluster::private(|c| c);
        cluster.psql("postgres", &format!("CREATE DATABASE {DATABASE}"));
        let mut sandbox = Sandbox::new();
        let names = [Cluster::HOST, SECOND_NAME];
        let login = Login::new(admin, keeper, &cluster, names, &mut sandbox);
        let config = format!("[profiles.plain]\naccess = \"none\"\n{}", login.config());
        sandbox.write_config(&config);
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
            login,
            rotation: Duration::ZERO,
            login_rotation: Duration::ZERO,
            verifiers: BTreeMap::new(),
            proven: BTreeMap::new(),
            newest_change: String::new(),
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
        let time = |act| {
            let lengths = [(); 3].map(|()| {
                let started = Instant::now();
                self.start(act).wait().expect_status(0);
                started.elapsed()
            });
            let shortest = lengths.into_iter().min().expect("there are three");
            number("PGROLE_CRASH_LENGTH").map_or(shortest, Duration::from_micros)
        };
        let lengths = (time(Act::Rotate), time(Act::RotateLogin));
        (self.rotation, self.login_rotation) = lengths;
        self.verifiers = self.read_verifiers();
        self.newest_change = self.query("SELECT max(created_at) FROM password_change");
    }

    fn length(&self, act: Act) -> Duration {
        match act {
            Act::Rotate => self.rotation,
            Act::RotateLogin => self.login_rotation,
        }
    }

    fn start(&self, act: Act) -> Running {
        let words = match act {
            Act::Rotate => "rotate --any-age --jobs 2 --timeout 5 --yes",
            Act::RotateLogin => "credential rotate -e dev --timeout 5 --yes",
        };
        self.sandbox.pgrole(words.split(' ')).spawn()
    }

    fn recover(&self) -> Running {
        self.sandbox.pgrole(["recover", "run"]).spawn()
    }

    fn check_login(&self) -> Running {
        self.sandbox.pgrole(["credential", "check"]).spawn()
    }

    /// One round: kill, recover, and look.
    pub fn play(&mut self, seed: u64, round: u64) {
        let mut dice = Dice::new(seed, round);
        let draw = self.draw(&mut dice);
        let again = format!(
            "PGROLE_CRASH_SEED={seed} PGROLE_CRASH_ROUND={round} PGROLE_CRASH_LENGTH={}: {:?}, {:?} at {:.3} ms, \
             recoveries at {:?}, then {:?}",
            self.length(draw.act).as_micros(),
            draw.act,
            draw.victim,
            milliseconds(draw.instant),
            draw.recoveries,
            draw.next
        );
        // The login of a name that does not answer and is not known to be the same server's is nothing that pgrole can
        // know of.
        let may_part = draw.act == Act::Rotate || draw.victim == Victim::Pgrole;
        if dice.below(3) == 0 && may_part {
            self.part_names(round);
        }
        let killed = self.kill(&draw);
        let mut told = format!("{again}\n--- killed:{killed}");
        self.figures.cut += u64::from(self.query(OPEN_CHANGES) != "0");
        for instant in &draw.recoveries {
            let recovery = self.recover();
            sleep_until(Instant::now() + *instant);
            recovery.kill();
        }
        let next = match draw.next {
            Next::Nothing => None,
            Next::Check => Some(self.check_login()),
            Next::RotateLogin => Some(self.start(Act::RotateLogin)),
        };
        if let Some(next) = next {
            self.expect_success(next, &mut told);
        }
        self.expect_success(self.recover(), &mut told);
        self.figures.rounds += 1;
        self.look(&told);
        if draw.act == Act::RotateLogin {
            let check = self.check_login().wait();
            assert_eq!(check.status(), Some(0), "{told}{check}");
            assert_eq!(check.stderr, "", "{told}{check}");
        }
    }

    fn expect_success(&self, run: Running, told: &mut String) {
        let ended = run.wait();
        told.push_str(&format!("--- then:{ended}"));
        assert_eq!(ended.status(), Some(0), "{told}{}", self.journal());
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
        let act = match dice.below(3) {
            0 => Act::RotateLogin,
            _ => Act::Rotate,
        };
        let victim = match dice.below(20) {
            0..14 => Victim::Pgrole,
            14..17 => Victim::Server,
            _ => Victim::Sessions,
        };
        let length = self.length(act);
        let instant = dice.instant(length.mul_f64(PAST_THE_END));
        let killed_recoveries = dice.below(6).saturating_sub(3);
        // With something to recover it takes longer; with nothing, it at least connects to nobody.
        let recoveries = (0..killed_recoveries)
            .map(|_| dice.instant(length / 2))
            .collect();
        let next = match dice.below(4) {
            0 if act == Act::RotateLogin => Next::Check,
            1 if act == Act::RotateLogin => Next::RotateLogin,
            _ => Next::Nothing,
        };
        Draw {
            act,
            victim,
            instant,
            recoveries,
            next,
        }
    }

    fn kill(&mut self, draw: &Draw) -> Outcome {
        self.figures.recoveries_killed += draw.recoveries.len() as u64;
        // Connected before, so that nothing delays the instant.
        let mut superuser =
            (draw.victim == Victim::Sessions).then(|| self.cluster.superuser_client("postgres"));
        let run = self.start(draw.act);
        sleep_until(Instant::now() + draw.instant);
        match draw.victim {
            Victim::Pgrole => {
                match draw.act {
                    Act::Rotate => self.figures.rotations_killed += 1,
                    Act::RotateLogin => self.figures.logins_killed += 1,
                }
                return run.kill();
            }
            Victim::Server => {
                self.figures.servers_stopped += 1;
                self.cluster.stop_immediate();
                self.cluster.start();
            }
            Victim::Sessions => {
                self.figures.sessions_ended += 1;
                let superuser = superuser.as_mut().expect("it is connected");
                let ended = superuser.batch_execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'pgrole%'",
                );
                ended.expect("a superuser may");
            }
        }
        run.wait()
    }

    /// What must hold once all is recovered.
    fn look(&mut self, told: &str) {
        let verifiers = self.read_verifiers();
        for role in ROLES.into_iter().chain([LOGIN]) {
            let password = match role {
                LOGIN => self.login.on_record(told),
                role => self.on_record(role, told),
            };
            let proven = (password, verifiers[role].clone());
            // Seen before: neither of the two has changed.
            if self.proven.get(role) == Some(&proven) {
                continue;
            }
            if let Err(error) = self.cluster.client_as(role, &proven.0, DATABASE) {
                self.figures.lost += 1;
                panic!(
                    "the password on record of {role} does not log in: {error}\n{told}{}",
                    self.journal()
                );
            }
            self.proven.insert(role.to_owned(), proven);
        }
        self.look_for_leftovers(told);
        self.look_at_journal(&verifiers, told);
        self.verifiers = verifiers;
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
        self.login.look_for_leftovers(told);
    }

    /// No change is open, and none has its password left. A role's verifier is another one if and only if a change of
    /// it is closed; and that is in the audit log.
    fn look_at_journal(&mut self, after: &BTreeMap<String, String>, told: &str) {
        let last = &self.newest_change;
        // The summary first: one run of sqlite3 for all.
        let found = self.query(&format!(
            "{OPEN_CHANGES}; SELECT count(*) FROM password_change WHERE sealed IS NOT NULL;
             SELECT max(created_at) FROM password_change;
             SELECT p.operation_id, p.username, p.state, coalesce(group_concat(a.operation || ': ' || a.status), '')
             FROM password_change p LEFT JOIN audit_log a ON a.stage = 'outcome'
                AND (a.operation_id = p.operation_id OR a.status LIKE '%' || p.operation_id || '%')
             WHERE p.created_at > '{last}' GROUP BY 1, 2, 3 ORDER BY p.created_at"
        ));
        let mut lines = found.splitn(4, '\n');
        let mut next = || lines.next().unwrap_or_default().to_owned();
        let (open, sealed, newest, ended) = (next(), next(), next(), next());
        assert_eq!((&*open, &*sealed), ("0", "0"), "{told}{}", self.journal());
        self.newest_change = newest;
        let mut changed = Vec::new();
        for line in ended.lines() {
            let mut columns = line.split('|');
            let mut next = || columns.next().expect("four columns");
            let (id, role, state, outcomes) = (next(), next(), next(), next());
            let says = |wanted: &str| outcomes.contains(wanted);
            let is_told = match state {
                "CLOSED" => {
                    self.figures.closed += 1;
                    self.figures.logins_closed += u64::from(role == LOGIN);
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
        for role in ROLES.into_iter().chain([LOGIN]) {
            assert_eq!(
                self.verifiers[role] != after[role],
                changed.contains(&role.to_owned()),
                "the audit log says another thing of {role} than the server\n{ended}\n{told}"
            );
        }
    }

    fn read_verifiers(&self) -> BTreeMap<String, String> {
        let mut client = self.cluster.superuser_client("postgres");
        let rows = client
            .query(
                "SELECT rolname::text, rolpassword FROM pg_authid WHERE rolpassword IS NOT NULL",
                &[],
            )
            .expect("a superuser may");
        rows.iter().map(|row| (row.get(0), row.get(1))).collect()
    }

    fn journal(&self) -> String {
        self.query("SELECT * FROM password_change WHERE sealed IS NOT NULL OR error IS NOT NULL ORDER BY created_at DESC LIMIT 8")
    }

    fn query(&self, sql: &str) -> String {
        query(&self.sandbox.registry(), sql)
    }
}
