//! Completion, typed in real shells; and that an answer reads only files.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::net::TcpListener;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::harness::sqlite::{Lock, sqlite3};
use crate::harness::{Outcome, Sandbox, Terminal};

const PROMPT: &str = "ready> ";
const CONFIG: &str = "
[profiles.report]
access = \"readonly\"

[notify.team]
channel = \"slack\"
url = \"https://example.com/hook\"
";

/// Two environments on a server that accepts connections and says nothing, with roles that were seen there.
struct Scene {
    sandbox: Sandbox,
    server: TcpListener,
}

impl Scene {
    fn new() -> Self {
        let sandbox = Sandbox::new();
        sandbox.write_config(CONFIG);
        let server = TcpListener::bind("127.0.0.1:0").expect("the loopback interface is there");
        server
            .set_nonblocking(true)
            .expect("a listener can be asked");
        let port = server.local_addr().expect("it is bound").port().to_string();
        for (env, database) in [
            ("qa", "myapp_qa"),
            ("dev", "myapp_dev"),
            ("dev", "my app"),
            ("dev", "it's"),
            ("dev", "a$(touch pwned)b"),
            ("dev", "*"),
        ] {
            let add = ["registry", "add", "-e", env, "-d", database];
            let add = add.into_iter().chain(["-H", "127.0.0.1", "-p", &port]);
            sandbox.pgrole(add).run().expect_status(0);
        }
        sqlite3(&sandbox.registry(), SEEN).expect_status(0);
        fs::write(sandbox.path().join("myfile.toml"), CONFIG)
            .expect("our own folder can be written");
        Self { sandbox, server }
    }

    /// A program that finds this pgrole on PATH.
    fn program(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        let folder = Path::new(env!("CARGO_BIN_EXE_pgrole")).parent();
        let folder = folder.expect("a program is in a folder").display();
        command
            .current_dir(self.sandbox.path())
            .env_clear()
            .env("HOME", self.sandbox.home())
            .env("XDG_RUNTIME_DIR", self.sandbox.path())
            .env("PATH", format!("{folder}:/usr/bin:/bin"))
            .env("LANG", "C.UTF-8")
            .env("TERM", "xterm-256color");
        command
    }

    /// What the shell is given for the words, as fish would ask.
    fn answer(&self, words: &[&str]) -> Outcome {
        self.sandbox
            .pgrole(["--", "pgrole"])
            .args(words)
            .env("PGROLE_COMPLETE", "fish")
            .run()
    }

    #[track_caller]
    fn expect_answer(&self, words: &[&str], wanted: &[&str]) {
        let answer = self.answer(words);
        answer.expect_status(0).expect_stderr("");
        let found: Vec<_> = answer
            .stdout
            .lines()
            .map(|line| line.split('\t').next().unwrap_or_default())
            .collect();
        assert_eq!(found, wanted, "{words:?}");
    }
}

const SEEN: &str = "
UPDATE db_registry SET cluster_id = env;
INSERT INTO placed_role (cluster_id, username, hostname, port, env, db_name, password_changed_at)
VALUES ('dev', 'web01_8080', 'h', '1', 'dev', 'myapp_dev', '2026-01-01T00:00:00Z'),
       ('qa', 'web01_8080', 'h', '1', 'qa', 'myapp_qa', '2026-01-01T00:00:00Z'),
       ('qa', 'web02_8080', 'h', '1', 'qa', 'myapp_qa', '2026-01-01T00:00:00Z');
INSERT INTO seen_role VALUES ('dev', 'jane doe', 'h', '1', 'dev', 'myapp_dev', NULL, '2026-01-01T00:00:00Z');
INSERT INTO found_login VALUES ('dev', 'found', '2026-01-01T00:00:00Z', '{}'), ('dev', 'gone', '2026-01-01T00:00:00Z', NULL);
INSERT INTO listed_logins VALUES ('qa', '2026-01-01T00:00:00Z', '[{\"name\":\"listed\"},{\"name\":\"a\\u001b[31m\"}]');
INSERT INTO password_change (operation_id, kind, env, db_name, hostname, port, username, deliver, deliver_template,
    file_format, state, key_id, created_at, updated_at)
