//! From the bytes of a call to a text, as far as that can be: senders compress, mark their encoding, or name a wrong type.
//! Nothing in a notice is believed, so whatever can be read is read.

use std::io::Read;

use bytes::Bytes;
use flate2::read::{DeflateDecoder, GzDecoder, ZlibDecoder};

/// Why a body is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unread {
    /// It is compressed in a way that is not known here, or damaged.
    Encoding,
    /// It grows beyond the limit when it is unpacked.
    TooLarge,
}

/// The text of a body, at most `largest` bytes of it; `encoding` is the header's word for how it was packed.
pub(super) fn text(body: Bytes, encoding: Option<&str>, largest: usize) -> Result<String, Unread> {
    let plain = match encoding.map(|word| word.trim().to_ascii_lowercase()).as_deref() {
        // Some proxies pack without saying so, or unpack and leave the header.
        Some("gzip" | "x-gzip" | "identity" | "") | None => {
            if body.starts_with(&[0x1f, 0x8b]) {
                unpacked(GzDecoder::new(&*body), largest)?
            } else {
                body
            }
        }
        // With its envelope, as the standard has it, or without, as many have it.
        Some("deflate") => match unpacked(ZlibDecoder::new(&*body), largest) {
            Err(Unread::Encoding) => unpacked(DeflateDecoder::new(&*body), largest)?,
            plain => plain?,
        },
        Some(_) => return Err(Unread::Encoding),
    };
    Ok(decoded(&plain))
}

fn unpacked(packed: impl Read, largest: usize) -> Result<Bytes, Unread> {
    let mut plain = Vec::new();
    packed.take(largest as u64 + 1).read_to_end(&mut plain).map_err(|_| Unread::Encoding)?;
    if plain.len() > largest { Err(Unread::TooLarge) } else { Ok(plain.into()) }
}

/// UTF-8 with or without a mark, or UTF-16, which its mark or its first character tells: JSON begins with an ASCII one.
/// Other bytes become replacement characters; the words that count are ASCII in all of them.
fn decoded(bytes: &[u8]) -> String {
    let wide = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> =
            bytes.chunks_exact(2).filter_map(|pair| pair.try_into().ok().map(unit)).collect();
        String::from_utf16_lossy(&units)
    };
    match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0, b'{', ..] => wide(bytes, u16::from_be_bytes),
        [b'{', 0, ..] => wide(bytes, u16::from_le_bytes),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf_16_is_told_by_its_mark_or_its_first_character() {
        let wide = |mark: bool, unit: fn(u16) -> [u8; 2]| -> Bytes {
            let mark = mark.then_some(0xfeff);
            mark.into_iter().chain("{\"type\":\"王\"}".encode_utf16()).flat_map(unit).collect()
        };
        for mark in [true, false] {
            for unit in [u16::to_be_bytes as fn(u16) -> [u8; 2], u16::to_le_bytes] {
                assert_eq!(text(wide(mark, unit), None, 1_000).unwrap(), "{\"type\":\"王\"}");
            }
        }
    }
}
