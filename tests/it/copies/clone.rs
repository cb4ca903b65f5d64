//! `user clone`, as its users see it: what the new login is, may, and what is said.

use std::fs;

use super::{at, compare, differences, expect_alike, shown_undo, texts};
use crate::harness::{HttpServer, sqlite};
use crate::scene::{Scene, error, login, whole_text};

#[test]
fn a_clone_is_like_the_other_one_and_has_a_password_of_its_own() {
    let scene = Scene::new();
    scene.psql("CREATE TABLE t (id int)");
    let jane = scene.create("readonly", "jane");
    let joe = scene.role("joe");
    let outcome = scene
        .user("clone", &["--from", &jane.name, "--to", &joe])
        .run();
    outcome.expect_status(0).expect_stderr("");
    let joe = login(&outcome);
    assert_ne!(jane.password, joe.password);
    let mut filtered = outcome.filtered();
    filtered.stdout = filtered.stdout.replace(&joe.password, "[PASSWORD]");
    filtered.expect_stdout(
        r#"{
  "username": "[DB]_joe",
  "password": "[PASSWORD]",
  "status": "user cloned",
  "hostname": "127.0.0.1",
  "database": "[DB]",
  "port": "[PORT]",
  "env": "dev",
  "profile": "readonly",
  "login": true,
  "superuser": false,
  "createdb": false,
  "createrole": false,
  "connection_limit": 20,
  "valid_until": null,
  "member_of": [
    "[DB]_readonly"
  ],
  "cloned_from": "[DB]_jane@dev/[DB]",
  "not_cloned": [],
  "audit_anchor": "[ANCHOR]"
}
"#,
    );
    for one in [&jane, &joe] {
        scene.may_log_in(one);
        scene.may(one, "SELECT * FROM t");
        scene.may_not(one, "INSERT INTO t VALUES (1)");
    }
    expect_alike(&scene, &at(&scene, &jane.name), &at(&scene, &joe.name));
    let listed = scene
        .sandbox
        .pgrole(["audit", "list", "--operation", "user clone"])
        .run();
    assert_eq!(listed.json()[0]["status"], "user cloned", "{listed}");
    assert_eq!(listed.json()[0]["username"], joe.name.as_str(), "{listed}");
}

#[test]
fn what_belongs_to_the_other_one_alone_is_counted_and_not_cloned() {
    let scene = Scene::new();
    let jane = scene.create("devlead", "jane");
    let (name, friend) = (&jane.name, scene.role("friend"));
    scene.psql(&format!(
        "CREATE TABLE t (id int); GRANT SELECT ON t TO {name}; CREATE ROLE {friend}; GRANT {name} TO {friend};
         ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t TO {name} USING (true)"
    ));
    scene.may(&jane, "CREATE TABLE own (id int)");
    let outcome = scene
        .user("clone", &["--from", name, "--to", &scene.role("joe")])
        .run();
    outcome.expect_status(0);
    let joe = login(&outcome);
    let row = outcome.json();
    let counted: Vec<_> = row["not_cloned"].as_array().into_iter().flatten().collect();
    let counted: Vec<_> = counted
        .iter()
        .map(|one| {
            format!(
                "{}: {}",
                one["what"].as_str().unwrap_or_default(),
                one["count"]
            )
        })
        .collect();
    assert_eq!(
        counted[..2],
        ["owned objects: 1", "granted objects: 1"],
        "{outcome}"
    );
    assert_eq!(counted[3..], ["policies: 1", "members: 1"], "{outcome}");
    assert!(counted[2].starts_with("default privileges: "), "{outcome}");
    let warning = texts(&row, "warnings").pop().unwrap_or_default();
    assert!(
        warning.starts_with(&format!(
            "what belongs to \"{name}\" by name is not cloned: owned objects (1), granted objects (1), default privileges ("
        )),
        "{outcome}"
    );
    let dropped = scene.psql_as(&joe, "DROP TABLE own");
    dropped.expect_status(1).expect_in_stderr("must be owner");
    // What a member of the level creates is open to the others, as with a login that was created.
    scene.may(&joe, "CREATE TABLE of_joe (id int)");
    scene.may(&jane, "SELECT * FROM of_joe");
}

