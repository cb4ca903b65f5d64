//! What docs/cron.md and contrib/ say of cron and systemd works as it stands there: run as they would run it.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Stdio};

use super::Scene;
use super::rotate::make_old;
use crate::harness::{Area, Outcome, Sandbox, servers};
use crate::scene::wait_until;

const LONG_AGO: &str = "2026-01-01T00:00:00.000000Z";

fn repository(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A role of a year ago on a target, and the admin login where a job without a desktop finds it.
fn old_role(scene: &Scene<'_>, name: &str) -> String {
    let role = scene.create(name);
    make_old(scene, &role, LONG_AGO);
    role
}

/// Puts the program where the file has it.
fn installed(sandbox: &Sandbox) -> String {
    let folder = sandbox.path().join("bin");
    if !folder.exists() {
        fs::create_dir(&folder).expect("the sandbox can be written");
        symlink(env!("CARGO_BIN_EXE_pgrole"), folder.join("pgrole")).expect("the folder is ours");
    }
    folder.display().to_string()
}

/// A line of a crontab in /etc/cron.d, with the variables before it.
struct Job {
    variables: Vec<(String, String)>,
    command: String,
}

/// Reads the file as crontab(5) says.
fn jobs(crontab: &str) -> Vec<Job> {
    let mut variables = Vec::new();
    let mut jobs = Vec::new();
    let lines = crontab.lines().filter(|line| !line.starts_with('#'));
    for line in lines.filter(|line| !line.is_empty()) {
        let first = line.split_whitespace().next().expect("a word");
        if let Some((name, value)) = first.split_once('=') {
            variables.push((name.to_owned(), value.to_owned()));
            continue;
        }
        // Five fields of time, and the user.
        let mut rest = line;
        for _ in 0..6 {
            let field = rest.find(char::is_whitespace).expect("seven fields");
            rest = rest[field..].trim_start();
        }
        assert!(!rest.contains('%'), "cron takes % for a line end: {rest}");
        jobs.push(Job {
            variables: variables.clone(),
            command: rest.to_owned(),
        });
    }
    jobs
}

/// Runs a job as cron does: almost no variables, the user's home, no terminal. The folders in it are moved into the
/// sandbox, and the longest wait is a second.
fn run_job(scene: &Scene<'_>, job: &Job) -> Outcome {
    let folder = installed(&scene.sandbox);
    let moved = |text: &str| {
        let text = text.replace("/usr/local/bin", &folder);
        let out = scene.file("").display().to_string();
        text.replace("/var/lib/prometheus/node-exporter/", &out)
            .replace("--jitter 10m", "--jitter 1s")
    };
    let mut command = Command::new("/bin/sh");
    command
        .env_clear()
        .env("HOME", scene.sandbox.home())
        .env("LOGNAME", "dba")
        .env("SHELL", "/bin/sh")
        .env("PATH", "/usr/bin:/bin")
        .current_dir(scene.sandbox.home());
    for (name, value) in &job.variables {
        command.env(name, moved(value));
    }
    command.arg("-c").arg(moved(&job.command));
    Outcome::of(command)
}

fn write_pgpass(scene: &Scene<'_>) {
    let pgpass = scene.sandbox.home().join(".pgpass");
    let line = format!("127.0.0.1:*:*:postgres:{}\n", scene.cluster.password());
    fs::write(&pgpass, line).expect("the home can be written");
    fs::set_permissions(&pgpass, fs::Permissions::from_mode(0o600)).expect("is ours");
    scene
        .sandbox
        .write_config("[credential]\nuser = \"postgres\"\n");
}

#[test]
fn the_crontab_works_as_it_stands() {
    let crontab = repository("contrib/cron/pgrole");
    let jobs = jobs(&crontab);
    assert_eq!(jobs.len(), 4, "{crontab}");
    let scene = Scene::new();
    let role = old_role(&scene, "jane");
    let old = scene.delivered_password(&role);

    // No login, no rotation: cron mails what is printed.
    let failed = run_job(&scene, &jobs[0]);
    assert_ne!(failed.status(), Some(0), "{failed}");
    assert!(!failed.stderr.is_empty(), "{failed}");
    assert_eq!(scene.delivered_password(&role), old);

    write_pgpass(&scene);
    let done = run_job(&scene, &jobs[0]);
    done.expect_status(0).expect_stdout("").expect_stderr("");
    assert_ne!(scene.delivered_password(&role), old);
    scene.delivered_password_is_good(&role);

    // Access whose end has come is ended, and nobody gets a mail.
    let target = ["access", "grant", &role, "-e", "dev", "-d"];
    let grant = scene.sandbox.pgrole(target).args([scene.area.database()]);
    let grant = grant.args(["--level", "readwrite", "--for", "1s", "--reason", "cron"]);
    grant.run().expect_status(0);
    let is_over = "SELECT count(*) FROM pg_roles WHERE rolname ~ '^pgrole_box_' AND rolvaliduntil < clock_timestamp()
        AND pg_has_role('ROLE', oid, 'MEMBER')";
    let is_over = is_over.replace("ROLE", &role);
    wait_until("its end has come", || {
        scene.area.superuser_psql(&is_over) == "1"
    });
    for job in &jobs[1..3] {
        let expired = run_job(&scene, job);
        expired.expect_status(0).expect_stdout("").expect_stderr("");
        assert_eq!(scene.area.superuser_psql(&is_over), "0");
    }

    let metrics = run_job(&scene, &jobs[3]);
    metrics.expect_status(0).expect_stdout("").expect_stderr("");
    let overdue = format!("username=\"{role}\",profile=\"readonly\"}} 0\n");
    assert!(scene.read("pgrole.prom").contains(&overdue));
}

/// The command that docs/cron.md has to take a role under rotation, for this one; the first that begins so.
fn documented_adoption(scene: &Scene<'_>, role: &str, before: &str) -> Job {
    let document = repository("docs/cron.md");
    let start = format!("    {before}pgrole rotate adopt ");
    let line = document.lines().find(|line| line.starts_with(&start));
    let line = line.expect("docs/cron.md has it").trim();
    let command = line
        .trim_start_matches("sudo -u pgrole -H ")
        .replace("-e prod", "-e dev")
        .replace("myapp_prod", scene.area.database())
        .replace("web01_8080", role)
        .replace("/run/secrets/", &scene.file("").display().to_string());
    Job {
        variables: vec![("PATH".to_owned(), "/usr/local/bin:/usr/bin:/bin".to_owned())],
        command,
    }
}

#[test]
fn on_a_fresh_account_the_recipes_fail_aloud_until_a_role_that_was_made_elsewhere_is_adopted() {
    for before in ["", "sudo -u pgrole -H "] {
        let jobs = jobs(&repository("contrib/cron/pgrole"));
        let unit = Job {
            variables: vec![("PATH".to_owned(), "/usr/local/bin:/usr/bin:/bin".to_owned())],
            command: values(&service(), "ExecStart")[0].to_owned(),
        };
        let scene = Scene::new();
        write_pgpass(&scene);
        let role = scene.area.create_role("web", "LOGIN PASSWORD 'old'");
        for job in [&jobs[0], &unit] {
            let failed = run_job(&scene, job);
            failed
                .expect_status(3)
                .expect_stdout("")
                .expect_in_stderr("no role is under rotation")
                .expect_in_stderr("pgrole rotate adopt");
        }
        assert!(scene.logs_in(&role, "old"));
        fs::create_dir(scene.file("dev")).expect("it is not there yet");
        run_job(&scene, &documented_adoption(&scene, &role, before)).expect_status(0);
        let job = if before.is_empty() { &jobs[0] } else { &unit };
        run_job(&scene, job)
            .expect_status(0)
            .expect_stdout("")
            .expect_stderr("");
        let file = format!("dev/{role}@127.0.0.1.{}", scene.cluster.port());
        let delivered: serde_json::Value =
            serde_json::from_str(&scene.read(&file)).expect("it is JSON");
        let password = delivered["password"].as_str().expect("it has one");
        assert!(scene.logs_in(&role, password));
    }
}

/// The values of a key of a unit file, which may stand there several times.
fn values<'a>(unit: &'a str, key: &str) -> Vec<&'a str> {
    let of_key = |line: &'a str| line.strip_prefix(key)?.strip_prefix('=');
    unit.lines().filter_map(of_key).collect()
}

