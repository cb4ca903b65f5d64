//! A command: gets the message as one JSON object on standard input, without a shell; exit status 0 means taken.

use std::io::{Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::domain::message::notification::{Message, on_one_line};
use crate::domain::variables::WITHHELD;
use crate::notify::body::json;
use crate::notify::refusal::MessageRefusal;

const POLL: Duration = Duration::from_millis(10);
/// How much of its standard error is passed on, in bytes.
const LONGEST_ANSWER: u64 = 300;

pub fn send(words: &[String], message: &Message, deadline: Instant) -> Result<(), MessageRefusal> {
    let (program, arguments) = words
        .split_first()
        .ok_or_else(|| MessageRefusal::lasting("the command is empty"))?;
    let object = format!("{}\n", json(message)?);
    let mut command = Command::new(program);
    // It has no use for the admin credential, whatever its source.
    for name in WITHHELD {
        command.env_remove(name);
    }
    let mut child = command
        .args(arguments)
        .stdin(Stdio::piped())
        // pgrole's own output is for results.
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| MessageRefusal::lasting(format!("cannot run {program:?}: {error}")))?;
    let stdin = child.stdin.take();
    // In threads: a command that does not read, or keeps its output open, must not delay the deadline.
    std::thread::spawn(move || stdin.map(|mut stdin| stdin.write_all(object.as_bytes())));
    let said = read_in_background(&mut child);
    let status = wait(&mut child, program, deadline)?;
    if status.success() {
        return Ok(());
    }
    let said = said.recv_timeout(POLL * 10).unwrap_or_default();
    let mut reason = format!("{program:?} ended with {status}");
    if !said.is_empty() {
        reason = format!("{reason}: {said}");
    }
    Err(MessageRefusal::passing(reason))
}

fn read_in_background(child: &mut Child) -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    let stderr = child.stderr.take();
    std::thread::spawn(move || {
        let mut said = Vec::new();
        if let Some(mut stderr) = stderr {
            stderr
                .by_ref()
                .take(LONGEST_ANSWER)
                .read_to_end(&mut said)
                .ok();
            let said = on_one_line(String::from_utf8_lossy(&said).trim());
            // The receiver is gone if nobody waits any more.
            sender.send(said).ok();
            // The rest is read too, so that the command does not block on a full pipe.
            std::io::copy(&mut stderr, &mut std::io::sink()).ok();
        }
    });
    receiver
}

fn wait(child: &mut Child, program: &str, deadline: Instant) -> Result<ExitStatus, MessageRefusal> {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status),
            Ok(None) if Instant::now() < deadline => std::thread::sleep(POLL),
            Ok(None) => {
                // It may have exited by now; what counts is that it did not in time.
                child.kill().ok();
                child.wait().ok();
                return Err(MessageRefusal::passing(format!(
                    "{program:?} did not end in time"
                )));
            }
            Err(error) => {
                return Err(MessageRefusal::passing(format!(
                    "cannot wait for {program:?}: {error}"
                )));
            }
        }
    }
}
