//! Whether a certificate matches a host, by libpq's rules, which differ from rustls's: the common name counts if there
//! is no subject alternative name of the host's own kind.
//!
//! Source: `pgtls_verify_peer_name_matches_certificate_guts` in fe-secure-openssl.c, and fe-secure-common.c.

use std::fmt;
use std::net::IpAddr;

use x509_cert::Certificate;
use x509_cert::der::oid::db::rfc4519::COMMON_NAME;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;

/// A certificate that is for other hosts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    host: String,
    names: Vec<String>,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.names.is_empty() {
            return write!(formatter, "the server's certificate names no host");
        }
        write!(
            formatter,
            "the server's certificate is for {}, not for {}",
            self.names.join(", "),
            self.host
        )
    }
}

impl std::error::Error for Mismatch {}

/// A name in a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Name {
    Dns(Vec<u8>),
    Address(Vec<u8>),
    Common(Vec<u8>),
}

/// Looks for the host among the names of the certificate.
///
/// # Errors
/// The names that the certificate has instead.
pub fn check(certificate: &Certificate, host: &str) -> Result<(), Mismatch> {
    let mut names = alternative_names(certificate);
    let is_address = host.parse::<IpAddr>().is_ok();
    let of_hosts_kind = |name: &Name| matches!(name, Name::Address(_)) == is_address;
    if !names.iter().any(of_hosts_kind) {
        names.extend(common_name(certificate));
    }
    if names.iter().any(|name| fits(name, host)) {
        return Ok(());
    }
    Err(Mismatch {
        host: host.to_owned(),
        names: names.iter().map(ToString::to_string).collect(),
    })
}

/// The subject alternative names that libpq considers; none if they cannot be parsed.
fn alternative_names(certificate: &Certificate) -> Vec<Name> {
    let names = certificate
        .tbs_certificate()
        .get_extension::<SubjectAltName>();
    let Ok(Some((_, SubjectAltName(names)))) = names else {
        return Vec::new();
    };
    let name = |name| match name {
        GeneralName::DnsName(name) => Some(Name::Dns(name.as_bytes().to_vec())),
        GeneralName::IpAddress(address) => Some(Name::Address(address.into_bytes().into_vec())),
        _ => None,
    };
    names.into_iter().filter_map(name).collect()
}

/// The first common name.
fn common_name(certificate: &Certificate) -> Option<Name> {
    let mut parts = certificate.tbs_certificate().subject().iter();
    let common = parts.find(|part| part.oid == COMMON_NAME)?;
    Some(Name::Common(common.value.value().to_vec()))
}

fn fits(name: &Name, host: &str) -> bool {
    match name {
        Name::Dns(name) | Name::Common(name) => {
            name.eq_ignore_ascii_case(host.as_bytes()) || fits_wildcard(name, host.as_bytes())
        }
        Name::Address(bytes) => match host.parse() {
            Ok(IpAddr::V4(address)) => bytes[..] == address.octets(),
            Ok(IpAddr::V6(address)) => bytes[..] == address.octets(),
            Err(_) => false,
        },
    }
}

/// `*.` at the beginning matches one label (`wildcard_certificate_match` in fe-secure-common.c).
fn fits_wildcard(pattern: &[u8], host: &[u8]) -> bool {
    let [b'*', rest @ ..] = pattern else {
        return false;
    };
    let Some(label) = host.len().checked_sub(rest.len()) else {
        return false;
    };
    rest.len() > 1
        && rest.starts_with(b".")
        && label > 0
        && rest.eq_ignore_ascii_case(&host[label..])
        && !host[..label].contains(&b'.')
}

impl fmt::Display for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dns(name) | Self::Common(name) => {
                write!(formatter, "\"{}\"", String::from_utf8_lossy(name))
            }
            Self::Address(bytes) => {
                let four = <[u8; 4]>::try_from(bytes.as_slice()).map(IpAddr::from);
                let address =
                    four.or_else(|_| <[u8; 16]>::try_from(bytes.as_slice()).map(IpAddr::from));
                match address {
                    Ok(address) => write!(formatter, "{address}"),
                    Err(_) => formatter.write_str("an address of invalid length"),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, DnType, KeyPair, SanType};
    use x509_cert::der::Decode;

    use super::*;

    fn certificate(common_name: &str, names: &[&str]) -> Certificate {
        let mut parameters = CertificateParams::default();
        parameters
            .distinguished_name
            .push(DnType::CommonName, common_name);
        let name = |name: &&str| match name.parse() {
            Ok(address) => SanType::IpAddress(address),
            Err(_) => SanType::DnsName((*name).try_into().unwrap()),
        };
        parameters.subject_alt_names = names.iter().map(name).collect();
        let key = KeyPair::generate().unwrap();
        Certificate::from_der(parameters.self_signed(&key).unwrap().der()).unwrap()
    }

    fn is_for(common_name: &str, names: &[&str], host: &str) -> bool {
        check(&certificate(common_name, names), host).is_ok()
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..Default::default() })]

        #[test]
        fn a_star_stands_for_one_label_whatever_else_is_in_the_name(
            pattern in "[*]?[*a.]{0,6}",
            host in "[*a.]{0,8}",
        ) {
            let (one, other) = (Name::Dns(pattern.clone().into()), Name::Common(pattern.clone().into()));
            assert_eq!(fits(&one, &host), fits(&other, &host));
            if fits(&one, &host) && pattern != host {
                let (label, rest) = host.split_once('.').unwrap();
                assert!(!label.is_empty());
                assert_eq!(pattern, format!("*.{rest}"));
            }
        }
    }

    #[test]
    fn the_common_name_counts_only_without_a_name_of_the_hosts_kind() {
        assert!(is_for("db.example.com", &[], "DB.example.com"));
        assert!(is_for("db.example.com", &["10.0.0.1"], "db.example.com"));
        assert!(!is_for(
            "db.example.com",
            &["x.example.com"],
            "db.example.com"
        ));
        assert!(is_for("10.0.0.1", &["x.example.com"], "10.0.0.1"));
        assert!(!is_for("10.0.0.1", &["10.0.0.2"], "10.0.0.1"));
    }

    #[test]
    fn addresses_are_compared_as_bytes() {
        assert!(is_for("x", &["10.0.0.1"], "10.0.0.1"));
        assert!(is_for("x", &["::1"], "0:0:0:0:0:0:0:1"));
        assert!(!is_for("x", &["10.0.0.1"], "localhost"));
    }

    #[test]
    fn a_star_stands_for_one_label() {
        let star = &["*.example.com"];
        assert!(is_for("x", star, "db.example.com"));
        assert!(!is_for("x", star, "a.db.example.com"));
        assert!(!is_for("x", star, "example.com"));
        assert!(!is_for("x", star, ".example.com"));
        assert!(!fits_wildcard(b"*", b"x"));
        assert!(!fits_wildcard(b"*.", b"x."));
        assert!(!fits_wildcard(b"d*.example.com", b"db.example.com"));
    }

    #[test]
    fn the_mismatch_says_which_names_there_are() {
        let mismatch = check(&certificate("x", &["a.example.com", "10.0.0.1"]), "b").unwrap_err();
        assert_eq!(
            mismatch.to_string(),
            "the server's certificate is for \"a.example.com\", 10.0.0.1, not for b"
        );
    }
}
