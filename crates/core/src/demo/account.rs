//! Who runs the server's programs: PostgreSQL refuses to run with all rights.

use crate::Result;
#[cfg(unix)]
use crate::{Error, ErrorKind};
use std::path::Path;
use std::process::Command;

/// The account of the operating system that owns the server's files and runs its programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Account {
    /// The person who runs Cadastre.
    Own,
    /// Somebody else, because Cadastre runs as root.
    #[cfg(unix)]
    Other {
        /// User number.
        user: u32,
        /// Group number.
        group: u32,
    },
}

impl Account {
    /// The current user, unless that is root: then `postgres`, `nobody`, or the first ordinary user there is.
    #[cfg(unix)]
    pub(super) fn choose() -> Result<Self> {
        use nix::unistd::{User, geteuid};
        if !geteuid().is_root() {
            return Ok(Self::Own);
        }
        let listed = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
        let names = listed.lines().filter_map(|line| line.split(':').next());
        ["postgres", "_postgres", "nobody"]
            .into_iter()
            .chain(names)
            .filter_map(|name| User::from_name(name).ok().flatten())
            .find(|user| !user.uid.is_root())
            .map(|user| Self::Other { user: user.uid.as_raw(), group: user.gid.as_raw() })
            .ok_or_else(|| {
                let reason = "it may not run as root, and there is no other user on this computer";
                ErrorKind::ServerStartFailed { reason: reason.into() }.into()
            })
    }

    /// `pg_ctl` gives up an administrator's rights by itself.
    #[cfg(not(unix))]
    pub(super) fn choose() -> Result<Self> {
        Ok(Self::Own)
    }

    /// A command that runs as this account. The standard library drops root's supplementary groups with the user.
    pub(super) fn command(self, program: &Path, folder: &Path) -> Command {
        let mut command = Command::new(program);
        // The folder of the caller may be out of this account's reach.
        command.current_dir(folder);
        for (name, _) in std::env::vars_os() {
            // PGDATA, PGPORT, PGOPTIONS … of the person are about other servers.
            if name.to_string_lossy().starts_with("PG") {
                command.env_remove(name);
            }
        }
        // Messages are matched and shown; the databases' locale is given to initdb by name.
        command.env("LC_ALL", "C");
        #[cfg(unix)]
        {
            use std::os::unix::process::CommandExt;
            // Ctrl-C in the terminal is for Cadastre, which then stops the server in order.
            command.process_group(0);
            if let Self::Other { user, group } = self {
                command.uid(user).gid(group);
            }
        }
        command
    }

    /// Makes a file or folder this account's own, and nobody else's.
    pub(super) fn take(self, path: &Path) -> Result<()> {
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = if path.is_dir() { 0o700 } else { 0o600 };
            let owned = match self {
                Self::Own => Ok(()),
                Self::Other { user, group } => std::os::unix::fs::chown(path, Some(user), Some(group)),
            };
            owned
                .and_then(|()| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)))
                .map_err(|e| Error::new(ErrorKind::TargetNotWritable { path: path.display().to_string() }).source(e))?;
        }
        #[cfg(not(unix))]
        let _ = path;
        Ok(())
    }

    /// Whether this account gets to a folder that Cadastre itself can use.
    pub(super) fn reaches(self, folder: &Path) -> bool {
        #[cfg(unix)]
        if let Self::Other { .. } = self {
            use std::os::unix::fs::PermissionsExt;
            let Ok(folder) = folder.canonicalize() else { return false };
            return folder.ancestors().all(|f| f.metadata().is_ok_and(|m| m.permissions().mode() & 0o001 != 0));
        }
        let _ = folder;
        true
    }

    /// Whether this account owns a folder: one that was recorded earlier may be somebody else's by now.
    pub(super) fn owns(self, folder: &Path) -> bool {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            let user = match self {
                Self::Own => nix::unistd::geteuid().as_raw(),
                Self::Other { user, .. } => user,
            };
            folder.symlink_metadata().is_ok_and(|m| m.is_dir() && m.uid() == user)
        }
        #[cfg(not(unix))]
        folder.is_dir()
    }
}
