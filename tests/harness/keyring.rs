//! A real keyring (gnome-keyring on a D-Bus session of its own) for one sandbox; it ends with the test process.

use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use super::sandbox::{DEFAULT_TIMEOUT, Sandbox};
use super::servers;
use super::stream::Stream;

/// Says where the bus is, waits for the end of its input, and ends the daemons that outlive their session: those of
/// our home, by pid.
const KEEP_SESSION: &str = r#"
trap '' HUP INT TERM
eval "$1"
echo "bus=$DBUS_SESSION_BUS_ADDRESS;"
read -r _
for process in /proc/[0-9]*; do
    case $(cat "$process/comm" 2>&1) in gnome-keyring-d*) ;; *) continue ;; esac
    if tr '\0' '\n' <"$process/environ" | grep -qxF "HOME=$HOME"; then kill -KILL "${process#/proc/}"; fi
done
"#;

const START_UNLOCKED: &str =
    "printf %s test | gnome-keyring-daemon --unlock --components=secrets >/dev/null";
const START_LOCKED: &str =
    "gnome-keyring-daemon --start --components=secrets </dev/null >/dev/null";

/// A bus on which no service is started on demand.
const BUS_WITHOUT_SERVICES: &str = r#"<!DOCTYPE busconfig PUBLIC
 "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
  </policy>
</busconfig>
"#;

/// A session with a bus, and with a keyring or without. Dropping it ends them; what was stored stays in the home.
pub struct Keyring {
    session: Child,
    address: String,
}

impl Keyring {
    /// Starts a keyring that can be used; None, and the calling test skipped, where the programs for it are missing.
    #[track_caller]
    pub fn unlocked(sandbox: &Sandbox) -> Option<Self> {
        Self::start(sandbox, START_UNLOCKED, &[])
    }

    /// Starts the keyring that an unlocked one has left, with nobody there to unlock it.
    #[track_caller]
    pub fn locked(sandbox: &Sandbox) -> Option<Self> {
        Self::start(sandbox, START_LOCKED, &[])
    }

    /// Starts a bus on which nobody provides secrets.
    #[track_caller]
    pub fn absent(sandbox: &Sandbox) -> Option<Self> {
        let config = sandbox.path().join("bus.conf");
        std::fs::write(&config, BUS_WITHOUT_SERVICES).expect("the sandbox can be written");
        Self::start(
            sandbox,
            ":",
            &[&format!("--config-file={}", config.display())],
        )
    }

    /// For `DBUS_SESSION_BUS_ADDRESS`.
    pub fn address(&self) -> &str {
        &self.address
    }

    #[track_caller]
    fn start(sandbox: &Sandbox, start: &str, bus_options: &[&str]) -> Option<Self> {
        for program in ["gnome-keyring-daemon", "dbus-run-session"] {
            if !Path::new("/usr/bin").join(program).exists() {
                servers::skip(&format!("no {program} here: scripts/test installs it"));
                return None;
            }
        }
        let mut command = Command::new("dbus-run-session");
        command
            .args(bus_options)
            .args(["--", "sh", "-c", KEEP_SESSION, "keyring", start]);
        command
            .env_clear()
            .env("HOME", sandbox.home())
            .env("PATH", "/usr/bin:/bin");
        command.process_group(0).current_dir("/");
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut session = command.spawn().expect("dbus-run-session runs");
        let stdout = Stream::of(session.stdout.take().expect("standard output is a pipe"));
        let deadline = Instant::now() + DEFAULT_TIMEOUT;
        let address = stdout
            .expect("bus=", deadline)
            .and_then(|_| stdout.expect(";\n", deadline));
        let address =
            address.unwrap_or_else(|reason| panic!("the keyring does not start: {reason}"));
        Some(Self { session, address })
    }
}

impl Drop for Keyring {
    fn drop(&mut self) {
        if let Some(mut stdin) = self.session.stdin.take() {
            stdin.write_all(b"\n").ok();
        }
        self.session.wait().ok();
    }
}
