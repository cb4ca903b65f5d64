//! The client certificate, for a server that requests one, with its key (fe-secure-openssl.c, `initialize_SSL`).

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::domain::command_line::on_target;
use crate::domain::failure::{Failure, Kind};
use crate::domain::target::Target;
use crate::wire::tls::default_file;

/// A certificate with its chain to the CA, and its key.
pub struct Identity {
    pub chain: Vec<CertificateDer<'static>>,
    pub key: PrivateKeyDer<'static>,
}

/// Loads the target's own, else libpq's default files, if they exist.
///
/// # Errors
/// If a file is missing or holds nothing usable, or others have access to the key.
pub fn load(target: &Target) -> Result<Option<Identity>, Failure> {
    let own = target.tls.sslcert.clone();
    let Some(file) = own.or_else(|| default_file("postgresql.crt")) else {
        return Ok(None);
    };
    let refused = |why: &str| {
        let what = format!("the certificate in {}", file.display());
        unusable(target, &what, why)
    };
    let chain: Result<Vec<_>, _> = CertificateDer::pem_file_iter(&file).and_then(Iterator::collect);
    let chain = chain.map_err(|error| refused(&error.to_string()))?;
    if chain.is_empty() {
        return Err(refused("the file has no certificate in PEM form"));
    }
    let key = key_file(target).ok_or_else(|| refused("its key file does not exist"))?;
    let key = load_key(&key)
        .map_err(|why| unusable(target, &format!("the key in {}", key.display()), &why))?;
    Ok(Some(Identity { chain, key }))
}

/// The error for a certificate and a key that do not match.
pub fn mismatch(target: &Target, error: &rustls::Error) -> Failure {
    let what = "the certificate with its key";
    unusable(target, what, &error.to_string())
}

fn key_file(target: &Target) -> Option<PathBuf> {
    let own = target.tls.sslkey.clone();
    own.or_else(|| default_file("postgresql.key"))
}

fn load_key(file: &Path) -> Result<PrivateKeyDer<'static>, String> {
    let about = fs::metadata(file).map_err(|error| error.to_string())?;
    if !about.is_file() {
        return Err("it is not a regular file".to_owned());
    }
    // The permissions that libpq refuses: a file owned by root may be readable by its group.
    let closed = if about.uid() == 0 { 0o037 } else { 0o077 };
    if about.mode() & closed != 0 {
        return Err(format!(
            "others have access to it: chmod 600 {}",
            file.display()
        ));
    }
    let bytes = fs::read(file).map_err(|error| error.to_string())?;
    let bytes = zeroize::Zeroizing::new(bytes);
    PrivateKeyDer::from_pem_slice(&bytes)
        .ok()
        .or_else(|| {
            let der = PrivateKeyDer::try_from(bytes.as_slice()).ok()?;
            Some(der.clone_key())
        })
        .ok_or_else(|| "it holds no unencrypted key in PEM or DER form".to_owned())
}

fn unusable(target: &Target, what: &str, why: &str) -> Failure {
    Failure::new(Kind::NoCredential, format!("cannot use {what}: {why}")).hint(format!(
        "set the files: {}",
        on_target(
            "pgrole registry update -e {} -d {} --sslcert FILE --sslkey FILE",
            target,
            &[]
        )
    ))
}
