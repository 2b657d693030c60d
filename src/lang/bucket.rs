//! Where the text of a key lies. The build asks it (`build.rs`), and so does the program.

/// There are about as many texts.
pub(crate) const BUCKETS: usize = 2_048;

/// The bucket of `key` (FNV-1a: keys are short).
pub(crate) fn bucket_of(key: &str) -> usize {
    let hash =
        key.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    hash as usize % BUCKETS
}
