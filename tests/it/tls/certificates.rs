//! Certificates made for a test, good and bad.

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    PublicKeyData, SanType, SigningKey, date_time_ymd,
};
use x509_cert::der::asn1::{Any, BitString};
use x509_cert::der::{Decode, Encode, Tagged};

/// A certificate and its key, in PEM.
#[derive(Debug, Clone)]
pub struct Signed {
    pub certificate: String,
    pub key: String,
}

/// Who signs.
pub struct Authority {
    parameters: CertificateParams,
    key: KeyPair,
    pub certificate: String,
}

impl Authority {
    pub fn new(name: &str) -> Self {
        Self::of(authority(name), None)
    }

    /// Signs with Ed25519, which names no hash function.
    pub fn of_ed25519(name: &str) -> Self {
        let key = KeyPair::generate_for(&rcgen::PKCS_ED25519).expect("ring makes keys");
        Self::with_key(authority(name), key, None)
    }

    pub fn expired(name: &str) -> Self {
        let mut parameters = authority(name);
        parameters.not_after = date_time_ymd(2001, 1, 1);
        Self::of(parameters, None)
    }

    /// One whose certificate does not say that it is an authority's.
    pub fn of_no_authority(name: &str) -> Self {
        Self::of(Wish::common_name(name).0, None)
    }

    /// Another authority, vouched for by this one.
    pub fn under(&self, name: &str) -> Self {
        Self::of(authority(name), Some(self))
    }

    fn of(parameters: CertificateParams, above: Option<&Self>) -> Self {
        let key = KeyPair::generate().expect("ring makes keys");
        Self::with_key(parameters, key, above)
    }

    fn with_key(parameters: CertificateParams, key: KeyPair, above: Option<&Self>) -> Self {
        let certificate = match above {
            Some(above) => above.sign(&parameters, &key),
            None => parameters.self_signed(&key).expect("a key signs"),
        };
        Self {
            certificate: certificate.pem(),
            parameters,
            key,
        }
    }

    fn sign(&self, parameters: &CertificateParams, key: &impl PublicKeyData) -> rcgen::Certificate {
        let issuer = Issuer::from_params(&self.parameters, &self.key);
        parameters.signed_by(key, &issuer).expect("a key signs")
    }
}

fn authority(name: &str) -> CertificateParams {
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name.push(DnType::CommonName, name);
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    parameters
}

/// What a certificate is to say.
pub struct Wish(CertificateParams);

impl Wish {
    pub fn common_name(name: &str) -> Self {
        let mut parameters = CertificateParams::default();
        parameters.distinguished_name.push(DnType::CommonName, name);
        Self(parameters)
    }

    /// For these hosts and addresses, with a common name that is none of them.
    pub fn hosts(names: &[&str]) -> Self {
        Self::common_name("a server").and_hosts(names)
    }

    pub fn and_hosts(mut self, names: &[&str]) -> Self {
        let name = |name: &&str| match name.parse() {
            Ok(address) => SanType::IpAddress(address),
            Err(_) => SanType::DnsName((*name).try_into().expect("a host name is ASCII")),
        };
        self.0.subject_alt_names = names.iter().map(name).collect();
        self
    }

    pub fn expired(mut self) -> Self {
        self.0.not_after = date_time_ymd(2001, 1, 1);
        self
    }

    pub fn not_yet_valid(mut self) -> Self {
        self.0.not_before = date_time_ymd(3000, 1, 1);
        self
    }

    pub fn authority(mut self) -> Self {
        self.0.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        self
    }

    pub fn for_clients_only(mut self) -> Self {
        self.0.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        self
    }

    pub fn self_signed(self) -> Signed {
        let key = KeyPair::generate().expect("ring makes keys");
        let certificate = self.0.self_signed(&key).expect("a key signs");
        Signed {
            certificate: certificate.pem(),
            key: key.serialize_pem(),
        }
    }

    pub fn signed_by(self, authority: &Authority) -> Signed {
        let key = KeyPair::generate().expect("ring makes keys");
        Signed {
            certificate: authority.sign(&self.0, &key).pem(),
            key: key.serialize_pem(),
        }
    }

    /// In X.509 version 1, without extensions, as `openssl x509 -req` makes it in PostgreSQL's manual.
    pub fn signed_as_version_1(self, authority: &Authority) -> Signed {
        let key = KeyPair::generate().expect("ring makes keys");
        let made = authority.sign(&self.0, &key);
        let mut parts = parts_of(made.der());
        let mut content = parts_of(&parts[0].to_der().expect("it was read"));
        // Its version and its extensions are the parts that have tags of their own.
        content.retain(|part| !part.tag().is_context_specific());
        let content = content.to_der().expect("it was read");
        let signature = authority.key.sign(&content).expect("a key signs");
        let signature = BitString::from_bytes(&signature).expect("whole bytes");
        parts[0] = Any::from_der(&content).expect("it was written");
        parts[2] = Any::encode_from(&signature).expect("whole bytes");
        Signed {
            certificate: pem(&parts.to_der().expect("it was read")),
            key: key.serialize_pem(),
        }
    }
}

/// What a sequence holds.
fn parts_of(der: &[u8]) -> Vec<Any> {
    Decode::from_der(der).expect("rcgen makes certificates")
}

fn pem(der: &[u8]) -> String {
    use base64::Engine;

    let text = base64::engine::general_purpose::STANDARD.encode(der);
    let lines: Vec<_> = text
        .as_bytes()
        .chunks(64)
        .map(String::from_utf8_lossy)
        .collect();
    let lines = lines.join("\n");
    format!("-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n")
}