VALUES ('1f0c5d7a9be2d344', 'reset', 'dev', 'myapp_dev', 'h', '1', 'web01_8080', 'stdout', 'stdout', 'json',
    'UNDELIVERED', 'k', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'),
    ('2f0c5d7a9be2d344', 'reset', 'dev', 'myapp_dev', 'h', '1', 'web01_8080', 'stdout', 'stdout', 'json',
    'CLOSED', 'k', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z');
";

/// A shell that completes as the README says.
struct Shell<'a> {
    scene: &'a Scene,
    terminal: Terminal,
    /// How often it wants TAB pressed to list.
    to_list: &'static str,
}

impl<'a> Shell<'a> {
    fn bash(scene: &'a Scene, rc: &str) -> Self {
        fs::write(
            scene.sandbox.home().join(".bashrc"),
            format!("PS1='{PROMPT}'\n{rc}\n"),
        )
        .expect("the home can be written");
        let mut bash = scene.program("bash");
        bash.args(["--noprofile", "-i"]);
        Self::start(scene, &bash, "\t\t")
    }

    fn zsh(scene: &'a Scene) -> Self {
        scene.install("mkdir -p ~/.zfunc && pgrole completions zsh > ~/.zfunc/_pgrole");
        let rc = "fpath=(~/.zfunc $fpath)\nautoload -Uz compinit && compinit";
        fs::write(
            scene.sandbox.home().join(".zshrc"),
            format!("PS1='{PROMPT}'\n{rc}\n"),
        )
        .expect("the home can be written");
        let mut zsh = scene.program("zsh");
        zsh.arg("-i");
        Self::start(scene, &zsh, "\t")
    }

    fn fish(scene: &'a Scene) -> Self {
        scene.install(
            "mkdir -p ~/.config/fish/completions && pgrole completions fish > ~/.config/fish/completions/pgrole.fish",
        );
        let mut fish = scene.program("fish");
        let rc = format!("set -g fish_greeting; function fish_prompt; echo -n '{PROMPT}'; end");
        fish.args(["-i", "-C", &rc]);
        Self::start(scene, &fish, "\t")
    }

    fn start(scene: &'a Scene, program: &Command, to_list: &'static str) -> Self {
        let mut terminal = Terminal::run(program, 160);
        terminal.expect(PROMPT);
        Self {
            scene,
            terminal,
            to_list,
        }
    }

    /// Types the line and TAB; returns the words that the shell makes of it.
    #[track_caller]
    fn complete(&mut self, line: &str) -> Vec<String> {
        self.terminal.send(&format!("{line}\t"));
        self.terminal.send_control('a');
        self.terminal.send_line("printf '<%s>' ");
        self.terminal.expect("<pgrole>");
        let words = self.terminal.expect(PROMPT);
        let end = words.rfind('>').map_or(0, |end| end + 1);
        let words = words[..end].trim_matches(['<', '>']).split("><");
        words.map(str::to_owned).collect()
    }

    /// Types the line and TAB until the shell lists what fits; expects it in this order.
    #[track_caller]
    fn expect_list(&mut self, line: &str, wanted: &[&str]) {
        self.terminal.send(&format!("{line}{}", self.to_list));
        for name in wanted {
            self.terminal.expect(name);
        }
        self.terminal.send_control('u');
        self.terminal.send_line("echo all 'of' it");
        self.terminal.expect("all of it");
        self.terminal.expect(PROMPT);
    }

    fn completes_everything(&mut self) {
        let here = self.scene.sandbox.path().display().to_string();
        let file = format!("file:{here}/ho");
        let home = format!("file:{here}/home/");
        let by_equal_sign = format!("--deliver={home}");
        for (line, wanted) in [
            // The first key press in a new shell, too.
            ("user reset -e d", "user reset -e dev"),
            ("user reset --env=d", "user reset --env=dev"),
            ("user reset -ed", "user reset -edev"),
            (
                "user reset -e dev -d myapp",
                "user reset -e dev -d myapp_dev",
            ),
            ("user reset -e qa -d my", "user reset -e qa -d myapp_qa"),
            (
                "access check -e 'q*' -d my",
                "access check -e q* -d myapp_qa",
            ),
            ("user reset -e dev -u w", "user reset -e dev -u web01_8080"),
            ("user list --profile rep", "user list --profile report"),
            ("notify test te", "notify test team"),
            ("recover ack 1f", "recover ack 1f0c5d7a9be2d344"),
            ("audit export --format cs", "audit export --format csv"),
            ("user reset --deliver fi", "user reset --deliver file:"),
            (
                &format!("user reset --deliver {file}"),
                &format!("user reset --deliver {home}"),
            ),
            (
                &format!("user reset --deliver={file}"),
                &format!("user reset {by_equal_sign}"),
            ),
            ("user list --config my", "user list --config myfile.toml"),
            ("apply -f my", "apply -f myfile.toml"),
            ("user show myf", "user show myf"),
            ("user list --timeout my", "user list --timeout my"),
        ] {
            assert_eq!(
                self.complete(&format!("pgrole {line}")).join(" "),
                wanted,
                "{line}"
            );
        }
        for (typed, wanted) in [
            (r"my\ ", "my app"),
            ("'my ", "my app"),
            ("\"my ", "my app"),
            ("i", "it's"),
            ("\"i", "it's"),
            ("a", "a$(touch pwned)b"),
            ("\"a", "a$(touch pwned)b"),
            (r"\*", "*"),
        ] {
            let words = self.complete(&format!("pgrole user list -e dev -d {typed}"));
            assert_eq!(words.last().map(String::as_str), Some(wanted), "{typed}");
        }
        let words = self.complete("pgrole user show jan");
        assert_eq!(words.last().map(String::as_str), Some("jane doe"));
        assert!(!self.scene.sandbox.path().join("pwned").exists());
        self.expect_list("pgrole user list -e ", &["dev", "qa", "uat", "prod"]);
        self.expect_list(
            "pgrole user reset --deliver ",
            &["stdout", "pgpass", "keyring"],
        );
        self.expect_list("pgrole user show web0", &["1_8080", "2_8080"]);
    }
}

impl Scene {
    /// Runs a line of the README.
    fn install(&self, line: &str) {
        let mut shell = self.program("sh");
        shell.args(["-c", line]);
        Outcome::of(shell).expect_status(0).expect_stderr("");
    }
}

#[test]
fn bash_completes() {
    let scene = Scene::new();
    Shell::bash(&scene, "eval \"$(pgrole completions bash)\"").completes_everything();
}

/// Elsewhere the package is installed in many places.
#[cfg(target_os = "linux")]
#[test]
fn bash_with_bash_completion_completes() {
    let scene = Scene::new();
    scene.install(
        "mkdir -p ~/.local/share/bash-completion/completions && \
         pgrole completions bash > ~/.local/share/bash-completion/completions/pgrole",
    );
    Shell::bash(&scene, ". /usr/share/bash-completion/bash_completion").completes_everything();
}

#[test]
fn zsh_completes() {
    let scene = Scene::new();
    Shell::zsh(&scene).completes_everything();
}

#[test]
fn fish_completes() {
    let scene = Scene::new();
    Shell::fish(&scene).completes_everything();
}

#[test]
fn names_come_from_what_was_seen_on_the_targets_of_the_line() {
    let scene = Scene::new();
    let everyone = ["found", "jane doe", "listed", "web01_8080", "web02_8080"];
    scene.expect_answer(&["user", "show", ""], &everyone);
    scene.expect_answer(&["user", "find", "-u", ""], &everyone);
    let of_dev = ["found", "jane doe", "web01_8080"];
    scene.expect_answer(&["user", "show", "-e", "dev", ""], &of_dev);
    scene.expect_answer(&["user", "show", "-e", "dev", "-d", "my app", ""], &of_dev);
    scene.expect_answer(
        &["user", "show", "-d", "*_qa", "w"],
        &["web01_8080", "web02_8080"],
    );
    scene.expect_answer(&["user", "show", "-e", "uat", "w"], &[]);
    scene.expect_answer(
        &["user", "clone", "--from", "jane doe@d"],
        &["jane doe@dev/"],
    );
    scene.expect_answer(
        &["user", "clone", "--from", "x@dev/my"],
        &["x@dev/my app", "x@dev/myapp_dev"],
    );
    scene.expect_answer(&["recover", "run", ""], &["1f0c5d7a9be2d344"]);
    scene.expect_answer(&["registry", "list", "--columns", "ho"], &["hostname"]);
    scene.expect_answer(
        &["registry", "list", "--columns", "env,data"],
        &["env,database"],
    );
    scene.expect_answer(&["registry", "list", "--sort", "-hostn"], &["-hostname"]);
    scene.expect_answer(
        &["audit", "list", "--operation", ""],
        &["registry add", "registry open"],
    );
}

#[test]
fn a_disabled_target_is_offered_to_the_registry_alone() {
    let scene = Scene::new();
    let disable = ["registry", "disable", "-e", "qa", "-d", "myapp_qa"];
    scene.sandbox.pgrole(disable).run().expect_status(0);
    scene.expect_answer(&["user", "list", "-e", "qa", "-d", ""], &[]);
    scene.expect_answer(&["registry", "enable", "-e", "qa", "-d", ""], &["myapp_qa"]);
}

#[test]
fn the_files_that_the_line_names_are_read() {
    let scene = Scene::new();
    let other = scene.sandbox.home().join("other.db");
    fs::rename(scene.sandbox.registry(), &other).expect("the home can be written");
    scene.expect_answer(&["user", "list", "-d", "myapp"], &[]);
    for place in [other.to_str().expect("it is UTF-8"), "~/other.db"] {
        scene.expect_answer(
            &["--registry", place, "user", "list", "-d", "myapp"],
            &["myapp_dev", "myapp_qa"],
        );
    }
    let config = scene.sandbox.path().join("other.toml");
    fs::write(&config, "environments = [\"lab\", \"live\"]")
        .expect("our own folder can be written");
    let option = format!("--config={}", config.display());
    scene.expect_answer(&["user", "list", &option, "-e", "l"], &["lab", "live"]);
    let by_variable = scene
        .sandbox
        .pgrole(["--", "pgrole", "user", "list", "-d", "my"])
        .env("PGROLE_COMPLETE", "bash-like")
        .run();
    by_variable
        .expect_status(0)
        .expect_stdout("")
        .expect_stderr("");
}

/// All files below a folder, with their times and contents.
fn files_below(folder: &Path) -> BTreeMap<PathBuf, (i64, i64, Vec<u8>)> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("the home can be read") {
        let path = entry.expect("the home can be read").path();
        let about = fs::symlink_metadata(&path).expect("it is there");
        if about.is_dir() {
            found.extend(files_below(&path));
        }
        let bytes = if about.is_file() {
            fs::read(&path).expect("it can be read")
        } else {
            Vec::new()
        };
        found.insert(path, (about.mtime(), about.mtime_nsec(), bytes));
    }
    found
}

