//! Properties: input from outside is read without a panic, whatever it is, and what pgrole writes is read back
//! unchanged.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use postgres_protocol::authentication::sasl::{ChannelBinding, ScramSha256};
use proptest::prelude::*;
use rand::rngs::SysRng;
use sha2::{Digest, Sha256};

use crate::domain::audit::anchor::{Anchor, EventHash};
use crate::domain::password::deliveries::Deliveries;
use crate::domain::password::destination::{Destination, FileFormat};
use crate::domain::password::login_place::{Account, LoginPlace};
use crate::domain::password::pgpass;
use crate::domain::password::pgpass::PgpassQuery;
use crate::domain::password::placeholders::PlaceholderNames;
use crate::domain::password::scram::Verifier;
use crate::domain::password::sealing::{Contents, SealingKey};
use crate::domain::password::secret::Secret;
use crate::domain::password::userlist;
use crate::domain::role::RoleName;
use crate::domain::role::mark::Mark;
use crate::domain::role::term::Term;
use crate::domain::target::address::{Hosts, Ports};
use crate::domain::target::require_auth::RequireAuth;
use crate::domain::target::service::{Service, ServiceName};
use crate::domain::target::{DatabaseName, Environment};
use crate::domain::timestamp::{Span, Timestamp};

/// Texts that resemble those that pgrole reads, and any others.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[a-z0-9:/.,_{}%+@ \\[\\]-]{0,40}",
        "[0-9]{1,20}[smhdw]?",
        "[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2})?)?",
        "(file|pgpass|exec|several|keyring|k8s):[ -~]{0,30}",
        "SCRAM-SHA-256\\$[0-9]{0,12}(:[A-Za-z0-9+/=]{0,24}\\$?){0,3}",
    ]
}

/// Lines of files like `.pgpass` and `pg_service.conf`, and any bytes.
fn files() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        any::<Vec<u8>>(),
        prop::collection::vec(
            prop_oneof![
                "(h|\\*|localhost)?:(5432|\\*)?:(d|\\*)?:(u|\\*)?:[ -~]{0,12}",
                "#[ -~]{0,12}",
                "\\[[ -~]{0,8}\\]?",
                "(host|port|dbname|user|password|sslmode) ?= ?[ -~]{0,12}",
                "[\\\\:]{0,6}",
            ],
            0..8
        )
        .prop_flat_map(|lines| {
            prop_oneof![Just("\n"), Just("\r\n")].prop_map(move |end| lines.join(end).into_bytes())
        }),
    ]
}

fn is_read_back<T: FromStr + Display + PartialEq + Debug>(text: &str) {
    let Ok(read) = text.parse::<T>() else { return };
    let written = read.to_string();
    assert_eq!(
        written.parse::<T>().ok(),
        Some(read),
        "{text:?}: {written:?}"
    );
}

/// What is sealed of a change.
fn contents() -> impl Strategy<Value = Contents> {
    let password = "[^\n]{1,64}";
    let verifiers = ("[!-~]{0,80}", prop::option::of("[!-~]{1,80}"));
    (password, verifiers).prop_map(|(password, (verifier, previous))| Contents {
        password: Secret::new(password),
        verifier: Verifier::from_server(verifier),
        previous_verifier: previous.map(Verifier::from_server),
    })
}

/// The two sides of a login by SCRAM: the driver, and a server that has the verifier alone (RFC 5802, 3).
struct Login {
    client: ScramSha256,
    /// What was said so far, without proofs.
    said: String,
    /// What the driver sent last.
    proof: Vec<u8>,
}

/// The parts of a verifier: iterations, salt, StoredKey, ServerKey.
fn parts_of(verifier: &Verifier) -> (&str, &str, Vec<u8>, Vec<u8>) {
    let parts: Vec<_> = verifier.as_str().split(['$', ':']).collect();
    let key = |at: usize| BASE64_STANDARD.decode(parts[at]).unwrap();
    (parts[1], parts[2], key(3), key(4))
}

