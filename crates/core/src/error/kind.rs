//! The closed list of what can go wrong. A new line here needs a sentence in both of the window's languages
//! (`ui/src/i18n/*/errors.json`); a test of the window compares the lists.

use serde::Serialize;

/// What happened. Serialised as `{"code": "...", "params": {...}}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "code", content = "params", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the message beside each variant is its documentation")]
pub enum ErrorKind {
    // Reaching the server.
    #[error("The name {host} cannot be resolved.")]
    NameNotResolved { host: String },
    #[error("{host} does not accept connections on port {port}.")]
    ConnectionRefused { host: String, port: u16 },
    #[error("{host} did not answer on port {port} within {seconds} s.")]
    ConnectionTimeout { host: String, port: u16, seconds: u64 },
    #[error("The server {host} does not offer TLS, and this connection requires it.")]
    TlsUnavailable { host: String },
    #[error("The certificate of {host} is not accepted: {reason}.")]
    TlsCertificate { host: String, reason: String },
    #[error("The TLS file {path} cannot be used: {reason}.")]
    TlsFile { path: String, reason: String },
    #[error("The server refused the password of {user}.")]
    AuthenticationFailed { user: String },
    #[error("The server wants a password for {user}.")]
    PasswordRequired { user: String },
    #[error("The database {database} does not exist on this server.")]
    DatabaseMissing { database: String },
    #[error("The role {user} may not connect to the database {database}.")]
    ConnectNotAllowed { user: String, database: String },
    #[error("The server has no free connection.")]
    TooManyConnections,
    #[error("The server is starting or shutting down.")]
    ServerUnavailable,
    #[error("The connection to the server was lost.")]
    ConnectionLost,
    #[error("The server runs PostgreSQL {version}; Cadastre needs {minimum} or newer.")]
    ServerTooOld { version: String, minimum: String },

    #[error("The pooler at {host}, port {port}, gives each transaction another session of the server.")]
    PoolerSharesSessions { host: String, port: u16 },

    // Saying where the server is.
    #[error("The connection URL is not valid: {reason}.")]
    UrlInvalid { reason: String },
    #[error("The connection setting {setting} is not valid: {reason}.")]
    SettingInvalid { setting: String, reason: String },
    #[error("The service {service} is in no pg_service.conf.")]
    ServiceMissing { service: String },
    #[error("There is no profile named {name}.")]
    ProfileMissing { name: String },
    #[error("There is already a profile named {name}.")]
    ProfileExists { name: String },
    #[error("No connection was named.")]
    NoConnection,
    #[error("There is no open connection.")]
    NotConnected,

    // Secrets.
    #[error("The keyring of this computer cannot be used: {reason}.")]
    KeyringUnavailable { reason: String },
    #[error("The keyring of this computer is locked.")]
    KeyringLocked,

    // What may be done.
    #[error("This connection is read-only: {operation} is refused.")]
    ReadOnly { operation: String },
    #[error("The role {role} may not {action}.")]
    PermissionDenied { role: String, action: String },

