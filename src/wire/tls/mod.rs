//! TLS with rustls, its settings interpreted as in libpq.
//!
//! - `trust`: the trusted roots, and the verification of a server's certificate
//! - `names`: whether a certificate matches a host
//! - `identity`: the client certificate

mod default_file;
mod identity;
mod names;
mod trust;

use std::fmt;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};

use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{ServerName, UnixTime};
use rustls::{AlertDescription, CertificateError, ClientConfig};
use sha2::{Digest, Sha256, Sha384, Sha512};
use tokio_postgres::tls::{ChannelBinding, TlsConnect, TlsStream};
use x509_cert::Certificate;
use x509_cert::der::Decode;
use x509_cert::der::oid::db::rfc5912;

use crate::domain::failure::{Failure, Kind};
use crate::domain::target::Target;
use crate::domain::target::address::Hostname;
use crate::domain::target::encryption::{SslMode, SslNegotiation};
use crate::domain::target::require_auth;
use crate::domain::target::require_auth::ClientCertificate;
use crate::wire::authentication::{
    AuthenticationLog, Cleartext, Exchange, Permitted, WatchedStream,
};
use crate::wire::bounded::BoundedStream;
use crate::wire::dial::BoxedStream;
use crate::wire::heard::Heard;
pub use crate::wire::tls::default_file::default_file;
use crate::wire::tls::trust::{CertificateVerifier, Check};
use crate::wire::turns::Turns;

/// The protocol's name for ALPN (PostgreSQL documentation, "Protocol Flow", "SSL Session Encryption").
const ALPN: &[u8] = b"postgresql";

pub type EncryptedStream =
    WatchedStream<BoundedStream<tokio_rustls::client::TlsStream<BoxedStream>>>;

/// The negotiated parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsSession {
    /// As in PostgreSQL's view pg_stat_ssl, for example `TLSv1.3`.
    pub version: String,
    /// IANA's name, for example `TLS_AES_256_GCM_SHA384`.
    pub cipher: String,
}

/// Performs the handshake, and remembers the result, so that an error can name its phase.
#[derive(Clone)]
pub struct TlsConnector {
    /// `None` if sslmode is `disable`.
    config: Option<Arc<ClientConfig>>,
    host: Hostname,
    negotiation: SslNegotiation,
    permitted: Permitted,
    exchange: Exchange,
    log: AuthenticationLog,
    heard: Heard,
    session: Arc<OnceLock<TlsSession>>,
    /// Counts the round trips, if somebody wants to know.
    turns: Option<Turns>,
}

/// Prepares TLS for one host of a target. Files are read only if they are needed.
///
/// # Errors
/// If a certificate file or the client's key cannot be used.
pub fn connector(target: &Target, host: &Hostname) -> Result<TlsConnector, Failure> {
    let mode = target.tls.mode_at(host);
    let (config, cleartext, certificate) = if mode == SslMode::Disable {
        (None, Cleartext::NotEncrypted, ClientCertificate::NotShown)
    } else {
        let (config, check, certificate) = client_config(target, host, mode)?;
        let cleartext = match check {
            Check::Nothing => Cleartext::NotVerified,
            Check::Chain | Check::ChainAndName => Cleartext::Allowed,
        };
        (Some(Arc::new(config)), cleartext, certificate)
    };
    let accepted = require_auth::accepted(target.require_auth.as_ref(), host, certificate);
    Ok(TlsConnector {
        config,
        host: host.clone(),
        negotiation: target.tls.negotiation(),
        permitted: Permitted {
            cleartext,
            accepted,
        },
        exchange: if target.is_recorded {
            Exchange::Any
        } else {
            Exchange::BoundScram
        },
        log: AuthenticationLog::new(),
        heard: Heard::default(),
        session: Arc::default(),
        turns: None,
    })
}

impl TlsConnector {
    /// The same for another attempt, whose authentication request goes to `log`, and what is beside it to `heard`.
    pub fn restarted(&self, log: &AuthenticationLog, heard: &Heard, turns: Option<&Turns>) -> Self {
        Self {
            session: Arc::default(),
            turns: turns.cloned(),
            log: log.clone(),
            heard: heard.clone(),
            ..self.clone()
        }
    }

    /// The negotiated parameters, once a handshake has succeeded.
    pub fn session(&self) -> Option<&TlsSession> {
        self.session.get()
    }

