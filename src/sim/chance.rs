//! What looks like chance and is the same from the same seed.

use fastrand::Rng;

/// Sources of chance, far apart, so that what a client does never changes what happens to anybody else.
pub(super) const ARRIVALS: u64 = 1 << 40;
pub(super) const GAPS: u64 = 2 << 40;
pub(super) const PARTS: u64 = 3 << 40;
pub(super) const BOOKINGS: u64 = 4 << 40;
pub(super) const CUES: u64 = 5 << 40;
pub(super) const FAULTS: u64 = 6 << 40;
pub(super) const REISSUES: u64 = 7 << 40;

/// Two well-mixed numbers from two (the finaliser of `SplitMix64`): orders of one world are independent of
/// each other.
pub(super) fn mix(seed: u64, salt: u64) -> u64 {
    let mut x = seed ^ salt.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(0x2545_f491_4f6c_dd1d);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// One of them.
pub(super) fn pick<'a, T>(rng: &mut Rng, from: &'a [T]) -> &'a T {
    &from[rng.usize(..from.len())]
}

/// `n` characters `A` to `Z` and `0` to `9`.
pub(super) fn letters(mut value: u64, n: usize) -> String {
    const ALPHABET: &[u8; 36] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    let mut text = String::with_capacity(n);
    for _ in 0..n {
        text.push(char::from(ALPHABET[usize::try_from(value % 36).unwrap_or(0)]));
        value /= 36;
    }
    text
}

/// A made-up session identifier, always the same from the same chance.
pub(super) fn session(seed: u64) -> String {
    let (a, b) = (mix(seed, 0x5e55), mix(seed, 0x1015));
    uuid::Builder::from_random_bytes((u128::from(a) << 64 | u128::from(b)).to_be_bytes())
        .into_uuid()
        .to_string()
}
