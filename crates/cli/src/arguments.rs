//! The words of the command line.

mod adopt;
mod doctor;
mod health;
mod life;
mod maintain;
mod misplaced;
mod quarantine;
mod registry;
mod stats;

pub use adopt::TenantAdopt;
use clap::{Args, Parser, Subcommand, ValueEnum};
pub use doctor::Doctor;
pub use health::{Alerts, Health, HealthEnd};
pub use life::{TenantCreate, TenantDeactivate, TenantRename, TenantSet};
pub use maintain::Maintain;
pub use misplaced::{TenantMisplaced, TenantMoveTables};
pub use quarantine::{TenantDrop, TenantPurge, TenantUndrop};
pub use registry::Registry;
pub use stats::{Compare, Stats};

/// Administer databases in which every tenant has its own schema.
#[derive(Debug, Parser)]
#[command(name = "cadastre", version, max_term_width = 110, arg_required_else_help = true)]
pub struct Arguments {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Args)]
pub struct Common {
    /// Saved connection (`cadastre profile list`)
    #[arg(long, global = true, value_name = "NAME")]
    pub profile: Option<String>,
    /// Connection URL; otherwise DATABASE_URL, PGSERVICE or PGHOST and its family
    #[arg(long, global = true, value_name = "postgres://…", conflicts_with = "profile")]
    pub url: Option<String>,
    /// Print one JSON document on stdout and nothing else there
    #[arg(long, global = true)]
    pub json: bool,
    /// Do not ask
    #[arg(long, short, global = true)]
    pub yes: bool,
    /// Print the plan and change nothing
    #[arg(long, global = true)]
    pub dry_run: bool,
    /// Sessions at a time
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64))]
    pub jobs: Option<u16>,
    /// More of what happens, on stderr
    #[arg(long, short, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Saved connections
    #[command(subcommand)]
    Profile(Profile),
    /// What the server is and what this role may do
    Server,
    /// Tenants: list, show, create, rename, activate, drop
    #[command(subcommand)]
    Tenant(Tenant),
    /// Cadastre's own tables in this database: what is known of tenants besides their data
    #[command(subcommand)]
    Registry(Registry),
    /// Migrations of the fleet
    #[command(subcommand)]
    Migrate(Migrate),
    /// Past runs
    #[command(subcommand)]
    Run(Run),
    /// Figures per tenant and table
    Stats(Stats),
    /// Tenants side by side
    Compare(Compare),
    /// Tenants by shape: which have the same structure
    Shape(Shape),
    /// How the structure of one tenant differs from another's
    Diff(Diff),
    /// What is wrong, why it matters, and the SQL that repairs it
    Doctor(Doctor),
    /// What goes on at this moment, what takes time and space, and what is beyond its threshold
    #[command(subcommand)]
    Health(Health),
    /// VACUUM, ANALYZE, REINDEX CONCURRENTLY of tables, tenants, the fleet; integrity checks
    #[command(subcommand)]
    Maintain(Maintain),
    /// Write tenants to Excel workbooks
    Export(Export),
    /// Archives that are proven to restore
    #[command(subcommand)]
    Backup(Backup),
    /// Check a workbook, or restore a tenant from it
    #[command(subcommand)]
    Workbook(Workbook),
    /// The record of operations on this computer
    #[command(subcommand)]
    Journal(Journal),
    /// A private server with a realistic fleet, thrown away afterwards
    #[command(subcommand)]
    Demo(Demo),
}

#[derive(Debug, Subcommand)]
pub enum Profile {
    /// Save a connection; its password goes to the keyring
    Add(ProfileAdd),
    /// All saved connections
    List,
    /// One saved connection
    Show { name: String },
    /// Try a connection layer by layer
    Test { name: String },
    /// Remove a connection and its password
    Remove { name: String },
}