    /// Which authentication methods the server may request over TLS.
    pub fn permitted(&self) -> &Permitted {
        &self.permitted
    }

    async fn shake_hands(self, stream: BoxedStream) -> io::Result<EncryptedStream> {
        let disabled = || io::Error::other("TLS is disabled for this target");
        let config = self.config.ok_or_else(disabled)?;
        let name =
            ServerName::try_from(self.host.without_zone().to_owned()).map_err(io::Error::other)?;
        let connector = tokio_rustls::TlsConnector::from(config);
        let stream = connector.connect(name, stream).await?;
        let confirmed = stream.get_ref().1.alpn_protocol() == Some(ALPN);
        if self.negotiation == SslNegotiation::Direct && !confirmed {
            return Err(io::Error::other(UntrustedCertificate::NotConfirmed));
        }
        // Each connector performs one handshake.
        self.session.set(agreed(stream.get_ref().1)).ok();
        if let Some(turns) = &self.turns {
            turns.note_handshake();
        }
        let watched = WatchedStream::new(
            BoundedStream::new(stream, self.heard),
            self.permitted,
            self.log,
        );
        let binds = watched.channel_binding_hash().is_some();
        Ok(watched.allowing(match self.exchange {
            Exchange::BoundScram if !binds => Exchange::Nothing,
            exchange => exchange,
        }))
    }
}

impl TlsConnect<BoxedStream> for TlsConnector {
    type Stream = EncryptedStream;
    type Error = UntrustedCertificate;
    type Future =
        Pin<Box<dyn Future<Output = Result<EncryptedStream, UntrustedCertificate>> + Send>>;

    fn connect(self, stream: BoxedStream) -> Self::Future {
        let handshake = self.shake_hands(stream);
        Box::pin(async move { handshake.await.map_err(UntrustedCertificate::from) })
    }
}

impl EncryptedStream {
    fn channel_binding_hash(&self) -> Option<Vec<u8>> {
        let session = self.stream().stream().get_ref().1;
        end_point_hash(session.peer_certificates()?.first()?)
    }
}

impl TlsStream for EncryptedStream {
    /// `tls-server-end-point`: the hash of the server's certificate by the hash function of its signature (RFC 5929,
    /// section 4.1); `None` if the signature names none, as with Ed25519.
    fn channel_binding(&self) -> ChannelBinding {
        let hash = self.channel_binding_hash();
        hash.map_or_else(ChannelBinding::none, ChannelBinding::tls_server_end_point)
    }
}

fn agreed(session: &rustls::ClientConnection) -> TlsSession {
    let version = session.protocol_version();
    let suite = session.negotiated_cipher_suite();
    TlsSession {
        version: version.map_or_else(String::new, |version| {
            format!("{version:?}").replace('_', ".")
        }),
        cipher: suite.map_or_else(String::new, |suite| {
            format!("{:?}", suite.suite()).replace("TLS13_", "TLS_")
        }),
    }
}

fn end_point_hash(certificate: &[u8]) -> Option<Vec<u8>> {
    let parsed = Certificate::from_der(certificate).ok()?;
    match parsed.signature_algorithm().oid {
        // RFC 5929: for MD5 and SHA-1, use SHA-256.
        rfc5912::MD_5_WITH_RSA_ENCRYPTION
        | rfc5912::SHA_1_WITH_RSA_ENCRYPTION
        | rfc5912::SHA_256_WITH_RSA_ENCRYPTION
        | rfc5912::ECDSA_WITH_SHA_256 => Some(Sha256::digest(certificate).to_vec()),
        rfc5912::SHA_384_WITH_RSA_ENCRYPTION | rfc5912::ECDSA_WITH_SHA_384 => {
            Some(Sha384::digest(certificate).to_vec())
        }
        rfc5912::SHA_512_WITH_RSA_ENCRYPTION | rfc5912::ECDSA_WITH_SHA_512 => {
            Some(Sha512::digest(certificate).to_vec())
        }
        _ => None,
    }
}

/// Why a handshake failed, in words.
#[derive(Debug)]
pub enum UntrustedCertificate {
    /// Not signed by a trusted CA.
    Issuer,
    /// Expired, or not yet valid.
    Validity(String),
    /// For another host.
    Name(names::Mismatch),
    /// Direct TLS with a server that did not confirm PostgreSQL's protocol.
    NotConfirmed,
    /// A kind of key or signature that rustls does not support.
    Unsupported,
    /// No key exchange, signature or cipher in common with the server.
    NothingInCommon,
    Other(io::Error),
}

