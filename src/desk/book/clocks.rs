//! The clocks of a desk: the machine's own, and the vendor's as its answers tell it.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::{
    clock::Clock,
    domain::{
        moment::Moment,
        vendor_clock::{Trust, VendorClock},
    },
};

/// All clocks at hand.
pub(in crate::desk) struct Clocks<C> {
    clock: C,
    vendor: VendorClock,
    /// The offset that held before the present one, and since when that holds (uptime).
    before: (SignedDuration, Duration),
}

impl<C: Clock> Clocks<C> {
    pub(in crate::desk) fn new(clock: C) -> Self {
        Self { clock, vendor: VendorClock::default(), before: (SignedDuration::ZERO, Duration::ZERO) }
    }

    /// This machine's wall clock, in UTC.
    pub(in crate::desk) fn wall(&self) -> Timestamp {
        self.clock.now()
    }

    /// How long the machine has been up, sleep included.
    pub(in crate::desk) fn uptime(&self) -> Duration {
        self.clock.uptime()
    }

    /// Now, on all clocks.
    pub(in crate::desk) fn moment(&self) -> Moment {
        let up = self.clock.uptime();
        Moment { now: self.vendor.now(up, self.clock.now()), boot: self.clock.boot(), up }
    }

    /// When a query was sent, by what the clocks are known to be now that it is answered: our idea of them may have
    /// been wrong when it left, and a deadline is judged by it.
    pub(in crate::desk) fn dated(&self, asked: Moment) -> Moment {
        let took = SignedDuration::try_from(self.clock.uptime().saturating_sub(asked.up)).unwrap_or_default();
        Moment { now: self.vendor.now(asked.up, self.clock.now() - took), ..asked }
    }

    /// When a query was sent, by the vendor's clock as screens reckoned it at that moment: they know this machine's clock
    /// and how far the vendor's is ahead, and hold this against what they did and when.
    pub(in crate::desk) fn shown(&self, asked: Moment) -> Timestamp {
        let (offset, until) = self.before;
        asked.now.wall + if asked.up < until { offset } else { self.vendor.offset() }
    }

    /// How well the vendor's clock is known, and how far it is ahead of ours.
    pub(in crate::desk) fn vendor(&self) -> (Trust, SignedDuration) {
        (self.vendor.trust(), self.vendor.offset())
    }

    /// An answer to what was asked at `asked` was dated so by the vendor.
    pub(in crate::desk) fn on_date(&mut self, asked: Moment, dated: Timestamp) {
        let (up, wall) = (self.clock.uptime(), self.clock.now());
        let (before, offset) = self.vendor();
        self.vendor.on_answer(dated, asked.up, up, wall);
        if offset != self.vendor.offset() {
            self.before = (offset, up);
        }
        let trust = self.vendor.trust();
        if trust != before {
            tracing::warn!(?trust, %dated, %wall, "the vendor's clock");
        }
    }

    /// Waits so long; for ever, without a time.
    pub(in crate::desk) async fn sleep(&self, pause: Option<Duration>) {
        match pause {
            Some(pause) => self.clock.sleep(pause).await,
            None => std::future::pending().await,
        }
    }
}
