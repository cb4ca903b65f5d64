//! Many targets from a file, all or none; and the same targets as a file again.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};

use super::{add_myapp, registry};
use crate::harness::{Outcome, Sandbox, sqlite};

/// Everything that people choose, and the known clusters.
const TARGETS: &str = "SELECT env, db_name, hostname, port, ports, active, notes, sslmode, sslrootcert, sslcert, sslkey,
    sslnegotiation, channel_binding, admin_user, system_identifier, direct, require_auth
    FROM db_registry ORDER BY env, db_name";

fn import(sandbox: &Sandbox, text: &str, words: &str) -> Outcome {
    fs::write(sandbox.path().join("file"), text).expect("the sandbox can be written");
    registry(sandbox, &format!("import file {words}"))
}

fn targets(sandbox: &Sandbox) -> String {
    sqlite::query(&sandbox.registry(), TARGETS)
}

fn statuses(outcome: &Outcome) -> Vec<String> {
    let rows = outcome.json();
    let rows = rows.as_array().expect("rows are an array").iter();
    rows.map(|row| row["status"].as_str().expect("a text").to_owned())
        .collect()
}

/// A registry with an example of everything.
fn sandbox_with_all_kinds() -> Sandbox {
    let sandbox = Sandbox::new();
    for words in [
        "add -e dev -d plain -H db.example.com",
        "add -e dev -d two -H a.example.com,b.example.com -p 5432,5433 --direct --admin-user dba",
        "add -e qa -d local -H /run/postgresql -p 6432",
        "add -e qa -d by_service --service shop --sslmode require",
        "add -e prod -d all -H 10.0.0.5 --sslmode verify-ca --sslrootcert /etc/ca.pem --sslcert /c.pem --sslkey /c.key \
         --sslnegotiation direct --channel-binding prefer --require-auth scram-sha-256,md5",
        "disable -e prod -d all",
    ] {
        registry(&sandbox, words).expect_status(0);
    }
    let notes = "a, \"note\"; =1+1 with a\nline and  blanks ".to_owned() + &"ä ".repeat(200);
    let update = [
        "registry", "update", "-e", "prod", "-d", "all", "--yes", "--notes",
    ];
    sandbox.pgrole(update).args([notes]).run().expect_status(0);
    let known =
        "UPDATE db_registry SET system_identifier = '7300000000000000001' WHERE db_name = 'plain'";
    sqlite::query(&sandbox.registry(), known);
    sandbox
}

#[test]
fn what_is_exported_is_imported_as_an_equal_registry_in_every_format() {
    let sandbox = sandbox_with_all_kinds();
    for format in ["csv", "json", "service"] {
        let exported = registry(&sandbox, &format!("export --format {format}"));
        exported.expect_status(0).expect_stderr("");
        let other = Sandbox::new();
        let imported = import(&other, &exported.stdout, "");
        imported.expect_status(0);
        assert_eq!(statuses(&imported), ["target added"; 5], "{format}");
        assert_eq!(targets(&other), targets(&sandbox), "{format}");
        let again = registry(&other, &format!("export --format {format}"));
        again.expect_stdout(&exported.stdout);
        assert_eq!(
            statuses(&import(&other, &exported.stdout, "")),
            ["unchanged"; 5]
        );
    }
}

#[test]
fn an_export_goes_to_a_private_file_and_can_be_narrowed() {
    let sandbox = sandbox_with_all_kinds();
    let written = registry(
        &sandbox,
        "export -e qa -d l* --output targets.csv --format csv",
    );
    written.expect_status(0).expect_stdout("");
    let file = sandbox.path().join("targets.csv");
    let mode = fs::metadata(&file)
        .expect("it is there")
        .permissions()
        .mode();
    assert_eq!(mode & 0o7777, 0o600);
    assert_eq!(
        fs::read_to_string(file).expect("it is there"),
        "env,database,hostname,port,active,sslmode,sslrootcert,sslcert,sslkey,sslnegotiation,channel_binding,\
         require_auth,direct,admin_user,system_identifier,notes\n\
         qa,local,/run/postgresql,6432,true,,,,,,,,false,,,\n"
    );
    let json = registry(&sandbox, "export -e dev -d two --format json").json();
    assert_eq!(json[0]["port"], "5432,5433");
    assert_eq!(json[0]["direct"], true);
    let log = "SELECT operation FROM audit_log ORDER BY id DESC LIMIT 1";
    assert_eq!(sqlite::query(&sandbox.registry(), log), "registry export");
}

