//! The clock seam: what time it is, and how long something took.

use std::time::Duration;

use jiff::Timestamp;

/// Tells the time. Real in the program, virtual in simulated desk days.
pub trait Clock: Send + Sync + 'static {
    /// Now, by the wall clock, in UTC. It may step; nothing but what people read is reckoned by it.
    fn now(&self) -> Timestamp;

    /// Time since some fixed moment before the program began. It never steps, and it goes on while the machine sleeps.
    fn uptime(&self) -> Duration;
}

/// The machine's clocks.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn uptime(&self) -> Duration {
        // Only the boot clock counts the time that a laptop was suspended.
        #[cfg(target_os = "linux")]
        let id = rustix::time::ClockId::Boottime;
        #[cfg(not(target_os = "linux"))]
        let id = rustix::time::ClockId::Monotonic;
        rustix::time::clock_gettime(id).try_into().unwrap_or_default()
    }
}

/// A clock that moves with tokio's (pausable) time and starts at a given moment.
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

    fn uptime(&self) -> Duration {
        self.at.elapsed()
    }
}
