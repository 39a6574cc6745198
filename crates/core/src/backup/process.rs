//! Running `pg_dump` and `pg_restore`, whose output is read as it comes.

use crate::connection::ChildEnvironment;
use crate::migration::Redactor;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::process::{Child, ChildStdout, Command};
use tokio::task::JoinHandle;

/// What is kept of what a program complains about: the end.
const KEPT: usize = 16 * 1024;
/// After the polite signal, this long is waited before the one that nobody can refuse.
const GRACE: Duration = Duration::from_secs(2);

/// A program that runs. Dropping it kills the program.
pub(super) struct Running {
    child: Child,
    complaints: JoinHandle<Vec<u8>>,
}

impl Running {
    /// Starts a program without a terminal. With an environment it can reach the server; without one it has nothing of
    /// libpq's.
    pub fn start(words: &[String], environment: Option<&ChildEnvironment>) -> std::io::Result<(Self, ChildStdout)> {
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).kill_on_drop(true);
        match environment {
            Some(environment) => environment.apply(&mut command),
            None => {
                let ours = |name: &std::ffi::OsString| name.to_str().is_some_and(|name| name.starts_with("PG"));
                for (name, _) in std::env::vars_os().filter(|(name, _)| ours(name)) {
                    command.env_remove(name);
                }
            }
        }
        // What they complain about is read by people who speak English, or by whoever helps them.
        command.env("LC_MESSAGES", "C");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // Ctrl-C is for us; we end it.
        #[cfg(unix)]
        command.process_group(0);
        let mut child = command.spawn()?;
        let missing = || std::io::Error::other("it has no output");
        let output = child.stdout.take().ok_or_else(missing)?;
        let mut errors = child.stderr.take().ok_or_else(missing)?;
        let complaints = tokio::spawn(async move {
            let mut kept = Vec::new();
            while let Ok(1..) = errors.read_buf(&mut kept).await {
                if kept.len() > 2 * KEPT {
                    kept.drain(..kept.len() - KEPT);
                }
            }
            kept
        });
        Ok((Self { child, complaints }, output))
    }

    /// Waits for its end. The error is what it wrote, without the password.
    pub async fn end(mut self, redactor: &Redactor) -> Result<(), String> {
        let status = self.child.wait().await;
        let complaints = (&mut self.complaints).await.unwrap_or_default();
        match status {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => {
                let text = String::from_utf8_lossy(&redactor.redact(&complaints, 0)).trim().to_owned();
                Err(if text.is_empty() { format!("it ended with {status}") } else { text })
            }
            Err(error) => Err(error.to_string()),
        }
    }

    /// Ends it, first politely: `pg_dump` then cancels what the server does for it.
    pub async fn stop(mut self) {
        #[cfg(unix)]
        if let Some(id) = self.child.id().and_then(|id| i32::try_from(id).ok()) {
            use nix::sys::signal::{Signal, kill};
            let _ = kill(nix::unistd::Pid::from_raw(id), Signal::SIGTERM);
            if tokio::time::timeout(GRACE, self.child.wait()).await.is_ok() {
                return;
            }
        }
        let _ = self.child.start_kill();
        let _ = tokio::time::timeout(GRACE, self.child.wait()).await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.complaints.abort();
    }
}
