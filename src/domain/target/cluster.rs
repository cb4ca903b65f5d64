//! When two targets are one cluster, and share its roles. A system identifier alone does not tell: a server that was
//! restored from another's backup has the same one.

use serde::Deserialize;

use crate::domain::target::Target;

/// What a server reports about itself, beside what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "ReadInstance")]
pub struct Instance {
    /// When the server was started, in microseconds since 1970, and the port that it listens on: a copy has another start,
    /// and one that a machine starts in the same moment has another port.
    pub started_at: String,
    pub in_recovery: bool,
    /// `HOST:PORT` that a standby receives its changes from. `None` if it receives none now, or the login may not read
    /// it.
    pub upstream: Option<String>,
}

/// The same as a server says it.
#[derive(Debug, Clone, Deserialize)]
struct ReadInstance {
    /// Seconds since 1970.
    started_at: f64,
    port: String,
    in_recovery: bool,
    upstream: Option<(String, i32)>,
}

impl From<ReadInstance> for Instance {
    fn from(read: ReadInstance) -> Self {
        Self {
            started_at: format!("{:.0}/{}", read.started_at * 1e6, read.port),
            in_recovery: read.in_recovery,
            upstream: read.upstream.map(|(host, port)| format!("{host}:{port}")),
        }
    }
}

/// A server that answered for a target in this run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    pub target: Target,
    /// The `system_identifier`; `None` if the login may not read it.
    pub identifier: Option<String>,
    pub instance: Instance,
}

/// What two sightings in one run say about the clusters behind them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kinship {
    Same,
    Different,
    CannotTell,
}

impl Sighting {
    /// Whether both are one cluster: one postmaster, or a standby that is receiving from the other one's address.
    pub fn kinship(&self, other: &Self) -> Kinship {
        let (Some(one), Some(two)) = (&self.identifier, &other.identifier) else {
            return Kinship::CannotTell;
        };
        if one != two {
            return Kinship::Different;
        }
        if self.instance.started_at == other.instance.started_at {
            return Kinship::Same;
        }
        match (self.instance.in_recovery, other.instance.in_recovery) {
            (false, false) => Kinship::Different,
            (true, false) if self.receives_from(&other.target) => Kinship::Same,
            (false, true) if other.receives_from(&self.target) => Kinship::Same,
            // It may be the standby of a copy, or a copy that is being restored. It accepts no changes in the meantime.
            _ => Kinship::CannotTell,
        }
    }

    /// Whether the standby receives from the very address under which the other target is registered. An address of
    /// this machine means that only to a standby on the same machine.
    fn receives_from(&self, primary: &Target) -> bool {
        let Some(upstream) = &self.instance.upstream else {
            return false;
        };
        let addresses = |target: &Target| target.addresses().unwrap_or_default();
        let is_here = |target: &Target| {
            let addresses = addresses(target);
            !addresses.is_empty() && addresses.iter().all(|address| address.host.is_local())
        };
        let named = addresses(primary).into_iter().find(|address| {
            upstream.eq_ignore_ascii_case(&format!("{}:{}", address.host, address.port))
        });
        named.is_some_and(|address| !address.host.is_local() || is_here(&self.target))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sighting(host: &str, started_at: &str, upstream: Option<&str>) -> Sighting {
        let target = Target {
            hostname: host.parse().unwrap(),
            ..Target::example()
        };
        Sighting {
            target,
            identifier: Some("7".to_owned()),
            instance: Instance {
                started_at: started_at.to_owned(),
                in_recovery: upstream.is_some(),
                upstream: upstream.map(str::to_owned),
            },
        }
    }

    #[test]
    fn one_postmaster_is_one_cluster_and_a_copy_is_another() {
        let one = sighting("127.0.0.1", "1.5", None);
        assert_eq!(one.kinship(&sighting("h", "1.5", None)), Kinship::Same);
        assert_eq!(one.kinship(&sighting("h", "1.6", None)), Kinship::Different);
        // Two copies that were started in the same microsecond listen on two ports.
        let beside = sighting("h", "1/5433", None);
        let kinship = sighting("h", "1/5432", None).kinship(&beside);
        assert_eq!(kinship, Kinship::Different);
        let mut other = sighting("h", "1.5", None);
        other.identifier = Some("8".to_owned());
        assert_eq!(one.kinship(&other), Kinship::Different);
        // What cannot be read proves nothing, not even where the starts are equal.
        other.identifier = None;
        assert_eq!(one.kinship(&other), Kinship::CannotTell);
    }

    #[test]
    fn a_standby_joins_only_the_address_that_it_receives_from() {
        let primary = sighting("db1", "1.5", None);
        let standby = |upstream| sighting("db2", "1.6", Some(upstream));
        assert_eq!(primary.kinship(&standby("DB1:5432")), Kinship::Same);
        assert_eq!(standby("db1:5432").kinship(&primary), Kinship::Same);
        for upstream in ["db1:5433", "db3:5432", ""] {
            let found = primary.kinship(&standby(upstream));
            assert_eq!(found, Kinship::CannotTell, "{upstream}");
        }
        // "localhost" of another machine is another server.
        let local = sighting("localhost", "1.5", None);
        let found = local.kinship(&standby("localhost:5432"));
        assert_eq!(found, Kinship::CannotTell);
        let standby = sighting("127.0.0.1", "1.6", Some("localhost:5432"));
        assert_eq!(local.kinship(&standby), Kinship::Same);
    }
}
