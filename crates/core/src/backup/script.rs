//! What `pg_restore` writes, divided into statements and the rows of tables, as psql would divide it.

use super::token::{Kind, Scan, tokens};
use crate::{Error, ErrorKind, Result};
use tokio::io::{AsyncRead, AsyncReadExt};

/// Read at least so much at a time.
const PIECE: usize = 256 * 1024;

/// A part of the script.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// With its semicolon.
    Statement(String),
    /// `COPY … FROM stdin;`: its rows come from [`Script::rows`].
    Copy(String),
}

/// A script on its way.
pub(super) struct Script<R> {
    reader: R,
    buffer: Vec<u8>,
    /// Before it everything has been handed out.
    start: usize,
    ended: bool,
    /// `standard_conforming_strings` is off: a backslash escapes in every string.
    escapes: bool,
    /// The key of `\restrict`.
    restricted: Option<Vec<u8>>,
}

impl<R: AsyncRead + Unpin> Script<R> {
    pub fn new(reader: R) -> Self {
        Self { reader, buffer: Vec::new(), start: 0, ended: false, escapes: false, restricted: None }
    }

    /// The next part; `None` at the end.
    pub async fn next(&mut self) -> Result<Option<Part>> {
        loop {
            match self.look()? {
                Look::Part(part) => return Ok(Some(part)),
                Look::End => return Ok(None),
                Look::Again => {}
                Look::More => self.read().await?,
            }
        }
    }

    /// Some of the rows that follow a `COPY`, as they are to be sent; `None` after the last one.
    pub async fn rows(&mut self) -> Result<Option<Vec<u8>>> {
        loop {
            let rest = &self.buffer[self.start..];
            if rest.starts_with(b"\\.\n") {
                self.start += 3;
                return Ok(None);
            }
            // Up to the end of the rows; or whole lines, so that the end is always found at the beginning of one.
            let end = memchr::memmem::find(rest, b"\n\\.\n").or_else(|| memchr::memrchr(b'\n', rest));
            if let Some(end) = end {
                let rows = rest[..=end].to_vec();
                self.start += end + 1;
                return Ok(Some(rows));
            }
            if self.ended {
                return Err(damaged("the rows of a table do not end"));
            }
            self.read().await?;
        }
    }

    fn look(&mut self) -> Result<Look> {
        let rest = &self.buffer[self.start..];
        let (mut begun, mut scan, mut found) = (false, Scan::default(), None);
        for token in tokens(rest, self.ended, self.escapes) {
            let Some(token) = token else {
                begun = true;
                break;
            };
            match token.kind {
                Kind::Space => continue,
                Kind::Backslash if !begun => {
                    found = Some((token.from, true));
                    break;
                }
                _ => begun = true,
            }
            if scan.ends_statement(&token, &rest[token.from..token.to]) {
                found = Some((token.to, false));
                break;
            }
        }
        match (found, self.ended, begun) {
            (Some((from, true)), ..) => self.meta(from),
            (Some((to, false)), ..) => {
                let from = self.start;
                self.start += to;
                self.statement(from)
            }
            (None, false, _) => Ok(Look::More),
            (None, true, false) => Ok(Look::End),
            (None, true, true) => Err(damaged("it ends in the middle of a statement")),
        }
    }

    fn statement(&mut self, from: usize) -> Result<Look> {
        let text = String::from_utf8(self.buffer[from..self.start].to_vec());
        let text = text.map_err(|error| damaged("it holds text that is no UTF-8").source(error))?;
        let text = without_comments(&text, self.escapes).to_owned();
        let bare = text.to_ascii_lowercase();
        if let Some(value) = bare.strip_prefix("set standard_conforming_strings = ") {
            self.escapes = value.trim_matches(['\'', ';']).eq("off");
        }
        if !(bare.starts_with("copy ") && bare.ends_with(" from stdin;")) {
            return Ok(Look::Part(Part::Statement(text)));
        }
        // The rows begin on the next line.
        match self.buffer.get(self.start) {
            Some(b'\n') => {
                self.start += 1;
                Ok(Look::Part(Part::Copy(text)))
            }
            None if !self.ended => {
                self.start = from;
                Ok(Look::More)
            }
            _ => Err(damaged("a table has no rows and no end")),
        }
    }

    /// `\restrict` and `\unrestrict`, which keep psql from obeying anything in between that begins with a backslash. No other
    /// such command belongs here.
    fn meta(&mut self, from: usize) -> Result<Look> {
        let rest = &self.buffer[self.start + from..];
        let Some(end) = memchr::memchr(b'\n', rest).or(self.ended.then_some(rest.len())) else { return Ok(Look::More) };
        let line = rest[..end].trim_ascii_end();
        if let (Some(key), None) = (line.strip_prefix(b"\\restrict "), &self.restricted) {
            self.restricted = Some(key.to_vec());
        } else if line.strip_prefix(b"\\unrestrict ").is_none_or(|key| Some(key) != self.restricted.as_deref()) {
            return Err(damaged("it holds a command for psql"));
        }
        self.start += from + end;
        Ok(Look::Again)
    }

