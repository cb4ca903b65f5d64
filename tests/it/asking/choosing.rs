//! What is missing in a command line is chosen or typed, and shown as the command that does the same.

use serde_json::json;

use super::{fleet, in_terminal};
use crate::harness::terminal::without_escapes;
use crate::harness::{Cluster, Sandbox};
use crate::scene::{Scene, error};

/// What each command lacks when nothing is given.
const INCOMPLETE: [(&str, &[&str]); 24] = [
    (
        "user app",
        &["--servername <NAME>", "--port <PORT>", ENV, DATABASE],
    ),
    (
        "user k8s",
        &["--env-prefix <PREFIX>", "--farmname <NAME>", ENV, DATABASE],
    ),
    ("user devqa", &[ENV, DATABASE, NAME]),
    ("user devlead", &[ENV, DATABASE, NAME]),
    ("user readonly", &[ENV, DATABASE, NAME]),
    ("user dba", &[ENV, DATABASE, NAME]),
    (
        "user create",
        &[ENV, DATABASE, "--profile <NAME>", "<NAME>"],
    ),
    ("user reset", &[ENV, DATABASE, NAME]),
    ("user lock", &[ENV, DATABASE, NAME]),
    ("user unlock", &[ENV, DATABASE, NAME]),
    ("user drop", &[ENV, DATABASE, NAME]),
    ("user search-path", &[ENV, DATABASE, NAME]),
    ("user find", &[NAME]),
    ("user show", &[NAME]),
    (
        "user clone",
        &[ENV, DATABASE, "--from <ROLE>", "--to <NAME>"],
    ),
    ("user set", &[ENV, DATABASE, NAME, SET]),
    ("user rename", &[ENV, DATABASE, "--to <NAME>", NAME]),
    ("rotate adopt", &[ENV, DATABASE, "--deliver <WHERE>", NAME]),
    ("access grant", &[ENV, DATABASE, NAME]),
    ("access revoke", &[ENV, DATABASE, NAME]),
    (
        "registry add",
        &[ENV, DATABASE, "--hostname <HOST[,HOST...]>"],
    ),
    ("registry remove", &[ENV, DATABASE]),
    ("credential set", &["--user <ROLE>"]),
    ("offboard", &["--reason <TEXT>", "<NAME>..."]),
];
const ENV: &str = "--env <ENV>";
const DATABASE: &str = "--database <DATABASE>";
const SET: &str =
    "<--connection-limit <COUNT>|--profile <NAME>|--valid-for <SPAN>|--ends-on <DATE>|--no-end>";
const NAME: &str = "<NAME|--username <NAME>>";

#[test]
fn without_a_terminal_what_is_missing_is_wrong_usage_and_nothing_is_asked() {
    let sandbox = fleet();
    for (command, missing) in INCOMPLETE {
        let run = || sandbox.pgrole(command.split(' ')).stdin("dev\n");
        let found = error(&run().run(), 2);
        assert_eq!(found["kind"], "usage", "{command}");
        let message = "the following required arguments were not provided:";
        assert_eq!(found["message"], message, "{command}");
        let causes = found["causes"].as_array().expect("a list");
        let (usage, named) = causes.split_last().expect("not empty");
        assert_eq!(json!(named), json!(missing), "{command}");
        let usage = usage.as_str().expect("text");
        assert!(
            usage.starts_with(&format!("Usage: pgrole {command} ")),
            "{usage}"
        );
        let in_words = run().args(["--format", "table"]).run();
        let in_words = in_words.expect_status(2).expect_stdout("");
        in_words.expect_in_stderr(&format!("error: {message}\n  {}", missing.join("\n  ")));
    }
}

#[test]
fn with_yes_nothing_is_asked_at_a_terminal_either() {
    let sandbox = fleet();
    let (screen, status) = in_terminal(&sandbox, &["user", "reset", "--yes"], 80).wait_status();
    assert_eq!(status, Some(2), "{screen}");
    assert!(
        screen.contains("required arguments were not provided"),
        "{screen}"
    );
}

#[test]
fn environment_and_database_are_found_by_some_of_their_letters() {
    let sandbox = fleet();
    let disable = ["registry", "disable", "-e", "dev", "-d", "shop_dev"];
    sandbox.pgrole(disable).run().expect_status(0);
    for columns in [60, 80] {
        let mut terminal = in_terminal(&sandbox, &["registry", "show"], columns);
        terminal.expect("environment |");
        // In rollout order.
        let shown = terminal.expect("1 target, protected");
        let order = ["> dev   2 targets", "  qa    1 target", "  prod  "];
        let places = order.map(|line| shown.find(line).unwrap_or_else(|| panic!("{shown}")));
        assert!(places.is_sorted(), "{shown}");
        terminal.send_line("dev");
        terminal.expect("database in dev |");
        terminal.expect("myapp_dev  127.0.0.1:9");
        terminal.expect("shop_dev   127.0.0.1:9, disabled");
        terminal.send_line("shp");
        terminal.expect("without questions: pgrole registry show -e dev -d shop_dev");
        let (screen, status) = terminal.wait_status();
        assert_eq!(status, Some(0), "{screen}");
        assert!(screen.contains("shop_dev"), "{screen}");
    }
}

