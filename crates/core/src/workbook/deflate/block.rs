//! One block of the stream: literals and matches are collected, counted, and written with codes made for them
//! (RFC 1951, section 3.2.7).

use super::huffman;

/// How far back a match may reach.
pub(super) const WINDOW: usize = 32_768;
/// Bytes of one match.
const LONGEST: usize = 258;
/// Tokens of one block; codes of their own pay for themselves long before.
const FULL: usize = 48 * 1024;

const LITERALS: usize = 286;
const DISTANCES: usize = 30;
const END: usize = 256;
const MATCH: u32 = 1 << 31;

/// Extra bits and first value of each length symbol from 257 on.
const LENGTH_SYMBOLS: [(u8, u16); 29] = [
    (0, 3),
    (0, 4),
    (0, 5),
    (0, 6),
    (0, 7),
    (0, 8),
    (0, 9),
    (0, 10),
    (1, 11),
    (1, 13),
    (1, 15),
    (1, 17),
    (2, 19),
    (2, 23),
    (2, 27),
    (2, 31),
    (3, 35),
    (3, 43),
    (3, 51),
    (3, 59),
    (4, 67),
    (4, 83),
    (4, 99),
    (4, 115),
    (5, 131),
    (5, 163),
    (5, 195),
    (5, 227),
    (0, 258),
];

/// The symbol, less 257, of each length, less 3.
static LENGTH_OF: [u8; 256] = {
    let mut table = [0; 256];
    let mut length = 3;
    while length <= LONGEST {
        let mut symbol = LENGTH_SYMBOLS.len() - 1;
        while LENGTH_SYMBOLS[symbol].1 as usize > length {
            symbol -= 1;
        }
        table[length - 3] = symbol as u8;
        length += 1;
    }
    table
};

/// Extra bits and first value of a distance symbol.
const fn distance_symbol(symbol: usize) -> (u8, u16) {
    if symbol < 4 {
        return (0, symbol as u16 + 1);
    }
    let extra = symbol / 2 - 1;
    (extra as u8, ((2 + symbol % 2) << extra) as u16 + 1)
}

/// The symbol of a distance, less 1.
#[inline]
fn symbol_of_distance(less_one: usize) -> usize {
    if less_one < 4 {
        return less_one;
    }
    let top = less_one.ilog2() as usize;
    2 * top + (less_one >> (top - 1) & 1)
}

/// The order in which the lengths of the code length code are written.
const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/// Collects tokens and writes them.
pub(super) struct Block {
    /// A literal as itself; a match as [`MATCH`], length less 3 from bit 16, distance less 1 below.
    tokens: Vec<u32>,
    literals: [u32; LITERALS],
    distances: [u32; DISTANCES],
    bits: Bits,
}

impl Block {
    pub(super) fn new() -> Self {
        Self {
            tokens: Vec::with_capacity(FULL + FULL / 4),
            literals: [0; LITERALS],
            distances: [0; DISTANCES],
            bits: Bits::default(),
        }
    }

    #[inline]
    pub(super) fn push_literal(&mut self, byte: u8) {
        self.literals[usize::from(byte)] += 1;
        self.tokens.push(u32::from(byte));
    }

    /// A match of any length from 3 on.
    #[inline]
    pub(super) fn push_match(&mut self, mut length: usize, distance: usize) {
        let less_one = distance - 1;
        let symbol = symbol_of_distance(less_one);
        loop {
            // No rest may be shorter than a match.
            let part = if length <= LONGEST { length } else { LONGEST.min(length - 3) };
            self.literals[257 + usize::from(LENGTH_OF[part - 3])] += 1;
            self.distances[symbol] += 1;
            self.tokens.push(MATCH | ((part - 3) as u32) << 16 | less_one as u32);
            length -= part;
            if length == 0 {
                break;
            }
        }
    }

    #[inline]
    pub(super) fn is_full(&self) -> bool {
        self.tokens.len() >= FULL
    }

    /// Whole bytes written so far; the caller takes them away.
    pub(super) fn output(&mut self) -> &mut Vec<u8> {
        &mut self.bits.out
    }

