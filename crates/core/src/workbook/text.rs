//! Text cells: what XML cannot carry is escaped as Excel does it, and what a cell cannot hold is cut.

/// UTF-16 code units that a cell holds.
pub(super) const CELL_UNITS: usize = 32_767;

/// Bytes that need a second look. `_` may begin what looks like an escape, and 0xEF begins U+FFFE and U+FFFF.
static SPECIAL: [bool; 256] = {
    let mut special = [false; 256];
    let mut byte = 0;
    while byte < 0x20 {
        special[byte] = byte != b'\t' as usize && byte != b'\n' as usize;
        byte += 1;
    }
    special[b'&' as usize] = true;
    special[b'<' as usize] = true;
    special[b'>' as usize] = true;
    special[b'_' as usize] = true;
    special[0xef] = true;
    special
};

/// Appends a text as the content of an element. Characters that XML 1.0 cannot carry, and the carriage return, which
/// parsers turn into a newline, become `_xHHHH_`; a text that already looks like this gets its underscore escaped.
#[inline]
pub(super) fn push_escaped(text: &[u8], out: &mut Vec<u8>) {
    let mut from = 0;
    let mut at = 0;
    while at < text.len() {
        if !SPECIAL[usize::from(text[at])] {
            at += 1;
            continue;
        }
        let (replacement, taken): (&[u8], usize) = match text[at] {
            b'&' => (b"&amp;", 1),
            b'<' => (b"&lt;", 1),
            b'>' => (b"&gt;", 1),
            b'_' if looks_escaped(&text[at..]) => (b"_x005F_", 1),
            0xef if text[at..].starts_with("\u{fffe}".as_bytes()) => (b"_xFFFE_", 3),
            0xef if text[at..].starts_with("\u{ffff}".as_bytes()) => (b"_xFFFF_", 3),
            b'_' | 0xef => {
                at += 1;
                continue;
            }
            control => {
                out.extend_from_slice(&text[from..at]);
                out.extend_from_slice(b"_x00");
                out.extend_from_slice(&[hex(control >> 4), hex(control & 15), b'_']);
                at += 1;
                from = at;
                continue;
            }
        };
        out.extend_from_slice(&text[from..at]);
        out.extend_from_slice(replacement);
        at += taken;
        from = at;
    }
    out.extend_from_slice(&text[from..]);
}

/// Appends a text as the value of an attribute in double quotes.
pub(super) fn push_attribute(text: &str, out: &mut Vec<u8>) {
    for character in text.chars() {
        match character {
            '"' => out.extend_from_slice(b"&quot;"),
            '\t' | '\n' | '\r' => out.extend_from_slice(format!("&#{};", character as u32).as_bytes()),
            _ => push_escaped(character.encode_utf8(&mut [0; 4]).as_bytes(), out),
        }
    }
}

/// XML parsers may drop white space at the ends of an element unless told to keep it.
#[inline]
pub(super) fn needs_preserve(text: &[u8]) -> bool {
    let white = |byte: Option<&u8>| byte.is_some_and(|b| matches!(b, b' ' | b'\t' | b'\n'));
    white(text.first()) || white(text.last())
}

/// UTF-16 code units of a text, as Excel counts its length.
pub(super) fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// The longest beginning of at most `limit` UTF-16 units, never half a character.
pub(super) fn cut(text: &str, limit: usize) -> &str {
    let mut left = limit;
    for (at, character) in text.char_indices() {
        match left.checked_sub(character.len_utf16()) {
            Some(rest) => left = rest,
            None => return &text[..at],
        }
    }
    text
}

fn looks_escaped(text: &[u8]) -> bool {
    matches!(text, [b'_', b'x', a, b, c, d, b'_', ..] if [a, b, c, d].iter().all(|h| h.is_ascii_hexdigit()))
}

fn hex(nibble: u8) -> u8 {
    b"0123456789ABCDEF"[usize::from(nibble & 15)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn escaped(text: &str) -> String {
        let mut out = Vec::new();
        push_escaped(text.as_bytes(), &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn markup_and_control_characters_are_escaped() {
        assert_eq!(escaped("a<b>&\"'"), "a&lt;b&gt;&amp;\"'");
        assert_eq!(escaped("a\u{1}b\r\n\t"), "a_x0001_b_x000D_\n\t");
        assert_eq!(escaped("\u{fffe}x\u{ffff}"), "_xFFFE_x_xFFFF_");
        assert_eq!(escaped("ﬀ\u{fffd}"), "ﬀ\u{fffd}");
    }

    #[test]
    fn a_text_that_looks_escaped_stays_what_it_is() {
        assert_eq!(escaped("_x0041_"), "_x005F_x0041_");
        assert_eq!(escaped("_x00_ snake_case __x0041_"), "_x00_ snake_case __x005F_x0041_");
    }

    #[test]
    fn a_cut_never_halves_a_character() {
        assert_eq!(cut("ab😀c", 3), "ab");
        assert_eq!(cut("ab😀c", 4), "ab😀");
        assert_eq!(cut("abc", 10), "abc");
        assert_eq!(units("ab😀c"), 5);
    }

    #[test]
    fn white_space_at_the_ends_is_preserved() {
        assert!(needs_preserve(b" a") && needs_preserve(b"a\n") && !needs_preserve(b"a b") && !needs_preserve(b""));
    }
}