/// What is pasted may be wider than the screen, and may match nothing.
#[test]
fn what_is_typed_into_a_choice_stays_on_its_line() {
    let sandbox = fleet();
    let mut terminal = in_terminal(&sandbox, &["registry", "show"], 60);
    terminal.expect("environment |");
    terminal.send(&"x".repeat(200));
    let shown = terminal.expect("|  (nothing matches; Backspace)");
    let last = shown.lines().last().unwrap_or_default();
    let last = without_escapes(last) + "|  (nothing matches; Backspace)";
    assert!(last.chars().count() < 60, "{last:?}");
    terminal.send(&"\x7f".repeat(200));
    terminal.send_line("qa");
    terminal.expect("database in qa: myapp_qa");
    assert_eq!(terminal.wait_status().1, Some(0));
}

#[test]
fn the_only_choice_is_told_and_not_asked_for() {
    let sandbox = fleet();
    let mut terminal = in_terminal(&sandbox, &["registry", "show", "-e", "qa"], 80);
    terminal.expect("database in qa: myapp_qa");
    terminal.expect("without questions: pgrole registry show -e qa -d myapp_qa");
    assert_eq!(terminal.wait_status().1, Some(0));
    let mut terminal = in_terminal(&sandbox, &["registry", "show", "-d", "myapp_prod"], 80);
    terminal.expect("without questions: pgrole registry show -d myapp_prod -e prod");
    assert_eq!(terminal.wait_status().1, Some(0));
}

#[test]
fn where_there_is_nothing_to_choose_from_it_is_wrong_usage() {
    let sandbox = Sandbox::new();
    let (screen, status) = in_terminal(&sandbox, &["user", "reset"], 80).wait_status();
    assert_eq!(status, Some(2), "{screen}");
    assert!(screen.contains("--env <ENV>"), "{screen}");
    assert!(screen.contains("to begin: pgrole init"), "{screen}");
    assert!(!sandbox.registry().exists());
    let sandbox = fleet();
    let (screen, status) =
        in_terminal(&sandbox, &["registry", "show", "-e", "uat"], 80).wait_status();
    assert_eq!(status, Some(2), "{screen}");
    assert!(
        screen.contains("no such target in environment \"uat\""),
        "{screen}"
    );
    let (screen, status) =
        in_terminal(&sandbox, &["registry", "show", "-e", "dve"], 80).wait_status();
    assert_eq!(status, Some(2), "{screen}");
    assert!(screen.contains("did you mean \"dev\"?"), "{screen}");
}

/// Roles that were placed or listed are offered without asking the server; any other name can be typed.
#[test]
fn a_role_is_chosen_from_those_last_seen_or_typed() {
    let scene = Scene::new();
    let jane = scene.create("readonly", "jane").name;
    let joe = scene.role("joe");
    scene.psql(&format!("CREATE ROLE \"{joe}\" LOGIN"));
    scene.user("list", &[]).run().expect_status(0);
    let search_path = ["user", "search-path", "--reset", "--dry-run"];
    // Other tests' roles are on the same cluster, and may fill the screen: what is typed narrows the choice.
    for (role, remark) in [(&jane, Some("readonly")), (&joe, None)] {
        let mut terminal = in_terminal(&scene.sandbox, &search_path, 200);
        terminal.expect("role |");
        terminal.send(role);
        terminal.expect(&format!("> {role}"));
        // How far it stands from the name depends on the longest one.
        if let Some(remark) = remark {
            terminal.expect(remark);
        }
        terminal.send_line("");
        terminal.expect(&format!(
            "without questions: pgrole user search-path --reset --dry-run -e dev -d {} -u {role}",
            scene.database()
        ));
        let (screen, status) = terminal.wait_status();
        assert_eq!(status, Some(0), "{screen}");
    }

    let mut terminal = in_terminal(&scene.sandbox, &["user", "find"], 200);
    terminal.expect("role |");
    terminal.send_line("(another");
    terminal.expect("role: (another name)");
    terminal.expect("role: ");
    terminal.send_line("no_such_role");
    terminal.expect("without questions: pgrole user find -u no_such_role");
    assert_eq!(terminal.wait_status().1, Some(3));
}

/// Two roles to compare are offered with their targets.
#[test]
fn roles_to_compare_are_chosen_with_their_targets() {
    let scene = Scene::new();
    let jane = scene.create("readonly", "jane").name;
    let joe = scene.create("devqa", "joe").name;
    let mut terminal = in_terminal(&scene.sandbox, &["user", "compare"], 200);
    for name in [&jane, &joe] {
        terminal.expect("role |");
        terminal.expect("(another name)");
        terminal.send_line(name);
    }
    let place = format!("dev/{}", scene.database());
    terminal.expect(&format!(
        "without questions: pgrole user compare {jane}@{place} {joe}@{place}"
    ));
    let (screen, status) = terminal.wait_status();
    assert_eq!(status, Some(7), "{screen}");
}

