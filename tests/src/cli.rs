//! The real program `cadastre`, in a home of its own and with a clean environment.

use crate::process::built;
use crate::strict_json::Strict;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};

/// Longer than any call in the tests takes on a busy machine; a call that hangs fails its test.
const PATIENCE: Duration = Duration::from_secs(300);

/// A person's account: home, temporary folder, environment.
pub struct Cli {
    folder: TempDir,
    environment: Vec<(String, String)>,
    launcher: Vec<String>,
}

/// What a call came to.
#[derive(Debug, Clone)]
pub struct Call {
    /// The words that were given.
    pub arguments: String,
    /// Exit code; -1 when a signal ended it.
    pub code: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
    /// From start to end.
    pub took: Duration,
}

impl Cli {
    /// Without any connection.
    #[expect(clippy::new_without_default, reason = "it makes folders")]
    pub fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("cadastre-cli-").tempdir().expect("a temporary folder");
        for name in ["home", "state", "tmp", "files"] {
            std::fs::create_dir(folder.path().join(name)).expect("a folder for the test");
        }
        Self { folder, environment: Vec::new(), launcher: Vec::new() }
    }

    /// With `DATABASE_URL`.
    pub fn on(url: &str) -> Self {
        Self::new().env("DATABASE_URL", url)
    }

    /// With one more variable.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// Started by another program, which gets the whole command line as its last arguments.
    pub fn launched_by(mut self, launcher: &[&str]) -> Self {
        self.launcher = launcher.iter().map(|word| (*word).to_owned()).collect();
        self
    }

    /// The person's whole account, to search through.
    pub fn account(&self) -> &Path {
        self.folder.path()
    }

    /// `CADASTRE_HOME`.
    pub fn home(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    /// A folder for the files of the test.
    pub fn files(&self) -> PathBuf {
        self.folder.path().join("files")
    }

    /// Writes a file of the test and returns its path. Missing folders are made.
    ///
    /// # Panics
    /// When that does not work.
    pub fn write(&self, name: &str, text: &str) -> String {
        let path = self.files().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder for the file");
        std::fs::write(&path, text).expect("the file is written");
        path.display().to_string()
    }

    /// The path of a file of the test, as an argument.
    pub fn path(&self, name: &str) -> String {
        self.files().join(name).display().to_string()
    }

    /// Names of what is in the folder of the test's files, with sub-folders, in order.
    ///
    /// # Panics
    /// When the folder cannot be read.
    pub fn listing(&self) -> Vec<String> {
        let mut found = Vec::new();
        list(&self.files(), &mut found);
        found.sort();
        found
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let program = built("cadastre", "cargo build -p cadastre-cli").display().to_string();
        let mut words = self.launcher.clone();
        words.push(program);
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).args(arguments).env_clear().current_dir(self.files()).kill_on_drop(true);
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("LANG", "C.UTF-8");
        command.env("HOME", self.folder.path().join("home")).env("TMPDIR", self.folder.path().join("tmp"));
        command.env("CADASTRE_HOME", self.home()).envs(self.environment.iter().map(|(n, v)| (n, v)));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Starts a call, for tests that do something meanwhile.
    ///
    /// # Panics
    /// When the program cannot be started.
    pub fn start(&self, arguments: &[&str]) -> StartedCall {
        self.start_with(arguments, &[])
    }

    /// Starts a call with more variables, for this call alone.
    ///
    /// # Panics
    /// When the program cannot be started.
    pub fn start_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> StartedCall {
        let child = self.command(arguments).envs(variables.iter().copied()).spawn().expect("the command line starts");
        StartedCall { child, arguments: arguments.join(" "), started: Instant::now() }
    }

    /// Runs a call to its end.
    pub async fn run(&self, arguments: &[&str]) -> Call {
        self.start(arguments).end().await
    }

    /// Runs a call with a text on its standard input.
    pub async fn run_with(&self, arguments: &[&str], input: &str) -> Call {
        let mut call = self.start(arguments);
        let mut stdin = call.child.stdin.take().expect("a pipe");
        stdin.write_all(input.as_bytes()).await.expect("the standard input is read");
        drop(stdin);
        call.end().await
    }

    /// Runs a call on a terminal of its own, and types a line when the call has written `prompt`. What the terminal shows is
    /// the standard output.
    ///
    /// # Panics
    /// When the prompt never comes.
    pub async fn on_terminal(&self, arguments: &[&str], prompt: &str, line: &str) -> Call {
        let quoted: Vec<String> = arguments.iter().map(|word| format!("'{word}'")).collect();
        let program = built("cadastre", "cargo build -p cadastre-cli").display().to_string();
        let command = self.command(&[]);
        // util-linux's `script` makes the terminal; it is where `cadastre` would be.
        let mut script = Command::new("script");
        script.args(["-qec", &format!("'{program}' {}", quoted.join(" ")), "/dev/null"]).env_clear().kill_on_drop(true);
        script.envs(command.as_std().get_envs().filter_map(|(name, value)| Some((name, value?))));
        script.current_dir(self.files()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let started = Instant::now();
        let mut child = script.spawn().expect("`script` of util-linux starts");
        let (mut stdin, mut stdout) = (child.stdin.take().expect("a pipe"), child.stdout.take().expect("a pipe"));
        let mut shown = Vec::new();
        let talk = async {
            let mut typed = prompt.is_empty();
            while stdout.read_buf(&mut shown).await.expect("the terminal is read") > 0 {
                if !typed && String::from_utf8_lossy(&shown).contains(prompt) {
                    // The prompt stands a moment before the terminal stops showing what is typed.
                    tokio::time::sleep(Duration::from_millis(300)).await;
                    stdin.write_all(format!("{line}\n").as_bytes()).await.expect("the line is typed");
                    typed = true;
                }
            }
            assert!(typed, "{prompt} never came: {}", String::from_utf8_lossy(&shown));
            child.wait().await.expect("the end of the call")
        };
        let status = tokio::time::timeout(PATIENCE, talk).await.expect("the call ends");
        Call {
            arguments: arguments.join(" "),
            code: status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&shown).replace("\r\n", "\n"),
            stderr: String::new(),
            took: started.elapsed(),
        }
    }

    /// Runs a call whose standard output goes to a file, and is not in the answer.
    pub async fn run_into(&self, arguments: &[&str], file: &str) -> Call {
        let output = std::fs::File::options().write(true).open(file).expect("the file is opened");
        let child = self.command(arguments).stdout(output).spawn().expect("the command line starts");
        StartedCall { child, arguments: arguments.join(" "), started: Instant::now() }.end().await
    }

    /// Runs a call with `--json` that must succeed, and returns its document.
    ///
    /// # Panics
    /// When it does not succeed.
    pub async fn json(&self, arguments: &[&str]) -> Value {
        let call = self.run(&[arguments, &["--json"]].concat()).await;
        assert_eq!(call.code, 0, "{call}");
        call.document()
    }

    /// Runs a call that must be refused with this exit code and this `error.code`, both with and without `--json`;
    /// returns the error. Checks the form of both.
    ///
    /// # Panics
    /// When it is not refused in this way.
    pub async fn refused(&self, arguments: &[&str], exit: i32, code: &str) -> Value {
        let call = self.run(&[arguments, &["--json"]].concat()).await;
        assert_eq!(call.code, exit, "{call}");
        let error = call.document()["error"].clone();
        assert_eq!(error["code"], code, "{call}");
        for key in ["message", "detail", "hint", "sqlstate"] {
            assert!(error.get(key).is_some(), "no {key}: {call}");
        }
        let message = error["message"].as_str().unwrap_or_default();
        assert!(message.len() > 10 && message.ends_with(['.', '!']) || message.contains(": "), "no sentence: {call}");
        for forbidden in ["panicked", "RUST_BACKTRACE", "Some(", "Err("] {
            assert!(!call.stderr.contains(forbidden) && !call.stdout.contains(forbidden), "{call}");
        }
        let spoken = self.run(arguments).await;
        assert_eq!(spoken.code, exit, "{spoken}");
        assert!(spoken.stderr.starts_with(&format!("Error: {message}")), "{spoken}");
        assert_eq!(spoken.stdout, "", "{spoken}");
        if let Some(hint) = error["hint"].as_str() {
            assert!(spoken.stderr.contains(&format!("Hint: {hint}")), "{spoken}");
        }
        error
    }
}

