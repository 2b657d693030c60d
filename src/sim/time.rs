//! Story time, and how it maps to the time on the wall.
//!
//! Everything that happens in the simulator is decided in story time, so that the same seed plays the same
//! story whatever the speed, the date or the pauses. Clients live by the wall clock: what they are told is
//! translated on its way out, and history stays where it was when the speed changes.

use std::{
    fmt,
    ops::{Add, Sub},
};

use jiff::{SignedDuration, Timestamp};

use super::error::SimError;

/// A moment of the story, in milliseconds since its start. What was before the start is negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment(i64);

impl Moment {
    /// The start of the story.
    pub(super) const START: Self = Self(0);
    /// Never.
    pub(super) const NEVER: Self = Self(i64::MAX);

    /// So long after the start.
    #[cfg(test)]
    pub(super) fn after(since_start: SignedDuration) -> Self {
        Self::START + since_start
    }

    /// How far it is from `earlier`.
    pub(super) fn since(self, earlier: Self) -> SignedDuration {
        SignedDuration::from_millis(self.0.saturating_sub(earlier.0))
    }

    fn millis(duration: SignedDuration) -> i64 {
        i64::try_from(duration.as_millis()).unwrap_or(if duration.is_negative() {
            i64::MIN
        } else {
            i64::MAX
        })
    }
}

impl Add<SignedDuration> for Moment {
    type Output = Self;

    fn add(self, duration: SignedDuration) -> Self {
        Self(self.0.saturating_add(Self::millis(duration)))
    }
}

impl Sub<SignedDuration> for Moment {
    type Output = Self;

    fn sub(self, duration: SignedDuration) -> Self {
        Self(self.0.saturating_sub(Self::millis(duration)))
    }
}

impl fmt::Display for Moment {
    /// `hh:mm:ss.mmm` since the start.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let ms = self.0.unsigned_abs();
        let (hours, minutes, seconds) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1_000 % 60);
        f.pad(&format!("{sign}{hours:02}:{minutes:02}:{seconds:02}.{:03}", ms % 1_000))
    }
}

/// How many seconds of the story go by in one second on the wall: 0.1 to 1000.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Speed(f64);

impl Speed {
    pub(super) fn new(factor: f64) -> Result<Self, SimError> {
        if (0.1..=1_000.0).contains(&factor) { Ok(Self(factor)) } else { Err(SimError::Speed(factor)) }
    }

    pub(super) fn factor(self) -> f64 {
        self.0
    }
}

/// A stretch of the map: from `wall` on the story goes on from `story` at `rate`; 0 while it is paused.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Stretch {
    wall: Timestamp,
    story: Moment,
    rate: f64,
}

/// The map between the two times. It knows no real clock: the time on the wall is handed to it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Clock {
    start: Timestamp,
    now: Timestamp,
    speed: Speed,
    /// Oldest first; never empty.
    stretches: Vec<Stretch>,
}

impl Clock {
    /// The story starts at `start`.
    pub(super) fn new(start: Timestamp, speed: Speed) -> Self {
        let start = to_millisecond(start);
        let first = Stretch { wall: start, story: Moment::START, rate: speed.0 };
        Self { start, now: start, speed, stretches: vec![first] }
    }

    /// The wall has come to `now`. A wall clock that is set back stands still instead.
    pub(super) fn set(&mut self, now: Timestamp) {
        self.now = self.now.max(to_millisecond(now));
    }

    /// Where the story is.
    pub(super) fn story(&self) -> Moment {
        let last = self.last();
        last.story + scale(self.now.duration_since(last.wall), last.rate, f64::floor)
    }

    /// When that was on the wall, or will be if nothing changes; for a paused story, if it went on now.
    /// History before the start went by at the pace of the wall.
    pub(super) fn wall(&self, moment: Moment) -> Timestamp {
        if moment <= Moment::START {
            return later(self.start, moment.since(Moment::START));
        }
        let after = self.stretches.partition_point(|stretch| stretch.story < moment);
        let next = self.stretches.get(after);
        if let Some(turn) = next.filter(|turn| turn.story == moment) {
            return turn.wall;
        }
        let stretch = self.stretches[after.saturating_sub(1)];
        let gone = moment.since(stretch.story);
        let at = if stretch.rate > 0.0 {
            later(stretch.wall, scale(gone, stretch.rate.recip(), f64::ceil))
        } else {
            later(self.now, scale(gone, self.speed.0.recip(), f64::ceil))
        };
        next.map_or(at, |next| at.min(next.wall))
    }

    /// The time on the wall, as it was handed in last.
    pub(super) fn now(&self) -> Timestamp {
        self.now
    }

    pub(super) fn speed(&self) -> Speed {
        self.speed
    }

    pub(super) fn is_paused(&self) -> bool {
        self.last().rate == 0.0
    }

    /// Stops the story. Clients and their clocks go on.
    pub(super) fn pause(&mut self) {
        self.turn(self.story(), 0.0);
    }

    pub(super) fn resume(&mut self) {
        self.turn(self.story(), self.speed.0);
    }

    /// Goes on at another speed; a paused story stays paused.
    pub(super) fn set_speed(&mut self, speed: Speed) {
        self.speed = speed;
        if !self.is_paused() {
            self.turn(self.story(), speed.0);
        }
    }

    /// Skips to a later moment.
    pub(super) fn skip_to(&mut self, moment: Moment) {
        if moment > self.story() {
            self.turn(moment, self.last().rate);
        }
    }

    fn turn(&mut self, story: Moment, rate: f64) {
        self.stretches.push(Stretch { wall: self.now, story, rate });
    }