#[test]
fn in_another_database_the_clone_has_the_same_level() {
    let scene = &mut Scene::new();
    let other = scene.cluster.area();
    scene
        .sandbox
        .register(scene.cluster, "qa", other.database());
    other.psql("CREATE TABLE t (id int)");
    let jane = scene.create("devqa", "jane");
    let joe = scene.role("joe");
    let from = at(scene, &jane.name);
    let set = format!(
        "ALTER ROLE {} IN DATABASE {} SET work_mem = '7MB'",
        jane.name,
        scene.database()
    );
    scene.psql(&set);
    let clone = ["user", "clone", "-e", "qa", "-d", other.database()];
    let run = scene.sandbox.pgrole(clone);
    let outcome = run.args(["--from", &from, "--to", &joe]).run();
    outcome.expect_status(0);
    let joe = login(&outcome);
    let in_other = |sql: &str| {
        let psql = scene
            .cluster
            .psql_as(&joe.name, &joe.password, other.database(), sql);
        psql.expect_status(0);
        psql.stdout
    };
    in_other("INSERT INTO t VALUES (1)");
    assert_eq!(in_other("SHOW work_mem"), "7MB\n");
    scene.may_log_in(&joe);
    assert_ne!(scene.psql_as(&joe, "SHOW work_mem").stdout, "7MB\n");
    let to = format!("{}@qa/{}", joe.name, other.database());
    expect_alike(scene, &from, &to);
}

#[test]
fn a_group_that_is_missing_elsewhere_is_named() {
    let scene = &mut Scene::new();
    let other = crate::harness::Cluster::private(|c| c);
    let area = other.area();
    scene.sandbox.register(&other, "qa", area.database());
    let jane = scene.create("readonly", "jane");
    let (name, team) = (&jane.name, scene.role("team"));
    scene.psql(&format!("CREATE ROLE {team}; GRANT {team} TO {name}"));
    let elsewhere = scene.cluster.area();
    scene.psql(&format!(
        "ALTER ROLE {name} IN DATABASE {} SET work_mem = '7MB'",
        elsewhere.database()
    ));
    let from = at(scene, name);
    let clone = ["user", "clone", "-e", "qa", "-d", area.database()];
    let run = scene.sandbox.pgrole(clone);
    let outcome = run.args(["--from", &from, "--to", name]).run();
    outcome.expect_status(0);
    let warnings = texts(&outcome.json(), "warnings");
    let target = format!("qa/{}", area.database());
    assert_eq!(
        warnings[..2],
        [
            format!("the membership in \"{team}\" is not cloned: no such role on {target}"),
            format!(
                "the setting work_mem in database \"{}\" is not cloned: no such database on {target}",
                elsewhere.database()
            ),
        ],
        "{outcome}"
    );
    let to = format!("{name}@{target}");
    let compared = compare(scene, &from, &to);
    assert_eq!(
        differences(&compared),
        [
            format!("membership | {team} | - | INHERIT, SET | -"),
            format!("setting | work_mem | {} | 7MB | -", elsewhere.database()),
        ]
    );
    compared.expect_status(7);
}

#[test]
fn one_that_is_there_already_is_left_as_it_is() {
    let scene = Scene::new();
    let jane = scene.create("readonly", "jane");
    let joe = scene.create("devqa", "joe");
    let before = scene.snapshot();
    let arguments = ["--from", &jane.name, "--to", &joe.name];
    let outcome = scene.user("clone", &arguments).run();
    outcome.expect_status(0);
    let row = outcome.json();
    assert_eq!(row["status"], "user already exists", "{outcome}");
    assert!(row["password"].is_null(), "{outcome}");
    let warning = format!(
        "role \"{}\" already exists, and differs from \"{}\" (3): pgrole user compare {} {}",
        joe.name,
        jane.name,
        at(&scene, &jane.name),
        at(&scene, &joe.name)
    );
    assert_eq!(texts(&row, "warnings"), [warning], "{outcome}");
    assert_eq!(scene.snapshot(), before);
    scene.may_log_in(&joe);
    let again = scene.role("again");
    let arguments = ["--from", &jane.name, "--to", &again];
    scene.user("clone", &arguments).run().expect_status(0);
    let second = scene.user("clone", &arguments).run();
    assert!(second.json()["warnings"].is_null(), "{second}");
}

