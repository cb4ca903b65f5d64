//! The trusted roots, and the verification of a server's certificate. rustls builds the chains; three kinds of
//! certificate that OpenSSL accepts and rustls does not are handled here: a trusted root that the server presents
//! itself, one of X.509 version 1, and one that names its host only in the common name.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_cert_signed_by_trust_anchor;
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{
    CertificateDer, ServerName, SignatureVerificationAlgorithm, SubjectPublicKeyInfoDer, UnixTime,
};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, DigitallySignedStruct, Error, OtherError, RootCertStore, SignatureScheme,
};
use x509_cert::Certificate;
use x509_cert::certificate::Version;
use x509_cert::der::{Decode, Encode};
use x509_cert::ext::pkix::BasicConstraints;
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

use crate::domain::command_line::on_target;
use crate::domain::failure::{Failure, Kind};
use crate::domain::target::Target;
use crate::domain::target::address::Hostname;
use crate::domain::target::encryption::SslMode;
use crate::wire::tls::default_file::default_file;
use crate::wire::tls::names;

/// How much of the server's certificate is verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    Nothing,
    Chain,
    ChainAndName,
}

/// Verifies the server's certificate and its signature of the handshake.
pub struct CertificateVerifier {
    host: Hostname,
    mode: SslMode,
    /// `None` if nothing is verified.
    roots: Option<Roots>,
    algorithms: WebPkiSupportedAlgorithms,
}

impl CertificateVerifier {
    /// In every mode the chain is verified if there is a root file, as in libpq ("If a root cert was loaded, also set
    /// our certificate verification callback", fe-secure-openssl.c).
    ///
    /// # Errors
    /// If the target's root file cannot be used.
    pub fn new(
        target: &Target,
        host: &Hostname,
        mode: SslMode,
        provider: &CryptoProvider,
    ) -> Result<Self, Failure> {
        let own = target.tls.sslrootcert.clone();
        let file = own.or_else(|| default_file("root.crt"));
        let roots = match file {
            Some(file) if file != Path::new("system") => Some(Roots::of_file(&file, target)?),
            Some(_) => Some(Roots::of_system()),
            // libpq requires a file here too; the system's roots are as good if the name is verified.
            None if mode == SslMode::VerifyFull => Some(Roots::of_system()),
            None if mode == SslMode::VerifyCa => return Err(no_roots(target)),
            None => None,
        };
        Ok(Self {
            host: host.clone(),
            mode,
            roots,
            algorithms: provider.signature_verification_algorithms,
        })
    }

    pub fn check(&self) -> Check {
        match (&self.roots, self.mode) {
            (None, _) => Check::Nothing,
            (Some(_), SslMode::VerifyFull) => Check::ChainAndName,
            (Some(_), _) => Check::Chain,
        }
    }
}

/// Anybody can get a certificate from a CA that the system trusts: unless the name is verified it proves nothing.
fn no_roots(target: &Target) -> Failure {
    let what =
        "sslmode verify-ca needs the CA's certificate, and ~/.postgresql/root.crt does not exist";
    Failure::new(Kind::Unreachable, what).hint(format!(
        "set it: {} (or --sslmode verify-full)",
        on_target(
            "pgrole registry update -e {} -d {} --sslrootcert FILE",
            target,
            &[]
        )
    ))
}

impl fmt::Debug for CertificateVerifier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Verifier({:?})", self.check())
    }
}

