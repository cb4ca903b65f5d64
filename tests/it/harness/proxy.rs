//! A TCP proxy in front of a server: counts round trips on the wire, and can cut or swallow what passes.
//!
//! Only the start of a session that is not encrypted is understood; encrypted bytes pass, and are counted, as they come.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::cluster::{Cluster, Login};
use super::sandbox::Outcome;

/// How long an answer within a transaction is kept back, to see whether the client sends more without it. On a busy
/// machine the server is done with the first half of what the client has to send before that sends the second.
const KEPT_BACK: Duration = Duration::from_millis(500);

/// What to do with a client's messages. What passes does so with the messages that the client sent with it in one go,
/// before it had any answer: the rest of a transaction, such as its COMMIT.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Plan {
    /// Everything passes.
    Pass,
    /// Closes both sides before a client message with these bytes in it reaches the server.
    CutBefore(Vec<u8>),
    /// Lets a client message with these bytes in it pass, waits for the server's answer, swallows it and closes both sides.
    CutAfter(Vec<u8>),
    /// Accepts connections and reads, but nothing passes any more, in either direction.
    BlackHole,
    /// Becomes a black hole before a client message with these bytes in it reaches the server.
    BlackHoleBefore(Vec<u8>),
    /// Lets a client message with these bytes in it pass, and becomes a black hole for its answer and all that follows.
    BlackHoleAfter(Vec<u8>),
    /// Lets a client message with these bytes in it pass and closes the server's side; the client is not told, and waits.
    HalfOpenAfter(Vec<u8>),
    /// Puts a statement that fails with this SQLSTATE in the place of so many client messages with these bytes in them.
    Refuse(Vec<u8>, &'static str, usize),
}

/// What becomes of a client's message.
enum Verdict {
    Passes,
    /// So does what the client sent with it.
    PassesWithRest,
    IsSwallowed,
    IsReplacedBy(Vec<u8>),
}

impl Plan {
    pub fn cut_before(bytes: impl Into<Vec<u8>>) -> Self {
        Self::CutBefore(bytes.into())
    }

    pub fn cut_after(bytes: impl Into<Vec<u8>>) -> Self {
        Self::CutAfter(bytes.into())
    }
}

/// What one connection has carried.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Traffic {
    /// How many times the client waited for the server: what it sends before all answers are there is no new wait.
    pub round_trips: usize,
    /// The types of the client's messages: `startup`, `p`, `Q`, `P`…; none once the session is encrypted.
    /// Without the last one, `X`: a client that has sent it ends without waiting for us to read it.
    pub messages: Vec<String>,
}

/// A running proxy. Dropping it closes its connections.
pub struct Proxy {
    port: u16,
    password: String,
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
}

struct State {
    /// The port of the server behind.
    server: u16,
    plan: Plan,
    /// Whether a cut is followed by `Plan::Pass`.
    once: bool,
    closing: bool,
    connections: Vec<Connection>,
}

/// What the client is known to do.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Client {
    #[default]
    HasAllAnswers,
    Waits,
    /// It has not had the last answer, and so does not send because of it.
    IsKeptBack,
}

#[derive(Default)]
struct Connection {
    traffic: Traffic,
    client: Client,
    /// Questions without their `ReadyForQuery`, once the startup message has passed in clear; None: bytes are just bytes.
    unanswered: Option<usize>,
    swallowing: bool,
    half_open: bool,
    streams: Vec<TcpStream>,
}

impl Proxy {
    /// Listens on a port of its own on loopback.
    pub fn before(cluster: &Cluster) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let port = listener
            .local_addr()
            .expect("a bound socket has an address")
            .port();
        let state = State {
            server: cluster.port(),
            plan: Plan::Pass,
            once: false,
            closing: false,
            connections: Vec::new(),
        };
        let shared = Arc::new(Shared {
            state: Mutex::new(state),
        });
        let serving = Arc::clone(&shared);
        thread::spawn(move || serving.serve(&listener));
        Self {
            port,
            password: cluster.password().to_owned(),
            shared,
        }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Runs statements by psql as the superuser, through the proxy.
    pub fn psql(&self, database: &str, sql: &str) -> Outcome {
        let login = Login {
            user: Cluster::SUPERUSER,
            password: &self.password,
            database,
        };
        login.psql(self.port, sql)
    }

