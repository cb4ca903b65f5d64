//! No login is lost: clients log in all the time, pools keep their connections, while passwords are rotated, and while
//! pgrole is killed at random instants (`scripts/dual ROTATIONS KILLS`).

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::Shop;
use crate::crash::dice::{Dice, fresh_seed, number};
use crate::harness::Cluster;
use crate::scene::Login;

/// How many of each in an ordinary run of the tests.
const ROTATIONS: u64 = 2;
const KILLS: u64 = 4;
/// Together about 100 logins a second.
const CLIENTS: usize = 16;
const PAUSE: Duration = Duration::from_millis(150);
const POOLS: usize = 4;
const CONNECTIONS: usize = 5;
/// How often a client reads again what was delivered.
const READS_AGAIN: Duration = Duration::from_secs(1);
/// How often a pool replaces one of its connections; the last one never is.
const REPLACES: Duration = Duration::from_secs(10);
/// It has to be longer than clients take to read the delivery again, and than the half in which they may.
const GRACE: &str = "3s";
/// The longest that a rotation takes here.
const ROTATION: Duration = Duration::from_millis(900);

/// What the clients came to.
#[derive(Default)]
struct Counts {
    logins: AtomicU64,
    queries: AtomicU64,
    failed: AtomicU64,
    is_over: AtomicBool,
}

impl Counts {
    fn is_over(&self) -> bool {
        self.is_over.load(Ordering::SeqCst)
    }

    fn add(counter: &AtomicU64) {
        counter.fetch_add(1, Ordering::SeqCst);
    }

    fn of(counter: &AtomicU64) -> u64 {
        counter.load(Ordering::SeqCst)
    }

    fn fail(&self, what: &str) {
        Self::add(&self.failed);
        say(&format!("failed: {what}"));
    }
}

#[test]
fn no_login_is_lost_in_rotations() {
    rotate_under_clients(Cluster::shared());
}

#[test]
fn no_login_is_lost_in_rotations_on_18() {
    if let Some(cluster) = Cluster::of_major(18) {
        rotate_under_clients(cluster);
    }
}

#[test]
fn no_login_is_lost_in_kills() {
    kill_under_clients(Cluster::shared());
}

#[test]
fn no_login_is_lost_in_kills_on_18() {
    if let Some(cluster) = Cluster::of_major(18) {
        kill_under_clients(cluster);
    }
}

fn rotate_under_clients(cluster: &Cluster) {
    let rotations = number("PGROLE_DUAL_ROTATIONS").unwrap_or(ROTATIONS);
    let shop = Shop::on(cluster).created();
    under_clients(&shop, &format!("{rotations} rotations"), || {
        for _ in 0..rotations {
            let before = shop.delivered();
            shop.rotate(&["--grace", GRACE]).run().expect_status(0);
            let after = shop.delivered();
            assert_ne!(
                (&before.name, &before.password),
                (&after.name, &after.password)
            );
            retire(&shop);
        }
    });
}

fn kill_under_clients(cluster: &Cluster) {
    let kills = number("PGROLE_DUAL_KILLS").unwrap_or(KILLS);
    let seed = number("PGROLE_DUAL_SEED").unwrap_or_else(fresh_seed);
    let shop = Shop::on(cluster).created();
    under_clients(&shop, &format!("{kills} kills, seed {seed}"), || {
        for kill in 0..kills {
            let mut dice = Dice::new(seed, kill);
            let rotation = shop.rotate(&["--grace", GRACE]).spawn();
            thread::sleep(dice.instant(ROTATION));
            rotation.kill();
            shop.recover().expect_status(0);
            let is_open = "SELECT count(*) FROM password_change WHERE sealed IS NOT NULL";
            assert_eq!(shop.query(is_open), "0");
            shop.delivered_is_good();
            retire(&shop);
            // File, comment and LOGIN agree.
            let current = shop.delivered().name.replace(&shop.owner, "");
            let letter = current.trim_start_matches('_');
            assert_eq!(shop.state(), format!("dual current={letter} profile=app"));
            assert_eq!(shop.may_log_in(), format!("shop_{letter}"));
        }
    });
}

