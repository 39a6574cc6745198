//! A display that nobody sees.

use crate::process::{Running, command, installed};
use std::path::Path;
use std::process::{Command, Stdio};

/// A running Xvfb.
pub struct Display {
    name: String,
    _server: Running,
}

impl Display {
    /// Starts one of this size.
    ///
    /// # Panics
    /// When Xvfb is not installed.
    pub fn start(width: u32, height: u32) -> Self {
        let mut server = command(installed("Xvfb", "xvfb"));
        // It chooses a free number by itself, and says it when it is ready.
        server.args(["-displayfd", "1", "-screen", "0", &format!("{width}x{height}x24"), "-nolisten", "tcp"]);
        server.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut server = Running::start("Xvfb", &mut server);
        let name = format!(":{}", server.first_line());
        Self { name, _server: server }
    }

    /// For `DISPLAY`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Takes a picture of everything on it. (The driver's own pictures never come back on such a display.)
    pub fn picture(&self, file: &Path) {
        let mut import = Command::new(installed("import", "imagemagick"));
        let _ = import.args(["-display", &self.name, "-window", "root"]).arg(file).stderr(Stdio::null()).status();
    }
}
