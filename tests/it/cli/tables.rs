//! Tables fit the terminal they are shown in without breaking what is copied, and are undecorated in a pipe.

use super::words;
use crate::harness::{Sandbox, sqlite};

const HOST: &str = "pg-dev-01.a-rather-long-zone-name.example.com";
const NOTES: &str =
    "the main database of the application, moved here in spring; ask the team before you touch it";

const WIDTHS: [u16; 6] = [40, 50, 60, 80, 120, 200];

fn sandbox_with_long_rows() -> Sandbox {
    let sandbox = Sandbox::new();
    let add = sandbox.pgrole(words(
        "registry add -e dev -d customer_relations_reporting -H",
    ));
    add.args([HOST, "--notes", NOTES]).run().expect_status(0);
    sandbox
        .pgrole(words("registry add -e prod -d short -H h"))
        .run()
        .expect_status(0);
    sandbox
}

/// What a terminal of that width shows, without colors.
fn screen(sandbox: &Sandbox, columns: u16, text: &str) -> String {
    let run = sandbox.pgrole(words(text)).env("NO_COLOR", "1");
    let (screen, status) = run.in_terminal(columns).wait_status();
    assert_eq!(status, Some(0), "{screen}");
    screen
}

/// Whether a line tells how long ago something was that happened in this test.
fn tells_an_age(screen: &str) -> bool {
    let says = |line: &str| line.contains("just now") || line.contains(" ago");
    screen.lines().any(says)
}

#[test]
fn names_ids_and_times_are_whole_at_every_width() {
    let sandbox = sandbox_with_long_rows();
    let id = sandbox.pgrole(words("audit list")).run().json()[0]["operation_id"].clone();
    let id = id.as_str().expect("an event has one").to_owned();
    for columns in WIDTHS {
        let whole: [(&str, &[&str]); 4] = [
            (
                "registry list",
                &["customer_relations_reporting", HOST, "prod*"],
            ),
            (
                "registry show -e dev -d customer_relations_reporting",
                &["customer_relations_reporting", HOST, "created_at"],
            ),
            (
                "audit list",
                &["registry add", "customer_relations_reporting"],
            ),
            ("audit list --columns operation_id,performed_at", &[&id]),
        ];
        for (text, values) in whole {
            let screen = screen(&sandbox, columns, text);
            // A narrow list does without the time, which its order tells.
            let has_no_time =
                text.starts_with("registry list") || text == "audit list" && columns < 120;
            assert!(has_no_time || tells_an_age(&screen), "{screen}");
            for value in values {
                let is_whole = screen.lines().any(|line| line.contains(value));
                assert!(is_whole, "{text}: {value} at {columns}\n{screen}");
            }
            // Nothing is wider than the terminal, unless it is one value that has a line of its own.
            let wider = screen
                .lines()
                .filter(|line| line.chars().count() > usize::from(columns));
            for line in wider {
                assert!(!line.contains(' '), "{text} at {columns}\n{screen}");
            }
        }
    }
}

#[test]
fn the_audit_log_is_a_line_an_event_at_80_columns() {
    let sandbox = sandbox_with_long_rows();
    for text in [
        "registry disable -e prod -d short",
        "registry enable -e prod -d short",
    ] {
        sandbox.pgrole(words(text)).run().expect_status(0);
    }
    let narrow = screen(&sandbox, 80, "audit list");
    let lines: Vec<_> = narrow.lines().collect();
    let events = sandbox.pgrole(words("audit list")).run().json();
    let count = events.as_array().expect("rows").len();
    // Headings and a rule above; the mark of the protected environment below.
    assert_eq!(lines.len(), count + 3, "{narrow}");
    assert!(lines[0].starts_with("ID "), "{narrow}");
    assert!(!lines[0].contains("OPERATOR"), "{narrow}");
    let wider: Vec<_> = lines
        .iter()
        .filter(|line| line.chars().count() > 80)
        .collect();
    assert!(wider.is_empty(), "{narrow}");
    // Nothing is left out where there is room, or if asked to say more.
    assert!(screen(&sandbox, 200, "audit list").contains("OPERATOR"));
    assert!(screen(&sandbox, 80, "audit list -v").contains("OPERATOR"));
}

#[test]
fn prose_wraps_between_words() {
    let sandbox = sandbox_with_long_rows();
    for columns in WIDTHS {
        let screen = screen(&sandbox, columns, "registry list");
        let words_of = |text: &str| -> Vec<String> { words(text).map(str::to_owned).collect() };
        let found = words_of(&screen);
        let missing = words_of(NOTES);
        let missing: Vec<_> = missing
            .iter()
            .filter(|word| !found.contains(word))
            .collect();
        assert!(missing.is_empty(), "{missing:?} at {columns}\n{screen}");
    }
}

