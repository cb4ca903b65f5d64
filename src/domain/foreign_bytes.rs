//! Properties: input from outside is read without a panic, whatever it is, and what pgrole writes is read back
//! unchanged.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use proptest::prelude::*;

use crate::domain::audit::anchor::{Anchor, EventHash};
use crate::domain::password::deliveries::Deliveries;
use crate::domain::password::destination::{Destination, FileFormat};
use crate::domain::password::login_place::{Account, LoginPlace};
use crate::domain::password::pgpass;
use crate::domain::password::pgpass::PgpassQuery;
use crate::domain::password::placeholders::PlaceholderNames;
use crate::domain::password::scram::Verifier;
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
}
