//! Finds PostgreSQL server programs on this machine, and says which tests were skipped for want of one.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Write;
use std::panic::Location;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use super::variable;

/// The programs of one PostgreSQL release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    pub bindir: PathBuf,
    /// As `postgres --version` has it: `15.20`, `18beta1`.
    pub version: String,
    pub major: u32,
}

impl Server {
    /// Returns the server whose programs are all in the folder, if they are and run.
    fn in_folder(folder: &Path) -> Option<Self> {
        // A link in /usr/local/bin leads to a folder that holds the other programs too.
        let bindir = fs::canonicalize(folder.join("postgres"))
            .ok()?
            .parent()?
            .to_owned();
        if !["initdb", "pg_ctl"]
            .iter()
            .all(|program| bindir.join(program).is_file())
        {
            return None;
        }
        let answer = first_line_of(Command::new(bindir.join("postgres")).arg("--version"))?;
        let version = answer
            .split("(PostgreSQL) ")
            .nth(1)?
            .split(' ')
            .next()?
            .to_owned();
        let digits = version
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(version.len());
        let major = version[..digits].parse().ok()?;
        Some(Self {
            bindir,
            version,
            major,
        })
    }
}

/// Returns the server that this run uses: `PGROLE_TEST_PG_MAJOR`, `PGROLE_TEST_PG_BIN`, or the newest installed one.
///
/// # Panics
///
/// Where there is none: a test that wants any server cannot be skipped.
pub fn of_this_run() -> &'static Server {
    let wanted = variable("PGROLE_TEST_PG_MAJOR");
    let found = match &wanted {
        Some(major) => major.parse().ok().and_then(of_major),
        None => SERVERS
            .named
            .first()
            .or_else(|| newest(&SERVERS.installed))
            .or_else(|| newest(&SERVERS.fetched)),
    };
    found.unwrap_or_else(|| {
        panic!(
            "no PostgreSQL server programs{} found\nhint: scripts/test brings them; or set PGROLE_TEST_PG_BIN to a folder \
             with initdb, postgres and pg_ctl",
            wanted.map(|major| format!(" of version {major}")).unwrap_or_default()
        )
    })
}

/// Finds a server of the major version.
pub fn of_major(major: u32) -> Option<&'static Server> {
    let all = [&SERVERS.named, &SERVERS.installed, &SERVERS.fetched];
    all.into_iter()
        .flatten()
        .find(|server| server.major == major)
}

/// Finds a server of the major version; none where `PGROLE_TEST_VERSIONS`, if it is set, leaves the version to other
/// runs. One that is wanted and not here is written down as a reason to skip the calling test.
#[track_caller]
pub fn of_major_or_skip(major: u32) -> Option<&'static Server> {
    let wanted = variable("PGROLE_TEST_VERSIONS");
    let is_wanted = |wanted: String| wanted.split(' ').any(|one| one == major.to_string());
    if !wanted.is_none_or(is_wanted) {
        return None;
    }
    let found = of_major(major);
    if found.is_none() {
        skip(&format!(
            "no PostgreSQL {major} server here: scripts/test brings it"
        ));
    }
    found
}

/// Returns the `psql` program itself where it can be found: Debian's on PATH is a wrapper in Perl.
pub fn psql() -> PathBuf {
    let servers = SERVERS.installed.iter().chain(&SERVERS.fetched);
    let beside = servers
        .map(|server| server.bindir.clone())
        .chain(debian_folders());
    beside
        .map(|folder| folder.join("psql"))
        .find(|program| program.is_file())
        .unwrap_or_else(|| PathBuf::from("psql"))
}

/// Writes down that the calling test was skipped, and why: libtest has no words for it, `scripts/test` prints these.
#[track_caller]
pub fn skip(reason: &str) {
    let test = std::thread::current().name().unwrap_or("a test").to_owned();
    let place = Location::caller();
    let line = format!("{test} ({}:{}): {reason}\n", place.file(), place.line());
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("skipped.txt");
    let written = File::options()
        .create(true)
        .append(true)
        .open(&path)
        .and_then(|mut file| file.write_all(line.as_bytes()));
    written.unwrap_or_else(|error| panic!("cannot write {}: {error}", path.display()));
    std::io::stderr()
        .write_all(format!("skipped: {line}").as_bytes())
        .ok();
}

/// Servers by where they come from, the most explicit first.
struct Servers {
    named: Vec<Server>,
    installed: Vec<Server>,
    /// What `scripts/test --all-versions` brought.
    fetched: Vec<Server>,
}

static SERVERS: LazyLock<Servers> = LazyLock::new(|| Servers {
    named: servers_in(variable("PGROLE_TEST_PG_BIN").map(PathBuf::from)),
    installed: servers_in(
        pg_config_folder()
            .into_iter()
            .chain(path_folders())
            .chain(debian_folders())
            .chain(homebrew_folders()),
    ),
    fetched: servers_in(fetched_folders()),
});

fn servers_in(folders: impl IntoIterator<Item = PathBuf>) -> Vec<Server> {
    let mut seen = BTreeSet::new();
    let mut servers: Vec<Server> = folders
        .into_iter()
        .filter_map(|folder| Server::in_folder(&folder))
        .collect();
    servers.retain(|server| seen.insert(server.bindir.clone()));
    servers
}

fn newest(servers: &[Server]) -> Option<&Server> {
    servers.iter().max_by_key(|server| server.major)
}

fn pg_config_folder() -> Option<PathBuf> {
    first_line_of(Command::new("pg_config").arg("--bindir")).map(PathBuf::from)
}

fn path_folders() -> Vec<PathBuf> {
    variable("PATH")
        .map(|path| std::env::split_paths(&path).collect())
        .unwrap_or_default()
}

fn debian_folders() -> Vec<PathBuf> {
    bin_folders_under(Path::new("/usr/lib/postgresql"), "")
}

fn homebrew_folders() -> Vec<PathBuf> {
    let prefixes = ["/opt/homebrew/opt", "/usr/local/opt"];
    prefixes
        .iter()
        .flat_map(|prefix| bin_folders_under(Path::new(prefix), "postgresql@"))
        .collect()
}

fn fetched_folders() -> Vec<PathBuf> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .parent()
        .expect("cargo's tmp folder is in its target folder");
    bin_folders_under(&target.join("postgres"), "")
}

/// Lists `PARENT/NAME/bin` for all names with the prefix.
fn bin_folders_under(parent: &Path, prefix: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(parent) else {
        return Vec::new();
    };
    let mut folders: Vec<PathBuf> = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix))
        .map(|entry| entry.path().join("bin"))
        .collect();
    folders.sort();
    folders
}

fn first_line_of(command: &mut Command) -> Option<String> {
    let output = command
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    String::from_utf8(output.stdout)
        .ok()?
        .lines()
        .next()
        .map(str::to_owned)
}
