//! Making the data folder.

use super::control::output;
use super::{Cluster, failed, not_writable, tail};
use crate::Result;
use secrecy::{ExposeSecret, SecretString};
use std::path::Path;
use std::process::Stdio;

impl Cluster {
    /// `initdb` where that was not done yet, and one line that includes our own settings.
    pub(in crate::demo) async fn initialise(&mut self) -> Result<()> {
        let data = self.data_folder();
        if data.join("cadastre.conf").is_file() {
            return Ok(());
        }
        self.password = self.tcp.then(new_password);
        // Left by a start that was cut off; initdb refuses a folder that is not empty.
        let _ = std::fs::remove_dir_all(&data);
        let mut arguments = vec!["--username=postgres", "--encoding=UTF8", "--auth-local=trust", "--lc-messages=C"];
        arguments.push(if self.tcp { "--auth-host=scram-sha-256" } else { "--auth-host=reject" });
        if !self.durable {
            arguments.push("--no-sync");
        }
        // A locale whose lower() and upper() know accents, where the system has it under this name.
        let locale = if cfg!(target_os = "linux") { "--locale=C.UTF-8" } else { "--locale=C" };
        let secret = self.folder.join("initial");
        if let Some(password) = &self.password {
            // initdb takes it from a file only; the file belongs to the server's account and lives for this moment.
            self.write(&secret, password.expose_secret())?;
        }
        let mut result = self.initdb(&arguments, locale, &secret).await;
        if result.is_err() && locale != "--locale=C" {
            let _ = std::fs::remove_dir_all(&data);
            result = self.initdb(&arguments, "--locale=C", &secret).await;
        }
        let _ = std::fs::remove_file(&secret);
        result?;
        let configuration = data.join("postgresql.conf");
        let mut text = std::fs::read_to_string(&configuration).map_err(|e| not_writable(&configuration, e))?;
        text.push_str("\ninclude 'cadastre.conf'\n");
        self.write(&configuration, &text)
    }

    async fn initdb(&self, arguments: &[&str], locale: &str, secret: &Path) -> Result<()> {
        let mut command = self.account.command(&self.programs.program("initdb"), &self.folder);
        command.arg("--pgdata").arg(self.data_folder()).args(arguments).arg(locale);
        if self.password.is_some() {
            command.arg("--pwfile").arg(secret);
        }
        let output = output(command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped())).await?;
        if output.status.success() {
            return Ok(());
        }
        Err(failed("initdb failed").detail(tail(&String::from_utf8_lossy(&output.stderr))))
    }
}

fn new_password() -> SecretString {
    SecretString::from(format!("{}{}", uuid::Uuid::new_v4().simple(), uuid::Uuid::new_v4().simple()))
}
