//! The real Secret Service: gnome-keyring in a D-Bus session of the test's own, unlocked, locked and absent.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "what a test needs and does not get fails it")]

use cadastre_core::ErrorKind;
use cadastre_core::connection::Secrets;
use secrecy::ExposeSecret;
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use uuid::Uuid;

const PROFILE: Uuid = Uuid::from_u128(0x00ca_da57_4e00);
const PASSWORD: &str = "c4nary ünd €";

/// Runs one of the ignored tests below in a process whose session is as described.
fn inside(scenario: &str, home: &Path, bus: Option<&[&str]>) {
    let program = std::env::current_exe().unwrap();
    let mut command = match bus {
        Some(arguments) => {
            let mut command = Command::new("dbus-run-session");
            command.args(arguments).arg("--").arg(program);
            command
        }
        None => Command::new(program),
    };
    let runtime = home.join("run");
    std::fs::create_dir_all(&runtime).unwrap();
    let output = command
        .args(["--ignored", "--exact", "--nocapture", scenario])
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env("HOME", home)
        .env("XDG_DATA_HOME", home.join("data"))
        .env("XDG_RUNTIME_DIR", &runtime)
        .stdin(Stdio::null())
        .output()
        .expect("these tests need dbus-run-session");
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{scenario}: {text}");
    assert!(text.contains("1 passed"), "{scenario} was not run: {text}");
    assert!(!text.contains("c4nary"), "{scenario}: {text}");
}

/// A keyring daemon; without a password the keyring stays locked.
struct Daemon(Child);

impl Daemon {
    fn start(unlock: bool) -> Self {
        let mut command = Command::new("gnome-keyring-daemon");
        command.args(["--foreground", "--components=secrets"]).stdout(Stdio::null()).stderr(Stdio::null());
        if unlock {
            command.arg("--unlock");
        }
        let mut child = command.stdin(Stdio::piped()).spawn().expect("these tests need gnome-keyring-daemon");
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(b"keyring-password").unwrap();
        }
        Self(child)
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn available(secrets: &Secrets) {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let status = secrets.status().await;
        if status.available {
            return;
        }
        assert!(Instant::now() < deadline, "{status:?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[test]
fn an_unlocked_keyring_keeps_a_password_and_a_locked_one_is_not_waited_for() {
    let home = tempfile::tempdir().unwrap();
    inside("keeps_a_password", home.path(), Some(&[]));
    let stored: Vec<_> = std::fs::read_dir(home.path().join("data/keyrings")).unwrap().collect();
    assert!(!stored.is_empty());
    // The same keyring after a new start, which nobody has unlocked.
    inside("finds_the_keyring_locked", home.path(), Some(&[]));
}

#[test]
fn without_a_session_bus_the_keyring_is_unavailable_at_once() {
    let home = tempfile::tempdir().unwrap();
    inside("finds_no_keyring", home.path(), None);
}

#[test]
fn a_session_without_a_secret_service_has_no_keyring() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("bus.conf");
    let text = "<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><auth>EXTERNAL</auth>\
                <policy context=\"default\"><allow send_destination=\"*\"/><allow own=\"*\"/><allow eavesdrop=\"true\"/>\
                </policy></busconfig>";
    std::fs::write(&file, text).unwrap();
    inside("finds_no_keyring", home.path(), Some(&["--config-file", file.to_str().unwrap()]));
}

#[tokio::test]
#[ignore = "started by another test"]
async fn keeps_a_password() {
    let _daemon = Daemon::start(true);
    let secrets = Secrets::keyring();
    available(&secrets).await;
    assert!(secrets.get(PROFILE).await.unwrap().is_none());
    secrets.set(PROFILE, &"first".into()).await.unwrap();
    secrets.set(PROFILE, &PASSWORD.into()).await.unwrap();
    assert!(secrets.get(PROFILE).await.unwrap().unwrap().expose_secret() == PASSWORD);
    // Another handle, as another process would have.
    assert!(Secrets::keyring().get(PROFILE).await.unwrap().is_some());
    let other = Uuid::from_u128(1);
    secrets.set(other, &"x".into()).await.unwrap();
    secrets.remove(other).await.unwrap();
    secrets.remove(other).await.unwrap();
    assert!(secrets.get(other).await.unwrap().is_none());
}

#[tokio::test]
#[ignore = "started by another test"]
async fn finds_the_keyring_locked() {
    let _daemon = Daemon::start(false);
    let secrets = Secrets::keyring();
    available(&secrets).await;
    let before = Instant::now();
    let error = secrets.get(PROFILE).await.unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::KeyringLocked);
    assert!(before.elapsed() < Duration::from_secs(10));
    let error = secrets.set(PROFILE, &"x".into()).await.unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::KeyringLocked);
    assert!(before.elapsed() < Duration::from_secs(16));
}

#[tokio::test]
#[ignore = "started by another test"]
async fn finds_no_keyring() {
    let secrets = Secrets::keyring();
    let before = Instant::now();
    let status = secrets.status().await;
    assert!(!status.available && status.reason.is_some(), "{status:?}");
    assert_eq!(status.store, "Secret Service");
    let error = secrets.get(PROFILE).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::KeyringUnavailable { .. }), "{error:?}");
    assert!(before.elapsed() < Duration::from_secs(2), "{:?}", before.elapsed());
}