    // Tenants.
    #[error("There is no tenant {name}.")]
    TenantMissing { name: String },
    #[error("The name {name} fits several tenants: {schemas}.")]
    TenantAmbiguous { name: String, schemas: String },
    #[error("There is no table {table} in {schema}.")]
    TableMissing { schema: String, table: String },
    #[error("No tenant was selected.")]
    NothingSelected,
    #[error("A tenant needs a name.")]
    NameEmpty,
    #[error("No schema name can be made from {name}.")]
    SchemaNameUnderivable { name: String },
    #[error(
        "The schema name {name} contains {character}; only a-z, 0-9 and _ are allowed, starting with a letter or _."
    )]
    SchemaNameCharacters { name: String, character: String },
    #[error("The schema name {name} is reserved.")]
    SchemaNameReserved { name: String },
    #[error("The schema name {name} is {bytes} bytes long; PostgreSQL keeps 63.")]
    SchemaNameTooLong { name: String, bytes: usize },
    #[error("The schema name {name} is taken by {existing}.")]
    SchemaNameTaken { name: String, existing: String },
    #[error("No tenant {name} is in quarantine.")]
    NotQuarantined { name: String },
    #[error("The record of the quarantined schema {schema} cannot be used: {reason}.")]
    QuarantineRecordInvalid { schema: String, reason: String },
    #[error("A purge has begun to remove {schema}; what is left of it is no tenant any more.")]
    PurgeBegun { schema: String, backup: String },
    #[error("Somebody still works in {schema}: {holder}.")]
    TenantInUse { schema: String, holder: String },
    #[error("The tenant {schema} is not what its backup holds: table {table}, {reason}.")]
    BackupDiffers { schema: String, table: String, reason: String },
    #[error("Objects elsewhere depend on the tenant: {objects}.")]
    DependentsElsewhere { objects: String },
    #[error("The identifier is not valid: {reason}.")]
    IdentifierInvalid { reason: String },
    #[error("The rules about which schemas are tenants cannot be used: {reason}.")]
    RulesInvalid { reason: String },
    #[error("The query that names the tenants cannot be used: {reason}.")]
    RulesQueryFailed { reason: String },
    #[error("Only registered schemas are to count as tenants, and no registry can be read here.")]
    RulesNeedRegistry,
    #[error("{schema} is active.")]
    AlreadyActive { schema: String },
    #[error("{schema} is not active.")]
    AlreadyInactive { schema: String },
    #[error("How {schema} was before it was deactivated is not known: {reason}.")]
    ActivationUnknown { schema: String, reason: String },
    #[error("The rights on {schema} did not come back as they were: {what}.")]
    RightsDiffer { schema: String, what: String },
    #[error("There is already a role named {role}.")]
    RoleTaken { role: String },
    #[error("There is no role named {role}.")]
    RoleMissing { role: String },
    #[error("{schema} is no schema to look for tables of tenants in: {reason}.")]
    SchemaUnfit { schema: String, reason: String },
    #[error("Moving objects of {schema} did not come out as planned: {what}.")]
    MoveUnproven { schema: String, what: String },

    // The registry.
    #[error("This database has no registry.")]
    RegistryMissing,
    #[error("The registry of this database was made by a newer version of Cadastre.")]
    RegistryNewer,
    #[error("The registry has no entry for {schema}.")]
    EntryMissing { schema: String },
    #[error("“{value}” cannot be the {field} of a tenant: {reason}.")]
    RegistryValueInvalid { field: String, value: String, reason: String },
    #[error("A tenant has no field {field}; {near} may be meant.")]
    RegistryFieldUnknown { field: String, near: String },
    #[error("The domain {domain} belongs to {tenant}.")]
    DomainTaken { domain: String, tenant: String },
    #[error("The registry does not hold what was written: {what}.")]
    EntryDiffers { what: String },
    #[error("There is nothing to change.")]
    NothingPending,

    // Migrations and templates.
    #[error("The folder {path} does not exist.")]
    FolderMissing { path: String },
    #[error("The folder {path} holds no migration.")]
    FolderEmpty { path: String },
    #[error("There is no template {name}.")]
    TemplateMissing { name: String },
    #[error("The file {file} is not a valid migration: {reason}.")]
    MigrationFileInvalid { file: String, reason: String },
    #[error("The file {file} is no list of tenants: {reason}.")]
    TenantListInvalid { file: String, reason: String },
    #[error("The line has {fields} fields, and the heading {heading}.")]
    TenantLineFields { fields: String, heading: String },
    #[error("The migration {version} was changed after {schema} had applied it.")]
    ChecksumChanged { schema: String, version: String },
    #[error("The tenant {schema} has applied the migration {version}, which the folder does not hold.")]
    MigrationUnknown { schema: String, version: String },
    #[error("The migration {version} failed half-way in {schema} and must be repaired first.")]
    MigrationDirty { schema: String, version: String },
    #[error("The migration {version} stopped half-way in {schema}: {done} of {statements} statements are done.")]
    MigrationHalfWay { schema: String, version: String, done: u32, statements: u32 },
    #[error("The way back of {version} stopped half-way in {schema}: {done} of {statements} statements are done.")]
    ReversionHalfWay { schema: String, version: String, done: u32, statements: u32 },
    #[error("The migration {version} stopped in {schema} after {done} of {statements} statements: {reason}")]
    MigrationStopped { schema: String, version: String, done: u32, statements: u32, reason: String },
    #[error("In {schema}, nobody knows whether the statement in line {line} of {file} came to its end.")]
    StatementInDoubt {
        schema: String,
        version: String,
        file: String,
        line: u32,
        way: String,
        if_done: String,
        if_not: String,
    },
    #[error("The migration {version} is older than the newest one that {schema} has applied.")]
    MigrationGap { schema: String, version: String },
    #[error("The migration {version} has no down file.")]
    DownFileMissing { version: String },
    #[error("The migration {version} cannot be reverted in {schema}: {newer} was applied after it.")]
    MigrationBuiltUpon { schema: String, version: String, newer: String },
    #[error("After the migration {version}, {schema} is not built like {reference}.")]
    ShapeDiffers { schema: String, reference: String, version: String },
    #[error("In {schema}, the migration {version} reached outside the tenant: {objects}.")]
    TouchesOutside { schema: String, version: String, objects: String },
    #[error("No tenant of this database has a migration history.")]
    NoHistoryAnywhere,
    #[error("The migration history of {schema} cannot be read or written: {reason}.")]
    HistoryUnreadable { schema: String, reason: String },
    #[error("The migration {version} failed in {schema}: {reason}")]
    MigrationFailed { schema: String, version: String, reason: String },
    #[error("There is no program {program} to run.")]
    ProgramMissing { program: String },
    #[error("The command {command} failed in {schema}: {reason}.")]
    CommandFailed { schema: String, command: String, reason: String },
    #[error("The command succeeded in {schema}, but the tenant is not built like {reference}.")]
    CommandDrifted { schema: String, reference: String },
    #[error("While the command worked on {schema}, the schema {other} changed.")]
    CommandTouchesOutside { schema: String, other: String },
    #[error("The hook {hook} failed in {schema}: {reason}.")]
    HookFailed { schema: String, hook: String, reason: String },

    // Fleet.
    #[error("The state changed since the plan was made: {what}.")]
    PlanStale { what: String },
    #[error("The state changed since the plan was made: {what}.")]
    PlanOutdated { what: String, server: String, files: String, added: String, gone: String, moved: String },
    #[error("The plan that would be applied now has the fingerprint {found}, not {expected}.")]
    PlanDiffers { expected: String, found: String },
    #[error("There is no plan {id}.")]
    PlanMissing { id: String },
    #[error("The plan cannot be applied: {reason}")]
    PlanBlocked { reason: String },
    #[error("The plan cannot be rehearsed: {reason}.")]
    NotRehearsable { reason: String },
    #[error("The tenant {schema} is in use by another run ({holder}).")]
    TenantBusy { schema: String, holder: String },
    #[error("The repair of {schema} was not enough: {left}")]
    RepairIncomplete { schema: String, left: String },
    #[error("Tables of {schema} are locked: {tables}.")]
    TablesLocked { schema: String, tables: String },
    #[error("The maintenance of {schema} is not complete: {left}.")]
    MaintenanceIncomplete { schema: String, left: String },
    #[error("There is no session of this database with the process {pid}.")]
    SessionMissing { pid: i32 },
    #[error("The session with the process {pid} runs nothing that could be cancelled.")]
    NothingToCancel { pid: i32 },
    #[error("The session with the process {pid} has not heard that it is to end.")]
    SessionStays { pid: i32 },
    #[error("There is no run {id}.")]
    RunMissing { id: String },
    #[error("The run {id} is still going on in another program or window.")]
    RunActive { id: String },
    #[error("The run {id} was one of {database}, to which this connection does not lead.")]
    RunElsewhere { id: String, database: String },
    #[error("The run {id} cannot be resumed: {reason}.")]
    RunNotResumable { id: String, reason: String },
    #[error("The run {id} cannot be undone: {reason}.")]
    RunNotUndoable { id: String, reason: String },
    #[error("A lock was not granted within {timeout}.")]
    LockTimeout { timeout: String },
    #[error("Two transactions wait for each other.")]
    Deadlock,
    #[error("Another session changed the same thing at the same moment.")]
    Concurrent,
    #[error("The operation was cancelled.")]
    Cancelled,
    #[error("The server took longer than its statement_timeout allows.")]
    StatementTimeout,
    #[error("The table {table} of {schema} holds rows.")]
    TargetNotEmpty { schema: String, table: String },
    #[error("A disk of the server is full.")]
    ServerDiskFull,
    #[error("A text does not fit the encoding of this database: {reason}.")]
    EncodingMismatch { reason: String },

    // Files.
    #[error("The folder {path} cannot be written to.")]
    TargetNotWritable { path: String },
    #[error("The disk that holds {path} is full.")]
    DiskFull { path: String },
    #[error("The file {path} exists already.")]
    FileExists { path: String },
    #[error("The file {path} cannot be read.")]
    FileUnreadable { path: String },
    #[error("The answer could not be written to standard output: {reason}.")]
    OutputFailed { reason: String },
    #[error("The row {row} of {table} holds a value that a workbook cannot carry: {reason}.")]
    CellRefused { table: String, row: String, reason: String },
    #[error("The finished workbook does not hold what the database gave for {table}: {reason}.")]
    WorkbookDiffers { table: String, reason: String },
    #[error("The finished file of {table} does not hold what the database gave: {reason}.")]
    FileDiffers { table: String, reason: String },
    #[error("{path} is there already, and holds something that Cadastre did not write.")]
    FolderForeign { path: String },
    #[error("{path} is no workbook that can be restored: {reason}.")]
    WorkbookForeign { path: String, reason: String },
    #[error("The workbook {path} is damaged: {reason}.")]
    WorkbookDamaged { path: String, reason: String },
    #[error("The workbook {path} is not what was written: {reason}.")]
    WorkbookEdited { path: String, reason: String },
    #[error("The structure cannot be made again here: {reason}.")]
    NotRestorable { reason: String },
    #[error("Making {schema} would change something outside the tenant: {objects}.")]
    CopyTouchesOutside { schema: String, objects: String },
    #[error("Sheet {sheet}, row {row}, column {column}: {reason}.")]
    ValueRefused { sheet: String, row: String, column: String, reason: String },
    #[error("What the template {template} makes is not the structure of the workbook: {what}.")]
    TemplateDiffers { template: String, what: String, missing: String, more: String, changed: String },
    #[error("What was restored into {schema} is not what was expected: {reason}.")]
    RestoreDiffers { schema: String, reason: String },
    #[error("The table {table} has {columns} columns; a worksheet holds 16,384.")]
    TooManyColumns { table: String, columns: usize },

    // Backups.
    #[error("No pg_dump and pg_restore for PostgreSQL {version} were found on this computer.")]
    ClientMissing { version: String, package: String },
    #[error("There is no backup {id}.")]
    BackupMissing { id: String },
    #[error("The archive {path} has no manifest beside it.")]
    ManifestMissing { path: String },
    #[error("The manifest {path} cannot be used: {reason}.")]
    ManifestInvalid { path: String, reason: String },
    #[error("The archive {path} is damaged: {reason}.")]
    ArchiveDamaged { path: String, reason: String },
    #[error("The archive cannot be read: {reason}.")]
    ArchiveUnreadable { reason: String },
    #[error("pg_dump could not write the archive of {schema}: {reason}.")]
    ArchiveFailed { schema: String, reason: String },
    #[error("The archive of {schema} does not bring back what was in the tenant: {reason}.")]
    ArchiveDiffers { schema: String, reason: String },
    #[error(
        "Restoring {schema} takes about {locks} locks in one transaction; the server's lock table has room for {total}."
    )]
    LockTableTooSmall { schema: String, locks: String, total: String },
    #[error("The archive of {schema} cannot be restored: {reason}")]
    RestoreFailed { schema: String, reason: String },

    // The demo's own server.
    #[error("No PostgreSQL server program was found on this computer.")]
    ServerProgramsMissing,
    #[error("The private server could not be started: {reason}.")]
    ServerStartFailed { reason: String },
    #[error("The demo is not running.")]
    DemoNotRunning,

    // This computer.
    #[error("Cadastre's own state in {path} was written by a newer version.")]
    LocalStateNewer { path: String },
    #[error("Cadastre's own state in {path} cannot be used: {reason}.")]
    LocalState { path: String, reason: String },

    // The rest.
    #[error("{reason}")]
    Usage { reason: String },
    #[error("The server reported: {message}")]
    Server { message: String },
    #[error("An unexpected error: {what}")]
    Internal { what: String },
}

