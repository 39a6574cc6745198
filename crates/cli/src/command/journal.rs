//! `cadastre journal …`

use crate::arguments::Journal;
use crate::context::Context;
use crate::output;
use cadastre_core::Result;
use cadastre_core::journal::{self, EntryFilter, Verdict};

pub async fn run(context: &Context, command: Journal) -> Result<u8> {
    match command {
        Journal::List { operation, search, limit } => {
            let filter = EntryFilter { operation, search, limit, ..EntryFilter::default() };
            let entries = journal::list(&context.home, &filter).await?;
            if context.common.json {
                let Verdict { intact, broken_at, .. } = journal::verify(&context.home).await?;
                output::json(&serde_json::json!({ "entries": entries, "intact": intact, "broken_at": broken_at }))?;
                return Ok(0);
            }
            output::table(
                &["NUMBER", "TIME", "PERSON", "ROLE", "DATABASE", "OPERATION", "SUBJECT", "OUTCOME"],
                &[0],
                entries.into_iter().map(|e| {
                    let text = |o: Option<String>| o.unwrap_or_else(|| "–".into());
                    let person = format!("{}@{}", e.person, e.computer);
                    vec![
                        e.number.to_string(),
                        e.time,
                        person,
                        text(e.role),
                        text(e.database),
                        e.operation,
                        text(e.subject),
                        e.outcome,
                    ]
                }),
            );
            Ok(0)
        }
        Journal::Verify => {
            let verdict = journal::verify(&context.home).await?;
            if context.common.json {
                output::json(&verdict)?;
            } else if let Some(number) = verdict.broken_at {
                output::line(&format!(
                    "Entry {number} was changed or is missing, or one before it is. {} entries are there.",
                    verdict.entries
                ));
            } else {
                output::line(&format!("{} entries, intact", verdict.entries));
            }
            Ok(u8::from(!verdict.intact))
        }
    }
}
