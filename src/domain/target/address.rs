//! Where a target's servers listen: host names, ports, and the addresses that they form.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::path::PathBuf;
use std::str::FromStr;

use crate::domain::failure::Failure;

/// Where one server listens: a host name, an IP address, or a Unix socket directory.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Hostname(String);

impl Hostname {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The Unix socket directory, if the host is one (it begins with `/`, as in libpq).
    pub fn socket_folder(&self) -> Option<PathBuf> {
        self.0.starts_with('/').then(|| PathBuf::from(&self.0))
    }

    /// Whether the host is this machine by its literal name or address; nothing is resolved.
    pub fn is_local(&self) -> bool {
        self.socket_folder().is_some()
            || self.0.eq_ignore_ascii_case("localhost")
            || self
                .ip_address()
                // An IPv4 address may be written as an IPv6 address: ::ffff:127.0.0.1.
                .is_some_and(|address| address.to_canonical().is_loopback())
    }

    /// The address, if the host is one; without the zone, which names a network interface.
    pub fn ip_address(&self) -> Option<IpAddr> {
        match self.0.split_once('%') {
            Some((address, zone)) if is_zone(zone) => {
                address.parse().ok().map(|address: Ipv6Addr| address.into())
            }
            _ => self.0.parse().ok(),
        }
    }

    /// The name that a certificate must be for: a zone has meaning only on this machine.
    pub fn without_zone(&self) -> &str {
        match (self.ip_address(), self.0.split_once('%')) {
            (Some(_), Some((address, _))) => address,
            _ => &self.0,
        }
    }
}

/// The name or the number of a network interface (RFC 4007, section 11).
fn is_zone(text: &str) -> bool {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || "-._".contains(letter);
    !text.is_empty() && text.chars().all(fits)
}

impl FromStr for Hostname {
    type Err = Failure;

    /// An IPv6 address may stand in brackets, as in a URL.
    fn from_str(text: &str) -> Result<Self, Failure> {
        let hint = "give a host name, an IP address, or a Unix socket directory";
        if text.is_empty() {
            return Err(Failure::usage("hostname is empty").hint(hint));
        }
        let bracketed = text
            .strip_prefix('[')
            .and_then(|text| text.strip_suffix(']'));
        let host = bracketed.unwrap_or(text);
        let is_folder = text.starts_with('/');
        let is_address = Self(host.to_owned()).ip_address().is_some();
        let odd = |letter: char| {
            letter.is_whitespace() || letter.is_control() || "/@:?#,=[]%".contains(letter)
        };
        if text.contains('\0') || (!is_folder && !is_address && text.contains(odd)) {
            return Err(Failure::usage(format!("{text:?} is not a hostname")).hint(hint));
        }
        Ok(Self(host.to_owned()))
    }
}

impl fmt::Display for Hostname {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The hosts of a target, at least one: the primary is looked for in this order.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Hosts(Vec<Hostname>);

impl Hosts {
    pub fn iter(&self) -> impl Iterator<Item = &Hostname> {
        self.0.iter()
    }
}

impl FromStr for Hosts {
    type Err = Failure;

    /// Separated by commas, as in libpq.
    fn from_str(text: &str) -> Result<Self, Failure> {
        let hosts: Result<_, _> = text.split(',').map(str::parse).collect();
        Ok(Self(hosts?))
    }
}

impl fmt::Display for Hosts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.iter().map(Hostname::as_str).collect();
        formatter.write_str(&names.join(","))
    }
}

/// The ports of a target: one for all its hosts, or one for each.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Ports(Vec<u16>);

impl Ports {
    /// The port of the first host.
    pub fn first(&self) -> u16 {
        *self.0.first().expect("a text has a first part")
    }

    /// Whether there is one port for each host.
    pub fn is_list(&self) -> bool {
        self.0.len() > 1
    }
}

#[cfg(test)]
impl From<u16> for Ports {
    fn from(port: u16) -> Self {
        Self(vec![port])
    }
}

impl FromStr for Ports {
    type Err = Failure;

    /// Separated by commas, as in libpq.
    fn from_str(text: &str) -> Result<Self, Failure> {
        let port = |part: &str| {
            let port = part.parse().ok().filter(|port| *port > 0);
            port.ok_or_else(|| {
                Failure::usage(format!("port {part:?} is not a number from 1 to 65535"))
                    .hint("give one port for all hosts, or one for each, separated by commas")
            })
        };
        let ports: Result<_, _> = text.split(',').map(port).collect();
        Ok(Self(ports?))
    }
}

impl fmt::Display for Ports {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ports: Vec<_> = self.0.iter().map(u16::to_string).collect();
        formatter.write_str(&ports.join(","))
    }
}

