//! The real command line against a real server.

mod adopt;
mod adopt_registries;
mod adopt_rules;
mod alerts;
mod archive;
mod archive_fleet;
mod archive_refused;
mod archive_stopped;
mod boundary;
mod bundles;
mod canary;
// The same server with TLS, passwords and refusals of every kind that core's own tests use.
#[expect(clippy::unwrap_used, reason = "a test whose server cannot be set up has failed")]
#[path = "../../crates/core/tests/connection/certificates.rs"]
mod certificates;
mod connection;
mod contract;
mod copies_full;
mod copies_killed;
mod create_faults;
mod doctor;
mod doctor_server;
mod drift;
mod dry_run;
mod encodings;
mod export_fleet;
mod export_fleet_killed;
mod external;
mod faults;
mod figures;
mod fleet;
mod friday;
mod history;
mod hooks;
mod identifiers;
mod interruptions;
mod isolation;
mod keyring;
mod listed;
mod maintain;
mod maintain_check;
mod misplaced;
mod output;
mod passwords;
mod purge;
mod quarantine;
mod quarantine_killed;
mod quarantine_stopped;
mod recorded;
mod refusals;
mod registry;
mod rehearsal;
mod restored;
mod runs;
mod samples;
#[expect(dead_code, clippy::unwrap_used, reason = "core's tests use all of it")]
#[path = "../../crates/core/tests/connection/server.rs"]
mod server;
mod shapes;
mod shipped;
mod sqlx_tool;
mod stale;
mod steps;
mod steps_killed;
mod survival;
mod table_files;
mod targets;
mod templates;
mod thin_shell;
mod upkeep_stopped;
mod versions;
mod watch;
mod workbook;
