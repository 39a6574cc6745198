//! Nothing is left behind, however Cadastre ends.
//!
//! A small shell waits on a pipe that only this process holds. When the pipe closes, because the cluster was dropped, the
//! process ended or it was killed with a signal that cannot be caught, the shell stops the server and removes its files.
//! (`PR_SET_PDEATHSIG` would need unsafe code, exists on Linux only and fires when the starting *thread* ends.)

#[cfg(unix)]
pub(super) use unix::Watchdog;

#[cfg(unix)]
mod unix {
    use crate::demo::account::Account;
    use std::path::Path;
    use std::process::{Child, ChildStdin, Stdio};

    /// What the shell runs: `$1` pg_ctl, `$2` data folder, `$3` how to stop, `$4` folder to remove or empty.
    const SCRIPT: &str = r#"
trap '' INT TERM HUP
read -r word
[ "$word" = leave ] && exit 0
"$1" stop -D "$2" -m "$3" -w -t 30
[ -n "$4" ] && cd / && rm -rf -- "$4"
exit 0
"#;

    #[derive(Debug)]
    pub(in crate::demo) struct Watchdog {
        child: Child,
        pipe: Option<ChildStdin>,
    }

    impl Watchdog {
        /// Guards a server. With `remove`, its files go with it.
        pub(in crate::demo) fn set(
            account: Account,
            pg_ctl: &Path,
            data: &Path,
            mode: &str,
            folder: &Path,
            remove: bool,
        ) -> std::io::Result<Self> {
            let mut child = account
                .command(Path::new("/bin/sh"), folder)
                .arg("-c")
                .arg(SCRIPT)
                .arg("cadastre-watchdog")
                .args([pg_ctl.as_os_str(), data.as_os_str(), mode.as_ref()])
                .arg(if remove { folder.as_os_str() } else { "".as_ref() })
                .stdin(Stdio::piped())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()?;
            let pipe = child.stdin.take();
            Ok(Self { child, pipe })
        }

        /// Goes home without touching the server: it shall outlive this process.
        pub(in crate::demo) fn dismiss(mut self) {
            if let Some(mut pipe) = self.pipe.take() {
                use std::io::Write;
                let _ = pipe.write_all(b"leave\n");
            }
        }
    }

    impl Drop for Watchdog {
        fn drop(&mut self) {
            drop(self.pipe.take());
            let _ = self.child.wait();
        }
    }
}

/// Elsewhere the end of a killed process goes unnoticed; the next start finds the server through its folder.
#[cfg(not(unix))]
pub(super) use elsewhere::Watchdog;

#[cfg(not(unix))]
mod elsewhere {
    use crate::demo::account::Account;
    use std::path::{Path, PathBuf};
    use std::process::{Command, Stdio};

    #[derive(Debug)]
    pub(in crate::demo) struct Watchdog {
        stop: Option<(Command, Option<PathBuf>)>,
    }

    impl Watchdog {
        pub(in crate::demo) fn set(
            account: Account,
            pg_ctl: &Path,
            data: &Path,
            mode: &str,
            folder: &Path,
            remove: bool,
        ) -> std::io::Result<Self> {
            let mut stop = account.command(pg_ctl, folder);
            stop.arg("stop").arg("-D").arg(data).args(["-m", mode, "-w", "-t", "30"]);
            stop.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            Ok(Self { stop: Some((stop, remove.then(|| folder.to_owned()))) })
        }

        pub(in crate::demo) fn dismiss(mut self) {
            self.stop = None;
        }
    }

    impl Drop for Watchdog {
        fn drop(&mut self) {
            if let Some((mut stop, folder)) = self.stop.take() {
                let _ = stop.status();
                if let Some(folder) = folder {
                    let _ = std::fs::remove_dir_all(folder);
                }
            }
        }
    }
}
