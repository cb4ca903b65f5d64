//! Names of this machine that are written in other ways, and certificates of a kind that is not checked.

use std::net::TcpListener;

use super::certificates::Signed;
use super::{Target, tls_cluster};
use crate::harness::{Cluster, Sandbox};

/// A remote host would have to offer TLS, which this server does not.
#[test]
fn this_machine_is_known_by_all_its_names() {
    let cluster = Cluster::shared();
    let mut hosts = vec!["LOCALHOST", "LocalHost", "::ffff:127.0.0.1"];
    if TcpListener::bind("[::1]:0").is_ok() {
        // The loopback interface has the number 1.
        hosts.extend(["::1", "[::1]", "::1%1"]);
    }
    for host in hosts {
        let sandbox = Sandbox::new().with_admin(cluster);
        let target = Target {
            sandbox: &sandbox,
            host,
            port: cluster.port().to_string(),
        };
        target.add(&[]);
        target.log_in().expect_status(0);
    }
}

#[test]
fn an_address_with_a_zone_is_a_host_and_an_odd_one_is_not() {
    let cluster = Cluster::shared();
    let sandbox = Sandbox::new().with_admin(cluster);
    let add = |host| {
        let add = ["registry", "add", "-e", "dev", "-d", "app", "-H", host];
        sandbox.pgrole(add).run()
    };
    add("fe80::1%").expect_status(2);
    add("fe80::1%a b").expect_status(2);
    let added = add("fe80::1%eth0");
    assert_eq!(added.expect_status(0).json()["hostname"], "fe80::1%eth0");
}

/// Who asks a server that shows this, and trusts that root, gets a sentence and no dump of a data structure.
fn is_told_plainly(signed: &Signed, root: &str, modes: &[&str]) {
    let cluster = tls_cluster(signed, |c| c);
    let sandbox = Sandbox::new().with_admin(&cluster);
    let file = sandbox.path().join("root.crt");
    std::fs::write(&file, root).expect("the sandbox can be written");
    let target = Target {
        sandbox: &sandbox,
        host: "localhost",
        port: cluster.port().to_string(),
    };
    let file = file.display().to_string();
    target.add(&["--sslmode", "verify-full", "--sslrootcert", &file]);
    let sentences = [
        "the server's certificate, or a CA certificate above it, has a kind of key or signature that pgrole does not support",
        "the server and pgrole have no key exchange, signature or cipher in common",
    ];
    for mode in modes {
        target.update(&["--sslmode", mode]);
        let error = target.log_in().expect_status(5).json_error()["error"].clone();
        let causes = error["causes"].as_array().expect("causes");
        let last = causes.last().and_then(|cause| cause.as_str());
        assert!(
            last.is_some_and(|last| sentences.contains(&last)),
            "{error}"
        );
        let hint = error["hint"].as_str().expect("a hint");
        assert!(hint.contains("ECDSA key on P-256 or P-384"), "{error}");
    }
}

/// Made by `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:secp521r1`, for the server and for a CA that signed
/// another one's: what makes the other certificates knows no P-521 either.
#[test]
fn a_certificate_that_is_not_checked_is_one_plain_sentence() {
    let own = Signed {
        certificate: include_str!("p521/server.crt").to_owned(),
        key: include_str!("p521/server.key").to_owned(),
    };
    let modes = ["verify-full", "verify-ca", "require"];
    is_told_plainly(&own, &own.certificate, &modes);
    let signed = Signed {
        certificate: include_str!("p521/signed.crt").to_owned(),
        key: include_str!("p521/signed.key").to_owned(),
    };
    is_told_plainly(&signed, include_str!("p521/ca.crt"), &modes);
}