#[derive(Debug, Args)]
pub struct ProfileAdd {
    /// Name of the connection
    pub name: String,
    /// Read the password from the first line of standard input
    #[arg(long)]
    pub password_stdin: bool,
    /// Every session is read-only
    #[arg(long)]
    pub read_only: bool,
    /// What kind of data is behind it
    #[arg(long, value_enum, default_value = "development")]
    pub environment: Environment,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Environment {
    Production,
    Staging,
    Development,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum State {
    Active,
    Inactive,
    Quarantined,
}

/// Which tenants. Without any of these: all.
#[derive(Debug, Args)]
pub struct Select {
    /// Schemas or display names
    #[arg(value_name = "TENANT")]
    pub tenants: Vec<String>,
    /// Every tenant
    #[arg(long, conflicts_with = "tenants")]
    pub all: bool,
    /// Tenants whose schema or name fits a pattern with * and ?
    #[arg(long, value_name = "GLOB", conflicts_with = "tenants")]
    pub select: Vec<String>,
    /// Leave out what fits a pattern
    #[arg(long, value_name = "GLOB")]
    pub except: Vec<String>,
    /// Only tenants in this state
    #[arg(long, value_enum)]
    pub state: Option<State>,
}

#[derive(Debug, Subcommand)]
pub enum Tenant {
    /// Every tenant with its figures
    List {
        /// Count rows and measure files instead of estimating
        #[arg(long)]
        exact: bool,
        /// Measure pending migrations against this folder or template
        #[arg(long, value_name = "DIR|NAME")]
        dir: Option<String>,
        #[command(flatten)]
        select: Select,
    },
    /// Which schemas are tenants, and what other registries say; keeps rules about it with --save
    Adopt(TenantAdopt),
    /// One tenant with its tables
    Show { tenant: String },
    /// Create tenants from a template, each in one transaction
    Create(TenantCreate),
    /// Give a tenant another name, or its schema
    Rename(TenantRename),
    /// Take tenants out of use: nobody but administrators may use them, their own roles cannot connect
    Deactivate(TenantDeactivate),
    /// Bring tenants back into use exactly as they were
    Activate {
        /// Schemas or display names
        #[arg(required = true, value_name = "TENANT")]
        tenants: Vec<String>,
    },
    /// Change what the registry knows of tenants
    Set(TenantSet),
    /// Tables outside of tenants that belong to one: whose, why, and how sure that is
    Misplaced(TenantMisplaced),
    /// Move tables with all that belongs to them into the schema of their tenant, or out of it
    MoveTables(TenantMoveTables),
    /// How an application reaches a tenant: URL, SQLAlchemy, Django
    Connection {
        /// Schema or display name
        tenant: String,
        /// Print the password of the tenant's own role, where this computer's keyring has it
        #[arg(long)]
        show_password: bool,
    },
    /// Save a tenant to a verified workbook, then put it into quarantine
    Drop(TenantDrop),
    /// Bring a tenant back from quarantine
    Undrop(TenantUndrop),
    /// Remove a tenant in quarantine for good, its verified backup staying
    Purge(TenantPurge),
    /// Another tenant like this one, proven before it is committed
    Clone {
        /// The tenant to clone
        source: String,
        /// Name of the new tenant
        name: String,
        /// Its schema; derived from the name where it is not given
        #[arg(long)]
        schema: Option<String>,
        /// Without rows, but for the history of migrations
        #[arg(long)]
        no_data: bool,
    },
}

#[derive(Debug, Subcommand)]
pub enum Migrate {
    /// Write a new pair of migration files with their header
    New {
        description: String,
        #[arg(long)]
        dir: String,
    },
    /// Check a folder without a server: pairs, headers, locks and rewrites, what reaches outside the tenant
    Check {
        /// Missing headers and down files are errors
        #[arg(long)]
        strict: bool,
        /// Folder of migrations, or name of a shipped template
        #[arg(long, value_name = "DIR|NAME")]
        dir: String,
    },
    /// The fleet against a folder or template
    Status {
        /// Folder of migrations, or name of a shipped template
        #[arg(long, value_name = "DIR|NAME")]
        dir: String,
        #[command(flatten)]
        select: Select,
    },
    /// Apply what is pending; tenants without a migration history only when named, or with --all
    Up {
        /// Up to and including this version
        #[arg(long, value_name = "VERSION")]
        to: Option<i64>,
        /// Migrate also tenants that do not look like the others afterwards
        #[arg(long)]
        allow_drift: bool,
        #[command(flatten)]
        migrate: MigrateFleet,
    },
    /// Revert by the down files: the newest migration of each tenant, or everything above a version
    Down {
        /// Revert every version above this one; 0 for all
        #[arg(long, value_name = "VERSION")]
        to: Option<i64>,
        #[command(flatten)]
        migrate: MigrateFleet,
    },
}

/// How a fleet is migrated, up or down.
#[derive(Debug, Args)]
pub struct MigrateFleet {
    /// Folder of migrations, or name of a shipped template
    #[arg(long, value_name = "DIR|NAME")]
    pub dir: String,
    /// Go on only when the plan of now has this fingerprint, which --dry-run prints; its first 12 digits do
    #[arg(long, value_name = "FINGERPRINT")]
    pub plan: Option<String>,
    /// Try the files out on a copy of the structure of each class of tenants, in a transaction that is rolled back
    #[arg(long)]
    pub rehearse: bool,
    /// So many tenants, the smallest, go first; the others follow when none of them failed
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub canary: u32,
    /// What to do after a tenant failed
    #[arg(long, value_enum, default_value = "continue")]
    pub on_error: OnError,
    /// How long a statement waits for a lock, for example 500ms or 2s
    #[arg(long, default_value = "2s", value_parser = duration)]
    pub lock_timeout: u32,
    /// How often a tenant is tried again after a lock time-out, a deadlock or a lost connection
    #[arg(long, default_value_t = cadastre_core::fleet::DEFAULT_RETRIES)]
    pub retries: u32,
    #[command(flatten)]
    pub select: Select,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OnError {
    Stop,
    Continue,
}

#[derive(Debug, Subcommand)]
pub enum Run {
    /// Runs of this computer, newest first
    List,
    /// A run with every tenant's outcome
    Show {
        /// The run, or the beginning of its name
        id: String,
    },
    /// Finish a run: the tenants that failed, were cancelled or did not have their turn
    Resume {
        /// The run, or the beginning of its name
        id: String,
        /// Also tenants that do not look like the others afterwards
        #[arg(long)]
        allow_drift: bool,
    },
    /// Take back exactly what a run of migrations did, or move back what a run has moved
    Undo {
        /// The run, or the beginning of its name
        id: String,
    },
}

/// What counts as a difference, besides the structure itself.
#[derive(Debug, Clone, Copy, Args)]
pub struct ShapeOptions {
    /// Columns in another order are a difference
    #[arg(long)]
    pub column_order: bool,
    /// Other grants are a difference
    #[arg(long)]
    pub grants: bool,
}

#[derive(Debug, Args)]
pub struct Shape {
    /// The tenant whose shape is the measure; otherwise the largest class
    #[arg(long, value_name = "TENANT")]
    pub reference: Option<String>,
    #[command(flatten)]
    pub options: ShapeOptions,
    #[command(flatten)]
    pub select: Select,
}

#[derive(Debug, Args)]
pub struct Diff {
    /// The tenant that is the measure
    #[arg(value_name = "REFERENCE")]
    pub reference: String,
    /// The tenant that is looked at
    #[arg(value_name = "TENANT")]
    pub tenant: String,
    /// Print the SQL that makes TENANT like REFERENCE
    #[arg(long)]
    pub sql: bool,
    #[command(flatten)]
    pub options: ShapeOptions,
}

#[derive(Debug, Args)]
pub struct Export {
    /// Existing folder for the workbooks, or for a folder of files per tenant
    #[arg(long, value_name = "DIR")]
    pub to: String,
    /// Only this table; may be repeated
    #[arg(long, value_name = "NAME")]
    pub table: Vec<String>,
    /// A workbook per tenant, or a folder with a CSV file or a file of JSON lines per table
    #[arg(long, value_enum, default_value = "xlsx")]
    pub format: ExportFormat,
    /// With --format csv: put an apostrophe before what a spreadsheet program would take for a formula; the manifest counts
    /// the altered cells
    #[arg(long)]
    pub guard_formulas: bool,
    /// Do not read the finished files back; they are not called verified then
    #[arg(long)]
    pub no_verify: bool,
    /// Language of the workbooks' own sheets
    #[arg(long, default_value = "en", value_parser = ["en", "fr"])]
    pub language: String,
    #[command(flatten)]
    pub select: Select,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    Xlsx,
    Csv,
    Json,
}

#[derive(Debug, Subcommand)]
pub enum Backup {
    /// Write an archive of each tenant with pg_dump, restore it on trial, compare, roll back
    Create {
        /// Existing folder for the archives
        #[arg(long, value_name = "DIR")]
        to: String,
        /// Do not restore the archives on trial; they are marked as not verified
        #[arg(long)]
        no_verify: bool,
        #[command(flatten)]
        select: Select,
    },
    /// The backups in a folder, newest first
    List {
        /// Folder with backups; the last one used when absent
        #[arg(long, value_name = "DIR")]
        from: Option<String>,
    },
    /// Restore an archive on trial, compare structure, rows and sequences with its manifest, roll back
    Verify {
        /// The file, or the backup's name or its beginning
        #[arg(value_name = "ID|FILE")]
        backup: String,
        /// Folder with backups; the last one used when absent
        #[arg(long, value_name = "DIR")]
        from: Option<String>,
    },
    /// Bring a tenant back, under its own name or another, beside a live one
    Restore {
        /// The file, or the backup's name or its beginning
        #[arg(value_name = "ID|FILE")]
        backup: String,
        /// Display name of the restored tenant; its schema is named after it
        #[arg(long = "as", value_name = "NAME")]
        new_name: Option<String>,
        /// Folder with backups; the last one used when absent
        #[arg(long, value_name = "DIR")]
        from: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
pub enum Workbook {
    /// Whether a workbook still holds what was written; which rows do not
    Verify {
        /// The file
        file: String,
        /// Also compare it with what this tenant holds now
        #[arg(long, value_name = "TENANT")]
        against: Option<String>,
    },
    /// A new tenant from a workbook, proven before it is committed
    Restore {
        /// The file
        file: String,
        /// Name of the tenant that comes back
        #[arg(long = "as", value_name = "NAME", required_unless_present = "into")]
        name: Option<String>,
        /// Make the structure by the files of this shipped template, or folder of migrations, up to the version that the
        /// workbook notes, and compare it with that of the workbook
        #[arg(long, value_name = "DIR|NAME")]
        template: Option<String>,
        /// Into this tenant, whose tables hold no rows; its structure becomes that of the workbook
        #[arg(long, value_name = "TENANT", conflicts_with_all = ["name", "schema", "template"])]
        into: Option<String>,
        /// Its schema; derived from the name where it is not given
        #[arg(long)]
        schema: Option<String>,
        /// Only the rows of this table; may be repeated
        #[arg(long, value_name = "NAME")]
        table: Vec<String>,
        /// Also what a person has changed in the file, checked by the columns' types
        #[arg(long)]
        accept_edited: bool,
        /// Leave the triggers of the tables switched off
        #[arg(long)]
        no_triggers: bool,
    },
}

#[derive(Debug, Subcommand)]
pub enum Journal {
    /// Entries, newest first
    List {
        /// Only this operation
        #[arg(long)]
        operation: Option<String>,
        /// Text anywhere in an entry
        #[arg(long)]
        search: Option<String>,
        /// At most this many
        #[arg(long, default_value_t = 100)]
        limit: u32,
    },
    /// Check that no entry was changed or taken out
    Verify,
}

#[derive(Debug, Subcommand)]
pub enum Demo {
    /// Start it, filling it the first time
    Start,
    /// Stop it and remove its data
    Stop,
    /// Whether it runs
    Status,
    /// Start it, run a program with DATABASE_URL set to it, stop it when the program ends
    Run {
        #[arg(last = true, required = true, value_name = "PROGRAM")]
        program: Vec<String>,
    },
}

/// `500ms`, `2s`, `1min` or plain milliseconds, in milliseconds.
fn duration(text: &str) -> Result<u32, String> {
    let split = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let factor = match unit.trim() {
        "" | "ms" => 1,
        "s" => 1000,
        "min" | "m" => 60_000,
        _ => return Err(format!("{unit} is no unit of time; use ms, s or min")),
    };
    let number: u32 = number.parse().map_err(|_| "expected a number and a unit, for example 2s".to_owned())?;
    number.checked_mul(factor).ok_or_else(|| "too long".to_owned())
}
