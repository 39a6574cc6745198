//! Versioned SQL files, their history in each tenant, and moving a fleet from one version to another.
//!
//! A folder may name another tool in the place of SQL files; see [`Migrator`].
//!
//! The layout of the files and of the history table is sqlx's, so that its own tool and ours read each other's work.

mod apply;
mod books;
mod class;
mod create;
mod drift;
mod external;
mod fresh;
mod header;
mod history;
mod hook;
mod lint;
mod outside;
mod peers;
mod plan;
mod problem;
mod proof;
mod recorded;
mod rehearsal;
mod request;
mod revisit;
mod script;
mod source;
mod statements;
mod status;
mod template;
mod text;
mod version;
mod weigh;

pub use apply::apply;
pub(crate) use books::is_book;
pub use create::{create_files, new_files};
pub(crate) use external::{Redactor, command_line};
pub use fresh::require_fingerprint;
pub use history::{Applied, History, Unread as UnreadHistories, read as read_histories};
pub(crate) use history::{hex, read_in as read_history_in};
pub(crate) use lint::unsendable;
pub use lint::{Effect, Finding, FindingLevel, check};
pub use outside::{InvalidIndex, Progress};
pub(crate) use outside::{for_new_tenant, is_leftover};
pub use plan::{MigrationPlan, plan, status};
pub(crate) use recorded::{Unfit, as_of, unfit};
pub use rehearsal::{
    FileOutcome, Rehearsal, RehearsedClass, RehearsedFile, Stops, TakenLock, Verdict, WayBack, WayBackOutcome, rehearse,
};
pub use request::{Direction, MigrateRequest};
pub use revisit::{plan_resume, plan_undo};
pub(crate) use script::set_search_path;
pub use script::{Script, server_error};
pub use source::Source;
pub(crate) use statements::{create_history, record};
pub use status::{MigrationInfo, MigrationStatus, TemplateInfo, TenantMigrations};
pub use template::{Header, Hook, Migrator, When};
pub use version::Migration;
