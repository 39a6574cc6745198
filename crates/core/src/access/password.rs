//! Passwords of roles: made here, and sent as what the server keeps of them.

use crate::{Error, ErrorKind, Result};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

/// 32 of 62 characters are 190 bits. Letters and digits only: every connection string and shell takes them as they are.
const LENGTH: usize = 32;
const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/// What PostgreSQL itself uses (`SCRAM_DEFAULT_ITERATIONS`).
const ITERATIONS: u32 = 4096;

/// A new password.
///
/// # Errors
/// [`ErrorKind::Internal`] where the system gives no random bytes.
pub fn generate() -> Result<SecretString> {
    let mut password = String::with_capacity(LENGTH);
    while password.len() < LENGTH {
        let mut bytes = [0; 64];
        fill(&mut bytes)?;
        // Bytes from 248 on would make the first letters likelier.
        let letters = bytes.iter().filter(|byte| usize::from(**byte) < 4 * ALPHABET.len());
        password.extend(
            letters.map(|byte| char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()])).take(LENGTH - password.len()),
        );
    }
    Ok(SecretString::from(password))
}

fn fill(bytes: &mut [u8]) -> Result<()> {
    getrandom::fill(bytes).map_err(|e| {
        Error::new(ErrorKind::Internal { what: "the system gives no random bytes".into() }).detail(e.to_string())
    })
}

/// The SCRAM verifier of a password (RFC 5802, RFC 7677), as `create role … password` takes it: neither the statement nor a log of
/// the server holds the password.
pub(crate) fn verifier(password: &SecretString) -> Result<String> {
    let mut salt = [0; 16];
    fill(&mut salt)?;
    verifier_with(password.expose_secret(), &salt, ITERATIONS)
}

fn verifier_with(password: &str, salt: &[u8], iterations: u32) -> Result<String> {
    let password = password.as_bytes();
    let mut block = authenticated(password, &[salt, &1_u32.to_be_bytes()])?;
    let mut salted = block;
    for _ in 1..iterations {
        block = authenticated(password, &[&block])?;
        salted.iter_mut().zip(block).for_each(|(sum, byte)| *sum ^= byte);
    }
    let stored = Sha256::digest(authenticated(&salted, &[b"Client Key"])?);
    let server = authenticated(&salted, &[b"Server Key"])?;
    let [salt, stored, server] = [salt, &stored, &server].map(|bytes| BASE64_STANDARD.encode(bytes));
    Ok(format!("SCRAM-SHA-256${iterations}:{salt}${stored}:{server}"))
}

fn authenticated(key: &[u8], parts: &[&[u8]]) -> Result<[u8; 32]> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key)
        .map_err(|e| Error::new(ErrorKind::Internal { what: "a password cannot be hashed".into() }).source(e))?;
    parts.iter().for_each(|part| mac.update(part));
    Ok(mac.finalize().into_bytes().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verifier_is_that_of_rfc_7677() {
        // User "user", password "pencil": the server signature of the RFC's example follows from this server key.
        let salt = BASE64_STANDARD.decode("W22ZaJ0SNY7soEsUEjb6gQ==").unwrap();
        let verifier = verifier_with("pencil", &salt, 4096).unwrap();
        assert_eq!(
            verifier,
            "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU="
        );
    }

    #[test]
    fn passwords_are_long_plain_and_never_the_same() {
        let passwords: Vec<String> = (0..200).map(|_| generate().unwrap().expose_secret().to_owned()).collect();
        assert!(passwords.iter().all(|p| p.len() == LENGTH && p.bytes().all(|b| ALPHABET.contains(&b))));
        let mut different = passwords.clone();
        different.sort();
        different.dedup();
        assert_eq!(different.len(), passwords.len());
        let used: std::collections::HashSet<char> = passwords.iter().flat_map(|p| p.chars()).collect();
        assert_eq!(used.len(), ALPHABET.len());
    }
}