    /// Writes the tokens as a block. After the last block the stream ends on a whole byte.
    pub(super) fn write(&mut self, last: bool) {
        self.literals[END] = 1;
        let mut lengths = [0u8; LITERALS + DISTANCES];
        let (literals, distances) = lengths.split_at_mut(LITERALS);
        huffman::lengths(&self.literals, 15, literals);
        huffman::lengths(&self.distances, 15, distances);
        let literal_count = count(literals, 257);
        let distance_count = count(distances, 1);
        let mut literal_codes = [0; LITERALS];
        let mut distance_codes = [0; DISTANCES];
        huffman::codes(literals, &mut literal_codes);
        huffman::codes(distances, &mut distance_codes);
        self.bits.push(u64::from(last), 1);
        self.bits.push(2, 2);
        let described = [&literals[..literal_count], &distances[..distance_count]].concat();
        self.write_lengths(&described, literal_count, distance_count);

        let length_codes = length_codes(literals, &literal_codes);
        let distance_codes: [Code; 32] = std::array::from_fn(|symbol| {
            if symbol >= DISTANCES {
                return Code::default();
            }
            let (extra, first) = distance_symbol(symbol);
            let bits = u64::from(distances[symbol]);
            Code { code: u64::from(distance_codes[symbol]), bits: bits as u8, extra, first: u32::from(first) - 1 }
        });
        let literal_codes: [(u16, u8); 256] = std::array::from_fn(|byte| (literal_codes[byte], literals[byte]));
        self.bits.out.reserve(self.tokens.len() * 4);
        for &token in &self.tokens {
            if token & MATCH == 0 {
                let (code, bits) = literal_codes[(token & 0xff) as usize];
                self.bits.push(u64::from(code), u32::from(bits));
                continue;
            }
            let (code, bits) = length_codes[(token >> 16 & 0xff) as usize];
            let less_one = token & 0x7fff;
            let distance = distance_codes[symbol_of_distance(less_one as usize) & 31];
            let rest = u64::from(less_one - distance.first);
            // At most 20 bits of length and 28 of distance.
            let whole = u64::from(code) | (distance.code | rest << distance.bits) << bits;
            self.bits.push(whole, u32::from(bits) + u32::from(distance.bits) + u32::from(distance.extra));
        }
        let (code, bits) = (end_code(literals), literals[END]);
        self.bits.push(u64::from(code), u32::from(bits));
        if last {
            self.bits.align();
        }
        self.tokens.clear();
        self.literals.fill(0);
        self.distances.fill(0);
    }

    /// The code lengths, themselves run-length and Huffman coded.
    fn write_lengths(&mut self, described: &[u8], literal_count: usize, distance_count: usize) {
        let runs = runs(described);
        let mut frequencies = [0u32; 19];
        runs.iter().for_each(|(symbol, ..)| frequencies[usize::from(*symbol)] += 1);
        let mut lengths = [0u8; 19];
        huffman::lengths(&frequencies, 7, &mut lengths);
        let mut codes = [0; 19];
        huffman::codes(&lengths, &mut codes);
        let written = ORDER.iter().rposition(|symbol| lengths[*symbol] > 0).map_or(4, |last| (last + 1).max(4));
        self.bits.push(literal_count as u64 - 257, 5);
        self.bits.push(distance_count as u64 - 1, 5);
        self.bits.push(written as u64 - 4, 4);
        for symbol in &ORDER[..written] {
            self.bits.push(u64::from(lengths[*symbol]), 3);
        }
        for (symbol, extra, bits) in runs {
            let symbol = usize::from(symbol);
            self.bits.push(u64::from(codes[symbol]), u32::from(lengths[symbol]));
            self.bits.push(u64::from(extra), u32::from(bits));
        }
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Code {
    code: u64,
    bits: u8,
    extra: u8,
    /// First distance, less 1.
    first: u32,
}

/// Code and extra bits of each length, less 3, in one.
fn length_codes(lengths: &[u8], codes: &[u16]) -> [(u32, u8); 256] {
    std::array::from_fn(|index| {
        let symbol = usize::from(LENGTH_OF[index]);
        let (extra, first) = LENGTH_SYMBOLS[symbol];
        let bits = lengths[257 + symbol];
        let rest = index as u32 + 3 - u32::from(first);
        (u32::from(codes[257 + symbol]) | rest << bits, bits + extra)
    })
}

fn end_code(lengths: &[u8]) -> u16 {
    let mut codes = [0; LITERALS];
    huffman::codes(lengths, &mut codes);
    codes[END]
}

fn count(lengths: &[u8], least: usize) -> usize {
    lengths.iter().rposition(|length| *length > 0).map_or(least, |last| (last + 1).max(least))
}

/// Symbol, extra value and its bits: 16 repeats the length before, 17 and 18 repeat zero.
fn runs(lengths: &[u8]) -> Vec<(u8, u8, u8)> {
    let mut out = Vec::with_capacity(lengths.len());
    for run in lengths.chunk_by(|a, b| a == b) {
        let (length, mut left) = (run[0], run.len());
        if length > 0 {
            out.push((length, 0, 0));
            left -= 1;
        }
        while left > 0 {
            let (symbol, least, most, bits) = match (length, left) {
                (_, ..3) => (length, 1, 1, 0),
                (0, 11..) => (18, 11, 138, 7),
                (0, _) => (17, 3, 10, 3),
                (_, _) => (16, 3, 6, 2),
            };
            let taken = left.min(most);
            out.push((symbol, (taken - least) as u8, bits));
            left -= taken;
        }
    }
    out
}

/// Bits into bytes, lowest first.
#[derive(Debug, Default)]
struct Bits {
    out: Vec<u8>,
    waiting: u64,
    count: u32,
}

impl Bits {
    /// At most 48 bits, which beside 15 waiting ones fit into the 64.
    #[inline]
    fn push(&mut self, value: u64, bits: u32) {
        self.waiting |= value << self.count;
        self.count += bits;
        if self.count >= 16 {
            let whole = self.count / 8;
            let end = self.out.len() + whole as usize;
            self.out.extend_from_slice(&self.waiting.to_le_bytes());
            self.out.truncate(end);
            self.waiting >>= whole * 8;
            self.count -= whole * 8;
        }
    }

    fn align(&mut self) {
        let whole = self.count.div_ceil(8) as usize;
        self.out.extend_from_slice(&self.waiting.to_le_bytes()[..whole]);
        self.waiting = 0;
        self.count = 0;
    }
}
