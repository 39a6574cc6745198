//! A digest of a table's rows that does not depend on their order.
//!
//! Each row is the line that `COPY … TO STDOUT` writes for it in text format, without the newline; its SHA-256 is taken
//! as a number, and the numbers of all rows are added modulo 2^256. The same rows give the same digest, whatever
//! wrote them and in whatever order.

use sha2::{Digest, Sha256};

/// The sum so far, least significant part first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct RowDigest {
    sum: [u64; 4],
}

impl RowDigest {
    /// Adds a row.
    #[inline]
    pub(crate) fn add(&mut self, line: &[u8]) {
        let hash = Sha256::digest(line);
        let mut carry = false;
        for (part, bytes) in self.sum.iter_mut().zip(hash.as_slice().rchunks_exact(8)) {
            let value = u64::from_be_bytes(bytes.try_into().unwrap_or_default());
            let (sum, first) = part.overflowing_add(value);
            let (sum, second) = sum.overflowing_add(u64::from(carry));
            *part = sum;
            carry = first || second;
        }
    }

    /// 64 hexadecimal digits.
    pub(crate) fn text(&self) -> String {
        self.sum.iter().rev().map(|part| format!("{part:016x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(rows: &[&str]) -> String {
        let mut digest = RowDigest::default();
        rows.iter().for_each(|row| digest.add(row.as_bytes()));
        digest.text()
    }

    #[test]
    fn one_row_has_its_sha_256() {
        assert_eq!(of(&["abc"]), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn the_order_does_not_matter_and_the_number_of_rows_does() {
        assert_eq!(of(&["a\t1", "b\t2", "c"]), of(&["c", "a\t1", "b\t2"]));
        assert_ne!(of(&["a", "a"]), of(&["a"]));
        assert_ne!(of(&["a", "a"]), of(&[]));
        assert_eq!(of(&[]), "0".repeat(64));
    }

    #[test]
    fn carries_reach_the_most_significant_part() {
        let mut digest = RowDigest { sum: [u64::MAX; 4] };
        digest.add(b"abc");
        let mut expected = RowDigest::default();
        expected.add(b"abc");
        expected.sum[0] -= 1;
        assert_eq!(digest, expected);
    }
}
