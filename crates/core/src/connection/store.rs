//! Saved profiles, in the local state. Nothing secret is ever handed to this module.

use super::Profile;
use crate::local::Home;
use crate::{Error, ErrorKind, Result};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// A profile as the store keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedProfile {
    /// The profile.
    pub profile: Profile,
    /// When it was last connected.
    pub used_at: Option<DateTime<Utc>>,
}

/// The profiles of this computer.
#[derive(Debug, Clone)]
pub struct ProfileStore {
    home: Home,
}

impl ProfileStore {
    /// The profiles kept in this home.
    pub fn new(home: &Home) -> Self {
        Self { home: home.clone() }
    }

    /// All profiles, the last used first, then by name.
    ///
    /// # Errors
    /// [`ErrorKind::LocalState`] when the local state cannot be read.
    pub async fn list(&self) -> Result<Vec<SavedProfile>> {
        let rows: Vec<Row> = sqlx::query_as(
            "select id, name, body, used_at from profile order by used_at desc nulls last, name collate nocase",
        )
        .fetch_all(self.home.pool())
        .await
        .map_err(|e| self.home.error(e))?;
        rows.into_iter().map(|row| self.read(row)).collect()
    }

    /// The profile with this name (whatever its case) or id.
    ///
    /// # Errors
    /// [`ErrorKind::ProfileMissing`].
    pub async fn find(&self, name_or_id: &str) -> Result<SavedProfile> {
        let id = Uuid::parse_str(name_or_id).map(|id| id.to_string()).unwrap_or_default();
        // A name wins: somebody may have called a profile by another one's id.
        let row: Option<Row> = sqlx::query_as(
            "select id, name, body, used_at from profile where name = ?1 or id = ?2 order by name = ?1 desc limit 1",
        )
        .bind(name_or_id)
        .bind(id)
        .fetch_optional(self.home.pool())
        .await
        .map_err(|e| self.home.error(e))?;
        match row {
            Some(row) => self.read(row),
            None => Err(ErrorKind::ProfileMissing { name: shown(name_or_id) }.into()),
        }
    }

    /// Adds the profile, or replaces the one with its id.
    ///
    /// # Errors
    /// [`ErrorKind::SettingInvalid`] for what [`Profile::validate`] refuses and for an empty name;
    /// [`ErrorKind::ProfileExists`] when another profile has the name.
    pub async fn save(&self, profile: &Profile) -> Result<()> {
        profile.validate()?;
        if profile.name.trim().is_empty() {
            return Err(ErrorKind::SettingInvalid { setting: "name".into(), reason: "it is empty".into() }.into());
        }
        let body = serde_json::to_string(profile)
            .map_err(|e| Error::new(ErrorKind::Internal { what: "a profile has no JSON form".into() }).source(e))?;
        let saved = sqlx::query(
            "insert into profile (id, name, body, created_at) values (?1, ?2, ?3, ?4)
             on conflict (id) do update set name = excluded.name, body = excluded.body",
        )
        .bind(profile.id.to_string())
        .bind(&profile.name)
        .bind(body)
        .bind(now())
        .execute(self.home.pool())
        .await;
        match saved {
            Ok(_) => Ok(()),
            Err(e) if e.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation) => {
                Err(ErrorKind::ProfileExists { name: profile.name.clone() }.into())
            }
            Err(e) => Err(self.home.error(e)),
        }
    }

    /// Removes a profile. Its password is removed by [`super::Secrets::remove`].
    ///
    /// # Errors
    /// [`ErrorKind::ProfileMissing`].
    pub async fn remove(&self, id: Uuid) -> Result<()> {
        let done = sqlx::query("delete from profile where id = ?").bind(id.to_string()).execute(self.home.pool()).await;
        match done.map_err(|e| self.home.error(e))?.rows_affected() {
            0 => Err(ErrorKind::ProfileMissing { name: id.to_string() }.into()),
            _ => Ok(()),
        }
    }

    /// Remembers that the profile was connected just now.
    ///
    /// # Errors
    /// [`ErrorKind::LocalState`] when the local state cannot be written.
    pub async fn mark_used(&self, id: Uuid) -> Result<()> {
        let marked = sqlx::query("update profile set used_at = ? where id = ?").bind(now()).bind(id.to_string());
        marked.execute(self.home.pool()).await.map_err(|e| self.home.error(e))?;
        Ok(())
    }

    fn read(&self, row: Row) -> Result<SavedProfile> {
        let mut profile: Profile = serde_json::from_str(&row.body).map_err(|e| {
            let reason = format!("the profile {} is damaged", row.name);
            let path = self.home.folder().display().to_string();
            Error::new(ErrorKind::LocalState { path, reason }).source(e)
        })?;
        // The columns decide: they are what the uniqueness of names and ids rests on.
        profile.name = row.name;
        profile.id = Uuid::parse_str(&row.id).unwrap_or(profile.id);
        let used_at = row.used_at.and_then(|t| DateTime::parse_from_rfc3339(&t).ok()).map(|t| t.to_utc());
        Ok(SavedProfile { profile, used_at })
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    name: String,
    body: String,
    used_at: Option<String>,
}

