//! Random plans of pgrole's own, rehearsed and then run: verdict, statement, SQLSTATE and resulting rights are the same,
//! and the rehearsal left nothing. `PGROLE_TEST_REHEARSALS` says how many a version, `PGROLE_TEST_SEED` with which seed.

use serde_json::Value;

use super::{digest, rehearsal, rights};
use crate::crash::dice::{Dice, fresh_seed, number};
use crate::harness::{Outcome, skip_unless_superuser};
use crate::scene::{Scene, whole_text};
use crate::users::access::{make_role, on_each_version};

on_each_version! {
    what_is_rehearsed_is_what_happens
}

fn what_is_rehearsed_is_what_happens(scene: &mut Scene<'_>) {
    if skip_unless_superuser("it draws its admins itself") {
        return;
    }
    let seed = number("PGROLE_TEST_SEED").unwrap_or_else(fresh_seed);
    let count = number("PGROLE_TEST_REHEARSALS").unwrap_or(6);
    let mut tally = [0_u64; 3];
    for round in 0..count {
        let mut dice = Dice::new(seed, round);
        let mut one = Scene::on(scene.cluster);
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
        tally[compare(&one, &drawn, &said)] += 1;
    }
    assert_eq!(tally.iter().sum::<u64>(), count, "seed {seed}");
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
    let obstacles = obstacles(scene, dice);
    let admin = admin(scene, dice);
    let new = scene.role("new");
    let level = ["readonly", "readwrite", "ddl"][usize::try_from(dice.below(3)).expect("small")];
    let group = format!("{}_{level}", scene.database());
    let text = str::to_owned;
    let (command, arguments, roles) = match dice.below(9) {
        0 => ("user readonly", vec![text("-u"), new.clone()], vec![new]),
        1 => ("user devqa", vec![text("-u"), new.clone()], vec![new]),
        2 => ("user devlead", vec![text("-u"), new.clone()], vec![new]),
        3 => ("user dba", vec![text("-u"), new.clone()], vec![new]),
        4 => ("user reset", vec![text("-u"), jane.clone()], vec![jane]),
        5 | 6 => {
            let arguments = [text("-u"), jane.clone(), text("--level"), text(level)];
            ("access grant", arguments.to_vec(), vec![jane])
        }
        7 => ("access revoke", vec![text("-u"), jane.clone()], vec![jane]),
        _ => (
            "access prepare",
            vec![text("--level"), text(level)],
            vec![group],
        ),
    };
    Drawn {
        admin,
        obstacles,
        command,
        arguments,
        roles,
    }
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

/// Rehearses, runs, and compares; which of the three it was.
#[track_caller]
fn compare(scene: &Scene<'_>, drawn: &Drawn, said: &str) -> usize {
    let arguments: Vec<_> = drawn.arguments.iter().map(String::as_str).collect();
    let run = || scene.pgrole(drawn.command, &arguments).args(["--yes"]);
    let before = scene.snapshot();
    let rehearsed = run().args(["--rehearse"]).run();
    assert_eq!(scene.snapshot(), before, "{said}\n{rehearsed}");
    let real = run().run();
    let context = format!("{said}\n{rehearsed}\n{real}");
    assert_eq!(rehearsed.status(), real.status(), "{context}");
    if rehearsed.stdout.is_empty() {
        assert_eq!(failure(&rehearsed), failure(&real), "{context}");
        return 2;
    }
    let found = rehearsal(&rehearsed);
    if found.is_null() {
        // Nothing to do, in both.
        return 2;
    }
    assert_eq!(found["transaction_status"], "aborted", "{context}");
    if found["verdict"] == "accepted" {
        let found = &found["rights"];
        assert_eq!(*found, rights(scene, &drawn.roles), "{context}");
        return 0;
    }
    let statements = found["statements"].as_array().expect("a list");
    let refused = statements.iter().find(|it| it["answer"] == "refused");
    let refused = refused.unwrap_or_else(|| panic!("{context}"));
    let (state, text) = failure(&real);
    assert_eq!(refused["sqlstate"], state, "{context}");
    let statement = refused["statement"].as_str().expect("a text");
    let begin: String = statement.chars().take(200).collect();
    let is_commit = statement == "SET CONSTRAINTS ALL IMMEDIATE";
    assert!(
        is_commit || text.contains(&format!("in: {begin}")),
        "{context}"
    );
    1
}

fn failure(outcome: &Outcome) -> (Value, String) {
    let error = &outcome.json_error()["error"];
    (error["sqlstate"].clone(), whole_text(error))
}