#[test]
fn an_exported_service_is_as_safe_for_psql_as_the_target_is_here() {
    let sandbox = Sandbox::new();
    registry(
        &sandbox,
        "add -e dev -d shop -H a.example.com,b.example.com",
    )
    .expect_status(0);
    let exported = registry(&sandbox, "export --format service");
    exported.expect_stdout(
        "# pgrole {\"env\":\"dev\",\"sslmode\":null,\"channel_binding\":null}\n\
         [dev/shop]\nhost=a.example.com,b.example.com\nport=5432\ndbname=shop\nsslmode=verify-full\n\
         channel_binding=require\ntarget_session_attrs=read-write\n",
    );
}

#[test]
fn all_rows_that_are_not_valid_are_named_and_nothing_is_imported() {
    let sandbox = Sandbox::new();
    add_myapp(&sandbox);
    let before = targets(&sandbox);
    let text = "env,database,hostname,port,sslmode\n\
                dev,good,db.example.com,5432,\n\
                live,a,db.example.com,99999,verify\n\
                dev,good,other.example.com,,\n\
                dev,,db.example.com,,\n\
                dev,short\n\
                qa,pair,\"a,b\",\"1,2,3\",\n";
    let refused = import(&sandbox, text, "");
    refused.expect_status(2);
    let rows = refused.json();
    let found = rows.as_array().expect("an array").iter();
    let found: Vec<_> = found
        .map(|row| (row["line"].as_u64(), row["problem"].as_str()))
        .collect();
    assert_eq!(found.len(), 5, "{refused}");
    let expect = |place: usize, line: u64, texts: &[&str]| {
        let (found_line, problem) = found[place];
        assert_eq!(found_line, Some(line));
        let problem = problem.expect("a problem");
        for text in texts {
            assert!(problem.contains(text), "{problem}");
        }
    };
    let port = "port \"99999\" is not a number from 1 to 65535";
    let mode = "\"verify\" is not a valid sslmode";
    expect(0, 3, &[port, mode, "unknown environment \"live\""]);
    expect(1, 4, &["line 2 is the same target"]);
    expect(2, 5, &["it has no database"]);
    expect(3, 6, &["it has 2 values, but the header has 5 columns"]);
    expect(4, 7, &["3 ports for 2 hosts"]);
    let error = refused.json_error();
    assert_eq!(
        error["error"]["message"],
        "5 of 6 rows are not valid, so nothing is imported"
    );
    assert_eq!(targets(&sandbox), before);
    let events = "SELECT count(*) FROM audit_log";
    assert_eq!(sqlite::query(&sandbox.registry(), events), "2");
}

#[test]
fn a_header_with_a_misspelled_column_is_refused_with_the_nearest() {
    let sandbox = Sandbox::new();
    let refused = import(
        &sandbox,
        "env,database,hostnme\ndev,a,h\n",
        "--format table",
    );
    refused.expect_status(2).expect_stderr(
        "error: cannot read file\n\
         caused by: line 1: unknown column \"hostnme\"; known: env, database, hostname, port, active, sslmode, \
         sslrootcert, sslcert, sslkey, sslnegotiation, channel_binding, require_auth, direct, admin_user, \
         system_identifier, notes\n\
         hint: did you mean \"hostname\"?\n",
    );
    for (text, wanted) in [
        ("env,env\n", "is there twice"),
        ("", "it is empty"),
        ("a\nb\n", "line 1: unknown column"),
    ] {
        import(&sandbox, text, "")
            .expect_status(2)
            .expect_in_stderr(wanted);
    }
}

