//! Dual logins: two roles that log in by turns and act as one owner (docs/dual.md).

mod as_one;
mod bar;
mod cloning;
mod conversion;
mod kills;
mod poolers;
mod rotation;
mod strays;
mod trials;

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::harness::sandbox::Run;
use crate::harness::{Cluster, Outcome, Sandbox, sqlite};
use crate::scene::{Login, Scene};

/// A scene with an application's owner `DATABASE_shop`, whose password goes to a file.
struct Shop<'a> {
    scene: Scene<'a>,
    owner: String,
}

impl Shop<'static> {
    fn new() -> Self {
        Self::in_scene(Scene::new())
    }

    /// Reached at another port, such as that of a proxy.
    fn on_port(port: u16) -> Self {
        let mut scene = Scene::new();
        let mut sandbox = Sandbox::new().with_admin(Cluster::shared());
        sandbox.register_on_port(port, "dev", scene.area.database());
        scene.sandbox = sandbox;
        Self::in_scene(scene)
    }
}

impl<'a> Shop<'a> {
    fn on(cluster: &'a Cluster) -> Self {
        Self::in_scene(Scene::on(cluster))
    }

    fn in_scene(scene: Scene<'a>) -> Self {
        let owner = scene.role("shop");
        Self { scene, owner }
    }

    /// With its logins, of which the first is the current one.
    #[track_caller]
    fn created(self) -> Self {
        self.create(&[]).run().expect_status(0);
        self
    }

    fn create(&self, arguments: &[&str]) -> Run<'_> {
        let deliver = self.deliver();
        let options = ["--profile", "app", "-u", &self.owner, "--dual"];
        let run = self.scene.user("create", &options);
        run.args(["--deliver", &deliver]).args(arguments)
    }

    fn deliver(&self) -> String {
        let path = self.scene.sandbox.path().join("{username}.json");
        format!("file:{}", path.display())
    }

    fn file(&self) -> PathBuf {
        let name = format!("{}.json", self.owner);
        self.scene.sandbox.path().join(name)
    }

    fn login(&self, letter: &str) -> String {
        format!("{}_{letter}", self.owner)
    }

    /// `rotate` of the owner, whatever its age.
    fn rotate(&self, arguments: &[&str]) -> Run<'_> {
        let run = self.scene.sandbox.pgrole(["rotate", "-u", &self.owner]);
        run.args(["--any-age", "--yes"]).args(arguments)
    }

    fn recover(&self) -> Outcome {
        self.scene.sandbox.pgrole(["recover", "run"]).run()
    }

    fn delivered_object(&self) -> Value {
        let text = fs::read_to_string(self.file()).expect("it was delivered");
        serde_json::from_str(&text).expect("the file holds the object")
    }

    /// What the application reads.
    fn delivered(&self) -> Login {
        let object = self.delivered_object();
        let text = |key: &str| object[key].as_str().expect("a text").to_owned();
        Login {
            name: text("username"),
            password: text("password"),
        }
    }

    /// What the comment of the owner says, without operation and times.
    fn state(&self) -> String {
        let owner = &self.owner;
        let sql = format!(
            "SELECT regexp_replace(shobj_description('{owner}'::regrole, 'pg_authid'), ' (op|since|until)=[^ ]*', '', 'g')"
        );
        let comment = self.scene.psql(&sql);
        comment.trim_start_matches("pgrole: ").to_owned()
    }

    /// Which of the three may log in, without the owner's name.
    fn may_log_in(&self) -> String {
        let owner = &self.owner;
        self.scene.psql(&format!(
            "SELECT coalesce(string_agg(replace(rolname, '{owner}', 'shop'), ' ' ORDER BY rolname), '')
             FROM pg_roles WHERE starts_with(rolname, '{owner}') AND rolcanlogin"
        ))
    }

    fn query(&self, sql: &str) -> String {
        sqlite::query(&self.scene.sandbox.registry(), sql)
    }

    fn journal(&self) -> String {
        self.query("SELECT state FROM password_change ORDER BY created_at")
    }

    /// What was delivered logs in, and acts as the owner.
    #[track_caller]
    fn delivered_is_good(&self) {
        let login = self.delivered();
        self.acts(&login);
    }

    #[track_caller]
    fn acts(&self, login: &Login) {
        let outcome = self
            .scene
            .psql_as(login, "SELECT session_user || ' ' || current_user");
        outcome
            .expect_status(0)
            .expect_stdout(&format!("{} {}\n", login.name, self.owner));
    }

    #[track_caller]
    fn may_not_log_in(&self, login: &Login) {
        self.scene
            .psql_as(login, "SELECT 1")
            .expect_status(2)
            .expect_in_stderr("not permitted to log in");
    }
}
