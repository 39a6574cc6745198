//! `cadastre health …`

mod activity;
mod figures;

use super::{alerts, confirm, finish, show_plan};
use crate::arguments::{Health, HealthEnd};
use crate::context::Context;
use crate::{output, progress};
use cadastre_core::health::watch::{self, Loss, SignalRequest};
use cadastre_core::tenant::Selection;
use cadastre_core::{Result, migration};
use std::time::Duration;

pub async fn run(context: &Context, command: Health) -> Result<u8> {
    let as_json = context.common.json;
    match command {
        Health::Activity { longer_than, select } => {
            let long = Duration::from_millis(longer_than.into());
            let activity = watch::activity(&context.database().await?, &Selection::from(&select), long).await?;
            if as_json { output::json(&activity)? } else { activity::print(&activity) }
        }
        Health::Queries { most, select } => {
            let database = context.database().await?;
            let queries = watch::queries(&database, &Selection::from(&select), most.limit as usize).await?;
            if as_json { output::json(&queries)? } else { figures::queries(&queries) }
        }
        Health::Storage { most, select } => {
            let storage = watch::storage(&context.database().await?, &Selection::from(&select), most.limit).await?;
            if as_json { output::json(&storage)? } else { figures::storage(&storage) }
        }
        Health::Indexes { every, sql, select } => {
            let mut storage = watch::storage(&context.database().await?, &Selection::from(&select), 20).await?;
            if sql {
                storage.indexes.iter().filter_map(|class| class.drop_sql.as_deref()).for_each(output::print);
            } else if as_json {
                // All of them: a program picks for itself.
                storage.tables.clear();
                output::json(&storage)?;
            } else {
                figures::indexes(&storage, every);
            }
        }
        Health::Alerts(arguments) => return alerts::run(context, &arguments).await,
        Health::End(arguments) => return end(context, arguments).await,
    }
    Ok(0)
}

async fn end(context: &Context, arguments: HealthEnd) -> Result<u8> {
    let database = context.database().await?;
    let cancel = arguments.cancel;
    let plan = watch::plan_signal(&database, SignalRequest { sessions: arguments.sessions, cancel }).await?;
    if let Some(expected) = &arguments.plan {
        migration::require_fingerprint(&plan.plan, expected)?;
    }
    if context.common.dry_run {
        return show_plan(context, &plan, &plan.plan);
    }
    if !plan.sessions.is_empty() {
        let number = plan.sessions.len();
        let changes = plan.sessions.iter().filter(|target| target.loses == Loss::Changes).count();
        let lost = match changes {
            0 => "Nothing is rolled back.".to_owned(),
            _ => format!("{changes} of them lose what their open transactions have changed."),
        };
        let what = if cancel { "Cancel what these sessions run" } else { "End these sessions" };
        confirm(context, &format!("{what} ({number})? {lost}"))?;
    }
    let run = watch::apply_signal(&context.home, &database, plan).await?;
    let summary = progress::follow(&run, context.common.json).await;
    finish(context, &summary, if cancel { "cancelled the statements of" } else { "ended" })
}
