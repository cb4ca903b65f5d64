//! Runs a program in a terminal of its own, to type into and to read from.
//!
//! Crates for this fork in a process of many threads; here `perl`, which Debian and macOS always have, makes the
//! terminal the controlling one, so that questions asked on /dev/tty come here too.

use std::fs::File;
use std::io::Write;
use std::os::fd::{AsFd, OwnedFd};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use nix::pty::{OpenptyResult, Winsize, openpty};
use nix::sys::termios::{LocalFlags, tcgetattr};
use nix::unistd::ttyname;

use super::account::Account;
use super::sandbox::{TIMEOUT, argv_of};
use super::stream::Stream;

/// What clears a line of progress: what follows on the line is a row.
pub const CLEARED: &str = "\u{1b}[2K";

const ROWS: u16 = 50;

/// Opening a terminal makes it the controlling one of a session that has none.
const TAKE_TERMINAL: &str = r#"
use POSIX;
my ($gid, $uid, @command) = @ARGV;
my $terminal = POSIX::ttyname(0);
POSIX::setsid() > 0 or die "setsid: $!";
open(my $controlling, "+<", $terminal) or die "$terminal: $!";
if ($uid ne "") { $( = $gid; $) = "$gid $gid"; POSIX::setuid($uid) or die "setuid: $!"; }
exec { $command[0] } @command or die "$command[0]: $!";
"#;

/// A program in a terminal. Dropping it kills the program.
pub struct Terminal {
    child: Child,
    argv: String,
    keyboard: File,
    screen: Arc<Stream>,
    deadline: Instant,
}

impl Terminal {
    /// Runs any program; for pgrole see `Run::in_terminal`.
    pub fn run(program: &Command, columns: u16) -> Self {
        Self::start(program, None, columns)
    }

    pub(super) fn start(program: &Command, account: Option<&Account>, columns: u16) -> Self {
        let size = Winsize {
            ws_row: ROWS,
            ws_col: columns,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        let OpenptyResult { master, slave } =
            openpty(&size, None).expect("the system has a terminal for us");
        for end in [&master, &slave] {
            fcntl(end.as_fd(), FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC))
                .expect("a terminal can be closed on exec");
        }
        if let Some(account) = account {
            account.own(&ttyname(slave.as_fd()).expect("a terminal has a name"));
        }
        let mut command = in_controlling_terminal(program, account);
        let end = |slave: &OwnedFd| {
            Stdio::from(slave.try_clone().expect("a terminal can be opened again"))
        };
        command
            .stdin(end(&slave))
            .stdout(end(&slave))
            .stderr(end(&slave));
        let child = command.spawn().expect("perl runs");
        // The reader learns of the program's end when nobody holds the other side any more.
        drop((command, slave));
        let keyboard = File::from(master);
        let screen = Stream::of(
            keyboard
                .try_clone()
                .expect("a terminal can be opened again"),
        );
        Self {
            child,
            argv: argv_of(program),
            keyboard,
            screen,
            deadline: Instant::now() + TIMEOUT,
        }
    }

    /// Types the text.
    pub fn send(&mut self, text: &str) {
        self.keyboard
            .write_all(text.as_bytes())
            .expect("a terminal takes what is typed");
    }

    /// Types the line and Enter.
    pub fn send_line(&mut self, line: &str) {
        self.send(&format!("{line}\r"));
    }

    /// Types Ctrl and the letter.
    pub fn send_control(&mut self, letter: char) {
        let code =
            u8::try_from(letter.to_ascii_uppercase()).expect("Ctrl goes with a letter") - b'@';
        self.send(&char::from(code).to_string());
    }

    /// Sends the program a signal by name: `INT`, `TERM`.
    pub fn signal(&self, name: &str) {
        let mut kill = Command::new("kill");
        let status = kill
            .args(["-s", name, &self.child.id().to_string()])
            .status();
        assert!(
            status.is_ok_and(|status| status.success()),
            "cannot signal {}",
            self.argv
        );
    }

    /// Waits until the text is on the screen, further down than what was expected before, and returns what was between.
    #[track_caller]
    pub fn expect(&mut self, text: &str) -> String {
        match self.screen.expect(text, self.deadline) {
            Ok(between) => between.replace('\r', ""),
            Err(reason) => panic!("\n$ {}\n--- screen\n{reason}", self.argv),
        }
    }

    /// Waits for the program's end; returns what it printed since the last `expect`, and its exit status.
    #[track_caller]
    pub fn wait_status(mut self) -> (String, Option<i32>) {
        let status = self.wait_for_child();
        (self.screen.rest().replace('\r', ""), status.code())
    }

    /// The same, where the program has asked something: the terminal has its echo again, reads lines, and shows its
    /// cursor.
    #[track_caller]
    pub fn wait_restored(mut self) -> (String, Option<i32>) {
        let status = self.wait_for_child();
        let settings = tcgetattr(&self.keyboard).expect("a terminal has settings");
        let wanted = LocalFlags::ECHO | LocalFlags::ICANON | LocalFlags::ISIG;
        assert!(
            settings.local_flags.contains(wanted),
            "{}: {:?}",
            self.argv,
            settings.local_flags
        );
        let all = self.screen.all();
        let hidden = all.rfind("\u{1b}[?25l");
        assert!(
            hidden.is_none() || all.rfind("\u{1b}[?25h") > hidden,
            "{}: the cursor stays hidden: {all:?}",
            self.argv
        );
        (self.screen.rest().replace('\r', ""), status.code())
    }

    /// Closes the terminal, as when its window is closed; returns the exit status.
    #[track_caller]
    pub fn hang_up(mut self) -> Option<i32> {
        let gone = File::open("/dev/null").expect("a system has /dev/null");
        drop(std::mem::replace(&mut self.keyboard, gone));
        self.signal("HUP");
        self.wait_for_child().code()
    }

    #[track_caller]
    fn wait_for_child(&mut self) -> ExitStatus {
        loop {
            if let Some(status) = self
                .child
                .try_wait()
                .expect("our own child can be waited for")
            {
                return status;
            }
            assert!(
                Instant::now() < self.deadline,
                "\n$ {}\n--- screen\n{}\n--- not done in time",
                self.argv,
                self.screen.unseen()
            );
            thread::sleep(Duration::from_millis(1));
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Rebuilds the command behind `perl`, which steps down itself: it must open the terminal first.
fn in_controlling_terminal(program: &Command, account: Option<&Account>) -> Command {
    let words: Vec<_> = std::iter::once(program.get_program())
        .chain(program.get_args())
        .collect();
    let (gid, uid) = account.map(Account::ids).unwrap_or_default();
    let mut command = Command::new("perl");
    command.args(["-e", TAKE_TERMINAL, &gid, &uid]).args(words);
    command.env_clear().envs(
        program
            .get_envs()
            .filter_map(|(name, value)| Some((name, value?))),
    );
    if let Some(folder) = program.get_current_dir() {
        command.current_dir(folder);
    }
    command
}

/// Takes colours and cursor movements out of a text.
pub fn without_escapes(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c == '\u{1b}' {
            // Ends with a letter: CSI sequences are all that a prompt or a table prints.
            rest.find(char::is_ascii_alphabetic);
        } else {
            plain.push(c);
        }
    }
    plain
}
