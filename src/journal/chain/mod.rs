//! The chain of hashes over the entries.

pub(super) mod entries;
pub(super) mod replay;

use sha2::{Digest, Sha256};

/// SHA-256 of an entry and of all before it.
pub(super) type Link = [u8; 32];

/// What the first entry follows.
pub(super) const START: Link = [0; 32];

/// A hash as it is written.
pub(super) fn hex(link: &Link) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let digits = link.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| DIGITS.get(usize::from(digit))).collect()
}

/// A hash as it was written.
pub(super) fn link(text: &str) -> Option<Link> {
    let mut link = Link::default();
    for (at, byte) in link.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(at * 2..at * 2 + 2)?, 16).ok()?;
    }
    (text.len() == 64).then_some(link)
}

/// An entry's columns, as they are hashed.
pub(super) struct Row<'a> {
    pub(super) seq: i64,
    pub(super) at: &'a str,
    pub(super) program: &'a str,
    pub(super) operator: &'a str,
    pub(super) order_no: Option<&'a str>,
    pub(super) kind: &'a str,
    pub(super) body: &'a str,
}

impl Row<'_> {
    /// The hash of this row after `before`. Every column is preceded by its length, so that none can flow into the
    /// next; an order number that is not there differs from an empty one.
    pub(super) fn after(&self, before: &Link) -> Link {
        let mut hash = Sha256::new();
        hash.update(before);
        hash.update(self.seq.to_be_bytes());
        hash.update([u8::from(self.order_no.is_some())]);
        let columns =
            [self.at, self.program, self.operator, self.order_no.unwrap_or_default(), self.kind, self.body];
        for column in columns {
            hash.update((column.len() as u64).to_be_bytes());
            hash.update(column.as_bytes());
        }
        hash.finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_and_the_past_count() {
        let row = || Row {
            seq: 2,
            at: "a",
            program: "b",
            operator: "c",
            order_no: Some("d"),
            kind: "e",
            body: "f",
        };
        let hash = row().after(&START);
        let others = [
            Row { seq: 3, ..row() },
            Row { at: "x", ..row() },
            Row { program: "x", ..row() },
            Row { operator: "x", ..row() },
            Row { order_no: None, ..row() },
            Row { kind: "x", ..row() },
            Row { body: "x", ..row() },
            Row { at: "ab", program: "", ..row() },
        ];
        for other in others {
            assert_ne!(other.after(&START), hash);
        }
        assert_ne!(row().after(&[1; 32]), hash);
        assert_eq!(row().after(&START), hash);
    }
}