#[test]
fn empty_columns_go_first_and_then_rows_become_records() {
    let sandbox = Sandbox::new();
    for database in ["a", "b"] {
        let add = sandbox.pgrole(words("registry add -e dev -H db.example.com -d"));
        add.args([database]).run().expect_status(0);
    }
    let table = "\
ENV  DATABASE  HOSTNAME        PORT  ACTIVE
───  ────────  ──────────────  ────  ──────
dev  a         db.example.com  5432  yes
dev  b         db.example.com  5432  yes
";
    assert_eq!(screen(&sandbox, 43, "registry list"), table);
    let records = "\
ENV       dev
DATABASE  a
HOSTNAME  db.example.com
PORT      5432
ACTIVE    yes

ENV       dev
DATABASE  b
HOSTNAME  db.example.com
PORT      5432
ACTIVE    yes
";
    assert_eq!(screen(&sandbox, 42, "registry list"), records);
    assert_eq!(
        screen(&sandbox, 40, "recover list"),
        "none\nno password change is open\n"
    );
    // What the user asks for is shown even if it is empty.
    let asked = screen(&sandbox, 43, "registry list --columns database,notes");
    assert_eq!(asked, "DATABASE  NOTES\n────────  ─────\na\nb\n");
}

#[test]
fn without_a_utf_8_locale_all_is_ascii() {
    let sandbox = sandbox_with_long_rows();
    for (variables, is_ascii) in [
        (vec![("LANG", "C")], true),
        (vec![("LANG", "")], true),
        (vec![("LANG", "en_US.UTF-8")], false),
        (vec![("LANG", "en_US.UTF-8"), ("LC_CTYPE", "C")], true),
        (
            vec![
                ("LANG", "C"),
                ("LC_CTYPE", "POSIX"),
                ("LC_ALL", "de_DE.utf8"),
            ],
            false,
        ),
    ] {
        let mut run = sandbox.pgrole(words("registry list")).without_env("LANG");
        for (name, value) in &variables {
            run = run.env(name, *value);
        }
        let (screen, _) = run.in_terminal(200).wait_status();
        assert_eq!(screen.is_ascii(), is_ascii, "{variables:?}\n{screen}");
        assert!(
            screen.contains(if is_ascii { "---" } else { "───" }),
            "{screen}"
        );
    }
}

#[test]
fn colors_stand_beside_words_and_can_be_turned_off() {
    let sandbox = Sandbox::new();
    sandbox
        .pgrole(words("registry add -e prod -d shop -H h"))
        .run()
        .expect_status(0);
    sandbox
        .pgrole(words("registry disable -e prod -d shop"))
        .run()
        .expect_status(0);
    let list = || sandbox.pgrole(words("registry list --columns env,active,hostname"));
    let plain = "ENV    ACTIVE  HOSTNAME\n─────  ──────  ────────\nprod*  no      h\n* protected environment\n";
    let colored = "\u{1b}[1mENV\u{1b}[0m    \u{1b}[1mACTIVE\u{1b}[0m  \u{1b}[1mHOSTNAME\u{1b}[0m\n\
        ─────  ──────  ────────\n\
        \u{1b}[1;35mprod*\u{1b}[0m  \u{1b}[1;33mno\u{1b}[0m      h\n\
        * protected environment\n";
    let shown = |run: crate::harness::sandbox::Run<'_>| run.in_terminal(80).wait_status().0;
    assert_eq!(shown(list()), colored);
    assert_eq!(shown(list().env("NO_COLOR", "1")), plain);
    assert_eq!(shown(list().env("TERM", "dumb")), plain);
    assert_eq!(shown(list().args(["--color", "never"])), plain);
    assert_eq!(
        shown(list().env("NO_COLOR", "1").args(["--color", "always"])),
        colored
    );
    // A pipe is not colored unless that is asked for; there are no marks in it.
    let piped = |color: &str| {
        let run = list().args(["--format", "table", "--color", color]);
        run.run().stdout.clone()
    };
    assert_eq!(piped("auto"), " ENV   ACTIVE  HOSTNAME\n prod  no      h\n");
    assert!(piped("always").contains("\u{1b}[1;33mno\u{1b}[0m"));
}

