//! Folders and servers that end with the test process, even if that is killed with SIGKILL.
//!
//! Each is watched by a `sh` that holds the read end of a pipe from us: the kernel closes our end when we die. Rust's
//! pipes close on exec, so no other child keeps one open.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;

use super::account::Account;

/// Tries for ten seconds, because a server may still be ending in there.
const REMOVE_FOLDER: &str = r#"
trap '' HUP INT TERM
read -r _
tries=0
until rm -rf "$1" || [ "$tries" -ge 100 ]; do tries=$((tries + 1)); sleep 0.1; done
"#;

/// Asks again until the server is gone: one that has only just begun ignores the signal. The watcher is killed hard
/// because it inherits the ignored signals.
const KEEP_SERVER: &str = r#"
trap '' HUP INT TERM
log=$1
signal=$2
shift 2
exec 3<&0
"$@" 3<&- </dev/null >>"$log" 2>&1 &
server=$!
{ read -r _ <&3; while kill -s "$signal" "$server"; do sleep 0.1; done; } &
watcher=$!
wait "$server"
status=$?
kill -KILL "$watcher"
exit "$status"
"#;

/// Returns the folder of this test process, for all that it writes; in memory where possible.
pub fn folder() -> &'static Path {
    static FOLDER: LazyLock<GuardedFolder> = LazyLock::new(GuardedFolder::new);
    &FOLDER.path
}

struct GuardedFolder {
    path: PathBuf,
    _guard: Child,
}

impl GuardedFolder {
    fn new() -> Self {
        let prefix = format!("pgrole-{}-", std::process::id());
        let path = tempfile::Builder::new()
            .prefix(&prefix)
            .tempdir_in(parent_folder())
            .expect("a temporary folder can be made")
            .keep();
        // Servers and programs under other accounts have their folders inside, each with a mode of its own.
        fs::set_permissions(&path, Permissions::from_mode(0o755))
            .expect("our own folder can be opened to others");
        let guard = shell(REMOVE_FOLDER).arg(&path).spawn().expect("sh runs");
        Self {
            path,
            _guard: guard,
        }
    }
}

/// Memory where there is enough of it and programs may be run from it (not so in a container by default).
#[cfg(target_os = "linux")]
fn parent_folder() -> PathBuf {
    use nix::sys::statvfs::{FsFlags, statvfs};

    let memory = Path::new("/dev/shm");
    let enough = 1 << 30;
    match statvfs(memory) {
        Ok(found)
            if found.blocks_available() * found.fragment_size() >= enough
                && !found
                    .flags()
                    .intersects(FsFlags::ST_NOEXEC | FsFlags::ST_RDONLY) =>
        {
            memory.to_owned()
        }
        _ => std::env::temp_dir(),
    }
}

#[cfg(not(target_os = "linux"))]
fn parent_folder() -> PathBuf {
    std::env::temp_dir()
}

/// A server process; dropping this stops it at once, as a crash would.
pub struct GuardedServer {
    guard: Child,
}

impl GuardedServer {
    /// Starts a PostgreSQL server, its output appended to `log`.
    pub fn start(program: &Path, arguments: &[String], log: &Path) -> Self {
        Self::start_ended_by("QUIT", program, arguments, log)
    }

    /// Starts a server that ends at once at the signal.
    pub fn start_ended_by(signal: &str, program: &Path, arguments: &[String], log: &Path) -> Self {
        let mut command = shell(KEEP_SERVER);
        command.arg(log).arg(signal).arg(program).args(arguments);
        if let Some(account) = Account::of_servers() {
            account.run_as(&mut command);
        }
        Self {
            guard: command.spawn().expect("sh runs"),
        }
    }

    pub fn has_ended(&mut self) -> bool {
        self.guard
            .try_wait()
            .expect("our own child can be waited for")
            .is_some()
    }

    /// Waits for a server that was told to stop.
    pub fn wait(mut self) {
        self.guard.wait().expect("our own child can be waited for");
    }
}

impl Drop for GuardedServer {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        self.guard.wait().ok();
    }
}

/// A `sh` of a process group of its own, so that Ctrl-C in the terminal is ours alone.
fn shell(script: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", script, "guard"]);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.process_group(0).current_dir("/");
    command
}
