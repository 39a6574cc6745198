//! `~/.pgpass`: `host:port:database:user:password`, the first line that fits wins.

use super::ProcessEnv;
use crate::connection::Profile;
use secrecy::SecretString;
use std::path::{Path, PathBuf};

/// One line.
pub(super) struct Entry {
    pub host: String,
    pub port: String,
    pub database: String,
    pub user: String,
    pub password: SecretString,
}

impl Entry {
    /// The line that fits, read as libpq does: `*` fits everything, a standard socket folder is `localhost`.
    fn fits(&self, profile: &Profile, env: &ProcessEnv) -> bool {
        let host = if env.is_socket_folder(&profile.host) { "localhost" } else { &profile.host };
        [
            (&self.host, host),
            (&self.port, profile.port.to_string().as_str()),
            (&self.database, &profile.database),
            (&self.user, &profile.user),
        ]
        .iter()
        .all(|(pattern, value)| *pattern == "*" || pattern == value)
    }
}

/// Where the password file is: `PGPASSFILE`, else the standard place.
pub(super) fn path(env: &ProcessEnv) -> Option<PathBuf> {
    env.get("PGPASSFILE").map(PathBuf::from).or_else(|| env.personal_file(".pgpass", "pgpass.conf"))
}

/// The password file, when there is one that is ignored because others may read it.
pub fn ignored(env: &ProcessEnv) -> Option<PathBuf> {
    path(env).filter(|file| file.is_file() && !is_private(file))
}

/// The password for this profile, if the file holds one.
pub(super) fn find(file: &Path, profile: &Profile, env: &ProcessEnv) -> Option<SecretString> {
    entries(file).into_iter().find(|entry| entry.fits(profile, env)).map(|entry| entry.password)
}

/// All lines. A missing file has none; neither has one that others may read, which libpq ignores too.
pub(super) fn entries(file: &Path) -> Vec<Entry> {
    if !file.is_file() {
        return Vec::new();
    }
    if !is_private(file) {
        tracing::warn!(file = %file.display(), "password file ignored: others may read it; it must have mode 0600");
        return Vec::new();
    }
    match std::fs::read(file) {
        // A password need not be UTF-8; such a line cannot be used, the others can.
        Ok(bytes) => bytes.split(|b| *b == b'\n').filter_map(|l| read_line(std::str::from_utf8(l).ok()?)).collect(),
        Err(error) => {
            tracing::warn!(file = %file.display(), %error, "password file not readable");
            Vec::new()
        }
    }
}

fn read_line(line: &str) -> Option<Entry> {
    let line = line.strip_suffix('\r').unwrap_or(line);
    if line.is_empty() || line.starts_with('#') {
        return None;
    }
    let mut rest = line;
    let mut field = || {
        let end = field_end(rest)?;
        let text = unescape(&rest[..end]);
        rest = &rest[end + 1..];
        Some(text)
    };
    let (host, port, database, user) = (field()?, field()?, field()?, field()?);
    let password = unescape(rest);
    (!password.is_empty()).then(|| Entry { host, port, database, user, password: password.into() })
}

/// The position of the first colon that no backslash precedes.
fn field_end(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.char_indices().find_map(|(position, character)| {
        let found = !escaped && character == ':';
        escaped = !escaped && character == '\\';
        found.then_some(position)
    })
}

fn unescape(text: &str) -> String {
    let mut characters = text.chars();
    let mut out = String::with_capacity(text.len());
    while let Some(character) = characters.next() {
        match character {
            '\\' => out.push(characters.next().unwrap_or('\\')),
            other => out.push(other),
        }
    }
    out
}

#[cfg(unix)]
fn is_private(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(file).is_ok_and(|m| m.permissions().mode() & 0o077 == 0)
}

