//! Grants, extensions and ends are killed at random instants, while another hand drops, moves and shares them, from two
//! machines, one of which loses its rows: no grant outlives its end, and each that reached a server has an end on record.
//!
//! `PGROLE_BOX_KILLS` says how many kills (`scripts/boxes N`). A run that fails prints the seed that draws the same again.

use std::collections::BTreeSet;
use std::io::Write;
use std::thread;
use std::time::{Duration, Instant};

use crate::crash::dice::{self, Dice, number};
use crate::harness::{Cluster, Outcome, Sandbox, sqlite};
use crate::scene::{Login, Scene, wait_until};

const KILLS: u64 = 24;
const LOGINS: usize = 3;
/// How long a command runs at most before it is killed.
const LONGEST: Duration = Duration::from_millis(600);

/// What was killed, and what it came to.
#[derive(Debug, Default)]
struct Figures {
    kills: u64,
    by_hand: u64,
    rows_lost: u64,
    granted: usize,
    ended: usize,
}

struct Chaos {
    scene: Scene<'static>,
    other: Sandbox,
    logins: Vec<Login>,
    dice: Dice,
    figures: Figures,
    /// Every grant that was seen on the server.
    seen: BTreeSet<String>,
}

#[test]
fn no_grant_outlives_its_end_unreported() {
    let seed = number("PGROLE_BOX_SEED").unwrap_or_else(dice::fresh_seed);
    let kills = number("PGROLE_BOX_KILLS").unwrap_or(KILLS);
    let started = Instant::now();
    let mut chaos = Chaos::new(Dice::new(seed, 0));
    while chaos.figures.kills < kills {
        chaos.round();
        if chaos.figures.kills % 50 < 2 {
            chaos.settle(seed);
        }
    }
    chaos.settle(seed);
    let line = format!(
        "boxes: {:?} in {:.0} s (seed {seed})",
        chaos.figures,
        started.elapsed().as_secs_f64()
    );
    writeln!(std::io::stderr(), "{line}").ok();
}

impl Chaos {
    fn new(dice: Dice) -> Self {
        let scene = Scene::new();
        scene.psql("CREATE TABLE t (id int)");
        let mut other = Sandbox::new().with_admin(scene.cluster);
        other.register(scene.cluster, "dev", scene.database());
        let logins = (0..LOGINS)
            .map(|number| scene.create("readonly", &format!("login{number}")))
            .collect();
        Self {
            scene,
            other,
            logins,
            dice,
            figures: Figures::default(),
            seen: BTreeSet::new(),
        }
    }

    /// A command that is killed, or something that another hand does.
    fn round(&mut self) {
        match self.dice.below(10) {
            0..4 => self.kill_grant(),
            4 => self.kill_extension(),
            5..8 => self.kill_expire(),
            8 => self.do_by_hand(),
            _ => self.lose_rows(),
        }
        self.look();
    }

    fn kill(&mut self, run: impl FnOnce(&Self) -> crate::harness::sandbox::Running) {
        let instant = self.dice.instant(LONGEST);
        let running = run(self);
        thread::sleep(instant);
        running.kill();
        self.figures.kills += 1;
    }

    fn kill_grant(&mut self) {
        let login = self.dice.below(LOGINS as u64);
        let span = ["1s", "2s", "5s", "1h"][usize::try_from(self.dice.below(4)).expect("small")];
        let on_other = self.dice.below(3) == 0;
        self.kill(|chaos| {
            let name = &chaos.logins[usize::try_from(login).expect("small")].name;
            let machine = if on_other {
                &chaos.other
            } else {
                &chaos.scene.sandbox
            };
            machine
                .pgrole([
                    "access",
                    "grant",
                    name,
                    "-e",
                    "dev",
                    "-d",
                    chaos.scene.database(),
                ])
                .args(["--level", "readwrite", "--for", span, "--reason", "chaos"])
                .spawn()
        });
    }

    fn kill_extension(&mut self) {
        let boxes = self.boxes();
        let Some(role) = self.draw(&boxes) else {
            return;
        };
        self.kill(|chaos| {
            chaos
                .scene
                .sandbox
                .pgrole([
                    "access", "extend", &role, "--for", "2s", "--reason", "chaos",
                ])
                .args(["-e", "dev", "-d", chaos.scene.database()])
                .spawn()
        });
    }

    fn kill_expire(&mut self) {
        let on_other = self.dice.below(3) == 0;
        self.kill(|chaos| {
            let machine = if on_other {
                &chaos.other
            } else {
                &chaos.scene.sandbox
            };
            machine.pgrole(["access", "expire", "--all"]).spawn()
        });
    }

