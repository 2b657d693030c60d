//! The clock seam: what time it is, and how long something took.

use std::{sync::LazyLock, time::Duration};

use jiff::Timestamp;

use crate::domain::moment::Boot;

/// Tells the time. Real in the program, virtual in simulated desk days.
pub trait Clock: Send + Sync + 'static {
    /// Now, by the wall clock, in UTC. It may step; nothing but what people read is reckoned by it.
    fn now(&self) -> Timestamp;

    /// Time since some fixed moment before the program began. It never steps, and it goes on while the machine sleeps.
    fn uptime(&self) -> Duration;

    /// The boot that `uptime` is reckoned from.
    fn boot(&self) -> Boot;
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

    fn boot(&self) -> Boot {
        static BOOT: LazyLock<Boot> = LazyLock::new(this_boot);
        *BOOT
    }
}

/// Names the running boot. Where the system does not, each program is one of its own: what outlives it is then
/// reckoned by the vendor's clock, as after a restart of the machine.
fn this_boot() -> Boot {
    let told = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    let digits: String = told.chars().filter(char::is_ascii_hexdigit).take(16).collect();
    Boot(u64::from_str_radix(&digits, 16).unwrap_or_else(|_| fastrand::u64(1..)))
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

    fn boot(&self) -> Boot {
        Boot(1)
    }
}
