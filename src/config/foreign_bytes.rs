//! Whatever a config file says is read or refused, and what is read holds together.

use proptest::prelude::*;

use crate::config::parse;
use crate::domain::failure::Kind;

/// Lines that a section may have.
const SECTIONS: [(&str, &[&str]); 15] = [
    (
        "",
        &[
            "environments = [\"dev\", \"lab\"]",
            "protected = [\"lab\"]",
            "trusted_admins = [\"dba_*\"]",
        ],
    ),
    ("password", &["length = 20", "valid_for = \"90d\""]),
    (
        "access",
        &[
            "schemas = [\"app\"]",
            "exclude_schemas = [\"old\"]",
            "partial = true",
        ],
    ),
    ("access.env.dev", &["ensure = true"]),
    ("access.env.dev.database.app", &["schemas = [\"app\"]"]),
    (
        "credential",
        &[
            "sources = [\"env\"]",
            "user = \"dba\"",
            "command = [\"pass\"]",
        ],
    ),
    ("audit", &["syslog = true", "syslog = \"/dev/log\""]),
    ("registry", &["shared = true"]),
    ("rotate", &["older_than = \"90d\"", "grace = \"1h\""]),
    ("outbox", &["give_up_after = \"2d\""]),
    (
        "profiles.app",
        &[
            "connection_limit = 3",
            "connection_limit = \"none\"",
            "access = \"ddl\"",
        ],
    ),
    ("profiles.app.env.lab", &["valid_for = \"none\""]),
    (
        "profiles.report",
        &[
            "access = \"readonly\"",
            "execute = [\"app.f()\"]",
            "deliver = \"file:/run/{username}\"",
        ],
    ),
    (
        "notify.team",
        &[
            "channel = \"slack\"",
            "url = \"https://example.com/x\"",
            "environments = [\"dev\"]",
            "events = [\"password reset\"]",
        ],
    ),
    (
        "notify.mail",
        &[
            "channel = \"email\"",
            "smtp = \"smtps://mail.example.com\"",
            "from = \"a@example.com\"",
            "to = [\"b@example.com\"]",
        ],
    ),
];

/// A line that belongs there, and now and then one that is anything.
fn lines(own: &'static [&'static str]) -> impl Strategy<Value = Vec<String>> {
    let own = prop::sample::subsequence(own, 0..=own.len());
    let own = own.prop_map(|lines| lines.into_iter().map(str::to_owned).collect::<Vec<_>>());
    let foreign = prop_oneof![
        12 => Just(None),
        1 => "[a-z_]{1,12} ?= ?(-?[0-9]{1,12}|\"[ -~]{0,12}\"|\\[[ -~]{0,12}\\]|true|\\{\\})".prop_map(Some),
        1 => any::<String>().prop_map(Some),
    ];
    (own, foreign).prop_map(|(mut lines, foreign)| {
        lines.extend(foreign);
        lines
    })
}

fn files() -> impl Strategy<Value = String> {
    let sections = prop::sample::subsequence(&SECTIONS, 0..6);
    let sections = sections.prop_flat_map(|sections| {
        let sections = sections.into_iter().map(|(name, own)| {
            lines(own).prop_map(move |lines| match name {
                "" => lines.join("\n"),
                name => format!("[{name}]\n{}", lines.join("\n")),
            })
        });
        sections.collect::<Vec<_>>()
    });
    prop_oneof![
        1 => any::<String>(),
        9 => sections.prop_map(|sections| sections.join("\n")),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_config_file_is_read_or_refused(file in files()) {
        let settings = match parse(&file) {
            Ok(settings) => settings,
            Err(failure) => {
                prop_assert_eq!(failure.kind, Kind::Usage);
                prop_assert!(!failure.message.is_empty());
                return Ok(());
            }
        };
        let environments = &settings.environments;
        prop_assert!(settings.protected.iter().all(|env| environments.contains(env)));
        prop_assert!((16..=512).contains(&settings.password_length));
        for channel in &settings.channels {
            prop_assert!(channel.environments.iter().all(|env| environments.contains(env)));
        }
        for env in environments {
            for name in settings.profiles.keys() {
                prop_assert!(settings.profile(name, env).is_ok(), "{} in {}", name, env);
            }
        }
    }
}
