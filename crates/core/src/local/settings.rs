//! Choices of the person, shared by window and command line.

use super::Home;
use crate::Result;
use crate::health::alerts::Thresholds;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// All settings, with their defaults.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Settings {
    /// `en`, `fr`, or `None` for the system's.
    pub language: Option<String>,
    /// `light`, `dark`, or `None` for the system's.
    pub scheme: Option<String>,
    /// Rows of 32 px instead of 40 px.
    pub dense: bool,
    /// Sessions at a time for fleet runs; `None` leaves it to the server's cores.
    pub jobs: Option<u16>,
    /// `lock_timeout` of migrations, milliseconds.
    pub lock_timeout_ms: u32,
    /// Folder of the last export.
    pub export_folder: Option<String>,
    /// Folder of the last backup.
    pub backup_folder: Option<String>,
    /// Folder with pg_dump and pg_restore; `None` looks everywhere.
    pub client_folder: Option<String>,
    /// Migration source last used: a template name or a folder.
    pub migration_source: Option<String>,
    /// From where on something is an alert.
    pub thresholds: Thresholds,
    /// Widths, order and visibility of table columns, as the window keeps them (JSON text).
    pub tables: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            language: None,
            scheme: None,
            dense: true,
            jobs: None,
            lock_timeout_ms: 2000,
            export_folder: None,
            backup_folder: None,
            client_folder: None,
            migration_source: None,
            thresholds: Thresholds::default(),
            tables: None,
        }
    }
}

impl Settings {
    /// Reads the settings; what was never set, or was written by a version that meant something else, has its default.
    ///
    /// # Errors
    /// [`crate::ErrorKind::LocalState`] when the local state cannot be read.
    pub async fn load(home: &Home) -> Result<Self> {
        let rows: Vec<(String, String)> = sqlx::query_as("select name, value from setting")
            .fetch_all(home.pool())
            .await
            .map_err(|e| home.error(e))?;
        let mut known = as_map(&Self::default());
        for (name, text) in rows {
            let Some(value) = serde_json::from_str::<Value>(&text).ok().filter(|_| known.contains_key(&name)) else {
                continue;
            };
            let before = known.insert(name.clone(), value);
            if serde_json::from_value::<Self>(Value::Object(known.clone())).is_err() {
                known.insert(name, before.unwrap_or_default());
            }
        }
        Ok(serde_json::from_value(Value::Object(known)).unwrap_or_default())
    }

    /// Writes all settings, each in its own row.
    ///
    /// # Errors
    /// [`crate::ErrorKind::LocalState`] when the local state cannot be written.
    pub async fn save(&self, home: &Home) -> Result<()> {
        let mut transaction = home.pool().begin().await.map_err(|e| home.error(e))?;
        for (name, value) in as_map(self) {
            sqlx::query("insert into setting (name, value) values (?, ?) on conflict (name) do update set value = excluded.value")
                .bind(name)
                .bind(value.to_string())
                .execute(&mut *transaction)
                .await
                .map_err(|e| home.error(e))?;
        }
        transaction.commit().await.map_err(|e| home.error(e))
    }
}

fn as_map(settings: &Settings) -> Map<String, Value> {
    match serde_json::to_value(settings) {
        Ok(Value::Object(map)) => map,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn settings_come_back_as_they_were_saved() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::open(folder.path()).await.unwrap();
        assert_eq!(Settings::load(&home).await.unwrap(), Settings::default());
        let mut settings = Settings { language: Some("fr".into()), jobs: Some(3), dense: false, ..Settings::default() };
        settings.save(&home).await.unwrap();
        assert_eq!(Settings::load(&home).await.unwrap(), settings);
        settings.language = None;
        settings.save(&home).await.unwrap();
        assert_eq!(Settings::load(&home).await.unwrap(), settings);
    }

    #[tokio::test]
    async fn one_unreadable_setting_does_not_take_the_others_along() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::open(folder.path()).await.unwrap();
        let settings = Settings { language: Some("fr".into()), ..Settings::default() };
        settings.save(&home).await.unwrap();
        for (name, value) in [("jobs", "\"many\""), ("dense", "{"), ("of_the_future", "1")] {
            sqlx::query("insert or replace into setting (name, value) values (?, ?)")
                .bind(name)
                .bind(value)
                .execute(home.pool())
                .await
                .unwrap();
        }
        assert_eq!(Settings::load(&home).await.unwrap(), settings);
    }
}
