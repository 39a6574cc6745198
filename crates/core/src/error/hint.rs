//! The way out of each error, in English.

use super::ErrorKind;

impl ErrorKind {
    /// What to do about it, in English; the window has its own sentences.
    pub fn hint(&self) -> Option<String> {
        use ErrorKind::*;
        let text = match self {
            NameNotResolved { .. } => "Check the host name, and that this computer reaches the name server.",
            ConnectionRefused { .. } => {
                "Check host and port, that the server runs, and that listen_addresses and the firewall let this computer in."
            }
            ConnectionTimeout { .. } => "Check host, port and firewall, or raise the connect time-out.",
            TlsUnavailable { .. } => "Turn on ssl on the server, or choose another TLS mode if the network is trusted.",
            TlsCertificate { .. } => {
                "Give the certificate of the authority that signed it, or have the server's certificate renewed."
            }
            AuthenticationFailed { .. } => "Enter the password again, or check the user name and pg_hba.conf.",
            PasswordRequired { .. } => {
                "On a terminal it is asked for. Otherwise keep it in the keyring (`cadastre profile add … --password-stdin`), \
                 or give it with PGPASSWORD or ~/.pgpass."
            }
            DatabaseMissing { .. } => "Check the name; database names are case-sensitive.",
            ConnectNotAllowed { .. } => "Ask for GRANT CONNECT ON DATABASE, or check pg_hba.conf.",
            TooManyConnections => "Close other sessions, use fewer --jobs, or raise max_connections.",
            ServerUnavailable => "Wait until the server accepts connections and try again.",
            SessionMissing { .. } => "It has ended. `cadastre health activity` shows the sessions there are.",
            NothingToCancel { .. } => "What it has open can only be ended with the session itself.",
            SessionStays { .. } => {
                "It is where the server cannot interrupt it, waiting for its disk or its network. It ends as soon as it comes back."
            }
            ConnectionLost => "Check the server and the network. What had been committed stays; run the command again.",
            PoolerSharesSessions { .. } => {
                "Connect to the server itself, usually on port 5432, or to a pool in session mode: Cadastre's settings would \
                 reach other people's sessions."
            }
            AlreadyActive { .. } => "There is nothing to do.",
            AlreadyInactive { .. } => "`cadastre tenant activate` gives back what was taken.",
            ActivationUnknown { .. } => {
                "Grant USAGE on the schema to the roles that shall use it; `cadastre doctor` shows what is missing."
            }
            RightsDiffer { .. } => {
                "Nothing was changed. Compare the roles of this server with those that had the rights."
            }
            RoleTaken { .. } => "Choose another role name with --role, or say --existing-role to use it.",
            RoleMissing { .. } => "Check the name; names of roles are case-sensitive.",
            SchemaUnfit { .. } => {
                "Name a schema that is no tenant: `cadastre tenant adopt` shows all of them, and --except with --save says of one that it is none."
            }
            MoveUnproven { .. } => {
                "It was rolled back: everything is where it was. Somebody may have changed it meanwhile; try again, and look at the plan \
                 with --dry-run."
            }
            RegistryMissing => "`cadastre registry install` makes it; --dry-run shows the SQL.",
            RegistryNewer => "Install the newest version of Cadastre.",
            EntryMissing { .. } => {
                "`cadastre tenant set` makes one, `cadastre tenant adopt --import` one for every tenant."
            }
            RegistryFieldUnknown { .. } => "Correct the name, or choose another one for a field of your own.",
            DomainTaken { .. } => "Take it from that tenant first.",
            EntryDiffers { .. } => "Nothing was changed. Somebody else may have changed the same entry; try again.",
            UrlInvalid { .. } => "The form is postgres://user@host:5432/database?sslmode=require.",
            ProfileMissing { .. } => "`cadastre profile list` shows the profiles.",
            ProfileExists { .. } => "Choose another name, or remove the profile first.",
            NoConnection => "Name one with --profile or --url, or set DATABASE_URL or PGHOST.",
            KeyringUnavailable { .. } => "The password is asked for each time instead. It is never written to a file.",
            KeyringLocked => "Unlock it, or type the password each time.",
            ReadOnly { .. } => "Use a profile that is not read-only.",
            PermissionDenied { .. } => "Connect with a role that may, or have the right granted.",
            TenantMissing { .. } => "`cadastre tenant list` shows the tenants.",
            TenantAmbiguous { .. } => "Name the schema instead.",
            NotQuarantined { .. } => "`cadastre tenant list --state quarantined` shows them.",
            QuarantineRecordInvalid { .. } => {
                "The record is the comment of the schema. When the right comment cannot be put back, rename the schema by hand \
                 (ALTER SCHEMA … RENAME TO …) and give the rights again."
            }
            PurgeBegun { backup, .. } => {
                return Some(format!("Finish the purge, or restore the tenant from its backup: {backup}"));
            }
            TenantInUse { .. } => "Nothing was changed. Have that transaction ended, then drop the tenant again.",
            BackupDiffers { .. } => {
                "Somebody changed rows in the meantime. The tenant is where it was; stop what writes to it and try again."
            }
            RulesInvalid { .. } | RulesNeedRegistry => {
                "`cadastre tenant adopt` shows what is found, with --save it keeps other rules, with --forget none."
            }
            RulesQueryFailed { .. } => {
                "It is one select that returns the column schema and, where wanted, name, domain and state, all as text. Name each \
                 table with its schema (public.customers_client). `cadastre tenant adopt --forget` does without it."
            }
            DependentsElsewhere { .. } => "Remove them, or make them independent of the tenant, and purge it again.",
            NothingSelected => "Name tenants, or use --all or --select.",
            SchemaNameUnderivable { .. } | SchemaNameCharacters { .. } => "Give a schema name with --schema.",
            SchemaNameReserved { .. } | SchemaNameTaken { .. } => "Choose another schema name.",
            SchemaNameTooLong { .. } => "Choose a shorter one, so that nothing is cut off silently.",
            FolderMissing { .. } => "Check the path.",
            FolderEmpty { .. } => "Migrations are files named <version>_<name>.up.sql.",
            TemplateMissing { .. } => "Name a shipped template, or a folder of migrations.",
            TenantLineFields { .. } => "A name with a comma or a semicolon in it stands in quotes.",
            TenantListInvalid { .. } => "The first line names the columns: name, and schema and template where wanted.",
            ChecksumChanged { .. } => {
                "Applied migrations are never edited: restore the file, and put the change into a new migration."
            }
            MigrationUnknown { .. } => "Use the folder that the tenant was migrated with, or add the missing file.",
            MigrationDirty { .. } => {
                "The file has changed since, or something else has left the row. `cadastre run undo` takes back what a run of this \
                 computer began, with the files as they were then. Otherwise finish or undo the change by hand, then correct the \
                 history row."
            }
            MigrationHalfWay { .. } | MigrationStopped { .. } => {
                "What is done stays. When the cause is removed, `cadastre migrate up` or `cadastre run resume` goes on where it \
                 stopped; `cadastre migrate down` or `cadastre run undo` takes the tenant back."
            }
            ReversionHalfWay { .. } => "`cadastre migrate down` goes on where it stopped.",
            StatementInDoubt { way, if_done, if_not, .. } => {
                return Some(format!(
                    "Look whether its effect is there. If it is: {if_done} If it is not: {if_not} Then `cadastre migrate {way}` \
                     goes on."
                ));
            }
            MigrationFailed { .. } => {
                "Where it failed in all tenants, correct the file. Where it failed in one, `cadastre diff` shows how that tenant \
                 differs from one in which it worked."
            }
            NoHistoryAnywhere => "Name the tenants that are to be migrated from the first file on, or say --all.",
            DownFileMissing { .. } => "Write the down file, or restore the tenant from a backup.",
            MigrationBuiltUpon { .. } => "Revert the newer one first.",
            ShapeDiffers { schema, reference, .. } => {
                return Some(format!(
                    "It was rolled back. `cadastre diff {reference} {schema}` shows in what it differed before, and with \
                     --sql how to repair it; --allow-drift migrates it as it is."
                ));
            }
            TouchesOutside { .. } => {
                "It was rolled back. Take that part out of the tenants' migrations; where it is meant, say so in the file's \
                 header: `-- touches: public`."
            }
            ProgramMissing { .. } => {
                "Install it, correct template.toml, or start Cadastre where it is found: in the PATH, or in the folder that \
                 template.toml names."
            }
            CommandFailed { .. } | HookFailed { .. } => {
                "What it wrote is kept on this computer: `cadastre run show` prints it."
            }
            CommandDrifted { schema, reference } => {
                return Some(format!(
                    "`cadastre diff {reference} {schema}` shows in what they differ. Does the command look at the right schema, \
                     and was the tenant built like the others before?"
                ));
            }
            CommandTouchesOutside { .. } => {
                "Does the tool follow search_path, or the schema that it is given? Where it is meant to change that schema, say so in \
                 template.toml: touches = [\"public\"]."
            }
            RunMissing { .. } => "`cadastre run list` shows the runs.",
            RunActive { .. } => "Wait for its end, or cancel it there.",
            RunElsewhere { .. } => "Connect to that database.",
            PlanStale { .. } | PlanOutdated { .. } => "Make the plan again and read it. Nothing was changed.",
            PlanDiffers { .. } => {
                "Tenants, histories or files are not what they were when that plan was made. `--dry-run` shows the plan of now, \
                 with its fingerprint."
            }
            RepairIncomplete { .. } => {
                "What could be rolled back was rolled back. Read the SQL of what is left, and run it by hand where it fits."
            }
            TablesLocked { .. } => {
                "Wait until they are free, or end that session; `cadastre run resume` goes on with them."
            }
            MaintenanceIncomplete { .. } => "The other tables are done. `cadastre run show` tells what became of each.",
            TenantBusy { .. } => "Wait for the other run, or end that session.",
            OutputFailed { .. } => "Free some space there, or send the answer elsewhere. What the command did is done.",
            TargetNotEmpty { .. } => {
                "A workbook goes into a tenant without rows only. Restore it as a new tenant (--as), and compare the two."
            }
            ServerDiskFull => {
                "Free some space on the server, or have the table space moved. What was under way there was rolled back."
            }
            StatementTimeout => {
                "Try again at a quieter time, or have statement_timeout raised for this role (ALTER ROLE … SET \
                 statement_timeout) or this database."
            }
            EncodingMismatch { .. } => {
                "`show server_encoding` names the encoding. In SQL_ASCII anything may be stored: correct the name, comment or \
                 value that is no UTF-8. In another encoding, use only characters that it has."
            }
            LockTimeout { .. } => {
                "Another session holds the table; try again when it has finished, or raise --lock-timeout."
            }
            TargetNotWritable { .. } => "Choose a folder that exists and that you may write to.",
            WorkbookForeign { .. } => {
                "Choose a file that Cadastre has written as the export of a tenant (its name ends in .xlsx), and a version of \
                 Cadastre that knows its format."
            }
            WorkbookDamaged { .. } => {
                "Take another copy of the file. `cadastre workbook verify` says which tables are whole; they can be restored \
                 with --table."
            }
            WorkbookEdited { .. } => {
                "Take the file as it was written, or accept what a person has changed with --accept-edited: every value is \
                 checked by its column then, and the report names what differs."
            }
            CopyTouchesOutside { .. } => {
                "Nothing was left behind. A check, an index, a view or a generated column calls a function that does this: look at the \
                 functions of the tenant that was saved or cloned."
            }
            NotRestorable { .. } => {
                "Restore from an archive (`cadastre backup restore`): it makes every object. Or correct what the server says, for \
                 example a missing role or extension."
            }
            ValueRefused { .. } => "Correct the cell and restore again. Nothing was restored.",
            TemplateDiffers { .. } => {
                "Nothing was left behind. Restore with the structure that is in the workbook, without --template; or use the template's \
                 files as they were."
            }
            RestoreDiffers { .. } => "Everything was rolled back. Check the file with `cadastre workbook verify`.",
            FolderForeign { .. } => {
                "Choose another folder, or move that one away. Only folders without anything added are replaced."
            }
            WorkbookDiffers { .. } | FileDiffers { .. } => {
                "Nothing was left behind. Export again; if it happens again, check the disk and report it."
            }
            ClientMissing { package, .. } => {
                return Some(format!(
                    "Install {package}. A client may be newer than the server, never older; CADASTRE_PG_CLIENT names a folder \
                     with one. A workbook (`cadastre export`) needs no client."
                ));
            }
            BackupMissing { .. } => "`cadastre backup list --from DIR` shows the backups of a folder.",
            ManifestMissing { .. } => {
                "The file of the same name that ends in .json says what the archive must hold; without it nothing can be proven. \
                 Copy it beside the archive."
            }
            ManifestInvalid { .. } => "Take both files from where they were copied from, or use another backup.",
            ArchiveDamaged { .. } => {
                "Nothing was changed. Take the file from where it was copied from, or use another backup."
            }
            ArchiveDiffers { .. } => {
                "Nothing was left behind. Where somebody changed the tenant's structure meanwhile, try again."
            }
            LockTableTooSmall { .. } => {
                "Raise max_locks_per_transaction, for which the server must be restarted. Until then an archive can be written with \
                 --no-verify."
            }
            RestoreFailed { .. } => "It was rolled back; nothing was changed.",
            DiskFull { .. } => "Free some space or choose another disk; nothing was left behind.",
            ServerProgramsMissing => "Install PostgreSQL (on Debian and Ubuntu: apt install postgresql).",
            LocalStateNewer { .. } => "Update Cadastre, or point CADASTRE_HOME to another folder.",
            LocalState { .. } => {
                "Check that the folder exists, that you may write to it, and that its disk is not full."
            }
            HistoryUnreadable { .. } => {
                "The role needs USAGE on the schema, the rights to read and write its _sqlx_migrations, and CREATE on the schema \
                 where there is none yet."
            }
            _ => return None,
        };
        Some(text.to_owned())
    }
}
