//! Why a role cannot log in.

use serde_json::Value;

use super::{explain, explain_refusal, person, refusal, run_remedy};
use crate::harness::Admin;
use crate::scene::{Login, Scene};
use crate::users::access::on_each_version;

on_each_version! {
    what_stands_in_the_way_of_a_login_is_named_and_mended
    a_role_with_many_faults_is_mended_step_by_step
    a_password_that_is_not_there_is_named_or_said_to_be_unknown
    a_role_that_pgrole_locked_is_unlocked_by_it
    a_name_that_is_nearly_right_is_offered
    a_database_that_takes_no_login_is_asked_about_from_another
    a_role_that_can_log_in_can_through_somebody
}

/// Statements that are in the way of a login, and the cause that they are.
const PLANTED: [(&str, &str); 5] = [
    ("ALTER ROLE {role} NOLOGIN", "nologin"),
    ("ALTER ROLE {role} VALID UNTIL '2001-01-01'", "valid_until"),
    ("ALTER ROLE {role} VALID UNTIL '-infinity'", "valid_until"),
    ("ALTER ROLE {role} CONNECTION LIMIT 0", "role_limit"),
    ("REVOKE CONNECT ON DATABASE {db} FROM PUBLIC", "connect"),
];

fn what_stands_in_the_way_of_a_login_is_named_and_mended(scene: &mut Scene) {
    for (place, (statement, cause)) in PLANTED.into_iter().enumerate() {
        let jane = person(scene, &format!("jane{place}"));
        assert_eq!(refusal(scene, &jane, "SELECT 1"), None, "{cause}");
        let statement = statement
            .replace("{role}", &jane.name)
            .replace("{db}", scene.database());
        scene.psql(&statement);
        mended(scene, &jane, cause);
    }
}

/// Meets the refusal, has it explained, and runs the remedy, after which the login works.
#[track_caller]
fn mended(scene: &Scene, login: &Login, cause: &str) -> Value {
    let met = refusal(scene, login, "SELECT 1");
    let row = explain_refusal(scene, &login.name, &["--login"]);
    assert_eq!(row["cause"], cause, "{row}");
    assert_eq!(row["sqlstate"].as_str(), met.as_deref(), "{row}");
    let password = run_remedy(scene, &row).unwrap_or_else(|| login.password.clone());
    let login = Login {
        name: login.name.clone(),
        password,
    };
    assert_eq!(refusal(scene, &login, "SELECT 1"), None, "{row}");
    row
}

fn a_role_with_many_faults_is_mended_step_by_step(scene: &mut Scene) {
    let jane = person(scene, "jane");
    scene.psql(&format!(
        "ALTER ROLE {} NOLOGIN CONNECTION LIMIT 0 VALID UNTIL '2001-01-01'; REVOKE CONNECT ON DATABASE {} FROM PUBLIC",
        jane.name,
        scene.database()
    ));
    for cause in ["valid_until", "nologin", "role_limit", "connect"] {
        let met = refusal(scene, &jane, "SELECT 1");
        let row = explain_refusal(scene, &jane.name, &[]);
        assert_eq!(row["cause"], cause, "{row}");
        assert_eq!(row["sqlstate"].as_str(), met.as_deref(), "{row}");
        run_remedy(scene, &row);
    }
    assert_eq!(refusal(scene, &jane, "SELECT 1"), None);
}

fn a_password_that_is_not_there_is_named_or_said_to_be_unknown(scene: &mut Scene) {
    let jane = person(scene, "jane");
    scene.psql(&format!("ALTER ROLE {} PASSWORD NULL", jane.name));
    if Admin::of_this_run() == Admin::Superuser {
        mended(scene, &jane, "no_password");
        return;
    }
    let outcome = explain(scene, &jane.name, &[]);
    outcome.expect_status(1);
    let row = outcome.json();
    assert_eq!(row["verdict"], "unknown", "{row}");
    assert_eq!(row["cause"], Value::Null, "{row}");
    let unknown = row["unknown"].to_string();
    assert!(unknown.contains("whether a password is set"), "{row}");
}

fn a_role_that_pgrole_locked_is_unlocked_by_it(scene: &mut Scene) {
    let jane = person(scene, "jane");
    scene
        .user("lock", &["-u", &jane.name])
        .run()
        .expect_status(0);
    let row = mended(scene, &jane, "nologin");
    let wanted = format!(
        "pgrole user unlock -e dev -d {} -u {}",
        scene.database(),
        jane.name
    );
    assert_eq!(row["remedy"], wanted);
}

fn a_name_that_is_nearly_right_is_offered(scene: &mut Scene) {
    let jane = person(scene, "jane");
    let wrong = scene.role("jnae");
    let row = explain_refusal(scene, &wrong, &[]);
    assert_eq!(row["cause"], "no_role");
    assert_eq!(row["remedy"], Value::Null, "{row}");
    let offered = format!("did you mean \"{}\"", jane.name);
    let message = row["message"].as_str().expect("a message");
    assert!(message.contains(&offered), "{row}");
    let nobody = scene.role("somebody_else");
    let row = explain_refusal(scene, &nobody, &[]);
    assert_eq!(row["cause"], "no_role");
    let password = run_remedy(scene, &row).expect("a new login has a password");
    let login = Login {
        name: nobody,
        password,
    };
    assert_eq!(refusal(scene, &login, "SELECT 1"), None);
}

fn a_database_that_takes_no_login_is_asked_about_from_another(scene: &mut Scene) {
    let jane = person(scene, "jane");
    for (statement, cause) in [
        ("ALLOW_CONNECTIONS false", "allowconn"),
        ("CONNECTION LIMIT 0", "db_limit"),
    ] {
        let statement = format!("ALTER DATABASE {} {statement}", scene.database());
        scene.cluster.psql("postgres", &statement);
        mended(scene, &jane, cause);
    }
    // What a DROP DATABASE that was cut off leaves. Nothing mends it but dropping it.
    let limit = |limit: i32| {
        scene.cluster.superuser_psql(
            "postgres",
            &format!(
                "UPDATE pg_database SET datconnlimit = {limit} WHERE datname = '{}'",
                scene.database()
            ),
        )
    };
    limit(-2);
    let row = explain(scene, &jane.name, &[]).expect_status(7).json();
    assert_eq!(
        (&row["cause"], &row["sqlstate"]),
        (&"half_dropped".into(), &"55000".into()),
        "{row}"
    );
    limit(-1);
    scene
        .sandbox
        .register(scene.cluster, "qa", "no_such_database");
    let row = scene
        .sandbox
        .pgrole(["explain", &jane.name, "-e", "qa", "-d", "no_such_database"])
        .run()
        .expect_status(7)
        .json();
    assert_eq!(
        (&row["cause"], &row["sqlstate"]),
        (&"no_database".into(), &"3D000".into())
    );
}

fn a_role_that_can_log_in_can_through_somebody(scene: &mut Scene) {
    let jane = person(scene, "jane");
    let outcome = explain(scene, &jane.name, &[]);
    let row = outcome.json();
    if Admin::of_this_run() == Admin::Superuser {
        outcome.expect_status(0);
        assert_eq!(row["verdict"], "can", "{row}");
        assert_eq!(row["through"], serde_json::json!(["PUBLIC"]), "{row}");
        assert_eq!(row["unknown"], serde_json::json!([]), "{row}");
    } else {
        outcome.expect_status(1);
        assert_eq!(row["verdict"], "unknown", "{row}");
    }
    assert_eq!(row["access"], Value::Null);
}
