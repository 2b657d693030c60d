//! That the beginning of the journal was moved to files, as a later entry says it.

use crate::journal::chain::Link;

/// What an entry says of all that lies before it in archives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Archived {
    /// The last entry that was moved.
    pub last: u64,
    /// The files that were written, oldest first.
    pub files: Vec<String>,
    /// Its hash, which the first entry that was left follows.
    pub(in crate::journal) last_hash: Link,
    /// What the entries come to that were moved, and are kept in the journal as well: see [`super::tables::Kept`].
    pub(in crate::journal) kept_hash: Link,
}
