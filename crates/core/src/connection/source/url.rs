//! `postgres://user:password@host:port/database?parameter=value`, as libpq reads it.

use super::draft::Draft;
use super::is_keyword;
use crate::{Error, ErrorKind, Result};

/// Reads a connection URL.
///
/// # Errors
/// [`ErrorKind::UrlInvalid`] or [`ErrorKind::SettingInvalid`]; neither repeats any part of the URL but a parameter's name.
pub(super) fn parse(url: &str) -> Result<Draft> {
    const RESERVED: &str =
        "a reserved character stands for itself; in names and passwords write @ as %40, / as %2F, ? as %3F, : as %3A";
    let (scheme, rest) = url.trim().split_once("://").ok_or_else(|| bad("it does not start with postgres://"))?;
    // SQLAlchemy adds its driver: postgresql+psycopg://
    if !matches!(scheme.split('+').next(), Some("postgres" | "postgresql")) {
        return Err(bad("it does not start with postgres://"));
    }
    let authority_end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, rest) = rest.split_at(authority_end);
    // An @ further on would mean that a password with a / or ? was cut in two: say so before anything shows a half of it.
    if rest.contains('@') {
        return Err(bad(RESERVED));
    }
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (person, location) = authority.rsplit_once('@').map_or((None, authority), |(p, l)| (Some(p), l));

    let mut draft = Draft::default();
    if let Some(person) = person {
        let (user, password) = person.split_once(':').unwrap_or((person, ""));
        draft.set("user", "user", &decode(user)?)?;
        draft.set("password", "password", &decode(password)?)?;
    }
    let (host, port) = split_location(location)?;
    draft.set("host", "host", &decode(host)?)?;
    draft.set("port", "port", &decode(port)?)?;
    draft.set("dbname", "database", &decode(path.strip_prefix('/').unwrap_or_default())?)?;

    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').ok_or_else(|| bad("a parameter has no value"))?;
        let (name, value) = (decode(name)?, decode(value)?);
        if !is_keyword(&name) {
            return Err(bad("a parameter has a name that none can have"));
        }
        if !draft.set(&name, &name, &value)? {
            return Err(bad(&format!("the parameter {name} is not known")));
        }
    }
    Ok(draft)
}

/// A URL holds a password, as far as it can be told; also true of one that [`parse`] refuses.
pub fn names_password(url: &str) -> bool {
    let Some((_, rest)) = url.split_once("://") else { return false };
    let (before, query) = rest.split_once('?').unwrap_or((rest, ""));
    let in_authority = before.rsplit_once('@').and_then(|(person, _)| person.split_once(':'));
    in_authority.is_some_and(|(_, password)| !password.is_empty())
        || query.split('&').any(|pair| pair.strip_prefix("password=").is_some_and(|value| !value.is_empty()))
}

/// `host:port`, where a host may be an IPv6 address in brackets.
fn split_location(location: &str) -> Result<(&str, &str)> {
    if location.contains(',') {
        return Err(bad("several hosts are given; name the one to administer"));
    }
    if let Some(rest) = location.strip_prefix('[') {
        let (host, port) = rest.split_once(']').ok_or_else(|| bad("the bracket of an IPv6 address is not closed"))?;
        return match port.strip_prefix(':') {
            Some(port) => Ok((host, port)),
            None if port.is_empty() => Ok((host, "")),
            None => Err(bad("after an IPv6 address only a port may follow")),
        };
    }
    match location.split_once(':') {
        Some((_, port)) if port.contains(':') => Err(bad("an IPv6 address needs brackets")),
        Some(parts) => Ok(parts),
        None => Ok((location, "")),
    }
}

fn decode(text: &str) -> Result<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || rest.next().and_then(|b| char::from(b).to_digit(16));
        let (Some(high), Some(low)) = (digit(), digit()) else {
            return Err(bad("a % is not followed by two hexadecimal digits; write it as %25"));
        };
        bytes.push((high * 16 + low) as u8);
    }
    String::from_utf8(bytes).map_err(|_| bad("a percent-encoded part is not UTF-8"))
}

