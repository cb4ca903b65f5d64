//! Random plans of pgrole's own, rehearsed and then run: verdict, statement, SQLSTATE and resulting rights are the same,
//! and the rehearsal left every row of the catalogs as it was. `PGROLE_TEST_REHEARSALS` says how many a version, `PGROLE_TEST_SEED` with which seed.

use std::collections::BTreeMap;
use std::io::Write;

use serde_json::Value;

use super::{catalog_hash, digest, rehearsal, rights};
use crate::crash::dice::{Dice, fresh_seed, number};
use crate::harness::{Cluster, Outcome, skip_unless_superuser};
use crate::scene::{Scene, whole_text};
use crate::users::access::{make_role, on_each_version};

on_each_version! {
    what_is_rehearsed_is_what_happens
}

fn what_is_rehearsed_is_what_happens(scene: &mut Scene<'_>) {
    if skip_unless_superuser("it draws its admins itself") {
        return;
    }
    let major = scene.cluster.server_version_major();
    // Nobody else changes the catalogs there.
    let Some(cluster) = Cluster::private_of_major(major, |c| c.setting("autovacuum", "off")) else {
        return;
    };
    let seed = number("PGROLE_TEST_SEED").unwrap_or_else(fresh_seed);
    let count = number("PGROLE_TEST_REHEARSALS").unwrap_or(8);
    let mut tally = Tally::default();
    for round in 0..count {
        let mut dice = Dice::new(seed, round);
        let mut one = Scene::on(&cluster);
        let drawn = draw(&mut one, &mut dice);
        let Drawn {
            admin,
            obstacles,
            command,
            arguments,
            ..
        } = &drawn;
        let said = format!(
            "seed {seed}, plan {round}: {command} {arguments:?} as {admin}, with {obstacles:?}"
        );
        let end = compare(&one, &drawn, &said);
        let verb = command.split(" --").next().unwrap_or_default();
        *tally.by_command.entry(verb.to_owned()).or_default() += 1;
        *tally.by_end.entry(end).or_default() += 1;
    }
    assert_eq!(tally.by_end.values().sum::<u64>(), count, "seed {seed}");
    let Tally { by_end, by_command } = tally;
    say(&format!(
        "rehearsals on {major}: {count} plans alike (seed {seed}): {by_end:?}; {by_command:?}"
    ));
}

/// How many plans came to what.
#[derive(Default)]
struct Tally {
    by_end: BTreeMap<String, u64>,
    by_command: BTreeMap<String, u64>,
}

/// A line that is seen although the test succeeds.
fn say(line: &str) {
    // The test harness keeps what is printed by the macros to itself.
    let _ = writeln!(std::io::stderr(), "{line}");
}

struct Drawn {
    admin: &'static str,
    obstacles: Vec<&'static str>,
    command: &'static str,
    arguments: Vec<String>,
    /// Whose rights are compared.
    roles: Vec<String>,
}

/// A scene with what may be in the way, and a command.
fn draw(scene: &mut Scene<'_>, dice: &mut Dice) -> Drawn {
    scene.area.superuser_psql(
        "CREATE SCHEMA app; CREATE TABLE app.t (id int); CREATE SEQUENCE app.s; CREATE TABLE public.u (id int)",
    );
    let jane = scene.create("readonly", "jane").name;
    let heir = scene.area.create_role("heir", "NOLOGIN");
    if dice.below(3) == 0 {
        scene.area.superuser_psql(&format!(
            "CREATE SCHEMA hers AUTHORIZATION {jane}; SET ROLE {jane}; CREATE TABLE hers.notes (id int);
             GRANT SELECT ON hers.notes TO PUBLIC; RESET ROLE; GRANT SELECT, UPDATE ON app.t TO {jane} WITH GRANT OPTION"
        ));
    }
    let command = dice.below(20);
    if command == UNLOCK {
        scene.user("lock", &["-u", &jane]).run().expect_status(0);
    }
    let obstacles = obstacles(scene, dice);
    let admin = admin(scene, dice);
    let level = ["readonly", "readwrite", "ddl"][usize::try_from(dice.below(3)).expect("small")];
    let group = format!("{}_{level}", scene.database());
    let (command, more, role) = drawn_command(scene, command, (&jane, &heir, level));
    let roles = if command == "access prepare" {
        vec![group]
    } else {
        vec![role]
    };
    Drawn {
        admin,
        obstacles,
        command,
        arguments: more,
        roles,
    }
}

const UNLOCK: u64 = 12;