    fn last(&self) -> Stretch {
        let nothing = Stretch { wall: self.start, story: Moment::START, rate: 0.0 };
        self.stretches.last().copied().unwrap_or(nothing)
    }
}

/// The wire counts milliseconds in order numbers, and so does the simulator.
fn to_millisecond(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}

fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    let end = if by.is_negative() { Timestamp::MIN } else { Timestamp::MAX };
    at.checked_add(by).unwrap_or(end)
}

/// To the millisecond: down for the story and up for the wall, so that the story has come to a moment exactly
/// when the wall has come to its time. What floating point adds or takes away is no millisecond.
fn scale(duration: SignedDuration, factor: f64, round: fn(f64) -> f64) -> SignedDuration {
    const NOISE: f64 = 1e-4;
    let exact = duration.as_millis_f64() * factor;
    let nearest = exact.round();
    let milliseconds = if (exact - nearest).abs() < NOISE { nearest } else { round(exact) };
    SignedDuration::try_from_secs_f64(milliseconds / 1e3).unwrap_or(SignedDuration::MAX)
}

/// A number of seconds, for tables of durations.
pub(super) const fn secs(seconds: i64) -> SignedDuration {
    SignedDuration::from_secs(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn start() -> Timestamp {
        "2026-11-03T06:00:00.250Z".parse().unwrap()
    }

    fn at(seconds: i64) -> Moment {
        Moment::after(secs(seconds))
    }

    fn clock(speed: f64) -> Clock {
        Clock::new(start(), Speed::new(speed).unwrap())
    }

    #[test]
    fn a_fast_story_has_a_slow_past() {
        let mut clock = clock(50.0);
        clock.set(start() + secs(2));
        assert_eq!(clock.story(), at(100));
        assert_eq!(clock.wall(at(100)), start() + secs(2));
        assert_eq!(clock.wall(at(1_900)), start() + secs(38));
        assert_eq!(clock.wall(at(-600)), start() - secs(600), "history is as old as it says");
        clock.set(start());
        assert_eq!(clock.story(), at(100), "it never runs back");
    }

    #[test]
    fn a_pause_moves_what_lies_ahead_and_not_what_was() {
        let mut clock = clock(10.0);
        clock.set(start() + secs(1));
        clock.pause();
        clock.set(start() + secs(61));
        assert_eq!((clock.story(), clock.is_paused()), (at(10), true));
        assert_eq!(clock.wall(at(5)), start() + SignedDuration::from_millis(500));
        assert_eq!(clock.wall(at(20)), start() + secs(62), "as if it went on now");
        clock.set_speed(Speed::new(1.0).unwrap());
        assert_eq!((clock.story(), clock.wall(at(20))), (at(10), start() + secs(71)));
        clock.resume();
        clock.set(start() + secs(66));
        assert_eq!((clock.story(), clock.is_paused()), (at(15), false));
        assert_eq!(clock.wall(at(10)), start() + secs(1), "when the story came there");
    }

    #[test]
    fn a_step_skips_the_time_between() {
        let mut clock = clock(1.0);
        clock.pause();
        clock.skip_to(at(300));
        assert_eq!(clock.story(), at(300));
        assert_eq!(clock.wall(at(200)), start(), "nothing happened there");
        clock.skip_to(at(10));
        assert_eq!(clock.story(), at(300));
    }

    #[test]
    fn a_moment_is_told_in_hours() {
        assert_eq!(Moment::after(SignedDuration::from_millis(3_723_004)).to_string(), "01:02:03.004");
        assert_eq!(at(-61).to_string(), "-00:01:01.000");
    }

    #[test]
    fn a_speed_is_from_a_tenth_to_a_thousand() {
        for wrong in [0.0, 0.05, 1_001.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(Speed::new(wrong).is_err(), "{wrong}");
        }
    }

    #[derive(Clone, Debug)]
    enum Act {
        Wait(i64),
        Pause,
        Resume,
        Speed(f64),
        Skip(i64),
    }

    fn act() -> impl Strategy<Value = Act> {
        prop_oneof![
            4 => (0i64..100_000).prop_map(Act::Wait),
            1 => Just(Act::Pause),
            2 => Just(Act::Resume),
            1 => prop::sample::select(vec![0.1, 1.0, 7.0, 1_000.0]).prop_map(Act::Speed),
            1 => (0i64..100_000).prop_map(Act::Skip),
        ]
    }

    proptest! {
        #[test]
        fn both_times_only_go_forward_and_the_past_stays(acts in prop::collection::vec(act(), 1..40)) {
            let mut clock = clock(3.0);
            let (mut now, mut seen) = (start(), Vec::new());
            for act in acts {
                let before = clock.story();
                match act {
                    Act::Wait(ms) => {
                        now += SignedDuration::from_millis(ms);
                        clock.set(now);
                    }
                    Act::Pause => clock.pause(),
                    Act::Resume => clock.resume(),
                    Act::Speed(factor) => clock.set_speed(Speed::new(factor).unwrap()),
                    Act::Skip(ms) => clock.skip_to(before + SignedDuration::from_millis(ms)),
                }
                prop_assert!(clock.story() >= before);
                prop_assert!(clock.wall(clock.story()) <= clock.now());
                seen.push((before, clock.wall(before)));
                let walls: Vec<Timestamp> = seen.iter().map(|(moment, _)| clock.wall(*moment)).collect();
                prop_assert!(walls.is_sorted());
                for ((_, was), is) in seen.iter().zip(&walls) {
                    let moved = is.duration_since(*was).abs();
                    prop_assert!(moved <= SignedDuration::from_millis(11), "the past moved by {moved}");
                }
            }
        }
    }
}
