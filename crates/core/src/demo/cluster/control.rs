//! Running the server's programs.

use super::{Cluster, failed, tail};
use crate::Result;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::Ordering;

impl Cluster {
    /// Starts on a free port; another program may take the port in between, then another one is tried.
    pub(in crate::demo) async fn launch(&self) -> Result<()> {
        let mut attempts = if self.tcp { 4 } else { 1 };
        loop {
            if self.tcp {
                self.port.store(free_port()?, Ordering::Relaxed);
            }
            self.write(&self.data_folder().join("cadastre.conf"), &self.configuration())?;
            attempts -= 1;
            match self.run().await {
                Err(error) if attempts > 0 && error.detail_text().is_some_and(|d| d.contains("already in use")) => {}
                result => return result,
            }
        }
    }

    /// Starts where it was before.
    pub(super) async fn run(&self) -> Result<()> {
        if cfg!(target_os = "linux") && self.pid().is_none() {
            // A dead process that nobody asks for, as in a container without init, would pass for the running server.
            // Backends that outlived it are still found by the server, through their shared memory.
            let _ = std::fs::remove_file(self.data_folder().join("postmaster.pid"));
            let _ = std::fs::remove_file(self.folder.join(format!(".s.PGSQL.{}.lock", self.port())));
        }
        self.control(&["start"]).await
    }

    fn configuration(&self) -> String {
        let folder = self.folder.display().to_string();
        let port = self.port().to_string();
        let mut settings = vec![
            ("listen_addresses", if self.tcp { "127.0.0.1" } else { "" }),
            ("port", &port),
            ("max_connections", "100"),
            ("logging_collector", "off"),
            ("log_destination", "stderr"),
        ];
        if cfg!(unix) {
            settings.push(("unix_socket_directories", &folder));
            settings.push(("unix_socket_permissions", "0700"));
        }
        if !self.durable {
            // Not synchronous_commit: a commit must survive a crash of the server, and without fsync it costs little.
            settings.extend([("fsync", "off"), ("full_page_writes", "off")]);
        }
        // The last line of a name wins.
        settings.extend(self.settings.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let quote = |value: &str| value.replace('\\', "\\\\").replace('\'', "''");
        settings.into_iter().map(|(name, value)| format!("{name} = '{}'\n", quote(value))).collect()
    }

    async fn control(&self, action: &[&str]) -> Result<()> {
        let log = self.folder.join("server.log");
        let before = log.metadata().map_or(0, |m| m.len());
        let mut command = self.account.command(&self.programs.program("pg_ctl"), &self.folder);
        command.args(action).arg("-D").arg(self.data_folder()).args(["-w", "-s", "-t", "60"]);
        if action.first() == Some(&"start") {
            command.arg("-l").arg(&log);
        }
        // The server inherits these: a pipe here would never see its end.
        let output = output(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null())).await?;
        if output.status.success() {
            return Ok(());
        }
        let written = std::fs::read(&log).unwrap_or_default();
        let new = written.get(usize::try_from(before).unwrap_or_default()..).unwrap_or_default();
        let what = action.first().copied().unwrap_or_default();
        Err(failed(&format!("pg_ctl {what} failed")).detail(tail(&String::from_utf8_lossy(new))))
    }

    pub(super) async fn halt(&self, mode: &str) -> Result<()> {
        if self.pid().is_none() {
            return Ok(());
        }
        let stopped = self.control(&["stop", "-m", mode]).await;
        // Where a dead process cannot be recognised beforehand, pg_ctl does it.
        if stopped.is_err() && self.control(&["status"]).await.is_err() { Ok(()) } else { stopped }
    }
}

/// The first line of `postmaster.pid`, unless that was left by a server that died.
pub(in crate::demo) fn server_pid(data: &Path) -> Option<u32> {
    let file = std::fs::read_to_string(data.join("postmaster.pid")).ok()?;
    let pid = file.lines().next()?.trim().parse().ok()?;
    if cfg!(target_os = "linux") {
        // Another program may have the number by now, and a dead process keeps its own until its parent asks.
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        let (name, rest) = stat.rsplit_once(") ")?;
        return (name.contains("(postgres") && !rest.starts_with('Z')).then_some(pid);
    }
    Some(pid)
}

pub(super) async fn output(command: &mut std::process::Command) -> Result<std::process::Output> {
    let mut command = tokio::process::Command::from(std::mem::replace(command, std::process::Command::new("")));
    command.output().await.map_err(|e| failed("its programs could not be run").source(e))
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
    let port = listener.and_then(|l| l.local_addr()).map(|address| address.port());
    port.map_err(|e| failed("no port of the loopback address is free").source(e))
}
