//! Huffman codes of limited length, in the canonical form of RFC 1951, section 3.2.2.

/// Fills in the code lengths for symbols of these frequencies, at most `limit` bits. Symbols that do not occur get 0. A
/// single symbol gets one bit.
pub(super) fn lengths(frequencies: &[u32], limit: usize, lengths: &mut [u8]) {
    lengths.fill(0);
    let mut used: Vec<(u32, u16)> =
        frequencies.iter().enumerate().filter(|(_, f)| **f > 0).map(|(symbol, f)| (*f, symbol as u16)).collect();
    if used.len() < 2 {
        used.iter().for_each(|(_, symbol)| lengths[usize::from(*symbol)] = 1);
        return;
    }
    used.sort_unstable();
    let mut counts = depths(&used);
    shorten(&mut counts, limit);
    // The rarest symbols get the longest codes.
    let mut next = used.iter();
    for length in (1..counts.len()).rev() {
        for (_, symbol) in next.by_ref().take(counts[length]) {
            lengths[usize::from(*symbol)] = length as u8;
        }
    }
}

/// How many leaves of the Huffman tree lie at each depth. Frequencies ascend.
fn depths(used: &[(u32, u16)]) -> Vec<usize> {
    // Leaves first, then inner nodes in the order of their making, which is also that of their weights.
    let leaves = used.len();
    let mut weights: Vec<u64> = used.iter().map(|(f, _)| u64::from(*f)).collect();
    let mut parents = vec![0; 2 * leaves - 1];
    let (mut leaf, mut inner) = (0, leaves);
    for made in leaves..2 * leaves - 1 {
        let mut weight = 0;
        for _ in 0..2 {
            let take_leaf = leaf < leaves && (inner >= made || weights[leaf] <= weights[inner]);
            let taken = if take_leaf { &mut leaf } else { &mut inner };
            weight += weights[*taken];
            parents[*taken] = made;
            *taken += 1;
        }
        weights.push(weight);
    }
    let mut depth = vec![0usize; 2 * leaves - 1];
    let mut counts = vec![0; 2];
    for node in (0..2 * leaves - 2).rev() {
        depth[node] = depth[parents[node]] + 1;
        if node < leaves {
            let longest = counts.len().max(depth[node] + 1);
            counts.resize(longest, 0);
            counts[depth[node]] += 1;
        }
    }
    counts
}

/// Moves codes that are too long up to the limit, and makes room for them by lengthening the next shorter ones.
fn shorten(counts: &mut Vec<usize>, limit: usize) {
    if counts.len() <= limit + 1 {
        return;
    }
    let long: usize = counts.drain(limit + 1..).sum();
    counts[limit] += long;
    let space: u64 = 1 << limit;
    let mut total: u64 = (1..=limit).map(|length| (counts[length] as u64) << (limit - length)).sum();
    while total > space {
        counts[limit] -= 1;
        let Some(length) = (1..limit).rev().find(|length| counts[*length] > 0) else { return };
        counts[length] -= 1;
        counts[length + 1] += 2;
        total -= 1;
    }
}

/// The codes of these lengths, lowest bit first as the stream wants them.
pub(super) fn codes(lengths: &[u8], codes: &mut [u16]) {
    let mut counts = [0u16; 16];
    lengths.iter().for_each(|length| counts[usize::from(*length)] += 1);
    counts[0] = 0;
    let mut next = [0u16; 16];
    for length in 1..16 {
        next[length] = (next[length - 1] + counts[length - 1]) << 1;
    }
    for (code, &length) in codes.iter_mut().zip(lengths) {
        if length > 0 {
            *code = next[usize::from(length)].reverse_bits() >> (16 - length);
            next[usize::from(length)] += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(frequencies: &[u32], limit: usize) -> Vec<u8> {
        let mut out = vec![0; frequencies.len()];
        lengths(frequencies, limit, &mut out);
        out
    }

    #[test]
    fn frequent_symbols_have_short_codes() {
        assert_eq!(of(&[8, 0, 1, 1, 2], 15), [1, 0, 3, 3, 2]);
        assert_eq!(of(&[0, 7, 0], 15), [0, 1, 0]);
        assert_eq!(of(&[0, 0], 15), [0, 0]);
    }

    #[test]
    fn codes_are_those_of_the_specification() {
        // The example of section 3.2.2: A-H with lengths 3, 3, 3, 3, 3, 2, 4, 4.
        let mut out = [0; 8];
        codes(&[3, 3, 3, 3, 3, 2, 4, 4], &mut out);
        let read = |code: u16, length: u32| code.reverse_bits() >> (16 - length);
        assert_eq!(read(out[0], 3), 0b010);
        assert_eq!(read(out[4], 3), 0b110);
        assert_eq!(read(out[5], 2), 0b00);
        assert_eq!(read(out[7], 4), 0b1111);
    }

    proptest! {
        #[test]
        fn a_code_is_complete_and_within_its_limit(frequencies in prop::collection::vec(prop_oneof![Just(0), 1..4u32, 1..1_000_000u32], 2..286)) {
            for limit in [9, 15] {
                let lengths = of(&frequencies, limit);
                let used = frequencies.iter().filter(|f| **f > 0).count();
                prop_assert!(lengths.iter().all(|l| usize::from(*l) <= limit));
                prop_assert_eq!(lengths.iter().filter(|l| **l > 0).count(), used);
                if used > 1 {
                    let space: u64 = lengths.iter().filter(|l| **l > 0).map(|l| 1u64 << (limit - usize::from(*l))).sum();
                    prop_assert_eq!(space, 1 << limit);
                }
            }
        }

        #[test]
        fn skewed_frequencies_stay_within_the_limit(count in 2..40usize) {
            let mut fibonacci = vec![1u32, 1];
            while fibonacci.len() < count {
                fibonacci.push(fibonacci[fibonacci.len() - 1].saturating_add(fibonacci[fibonacci.len() - 2]));
            }
            let lengths = of(&fibonacci, 15);
            let space: u64 = lengths.iter().map(|l| 1u64 << (15 - u32::from(*l))).sum();
            prop_assert_eq!(space, 1 << 15);
        }
    }
}
