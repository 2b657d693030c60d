//! The clock seam: what time it is, and waiting.

use jiff::Timestamp;

/// Tells the time. Real in the program, set by hand in tests.
pub trait Clock: Send + Sync + 'static {
    /// Now, by the wall clock, in UTC.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that moves with tokio's (pausable) time, for simulated desk days: it starts at a given moment.
#[derive(Clone, Copy, Debug)]
pub struct TokioClock {
    start: Timestamp,
    at: tokio::time::Instant,
}

impl TokioClock {
    /// A clock that reads `start` now. Needs a running tokio runtime.
    pub fn starting_at(start: Timestamp) -> Self {
        Self { start, at: tokio::time::Instant::now() }
    }
}

impl Clock for TokioClock {
    fn now(&self) -> Timestamp {
        self.start + self.at.elapsed()
    }
}
