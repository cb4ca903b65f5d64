//! Servers that mean no good: messages that are announced too long, notices and rows without end. The memory stays small, and
//! the run comes to an end that says what was wrong.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use crate::harness::{FakeServer, Outcome, Sandbox, sandbox::Run};
use crate::scene::Scene;

/// What a run may take of the memory, in KiB.
const MOST_MEMORY: u64 = 100 * 1024;
const TIMEOUT: Duration = Duration::from_secs(2);
/// How much longer than its deadlines a run may take on a busy machine: it has one for the login and one for the answer.
const SLACK: Duration = Duration::from_secs(5);

/// `AuthenticationOk`.
const ACCEPTED: &[u8] = b"R\0\0\0\x08\0\0\0\0";
const CHECK: [&str; 8] = [
    "credential",
    "check",
    "-e",
    "dev",
    "-d",
    "app",
    "--timeout",
    "2",
];

/// A message of the server (PostgreSQL documentation, "Message Formats").
fn message(kind: u8, body: impl AsRef<[u8]>) -> Vec<u8> {
    let length = u32::try_from(body.as_ref().len() + 4).expect("a short message");
    [&[kind][..], &length.to_be_bytes(), body.as_ref()].concat()
}

/// All that a server says of a login without a password.
fn logged_in() -> Vec<u8> {
    [
        ACCEPTED.to_vec(),
        message(b'S', "server_version\x0015.0\0"),
        message(b'S', "server_encoding\0UTF8\0"),
        message(b'K', [1; 8]),
        message(b'Z', "I"),
    ]
    .concat()
}

/// Reads up to the startup message. No encryption is offered.
fn greet(stream: &mut TcpStream) -> Option<()> {
    loop {
        let mut head = [0; 8];
        stream.read_exact(&mut head).ok()?;
        let length = usize::try_from(u32::from_be_bytes(head[..4].try_into().ok()?)).ok()?;
        if length == 8 {
            stream.write_all(b"N").ok()?;
            continue;
        }
        return stream.read_exact(&mut vec![0; length - 8]).ok();
    }
}

/// Says this after the login, once it was asked something, and then the rest over and over.
fn server_that_says(login: Vec<u8>, answer: Vec<u8>, on_and_on: Vec<u8>) -> FakeServer {
    FakeServer::start(move |mut stream| {
        let said = || {
            greet(&mut stream)?;
            stream.write_all(&login).ok()?;
            if !answer.is_empty() {
                if stream.read(&mut [0; 4096]).ok()? == 0 {
                    return None;
                }
                stream.write_all(&answer).ok()?;
            }
            while !on_and_on.is_empty() {
                stream.write_all(&on_and_on).ok()?;
            }
            while stream.read(&mut [0; 4096]).ok()? > 0 {}
            Some(())
        };
        let mut said = said;
        said();
    })
}

fn sandbox_before(server: &FakeServer) -> Sandbox {
    let mut sandbox = Sandbox::new();
    sandbox.env("PG_ADMIN_USER", "admin");
    sandbox.env("PG_ADMIN_PASS", "hunter2-admin");
    sandbox.register_on_port(server.port, "dev", "app");
    let accept = ["-e", "dev", "-d", "app", "--require-auth", "none"];
    let update = sandbox.pgrole(["registry", "update"]).args(accept);
    update.run().expect_status(0);
    sandbox
}

/// Runs it, and asserts that it stays small, comes to an end in time, and does not panic.
#[track_caller]
fn run_bounded(run: Run<'_>) -> Outcome {
    let begun = Instant::now();
    let running = run.spawn();
    let status = format!("/proc/{}/status", running.id());
    let watch = thread::spawn(move || {
        let mut peak = 0;
        while let Ok(status) = fs::read_to_string(&status) {
            let found = status
                .lines()
                .find_map(|line| line.strip_prefix("VmHWM:"))
                .and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
            // Without one it has ended, and waits to be waited for.
            let Some(found) = found else { break };
            peak = found;
            thread::sleep(Duration::from_millis(2));
        }
        peak
    });
    let outcome = running.wait();
    let took = begun.elapsed();
    let peak = watch.join().expect("it only reads");
    assert!(peak < MOST_MEMORY, "{outcome}took {peak} KiB of memory");
    assert!(took < 2 * TIMEOUT + SLACK, "{outcome}took {took:?}");
    assert!(!outcome.stderr.contains("panicked"), "{outcome}");
    outcome
}

fn announced(kind: u8) -> Vec<u8> {
    [&[kind][..], &0x7fff_ffff_u32.to_be_bytes()].concat()
}

#[test]
fn a_message_of_two_gigabytes_is_refused_when_it_is_announced() {
    let nothing = vec![0; 1 << 16];
    for (login, answer, status) in [
        (announced(b'R'), Vec::new(), 5),
        (announced(b'E'), Vec::new(), 5),
        ([ACCEPTED, &announced(b'S')].concat(), Vec::new(), 5),
        ([ACCEPTED, &announced(b'N')].concat(), Vec::new(), 5),
        (logged_in(), announced(b'D'), 1),
        (logged_in(), announced(b'E'), 1),
        (logged_in(), announced(b'C'), 1),
    ] {
        let server = server_that_says(login, answer, nothing.clone());
        let sandbox = sandbox_before(&server);
        run_bounded(sandbox.pgrole(CHECK))
            .expect_status(status)
            .expect_in_stderr("the server announced a message of 2147483647 bytes, of at most ");
        assert_eq!(server.visitors(), 1, "it was tried again");
    }
}

