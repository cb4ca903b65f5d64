//! What answers on a port without being PostgreSQL: nobody, somebody silent, somebody rude. Counts who comes.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use socket2::{Domain, Socket, Type};

/// A port of loopback that is ours, on which nobody listens. Dropping it gives the port back.
pub struct ClosedPort {
    pub port: u16,
    _socket: Socket,
}

impl ClosedPort {
    pub fn new() -> Self {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("there are sockets left");
        let any: std::net::SocketAddr = ([127, 0, 0, 1], 0).into();
        socket.bind(&any.into()).expect("loopback has a free port");
        let address = socket.local_addr().expect("a bound socket has an address");
        let port = address.as_socket().expect("an IP address").port();
        Self {
            port,
            _socket: socket,
        }
    }
}

/// A server that does as it is told with each connection, until the test process ends.
pub struct FakeServer {
    pub port: u16,
    visitors: Arc<AtomicUsize>,
}

impl FakeServer {
    /// Takes each connection, in a thread of its own, to its end.
    pub fn start(serve: impl Fn(TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let address = listener
            .local_addr()
            .expect("a bound socket has an address");
        let visitors = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&visitors);
        let serve = Arc::new(serve);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                counter.fetch_add(1, Ordering::SeqCst);
                let serve = Arc::clone(&serve);
                thread::spawn(move || serve(stream));
            }
        });
        Self {
            port: address.port(),
            visitors,
        }
    }

    /// Accepts, reads, and never says a word.
    pub fn silent() -> Self {
        Self::start(|mut stream| while matches!(stream.read(&mut [0; 1024]), Ok(1..)) {})
    }

    /// Closes every connection at once.
    pub fn closing() -> Self {
        Self::start(drop)
    }

    /// Waits for the first message, answers with these bytes, and is silent from then on.
    pub fn answering(bytes: &'static [u8]) -> Self {
        Self::start(move |mut stream| {
            let mut message = [0; 1024];
            if matches!(stream.read(&mut message), Ok(1..)) && stream.write_all(bytes).is_ok() {
                while matches!(stream.read(&mut message), Ok(1..)) {}
            }
        })
    }

    /// How many have connected so far.
    pub fn visitors(&self) -> usize {
        self.visitors.load(Ordering::SeqCst)
    }
}
