//! That the text of an entry was taken out, as a later entry says it.

use crate::journal::chain::Link;

/// What an entry says of one whose text was taken out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redaction {
    /// The entry.
    pub entry: u64,
    /// Its hash, which the next entry follows.
    pub(in crate::journal) old_hash: Link,
    /// What its hash would be as it stands now.
    pub(in crate::journal) new_hash: Link,
}