impl ServerCertVerifier for CertificateVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if let Some(roots) = &self.roots {
            let certificate = parse(end_entity)?;
            let chain = Chain {
                der: end_entity,
                certificate: &certificate,
                intermediates,
            };
            roots.verify(&chain, now, &self.algorithms)?;
            if self.check() == Check::ChainAndName {
                names::check(&certificate, self.host.without_zone())
                    .map_err(|mismatch| CertificateError::Other(OtherError(Arc::new(mismatch))))?;
            }
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let Some(key) = key_of_version_1(certificate) else {
            let algorithms = &self.algorithms;
            return rustls::crypto::verify_tls12_signature(
                message,
                certificate,
                signature,
                algorithms,
            );
        };
        let mut schemes = self.algorithms.mapping.iter();
        let scheme = schemes.find(|(scheme, _)| *scheme == signature.scheme);
        let good = scheme.is_some_and(|(_, algorithms)| {
            algorithms
                .iter()
                .any(|algorithm| is_signed(*algorithm, &key, message, signature.signature()))
        });
        if good {
            return Ok(HandshakeSignatureValid::assertion());
        }
        Err(CertificateError::BadSignature.into())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.algorithms;
        let Some(key) = key_of_version_1(certificate) else {
            return rustls::crypto::verify_tls13_signature(
                message,
                certificate,
                signature,
                algorithms,
            );
        };
        let key = key.to_der().map_err(|_| CertificateError::BadEncoding)?;
        let key = SubjectPublicKeyInfoDer::from(key);
        rustls::crypto::verify_tls13_signature_with_raw_key(message, &key, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

/// The certificates that a server presents.
struct Chain<'a> {
    der: &'a CertificateDer<'a>,
    certificate: &'a Certificate,
    intermediates: &'a [CertificateDer<'a>],
}

/// Trusted certificates.
struct Roots {
    /// The CA certificates, in rustls's form.
    authorities: RootCertStore,
    /// The self-signed certificates of a root file: a server may present one of these itself.
    own: Vec<Root>,
    /// The other certificates of the file, which OpenSSL takes for intermediates, not for trust anchors (libpq does not
    /// set `X509_V_FLAG_PARTIAL_CHAIN`).
    links: Vec<CertificateDer<'static>>,
}

struct Root {
    der: CertificateDer<'static>,
    certificate: Certificate,
}

impl Roots {
    fn of_system() -> Self {
        let mut authorities = RootCertStore::empty();
        authorities.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        Self {
            authorities,
            own: Vec::new(),
            links: Vec::new(),
        }
    }

    fn of_file(file: &PathBuf, target: &Target) -> Result<Self, Failure> {
        let unusable = |why: String| {
            let file = file.display();
            let what = format!("cannot use the root certificates in {file}: {why}");
            Failure::new(Kind::Unreachable, what).hint(format!(
                "use another file: {}",
                on_target(
                    "pgrole registry update -e {} -d {} --sslrootcert FILE",
                    target,
                    &[]
                )
            ))
        };
        let text = std::fs::read(file).map_err(|error| unusable(error.to_string()))?;
        let mut roots = Self {
            authorities: RootCertStore::empty(),
            own: Vec::new(),
            links: Vec::new(),
        };
        for der in CertificateDer::pem_slice_iter(&text) {
            let der = der.map_err(|error| unusable(error.to_string()))?;
            roots
                .add(der)
                .map_err(|error| unusable(error.to_string()))?;
        }
        if roots.own.is_empty() && roots.links.is_empty() {
            return Err(unusable(
                "the file has no certificate in PEM form".to_owned(),
            ));
        }
        Ok(roots)
    }

    fn add(&mut self, der: CertificateDer<'static>) -> Result<(), Error> {
        let certificate = parse(&der)?;
        if certificate.tbs_certificate().issuer() != certificate.tbs_certificate().subject() {
            self.links.push(der);
            return Ok(());
        }
        // rustls ignores the validity dates of trust anchors; OpenSSL checks them.
        let valid = check_dates(&certificate, UnixTime::now()).is_ok();
        if valid && is_authority(&certificate) {
            self.authorities.add(der.clone())?;
        }
        self.own.push(Root { der, certificate });
        Ok(())
    }

    fn verify(
        &self,
        chain: &Chain<'_>,
        now: UnixTime,
        algorithms: &WebPkiSupportedAlgorithms,
    ) -> Result<(), Error> {
        if self.own.iter().any(|root| root.der == *chain.der) {
            return check_dates(chain.certificate, now);
        }
        if chain.certificate.tbs_certificate().version() == Version::V1 {
            check_dates(chain.certificate, now)?;
            return self.verify_version_1(chain.certificate, now, algorithms);
        }
        let links = chain.intermediates.iter().chain(&self.links);
        let links: Vec<_> = links.cloned().collect();
        let parsed = ParsedCertificate::try_from(chain.der)?;
        verify_server_cert_signed_by_trust_anchor(
            &parsed,
            &self.authorities,
            &links,
            now,
            algorithms.all,
        )
    }