#[test]
fn notices_without_end_are_not_kept() {
    let notice = message(b'N', format!("SNOTICE\0C00000\0M{}\0\0", "x".repeat(1000)));
    let warning = message(b'N', "C01000\0Mbeware\0\0");
    let notices = [notice.repeat(64), warning].concat();
    let server = server_that_says(ACCEPTED.to_vec(), Vec::new(), notices.clone());
    run_bounded(sandbox_before(&server).pgrole(CHECK))
        .expect_status(5)
        .expect_in_stderr("within 2 seconds, in phase login");
    let server = server_that_says(logged_in(), notices.clone(), notices);
    let outcome = run_bounded(sandbox_before(&server).pgrole(CHECK));
    outcome.expect_status(75);
    let warnings = outcome.stderr.matches("the server warns: beware").count();
    assert_eq!(warnings, 1, "{outcome}");
}

#[test]
fn rows_and_parameters_without_end_are_not_kept() {
    let parameter = |number: usize| message(b'S', format!("n{number:08}\0{}\0", "x".repeat(1000)));
    let parameters: Vec<u8> = (0..2_000).flat_map(parameter).collect();
    let server = server_that_says(ACCEPTED.to_vec(), Vec::new(), parameters.clone());
    run_bounded(sandbox_before(&server).pgrole(CHECK))
        .expect_status(5)
        .expect_in_stderr("the server reports parameters without end");
    let row = [&b"\0\x01\0\0\x40\0"[..], &[b'x'; 1 << 14]].concat();
    let row = message(b'D', row);
    for answer in [row, parameters, message(b'C', "BEGIN\0").repeat(1000)] {
        let server = server_that_says(logged_in(), answer.clone(), answer);
        let outcome = run_bounded(sandbox_before(&server).pgrole(CHECK));
        assert!(
            matches!(outcome.status(), Some(1 | 75)),
            "{outcome}wanted: an error"
        );
    }
}

#[test]
fn a_server_that_asks_for_too_much_arithmetic_is_refused() {
    let server = FakeServer::start(|mut stream| {
        let said = || {
            greet(&mut stream)?;
            let request = message(b'R', b"\0\0\0\x0aSCRAM-SHA-256\0\0");
            stream.write_all(&request).ok()?;
            let mut bytes = [0; 1024];
            let length = stream.read(&mut bytes).ok()?;
            let said = String::from_utf8_lossy(&bytes[..length]).into_owned();
            let (_, nonce) = said.split_once("r=")?;
            let challenge = format!("\0\0\0\x0br={nonce}more,s=c2FsdHNhbHQ=,i=2000000000");
            stream.write_all(&message(b'R', challenge)).ok()?;
            while stream.read(&mut bytes).ok()? > 0 {}
            Some(())
        };
        let mut said = said;
        said();
    });
    let sandbox = sandbox_before(&server);
    let accept = ["-e", "dev", "-d", "app", "--require-auth", "scram-sha-256"];
    let update = sandbox.pgrole(["registry", "update"]).args(accept);
    update.run().expect_status(0);
    run_bounded(sandbox.pgrole(CHECK))
        .expect_status(5)
        .expect_in_stderr(
            "the server asks for 2000000000 iterations of SCRAM, of at most 10000000",
        );
}

#[test]
fn what_the_server_warns_of_in_a_change_is_in_the_result_once_and_without_secrets() {
    let scene = Scene::new();
    // Grants what its owner has and may not hand on: the server warns (01007).
    scene.area.superuser_psql(&format!(
        "CREATE TABLE public.closed(); CREATE ROLE {0}; CREATE ROLE {1};
         GRANT SELECT ON public.closed TO {0};
         CREATE FUNCTION public.grant_nothing() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS $f$ BEGIN
             GRANT SELECT ON public.closed TO {1};
             RAISE WARNING 'was SCRAM-SHA-256$4096:x$y:z';
             RAISE NOTICE 'so what';
         END $f$;
         ALTER FUNCTION public.grant_nothing() OWNER TO {0};
         CREATE EVENT TRIGGER {2} ON ddl_command_start WHEN TAG IN ('ALTER DEFAULT PRIVILEGES')
             EXECUTE FUNCTION public.grant_nothing()",
        scene.role("poor"),
        scene.role("other"),
        scene.role("trigger"),
    ));
    let outcome = scene
        .user("readonly", &["-u", &scene.role("jane"), "--format", "json"])
        .run();
    outcome.expect_status(0);
    let warnings = outcome.json()["warnings"].clone();
    let wanted = "the server warns: no privileges were granted for \"closed\" (SQLSTATE 01007)";
    let said = warnings.as_array();
    let said = said.unwrap_or_else(|| panic!("{outcome}wanted: warnings"));
    let count = |text: &str| said.iter().filter(|it| it.as_str() == Some(text)).count();
    assert_eq!(count(wanted), 1, "{outcome}");
    assert!(!outcome.stdout.contains("so what"), "{outcome}");
    assert!(
        !format!("{warnings}{}", outcome.stderr).contains("SCRAM"),
        "{outcome}"
    );
}