#[test]
fn what_is_there_and_differs_is_shown_and_changed_only_by_update() {
    let sandbox = Sandbox::new();
    registry(&sandbox, "add -e dev -d a -H old.example.com --notes mine").expect_status(0);
    registry(&sandbox, "add -e dev -d b -H b.example.com").expect_status(0);
    let before = targets(&sandbox);
    let text = "env,database,hostname,port\ndev,a,new.example.com,5433\ndev,b,b.example.com,5432\ndev,c,c.example.com,5432\n";
    let refused = import(&sandbox, text, "");
    refused.expect_status(6);
    assert_eq!(statuses(&refused), ["target differs"]);
    assert_eq!(
        refused.json()[0]["differs"],
        json!([
            {"what": "hostname", "wanted": "new.example.com", "found": "old.example.com"},
            {"what": "port", "wanted": "5433", "found": "5432"}
        ])
    );
    refused.expect_in_stderr("to change them too, add --update");
    assert_eq!(targets(&sandbox), before);

    let preview = import(&sandbox, text, "--update --dry-run --format table");
    preview.expect_status(0).expect_stdout(
        " LINE  ENV  DATABASE  HOSTNAME         PORT  STATUS\n \
         2     dev  a         new.example.com  5433  target updated\n \
         3     dev  b         b.example.com    5432  unchanged\n \
         4     dev  c         c.example.com    5432  target added\n",
    );
    preview.expect_stderr(
        "line 2: dev/a: hostname is old.example.com in the registry, new.example.com in the file\n\
         line 2: dev/a: port is 5432 in the registry, 5433 in the file\n\
         1 added, 1 updated, 1 unchanged; nothing was changed\n",
    );
    assert_eq!(targets(&sandbox), before);

    import(&sandbox, text, "--update").expect_status(0);
    let shown = registry(&sandbox, "show -e dev -d a").json();
    assert_eq!(shown["hostname"], "new.example.com");
    // What the file has no column for stays.
    assert_eq!(shown["notes"], "mine");
    let log = "SELECT operation, env, db_name, status FROM audit_log WHERE id > 3";
    assert_eq!(
        sqlite::query(&sandbox.registry(), log),
        "registry import|dev|a|target updated\nregistry import|dev|c|target added"
    );
    sandbox.pgrole(["audit", "verify"]).run().expect_status(0);
}

#[test]
fn a_protected_entry_that_would_lead_elsewhere_needs_yes() {
    let sandbox = Sandbox::new();
    registry(&sandbox, "add -e prod -d a -H old.example.com").expect_status(0);
    let text = "env,database,hostname\nprod,a,new.example.com\n";
    let refused = import(&sandbox, text, "--update");
    refused
        .expect_status(6)
        .expect_in_stderr("change 1 registry entries of prod");
    import(&sandbox, text, "--update --yes").expect_status(0);
}

#[test]
fn the_older_services_file_is_imported() {
    let sandbox = Sandbox::new();
    let older = sandbox.path().join("older.db");
    let sql = "CREATE TABLE db_registry (env TEXT, db_name TEXT, hostname TEXT, port INTEGER, active INTEGER, notes TEXT, team TEXT);
        INSERT INTO db_registry VALUES ('dev', 'app', 'old-dev.example.com', 5433, 1, 'from the service', 'x');
        INSERT INTO db_registry VALUES ('prod', 'app', 'old-prod.example.com', NULL, 0, NULL, 'x');";
    sqlite::sqlite3(&older, sql).expect_status(0);
    let before = fs::read(&older).expect("it is there");
    registry(&sandbox, "import older.db").expect_status(0);
    assert_eq!(
        targets(&sandbox),
        "dev|app|old-dev.example.com|5433||1|from the service||||||||||\n\
         prod|app|old-prod.example.com|5432||0|||||||||||"
    );
    assert_eq!(fs::read(&older).expect("it is there"), before);
    sqlite::query(&older, "UPDATE db_registry SET hostname = '', env = 'live'");
    let refused = registry(&sandbox, "import older.db");
    refused.expect_status(2);
    let rows = refused.json();
    assert_eq!((&rows[0]["line"], &rows[1]["line"]), (&1.into(), &2.into()));
    let problem = rows[1]["problem"].as_str().expect("a text");
    assert!(problem.contains("it has no hostname"), "{problem}");
    sqlite::query(&older, "DROP TABLE db_registry; CREATE TABLE x (y)");
    registry(&sandbox, "import older.db").expect_status(2);
}

#[test]
fn another_registry_is_imported_as_it_is() {
    let sandbox = sandbox_with_all_kinds();
    let other = Sandbox::new();
    let file = sandbox.registry().display().to_string();
    registry(&other, &format!("import {file}")).expect_status(0);
    assert_eq!(targets(&other), targets(&sandbox));
}

