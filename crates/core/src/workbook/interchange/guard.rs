//! Cells that no spreadsheet program takes for a formula.
//!
//! An apostrophe goes before what would begin one. It goes there too where only a program with another list separator
//! would see the beginning of a cell: a French Excel divides the lines of a CSV file at its semicolons, whatever stands
//! in quotes. What has apostrophes there already gets one more, so that taking one away gives the value again.

/// Appends a value, guarded; says whether anything was altered.
pub(super) fn push_guarded(value: &[u8], out: &mut Vec<u8>) -> bool {
    let mut altered = false;
    for (at, byte) in value.iter().enumerate() {
        if begins_cell(value, at) && is_formula(&value[at..], at == 0) {
            out.push(b'\'');
            altered = true;
        }
        out.push(*byte);
    }
    altered
}

/// Appends the value that a guarded one stands for.
pub(super) fn push_unguarded(guarded: &[u8], out: &mut Vec<u8>) {
    for (at, byte) in guarded.iter().enumerate() {
        let added = *byte == b'\'' && begins_cell(guarded, at) && is_formula(&guarded[at..], at == 0);
        if !added {
            out.push(*byte);
        }
    }
}

/// Here, or behind a separator of somebody's.
fn begins_cell(value: &[u8], at: usize) -> bool {
    at.checked_sub(1).is_none_or(|before| matches!(value[before], b';' | b'\t' | b'\r' | b'\n'))
}

/// Apostrophes aside, some program calculates what begins so. White space counts at a value's very beginning only: there
/// programs skip it; line breaks within a text begin nothing.
fn is_formula(rest: &[u8], whole: bool) -> bool {
    let apostrophes = rest.iter().take_while(|byte| **byte == b'\'').count();
    let rest = &rest[apostrophes..];
    match rest.first() {
        Some(b'=' | b'+' | b'-' | b'@') => true,
        Some(b'\t' | b'\r' | b'\n') => whole,
        // ＝ ＋ － ＠: programs set to Japanese take them for the narrow ones.
        _ => ["＝", "＋", "－", "＠"].iter().any(|wide| rest.starts_with(wide.as_bytes())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn guarded(value: &str) -> String {
        let mut out = Vec::new();
        let altered = push_guarded(value.as_bytes(), &mut out);
        assert_eq!(altered, out != value.as_bytes());
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_would_begin_a_formula_gets_an_apostrophe_and_nothing_else_does() {
        for value in ["=1+1", "+1", "-1", "@SUM(A1)", "\ta", "\ra", "\na", "＝1+1", "'=1", "''-1"] {
            assert_eq!(guarded(value), format!("'{value}"));
        }
        for value in ["", "'", "a=b", "a-b", "it's", "'quoted'", " =1", "a\n\tb", "a\r\nb", "a,=b"] {
            assert_eq!(guarded(value), value);
        }
    }

    #[test]
    fn a_separator_of_another_country_begins_no_formula_either() {
        assert_eq!(guarded("a;=1+1;b"), "a;'=1+1;b");
        assert_eq!(guarded("a\n=1+1"), "a\n'=1+1");
        assert_eq!(guarded("a;'=1"), "a;''=1");
        assert_eq!(guarded("\t=1"), "'\t'=1");
    }

    proptest! {
        #[test]
        fn taking_the_guard_away_gives_the_value(value in "[=+@'a;\t\r\n-]{0,12}|\\PC{0,12}") {
            let mut back = Vec::new();
            push_unguarded(guarded(&value).as_bytes(), &mut back);
            prop_assert_eq!(String::from_utf8(back).unwrap(), value);
        }

        #[test]
        fn no_cell_of_anybodys_begins_a_formula(value in "[=+@'a;\t\r\n-]{0,12}") {
            for cell in guarded(&value).split([';', '\t', '\r', '\n']) {
                prop_assert!(!cell.starts_with(['=', '+', '-', '@']), "{:?}", cell);
            }
        }
    }
}
