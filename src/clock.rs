//! The clock seam: what time it is, and how long something took.

use std::{sync::LazyLock, time::Duration};

use jiff::Timestamp;

use crate::domain::moment::Boot;

/// What time it is. Real in the program, virtual in simulated desk days.
pub trait Clock: Send + Sync + 'static {
    /// Now, by the wall clock, in UTC. It may step; nothing but what people read is reckoned by it.
    fn now(&self) -> Timestamp;

    /// Time since some fixed moment before the program began. It never steps, and it goes on while the machine sleeps.
    fn uptime(&self) -> Duration;

    /// The boot that `uptime` is reckoned from.
    fn boot(&self) -> Boot;

    /// Waits until `uptime` has grown by `pause`. A machine that slept meanwhile wakes it at once when that is over.
    fn sleep(&self, pause: Duration) -> impl Future<Output = ()> + Send;
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

    async fn sleep(&self, pause: Duration) {
        #[cfg(target_os = "linux")]
        if let Ok(alarm) = boot_alarm(pause) {
            let _rung = alarm.readable().await;
            return;
        }
        tokio::time::sleep(pause).await;
    }
}

/// A timer of the boot clock; the runtime's own stand still while the machine sleeps.
#[cfg(target_os = "linux")]
#[expect(
    deprecated,
    reason = "its successor is unsafe; what that asks for, an owned descriptor cannot fail to give"
)]
fn boot_alarm(pause: Duration) -> std::io::Result<tokio::io::unix::AsyncFd<std::os::fd::OwnedFd>> {
    use rustix::time::{
        Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create,
        timerfd_settime,
    };
    let alarm = timerfd_create(TimerfdClockId::Boottime, TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC)?;
    // Nothing at all would mean never.
    let it_value = Timespec::try_from(pause.max(Duration::from_nanos(1))).map_err(std::io::Error::other)?;
    let once = Itimerspec { it_interval: Timespec::default(), it_value };
    timerfd_settime(&alarm, TimerfdTimerFlags::empty(), &once)?;
    tokio::io::unix::AsyncFd::with_interest(alarm, tokio::io::Interest::READABLE)
}

/// Names the running boot. Where the system does not, each program is one of its own: what outlives it is then
/// reckoned by the vendor's clock, as after a restart of the machine.
fn this_boot() -> Boot {
    let text = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    let digits: String = text.chars().filter(char::is_ascii_hexdigit).take(16).collect();
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

    async fn sleep(&self, pause: Duration) {
        tokio::time::sleep(pause).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_machines_clock_sleeps_as_long_as_it_says() {
        for pause in [Duration::ZERO, Duration::from_millis(20)] {
            let begun = SystemClock.uptime();
            SystemClock.sleep(pause).await;
            assert!(SystemClock.uptime() >= begun + pause);
        }
    }
}
