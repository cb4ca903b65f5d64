//! A real keyring (gnome-keyring on a D-Bus session of its own) for one sandbox; it ends with the test process.

use std::fs::File;
use std::io::Write;
use std::os::fd::OwnedFd;
use std::os::unix::net::{UnixListener, UnixStream};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::sandbox::{Sandbox, TIMEOUT};
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
    case $(cat "$process/comm" 2>&1) in gnome-keyring-d* | kwalletd*) ;; *) continue ;; esac
    if tr '\0' '\n' <"$process/environ" | grep -qxF "HOME=$HOME"; then kill -KILL "${process#/proc/}"; fi
done
"#;

const START_UNLOCKED: &str =
    "printf %s test | gnome-keyring-daemon --unlock --components=secrets >/dev/null";
const START_LOCKED: &str =
    "gnome-keyring-daemon --start --components=secrets </dev/null >/dev/null";

/// Waits until the daemon has the name by which it is called: who calls before that starts another one, which is locked.
const WAIT: &str = r#"
tries=0
until dbus-send --session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner \
    string:org.freedesktop.secrets 2>&1 | grep -q 'boolean true' || [ "$tries" -ge 200 ]
do tries=$((tries + 1)); sleep 0.05; done
"#;

/// A wallet that is there, and gives its Secret Service to whoever asks.
const KWALLET: &str = "[Wallet]\nEnabled=true\nFirst Use=false\nDefault Wallet=kdewallet\nPrompt on Open=false\n\
    Leave Open=true\n[org.freedesktop.secrets]\napiEnabled=true\n";
/// PBKDF2_SHA512_KEYSIZE in kwallet's backend.
const KWALLET_KEY_LENGTH: usize = 56;

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
        Self::start(sandbox, &format!("{START_UNLOCKED}\n{WAIT}"), &[])
    }

    /// Starts the keyring that an unlocked one has left, with nobody there to unlock it.
    #[track_caller]
    pub fn locked(sandbox: &Sandbox) -> Option<Self> {
        Self::start(sandbox, &format!("{START_LOCKED}\n{WAIT}"), &[])
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

    /// Starts KDE's wallet daemon with a wallet that is open. None, and the calling test skipped, where it is not
    /// installed.
    #[track_caller]
    pub fn kwallet(sandbox: &Sandbox) -> Option<Self> {
        let program = super::variable("PGROLE_TEST_KWALLETD");
        let program = program.unwrap_or_else(|| "/usr/bin/kwalletd5".to_owned());
        if !Path::new(&program).exists() {
            servers::skip("no kwalletd5 here: packages libkf5wallet-bin and libqca-qt5-2-plugins");
            return None;
        }
        let config = sandbox.home().join(".config");
        std::fs::create_dir_all(&config).expect("the home can be written");
        std::fs::write(config.join("kwalletrc"), KWALLET).expect("the home can be written");
        // What makes the wallet does not offer it yet.
        let first = Self::start_kwallet(sandbox, &program)?;
        let wallet = sandbox.home().join(".local/share/kwalletd/kdewallet.kwl");
        let deadline = Instant::now() + TIMEOUT;
        while !wallet.exists() {
            assert!(Instant::now() < deadline, "kwalletd5 makes no wallet");
            std::thread::sleep(Duration::from_millis(20));
        }
        drop(first);
        Self::start_kwallet(sandbox, &program)
    }

    /// Unlocks the wallet as PAM's module does it at a login: with the key itself instead of a password that is typed
    /// into a window. What it takes that from must not be descriptor 0; its variables come from who connects to a socket.
    #[track_caller]
    fn start_kwallet(sandbox: &Sandbox, program: &str) -> Option<Self> {
        let session = Self::absent(sandbox)?;
        let folder = tempfile::tempdir_in(sandbox.path()).expect("the sandbox can be written");
        let socket = folder.path().join("socket");
        let listener = UnixListener::bind(&socket).expect("the sandbox can be written");
        let key = folder.path().join("key");
        std::fs::write(&key, [7; KWALLET_KEY_LENGTH]).expect("the sandbox can be written");
        let mut daemon = Command::new(program);
        daemon
            .args(["--pam-login", "1", "2"])
            .env_clear()
            .env("HOME", sandbox.home())
            .env("PATH", "/usr/bin:/bin")
            .env("XDG_RUNTIME_DIR", sandbox.path())
            .env("QT_QPA_PLATFORM", "offscreen")
            .env("PAM_KWALLET5_LOGIN", &socket)
            .env("DBUS_SESSION_BUS_ADDRESS", session.address())
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(File::open(&key).expect("it was written"))
            .stderr(Stdio::from(OwnedFd::from(listener)));
        // It is ended with the session, by its home.
        drop(daemon.spawn().expect("it is there"));
        drop(UnixStream::connect(&socket).expect("it listens"));
        Some(session)
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
        let deadline = Instant::now() + TIMEOUT;
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
