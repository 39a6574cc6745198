//! Certificates and keys: read and checked before the server is asked, so that a bad file is named.

use super::{Profile, TlsMode};
use crate::{Error, ErrorKind, Result};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use secrecy::SecretSlice;
use std::path::Path;

/// The PEM files that a profile names.
#[derive(Default)]
pub(super) struct TlsFiles {
    pub root_certificate: Option<Vec<u8>>,
    pub client: Option<(Vec<u8>, SecretSlice<u8>)>,
}

impl TlsFiles {
    /// Reads what the profile's TLS mode needs.
    ///
    /// # Errors
    /// [`ErrorKind::TlsFile`] naming the file.
    pub async fn read(profile: &Profile) -> Result<Self> {
        let tls = &profile.tls;
        let mut files = Self::default();
        if tls.mode == TlsMode::Disable || profile.is_local_socket() {
            return Ok(files);
        }
        if let Some(path) = &tls.root_certificate {
            files.root_certificate = Some(certificates(path).await?);
        }
        if let (Some(certificate), Some(key)) = (&tls.client_certificate, &tls.client_key) {
            files.client = Some((certificates(certificate).await?, private_key(key).await?));
        }
        Ok(files)
    }
}

async fn certificates(path: &str) -> Result<Vec<u8>> {
    let pem = read(path).await?;
    let mut count = 0;
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        certificate.map_err(|_| unusable(path, "it holds a damaged certificate"))?;
        count += 1;
    }
    if count == 0 {
        return Err(unusable(path, "it holds no certificate in PEM form"));
    }
    Ok(pem)
}

async fn private_key(path: &str) -> Result<SecretSlice<u8>> {
    if !is_private(Path::new(path)) {
        return Err(unusable(path, "others may read it; a key must have mode 0600"));
    }
    let pem = read(path).await?;
    if contains(&pem, b"ENCRYPTED") {
        return Err(unusable(path, "the key is encrypted; Cadastre reads unencrypted keys"));
    }
    PrivateKeyDer::from_pem_slice(&pem).map_err(|_| unusable(path, "it holds no private key in PEM form"))?;
    Ok(pem.into())
}

async fn read(path: &str) -> Result<Vec<u8>> {
    tokio::fs::read(path).await.map_err(|e| {
        let reason = match e.kind() {
            std::io::ErrorKind::NotFound => "it does not exist",
            std::io::ErrorKind::PermissionDenied => "you may not read it",
            _ => "it cannot be read",
        };
        unusable(path, reason).source(e)
    })
}

fn contains(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|w| w == word)
}

fn unusable(path: &str, reason: &str) -> Error {
    ErrorKind::TlsFile { path: path.into(), reason: reason.into() }.into()
}

/// libpq's rule: nobody else may read a key, but root may let a group.
#[cfg(unix)]
fn is_private(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let forbidden = |m: &std::fs::Metadata| if m.uid() == 0 { 0o037 } else { 0o077 };
    std::fs::metadata(path).map_or(true, |m| m.mode() & forbidden(&m) == 0)
}

#[cfg(not(unix))]
fn is_private(_path: &Path) -> bool {
    true
}
