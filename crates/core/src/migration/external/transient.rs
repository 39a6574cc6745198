//! Reading from a tool's output that trying again may help. Only an exit code comes back from it, and no SQLSTATE; the
//! drivers' names for the errors are in their messages whatever the server's language.

use crate::{Error, ErrorKind};

/// PHP's, Ruby's, Go's and Java's ways to write an SQLSTATE end alike enough.
fn states(output: &str, code: &str) -> bool {
    ["SQLSTATE ", "SQLSTATE: ", "SQLSTATE[", "SQLSTATE=", "SQL state: "]
        .iter()
        .any(|before| output.match_indices(before).any(|(at, found)| output[at + found.len()..].starts_with(code)))
}

/// The error to try again for, when a command that has changed nothing died of one.
pub(super) fn error(output: &str, lock_timeout_ms: u32) -> Option<Error> {
    let says = |code: &str, words: &[&str]| states(output, code) || words.iter().any(|word| output.contains(word));
    if says("55P03", &["LockNotAvailable", "canceling statement due to lock timeout"]) {
        let timeout = format!("{lock_timeout_ms} ms");
        return Some(Error::new(ErrorKind::LockTimeout { timeout }).with_sqlstate("55P03"));
    }
    if says("40P01", &["DeadlockDetected", "deadlock detected"]) {
        return Some(Error::new(ErrorKind::Deadlock).with_sqlstate("40P01"));
    }
    if says("40001", &["SerializationFailure", "could not serialize access"]) {
        return Some(Error::new(ErrorKind::Concurrent).with_sqlstate("40001"));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locks_and_deadlocks_are_recognised_and_other_errors_are_not() {
        let kind = |output: &str| error(output, 2000).map(|e| e.kind().code());
        let python = "psycopg.errors.LockNotAvailable: Zeitüberschreitung";
        assert_eq!(kind(python).as_deref(), Some("lock_timeout"));
        assert_eq!(kind("ERROR: deadlock detected (SQLSTATE 40P01)").as_deref(), Some("deadlock"));
        assert_eq!(kind("duplicate key 40001 (SQLSTATE 23505)"), None);
    }
}
