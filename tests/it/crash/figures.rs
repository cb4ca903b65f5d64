//! What the lanes count.

use std::fmt;
use std::ops::AddAssign;

#[derive(Debug, Clone, Copy, Default)]
pub struct Figures {
    pub rounds: u64,
    /// Runs of `rotate`, of `credential rotate` and of `recover run` that were killed.
    pub rotations_killed: u64,
    pub logins_killed: u64,
    pub recoveries_killed: u64,
    pub servers_stopped: u64,
    pub sessions_ended: u64,
    /// Rounds that left something to recover.
    pub cut: u64,
    /// Changes by how they ended; and how many of those that are closed are of the admin login.
    pub closed: u64,
    pub logins_closed: u64,
    pub aborted: u64,
    pub lost: u64,
}

impl Figures {
    pub fn kills(&self) -> u64 {
        self.rotations_killed + self.logins_killed + self.recoveries_killed
    }
}

impl AddAssign for Figures {
    fn add_assign(&mut self, other: Self) {
        self.rounds += other.rounds;
        self.rotations_killed += other.rotations_killed;
        self.logins_killed += other.logins_killed;
        self.recoveries_killed += other.recoveries_killed;
        self.servers_stopped += other.servers_stopped;
        self.sessions_ended += other.sessions_ended;
        self.cut += other.cut;
        self.closed += other.closed;
        self.logins_closed += other.logins_closed;
        self.aborted += other.aborted;
        self.lost += other.lost;
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{} kills in {} rounds ({} of rotate, {} of credential rotate, {} of recover), {} servers stopped, {} times \
             sessions ended; {} rounds left changes to recover; {} changes closed ({} of the admin login), {} aborted, \
             {} passwords lost",
            self.kills(),
            self.rounds,
            self.rotations_killed,
            self.logins_killed,
            self.recoveries_killed,
            self.servers_stopped,
            self.sessions_ended,
            self.cut,
            self.closed,
            self.logins_closed,
            self.aborted,
            self.lost
        )
    }
}