/// The command, its arguments, and whose rights are compared.
fn drawn_command(
    scene: &Scene<'_>,
    number: u64,
    (jane, heir, level): (&str, &str, &str),
) -> (&'static str, Vec<String>, String) {
    let [new, renamed] = ["new", "renamed"].map(|name| scene.role(name));
    let database = scene.database().to_owned();
    let named = |role: &str, more: &[&str]| {
        let arguments = [&["-u", role], more].concat();
        let arguments = arguments.into_iter().map(str::to_owned).collect();
        (arguments, role.to_owned())
    };
    let (command, (arguments, role)) = match number {
        0 => ("user readonly", named(&new, &[])),
        1 => ("user devqa", named(&new, &[])),
        2 => ("user devlead", named(&new, &[])),
        3 => ("user dba", named(&new, &[])),
        4 => (
            "user create",
            named(&new, &["--profile", "devqa", "--ends-on", "2036-03-31"]),
        ),
        5 => {
            let server = format!("{database}_web");
            let arguments = ["--servername", &server, "--port", "8080"].map(str::to_owned);
            ("user app", (arguments.to_vec(), format!("{server}_8080")))
        }
        6 => {
            let arguments = ["--env-prefix", &database, "--farmname", "farm"].map(str::to_owned);
            ("user k8s", (arguments.to_vec(), format!("{database}_farm")))
        }
        7 => ("user reset", named(jane, &[])),
        8 | 9 => ("access grant", named(jane, &["--level", level])),
        10 => ("access revoke", named(jane, &[])),
        11 => ("user lock", named(jane, &[])),
        UNLOCK => ("user unlock", named(jane, &[])),
        13 => (
            "user set",
            named(jane, &["--connection-limit", "3", "--no-end"]),
        ),
        14 => ("user set", named(jane, &["--profile", "devlead"])),
        15 => ("user search-path", named(jane, &["--schema", "app"])),
        16 => {
            let arguments = ["--from", jane, "--to", &new].map(str::to_owned);
            ("user clone", (arguments.to_vec(), new))
        }
        17 => {
            let (arguments, _) = named(jane, &["--to", &renamed, "--keep-password"]);
            ("user rename", (arguments, renamed))
        }
        18 => {
            let (arguments, _) = named(jane, &["--reassign-to", heir]);
            ("user drop", (arguments, heir.to_owned()))
        }
        _ => {
            let arguments = ["--level", level].map(str::to_owned);
            ("access prepare", (arguments.to_vec(), String::new()))
        }
    };
    (command, arguments, role)
}

const OBSTACLES: [(&str, &str); 7] = [
    (
        "a refusing event trigger",
        "CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS
            'BEGIN RAISE EXCEPTION ''not in my house''; END';
         CREATE EVENT TRIGGER refuse ON ddl_command_start WHEN TAG IN ('GRANT') EXECUTE FUNCTION refuse()",
    ),
    (
        "an event trigger that refuses default privileges",
        "CREATE FUNCTION deny() RETURNS event_trigger LANGUAGE plpgsql AS
            'BEGIN RAISE insufficient_privilege USING MESSAGE = ''no defaults''; END';
         CREATE EVENT TRIGGER deny ON ddl_command_end WHEN TAG IN ('ALTER DEFAULT PRIVILEGES') EXECUTE FUNCTION deny()",
    ),
    (
        "a deferred constraint",
        "CREATE TABLE granted (id int PRIMARY KEY);
         CREATE TABLE noted (id int REFERENCES granted DEFERRABLE INITIALLY DEFERRED);
         CREATE FUNCTION defer_it() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS
            'BEGIN INSERT INTO public.noted VALUES (1); END';
         CREATE EVENT TRIGGER defer_it ON ddl_command_end WHEN TAG IN ('GRANT') EXECUTE FUNCTION defer_it()",
    ),
    (
        "an event trigger that writes",
        "CREATE TABLE written (at timestamptz);
         CREATE FUNCTION write_it() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS
            'BEGIN INSERT INTO public.written VALUES (now()); END';
         CREATE EVENT TRIGGER write_it ON ddl_command_end EXECUTE FUNCTION write_it()",
    ),
    (
        "a foreign table's owner",
        "CREATE ROLE [DB]_owner; CREATE TABLE app.foreign_one (id int); ALTER TABLE app.foreign_one OWNER TO [DB]_owner",
    ),
    (
        "a foreign schema's owner",
        "CREATE ROLE [DB]_lord; CREATE SCHEMA foreign_one AUTHORIZATION [DB]_lord",
    ),
    (
        "CONNECT taken from PUBLIC",
        "REVOKE CONNECT, TEMPORARY ON DATABASE [DB] FROM PUBLIC",
    ),
];

