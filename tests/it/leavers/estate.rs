//! A role that owns and may something in two databases of its cluster, and people who must keep what they have.

use crate::harness::sandbox::Run;
use crate::harness::{Area, Cluster};
use crate::scene::{Login, Scene};

pub struct Estate<'a> {
    pub scene: Scene<'a>,
    /// A database that the registry does not have.
    pub other: Area<'a>,
    pub jane: String,
    pub heir: String,
    pub owner: String,
    pub middle: String,
    pub peer: Login,
    pub team: String,
}

impl<'a> Estate<'a> {
    /// All roles are the admin credential's own, as far as it is no superuser.
    pub fn on(cluster: &'a Cluster) -> Self {
        let scene = Scene::on(cluster);
        let other = cluster.area();
        let peer = scene.create("readonly", "peer");
        let role = |name: &str, attributes: &str| scene.area.create_role(name, attributes);
        let jane = role("jane", "LOGIN PASSWORD 'x'");
        let heir = role("heir", "NOLOGIN");
        let owner = role("owner", "NOLOGIN");
        let middle = role("middle", "NOLOGIN");
        let team = role("team", "NOLOGIN");
        let estate = Self {
            scene,
            other,
            jane,
            heir,
            owner,
            middle,
            peer,
            team,
        };
        estate.fill();
        estate
    }

    fn fill(&self) {
        let Self {
            jane,
            owner,
            middle,
            team,
            peer: Login { name: peer, .. },
            ..
        } = self;
        let here = self.scene.database();
        self.scene.area.superuser_psql(&format!(
            "GRANT {team} TO {jane} WITH ADMIN OPTION;
             SET ROLE {jane}; GRANT {team} TO {peer}; RESET ROLE;
             GRANT CREATE, CONNECT ON DATABASE {here} TO {jane}, {owner}; GRANT CONNECT ON DATABASE {here} TO {peer};
             SET ROLE {owner}; CREATE SCHEMA theirs;
             CREATE TABLE theirs.ledger (id int, note text); INSERT INTO theirs.ledger VALUES (1, 'kept');
             CREATE TABLE theirs.journal (id int);
             CREATE FUNCTION theirs.two() RETURNS int LANGUAGE sql AS 'SELECT 2';
             REVOKE EXECUTE ON FUNCTION theirs.two() FROM PUBLIC; GRANT EXECUTE ON FUNCTION theirs.two() TO {jane} WITH GRANT OPTION;
             GRANT USAGE ON SCHEMA theirs TO {jane} WITH GRANT OPTION; GRANT USAGE ON SCHEMA theirs TO {middle};
             GRANT SELECT ON theirs.ledger TO {jane} WITH GRANT OPTION;
             GRANT SELECT, INSERT ON theirs.journal TO {middle} WITH GRANT OPTION;
             ALTER TABLE theirs.ledger ENABLE ROW LEVEL SECURITY;
             CREATE POLICY shared ON theirs.ledger TO {jane}, {peer} USING (true);
             SET ROLE {middle}; GRANT INSERT ON theirs.journal TO {jane};
             SET ROLE {jane}; GRANT USAGE ON SCHEMA theirs TO {peer};
             GRANT SELECT ON theirs.ledger TO {peer}; GRANT EXECUTE ON FUNCTION theirs.two() TO {peer};
             CREATE SCHEMA hers; CREATE TABLE hers.notes (id serial, at date); INSERT INTO hers.notes (at) VALUES ('2026-01-01');
             CREATE FUNCTION hers.one() RETURNS int LANGUAGE sql AS 'SELECT 1';
             CREATE TYPE hers.mood AS ENUM ('sad', 'ok');
             GRANT USAGE ON SCHEMA hers TO {peer}; GRANT SELECT ON hers.notes TO {peer};
             ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO {peer}"
        ));
        self.other.superuser_psql(&format!(
            "GRANT CREATE ON DATABASE {} TO {jane}; SET ROLE {jane};
             CREATE SCHEMA away; CREATE TABLE away.far (id int); INSERT INTO away.far VALUES (7)",
            self.other.database()
        ));
    }

    pub fn drop_jane(&self, arguments: &[&str]) -> Run<'_> {
        let run = self.scene.user("drop", &[&self.jane]);
        run.args(["--reassign-to", &self.heir]).args(arguments)
    }

    /// What must be as it was, whoever is dropped: data, others' access, and nothing borrowed.
    pub fn look(&self) {
        let owners = |area: &Area<'_>, names: &str| {
            area.superuser_psql(&format!(
                "SELECT string_agg(DISTINCT pg_get_userbyid(relowner), ',') FROM pg_class WHERE relname IN ({names})"
            ))
        };
        let scene = &self.scene;
        assert_eq!(owners(&scene.area, "'notes'"), self.heir);
        assert_eq!(owners(&self.other, "'far'"), self.heir);
        let seen = |sql: &str, wanted: &str| {
            scene.psql_as(&self.peer, sql).expect_stdout(wanted);
        };
        seen("SELECT note FROM theirs.ledger", "kept\n");
        seen("SELECT theirs.two()", "2\n");
        seen("SELECT at FROM hers.notes", "2026-01-01\n");
        assert_eq!(self.other.superuser_psql("SELECT id FROM away.far"), "7");
        let members = format!(
            "SELECT count(*) FROM pg_auth_members WHERE roleid = '{}'::regrole AND member = '{}'::regrole",
            self.team, self.peer.name
        );
        assert_eq!(scene.area.superuser_psql(&members), "1");
        let roles = format!(
            "SELECT count(*) FROM pg_roles WHERE rolname = '{}'",
            self.jane
        );
        assert_eq!(scene.area.superuser_psql(&roles), "0");
        let create = format!(
            "SELECT count(*) FROM pg_namespace n, pg_roles r WHERE r.rolname = '{}' AND n.nspname = 'theirs'
             AND has_schema_privilege(r.oid, n.oid, 'CREATE')",
            self.heir
        );
        assert_eq!(scene.area.superuser_psql(&create), "0");
    }

    /// The memberships of the admin credential, by which a loan that was not given back is seen.
    pub fn loans(&self) -> String {
        self.scene.area.superuser_psql(
            "SELECT string_agg(m::text, E'\\n' ORDER BY m::text) FROM pg_auth_members m WHERE member = 'postgres'::regrole",
        )
    }
}