/// A call under way. Dropping it kills the program.
pub struct StartedCall {
    child: Child,
    arguments: String,
    started: Instant,
}

impl StartedCall {
    /// The process, while it runs.
    pub fn pid(&self) -> Option<u32> {
        self.child.id()
    }

    /// Ends the program as `kill -9` does; it may have ended by itself before. The exit code says which: -1 is a signal.
    pub async fn kill(mut self) -> Call {
        // Fails where the program has ended already.
        let _ = self.child.start_kill();
        self.end().await
    }

    /// Waits for the end.
    ///
    /// # Panics
    /// When it hangs.
    pub async fn end(self) -> Call {
        let Self { mut child, arguments, started } = self;
        drop(child.stdin.take());
        let output = tokio::time::timeout(PATIENCE, child.wait_with_output()).await;
        let output = output.unwrap_or_else(|_| panic!("cadastre {arguments} hangs")).expect("the output of the call");
        Call {
            arguments,
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).expect("UTF-8 on stdout"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8 on stderr"),
            took: started.elapsed(),
        }
    }
}

impl Call {
    /// The one JSON document on the standard output.
    ///
    /// # Panics
    /// When there is anything else, or an object has a key twice.
    pub fn document(&self) -> Value {
        let document: Strict =
            serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("no JSON document ({error}): {self}"));
        document.0
    }
}

impl std::fmt::Display for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { arguments, code, stdout, stderr, took } = self;
        write!(f, "cadastre {arguments}\nexit code {code} after {took:?}\n--- stdout\n{stdout}\n--- stderr\n{stderr}")
    }
}

fn list(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).expect("the folder is read") {
        let path = entry.expect("the folder is read").path();
        found.push(path.display().to_string());
        if path.is_dir() {
            list(&path, found);
        }
    }
}