impl fmt::Display for UntrustedCertificate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Issuer => formatter.write_str(
                "the server's certificate is not signed by a CA that is trusted for this target",
            ),
            Self::Validity(what) => write!(formatter, "the server's certificate {what}"),
            Self::Name(mismatch) => mismatch.fmt(formatter),
            Self::NotConfirmed => formatter.write_str(
                "the server did not confirm PostgreSQL's protocol (ALPN), as direct TLS requires",
            ),
            Self::Unsupported => formatter.write_str(
                "the server's certificate, or a CA certificate above it, has a kind of key or signature that pgrole does not support",
            ),
            Self::NothingInCommon => formatter.write_str(
                "the server and pgrole have no key exchange, signature or cipher in common",
            ),
            Self::Other(error) => error.fmt(formatter),
        }
    }
}

impl std::error::Error for UntrustedCertificate {}

impl From<io::Error> for UntrustedCertificate {
    fn from(error: io::Error) -> Self {
        let Some(inner) = error.get_ref() else {
            return Self::Other(error);
        };
        if inner.is::<Self>() {
            let inner = error.into_inner().and_then(|inner| inner.downcast().ok());
            return *inner.expect("it was looked at");
        }
        match inner.downcast_ref() {
            Some(rustls::Error::InvalidCertificate(reason)) => match Self::of_certificate(reason) {
                Some(distrust) => distrust,
                None => Self::Other(error),
            },
            Some(rustls::Error::PeerIncompatible(_)) => Self::NothingInCommon,
            Some(rustls::Error::AlertReceived(AlertDescription::HandshakeFailure)) => {
                Self::NothingInCommon
            }
            _ => Self::Other(error),
        }
    }
}

impl UntrustedCertificate {
    fn of_certificate(reason: &CertificateError) -> Option<Self> {
        match reason {
            CertificateError::UnknownIssuer => Some(Self::Issuer),
            CertificateError::ExpiredContext { not_after, .. } => {
                Some(Self::Validity(format!("expired {}", point(*not_after))))
            }
            CertificateError::NotValidYetContext { not_before, .. } => Some(Self::Validity(
                format!("is not valid before {}", point(*not_before)),
            )),
            #[allow(deprecated, reason = "a verifier may still say so without the context")]
            CertificateError::UnsupportedSignatureAlgorithm
            | CertificateError::UnsupportedSignatureAlgorithmContext { .. }
            | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
                Some(Self::Unsupported)
            }
            CertificateError::Other(other) => other.0.downcast_ref().cloned().map(Self::Name),
            _ => None,
        }
    }
}

fn point(time: UnixTime) -> String {
    let seconds = i64::try_from(time.as_secs()).ok();
    let point = seconds.and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
    point.map_or_else(
        || "at an unknown time".to_owned(),
        |point| point.to_string(),
    )
}

/// ring, P-256 first: PostgreSQL up to 17 wants that curve and asks again for another one, a round trip more.
fn provider() -> Arc<CryptoProvider> {
    let mut provider = ring::default_provider();
    provider.kx_groups = vec![
        ring::kx_group::SECP256R1,
        ring::kx_group::X25519,
        ring::kx_group::SECP384R1,
    ];
    Arc::new(provider)
}

fn client_config(
    target: &Target,
    host: &Hostname,
    mode: SslMode,
) -> Result<(ClientConfig, Check, ClientCertificate), Failure> {
    let unusable = |error: rustls::Error| {
        Failure::new(Kind::Unreachable, "cannot prepare TLS").caused_by(error)
    };
    let provider = provider();
    let verifier = CertificateVerifier::new(target, host, mode, &provider)?;
    let check = verifier.check();
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(unusable)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier));
    let (mut config, certificate) = match identity::load(target)? {
        None => (builder.with_no_client_auth(), ClientCertificate::NotShown),
        Some(identity) => {
            let (chain, key) = (identity.chain, identity.key);
            let config = builder
                .with_client_auth_cert(chain, key)
                .map_err(|error| identity::mismatch(target, &error))?;
            (config, ClientCertificate::Shown)
        }
    };
    config.alpn_protocols = vec![ALPN.to_vec()];
    Ok((config, check, certificate))
}
