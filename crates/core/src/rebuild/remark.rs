//! What a person should know after a tenant was made again.

use serde::{Deserialize, Serialize};

/// Something that is not as it was, and need not be. The message is its English sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[expect(missing_docs, reason = "the message beside each variant is its documentation")]
pub enum Remark {
    #[error("{object}: this version of the server prints it in other words")]
    PrintedOtherwise { object: String },
    #[error("{object}: it is empty until it is refreshed: {reason}")]
    NotFilled { object: String, reason: String },
    #[error("{object}: it was never finished, and is left out")]
    NeverFinished { object: String },
    #[error("{object}: {reason}")]
    NotGranted { object: String, reason: String },
    #[error("{table}: its triggers are switched off")]
    TriggersOff { table: String },
    #[error("{table}: its rows are not those that were written")]
    RowsEdited { table: String },
    #[error("{object}: its text still names {schema}")]
    NamesSource { object: String, schema: String },
}