#[cfg(not(unix))]
fn is_private(_file: &Path) -> bool {
    // The folder %APPDATA% belongs to one person; libpq does not check either.
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use secrecy::ExposeSecret;

    fn write(folder: &Path, text: &str) -> PathBuf {
        let file = folder.join("pgpass");
        std::fs::write(&file, text).unwrap();
        protect(&file, 0o600);
        file
    }

    #[cfg(unix)]
    fn protect(file: &Path, mode: u32) {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(file, std::fs::Permissions::from_mode(mode)).unwrap();
    }

    #[cfg(not(unix))]
    fn protect(_file: &Path, _mode: u32) {}

    fn profile(host: &str, database: &str, user: &str) -> Profile {
        Profile { host: host.into(), database: database.into(), user: user.into(), ..Profile::default() }
    }

    fn look_up(file: &Path, profile: &Profile) -> Option<String> {
        let env = ProcessEnv::default().with_socket_folders(["/var/run/postgresql"]);
        find(file, profile, &env).map(|p| p.expose_secret().to_owned())
    }

    #[test]
    fn the_first_line_that_fits_wins() {
        let folder = tempfile::tempdir().unwrap();
        let file = write(
            folder.path(),
            "# comment\n\nhalf:a:line\ndb:5432:lycees:app:one\r\ndb:*:*:app:two\nlocalhost:5432:*:*:three\n*:*:*:last:four\n",
        );
        assert_eq!(look_up(&file, &profile("db", "lycees", "app")).as_deref(), Some("one"));
        assert_eq!(look_up(&file, &profile("db", "other", "app")).as_deref(), Some("two"));
        assert_eq!(look_up(&file, &profile("/var/run/postgresql", "x", "y")).as_deref(), Some("three"));
        assert_eq!(look_up(&file, &profile("/elsewhere", "x", "y")), None);
        assert_eq!(look_up(&file, &profile("any", "x", "last")).as_deref(), Some("four"));
        assert_eq!(look_up(&folder.path().join("missing"), &profile("any", "x", "last")), None);
    }

    #[test]
    fn escaped_colons_and_backslashes_belong_to_the_field() {
        let folder = tempfile::tempdir().unwrap();
        let file = write(folder.path(), "\\:\\:1:5432:a\\\\b:u\\:v:p\\:a\\\\s:s\n");
        assert_eq!(look_up(&file, &profile("::1", "a\\b", "u:v")).as_deref(), Some("p:a\\s:s"));
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_may_read_is_ignored() {
        let folder = tempfile::tempdir().unwrap();
        let file = write(folder.path(), "*:*:*:*:secret\n");
        let env = ProcessEnv::of([("PGPASSFILE", file.to_str().unwrap())]);
        assert!(look_up(&file, &profile("h", "d", "u")).is_some());
        assert_eq!(ignored(&env), None);
        protect(&file, 0o640);
        assert!(look_up(&file, &profile("h", "d", "u")).is_none());
        assert_eq!(ignored(&env), Some(file));
    }

    #[test]
    fn the_file_is_where_libpq_looks_for_it() {
        let env = ProcessEnv::of([("APPDATA", "C:\\Users\\me\\AppData")]).with_home("/home/me");
        assert_eq!(path(&env).unwrap(), Path::new("/home/me/.pgpass"));
        let expected = Path::new("C:\\Users\\me\\AppData").join("postgresql").join("pgpass.conf");
        assert_eq!(path(&env.on_windows()).unwrap(), expected);
        let env = ProcessEnv::of([("PGPASSFILE", "/elsewhere")]).with_home("/home/me");
        assert_eq!(path(&env).unwrap(), Path::new("/elsewhere"));
    }

    proptest! {
        #[test]
        fn any_fields_survive_escaping(fields in proptest::collection::vec("[^\0\r\n]{1,12}", 5)) {
            prop_assume!(!fields[0].starts_with('#'));
            let escape = |text: &String| text.replace('\\', "\\\\").replace(':', "\\:");
            let line = fields.iter().map(escape).collect::<Vec<_>>().join(":");
            let entry = read_line(&line).unwrap();
            let read = [&entry.host, &entry.port, &entry.database, &entry.user, entry.password.expose_secret()];
            prop_assert_eq!(read.map(str::to_owned).to_vec(), fields);
        }
    }
}
