//! Servers on loopback that are not PostgreSQL, and what they were sent.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::certificates::Signed;

/// Answers every connection in the same way. Runs until the test process ends.
pub struct Impostor {
    port: u16,
    heard: Arc<Mutex<Vec<u8>>>,
}

impl Impostor {
    /// Answers the first message, and hangs up.
    pub fn answering(answer: &[u8]) -> Self {
        let answer = answer.to_vec();
        Self::serving(move |stream, heard| {
            hear(stream, heard);
            stream.write_all(&answer).ok();
        })
    }

    /// Speaks TLS, and nothing in it: a web server, say, which knows nothing of PostgreSQL's protocol.
    pub fn of_tls(signed: &Signed) -> Self {
        let chain =
            CertificateDer::pem_slice_iter(signed.certificate.as_bytes()).map(Result::unwrap);
        let key = PrivateKeyDer::from_pem_slice(signed.key.as_bytes()).expect("a key in PEM");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("ring knows them")
            .with_no_client_auth()
            .with_single_cert(chain.collect(), key)
            .expect("they belong together");
        let config = Arc::new(config);
        Self::serving(move |stream, _| {
            let session = rustls::ServerConnection::new(Arc::clone(&config));
            session
                .expect("the configuration is good")
                .complete_io(stream)
                .ok();
        })
    }

    /// Lets `serve` speak on each connection, then hears out what else is sent for a moment.
    pub fn serving(serve: impl Fn(&mut TcpStream, &Mutex<Vec<u8>>) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let recorded = Arc::clone(&heard);
        thread::spawn(move || {
            for mut stream in listener.incoming().map_while(Result::ok) {
                serve(&mut stream, &recorded);
                stream.shutdown(std::net::Shutdown::Write).ok();
                let moment = Duration::from_millis(200);
                stream.set_read_timeout(Some(moment)).ok();
                while hear(&mut stream, &recorded) > 0 {}
            }
        });
        Self { port, heard }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// All bytes that it was sent up to now.
    pub fn heard(&self) -> Vec<u8> {
        let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.clone()
    }
}

/// Reads what comes, and remembers it.
pub fn hear(stream: &mut TcpStream, heard: &Mutex<Vec<u8>>) -> usize {
    let mut bytes = [0; 4096];
    let length = stream.read(&mut bytes).unwrap_or(0);
    let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
    heard.extend_from_slice(&bytes[..length]);
    length
}