fn signature(key: &[u8], said: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(said.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

impl Login {
    /// Up to the driver's proof.
    fn begin(verifier: &Verifier, password: &str) -> Self {
        let (iterations, salt, ..) = parts_of(verifier);
        let mut client = ScramSha256::new(password.as_bytes(), ChannelBinding::unsupported());
        let hello = String::from_utf8(client.message().to_vec()).unwrap();
        let hello = hello.strip_prefix("n,,").unwrap();
        let nonce = hello.split_once("r=").unwrap().1;
        let challenge = format!("r={nonce}more,s={salt},i={iterations}");
        client.update(challenge.as_bytes()).unwrap();
        let answer = String::from_utf8(client.message().to_vec()).unwrap();
        let (answer, proof) = answer.rsplit_once(",p=").unwrap();
        Self {
            said: format!("{hello},{challenge},{answer}"),
            proof: BASE64_STANDARD.decode(proof).unwrap(),
            client,
        }
    }

    /// Whether the server takes the proof.
    fn is_let_in(&self, verifier: &Verifier) -> bool {
        let (.., stored_key, _) = parts_of(verifier);
        let signature = signature(&stored_key, &self.said);
        let key = self
            .proof
            .iter()
            .zip(signature)
            .map(|(one, other)| one ^ other);
        Sha256::digest(key.collect::<Vec<u8>>())[..] == stored_key
    }

    /// Whether the driver takes the server for one that knows the verifier.
    fn trusts(mut self, last: &[u8]) -> bool {
        self.client.finish(last).is_ok()
    }
}

proptest! {
    // A case that fails is printed in its smallest form: it becomes a test of its own.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn texts_are_taken_or_refused(text in texts()) {
        is_read_back::<RoleName>(&text);
        is_read_back::<Environment>(&text);
        is_read_back::<DatabaseName>(&text);
        is_read_back::<Hosts>(&text);
        is_read_back::<Ports>(&text);
        is_read_back::<RequireAuth>(&text);
        is_read_back::<Span>(&text);
        is_read_back::<Timestamp>(&text);
        is_read_back::<Term>(&text);
        is_read_back::<ServiceName>(&text);
        is_read_back::<Destination>(&text);
        is_read_back::<EventHash>(&text);
        is_read_back::<Anchor>(&text);
        text.parse::<Mark>().ok();
        text.parse::<Account>().ok();
        text.parse::<LoginPlace>().ok();
        Deliveries::read(&text, FileFormat::default()).ok();
        Verifier::from_server(text).iterations();
    }

    #[test]
    fn times_and_spans_are_taken_or_refused(text in texts(), now in -10_000_000_000_i64..10_000_000_000) {
        let now: Timestamp = jiff::Timestamp::from_second(now).unwrap().to_string().parse().unwrap();
        Timestamp::parse(&text);
        Timestamp::parse_http_date(&text);
        Timestamp::parse_day_or_time(&text);
        Timestamp::milliseconds_of(&text);
        Timestamp::parse_end(&text, now).ok();
        Timestamp::parse_point_or_span(&text, now).ok();
    }

    #[test]
    fn a_password_that_is_put_into_a_pgpass_file_is_found_there(text in files(), password in "[!-~]{1,20}") {
        let wanted = PgpassQuery { host: "h", port: "5432", database: "d", user: "u" };
        let changed = pgpass::with_password(&text, wanted, &Secret::new(password.clone()));
        let found = pgpass::find(&changed, wanted);
        prop_assert_eq!(found.as_deref().map(Vec::as_slice), Some(password.as_bytes()));
    }

    #[test]
    fn a_user_is_once_in_a_userlist(text in files(), user in "[a-z\" ]{1,6}") {
        let once = userlist::with_user(&text, &user, "SCRAM-SHA-256$new");
        let line = format!("\"{}\" \"SCRAM-SHA-256$new\"", user.replace('"', "\"\""));
        prop_assert!(String::from_utf8_lossy(&once).contains(&line));
        prop_assert_eq!(userlist::with_user(&once, &user, "SCRAM-SHA-256$new"), once);
    }

    #[test]
    fn a_service_file_is_read_or_refused(text in files()) {
        let name: ServiceName = "h".parse().unwrap();
        Service::find(&text, &name).ok();
    }

    #[test]
    fn no_name_leads_out_of_the_folder_of_a_delivery(name in prop_oneof!["(?s).{1,8}", "[./]{1,4}"]) {
        let names = PlaceholderNames { env: &name, database: &name, hostname: &name, port: "5432", username: &name };
        let template: Destination = "file:/run/secrets/{env}/{database}/{hostname}/{username}".parse().unwrap();
        if let Ok(filled) = template.fill(&names) {
            let path = filled.path().unwrap();
            let folders: Vec<_> = std::path::Path::new(path).components().collect();
            prop_assert_eq!(folders.len(), 7, "{}", path);
            prop_assert!(!folders.contains(&std::path::Component::ParentDir), "{}", path);
        }
    }
    #[test]
    fn a_sealed_row_opens_as_it_was_or_not_at_all(
        contents in contents(),
        row in any::<String>(),
        other_row in any::<String>(),
        at in any::<prop::sample::Index>(),
        flip in 1_u8..,
        foreign in any::<Vec<u8>>(),
    ) {
        let key = SealingKey::generate(&mut SysRng).unwrap();
        let sealed = key.seal(&contents, &row, &mut SysRng).unwrap();
        let opened = key.open(&sealed, &row).unwrap();
        prop_assert_eq!(opened.password.expose(), contents.password.expose());
        prop_assert!(opened.verifier == contents.verifier);
        prop_assert!(opened.previous_verifier == contents.previous_verifier);
        prop_assert_eq!(key.open(&sealed, &other_row).is_ok(), other_row == row);
        let at = at.index(sealed.len());
        prop_assert!(key.open(&sealed[..at], &row).is_err());
        let mut altered = sealed.clone();
        altered[at] ^= flip;
        prop_assert!(key.open(&altered, &row).is_err());
        prop_assert!(key.open(&[sealed, vec![flip]].concat(), &row).is_err());
        prop_assert!(key.open(&foreign, &row).is_err());
    }

    #[test]
    fn a_verifier_lets_its_password_in_and_no_other(
        password in "[ -~]{1,40}",
        other in "[ -~]{1,40}",
        iterations in 1_u32..40,
    ) {
        let verifier = Verifier::new(&Secret::new(password.clone()), iterations, &mut SysRng).unwrap();
        let login = Login::begin(&verifier, &password);
        prop_assert!(login.is_let_in(&verifier));
        let (.., server_key) = parts_of(&verifier);
        let last = format!("v={}", BASE64_STANDARD.encode(signature(&server_key, &login.said)));
        prop_assert!(login.trusts(last.as_bytes()));
        prop_assert_eq!(Login::begin(&verifier, &other).is_let_in(&verifier), other == password);
    }

    #[test]
    fn a_server_that_does_not_know_the_verifier_is_found_out(
        challenge in prop_oneof![
            any::<Vec<u8>>(),
            "(r=[!-~]{0,40}|),?(s=[A-Za-z0-9+/=]{0,24}|),?(i=-?[0-9]{0,3}|)".prop_map(String::into_bytes),
        ],
        last in prop_oneof![
            any::<Vec<u8>>(),
            "(v=[A-Za-z0-9+/]{43}=|e=[ -~]{0,12}|v=[ -~]{0,48})".prop_map(String::into_bytes),
        ],
    ) {
        let mut client = ScramSha256::new(b"secret", ChannelBinding::unsupported());
        // A challenge repeats the driver's own nonce, which nobody guesses.
        prop_assert!(client.update(&challenge).is_err());
        let verifier = Verifier::new(&Secret::new("secret".to_owned()), 1, &mut SysRng).unwrap();
        prop_assert!(!Login::begin(&verifier, "secret").trusts(&last));
    }
}