fn obstacles(scene: &Scene<'_>, dice: &mut Dice) -> Vec<&'static str> {
    let mut entries = Vec::new();
    let mut drawn = Vec::new();
    for (name, sql) in OBSTACLES {
        if dice.below(5) > 0 {
            continue;
        }
        scene
            .area
            .superuser_psql(&sql.replace("[DB]", scene.database()));
        drawn.push(name);
        let function = sql.split("CREATE FUNCTION ").nth(1);
        if let Some(function) = function.and_then(|rest| rest.split('(').next()) {
            entries.push(format!("\"{function}={}\"", digest(scene, function)));
        }
    }
    let entries = entries.join(", ");
    let config = format!("[rehearse]\nevent_triggers = [{entries}]\n");
    scene.sandbox.write_config(&config);
    drawn
}

fn admin(scene: &mut Scene<'_>, dice: &mut Dice) -> &'static str {
    let database = scene.database().to_owned();
    let (kind, attributes, sql) = match dice.below(5) {
        0 | 1 => return "as the scene's",
        2 => (
            "an owner with CREATEROLE",
            "CREATEROLE",
            "ALTER DATABASE [DB] OWNER TO [DB]_admin; ALTER SCHEMA app OWNER TO [DB]_admin;
             ALTER TABLE app.t OWNER TO [DB]_admin; ALTER SEQUENCE app.s OWNER TO [DB]_admin",
        ),
        3 => (
            "an owner with CREATEROLE and NOINHERIT that may hand on",
            "CREATEROLE NOINHERIT",
            "ALTER DATABASE [DB] OWNER TO [DB]_admin; ALTER SCHEMA app OWNER TO [DB]_admin;
             ALTER TABLE app.t OWNER TO [DB]_admin;
             GRANT [DB]_jane, [DB]_readonly TO [DB]_admin WITH ADMIN OPTION",
        ),
        _ => ("a stranger with CREATEROLE", "CREATEROLE", "SELECT 1"),
    };
    let admin = make_role(scene, "admin", attributes);
    scene.area.superuser_psql(&sql.replace("[DB]", &database));
    scene.sandbox.env("PG_ADMIN_USER", &admin.name);
    scene.sandbox.env("PG_ADMIN_PASS", &admin.password);
    kind
}

/// Rehearses, runs, and compares; what both came to.
#[track_caller]
fn compare(scene: &Scene<'_>, drawn: &Drawn, said: &str) -> String {
    let arguments: Vec<_> = drawn.arguments.iter().map(String::as_str).collect();
    let run = || scene.pgrole(drawn.command, &arguments).args(["--yes"]);
    let before = catalog_hash(scene);
    let rehearsed = run().args(["--rehearse"]).run();
    assert_eq!(catalog_hash(scene), before, "{said}\n{rehearsed}");
    let real = run().run();
    let context = format!("{said}\n{rehearsed}\n{real}");
    assert_eq!(rehearsed.status(), real.status(), "{context}");
    if rehearsed.stdout.is_empty() {
        let (state, _) = failure(&rehearsed);
        assert_eq!(failure(&rehearsed), failure(&real), "{context}");
        return format!("refused before the server was asked, {state}");
    }
    let found = if drawn.command == "user drop" {
        rehearsed.json()["databases"][0]["rehearsal"].clone()
    } else {
        rehearsal(&rehearsed)
    };
    if found.is_null() {
        return "nothing to do".to_owned();
    }
    assert_eq!(found["transaction_status"], "aborted", "{context}");
    if found["verdict"] == "accepted" {
        let found = found["rights"].as_array().expect("a list");
        let is_its = |it: &&Value| drawn.roles.iter().any(|role| it["role"] == role.as_str());
        let found: Vec<_> = found.iter().filter(is_its).cloned().collect();
        assert_eq!(Value::from(found), rights(scene, &drawn.roles), "{context}");
        return "accepted".to_owned();
    }
    let statements = found["statements"].as_array().expect("a list");
    let refused = statements.iter().find(|it| it["answer"] == "refused");
    let refused = refused.unwrap_or_else(|| panic!("{context}"));
    let (state, text) = failure(&real);
    assert_eq!(refused["sqlstate"], state, "{context}");
    let statement = refused["statement"].as_str().expect("a text");
    let begin: String = statement.chars().take(200).collect();
    let begin = match statement {
        "SET CONSTRAINTS ALL IMMEDIATE" => "COMMIT",
        _ => &begin,
    };
    assert!(text.contains(&format!("in: {begin}")), "{context}");
    format!("refused, {state}")
}

fn failure(outcome: &Outcome) -> (Value, String) {
    let error = &outcome.json_error()["error"];
    (error["sqlstate"].clone(), whole_text(error))
}
