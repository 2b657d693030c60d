//! Gaps between queries: they grow, and are spread a little so that many orders are not asked for at one moment.

use std::time::Duration;

/// The gap after `times` queries, in seconds; the last one repeats.
pub(super) fn nth(gaps: &[u64], times: usize) -> u64 {
    gaps.get(times).or(gaps.last()).copied().unwrap_or_default()
}

/// So many seconds, 20 % more or less; what is urgent (two seconds and less) is not spread.
pub(super) fn spread(seconds: u64, random: &mut fastrand::Rng) -> Duration {
    let share = if seconds > 2 { 0.8 + 0.4 * random.f64() } else { 1.0 };
    Duration::from_secs(seconds).mul_f64(share)
}
