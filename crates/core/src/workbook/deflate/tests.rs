use super::*;
use proptest::prelude::*;
use std::io::Read;

fn inflate(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    flate2::read::DeflateDecoder::new(data).read_to_end(&mut out).unwrap();
    out
}

/// Deflates pieces, the hints of each given relative to nothing.
fn deflate(pieces: &[(Vec<u8>, Vec<Hint>)]) -> Vec<u8> {
    let (mut deflate, mut out) = (Deflate::new(), Vec::new());
    for (piece, hints) in pieces {
        deflate.text().extend_from_slice(piece);
        deflate.encode(hints, &mut out).unwrap();
    }
    let sizes = deflate.finish(&mut out).unwrap();
    let whole: Vec<u8> = pieces.iter().flat_map(|(p, _)| p.clone()).collect();
    let mut crc = flate2::Crc::new();
    crc.update(&whole);
    let stream_crc = crc32fast::hash(&out);
    let (compressed, uncompressed) = (out.len() as u64, whole.len() as u64);
    assert_eq!(sizes, Sizes { crc: crc.sum(), stream_crc, compressed, uncompressed });
    out
}

#[test]
fn nothing_at_all_is_a_valid_stream() {
    assert_eq!(inflate(&deflate(&[])), b"");
}

#[test]
fn one_byte_and_one_long_run_come_back() {
    for data in [vec![7], vec![b'a'; 1_000_000]] {
        let out = deflate(&[(data.clone(), vec![])]);
        assert_eq!(inflate(&out), data);
        assert!(out.len() < 5_000);
    }
}

#[test]
fn parts_do_not_see_each_other() {
    let (mut deflate, mut first, mut second) = (Deflate::new(), Vec::new(), Vec::new());
    deflate.write(&b"some text to be found again".repeat(10), &mut first).unwrap();
    deflate.finish(&mut first).unwrap();
    deflate.write(b"some text to be found again", &mut second).unwrap();
    deflate.finish(&mut second).unwrap();
    assert_eq!(inflate(&second), b"some text to be found again");
}

#[test]
fn rows_with_hints_come_back_and_are_small() {
    let mut pieces = Vec::new();
    let (mut start, mut last) = (0u64, 0u64);
    let mut whole = 0;
    for row in 0..50_000u64 {
        let text = format!("<row r=\"{row}\"><c r=\"A{row}\"><v>{}</v></c></row>", row.wrapping_mul(2_654_435_761));
        let end = start + text.len() as u64;
        let hints = if row > 0 { vec![Hint { at: end - 13, like: last - 13, text: 0 }] } else { vec![] };
        whole += text.len();
        pieces.push((text.into_bytes(), hints));
        (start, last) = (end, end);
    }
    let out = deflate(&pieces);
    assert_eq!(inflate(&out), pieces.iter().flat_map(|(p, _)| p.clone()).collect::<Vec<u8>>());
    assert!(out.len() < whole / 3, "{} of {whole}", out.len());
}

proptest! {
    #[test]
    fn any_text_with_any_hints_comes_back(
        pieces in prop::collection::vec(
            (prop::collection::vec(prop_oneof![Just(b'a'), Just(b'b'), any::<u8>()], 0..300), prop::collection::vec((0..300u64, 1..40_000u64), 0..6), 1..200usize),
            0..12,
        ),
    ) {
        let mut start = 0u64;
        let pieces: Vec<_> = pieces.into_iter().map(|(text, hints, times)| {
            let text = text.repeat(times);
            let end = start + text.len() as u64;
            let mut hints: Vec<Hint> = hints
                .into_iter()
                .map(|(at, back)| Hint { at: (start + at * times as u64).min(end), like: 0, text: back })
                .map(|h| Hint { like: h.at.saturating_sub(h.text), text: if h.text % 3 == 0 { h.at } else { 0 }, ..h })
                .filter(|h| h.like < h.at)
                .collect();
            hints.sort_by_key(|h| h.at);
            start = end;
            (text, hints)
        }).collect();
        let out = deflate(&pieces);
        prop_assert_eq!(inflate(&out), pieces.iter().flat_map(|(p, _)| p.clone()).collect::<Vec<u8>>());
    }
}