/// What a caller does with an error: the command line's exit code, the window's severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Category {
    /// Something was tried and did not work.
    Failed,
    /// The call itself was wrong.
    Usage,
    /// Something is missing; nothing was changed.
    Precondition,
    /// A person stopped it.
    Cancelled,
}

impl Category {
    /// The category of an error that only left its code behind, as in the record of a run.
    pub fn of_code(code: &str) -> Self {
        match code {
            "cancelled" => Self::Cancelled,
            "usage" | "url_invalid" | "no_connection" | "setting_invalid" => Self::Usage,
            "connection_lost"
            | "server"
            | "internal"
            | "disk_full"
            | "server_disk_full"
            | "output_failed"
            | "lock_timeout"
            | "deadlock"
            | "concurrent"
            | "statement_timeout"
            | "encoding_mismatch"
            | "migration_failed"
            | "migration_stopped"
            | "shape_differs"
            | "touches_outside"
            | "command_failed"
            | "command_drifted"
            | "command_touches_outside"
            | "hook_failed"
            | "cell_refused"
            | "workbook_differs"
            | "archive_damaged"
            | "archive_unreadable"
            | "archive_failed"
            | "archive_differs"
            | "restore_failed"
            | "repair_incomplete"
            | "tables_locked"
            | "maintenance_incomplete"
            | "session_stays"
            | "move_unproven"
            | "restore_differs"
            | "value_refused"
            | "server_start_failed" => Self::Failed,
            _ => Self::Precondition,
        }
    }
}

impl ErrorKind {
    /// Which kind of answer the error deserves.
    pub fn category(&self) -> Category {
        Category::of_code(&self.code())
    }

    /// True where trying the same again may succeed without anybody doing anything.
    pub fn is_transient(&self) -> bool {
        use ErrorKind::*;
        matches!(
            self,
            LockTimeout { .. }
                | Deadlock
                | Concurrent
                | ConnectionLost
                | ServerUnavailable
                | TooManyConnections
                | TenantBusy { .. }
                | TablesLocked { .. }
        )
    }

    /// True where the server itself cannot be reached, whatever is asked of it.
    pub fn is_unreachable(&self) -> bool {
        use ErrorKind::*;
        matches!(
            self,
            NameNotResolved { .. }
                | ConnectionRefused { .. }
                | ConnectionTimeout { .. }
                | ConnectionLost
                | ServerUnavailable
        )
    }

    /// The stable name of the kind, as on the wire.
    pub fn code(&self) -> String {
        let value = serde_json::to_value(self).unwrap_or_default();
        value.get("code").and_then(|c| c.as_str()).unwrap_or("internal").to_owned()
    }
}