    /// Leads to another server from now on, as a name does after a failover.
    pub fn lead_to(&self, cluster: &Cluster) {
        self.shared.lock().server = cluster.port();
    }

    /// Follows the plan from now on, for connections there are too.
    pub fn always(&self, plan: Plan) {
        let mut state = self.shared.lock();
        (state.plan, state.once) = (plan, false);
    }

    /// Follows the plan until it has cut a connection, and lets everything pass after that.
    pub fn once(&self, plan: Plan) {
        let mut state = self.shared.lock();
        (state.plan, state.once) = (plan, true);
    }

    /// Lets connections from now on lead to another port: that of a pooler before the cluster.
    pub fn lead_to_port(&self, port: u16) {
        self.shared.lock().server = port;
    }

    /// Counts the round trips of all connections since the start or the last `forget`.
    pub fn round_trips(&self) -> usize {
        self.traffic()
            .iter()
            .map(|traffic| traffic.round_trips)
            .sum()
    }

    /// Returns what each connection has carried, in the order in which they came.
    pub fn traffic(&self) -> Vec<Traffic> {
        self.shared
            .lock()
            .connections
            .iter()
            .map(|connection| connection.traffic.clone())
            .collect()
    }

    /// Counts from zero again.
    pub fn forget(&self) {
        for connection in &mut self.shared.lock().connections {
            connection.traffic = Traffic::default();
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        state.closing = true;
        for connection in &state.connections {
            connection.close();
        }
        drop(state);
        // Wakes the listener, which looks at `closing` only when somebody comes.
        TcpStream::connect(("127.0.0.1", self.port)).ok();
    }
}

impl Connection {
    /// Notes a message that passes.
    fn count(&mut self, message: &Message) {
        let is_first = self.unanswered.is_none_or(|unanswered| unanswered == 0);
        if is_first && self.client == Client::HasAllAnswers {
            self.client = Client::Waits;
        }
        match (message.kind.as_deref(), &mut self.unanswered) {
            (Some("startup"), unanswered) => *unanswered = Some(0),
            (Some("Q" | "S"), Some(unanswered)) => *unanswered += 1,
            _ => {}
        }
        let kind = message.kind.clone().filter(|kind| kind != "X");
        self.traffic.messages.extend(kind);
    }

    /// Whether the server has answered all that it was asked, its last answer included.
    fn is_answered(&self, answer: &[u8]) -> bool {
        match self.unanswered {
            Some(unanswered) => unanswered == 0,
            None => is_whole_answer(answer),
        }
    }

