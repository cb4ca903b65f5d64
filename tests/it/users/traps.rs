//! A database's owner may set a search path for all who come, and put functions and operators of their own into it: none
//! of them runs as the admin login.

use crate::harness::skip_unless_superuser;
use crate::scene::Scene;

/// What pgrole's own SQL would call, were it not for the pinned path: each makes the trapper a superuser.
const TRAP: &str = "
    CREATE SCHEMA trap;
    CREATE FUNCTION trap.spring() RETURNS void LANGUAGE plpgsql AS
        $$ BEGIN IF pg_catalog.current_setting('is_superuser') OPERATOR(pg_catalog.=) 'on' THEN EXECUTE 'ALTER ROLE %TRAPPER% SUPERUSER'; END IF; END $$;
    CREATE FUNCTION trap.current_setting(text) RETURNS text LANGUAGE sql AS
        $$ SELECT trap.spring(); SELECT pg_catalog.current_setting($1) $$;
    CREATE FUNCTION trap.set_config(text, text, boolean) RETURNS text LANGUAGE sql AS
        $$ SELECT trap.spring(); SELECT pg_catalog.set_config($1, $2, $3) $$;
    CREATE FUNCTION trap.pg_is_in_recovery() RETURNS boolean LANGUAGE sql AS
        $$ SELECT trap.spring(); SELECT false $$;
    CREATE FUNCTION trap.same(text, text) RETURNS boolean LANGUAGE sql AS
        $$ SELECT trap.spring(); SELECT $1 OPERATOR(pg_catalog.=) $2 $$;
    CREATE OPERATOR trap.= (LEFTARG = text, RIGHTARG = text, FUNCTION = trap.same);
    CREATE FUNCTION trap.same(name, name) RETURNS boolean LANGUAGE sql AS
        $$ SELECT trap.spring(); SELECT $1 OPERATOR(pg_catalog.=) $2 $$;
    CREATE OPERATOR trap.= (LEFTARG = name, RIGHTARG = name, FUNCTION = trap.same);
    CREATE FUNCTION trap.divided(integer, bigint) RETURNS bigint LANGUAGE sql AS
        $$ SELECT trap.spring(); SELECT $1 OPERATOR(pg_catalog./) $2 $$;
    CREATE OPERATOR trap./ (LEFTARG = integer, RIGHTARG = bigint, FUNCTION = trap.divided);";

#[test]
fn nothing_of_a_databases_owner_runs_as_the_admin_login() {
    if skip_unless_superuser("the trap makes its owner a superuser, which only one can do") {
        return;
    }
    let scene = Scene::new();
    let trapper = scene.role("trapper");
    let database = scene.database();
    scene.psql(&format!("CREATE ROLE {trapper}"));
    scene.psql(&TRAP.replace("%TRAPPER%", &trapper));
    scene.psql(&format!(
        "ALTER DATABASE {database} SET search_path = trap, pg_catalog, public"
    ));
    let is_superuser = format!(
        "SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname OPERATOR(pg_catalog.=) '{trapper}'::name"
    );
    let jane = scene.role("jane");
    for verb in ["readonly", "find", "reset", "search-path"] {
        scene.user(verb, &["-u", &jane]).run().expect_status(0);
    }
    scene.user("list", &[]).run().expect_status(0);
    for arguments in [
        &["registry", "check"][..],
        &["credential", "check"],
        &["access", "prepare", "-e", "dev", "-d", database],
        &["rotate", "-u", &jane],
    ] {
        scene.sandbox.pgrole(arguments).run().expect_status(0);
    }
    assert_eq!(scene.psql(&is_superuser).trim(), "f");
    // The trap itself works: it was there to be sprung.
    scene.psql("SELECT current_setting('port')");
    assert_eq!(scene.psql(&is_superuser).trim(), "t");
}
