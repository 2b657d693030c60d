//! How well the desk sees: what came last, what failed since, and whether the vendor asked for silence. Pure; the time is
//! an argument.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::{
    atlas::{LONGEST_PAUSE, ReadError},
    domain::moment::Moment,
};

/// A silence that ends within this time is waited out; of a longer one, whoever waits gets a notice.
const WORTH_WAITING: SignedDuration = SignedDuration::from_secs(5);

/// How well the desk sees. Times are those of this machine's clock.
#[derive(Debug, Default)]
pub(in crate::desk) struct Sight {
    /// When an answer came last that could be read.
    pub(in crate::desk) last_success: Option<Timestamp>,
    /// When a sweep of the list ended last.
    pub(in crate::desk) last_sweep: Option<Timestamp>,
    /// Failed requests since then.
    pub(in crate::desk) failures: u32,
    /// What went wrong last, until something succeeds.
    pub(in crate::desk) error: Option<ReadError>,
    /// The vendor's limiter asked for silence until then.
    pub(in crate::desk) silent_until: Option<Timestamp>,
}

impl Sight {
    /// An answer came.
    pub(super) fn on_success(&mut self, now: Moment) {
        self.last_success = Some(now.now.wall);
        self.failures = 0;
        self.error = None;
        // Others were on their way when it was asked for.
        self.silent_until = self.silent_until.filter(|until| *until > now.now.wall);
    }

    /// None came.
    pub(super) fn on_failure(&mut self, error: ReadError) {
        self.failures = self.failures.saturating_add(1);
        self.error = Some(error);
    }

    /// The vendor asks for silence. True if it is longer than what was known.
    pub(super) fn on_pause(&mut self, pause: Duration, now: Moment) -> bool {
        let until = now.now.wall + pause;
        let is_news = self.silent_until.is_none_or(|known| known < until);
        if is_news {
            self.silent_until = Some(until);
        }
        is_news
    }

    /// The vendor asked at `asked` for a pause, before this program was started or from another one. What is left of it,
    /// if it is longer than what was known.
    pub(super) fn on_recorded_pause(
        &mut self,
        asked: Moment,
        pause: Duration,
        now: Moment,
    ) -> Option<Duration> {
        // Only the wall clock outlives a boot. One that was set since must not make it longer than it was.
        let is_same_boot = now.boot == asked.boot;
        let passed =
            if is_same_boot { now.since(asked) } else { now.now.wall.duration_since(asked.now.wall) };
        let passed = Duration::try_from(passed).unwrap_or_default();
        let left = pause.min(LONGEST_PAUSE).saturating_sub(passed);
        if left.is_zero() || !self.on_pause(left, now) {
            return None;
        }
        self.error.get_or_insert(limited(left));
        Some(left)
    }

    /// What whoever waits gets to know of a silence that still lasts for long.
    pub(super) fn silence(&self, now: Moment) -> Option<ReadError> {
        let left = self.silent_until?.duration_since(now.now.wall);
        (left > WORTH_WAITING).then(|| limited(left.unsigned_abs()))
    }
}

/// What is said of a silence that lasts so much longer, in whole seconds that are not too few.
fn limited(left: Duration) -> ReadError {
    ReadError::Limited { retry_after_s: u32::try_from(left.as_secs() + 1).unwrap_or(u32::MAX) }
}