#[test]
fn a_dry_run_shows_the_statements_and_changes_nothing() {
    let scene = Scene::new();
    let jane = scene.create("readonly", "jane");
    scene.psql(&format!(
        "ALTER ROLE {0} SET search_path = \"$user\", \"a,b\"; ALTER ROLE {0} VALID UNTIL '2031-01-02 03:04:05+00'",
        jane.name
    ));
    let before = scene.snapshot();
    let joe = scene.role("joe");
    let arguments = ["--from", &jane.name, "--to", &joe, "--dry-run"];
    let outcome = scene.user("clone", &arguments).run();
    outcome.expect_status(0);
    let statements = texts(&outcome.json(), "statements");
    let options = if scene.cluster.server_version_major() < 16 {
        ""
    } else {
        " WITH ADMIN FALSE, INHERIT TRUE, SET TRUE"
    };
    assert_eq!(
        statements,
        [
            format!(
                "CREATE ROLE \"{joe}\" LOGIN CONNECTION LIMIT 20 PASSWORD '<scram verifier>' VALID UNTIL '2031-01-02T03:04:05.000000Z'"
            ),
            format!("COMMENT ON ROLE \"{joe}\" IS 'pgrole: profile=readonly'"),
            format!(
                "GRANT \"{}_readonly\" TO \"{joe}\"{options}",
                scene.database()
            ),
            format!("ALTER ROLE \"{joe}\" SET search_path = \"$user\", \"a,b\""),
        ],
        "{outcome}"
    );
    assert_eq!(scene.snapshot(), before);
    let table = scene
        .user("clone", &arguments)
        .args(["--format", "table"])
        .run();
    assert!(table.stdout.starts_with("CREATE ROLE "), "{table}");
}

#[test]
fn the_undo_of_a_clone_leaves_the_other_one_alone() {
    let scene = Scene::new();
    let jane = scene.create("devlead", "jane");
    let before = scene.snapshot();
    let arguments = ["--from", &jane.name, "--to", &scene.role("joe")];
    scene.user("clone", &arguments).run().expect_status(0);
    assert_ne!(scene.snapshot(), before);
    let undo = shown_undo(&scene, "user clone");
    scene.psql(&undo.join("; "));
    assert_eq!(scene.snapshot(), before, "{undo:?}");
}

#[test]
fn its_password_is_delivered_like_that_of_a_new_login() {
    let scene = Scene::new();
    let folder = scene.sandbox.path().join("logins");
    fs::create_dir(&folder).expect("our own folder can be written");
    scene.sandbox.write_config(&format!(
        "[profiles.readonly]\ndeliver = \"file:{}/{{username}}\"\nfile_format = \"json\"\n",
        folder.display()
    ));
    let jane = scene.role("jane");
    scene
        .user("readonly", &["-u", &jane])
        .run()
        .expect_status(0);
    let joe = scene.role("joe");
    let outcome = scene.user("clone", &["--from", &jane, "--to", &joe]).run();
    outcome.expect_status(0);
    let row = outcome.json();
    assert!(row["password"].is_null(), "{outcome}");
    let file = folder.join(&joe);
    assert_eq!(row["delivered_to"], format!("file:{}", file.display()));
    let delivered = fs::read_to_string(&file).expect("the password was delivered");
    let delivered: serde_json::Value = serde_json::from_str(&delivered).expect("it is JSON");
    let text = |key: &str| delivered[key].as_str().unwrap_or_default().to_owned();
    scene.may_log_in(&crate::scene::Login {
        name: text("username"),
        password: text("password"),
    });
    // It is under rotation, with its profile.
    let registry = scene.sandbox.registry();
    let placed = format!("SELECT profile, deliver FROM placed_role WHERE username = '{joe}'");
    let placed = sqlite::query(&registry, &placed);
    assert_eq!(
        placed,
        format!("readonly|file:{}/{{username}}", folder.display())
    );
}

