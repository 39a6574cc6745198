//! Running another program to its end, or to the run's.

use super::redact::Redactor;
use crate::connection::ChildEnvironment;
use std::io::Read;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::process::{Child, Command};
use tokio_util::sync::CancellationToken;

/// What is kept of the output of one program: its end.
const KEPT: usize = 64 * 1024;
/// After the polite signal, this long is waited before the one that nobody can refuse.
const GRACE: Duration = Duration::from_secs(2);
/// A program that has ended may have left another that holds its output; this long is waited for that.
const LEFT_BEHIND: Duration = Duration::from_secs(1);

/// A program, its arguments and where it runs.
pub(super) struct Program<'a> {
    pub words: Vec<String>,
    pub directory: PathBuf,
    pub environment: &'a ChildEnvironment,
    /// Variables of ours.
    pub variables: Vec<(&'static str, String)>,
    pub timeout: Option<Duration>,
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum End {
    /// Exit code 0.
    Well,
    /// In another way, in words that follow a colon.
    Badly(String),
    /// The run was cancelled.
    Cancelled,
}

/// Runs it in a process group of its own, without a terminal; returns how it ended and the end of what it wrote.
pub(super) async fn run(program: &Program<'_>, cancel: &CancellationToken, redactor: &Redactor) -> (End, String) {
    match start(program, redactor.longest()) {
        Ok(running) => running.wait(program.timeout, cancel, redactor).await,
        Err(error) => (End::Badly(format!("it cannot be started ({error})")), String::new()),
    }
}

fn start(program: &Program<'_>, overlap: usize) -> std::io::Result<Running> {
    let (mut reader, writer) = std::io::pipe()?;
    let mut command = Command::new(&program.words[0]);
    command.args(&program.words[1..]).current_dir(&program.directory).kill_on_drop(true);
    program.environment.apply(&mut command);
    command.envs(program.variables.iter().map(|(name, value)| (name, value)));
    // One pipe for both, so that lines stay in the order in which they were written.
    command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer);
    #[cfg(unix)]
    command.process_group(0);
    let child = command.spawn()?;
    // The command holds the writing ends; only the child's own may stay open.
    drop(command);
    let tail = Arc::new(Mutex::new(Tail { bytes: Vec::new(), cut: false, most: KEPT + overlap }));
    let written = tail.clone();
    let reading = tokio::task::spawn_blocking(move || {
        let mut buffer = [0; 8192];
        while let Ok(length @ 1..) = reader.read(&mut buffer) {
            written.lock().unwrap_or_else(PoisonError::into_inner).push(&buffer[..length]);
        }
    });
    Ok(Running { group: Group { leader: child.id(), ended: false }, child, tail, reading })
}

struct Running {
    group: Group,
    child: Child,
    tail: Arc<Mutex<Tail>>,
    reading: tokio::task::JoinHandle<()>,
}

impl Running {
    async fn wait(
        mut self,
        timeout: Option<Duration>,
        cancel: &CancellationToken,
        redactor: &Redactor,
    ) -> (End, String) {
        let end = tokio::select! {
            status = self.child.wait() => match status {
                Ok(status) if status.success() => End::Well,
                Ok(status) => End::Badly(words(status)),
                Err(error) => End::Badly(error.to_string()),
            },
            () = cancel.cancelled() => {
                self.end().await;
                End::Cancelled
            }
            () = elapsed(timeout) => {
                self.end().await;
                End::Badly(format!("it did not end within {} s", timeout.unwrap_or_default().as_secs_f32()))
            }
        };
        if tokio::time::timeout(LEFT_BEHIND, &mut self.reading).await.is_err() {
            self.group.signal(Signal::Kill);
        }
        self.group.ended = true;
        let tail = self.tail.lock().unwrap_or_else(PoisonError::into_inner);
        (end, tail.text(redactor))
    }

    /// Ends the whole group, first politely.
    async fn end(&mut self) {
        self.group.signal(Signal::Terminate);
        if tokio::time::timeout(GRACE, self.child.wait()).await.is_err() {
            self.group.signal(Signal::Kill);
            let _ = self.child.start_kill();
            let _ = self.child.wait().await;
        }
    }
}

async fn elapsed(timeout: Option<Duration>) {
    match timeout {
        Some(timeout) => tokio::time::sleep(timeout).await,
        None => std::future::pending().await,
    }
}

fn words(status: std::process::ExitStatus) -> String {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return format!("it was ended by signal {signal}");
    }
    status.code().map_or_else(|| "it ended".into(), |code| format!("it ended with exit code {code}"))
}

/// The processes that a program has started, itself included. Dropped before their end, they are killed.
struct Group {
    leader: Option<u32>,
    ended: bool,
}

#[derive(Clone, Copy)]
enum Signal {
    Terminate,
    Kill,
}

impl Group {
    #[cfg(unix)]
    fn signal(&self, signal: Signal) {
        use nix::sys::signal::{Signal as Number, killpg};
        let number = match signal {
            Signal::Terminate => Number::SIGTERM,
            Signal::Kill => Number::SIGKILL,
        };
        if let Some(leader) = self.leader.and_then(|leader| i32::try_from(leader).ok()) {
            // Nobody is left to hear it: just as well.
            let _ = killpg(nix::unistd::Pid::from_raw(leader), number);
        }
    }

    #[cfg(not(unix))]
    fn signal(&self, _: Signal) {
        if let Some(leader) = self.leader {
            let mut kill = std::process::Command::new("taskkill");
            kill.args(["/T", "/F", "/PID", &leader.to_string()]).stdout(Stdio::null()).stderr(Stdio::null());
            let _ = kill.status();
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if !self.ended {
            self.signal(Signal::Kill);
        }
    }
}

/// The end of what a program writes.
struct Tail {
    bytes: Vec<u8>,
    cut: bool,
    most: usize,
}

impl Tail {
    fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
        // Not at every piece: moving 64 KiB for each line would take longer than reading it.
        if self.bytes.len() > 2 * self.most {
            self.shorten();
        }
    }

    fn shorten(&mut self) {
        if let Some(more @ 1..) = self.bytes.len().checked_sub(self.most) {
            self.bytes.drain(..more);
            self.cut = true;
        }
    }

    fn text(&self, redactor: &Redactor) -> String {
        let more = self.bytes.len().saturating_sub(self.most);
        let cut = self.cut || more > 0;
        let skip = if cut { redactor.longest() } else { 0 };
        let text = String::from_utf8_lossy(&redactor.redact(&self.bytes[more..], skip)).into_owned();
        if cut { format!("[…]\n{text}") } else { text }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn tail(most: usize) -> Tail {
        Tail { bytes: Vec::new(), cut: false, most }
    }

    #[test]
    fn only_the_end_is_kept_and_it_says_so() {
        let redactor = Redactor::new(None);
        let mut tail = tail(10);
        tail.push(b"0123456789");
        assert_eq!(tail.text(&redactor), "0123456789");
        for _ in 0..5 {
            tail.push(b"abcdefgh");
        }
        assert_eq!(tail.text(&redactor), "[…]\nghabcdefgh");
    }
}