/// A new role is named by typing, and a name that is not valid is asked for again.
#[test]
fn a_new_role_is_typed_and_checked() {
    let scene = Scene::new();
    let role = scene.role("jane");
    let mut terminal = in_terminal(&scene.sandbox, &["user", "create", "--dry-run"], 200);
    terminal.expect("profile |");
    terminal.send_line("readonly");
    terminal.expect("name of the new role: ");
    terminal.send_line("pg_jane");
    terminal.expect("pg_jane");
    terminal.expect("name of the new role: ");
    terminal.send_line(&role);
    terminal.expect(&format!(
        "without questions: pgrole user create --dry-run -e dev -d {} --profile readonly -u {role}",
        scene.database()
    ));
    let (screen, status) = terminal.wait_status();
    assert_eq!(status, Some(0), "{screen}");
    assert!(
        screen.contains(&format!("CREATE ROLE \"{role}\"")),
        "{screen}"
    );

    let app = ["user", "app", "--dry-run"];
    let mut terminal = in_terminal(&scene.sandbox, &app, 200);
    terminal.expect("(--servername): ");
    terminal.send_line("web 01");
    terminal.expect("(--port): ");
    terminal.send_line("http");
    terminal.expect("invalid value 'http'");
    terminal.expect("(--port): ");
    terminal.send_line("8080");
    terminal.expect("--servername 'web 01' --port 8080");
    assert_eq!(terminal.wait_status().1, Some(0));
}

/// What is known to be of no use is said before the next question.
#[test]
fn a_target_that_cannot_be_used_is_refused_before_the_next_question() {
    let sandbox = fleet();
    let disable = ["registry", "disable", "-e", "dev", "-d", "shop_dev"];
    sandbox.pgrole(disable).run().expect_status(0);
    for (command, status, said) in [
        (
            "user reset -e dev -d shop_dev",
            6,
            "target dev/shop_dev is disabled",
        ),
        ("user reset -e dev -d nowhere", 3, "no target dev/nowhere"),
        (
            "user readonly -e dve -d shop_dev",
            2,
            "did you mean \"dev\"?",
        ),
        (
            "registry add -e dev -d shop_dev",
            6,
            "already in the registry, on 127.0.0.1:9",
        ),
    ] {
        let words: Vec<_> = command.split(' ').collect();
        let (screen, found) = in_terminal(&sandbox, &words, 200).wait_status();
        assert_eq!(found, Some(status), "{command}: {screen}");
        assert!(screen.contains(said), "{command}: {screen}");
    }
}

/// What cannot be delivered need not be confirmed.
#[test]
fn a_delivery_that_cannot_be_made_is_refused_before_the_question() {
    let sandbox = fleet();
    let nowhere = "file:/no/such/folder/password";
    let create = [
        "user",
        "readonly",
        "-e",
        "prod",
        "-d",
        "myapp_prod",
        "-u",
        "jane",
    ];
    let create = [&create[..], &["--deliver", nowhere]].concat();
    let (screen, status) = in_terminal(&sandbox, &create, 200).wait_status();
    assert_ne!(status, Some(0), "{screen}");
    assert!(!screen.contains("[y/N]"), "{screen}");
    assert!(screen.contains("/no/such"), "{screen}");
}

/// Of options of which one is required, first the option is chosen.
#[test]
fn of_several_options_one_is_chosen() {
    let scene = Scene::new();
    let role = scene.create("readonly", "jane").name;
    for (option, value, added) in [
        ("connection-limit", Some("3"), "--connection-limit 3"),
        ("no-end", None, "--no-end"),
    ] {
        let set = ["user", "set", "--dry-run"];
        let mut terminal = in_terminal(&scene.sandbox, &set, 200);
        terminal.expect("role |");
        terminal.send_line(&role);
        terminal.expect("what |");
        terminal.send_line(option);
        if let Some(value) = value {
            terminal.expect(&format!("(--{option}): "));
            terminal.send_line(value);
        }
        terminal.expect(&format!("-u {role} {added}"));
        let (screen, status) = terminal.wait_status();
        assert_eq!(status, Some(0), "{screen}");
    }
}

/// The command that is shown does the same: it is complete, and quoted for a shell.
#[test]
fn the_command_that_is_shown_can_be_pasted() {
    let sandbox = Sandbox::new().with_admin(Cluster::shared());
    let add = [
        "registry",
        "add",
        "-e",
        "dev",
        "-d",
        "my db",
        "-H",
        "127.0.0.1",
    ];
    sandbox.pgrole(add).run().expect_status(0);
    let mut terminal = in_terminal(&sandbox, &["registry", "show"], 200);
    let shown = "without questions: ";
    terminal.expect(shown);
    let line = terminal.expect("\n");
    assert_eq!(line, "pgrole registry show -e dev -d 'my db'");
    assert_eq!(terminal.wait_status().1, Some(0));
    let words = shlex::split(&line).expect("quoted for a shell");
    sandbox.pgrole(&words[1..]).run().expect_status(0);
}