#[test]
fn a_password_that_could_not_be_delivered_is_not_lost() {
    let scene = Scene::new();
    let jane = scene.create("readonly", "jane");
    let joe = scene.role("joe");
    let file = scene.sandbox.path().join("joe.json");
    let program = scene.sandbox.path().join("deliver");
    fs::write(&program, "#!/bin/sh\nexit 1\n").expect("our own folder can be written");
    let mode = |path: &std::path::Path| {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("it is ours");
    };
    mode(&program);
    let deliver = format!("exec:{}", program.display());
    let arguments = ["--from", &jane.name, "--to", &joe, "--deliver", &deliver];
    scene.user("clone", &arguments).run().expect_status(8);
    fs::write(&program, format!("#!/bin/sh\ncat > {}\n", file.display()))
        .expect("our own folder can be written");
    scene
        .sandbox
        .pgrole(["recover", "run"])
        .run()
        .expect_status(0);
    let delivered = fs::read_to_string(&file).expect("the password was delivered");
    let delivered: serde_json::Value = serde_json::from_str(&delivered).expect("it is JSON");
    scene.may_log_in(&crate::scene::Login {
        name: joe,
        password: delivered["password"]
            .as_str()
            .unwrap_or_default()
            .to_owned(),
    });
}

#[test]
fn channels_are_told_and_a_protected_environment_asks() {
    let scene = Scene::new();
    let server = HttpServer::start();
    scene.sandbox.write_config(&format!(
        "protected = [\"dev\"]\n[notify.team]\nchannel = \"webhook\"\nurl = \"{}\"\nevents = [\"user cloned\"]\n",
        server.url("/hook")
    ));
    let jane = scene.role("jane");
    scene
        .user("readonly", &["-u", &jane, "--yes"])
        .run()
        .expect_status(0);
    let joe = scene.role("joe");
    let arguments = ["--from", &jane, "--to", &joe];
    let refused = error(&scene.user("clone", &arguments).run(), 6);
    assert!(
        whole_text(&refused).contains("environment \"dev\" is protected"),
        "{refused}"
    );
    scene
        .user("clone", &arguments)
        .args(["--yes"])
        .run()
        .expect_status(0);
    let told = server
        .requests()
        .iter()
        .map(|request| request.body.clone())
        .collect::<String>();
    assert!(
        told.contains("user cloned") && told.contains(&joe),
        "{told}"
    );
}

#[test]
fn what_cannot_be_cloned_is_refused() {
    let scene = Scene::new();
    let jane = scene.create("readonly", "jane");
    let group = format!("{}_readonly", scene.database());
    let (none, joe) = (scene.role("none"), scene.role("joe"));
    let missing = error(
        &scene.user("clone", &["--from", &none, "--to", &joe]).run(),
        3,
    );
    assert!(whole_text(&missing).contains("no role"), "{missing}");
    let own = error(
        &scene.user("clone", &["--from", &joe, "--to", &joe]).run(),
        2,
    );
    assert!(whole_text(&own).contains("are the same role"), "{own}");
    let of_group = error(
        &scene.user("clone", &["--from", &group, "--to", &joe]).run(),
        2,
    );
    assert!(
        whole_text(&of_group).contains("is an access group, not a login"),
        "{of_group}"
    );
    let to_group = error(
        &scene
            .user("clone", &["--from", &jane.name, "--to", &group])
            .run(),
        2,
    );
    assert!(
        whole_text(&to_group).contains("is the name of an access group"),
        "{to_group}"
    );
}