    async fn read(&mut self) -> Result<()> {
        self.buffer.drain(..self.start);
        self.start = 0;
        // A statement that is not complete is looked at from its beginning again, so each time there must be twice as much.
        let wanted = self.buffer.len() + PIECE.max(self.buffer.len());
        self.buffer.reserve(wanted - self.buffer.len());
        while self.buffer.len() < wanted {
            let read = self.reader.read_buf(&mut self.buffer).await;
            if read.map_err(|error| damaged("it cannot be read").source(error))? == 0 {
                self.ended = true;
                break;
            }
        }
        Ok(())
    }
}

enum Look {
    Part(Part),
    /// Something was passed over.
    Again,
    More,
    End,
}

/// From the first token on.
fn without_comments(text: &str, escapes: bool) -> &str {
    let first = tokens(text.as_bytes(), true, escapes).flatten().find(|token| token.kind != Kind::Space);
    first.map_or(text, |token| &text[token.from..])
}

fn damaged(reason: &str) -> Error {
    ErrorKind::ArchiveUnreadable { reason: reason.to_owned() }.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The parts, with the rows behind each `COPY`; read in pieces of `piece` bytes.
    async fn parts(text: &str, piece: usize) -> Result<Vec<(String, Option<String>)>> {
        let (mut writer, reader) = tokio::io::duplex(piece);
        let text = text.to_owned().into_bytes();
        tokio::spawn(async move {
            let _ = tokio::io::AsyncWriteExt::write_all(&mut writer, &text).await;
        });
        let mut script = Script::new(reader);
        let mut found = Vec::new();
        while let Some(part) = script.next().await? {
            match part {
                Part::Statement(text) => found.push((text, None)),
                Part::Copy(text) => {
                    let mut rows = Vec::new();
                    while let Some(more) = script.rows().await? {
                        rows.extend(more);
                    }
                    found.push((text, Some(String::from_utf8(rows).unwrap())));
                }
            }
        }
        Ok(found)
    }

    const SCRIPT: &str = "--\n-- PostgreSQL database dump; 'x\n--\n\n\\restrict Key1\n\nSET client_encoding = 'UTF8';\n\
        CREATE FUNCTION a.f() RETURNS void LANGUAGE plpgsql AS $_$ begin perform 1; end; COPY x FROM stdin;\n$_$;\n\
        CREATE FUNCTION a.g() RETURNS int\n    BEGIN ATOMIC\n SELECT CASE WHEN true THEN 1 END AS c;\n SELECT 2;\nEND;\n\
        CREATE RULE r AS ON INSERT TO a.t DO ( SELECT 1; SELECT 2; );\n\
        COPY a.\"we;ird\nname\" (id, \"from stdin;\") FROM stdin;\n1\tx;'\n2\t\\\\.\n\\.\n\n\
        COPY a.empty (id) FROM stdin;\n\\.\n\nSELECT pg_catalog.setval('a.s', 3, true);\n\
        CREATE TABLE a.\"y\" (c text DEFAULT E'\\';'::text); -- ;\n\\unrestrict Key1\n\n";

    #[tokio::test]
    async fn statements_and_rows_are_told_apart_however_they_arrive() {
        for piece in [1, 7, 64, 100_000] {
            let found = parts(SCRIPT, piece).await.unwrap();
            assert_eq!(found.len(), 8, "{found:#?}");
            assert_eq!(found[0].0, "SET client_encoding = 'UTF8';");
            assert!(found[1].0.ends_with("$_$;"), "{found:#?}");
            assert!(found[2].0.ends_with("END;"), "{found:#?}");
            assert_eq!(found[4].1.as_deref(), Some("1\tx;'\n2\t\\\\.\n"));
            assert_eq!(found[5].1.as_deref(), Some(""));
            assert_eq!(found[6].0, "SELECT pg_catalog.setval('a.s', 3, true);");
        }
    }

    #[tokio::test]
    async fn what_is_cut_off_or_is_for_psql_is_refused() {
        for text in
            ["SELECT 1", "COPY a FROM stdin;\n1\n", "SELECT 'x;\n", "\\! rm x\n", "\\restrict a\n\\unrestrict b\n"]
        {
            assert!(parts(text, 64).await.is_err(), "{text}");
        }
    }

    #[tokio::test]
    async fn backslashes_escape_where_the_script_says_so() {
        let text = "SET standard_conforming_strings = off;\nSELECT 'a\\';b';\nSELECT 2;";
        assert_eq!(parts(text, 5).await.unwrap().len(), 3);
    }
}
