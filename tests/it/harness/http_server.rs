//! An HTTP server on loopback that keeps what it is sent, and answers as it is told: well, badly, late or never.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Instant;

use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::fake_server::FakeServer;
use super::sandbox::TIMEOUT;

/// What the server does with a request.
#[derive(Debug, Clone)]
pub enum Answer {
    /// A status line, header lines and a body.
    Of(&'static str, Vec<(&'static str, String)>, &'static str),
    /// Nothing, for as long as the other side waits.
    Silence,
    /// The end of the connection.
    Close,
}

impl Answer {
    pub fn status(line: &'static str) -> Self {
        Self::Of(line, Vec::new(), "")
    }
}

/// What was sent.
#[derive(Debug, Clone)]
pub struct Request {
    /// `POST /path HTTP/1.1`.
    pub line: String,
    headers: Vec<(String, String)>,
    pub body: String,
}

impl Request {
    /// A header's value, by its name in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let found = headers.find(|(own, _)| own.eq_ignore_ascii_case(name))?;
        Some(&found.1)
    }

    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body)
            .unwrap_or_else(|error| panic!("not JSON: {error}\n{}", self.body))
    }
}

/// The server; it lives until the test process ends.
pub struct HttpServer {
    pub port: u16,
    desk: Arc<Desk>,
}

#[derive(Default)]
struct Desk {
    requests: Mutex<Vec<Request>>,
    arrived: Condvar,
    answers: Mutex<VecDeque<Answer>>,
    unanswered: Mutex<Unanswered>,
}

#[derive(Default)]
struct Unanswered {
    now: usize,
    most: usize,
}

impl HttpServer {
    pub fn start() -> Self {
        Self::serving(serve)
    }

    /// With TLS, and a certificate for `localhost`; the second is the authority to trust, in PEM.
    pub fn start_with_tls() -> (Self, String) {
        let issued = rcgen::generate_simple_self_signed(["localhost".to_owned()]);
        let issued = issued.expect("a certificate can be made");
        let chain = vec![CertificateDer::from(issued.cert.der().to_vec())];
        let key = PrivateKeyDer::Pkcs8(issued.signing_key.serialize_der().into());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("the versions fit the provider")
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .expect("the key is the certificate's");
        let config = Arc::new(config);
        let server = Self::serving(move |stream, desk| {
            let connection = ServerConnection::new(Arc::clone(&config));
            let connection = connection.expect("the configuration is sound");
            serve(StreamOwned::new(connection, stream), desk);
        });
        (server, issued.cert.pem())
    }

    fn serving(serve: impl Fn(TcpStream, &Desk) + Send + Sync + 'static) -> Self {
        let desk = Arc::new(Desk::default());
        let own = Arc::clone(&desk);
        let server = FakeServer::start(move |stream| serve(stream, &own));
        Self {
            port: server.port,
            desk,
        }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Sets what the next requests get, one each; later ones get 200.
    pub fn answer(&self, answers: impl IntoIterator<Item = Answer>) {
        self.desk.answers.lock().expect("whole").extend(answers);
    }

    /// What has come so far.
    pub fn requests(&self) -> Vec<Request> {
        self.desk.requests.lock().expect("whole").clone()
    }

    /// How many requests have waited for an answer at one time, of those that get none.
    pub fn most_unanswered(&self) -> usize {
        self.desk.unanswered.lock().expect("whole").most
    }

    /// The one request that has come.
    #[track_caller]
    pub fn only_request(&self) -> Request {
        let requests = self.requests();
        assert_eq!(requests.len(), 1, "{requests:#?}");
        requests[0].clone()
    }

    /// Waits until so many requests have come.
    #[track_caller]
    pub fn wait_for(&self, count: usize) {
        let deadline = Instant::now() + TIMEOUT;
        let mut requests = self.desk.requests.lock().expect("whole");
        while requests.len() < count {
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "{} of {count} came", requests.len());
            requests = self
                .desk
                .arrived
                .wait_timeout(requests, left)
                .expect("whole")
                .0;
        }
    }
}

fn serve(stream: impl Read + Write, desk: &Desk) {
    let mut stream = BufReader::new(stream);
    while let Some(request) = read_request(&mut stream) {
        desk.requests.lock().expect("whole").push(request);
        let answer = desk.answers.lock().expect("whole").pop_front();
        desk.arrived.notify_all();
        match answer.unwrap_or(Answer::Of("200 OK", Vec::new(), "ok")) {
            Answer::Close => return,
            Answer::Silence => {
                let unanswered = || desk.unanswered.lock().expect("whole");
                {
                    let mut counted = unanswered();
                    counted.now += 1;
                    counted.most = counted.most.max(counted.now);
                }
                while matches!(stream.read(&mut [0; 1024]), Ok(1..)) {}
                unanswered().now -= 1;
            }
            Answer::Of(status, headers, body) => {
                let length = body.len();
                let mut text = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n");
                for (name, value) in headers {
                    text.push_str(&format!("{name}: {value}\r\n"));
                }
                text.push_str(&format!("\r\n{body}"));
                if stream.get_mut().write_all(text.as_bytes()).is_err()
                    || stream.get_mut().flush().is_err()
                {
                    return;
                }
            }
        }
    }
}

fn read_request(stream: &mut impl BufRead) -> Option<Request> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        lines.push(line.to_owned());
    }
    let mut lines = lines.into_iter();
    let line = lines.next()?;
    let headers: Vec<_> = lines
        .filter_map(|line| {
            let (name, value) = line.split_once(':')?;
            Some((name.to_owned(), value.trim().to_owned()))
        })
        .collect();
    let mut request = Request {
        line,
        headers,
        body: String::new(),
    };
    let length = request.header("Content-Length")?.parse().ok()?;
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    request.body = String::from_utf8(body).ok()?;
    Some(request)
}
