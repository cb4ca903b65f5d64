//! A command that takes one JSON object on standard input. No secret is in its arguments or variables.

use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use nix::unistd::{AccessFlags, access};

use crate::delivery::{Parcel, object_with_password};
use crate::domain::failure::Failure;
use crate::domain::variables::Variables;

const POLL: Duration = Duration::from_millis(10);

/// Looks whether the program is there.
pub fn check(words: &[String], variables: &Variables) -> Result<()> {
    let program = words.first().map_or("", String::as_str);
    let is_there = |path: &Path| path.is_file() && access(path, AccessFlags::X_OK).is_ok();
    let found = if program.contains('/') {
        is_there(Path::new(program))
    } else {
        let folders = variables.text("PATH").unwrap_or("/usr/bin:/bin");
        folders
            .split(':')
            .any(|folder| is_there(&Path::new(folder).join(program)))
    };
    if found {
        return Ok(());
    }
    Err(Failure::usage(format!("no program {program:?} to deliver to")).into())
}

/// Hands the object over, and waits until the deadline for exit status 0.
pub fn deliver(words: &[String], parcel: &Parcel<'_>, limit: Duration) -> Result<()> {
    let (program, arguments) = words.split_first().context("the command is empty")?;
    let object = object_with_password(parcel).to_whole_line();
    let mut child = Command::new(program)
        .args(arguments)
        // It has no use for the admin login.
        .env_remove("PG_ADMIN_PASS")
        .stdin(Stdio::piped())
        // pgrole's own stdout is for results.
        .stdout(Stdio::null())
        .spawn()
        .with_context(|| format!("cannot run {program:?}"))?;
    let stdin = child.stdin.take();
    // In a thread: a command that does not read must not hold up the deadline.
    let writer = std::thread::spawn(move || match stdin {
        Some(mut stdin) => stdin.write_all(object.as_bytes()),
        None => Ok(()),
    });
    let status = wait(&mut child, program, limit)?;
    if !status.success() {
        bail!("{program:?} ended with {status}");
    }
    match writer.join() {
        Ok(written) => written.with_context(|| format!("{program:?} did not read its input")),
        Err(_) => bail!("{program:?} did not read its input"),
    }
}

fn wait(child: &mut Child, program: &str, limit: Duration) -> Result<std::process::ExitStatus> {
    let deadline = Instant::now() + limit;
    loop {
        if let Some(status) = child
            .try_wait()
            .with_context(|| format!("cannot wait for {program:?}"))?
        {
            return Ok(status);
        }
        if Instant::now() > deadline {
            // It may be gone by now; what counts is that it did not end in time.
            child.kill().ok();
            child.wait().ok();
            bail!("{program:?} did not end within {} s", limit.as_secs_f32());
        }
        std::thread::sleep(POLL);
    }
}
