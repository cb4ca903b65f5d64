//! TLS by rustls with libpq's meaning of sslmode: what is trusted, and what is checked of a certificate.

use std::fmt;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
};
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::domain::failure::{Failure, Kind};
use crate::domain::target::{SslMode, Target};
use crate::server::connection::BoxedStream;

type Rustls = <MakeRustlsConnect as MakeTlsConnect<BoxedStream>>::TlsConnect;
type RustlsStream = <MakeRustlsConnect as MakeTlsConnect<BoxedStream>>::Stream;
type BoxedError = Box<dyn std::error::Error + Send + Sync>;

/// Makes the handshake, and remembers whether it succeeded, so that an error can name its phase.
#[derive(Clone)]
pub struct TlsConnector {
    /// None where the target's sslmode is `disable`.
    config: Option<ClientConfig>,
    hostname: String,
    established: Arc<AtomicBool>,
}

/// Prepares TLS for a target. Trusted roots are read only where they are checked.
///
/// # Errors
/// Where the file of root certificates cannot be read, or holds none.
pub fn connector(target: &Target) -> Result<TlsConnector> {
    let mode = target.effective_sslmode();
    let config = if mode == SslMode::Disable {
        None
    } else {
        Some(client_config(target, mode)?)
    };
    Ok(TlsConnector {
        config,
        hostname: target.hostname.as_str().to_owned(),
        established: Arc::default(),
    })
}

impl TlsConnector {
    /// The same for another attempt.
    pub fn restarted(&self) -> Self {
        Self {
            established: Arc::default(),
            ..self.clone()
        }
    }

    /// Whether a handshake succeeded.
    pub fn is_established(&self) -> bool {
        self.established.load(Ordering::SeqCst)
    }

    fn rustls(&self) -> Result<Rustls, BoxedError> {
        let config = self
            .config
            .clone()
            .ok_or("TLS is disabled for this target")?;
        let mut maker = MakeRustlsConnect::new(config);
        Ok(MakeTlsConnect::<BoxedStream>::make_tls_connect(
            &mut maker,
            &self.hostname,
        )?)
    }
}

impl TlsConnect<BoxedStream> for TlsConnector {
    type Stream = RustlsStream;
    type Error = BoxedError;
    type Future = Pin<Box<dyn Future<Output = Result<RustlsStream, BoxedError>> + Send>>;

    fn connect(self, stream: BoxedStream) -> Self::Future {
        Box::pin(async move {
            let stream = self.rustls()?.connect(stream).await?;
            self.established.store(true, Ordering::SeqCst);
            Ok(stream)
        })
    }
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

fn client_config(target: &Target, mode: SslMode) -> Result<ClientConfig> {
    let provider = provider();
    let check = match (mode, &target.sslrootcert) {
        (SslMode::VerifyFull, _) => Check::ChainAndName,
        // As in libpq: `require` with a file of roots verifies the chain.
        (SslMode::VerifyCa, _) | (SslMode::Require, Some(_)) => Check::Chain,
        _ => Check::Nothing,
    };
    let chain = match check {
        Check::Nothing => None,
        Check::Chain | Check::ChainAndName => {
            let roots = Arc::new(trusted_roots(target)?);
            let verifier = WebPkiServerVerifier::builder_with_provider(roots, provider.clone());
            Some(
                verifier
                    .build()
                    .context("cannot prepare the check of certificates")?,
            )
        }
    };
    let verifier = Verifier {
        check,
        chain,
        provider: provider.clone(),
    };
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .context("cannot prepare TLS")?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"postgresql".to_vec()];
    Ok(config)
}

/// The target's own file, else libpq's default file where it is there, else the operating system's roots.
fn trusted_roots(target: &Target) -> Result<RootCertStore> {
    let default = etcetera::home_dir()
        .map(|home| home.join(".postgresql/root.crt"))
        .ok()
        .filter(|file| file.exists());
    match target.sslrootcert.clone().or(default) {
        Some(file) if file != Path::new("system") => roots_of_file(&file, target),
        _ => {
            let mut roots = RootCertStore::empty();
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            Ok(roots)
        }
    }
}

fn roots_of_file(file: &PathBuf, target: &Target) -> Result<RootCertStore> {
    let unusable = |why: String| {
        Failure::new(
            Kind::Unreachable,
            format!(
                "cannot use the root certificates in {}: {why}",
                file.display()
            ),
        )
        .hint(format!(
            "name another file: pgrole registry update -e {} -d {} --sslrootcert FILE",
            target.env, target.database
        ))
    };
    let text = std::fs::read(file).map_err(|error| unusable(error.to_string()))?;
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&text) {
        let certificate = certificate.map_err(|error| unusable(error.to_string()))?;
        roots
            .add(certificate)
            .map_err(|error| unusable(error.to_string()))?;
    }
    if roots.is_empty() {
        return Err(unusable("there is none in PEM form".to_owned()).into());
    }
    Ok(roots)
}

/// What is checked of the server's certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Check {
    Nothing,
    Chain,
    ChainAndName,
}

struct Verifier {
    check: Check,
    /// None where nothing is checked.
    chain: Option<Arc<WebPkiServerVerifier>>,
    provider: Arc<CryptoProvider>,
}

impl fmt::Debug for Verifier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Verifier({:?})", self.check)
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let Some(chain) = &self.chain else {
            return Ok(ServerCertVerified::assertion());
        };
        let verified =
            chain.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        match verified {
            // The name is looked at last: the chain is good.
            Err(rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) if self.check == Check::Chain => Ok(ServerCertVerified::assertion()),
            verified => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls12_signature(
            message,
            certificate,
            signature,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls13_signature(
            message,
            certificate,
            signature,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}
