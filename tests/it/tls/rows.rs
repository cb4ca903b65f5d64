//! The servers of the matrix: good and bad certificates, and no TLS at all.

use super::certificates::{Authority, Signed, Wish};

/// A server, and what a client is told of it.
pub struct Row {
    pub what: &'static str,
    pub host: &'static str,
    pub server: Server,
    pub root: String,
    /// How pgrole words the refusal of a client that checks.
    pub reason: &'static str,
}

pub enum Server {
    Tls(Signed),
    /// Lets nobody in without TLS.
    TlsAlone(Signed),
    /// Has TLS, and lets nobody in with it.
    PlainAlone(Signed),
    WithoutTls,
    /// Answers the request for TLS with these bytes.
    Impostor(&'static [u8]),
}

impl Row {
    /// Whether `allow` gets as far as it ever will without TLS.
    pub fn takes_plain(&self) -> bool {
        !matches!(self.server, Server::TlsAlone(_))
    }
}

const ISSUER: &str = "is not signed by a CA that is trusted";
const NAME: &str = "the server's certificate is for";
const NONE: &str = "nothing is to be refused";

pub fn rows() -> Vec<Row> {
    let ca = Authority::new("the CA");
    let other = Authority::new("another CA");
    [
        rows_of_dates_and_names(&ca),
        self_signed_rows(&ca),
        rows_of_issuers(&ca, &other),
        address_rows(&ca),
        hba_rows(&ca, &other),
        rows_without_tls(&ca),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn good() -> Wish {
    Wish::hosts(&["localhost"])
}

fn row(what: &'static str, signed: Signed, root: &str, reason: &'static str) -> Row {
    Row {
        what,
        host: "localhost",
        server: Server::Tls(signed),
        root: root.to_owned(),
        reason,
    }
}

fn rows_of_dates_and_names(ca: &Authority) -> Vec<Row> {
    let row = |what, wish: Wish, reason| row(what, wish.signed_by(ca), &ca.certificate, reason);
    let cn = || Wish::common_name("localhost");
    let elsewhere = &["db.example.com"];
    vec![
        row("good", good(), NONE),
        row("expired", good().expired(), "expired 2001-01-01"),
        row(
            "not yet valid",
            good().not_yet_valid(),
            "is not valid before 3000-01-01",
        ),
        row("wrong host name", Wish::hosts(elsewhere), NAME),
        row("CN without SAN", cn(), NONE),
        row("CN right, SAN wrong", cn().and_hosts(elsewhere), NAME),
        row(
            "for clients only",
            good().for_clients_only(),
            "does not allow extended key usage",
        ),
    ]
}

fn self_signed_rows(ca: &Authority) -> Vec<Row> {
    let given_as_root = |what, signed: Signed, reason| {
        let root = signed.certificate.clone();
        row(what, signed, &root, reason)
    };
    let elsewhere = Wish::hosts(&["db.example.com"]).authority();
    let expired = good().authority().expired();
    vec![
        row("self-signed", good().self_signed(), &ca.certificate, ISSUER),
        given_as_root("self-signed, given as root", good().self_signed(), NONE),
        given_as_root(
            "self-signed CA, given as root",
            good().authority().self_signed(),
            NONE,
        ),
        given_as_root("the same, wrong host name", elsewhere.self_signed(), NAME),
        given_as_root(
            "the same, expired",
            expired.self_signed(),
            "expired 2001-01-01",
        ),
        given_as_root("signed, given as root", good().signed_by(ca), ISSUER),
    ]
}

fn rows_of_issuers(ca: &Authority, other: &Authority) -> Vec<Row> {
    let version_1 = || Wish::common_name("localhost");
    let expired = Authority::expired("an old CA");
    let no_authority = Authority::of_no_authority("no CA");
    let between = ca.under("an intermediate CA");
    let mut chained = good().signed_by(&between);
    chained.certificate += &between.certificate;
    let both = ca.certificate.clone() + &between.certificate;
    let root = &ca.certificate;
    let signed = |authority| good().signed_by(authority);
    vec![
        row("unknown CA", signed(other), root, ISSUER),
        row("expired CA", signed(&expired), &expired.certificate, ISSUER),
        row(
            "signed by no CA",
            signed(&no_authority),
            &no_authority.certificate,
            ISSUER,
        ),
        row("intermediate sent along", chained, root, NONE),
        row(
            "intermediate in the file of roots",
            signed(&between),
            &both,
            NONE,
        ),
        row(
            "intermediate alone as root",
            signed(&between),
            &between.certificate,
            ISSUER,
        ),
        row(
            "X.509 version 1, CN",
            version_1().signed_as_version_1(ca),
            root,
            NONE,
        ),
        row(
            "the same, unknown CA",
            version_1().signed_as_version_1(other),
            root,
            ISSUER,
        ),
    ]
}

fn address_rows(ca: &Authority) -> Vec<Row> {
    let row = |what, host, wish: Wish, reason| Row {
        what,
        host,
        server: Server::Tls(wish.signed_by(ca)),
        root: ca.certificate.clone(),
        reason,
    };
    let v4 = "127.0.0.1";
    let mut rows = vec![
        row("IP in SAN", v4, Wish::hosts(&[v4]), NONE),
        row(
            "other IP in SAN",
            v4,
            Wish::common_name(v4).and_hosts(&["10.0.0.1"]),
            NAME,
        ),
        row(
            "IP as CN, DNS in SAN",
            v4,
            Wish::common_name(v4).and_hosts(&["localhost"]),
            NONE,
        ),
    ];
    if std::net::TcpListener::bind("[::1]:0").is_ok() {
        rows.push(row("IPv6 in SAN", "::1", Wish::hosts(&["::1"]), NONE));
    }
    rows
}

fn hba_rows(ca: &Authority, other: &Authority) -> Vec<Row> {
    let row = |what, server, reason| Row {
        what,
        host: "localhost",
        server,
        root: ca.certificate.clone(),
        reason,
    };
    let known = good().signed_by(ca);
    let unknown = good().signed_by(other);
    vec![
        row("TLS alone let in", Server::TlsAlone(known.clone()), NONE),
        row("the same, unknown CA", Server::TlsAlone(unknown), ISSUER),
        row(
            "plain alone let in",
            Server::PlainAlone(known),
            "pg_hba.conf rejects connection",
        ),
    ]
}

fn rows_without_tls(ca: &Authority) -> Vec<Row> {
    let row = |what, server, reason| Row {
        what,
        host: "localhost",
        server,
        root: ca.certificate.clone(),
        reason,
    };
    vec![
        row(
            "no TLS",
            Server::WithoutTls,
            "the server does not offer TLS",
        ),
        row(
            "garbage",
            Server::Impostor(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
            "does not speak PostgreSQL's protocol",
        ),
        row(
            "an error message",
            Server::Impostor(b"E\0\0\0\x0cSFATAL\0\0"),
            "answered the request for TLS with an error",
        ),
        row(
            "garbage after a yes",
            Server::Impostor(b"SHTTP/1.1 400 Bad Request\r\n\r\n"),
            "in phase TLS",
        ),
        row(
            "silence, then an end",
            Server::Impostor(b""),
            "in phase TLS",
        ),
    ]
}
