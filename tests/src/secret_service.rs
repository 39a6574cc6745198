//! A real Secret Service of the test's own: a session bus and gnome-keyring on it, in folders of their own.

use crate::process::{Running, command, installed};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A bus that starts nothing by itself: what answers on it is what the test has started.
const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

/// What unlocks the keyring of the tests. An empty one would make gnome-keyring write secrets in clear.
const LOGIN: &str = "the login of the tests";

/// A session bus, and the keyring on it unless it is absent.
pub struct SecretService {
    address: String,
    // The keyring ends before its bus, and the bus before its folder.
    keyring: Option<Running>,
    _bus: Running,
    folder: TempDir,
}

impl SecretService {
    /// A bus on which nobody keeps secrets.
    ///
    /// # Panics
    /// When D-Bus is not installed.
    pub fn absent() -> Self {
        // A socket's path has room for 107 bytes.
        let folder = tempfile::Builder::new().prefix("cadastre-bus-").tempdir_in("/tmp").expect("a folder for the bus");
        for name in ["run", "data", "home"] {
            std::fs::create_dir(folder.path().join(name)).expect("a folder for the keyring");
        }
        let socket = folder.path().join("bus");
        let configuration = folder.path().join("bus.conf");
        std::fs::write(&configuration, BUS.replace("{socket}", &socket.display().to_string())).expect("a file");
        let mut bus = command(installed("dbus-daemon", "dbus"));
        bus.arg("--config-file").arg(&configuration).args(["--nofork", "--print-address=1"]);
        bus.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut bus = Running::start("dbus-daemon", &mut bus);
        let address = bus.first_line();
        Self { address, keyring: None, _bus: bus, folder }
    }

    /// An unlocked keyring.
    ///
    /// # Panics
    /// When gnome-keyring is not installed or does not start.
    pub fn unlocked() -> Self {
        let mut service = Self::absent();
        service.start_keyring(true);
        service
    }

    /// Locks it, with what it holds. Nobody can be asked to unlock it.
    pub fn lock(&mut self) {
        // A new daemon does not know what unlocks the file.
        self.keyring = None;
        self.wait_for_name(false);
        self.start_keyring(false);
    }

    /// A keyring that takes questions and never answers.
    pub fn stuck() -> Self {
        let service = Self::unlocked();
        if let Some(keyring) = &service.keyring {
            keyring.signal("STOP");
        }
        service
    }

    fn start_keyring(&mut self, unlock: bool) {
        let mut daemon = command(installed("gnome-keyring-daemon", "gnome-keyring"));
        daemon.args(["--foreground", "--components=secrets"]).envs(self.environment());
        if unlock {
            daemon.arg("--unlock");
        }
        daemon.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut daemon = Running::start("gnome-keyring-daemon", &mut daemon);
        // Without a line break: it would belong to the password.
        daemon.give(if unlock { LOGIN } else { "" });
        self.keyring = Some(daemon);
        self.wait_for_name(true);
    }

    /// Waits until somebody on the bus keeps secrets, or nobody does.
    fn wait_for_name(&self, owned: bool) {
        let wanted = format!("boolean {owned}");
        let patience = Instant::now() + Duration::from_secs(30);
        loop {
            let mut ask = Command::new(installed("dbus-send", "dbus-bin"));
            ask.arg(format!("--bus={}", self.address)).args(["--print-reply", "--dest=org.freedesktop.DBus", "/"]);
            ask.args(["org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"]);
            let answer = ask.output().expect("dbus-send runs");
            if String::from_utf8_lossy(&answer.stdout).contains(&wanted) {
                return;
            }
            assert!(Instant::now() < patience, "the keyring is not there after 30 s (or does not leave)");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The address of the bus, for `DBUS_SESSION_BUS_ADDRESS`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The keyring's own files.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Everything of the bus and the keyring.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The variables of a program in this session.
    pub fn environment(&self) -> Vec<(String, String)> {
        let path = |name: &str| self.folder.path().join(name).display().to_string();
        vec![
            ("DBUS_SESSION_BUS_ADDRESS".into(), self.address.clone()),
            ("XDG_RUNTIME_DIR".into(), path("run")),
            ("XDG_DATA_HOME".into(), path("data")),
            ("HOME".into(), path("home")),
        ]
    }
}