/// One host with its port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    pub host: Hostname,
    pub port: u16,
}

impl Address {
    /// Pairs hosts with ports.
    ///
    /// # Errors
    /// Usage, if the ports are neither one nor as many as the hosts (as in libpq: "could not match %d port numbers to
    /// %d hosts", fe-connect.c).
    pub fn pair(hosts: &Hosts, ports: &Ports) -> Result<Vec<Self>, Failure> {
        let (hosts, ports) = (&hosts.0, &ports.0);
        if ports.len() != 1 && ports.len() != hosts.len() {
            let counts = format!("{} ports for {} hosts", ports.len(), hosts.len());
            return Err(Failure::usage(counts)
                .hint("give one port for all hosts, or one for each, separated by commas"));
        }
        let pairs = hosts.iter().zip(ports.iter().cycle());
        let address = |(host, port): (&Hostname, &u16)| Self {
            host: host.clone(),
            port: *port,
        };
        Ok(pairs.map(address).collect())
    }

    /// The path of the Unix socket, if it is one.
    pub fn socket(&self) -> Option<PathBuf> {
        let folder = self.host.socket_folder()?;
        Some(folder.join(format!(".s.PGSQL.{}", self.port)))
    }
}

impl fmt::Display for Address {
    /// `host:port`, `[host]:port` or the path of a socket.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port } = self;
        match self.socket() {
            Some(path) => write!(formatter, "{}", path.display()),
            None if host.as_str().contains(':') => write!(formatter, "[{host}]:{port}"),
            None => write!(formatter, "{host}:{port}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(hosts: &str, ports: &str) -> Result<Vec<String>, String> {
        let addresses = Address::pair(&hosts.parse().unwrap(), &ports.parse().unwrap());
        addresses
            .map(|addresses| addresses.iter().map(ToString::to_string).collect())
            .map_err(|failure| failure.message)
    }

    #[test]
    fn a_url_or_a_list_is_no_hostname() {
        for text in [
            "",
            "postgres://u:p@h/d",
            "a b",
            "host:5432",
            "user@host",
            "a,b",
            "h\n",
            "[localhost]",
            "fe80::1%",
            "fe80::1%a/b",
            "10.0.0.1%eth0",
        ] {
            assert!(text.parse::<Hostname>().is_err(), "{text:?}");
        }
        for text in [
            "db.example.com",
            "10.0.0.1",
            "fe80::1",
            "fe80::1%eth0",
            "::ffff:127.0.0.1",
            "/tmp/my socket",
            "db_1",
        ] {
            assert_eq!(text.parse::<Hostname>().unwrap().as_str(), text);
        }
        assert_eq!("[::1]".parse::<Hostname>().unwrap().as_str(), "::1");
    }

    #[test]
    fn this_machine_has_many_names() {
        let is_local = |text: &str| text.parse::<Hostname>().unwrap().is_local();
        for text in [
            "localhost",
            "LOCALHOST",
            "127.0.0.2",
            "::1",
            "[::1]",
            "::1%lo",
            "::ffff:127.0.0.1",
            "/tmp",
        ] {
            assert!(is_local(text), "{text}");
        }
        for text in ["fe80::1%lo", "::ffff:10.0.0.1", "localhost.example.com"] {
            assert!(!is_local(text), "{text}");
        }
        let zoned: Hostname = "fe80::1%eth0".parse().unwrap();
        assert_eq!(zoned.without_zone(), "fe80::1");
    }

    #[test]
    fn hosts_are_paired_with_one_port_or_with_as_many() {
        let two = || Ok(vec!["a:5432".to_owned(), "[::1]:5432".to_owned()]);
        assert_eq!(pair("a,[::1]", "5432"), two());
        assert_eq!(pair("a,::1", "5432,5432"), two());
        assert_eq!(
            pair("/tmp,b", "1,2"),
            Ok(vec!["/tmp/.s.PGSQL.1".to_owned(), "b:2".to_owned()])
        );
        assert_eq!(pair("a,b,c", "1,2"), Err("2 ports for 3 hosts".to_owned()));
        assert_eq!(pair("a", "1,2"), Err("2 ports for 1 hosts".to_owned()));
    }

    #[test]
    fn a_port_is_a_number_of_sixteen_bits() {
        for text in ["", "0", "65536", "5432,", "-1", "x"] {
            assert!(text.parse::<Ports>().is_err(), "{text:?}");
        }
        assert_eq!(
            "5432,5433".parse::<Ports>().unwrap().to_string(),
            "5432,5433"
        );
    }
}
