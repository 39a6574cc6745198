//! `cadastre profile …`

use super::confirm;
use crate::arguments::{Environment, Profile as Verb, ProfileAdd};
use crate::context::Context;
use crate::output::{self, Intent};
use crate::password;
use cadastre_core::connection::{self, ProcessEnv, Profile, find_password, from_url};
use cadastre_core::journal::{self, Draft};
use cadastre_core::{ErrorKind, Result};
use secrecy::SecretString;
use serde::Serialize;
use std::io::{BufRead, IsTerminal};

/// A profile as the contract shows it.
#[derive(Serialize)]
struct Document {
    name: String,
    host: String,
    port: u16,
    database: String,
    user: String,
    tls: String,
    read_only: bool,
    environment: connection::Environment,
    has_password: bool,
}

pub async fn run(context: &Context, command: Verb) -> Result<u8> {
    match command {
        Verb::Add(arguments) => add(context, arguments).await,
        Verb::List => list(context).await,
        Verb::Show { name } => {
            let saved = context.profiles().find(&name).await?;
            let document = document(context, saved.profile).await;
            if context.common.json {
                output::json(&document)?;
            } else {
                print(&[document]);
            }
            Ok(0)
        }
        Verb::Test { name } => test(context, &name).await,
        Verb::Remove { name } => remove(context, &name).await,
    }
}

async fn add(context: &Context, arguments: ProfileAdd) -> Result<u8> {
    let url = context.common.url.as_deref();
    let url = url.ok_or_else(|| ErrorKind::Usage { reason: "Say where the database is, with --url.".into() })?;
    let (found, in_url) = from_url(url, &ProcessEnv::of_process())?;
    let mut profile = found.profile;
    if context.profiles().find(&arguments.name).await.is_ok() {
        return Err(ErrorKind::ProfileExists { name: arguments.name }.into());
    }
    profile.name = arguments.name;
    profile.read_only = arguments.read_only;
    profile.environment = match arguments.environment {
        Environment::Production => connection::Environment::Production,
        Environment::Staging => connection::Environment::Staging,
        Environment::Development => connection::Environment::Development,
    };
    if context.common.dry_run {
        let mut would = vec![Intent { action: "save_profile", subject: profile.name.clone() }];
        if arguments.password_stdin || in_url.is_some() {
            would.push(Intent { action: "save_password", subject: profile.name });
        }
        output::intents(&would, context.common.json)?;
        return Ok(0);
    }
    let password = if arguments.password_stdin { Some(first_line()?) } else { in_url };
    if let Some(password) = &password {
        keep(context, &profile, password).await?;
    }
    context.profiles().save(&profile).await?;
    journal::append(&context.home, Draft::new("profile_add", "done").subject(&profile.name)).await?;
    let document = document(context, profile).await;
    if context.common.json {
        output::json(&document)?;
    } else {
        print(&[document]);
    }
    Ok(0)
}

/// Puts a password into the keyring. Without a usable one the profile is worth saving all the same, and that its password
/// is not kept is said.
async fn keep(context: &Context, profile: &Profile, password: &SecretString) -> Result<()> {
    match context.secrets.set(profile.id, password).await {
        Err(error) if matches!(error.kind(), ErrorKind::KeyringUnavailable { .. } | ErrorKind::KeyringLocked) => {
            output::note(&format!(
                "The password was not kept. {error} It will be asked for on a terminal each time; elsewhere give it with \
                 PGPASSWORD or ~/.pgpass."
            ));
            Ok(())
        }
        result => result,
    }
}

/// The password from standard input: one line, so that `echo` and files that end with a line break work.
fn first_line() -> Result<SecretString> {
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        output::note("Password, then Enter:");
    }
    let mut line = String::new();
    stdin.lock().read_line(&mut line).map_err(|e| {
        cadastre_core::Error::new(ErrorKind::Usage { reason: "The password could not be read.".into() }).source(e)
    })?;
    Ok(SecretString::from(line.trim_end_matches(['\r', '\n']).to_owned()))
}

async fn list(context: &Context) -> Result<u8> {
    let mut documents = Vec::new();
    for saved in context.profiles().list().await? {
        documents.push(document(context, saved.profile).await);
    }
    if context.common.json {
        output::json(&documents)?;
    } else {
        print(&documents);
    }
    Ok(0)
}

async fn test(context: &Context, name: &str) -> Result<u8> {
    let profile = context.profiles().find(name).await?.profile;
    let (password, _) = find_password(&profile, &ProcessEnv::of_process(), Some(&context.secrets)).await;
    let had_password = password.is_some();
    let mut report = connection::test(profile.clone(), password).await;
    let wanted = report.steps.iter().any(|s| s.error.as_ref().is_some_and(|e| e.code == "password_required"));
    if wanted && !had_password && context.can_ask_password() {
        report = connection::test(profile.clone(), Some(password::ask(&profile).await?)).await;
    }
    if context.common.json {
        output::json(&report)?;
    } else {
        for step in &report.steps {
            let layer = format!("{:?}", step.layer).to_lowercase();
            let text = match &step.error {
                Some(error) => format!("failed: {}", error.message),
                None => format!("ok      {}", step.detail.as_deref().unwrap_or_default()),
            };
            output::line(&format!("{layer:15} {:>5} ms  {text}", step.duration_ms));
            if let Some(hint) = step.error.as_ref().and_then(|e| e.hint.as_ref()) {
                output::line(&format!("Hint: {hint}"));
            }
        }
    }
    Ok(if report.ok { 0 } else { 4 })
}

async fn remove(context: &Context, name: &str) -> Result<u8> {
    let profile = context.profiles().find(name).await?.profile;
    if context.common.dry_run {
        let mut would = vec![Intent { action: "remove_profile", subject: profile.name.clone() }];
        if matches!(context.secrets.get(profile.id).await, Ok(Some(_))) {
            would.push(Intent { action: "remove_password", subject: profile.name });
        }
        output::intents(&would, context.common.json)?;
        return Ok(0);
    }
    confirm(context, &format!("Remove the connection {} and its password?", profile.name))?;
    context.profiles().remove(profile.id).await?;
    // Without a keyring there was never a password in it.
    let _ = context.secrets.remove(profile.id).await;
    journal::append(&context.home, Draft::new("profile_remove", "done").subject(&profile.name)).await?;
    if context.common.json {
        output::json(&serde_json::json!({ "removed": profile.name }))?;
    }
    Ok(0)
}

async fn document(context: &Context, profile: Profile) -> Document {
    let has_password = matches!(context.secrets.get(profile.id).await, Ok(Some(_)));
    let tls = serde_json::to_value(profile.tls.mode).ok().and_then(|v| v.as_str().map(str::to_owned));
    Document {
        name: profile.name,
        host: profile.host,
        port: profile.port,
        database: profile.database,
        user: profile.user,
        tls: tls.unwrap_or_default(),
        read_only: profile.read_only,
        environment: profile.environment,
        has_password,
    }
}

fn print(documents: &[Document]) {
    let yes = |b: bool| if b { "yes" } else { "no" }.to_owned();
    output::table(
        &["NAME", "HOST", "PORT", "DATABASE", "USER", "TLS", "READ-ONLY", "ENVIRONMENT", "PASSWORD"],
        &[2],
        documents.iter().map(|d| {
            vec![
                d.name.clone(),
                d.host.clone(),
                d.port.to_string(),
                d.database.clone(),
                d.user.clone(),
                d.tls.clone(),
                yes(d.read_only),
                format!("{:?}", d.environment).to_lowercase(),
                if d.has_password { "in keyring" } else { "ask" }.to_owned(),
            ]
        }),
    );
}