#[test]
fn a_value_never_brings_a_color_along() {
    let sandbox = Sandbox::new();
    let add = sandbox.pgrole(words("registry add -e prod -d shop -H h --notes"));
    add.args(["\u{1b}[1;31mred\u{1b}[0m \u{1b}[1m"])
        .run()
        .expect_status(0);
    for color in ["always", "never"] {
        let run = sandbox.pgrole(words("registry list --color")).args([color]);
        let (screen, _) = run.in_terminal(120).wait_status();
        assert!(
            screen.contains(r"\u{1b}[1;31mred\u{1b}[0m \u{1b}[1m"),
            "{screen:?}"
        );
        assert!(!screen.contains("\u{1b}[1;31m"), "{screen:?}");
    }
}

#[test]
fn times_are_told_as_people_do_on_a_terminal_only() {
    let sandbox = sandbox_with_long_rows();
    assert!(tells_an_age(&screen(&sandbox, 120, "audit list")));
    let piped = sandbox.pgrole(words("audit list --format table")).run();
    let at = sandbox.pgrole(words("audit list")).run().json()[0]["performed_at"].clone();
    let at = at.as_str().expect("an event has a time");
    assert!(at.ends_with('Z') && piped.stdout.contains(at), "{piped}");
    let old =
        "UPDATE db_registry SET created_at = '2020-01-01T00:00:00.000000Z' WHERE db_name = 'short'";
    sqlite::query(&sandbox.registry(), old);
    let shown = screen(&sandbox, 120, "registry show -e prod -d short");
    assert!(
        shown.contains(" years ago (2020-01-01T00:00:00.000000Z)"),
        "{shown}"
    );
}

#[test]
fn environments_are_in_rollout_order_everywhere() {
    let mut sandbox = Sandbox::new();
    sandbox.env("PG_ADMIN_USER", "dba");
    sandbox.env("PG_ADMIN_PASS", "x");
    sandbox.write_config("environments = [\"zeta\", \"mid\", \"alpha\"]\nprotected = []\n");
    for env in ["alpha", "mid", "zeta"] {
        let add = sandbox.pgrole(words("registry add -d shop -H 127.0.0.1 -p 1 -e"));
        add.args([env]).run().expect_status(0);
    }
    let order = |text: &str| -> Vec<String> {
        let outcome = sandbox.pgrole(words(text)).run();
        let rows = outcome.json();
        let rows = rows.as_array().expect("rows").iter();
        rows.map(|row| row["env"].as_str().expect("an environment").to_owned())
            .collect()
    };
    let rollout = ["zeta", "mid", "alpha"];
    for text in [
        "registry list",
        "registry check",
        "registry export --format json",
        "access check",
        "registry list --sort env",
        "registry list --sort hostname,env",
    ] {
        assert_eq!(order(text), rollout, "{text}");
    }
    assert_eq!(order("registry list --sort=-env"), ["alpha", "mid", "zeta"]);
    // A table, errors, and findings.
    for text in [
        "registry list --format table",
        "registry check --format table",
        "registry export --format csv",
        "doctor --format table",
    ] {
        let outcome = sandbox.pgrole(words(text)).run();
        let said = format!("{}{}", outcome.stdout, outcome.stderr);
        let places: Vec<_> = rollout.iter().map(|env| said.find(env)).collect();
        assert!(places.is_sorted() && places[0].is_some(), "{text}\n{said}");
    }
    let (screen, _) = sandbox
        .pgrole(words("registry check"))
        .in_terminal(120)
        .wait_status();
    let places: Vec<_> = rollout.iter().map(|env| screen.find(env)).collect();
    assert!(places.is_sorted() && places[0].is_some(), "{screen}");
}

#[test]
fn a_wide_terminal_shows_a_row_in_one_line() {
    let sandbox = sandbox_with_long_rows();
    let screen = screen(&sandbox, 250, "registry list");
    let row = screen
        .lines()
        .find(|line| line.contains("customer_relations_reporting"));
    assert!(row.is_some_and(|row| row.contains(NOTES)), "{screen}");
}

#[test]
fn a_piped_table_is_undecorated_and_never_wrapped() {
    let sandbox = sandbox_with_long_rows();
    let table = sandbox.pgrole(words("registry list --format table")).run();
    let lines: Vec<_> = table.stdout.lines().collect();
    assert_eq!(lines.len(), 3, "{table}");
    assert!(lines[1].ends_with(NOTES), "{table}");
    assert!(table.stdout.is_ascii(), "{table}");
    let columns = |line: &str| {
        line.split("  ")
            .filter(|cell| !cell.trim().is_empty())
            .count()
    };
    assert_eq!(columns(lines[0]), 7);
}
