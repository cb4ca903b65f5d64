//! The commands of docs/scripting.md run as they are printed, against a server, and give what the page says.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::words;
use crate::harness::{ClosedPort, Cluster, Outcome, Sandbox, skip_unless_superuser};

/// How each block of the page begins, and what it prints; `*` stands for any text.
const RECIPES: [(&str, &str); 28] = [
    ("pgrole rotate status --columns", "*"),
    ("created=$(pgrole user app", ""),
    ("pgrole user reset", "web01_8080\n"),
    ("pgrole rotate --older-than 90d --yes --quiet", ""),
    (
        "pgrole registry check --format json 2>",
        "dev/gone: unreachable\n",
    ),
    (
        "pgrole registry check --format json | jq",
        "dev/gone\tunreachable: TCP\n",
    ),
    ("pgrole registry check -e prod", ""),
    ("pgrole registry list", "dev: myapp_dev\nprod: myapp_prod\n"),
    ("pgrole registry discover", "billing\npostgres\n"),
    ("pgrole access check", "prod/myapp_prod 0 1\n"),
    ("pgrole user list --format json | jq -r '\n", ""),
    ("pgrole user find", "dev/myapp_dev\nprod/myapp_prod\n"),
    (
        "pgrole user list --by-cluster --format json",
        "legacy01\npostgres\n",
    ),
    ("pgrole user list --by-cluster --expiring", "20*: temp01\n"),
    ("pgrole user show", "dev/myapp_dev: public.reports\n"),
    (
        "pgrole user compare",
        "connection_limit \ncomment \nmembership *",
    ),
    ("pgrole user readonly", ""),
    (
        "pgrole rotate status --older-than 90d --format json | jq -r",
        "other01 unknown\n",
    ),
    (
        "pgrole rotate status --format json",
        "other01: not under rotation here*\n",
    ),
    (
        "pgrole rotate status --older-than 90d --format json | jq -e",
        "CRITICAL: passwords are overdue\n",
    ),
    (
        "pgrole rotate --older-than 90d --yes --format jsonl",
        "{\"due\":0,\"rotated\":0,\"failed\":0}\n",
    ),
    ("for attempt in 1 2 3", "nothing is open\n"),
    ("pgrole audit list --failed", "*user reset nobody 42704\n*"),
    ("pgrole audit list --since 1d", "* 5\n"),
    ("id=$(pgrole audit list", ""),
    ("anchor=$(", "intact\n"),
    ("pgrole doctor", ""),
    ("pgrole schema user reset", "username: The role.\n*"),
];

/// The indented blocks of a page, without the indentation.
fn blocks(page: &str) -> Vec<String> {
    let mut blocks: Vec<String> = Vec::new();
    let mut is_within = false;
    for line in page.lines() {
        let code = line.strip_prefix("    ");
        if let Some(code) = code {
            if !is_within {
                blocks.push(String::new());
            }
            let block = blocks.last_mut().expect("a block was begun");
            block.push_str(code);
            block.push('\n');
        }
        is_within = code.is_some();
    }
    blocks
}

#[test]
fn the_commands_of_the_page_run_as_printed() {
    if skip_unless_superuser("others see other roles, and lack rights") {
        return;
    }
    let cluster = Cluster::private(|configuration| configuration);
    let (sandbox, _closed) = prepared(&cluster);
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/scripting.md");
    let page = fs::read_to_string(page).expect("the page is there");
    let blocks = blocks(&page);
    for (block, (beginning, wanted)) in blocks.iter().zip(RECIPES) {
        assert!(block.starts_with(beginning), "{beginning}: {block}");
        let is_about_failures = wanted.contains("dev/gone");
        let enable = if is_about_failures {
            "enable"
        } else {
            "disable"
        };
        let line = format!("registry {enable} -e dev -d gone");
        sandbox.pgrole(words(&line)).run().expect_status(0);
        let outcome = run(block, &sandbox, &cluster);
        outcome.expect_status(0);
        assert!(fits(&outcome.stdout, wanted), "{outcome}wanted: {wanted}");
    }
    assert_eq!(blocks.len(), RECIPES.len());
    let written =
        |name: &str| fs::read_to_string(sandbox.path().join(name)).expect("it was written");
    assert!(written("logins.csv").contains("\"dev\",\"myapp_dev\",\"analyst01\",\"readonly\","));
    assert!(written("analyst02.sql").contains("CREATE ROLE \"analyst02\""));
    assert!(written("undo.sql").contains("DROP ROLE"));
    assert_eq!(written("grants.sql"), "");
}

/// Whether the parts between `*` are there, in this order, from the beginning to the end.
fn fits(text: &str, wanted: &str) -> bool {
    let mut parts = wanted.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let mut is_at_end = true;
    for part in parts {
        let Some(at) = rest.find(part) else {
            return false;
        };
        rest = &rest[at + part.len()..];
        is_at_end = !part.is_empty();
    }
    rest.is_empty() || !is_at_end
}

fn prepared(cluster: &Cluster) -> (Sandbox, ClosedPort) {
    let mut sandbox = Sandbox::new().with_admin(cluster);
    for database in ["myapp_dev", "myapp_prod", "billing"] {
        cluster.psql("postgres", &format!("CREATE DATABASE {database}"));
    }
    sandbox.register(cluster, "dev", "myapp_dev");
    sandbox.register(cluster, "prod", "myapp_prod");
    let closed = ClosedPort::new();
    sandbox.register_on_port(closed.port, "dev", "gone");
    let run = |line: &str| {
        sandbox.pgrole(words(line)).run().expect_status(0);
    };
    run("registry disable -e dev -d gone");
    run("user readonly -e dev -d myapp_dev -u analyst01 --deliver file:analyst01");
    run("user readonly -e dev -d myapp_dev -u temp01 --valid-for 7d --deliver file:temp01");
    cluster.psql("postgres", "CREATE ROLE legacy01 LOGIN");
    cluster.psql(
        "myapp_dev",
        "CREATE TABLE reports (); ALTER TABLE reports OWNER TO analyst01",
    );
    run("user readonly -e prod -d myapp_prod -u analyst03 --deliver file:analyst03 --yes");
    let excess = "CREATE TABLE orders (); GRANT INSERT ON orders TO myapp_prod_readonly";
    cluster.psql("myapp_prod", excess);
    let reset = "user reset -e dev -d myapp_dev -u nobody";
    sandbox.pgrole(words(reset)).run().expect_status(3);
    let mut other = Sandbox::new().with_admin(cluster);
    other.register(cluster, "dev", "myapp_dev");
    let line = "user readonly -e dev -d myapp_dev -u other01 --deliver file:other01";
    other.pgrole(words(line)).run().expect_status(0);
    (sandbox, closed)
}

fn run(block: &str, sandbox: &Sandbox, cluster: &Cluster) -> Outcome {
    let program = Path::new(env!("CARGO_BIN_EXE_pgrole"));
    let folder = program.parent().expect("a program is in a folder");
    let mut command = sandbox.pgrole([""]).command();
    let mut bash = Command::new("bash");
    bash.args(["-c", block]).current_dir(sandbox.path());
    bash.env_clear();
    bash.envs(
        command
            .get_envs()
            .filter_map(|(name, value)| Some((name, value?))),
    );
    bash.env("PATH", format!("{}:/usr/bin:/bin", folder.display()));
    bash.env("PGHOST", "127.0.0.1");
    bash.env("PGPORT", cluster.port().to_string());
    command.env_clear();
    sandbox.outcome_of(bash)
}