fn now() -> String {
    Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}

/// What was typed, unless it is a URL, which may hold a password.
fn shown(name: &str) -> String {
    if name.contains("://") { "(a URL)".into() } else { name.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn store() -> (tempfile::TempDir, ProfileStore) {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::open(folder.path()).await.unwrap();
        (folder, ProfileStore::new(&home))
    }

    fn named(name: &str) -> Profile {
        Profile { name: name.into(), ..Profile::default() }
    }

    #[tokio::test]
    async fn a_profile_is_found_by_name_in_any_case_and_by_id() {
        let (_folder, store) = store().await;
        let profile = Profile {
            host: "edu-prod.example".into(),
            options: vec![("search_path".into(), "a, b".into())],
            read_only: true,
            ..named("Lycées")
        };
        store.save(&profile).await.unwrap();
        assert_eq!(store.find("Lycées").await.unwrap().profile, profile);
        assert_eq!(store.find("lycées").await.unwrap().profile, profile);
        assert_eq!(store.find(&profile.id.to_string()).await.unwrap().profile, profile);
        assert!(matches!(store.find("other").await.unwrap_err().kind(), ErrorKind::ProfileMissing { .. }));
    }

    #[tokio::test]
    async fn a_name_is_taken_once_and_a_profile_may_be_renamed() {
        let (_folder, store) = store().await;
        let mut first = named("one");
        store.save(&first).await.unwrap();
        let taken = store.save(&named("ONE")).await.unwrap_err();
        assert_eq!(taken.kind(), &ErrorKind::ProfileExists { name: "ONE".into() });
        first.name = "two".into();
        store.save(&first).await.unwrap();
        let list = store.list().await.unwrap();
        assert_eq!(list.len(), 1);
        assert_eq!(list[0].profile.name, "two");
    }

    #[tokio::test]
    async fn the_last_used_profile_comes_first() {
        let (_folder, store) = store().await;
        let profiles = [named("b"), named("a"), named("c")];
        for profile in &profiles {
            store.save(profile).await.unwrap();
        }
        store.mark_used(profiles[2].id).await.unwrap();
        let names: Vec<_> = store.list().await.unwrap().into_iter().map(|s| s.profile.name).collect();
        assert_eq!(names, ["c", "a", "b"]);
        store.remove(profiles[2].id).await.unwrap();
        assert_eq!(store.list().await.unwrap().len(), 2);
        assert!(store.remove(profiles[2].id).await.is_err());
    }

    #[tokio::test]
    async fn a_url_pasted_into_a_field_is_refused_without_being_repeated() {
        let (folder, store) = store().await;
        let canary = "postgres://app:c4nary-secret@db.example/lycees";
        for profile in [
            Profile { host: canary.into(), ..named("a") },
            Profile { database: canary.into(), ..named("b") },
            Profile { user: canary.into(), ..named("c") },
            named(canary),
        ] {
            let error = store.save(&profile).await.unwrap_err();
            assert!(!format!("{error} {error:?} {:?}", error.hint_text()).contains("c4nary"));
        }
        let error = store.find(canary).await.unwrap_err();
        assert!(!format!("{error} {error:?}").contains("c4nary"));
        for entry in std::fs::read_dir(folder.path()).unwrap() {
            let bytes = std::fs::read(entry.unwrap().path()).unwrap();
            assert!(!bytes.windows(6).any(|w| w == b"c4nary"));
        }
    }
}