    fn close(&self) {
        for stream in &self.streams {
            stream.shutdown(Shutdown::Both).ok();
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn serve(self: Arc<Self>, listener: &TcpListener) {
        while let Ok((client, _)) = listener.accept() {
            if self.lock().closing {
                return;
            }
            let shared = Arc::clone(&self);
            thread::spawn(move || shared.connect(client));
        }
    }

    /// Joins a client and the server; a server that cannot be reached closes the client's connection.
    fn connect(self: Arc<Self>, client: TcpStream) -> io::Result<()> {
        let port = self.lock().server;
        let server = TcpStream::connect((Cluster::HOST, port))?;
        for stream in [&client, &server] {
            stream.set_nodelay(true)?;
        }
        let number = {
            let mut state = self.lock();
            let streams = vec![client.try_clone()?, server.try_clone()?];
            state.connections.push(Connection {
                streams,
                ..Connection::default()
            });
            state.connections.len() - 1
        };
        let (from_server, to_client) = (server.try_clone()?, client.try_clone()?);
        let answering = Arc::clone(&self);
        thread::spawn(move || answering.pass_answers(number, from_server, to_client));
        self.pass_questions(number, client, server)
    }

    fn pass_questions(
        &self,
        number: usize,
        mut client: TcpStream,
        mut server: TcpStream,
    ) -> io::Result<()> {
        let mut framing = Framing::default();
        let mut bytes = [0; 16 * 1024];
        // What the client sends in one go passes in one go: none of it is answered before it has sent the rest.
        let mut passing = Vec::new();
        loop {
            let length = client.read(&mut bytes)?;
            if length == 0 {
                return server.shutdown(Shutdown::Write);
            }
            let mut is_rest = false;
            for message in framing.messages(&bytes[..length]) {
                if is_rest {
                    self.count(number, &message);
                    passing.extend(message.bytes);
                    continue;
                }
                match self.judge(number, &message) {
                    Verdict::Passes => passing.extend(message.bytes),
                    Verdict::PassesWithRest => {
                        is_rest = true;
                        passing.extend(message.bytes);
                    }
                    Verdict::IsSwallowed => {}
                    Verdict::IsReplacedBy(statement) => passing.extend(statement),
                }
            }
            if framing.is_within_message() {
                continue;
            }
            server.write_all(&passing)?;
            passing.clear();
        }
    }

    fn is_half_open(&self, number: usize) -> bool {
        self.lock().connections[number].half_open
    }

    /// Counts the message, and says whether it passes.
    fn judge(&self, number: usize, message: &Message) -> Verdict {
        let mut state = self.lock();
        let plan = state.plan.clone();
        let cut = match &plan {
            Plan::CutBefore(wanted)
            | Plan::CutAfter(wanted)
            | Plan::BlackHoleBefore(wanted)
            | Plan::BlackHoleAfter(wanted)
            | Plan::HalfOpenAfter(wanted)
            | Plan::Refuse(wanted, ..) => contains(&message.bytes, wanted),
            Plan::Pass | Plan::BlackHole => false,
        };
        if cut && matches!(plan, Plan::BlackHoleBefore(_) | Plan::BlackHoleAfter(_)) {
            state.plan = Plan::BlackHole;
            return match plan {
                Plan::BlackHoleAfter(_) => {
                    state.connections[number].count(message);
                    Verdict::PassesWithRest
                }
                _ => Verdict::IsSwallowed,
            };
        }
        if let (true, Plan::Refuse(wanted, code, times)) = (cut, &plan) {
            state.plan = match times {
                ..=1 => Plan::Pass,
                _ => Plan::Refuse(wanted.clone(), code, times - 1),
            };
            state.connections[number].count(message);
            return Verdict::IsReplacedBy(refusal(code));
        }
        if cut && state.once {
            state.plan = Plan::Pass;
        }
        let connection = &mut state.connections[number];
        if plan == Plan::BlackHole || connection.swallowing || connection.half_open {
            return Verdict::IsSwallowed;
        }
        connection.half_open = cut && matches!(plan, Plan::HalfOpenAfter(_));
        if cut && matches!(plan, Plan::CutBefore(_)) {
            connection.close();
            return Verdict::IsSwallowed;
        }
        connection.swallowing = cut && matches!(plan, Plan::CutAfter(_));
        connection.count(message);
        if connection.swallowing || connection.half_open {
            Verdict::PassesWithRest
        } else {
            Verdict::Passes
        }
    }

    fn count(&self, number: usize, message: &Message) {
        self.lock().connections[number].count(message);
    }

    fn pass_answers(
        &self,
        number: usize,
        mut server: TcpStream,
        mut client: TcpStream,
    ) -> io::Result<()> {
        let mut bytes = [0; 16 * 1024];
        let mut swallowed = Vec::new();
        let mut answers = Vec::new();
        loop {
            let length = server.read(&mut bytes)?;
            if length == 0 && self.is_half_open(number) {
                return Ok(());
            }
            if length == 0 {
                return client.shutdown(Shutdown::Write);
            }
            let mut state = self.lock();
            let black_hole = state.plan == Plan::BlackHole;
            let connection = &mut state.connections[number];
            connection.traffic.round_trips += usize::from(connection.client == Client::Waits);
            connection.client = Client::HasAllAnswers;
            if let Some(unanswered) = &mut connection.unanswered {
                answers.extend_from_slice(&bytes[..length]);
                *unanswered = unanswered.saturating_sub(take_ready_for_query(&mut answers));
            }
            if connection.half_open {
                // Not before the server has answered all: a reset would have it end the transaction.
                if connection.is_answered(&bytes[..length]) {
                    drop(state);
                    return server.shutdown(Shutdown::Both);
                }
                continue;
            }
            if connection.swallowing {
                swallowed.extend_from_slice(&bytes[..length]);
                if connection.is_answered(&swallowed) {
                    connection.close();
                }
                continue;
            }
            let within_transaction =
                connection.unanswered == Some(0) && bytes[..length].ends_with(IN_TRANSACTION);
            drop(state);
            if black_hole {
                continue;
            }
            if within_transaction {
                self.keep_back(number);
            }
            client.write_all(&bytes[..length])?;
        }
    }

    /// Waits until the client has sent more, or is seen to wait for its answer.
    fn keep_back(&self, number: usize) {
        let deadline = Instant::now() + KEPT_BACK;
        self.lock().connections[number].client = Client::IsKeptBack;
        while Instant::now() < deadline && self.lock().connections[number].unanswered == Some(0) {
            thread::sleep(Duration::from_millis(1));
        }
        self.lock().connections[number].client = Client::HasAllAnswers;
    }
}

/// A query that fails (PostgreSQL documentation, "Message Formats").
fn refusal(code: &str) -> Vec<u8> {
    let sql = format!(
        "DO $$ BEGIN RAISE EXCEPTION 'refused by a policy' USING ERRCODE = '{code}'; END $$\0"
    );
    let length = u32::try_from(sql.len() + 4).expect("a short message");
    [&b"Q"[..], &length.to_be_bytes(), sql.as_bytes()].concat()
}

/// `ReadyForQuery` within a transaction.
const IN_TRANSACTION: &[u8] = b"Z\0\0\0\x05T";

/// Takes whole messages of the server away, and counts those that end the answer to a question.
fn take_ready_for_query(answers: &mut Vec<u8>) -> usize {
    let mut ready = 0;
    while let Some(length) = length_at(answers, 1)
        && answers.len() > length
    {
        ready += usize::from(answers[0] == b'Z');
        answers.drain(..=length);
    }
    ready
}

/// `ReadyForQuery` ends the answer to a query.
fn is_whole_answer(bytes: &[u8]) -> bool {
    bytes.len() >= 6 && bytes[bytes.len() - 6..].starts_with(b"Z\0\0\0\x05")
}

/// Cuts the client's bytes into messages.
#[derive(Default)]
struct Framing {
    pending: Vec<u8>,
    phase: Phase,
}

#[derive(Default, PartialEq, Eq)]
enum Phase {
    /// Messages without a type: requests for encryption, then the startup message.
    #[default]
    Startup,
    Typed,
    Encrypted,
}

struct Message {
    kind: Option<String>,
    bytes: Vec<u8>,
}

const TLS_REQUEST: &[u8] = &80_877_103_u32.to_be_bytes();
const GSS_REQUEST: &[u8] = &80_877_104_u32.to_be_bytes();
const CANCEL_REQUEST: &[u8] = &80_877_102_u32.to_be_bytes();
const TLS_HANDSHAKE: u8 = 0x16;

impl Framing {
    /// Takes in what was read and returns the messages that are complete.
    fn messages(&mut self, bytes: &[u8]) -> Vec<Message> {
        self.pending.extend_from_slice(bytes);
        std::iter::from_fn(|| self.next_message()).collect()
    }

    fn is_within_message(&self) -> bool {
        !self.pending.is_empty()
    }

    fn next_message(&mut self) -> Option<Message> {
        // After its request, or without one from PostgreSQL 17 on, the client's first byte says that it encrypts.
        if self.phase == Phase::Startup && self.pending.first() == Some(&TLS_HANDSHAKE) {
            self.phase = Phase::Encrypted;
        }
        let (kind, length) = match self.phase {
            Phase::Encrypted => (
                None,
                (!self.pending.is_empty()).then_some(self.pending.len())?,
            ),
            Phase::Startup => {
                let kind = match self.pending.get(4..8)? {
                    TLS_REQUEST => "TLS request",
                    GSS_REQUEST => "GSS request",
                    CANCEL_REQUEST => "cancel request",
                    _ => "startup",
                };
                (Some(kind.to_owned()), length_at(&self.pending, 0)?)
            }
            Phase::Typed => {
                let kind = char::from(*self.pending.first()?).to_string();
                (Some(kind), 1 + length_at(&self.pending, 1)?)
            }
        };
        if self.pending.len() < length {
            return None;
        }
        if kind.as_deref() == Some("startup") {
            self.phase = Phase::Typed;
        }
        Some(Message {
            kind,
            bytes: self.pending.drain(..length).collect(),
        })
    }
}

fn length_at(bytes: &[u8], at: usize) -> Option<usize> {
    let four = bytes.get(at..at + 4)?.try_into().ok()?;
    usize::try_from(u32::from_be_bytes(four)).ok()
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}
