//! A TCP proxy that spoils one message of a run, whichever connection it is on and whoever sends it. Sessions are not encrypted.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use socket2::SockRef;

use super::cluster::Cluster;

/// What becomes of the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The connection is reset, and the message is lost.
    ResetBefore,
    ResetAfter,
    /// The message and all that follows come one byte at a time.
    OneByte,
    /// It is late.
    Stall,
    /// Nothing passes any more, on any connection.
    BlackHole,
    /// The server's side ends, and the client is not told.
    HalfOpen,
    /// Other bytes come in its place.
    Garbage,
    /// The server announces 2 GiB in its place, and sends on and on.
    Oversized,
    /// Notices without end come in its place.
    NeverEnding,
}

impl Fault {
    pub const ALL: [Self; 9] = [
        Self::ResetBefore,
        Self::ResetAfter,
        Self::OneByte,
        Self::Stall,
        Self::BlackHole,
        Self::HalfOpen,
        Self::Garbage,
        Self::Oversized,
        Self::NeverEnding,
    ];

    fn is_of_server(self) -> bool {
        matches!(self, Self::Oversized | Self::NeverEnding)
    }
}

const LATE: Duration = Duration::from_millis(300);

/// A running proxy, until the test process ends.
pub struct FaultProxy {
    port: u16,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    /// The fault, and how many messages pass before it.
    plan: Option<(Fault, usize)>,
    /// How many messages there were.
    seen: usize,
    is_met: bool,
    is_black_hole: bool,
    is_slow: bool,
}

/// One direction of a connection.
struct Pump {
    from: TcpStream,
    to: TcpStream,
    is_from_server: bool,
    /// Whether the client is not to learn that the server's side ended; shared by both directions.
    is_half_open: Arc<AtomicBool>,
    state: Arc<Mutex<State>>,
}

impl FaultProxy {
    pub fn before(cluster: &Cluster) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let address = listener.local_addr();
        let port = address.expect("a bound socket has an address").port();
        let (server, state) = (cluster.port(), Arc::<Mutex<State>>::default());
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                // A server that cannot be reached closes the client's connection.
                join(&client, server, &shared).ok();
            }
        });
        Self { port, state }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Spoils the message with that number, counted from now on.
    pub fn spoil(&self, fault: Fault, number: usize) {
        *lock(&self.state) = State {
            plan: Some((fault, number)),
            ..State::default()
        };
    }

    /// Lets everything pass, and counts from zero.
    pub fn heal(&self) {
        *lock(&self.state) = State::default();
    }

    /// How many messages there were since `spoil` or `heal`.
    pub fn seen(&self) -> usize {
        lock(&self.state).seen
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn join(client: &TcpStream, server: u16, state: &Arc<Mutex<State>>) -> io::Result<()> {
    let server = TcpStream::connect((Cluster::HOST, server))?;
    let is_half_open = Arc::new(AtomicBool::new(false));
    for stream in [client, &server] {
        stream.set_nodelay(true)?;
    }
    for is_from_server in [false, true] {
        let (client, server) = (client.try_clone()?, server.try_clone()?);
        let (from, to) = if is_from_server {
            (server, client)
        } else {
            (client, server)
        };
        let pump = Pump {
            from,
            to,
            is_from_server,
            is_half_open: Arc::clone(&is_half_open),
            state: Arc::clone(state),
        };
        thread::spawn(move || pump.run());
    }
    Ok(())
}

impl State {
    /// The fault of the next message, if it is the one.
    fn next(&mut self, is_from_server: bool) -> Option<Fault> {
        let number = self.seen;
        self.seen += 1;
        let (fault, at) = self.plan?;
        if self.is_met || number < at || fault.is_of_server() && !is_from_server {
            return None;
        }
        self.is_met = true;
        self.is_slow = fault == Fault::OneByte;
        self.is_black_hole = fault == Fault::BlackHole;
        Some(fault)
    }
}

impl Pump {
    fn run(mut self) -> io::Result<()> {
        let mut pending = Vec::new();
        let mut bytes = [0; 16 * 1024];
        // The client's first message has no type.
        let mut typed = usize::from(self.is_from_server);
        loop {
            let length = self.from.read(&mut bytes).unwrap_or_default();
            if length == 0 {
                if !self.is_half_open.load(Ordering::SeqCst) {
                    self.to.shutdown(Shutdown::Write)?;
                }
                return Ok(());
            }
            pending.extend_from_slice(&bytes[..length]);
            while let Some(length) = length_of(&pending, typed) {
                let message: Vec<_> = pending.drain(..length).collect();
                typed = 1;
                self.pass(&message)?;
            }
        }
    }

    fn pass(&mut self, message: &[u8]) -> io::Result<()> {
        let (fault, is_black_hole, is_slow) = {
            let mut state = lock(&self.state);
            let fault = state.next(self.is_from_server);
            (fault, state.is_black_hole, state.is_slow)
        };
        if is_black_hole || self.is_half_open.load(Ordering::SeqCst) {
            return Ok(());
        }
        match fault {
            None | Some(Fault::OneByte | Fault::BlackHole) => {}
            Some(Fault::ResetBefore) => return self.reset(),
            Some(Fault::ResetAfter) => {
                self.to.write_all(message)?;
                return self.reset();
            }
            Some(Fault::Stall) => thread::sleep(LATE),
            Some(Fault::HalfOpen) => {
                self.is_half_open.store(true, Ordering::SeqCst);
                let server = if self.is_from_server {
                    &self.from
                } else {
                    &self.to
                };
                return server.shutdown(Shutdown::Both);
            }
            Some(Fault::Garbage) => return self.to.write_all(&[0xf3; 64]),
            Some(Fault::Oversized) => {
                self.to.write_all(&[message[0], 0x7f, 0xff, 0xff, 0xff])?;
                self.go_on(&[0; 4096])?;
            }
            Some(Fault::NeverEnding) => self.go_on(b"N\0\0\0\x0fC00000\0M.\0\0")?,
        }
        if is_slow {
            return message
                .iter()
                .try_for_each(|byte| self.to.write_all(&[*byte]));
        }
        self.to.write_all(message)
    }

    /// Until nobody is there to read it.
    fn go_on(&mut self, bytes: &[u8]) -> io::Result<()> {
        let bytes = bytes.repeat(64);
        loop {
            self.to.write_all(&bytes)?;
        }
    }

    fn reset(&self) -> io::Result<()> {
        for stream in [&self.from, &self.to] {
            SockRef::from(stream).set_linger(Some(Duration::ZERO))?;
            stream.shutdown(Shutdown::Both).ok();
        }
        Err(io::ErrorKind::ConnectionReset.into())
    }
}

/// The length of the first message, if it is whole.
fn length_of(bytes: &[u8], typed: usize) -> Option<usize> {
    let length = bytes.get(typed..typed + 4)?.try_into().ok()?;
    let length = typed + usize::try_from(u32::from_be_bytes(length)).ok()?;
    (bytes.len() >= length).then_some(length)
}
