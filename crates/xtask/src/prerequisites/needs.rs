//! The list: each thing, how to see whether it is there, and where it comes from.

use crate::failure::{Failure, Result};
use crate::process::{self, find};
use std::path::{Path, PathBuf};

/// What the machine is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Building the command line.
    CommandLine,
    /// Building the interface and the desktop application.
    Desktop,
    /// Running a PostgreSQL server of our own.
    Server,
    /// Running the tests that use the real window, the real keyring and several PostgreSQL versions.
    Tests,
}

/// One thing that may be missing.
pub struct Need {
    pub name: &'static str,
    pub used_for: &'static str,
    pub purpose: Purpose,
    pub present: fn() -> bool,
    /// Debian's and Ubuntu's packages.
    pub packages: &'static [&'static str],
    macos: &'static str,
    windows: &'static str,
}

impl Need {
    /// Where it comes from on a system without apt.
    pub fn elsewhere(&self) -> String {
        match std::env::consts::OS {
            "macos" => self.macos.to_owned(),
            "windows" => self.windows.to_owned(),
            _ => format!("your distribution's counterpart of Debian's {}", self.packages.join(", ")),
        }
    }
}

const LINUX_ONLY: &str = "only used on Linux";

/// Everything but Git, Rust and Node, which the README asks for.
pub const NEEDS: &[Need] = &[
    Need {
        name: "a C compiler",
        used_for: "builds SQLite and the TLS library",
        purpose: Purpose::CommandLine,
        present: c_compiler,
        packages: &["build-essential"],
        macos: "xcode-select --install",
        windows: "Visual Studio Build Tools with \"Desktop development with C++\"",
    },
    Need {
        name: "pkg-config",
        used_for: "finds the window's libraries",
        purpose: Purpose::Desktop,
        present: || !cfg!(target_os = "linux") || pkg_config().is_some(),
        packages: &["pkg-config"],
        macos: LINUX_ONLY,
        windows: LINUX_ONLY,
    },
    Need {
        name: "WebKitGTK 4.1 and GTK 3, for development",
        used_for: "the window",
        purpose: Purpose::Desktop,
        present: || ["webkit2gtk-4.1", "gtk+-3.0"].iter().all(|name| library(name)),
        packages: &["libwebkit2gtk-4.1-dev", "libgtk-3-dev"],
        macos: LINUX_ONLY,
        windows: LINUX_ONLY,
    },
    Need {
        name: "D-Bus, for development",
        used_for: "the window",
        purpose: Purpose::Desktop,
        present: || library("dbus-1"),
        packages: &["libdbus-1-dev"],
        macos: LINUX_ONLY,
        windows: LINUX_ONLY,
    },
    Need {
        name: "a PostgreSQL server",
        used_for: "the demo and the tests start private servers of it",
        purpose: Purpose::Server,
        present: postgresql_server,
        packages: &["postgresql"],
        macos: "brew install postgresql@18, or Postgres.app",
        windows: "winget install PostgreSQL.PostgreSQL.18",
    },
    Need {
        name: "Xvfb",
        used_for: "a display for the tests of the window",
        purpose: Purpose::Tests,
        present: || on_linux("Xvfb") && on_linux("xauth"),
        packages: &["xvfb", "xauth"],
        macos: LINUX_ONLY,
        windows: LINUX_ONLY,
    },
    Need {
        name: "WebKitWebDriver",
        used_for: "clicks and types in the window",
        purpose: Purpose::Tests,
        present: || on_linux("WebKitWebDriver"),
        packages: &["webkit2gtk-driver"],
        macos: LINUX_ONLY,
        windows: LINUX_ONLY,
    },
    Need {
        name: "a D-Bus session",
        used_for: "a keyring of the tests' own",
        purpose: Purpose::Tests,
        present: || ["dbus-run-session", "dbus-daemon", "dbus-send"].into_iter().all(on_linux),
        packages: &["dbus"],
        macos: LINUX_ONLY,
        windows: LINUX_ONLY,
    },
    Need {
        name: "gnome-keyring",
        used_for: "the Secret Service of the tests",
        purpose: Purpose::Tests,
        present: || on_linux("gnome-keyring-daemon"),
        packages: &["gnome-keyring"],
        macos: LINUX_ONLY,
        windows: LINUX_ONLY,
    },
    Need {
        name: "secret-tool",
        used_for: "looks into the keyring of the tests from outside",
        purpose: Purpose::Tests,
        present: || on_linux("secret-tool"),
        packages: &["libsecret-tools"],
        macos: LINUX_ONLY,
        windows: LINUX_ONLY,
    },
    Need {
        name: "PgBouncer",
        used_for: "the pooler that connections are tested through",
        purpose: Purpose::Tests,
        present: || cfg!(windows) || find("pgbouncer").is_some() || Path::new("/usr/sbin/pgbouncer").is_file(),
        packages: &["pgbouncer"],
        macos: "brew install pgbouncer",
        windows: "not used on Windows",
    },
    Need {
        name: "the openssl program",
        used_for: "makes the certificates of the tests",
        purpose: Purpose::Tests,
        present: || cfg!(windows) || find("openssl").is_some(),
        packages: &["openssl"],
        macos: "brew install openssl",
        windows: "not used on Windows",
    },
    Need {
        name: "ImageMagick",
        used_for: "pictures of the window",
        purpose: Purpose::Tests,
        present: || on_linux("import"),
        packages: &["imagemagick"],
        macos: LINUX_ONLY,
        windows: LINUX_ONLY,
    },
    Need {
        name: "OpenSSL",
        used_for: "makes certificates for the tests of TLS",
        purpose: Purpose::Tests,
        present: || find("openssl").is_some(),
        packages: &["openssl"],
        macos: "brew install openssl",
        windows: "it comes with Git: add its usr\\bin to the PATH",
    },
    Need {
        name: "PgBouncer",
        used_for: "the tests with a pooler in between",
        purpose: Purpose::Tests,
        // Debian keeps it where only root's PATH leads.
        present: || find("pgbouncer").is_some() || Path::new("/usr/sbin/pgbouncer").is_file() || cfg!(windows),
        packages: &["pgbouncer"],
        macos: "brew install pgbouncer",
        windows: LINUX_ONLY,
    },
    Need {
        name: "Python with pip",
        used_for: "fetches the PostgreSQL versions to test with",
        purpose: Purpose::Tests,
        present: || process::succeeds(process::command(python()).args(["-m", "pip", "--version"])),
        packages: &["python3", "python3-pip"],
        macos: "brew install python",
        windows: "winget install Python.Python.3.13",
    },
    Need {
        name: "Python's virtual environments",
        used_for: "hold Alembic and django-tenants, which the tests migrate with",
        purpose: Purpose::Tests,
        present: || process::succeeds(process::command(python()).args(["-c", "import ensurepip, venv"])),
        packages: &["python3-venv"],
        macos: "they come with brew install python",
        windows: "they come with Python",
    },
];