    /// Verifies a certificate of X.509 version 1, as `openssl x509 -req` makes it in PostgreSQL's own manual ("Creating
    /// Certificates"): good if a trusted CA signed it directly.
    fn verify_version_1(
        &self,
        certificate: &Certificate,
        now: UnixTime,
        algorithms: &WebPkiSupportedAlgorithms,
    ) -> Result<(), Error> {
        let authorities = self.own.iter().map(|root| &root.certificate);
        let mut authorities = authorities
            .filter(|authority| is_authority(authority) && check_dates(authority, now).is_ok());
        if authorities.any(|authority| is_issued_by(certificate, authority, algorithms)) {
            return Ok(());
        }
        Err(CertificateError::UnknownIssuer.into())
    }
}

fn parse(der: &[u8]) -> Result<Certificate, Error> {
    Certificate::from_der(der).map_err(|_| CertificateError::BadEncoding.into())
}

fn check_dates(certificate: &Certificate, now: UnixTime) -> Result<(), Error> {
    let validity = certificate.tbs_certificate().validity();
    let not_before = UnixTime::since_unix_epoch(validity.not_before.to_unix_duration());
    let not_after = UnixTime::since_unix_epoch(validity.not_after.to_unix_duration());
    let error = if now < not_before {
        CertificateError::NotValidYetContext {
            time: now,
            not_before,
        }
    } else if now > not_after {
        CertificateError::ExpiredContext {
            time: now,
            not_after,
        }
    } else {
        return Ok(());
    };
    Err(error.into())
}

/// Whether a self-signed certificate may sign others: it says so, or is of a version that cannot (`check_ca` of
/// OpenSSL).
fn is_authority(certificate: &Certificate) -> bool {
    let content = certificate.tbs_certificate();
    content.version() == Version::V1
        || matches!(content.get_extension::<BasicConstraints>(), Ok(Some((_, constraints))) if constraints.ca)
}

fn is_issued_by(
    certificate: &Certificate,
    authority: &Certificate,
    algorithms: &WebPkiSupportedAlgorithms,
) -> bool {
    let content = certificate.tbs_certificate();
    let (Ok(message), Some(signature)) = (content.to_der(), certificate.signature().as_bytes())
    else {
        return false;
    };
    let wanted = identifier(certificate.signature_algorithm());
    let key = authority.tbs_certificate().subject_public_key_info();
    content.issuer() == authority.tbs_certificate().subject()
        && content.signature() == certificate.signature_algorithm()
        && algorithms
            .all
            .iter()
            .filter(|algorithm| algorithm.signature_alg_id().as_ref() == wanted)
            .any(|algorithm| is_signed(*algorithm, key, &message, signature))
}

fn is_signed(
    algorithm: &dyn SignatureVerificationAlgorithm,
    key: &SubjectPublicKeyInfoOwned,
    message: &[u8],
    signature: &[u8],
) -> bool {
    let Some(public) = key.subject_public_key.as_bytes() else {
        return false;
    };
    algorithm.public_key_alg_id().as_ref() == identifier(&key.algorithm)
        && algorithm
            .verify_signature(public, message, signature)
            .is_ok()
}

/// An algorithm identifier in ring's form: the encoded parts, without the enclosing sequence.
fn identifier(algorithm: &AlgorithmIdentifierOwned) -> Vec<u8> {
    let oid = algorithm.oid.to_der();
    let parameters = algorithm.parameters.as_ref().map(Encode::to_der);
    let parts = [oid, parameters.unwrap_or_else(|| Ok(Vec::new()))];
    parts.into_iter().filter_map(Result::ok).flatten().collect()
}

/// The key of a certificate that rustls refuses to parse.
fn key_of_version_1(certificate: &CertificateDer<'_>) -> Option<SubjectPublicKeyInfoOwned> {
    let certificate = parse(certificate).ok()?;
    let content = certificate.tbs_certificate();
    (content.version() == Version::V1).then(|| content.subject_public_key_info().clone())
}