#[test]
fn an_answer_writes_nothing_and_asks_no_server() {
    let scene = Scene::new();
    let ask = || {
        let before = files_below(&scene.sandbox.home());
        for words in [
            &["user", "list", "-d", "my"][..],
            &["user", "show", "-e", "dev", "w"],
            &["registry", "check", "-e", ""],
            &["recover", "run", ""],
        ] {
            let answer = scene.answer(words);
            answer.expect_status(0).expect_stderr("");
            assert!(!answer.stdout.is_empty(), "{words:?}");
        }
        assert!(files_below(&scene.sandbox.home()) == before);
    };
    ask();
    // Beside a writer, whose changes are in the log only.
    let added =
        "INSERT INTO db_registry (env, db_name, hostname) VALUES ('qa', 'just_added', 'h');";
    let lock = Lock::after(&scene.sandbox.registry(), added);
    ask();
    scene.expect_answer(&["user", "list", "-d", "just"], &["just_added"]);
    drop(lock);
    // The writer was killed.
    ask();
    let nobody_asked = scene.server.accept().expect_err("nobody connects");
    assert_eq!(nobody_asked.kind(), ErrorKind::WouldBlock);
}

#[test]
fn a_registry_that_cannot_be_read_offers_nothing() {
    for make in [
        "true",
        "mkdir $1",
        "mkfifo $1",
        "echo not a registry > $1",
        "echo > $1",
        "sqlite3 $1 'CREATE TABLE other (x); PRAGMA user_version = 99'",
        "sqlite3 $1 'CREATE VIEW db_registry AS WITH RECURSIVE n(env) AS (SELECT 1 UNION ALL SELECT env + 1 FROM n) SELECT env, env AS db_name FROM n'",
    ] {
        let scene = Scene {
            sandbox: Sandbox::new(),
            server: TcpListener::bind("127.0.0.1:0").expect("the loopback interface is there"),
        };
        let registry = scene.sandbox.registry();
        fs::create_dir_all(registry.parent().expect("it is in a folder"))
            .expect("the home can be written");
        let mut shell = Command::new("sh");
        shell.args(["-c", make, "sh"]).arg(&registry);
        Outcome::of(shell).expect_status(0);
        scene.expect_answer(&["user", "list", "-e", ""], &["dev", "qa", "uat", "prod"]);
        scene.expect_answer(&["user", "list", "-d", ""], &[]);
        scene.expect_answer(&["user", "show", "x"], &[]);
    }
}

#[test]
fn the_variable_alone_keeps_no_command_from_running() {
    let sandbox = Sandbox::new();
    for shell in ["bash", "zsh", "1"] {
        let run = sandbox
            .pgrole(["--version"])
            .env("PGROLE_COMPLETE", shell)
            .run();
        run.expect_status(0);
        assert!(run.stdout.starts_with("pgrole "), "{}", run.stdout);
    }
}
