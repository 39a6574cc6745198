//! Programs that end with the test, whatever ends the test.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

/// The path of an installed program.
///
/// # Panics
/// When it is missing; the message names Debian's package.
pub fn installed(program: &str, package: &str) -> PathBuf {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&folders).map(|folder| folder.join(program)).find(|path| path.is_file());
    found.unwrap_or_else(|| panic!("this test needs {program}: apt install {package}"))
}

/// A program of this workspace, built beside the tests.
///
/// # Panics
/// When it was not built.
pub fn built(program: &str, how: &str) -> PathBuf {
    let test = std::env::current_exe().expect("the path of this test");
    // target/debug/deps/<test> → target/debug/<program>
    let folder = test.parent().and_then(|deps| deps.parent()).expect("the target folder");
    let path = folder.join(format!("{program}{}", std::env::consts::EXE_SUFFIX));
    assert!(path.is_file(), "{} is missing: {how}", path.display());
    path
}

/// A command that the kernel kills when the thread that starts it ends, and that is the leader of a group of its own.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(installed("setpriv", "util-linux"));
    command.args(["--pdeathsig", "KILL", "--"]).arg(program);
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command
}

/// A running program; dropping it ends the program and everything in its group.
pub struct Running {
    name: String,
    child: Child,
}

impl Running {
    /// Starts a command made by [`command`].
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn start(name: &str, command: &mut Command) -> Self {
        let child = command.spawn().unwrap_or_else(|error| panic!("{name} cannot be started: {error}"));
        Self { name: name.to_owned(), child }
    }

    /// Its process number, which is also that of its group.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The first line that it writes to its standard output, which must be a pipe: how programs say that they are ready.
    ///
    /// # Panics
    /// When it ends without one.
    pub fn first_line(&mut self) -> String {
        let stdout = self.child.stdout.as_mut().expect("a pipe for the standard output");
        let mut line = String::new();
        let _ = BufReader::new(stdout).read_line(&mut line);
        assert!(line.ends_with('\n'), "{} ended before it was ready", self.name);
        line.trim_end().to_owned()
    }

    /// Gives it a text on its standard input, which must be a pipe, and closes that.
    ///
    /// # Panics
    /// When it does not read.
    pub fn give(&mut self, text: &str) {
        let mut stdin = self.child.stdin.take().expect("a pipe for the standard input");
        std::io::Write::write_all(&mut stdin, text.as_bytes()).expect("the program reads its standard input");
    }

    /// Sends a signal to the program alone.
    pub fn signal(&self, signal: &str) {
        kill(signal, &self.pid().to_string());
    }

    /// Whether it still runs.
    pub fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        kill("KILL", &format!("-{}", self.pid()));
        let _ = self.child.wait();
    }
}

fn kill(signal: &str, target: &str) {
    let mut kill = Command::new("kill");
    let _ = kill.args(["-s", signal, "--", target]).stderr(Stdio::null()).status();
}