fn service() -> String {
    repository("contrib/systemd/pgrole-rotate.service")
}

fn timer() -> String {
    repository("contrib/systemd/pgrole-rotate.timer")
}

#[test]
fn systemd_finds_no_fault_with_the_units() {
    let sandbox = Sandbox::new();
    let folder = installed(&sandbox);
    let mut verify = Command::new("systemd-analyze");
    verify.arg("verify");
    for (name, unit) in [("service", service()), ("timer", timer())] {
        let path = sandbox.path().join(format!("pgrole-rotate.{name}"));
        let unit = unit.replace("ExecStart=", &format!("ExecStart={folder}/"));
        fs::write(&path, unit).expect("the sandbox can be written");
        verify.arg(path);
    }
    if Command::new("systemd-analyze")
        .arg("--version")
        .stdout(Stdio::null())
        .status()
        .is_err()
    {
        servers::skip("no systemd-analyze here: scripts/test installs it");
        return;
    }
    // What it does not understand it only mentions.
    Outcome::of(verify)
        .expect_status(0)
        .expect_stdout("")
        .expect_stderr("");
    let timer = timer();
    assert_eq!(values(&timer, "Persistent"), ["true"]);
    assert_eq!(values(&timer, "RandomizedDelaySec"), ["10min"]);
}

