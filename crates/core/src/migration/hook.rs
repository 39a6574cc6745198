//! SQL that goes with a tenant's migration, in the transaction of its first file and of its last one.

use super::{Direction, Script, Source, When};
use crate::sql::Statement;
use std::time::Duration;

/// Appends the SQL hooks of this moment to a tenant's script.
pub(super) fn append(script: &mut Script, source: &Source, direction: Direction, when: When) {
    for hook in source.hooks(direction, when) {
        let Some((file, text)) = hook.sql.as_ref().and_then(|file| Some((file, source.hook(file)?))) else { continue };
        if hook.timeout().is_some() {
            script.statement(&time(hook.timeout()));
        }
        script.file(file, text);
        if hook.timeout().is_some() {
            script.statement(&Statement::of(format_args!("set local statement_timeout to default;")));
        }
    }
}

/// The longest that a statement of the hook may take.
pub(super) fn time(timeout: Option<Duration>) -> Statement {
    let milliseconds = timeout.map_or(0, |timeout| timeout.as_millis());
    Statement::of(format_args!("set local statement_timeout = '{milliseconds}ms';"))
}
