//! What migration tools leave in a schema.

/// A table in which a migration tool keeps its books. Whether an application may read it says nothing, and neither does its being
/// in a schema whose other tables it does not know.
pub(crate) fn is_book(table: &str) -> bool {
    const BOOKS: &[&str] = &[
        "_sqlx_migrations",
        "alembic_version",
        "django_migrations",
        "schema_migrations",
        "ar_internal_metadata",
        "flyway_schema_history",
        "databasechangelog",
        "databasechangeloglock",
        "__efmigrationshistory",
        "knex_migrations",
        "knex_migrations_lock",
        "_prisma_migrations",
        "migrations",
        "doctrine_migration_versions",
        "goose_db_version",
    ];
    BOOKS.contains(&table.to_ascii_lowercase().as_str())
}