/// Registers the database as `prod` too, whose credential the unit loads, and makes a role there.
fn old_prod_role(scene: &mut Scene<'static>, area: &Area<'_>) -> String {
    scene
        .sandbox
        .register(crate::harness::Cluster::shared(), "prod", area.database());
    let role = area.role("web");
    let deliver = format!("file:{}", scene.file("{username}").display());
    let create = ["user", "readonly", "-e", "prod", "-d", area.database()];
    let created = scene.sandbox.pgrole(create).args(["-u", &role, "--yes"]);
    created.args(["--deliver", &deliver]).run().expect_status(0);
    make_old(scene, &role, LONG_AGO);
    role
}

#[test]
fn the_service_runs_as_systemd_runs_it() {
    let service = service();
    let mut scene = Scene::new();
    scene
        .sandbox
        .pgrole([
            "registry",
            "remove",
            "-e",
            "dev",
            "-d",
            scene.area.database(),
            "--yes",
        ])
        .run()
        .expect_status(0);
    let area = scene.cluster.area();
    let role = old_prod_role(&mut scene, &area);
    let old = scene.delivered_password(&role);
    let credentials = scene.file("credentials");
    fs::create_dir(&credentials).expect("the folder is there");
    let start = |with_credentials: bool| {
        let folder = installed(&scene.sandbox);
        let line = format!("{folder}/{}", values(&service, "ExecStart")[0]);
        let mut words = line.split_whitespace();
        let mut command = Command::new(words.next().expect("a program"));
        command
            .args(words)
            .env_clear()
            .env("HOME", scene.sandbox.home())
            .env("LOGNAME", "pgrole")
            .env("USER", "pgrole")
            .env(
                "PATH",
                "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            )
            .env("LANG", "C.UTF-8")
            .env("INVOCATION_ID", "0123456789abcdef0123456789abcdef")
            .current_dir("/");
        if with_credentials {
            command.env("CREDENTIALS_DIRECTORY", &credentials);
        }
        Outcome::of(command)
    };
    let failed = start(false);
    assert_ne!(failed.status(), Some(0), "{failed}");
    assert!(!failed.stderr.is_empty(), "{failed}");

    for credential in values(&service, "LoadCredential") {
        let (name, _) = credential.split_once(':').expect("NAME:PATH");
        let login = format!(
            "{{\"user\":\"postgres\",\"password\":\"{}\"}}\n",
            scene.cluster.password()
        );
        fs::write(credentials.join(name), login).expect("the folder is there");
    }
    start(true)
        .expect_status(0)
        .expect_stdout("")
        .expect_stderr("");
    assert_ne!(scene.delivered_password(&role), old);
    assert_eq!(scene.sealed(), "0");
    let password = scene.delivered_password(&role);
    assert!(
        scene
            .cluster
            .client_as(&role, &password, area.database())
            .is_ok()
    );
}