    /// Drops a box, moves its end, shares it, takes its member away, or drops its login.
    fn do_by_hand(&mut self) {
        let boxes = self.boxes();
        let Some(role) = self.draw(&boxes) else {
            return;
        };
        self.figures.by_hand += 1;
        let login = &self.logins[0].name;
        let sql = match self.dice.below(4) {
            0 => format!("DROP ROLE IF EXISTS {role}"),
            1 => format!("ALTER ROLE {role} VALID UNTIL '2020-01-01'"),
            2 => format!("GRANT {role} TO {login}"),
            _ => format!("REVOKE {role} FROM {}", self.logins[1].name),
        };
        let password = self.scene.cluster.password();
        // Another process may have dropped it meanwhile.
        self.scene
            .cluster
            .psql_as(Cluster::SUPERUSER, password, self.scene.database(), &sql);
    }

    /// One machine loses what it knew beside its audit log.
    fn lose_rows(&mut self) {
        self.figures.rows_lost += 1;
        sqlite::query(&self.other.registry(), "DELETE FROM access_box");
    }

    fn draw(&mut self, boxes: &[String]) -> Option<String> {
        let count = u64::try_from(boxes.len()).expect("few");
        (count > 0).then(|| {
            let place = usize::try_from(self.dice.below(count)).expect("small");
            boxes[place].clone()
        })
    }

    /// The boxes that are on the server, tombstones included.
    fn boxes(&self) -> Vec<String> {
        let roles = self.scene.psql(&format!(
            "SELECT rolname FROM pg_roles WHERE rolname LIKE 'pgrole\\_box\\_%'
             AND shobj_description(oid, 'pg_authid') LIKE '%{}%' ORDER BY 1",
            self.scene.database()
        ));
        roles.lines().map(str::to_owned).collect()
    }

    fn look(&mut self) {
        let boxes = self.boxes();
        self.seen.extend(boxes);
    }

    /// Lets both machines look after everything, and holds that nothing is left, and nothing unsaid.
    fn settle(&mut self, seed: u64) {
        wait_until("its sessions have ended", || {
            self.scene.psql(
                "SELECT count(*) FROM pg_stat_activity
                 WHERE datname = current_database() AND application_name LIKE 'pgrole%'",
            ) == "0"
        });
        self.look();
        for role in self.boxes() {
            self.scene
                .psql(&format!("ALTER ROLE {role} VALID UNTIL '2020-01-01'"));
        }
        for machine in [&self.scene.sandbox, &self.other] {
            let outcome: Outcome = machine.pgrole(["access", "expire", "--all"]).run();
            assert_eq!(outcome.status(), Some(0), "seed {seed}: {outcome}");
        }
        // A tombstone of the other machine is left for a while.
        for machine in [&self.other, &self.scene.sandbox] {
            machine
                .pgrole(["access", "expire", "--all"])
                .run()
                .expect_status(0);
        }
        let left = self.boxes();
        assert!(left.is_empty(), "seed {seed}: outlived their end: {left:?}");
        let files = [self.scene.sandbox.registry(), self.other.registry()];
        let query = |sql: &str| -> BTreeSet<String> {
            let rows = files.iter().map(|file| sqlite::query(file, sql));
            rows.flat_map(|rows| rows.lines().map(str::to_owned).collect::<Vec<_>>())
                .collect()
        };
        let untold = query(
            "SELECT operation_id FROM audit_log i WHERE operation = 'access grant --for' AND stage = 'intent'
             AND NOT EXISTS (SELECT 1 FROM audit_log o WHERE o.operation_id = i.operation_id AND o.stage = 'outcome')",
        );
        assert!(
            untold.is_empty(),
            "seed {seed}: begun without an end: {untold:?}"
        );
        let open = query("SELECT id || ' ' || state FROM access_box WHERE state <> 'closed'");
        assert!(open.is_empty(), "seed {seed}: rows are open: {open:?}");
        let granted = query(
            "SELECT operation_id FROM audit_log WHERE operation = 'access grant --for' AND stage = 'outcome'
             AND status IN ('access granted', 'cut off: access granted')",
        );
        let ended = query(
            "SELECT substr(status, instr(status, ': ') + 2, 16) FROM audit_log WHERE stage = 'outcome'
             AND (status LIKE 'access expired: %' OR status LIKE 'access removed: %')",
        );
        let unreported: Vec<_> = granted.difference(&ended).collect();
        assert!(
            unreported.is_empty(),
            "seed {seed}: no end on record: {unreported:?}"
        );
        let on_server: BTreeSet<_> = self
            .seen
            .iter()
            .filter_map(|role| role.strip_prefix("pgrole_box_"))
            .map(str::to_owned)
            .collect();
        let unseen: Vec<_> = on_server.difference(&ended).collect();
        assert!(
            unseen.is_empty(),
            "seed {seed}: on the server, and no end on record: {unseen:?}"
        );
        self.figures.granted = granted.len();
        self.figures.ended = ended.len();
    }
}