fn bad(reason: &str) -> Error {
    ErrorKind::UrlInvalid { reason: reason.into() }.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::source::ProcessEnv;
    use crate::connection::{Profile, TlsMode};
    use proptest::prelude::*;
    use secrecy::ExposeSecret;

    fn read(url: &str) -> Result<(Profile, Option<String>)> {
        let (profile, password) = parse(url)?.finish(&ProcessEnv::default().with_user("me"))?;
        Ok((profile, password.map(|p| p.expose_secret().to_owned())))
    }

    #[test]
    fn a_password_in_a_url_is_noticed() {
        for with in ["postgres://u:p@h/d", "postgres://u:p@/d?host=/tmp", "postgres://h/d?user=u&password=p"] {
            assert!(names_password(with), "{with}");
        }
        for without in ["postgres://u@h:5432/d", "postgres://u:@h/d", "postgres://h/d?password=", "h:5432", ""] {
            assert!(!names_password(without), "{without}");
        }
    }

    #[test]
    fn every_part_of_a_url_is_read() {
        let (profile, password) = read(
            "postgres://app%40corp:p%3Ass@db.example:6000/ly%C3%A9%63ees?sslmode=require&connect_timeout=3\
             &options=-c%20search_path%3Da%2Cb&application_name=x",
        )
        .unwrap();
        assert_eq!((profile.host.as_str(), profile.port), ("db.example", 6000));
        assert_eq!((profile.user.as_str(), profile.database.as_str()), ("app@corp", "lyécees"));
        assert_eq!(password.as_deref(), Some("p:ss"));
        assert_eq!(profile.tls.mode, TlsMode::Require);
        assert_eq!(profile.connect_timeout, 3);
        assert_eq!(profile.options, [("search_path".to_owned(), "a,b".to_owned())]);
    }

    #[test]
    fn what_a_url_leaves_out_has_libpqs_defaults() {
        let (profile, password) = read("postgresql://").unwrap();
        assert_eq!((profile.host.as_str(), profile.port), ("localhost", 5432));
        assert_eq!((profile.user.as_str(), profile.database.as_str()), ("me", "me"));
        assert_eq!(password, None);
        assert_eq!(read("postgres://u@/").unwrap().0.database, "u");
    }

    #[test]
    fn sockets_and_ipv6_addresses_are_hosts() {
        assert_eq!(read("postgres://u@%2Fvar%2Frun%2Fpostgresql/db").unwrap().0.host, "/var/run/postgresql");
        assert_eq!(read("postgres://u@/db?host=/tmp&port=6001").unwrap().0.port, 6001);
        assert_eq!(read("postgres://u@[::1]:6001/db").unwrap().0.host, "::1");
        assert_eq!(read("postgres://u@[::1]/db").unwrap().0.port, 5432);
    }

    #[test]
    fn what_is_wrong_with_a_url_is_said_without_repeating_it() {
        for (url, reason) in [
            ("c4nary", "start with postgres://"),
            ("mysql://u:c4nary@h/db", "start with postgres://"),
            ("postgres://u:c4nary@a,b/db", "several hosts"),
            ("postgres://u:c4nary@h:1,2/db", "several hosts"),
            ("postgres://u:c4nary@h/db?host=a,b", "several hosts"),
            ("postgres://u:c4nary@h:port/db", "between 1 and 65535"),
            ("postgres://u:c4nary@h:70000/db", "between 1 and 65535"),
            ("postgres://u:x%zzc4nary@h/db", "%25"),
            ("postgres://u:x%ffc4nary@h/db", "UTF-8"),
            ("postgres://u:x%00c4nary@h/db", "NUL"),
            ("postgres://u:12/c4nary@h/db", "%2F"),
            ("postgres://u:12?c4nary@h/db", "%3F"),
            ("postgres://u@h/db?c4nary", "no value"),
            ("postgres://u@h/db?secret=c4nary", "parameter secret is not known"),
            ("postgres://u@h/db?sec.ret%20c4nary=1", "none can have"),
            ("postgres://u@h/db?sslmode=c4nary", "verify-full"),
            ("postgres://u@h/db?connect_timeout=c4nary", "seconds"),
            ("postgres://u@h/db?options=c4nary", "-c name=value"),
            ("postgres://u@h/db?sslpassword=c4nary", "sslpassword"),
            ("postgres://u@::1:c4nary/db", "brackets"),
            ("postgres://u@[::1c4nary/db", "not closed"),
            ("postgres://u@[::1]c4nary/db", "only a port"),
            ("postgres://u@h/db?sslcert=/c4nary", "sslkey"),
            ("postgres://u@h/db?sslmode=verify-ca", "sslrootcert"),
        ] {
            let error = read(url).unwrap_err();
            let text = format!("{error} {error:?} {:?} {:?}", error.hint_text(), error.causes());
            assert!(text.contains(reason), "{url}: {text}");
            assert!(!text.contains("c4nary"), "{url}: {text}");
        }
    }

    fn encode(text: &str) -> String {
        let part = |b: u8| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") };
        text.bytes().map(part).collect()
    }

    proptest! {
        #[test]
        fn any_name_and_password_survive_percent_encoding(
            user in "[^\0]{1,20}", password in "[^\0]{1,20}", database in "[^\0]{1,20}",
        ) {
            prop_assume!(!user.contains("://") && !database.contains("://"));
            let url = format!("postgres://{}:{}@h/{}", encode(&user), encode(&password), encode(&database));
            let (profile, read_password) = read(&url).unwrap();
            prop_assert_eq!(profile.user, user);
            prop_assert_eq!(profile.database, database);
            prop_assert_eq!(read_password, Some(password));
        }

        #[test]
        fn no_text_makes_the_reader_panic_or_show_a_password(junk in "[ -~é]{0,30}", tail in "[@:/?#&=%a-z]{0,20}") {
            let url = format!("postgres://u:c4nary{junk}@{tail}");
            if let Err(error) = read(&url) {
                prop_assert!(!format!("{error} {error:?}").contains("c4nary"), "{}", error);
            }
        }
    }
}