/// Python under the name that this system gives it.
pub fn python() -> &'static str {
    if cfg!(windows) { "python" } else { "python3" }
}

/// Node is checked, never installed: the distributions' own is often too old, and people have their own ways to get it.
pub fn check_node(purposes: &[Purpose]) -> Result {
    if !purposes.contains(&Purpose::Desktop) {
        return Ok(());
    }
    let remedy = "Install Node 20.19 or newer with npm (https://nodejs.org), then start again.";
    let version = process::output(process::command("node").arg("--version"));
    let version = version.map_err(|_| Failure::new("Node is missing; it builds the interface.").remedy(remedy))?;
    if !recent_enough(version.trim()) {
        return Err(Failure::new(format!("Node {} is too old.", version.trim())).remedy(remedy));
    }
    if process::succeeds(process::npm(&["--version"]).current_dir(crate::workspace::root())) {
        return Ok(());
    }
    Err(Failure::new("npm is missing; it comes with Node.").remedy(remedy))
}

fn recent_enough(version: &str) -> bool {
    let mut numbers = version.trim_start_matches('v').split('.').map(|number| number.parse::<u32>().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)) >= (20, 19)
}

/// Windows' compiler is found through the registry, by the crates that need it.
fn c_compiler() -> bool {
    cfg!(windows) || (find("cc").is_some() && (!cfg!(target_os = "linux") || find("make").is_some()))
}

fn on_linux(program: &str) -> bool {
    !cfg!(target_os = "linux") || find(program).is_some()
}

fn pkg_config() -> Option<PathBuf> {
    find("pkg-config")
}

fn library(name: &str) -> bool {
    !cfg!(target_os = "linux") || process::succeeds(process::command("pkg-config").args(["--exists", name]))
}

/// Only looks where Debian puts servers and at the PATH: everywhere else Cadastre itself looks, and says what it wants.
fn postgresql_server() -> bool {
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    cfg!(not(target_os = "linux"))
        || find("initdb").is_some()
        || debian.into_iter().any(|version| version.path().join("bin/initdb").is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_node_are_compared_as_numbers() {
        assert!(recent_enough("v20.19.0"));
        assert!(recent_enough("v24.1.3"));
        assert!(!recent_enough("v20.9.9"));
        assert!(!recent_enough("v18.20.4"));
    }

    #[test]
    fn every_need_names_a_package() {
        assert!(NEEDS.iter().all(|need| !need.packages.is_empty()));
    }
}