#[test]
fn services_are_imported_into_the_environment_that_is_named() {
    let sandbox = Sandbox::new();
    let text = "# theirs\n[shop]\nhost=db.example.com\ndbname=shop\nuser=dba\nsslmode=require\npassword=x\n\n\
                [other]\nhostaddr=10.0.0.1\nport=5433\ndbname=other\n";
    let refused = import(&sandbox, text, "");
    refused.expect_status(2);
    assert_eq!(
        refused.json()[0]["problem"],
        "it has no env, and there is no -e"
    );
    import(&sandbox, text, "-e dev").expect_status(0);
    assert_eq!(
        targets(&sandbox),
        "dev|other|10.0.0.1|5433||1|||||||||||\ndev|shop|db.example.com|5432||1||require||||||dba|||"
    );
    let text = "[a]\nhost=h\noptions=-c x=y\n[b]\ndbname=b\n[c]\nhost=h\ndbname=shop\n[d]\nhost=h\ndbname=shop\n";
    let refused = import(&sandbox, text, "-e dev");
    refused.expect_status(2);
    let problem = |place: usize| -> Value { refused.json()[place]["problem"].clone() };
    assert_eq!(refused.json()[1]["line"], 4);
    let options = "service \"a\" cannot be used: line 3 has \"options\", which pgrole does not support in a service";
    assert_eq!(problem(0), options);
    assert_eq!(problem(1), "service \"b\" has no host");
    assert_eq!(problem(3), "line 6 is the same target");
}

#[test]
fn json_is_read_from_standard_input_as_list_prints_it() {
    let sandbox = sandbox_with_all_kinds();
    let listed = registry(&sandbox, "list");
    let lines = registry(&sandbox, "list --format jsonl");
    for text in [listed.stdout, lines.stdout] {
        let other = Sandbox::new();
        let run = other.pgrole(["registry", "import", "-"]).stdin(text).run();
        run.expect_status(0);
        assert_eq!(targets(&other), targets(&sandbox));
    }
    let other = Sandbox::new();
    let text = "[\n  {\"env\": \"dev\", \"database\": \"a\", \"hostname\": \"h\", \"hots\": 1},\n  {\"env\": }\n]\n";
    let refused = other.pgrole(["registry", "import", "-"]).stdin(text).run();
    refused.expect_status(2);
    assert_eq!(refused.json()[0]["problem"], "unknown key \"hots\"");
    assert_eq!(refused.json()[1]["line"], 3);
}

#[test]
fn ten_thousand_targets_are_imported_in_one_transaction() {
    let sandbox = Sandbox::new();
    let mut text = "env;database;hostname\n".to_owned();
    for number in 0..10_000 {
        text += &format!("dev;app_{number};db-{}.example.com\n", number % 300);
    }
    import(&sandbox, &text, "").expect_status(0);
    let count = "SELECT (SELECT count(*) FROM db_registry), (SELECT count(*) FROM audit_log)";
    assert_eq!(sqlite::query(&sandbox.registry(), count), "10000|10001");
    sandbox.pgrole(["audit", "verify"]).run().expect_status(0);
}

#[test]
fn a_row_written_by_hand_is_vouched_for_by_whoever_imports_it() {
    let sandbox = Sandbox::new();
    add_myapp(&sandbox);
    let insert = "INSERT INTO db_registry (env, db_name, hostname) VALUES ('qa', 'hand', 'h')";
    sqlite::query(&sandbox.registry(), insert);
    let text = "env,database,hostname\nqa,hand,h\n";
    assert_eq!(statuses(&import(&sandbox, text, "")), ["target updated"]);
    assert_eq!(statuses(&import(&sandbox, text, "")), ["unchanged"]);
    let code = "SELECT record_code IS NOT NULL FROM db_registry WHERE db_name = 'hand'";
    assert_eq!(sqlite::query(&sandbox.registry(), code), "1");
}

#[test]
fn a_file_that_others_may_change_is_imported_with_a_warning() {
    let sandbox = Sandbox::new();
    let file = sandbox.path().join("file");
    fs::write(&file, "env,database,hostname\ndev,a,h\n").expect("the sandbox can be written");
    let open = fs::Permissions::from_mode(0o666);
    fs::set_permissions(&file, open).expect("it is ours");
    let imported = registry(&sandbox, "import file");
    imported
        .expect_status(0)
        .expect_in_stderr("every user may change it");
}
