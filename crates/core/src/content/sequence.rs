//! Where sequences stand.

use crate::Result;
use crate::connection::Session;
use crate::sql::{Ident, Statement, literal};
use serde::{Deserialize, Serialize};
use sqlx::Row;
use sqlx::postgres::types::Oid;

/// So many sequences are read by one statement.
const AT_ONCE: usize = 200;

/// A sequence and its place. Sequences are no part of a snapshot: this is where it stood when it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct SequenceState {
    /// Bare name.
    pub name: String,
    /// `last_value`; none where the role may not read it.
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    pub last_value: Option<i64>,
    /// `is_called`: the next value is the one after `last_value`.
    pub is_called: bool,
}

/// All sequences of a schema, those of identity columns included, by name.
pub(crate) async fn sequences(session: &mut Session, schema: &Ident, namespace: u32) -> Result<Vec<SequenceState>> {
    let rows = sqlx::query(include_str!("sequences.sql"))
        .persistent(false)
        .bind(Oid(namespace))
        .fetch_all(session.connection())
        .await?;
    let mut states = Vec::with_capacity(rows.len());
    let mut readable = Vec::new();
    for row in &rows {
        if row.try_get("readable")? {
            readable.push(states.len());
        }
        states.push(SequenceState { name: row.try_get("name")?, last_value: None, is_called: false });
    }
    for chunk in readable.chunks(AT_ONCE) {
        let mut statement = Statement::new();
        for (number, index) in chunk.iter().enumerate() {
            let name = states[*index].name.as_str();
            let union = if number == 0 { "" } else { " union all " };
            let sequence = schema.qualify(&Ident::new(name)?);
            statement.push(format_args!(
                "{union}select {}::pg_catalog.text, s.last_value, s.is_called from {sequence} s",
                literal(name)
            ));
        }
        let found = sqlx::query(statement).persistent(false).fetch_all(session.connection()).await?;
        for row in found {
            let name: String = row.try_get(0)?;
            if let Some(state) = states.iter_mut().find(|state| state.name == name) {
                state.last_value = Some(row.try_get(1)?);
                state.is_called = row.try_get(2)?;
            }
        }
    }
    Ok(states)
}