/// Retires what is due, as cron's run does, which is killed too now and then.
fn retire(shop: &Shop<'_>) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while shop.state().contains("previous=") {
        assert!(Instant::now() < deadline, "not retired: {}", shop.state());
        thread::sleep(Duration::from_millis(500));
        let cron = shop.scene.sandbox.pgrole(["rotate", "-u", &shop.owner]);
        cron.args(["--older-than", "1d"]).run().expect_status(0);
    }
}

fn under_clients(shop: &Shop<'_>, what: &str, work: impl FnOnce()) {
    let counts = Counts::default();
    let begun = Instant::now();
    thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| scope.spawn(|| log_in_again_and_again(shop, &counts)))
            .collect();
        let pools: Vec<_> = (0..POOLS)
            .map(|_| scope.spawn(|| keep_connections(shop, &counts)))
            .collect();
        let worked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
        counts.is_over.store(true, Ordering::SeqCst);
        for client in clients.into_iter().chain(pools) {
            client.join().expect("a client does not panic");
        }
        if let Err(panic) = worked {
            std::panic::resume_unwind(panic);
        }
    });
    let (logins, took) = (Counts::of(&counts.logins), begun.elapsed());
    say(&format!(
        "dual on {}: {what}: {logins} logins in {:.0} s, {} queries in pools, {} failed",
        shop.scene.psql("SHOW server_version"),
        took.as_secs_f64(),
        Counts::of(&counts.queries),
        Counts::of(&counts.failed)
    ));
    assert!(logins > 0);
    assert_eq!(Counts::of(&counts.failed), 0);
}

/// libtest passes on what is written there, also of what succeeds.
fn say(line: &str) {
    writeln!(io::stderr(), "{line}").expect("standard error can be written");
}

/// What was delivered, as a client has read it last.
struct Known<'a> {
    shop: &'a Shop<'a>,
    login: Login,
    read_at: Instant,
}

impl<'a> Known<'a> {
    fn new(shop: &'a Shop<'a>) -> Self {
        Self {
            shop,
            login: shop.delivered(),
            read_at: Instant::now(),
        }
    }

    fn client(&mut self) -> Result<postgres::Client, postgres::Error> {
        if self.read_at.elapsed() > READS_AGAIN {
            self.read_at = Instant::now();
            self.login = self.shop.delivered();
        }
        let cluster = self.shop.scene.cluster;
        let database = self.shop.scene.database();
        cluster.client_as(&self.login.name, &self.login.password, database)
    }
}

fn log_in_again_and_again(shop: &Shop<'_>, counts: &Counts) {
    let mut known = Known::new(shop);
    while !counts.is_over() {
        match known.client() {
            Ok(client) => drop(client),
            Err(error) => counts.fail(&format!("login as {}: {error:?}", known.login.name)),
        }
        Counts::add(&counts.logins);
        thread::sleep(PAUSE);
    }
}

fn keep_connections(shop: &Shop<'_>, counts: &Counts) {
    let mut known = Known::new(shop);
    let mut pool: Vec<_> = (0..CONNECTIONS)
        .map(|_| known.client().expect("the first login is good"))
        .collect();
    let (mut replaced_at, mut next) = (Instant::now(), 0);
    while !counts.is_over() {
        for client in &mut pool {
            let answer = client.query_one("SELECT current_user::text", &[]);
            match answer.map(|row| row.get::<_, String>(0)) {
                Ok(current) if current == shop.owner => {}
                Ok(other) => counts.fail(&format!("a query as {other}")),
                Err(error) => counts.fail(&format!("a query: {error:?}")),
            }
            Counts::add(&counts.queries);
        }
        if replaced_at.elapsed() > REPLACES {
            replaced_at = Instant::now();
            match known.client() {
                Ok(client) => pool[next % (CONNECTIONS - 1)] = client,
                Err(error) => counts.fail(&format!("a new connection: {error:?}")),
            }
            next += 1;
        }
        thread::sleep(Duration::from_secs(1));
    }
}
