//! What the vendor's clock says: the one place that decides it.
//!
//! Every answer bears a date of whole seconds. Held against the machine's own uptime it leaves a narrow span for the
//! vendor's time at uptime zero, and the spans of several answers narrow each other. An answer whose span does not fit
//! (a node whose clock is off, a copy out of a cache that does not say so, a clock that was set) puts the whole into
//! doubt: what was known is kept for reading, and nothing irreversible rests on it until the answers agree again.

use std::{collections::VecDeque, time::Duration};

use jiff::{SignedDuration, Timestamp};

use super::moment::Now;

/// The vendor's machines may differ by so much among themselves.
const SLACK: SignedDuration = SignedDuration::from_secs(2);

/// So many answers in a row must agree before a clock is believed that nothing else speaks for.
const AGREEING: usize = 5;

/// And over so long, since answers of one second may all come from one bad machine.
const AGREEING_FOR: Duration = Duration::from_secs(60);

/// The machine's own wall clock speaks for the vendor's when they differ by no more than this.
const ALIKE: SignedDuration = SignedDuration::from_secs(5);

/// The offset that screens reckon with stays while the answers allow it within so much, and is none while it is smaller.
const STEADY: SignedDuration = SignedDuration::from_secs(2);

/// How well the vendor's clock is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Trust {
    /// No answer has given the time yet, or too few have.
    #[default]
    Unknown,
    /// The last answers agree.
    Settled,
    /// They contradict each other by so many seconds: the newest against what was known.
    Doubtful(i64),
}

/// What one answer leaves open: the vendor's time at uptime zero lies between these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    from: Timestamp,
    to: Timestamp,
    /// The uptime at which it came.
    came: Duration,
}

impl Span {
    /// Of an answer dated `date` that was asked for and came at these uptimes. It was dated in between, and its date
    /// had been true for up to a second.
    fn of(date: Timestamp, asked: Duration, came: Duration) -> Option<Self> {
        let back = |at: Timestamp, up: Duration| at.checked_sub(SignedDuration::try_from(up).ok()?).ok();
        let to = back(date, asked.min(came))?.checked_add(SignedDuration::from_secs(1)).ok()?;
        Some(Self { from: back(date, came)?, to, came })
    }

    fn middle(self) -> Timestamp {
        self.from.checked_add(self.to.duration_since(self.from) / 2).unwrap_or(self.from)
    }

    fn agrees(self, other: Self) -> bool {
        self.from.duration_since(other.to) <= SLACK && other.from.duration_since(self.to) <= SLACK
    }

    /// What both leave open; the middle between two that only nearly meet.
    fn and(self, other: Self) -> Self {
        let (from, to) = (self.from.max(other.from), self.to.min(other.to));
        let came = self.came.max(other.came);
        if from <= to { Self { from, to, came } } else { Self { from: to, to: from, came } }
    }
}

/// The vendor's clock, as the answers tell it. Uptimes are those of one boot; see [`crate::domain::moment::Moment`].
#[derive(Clone, Debug, Default)]
pub struct VendorClock {
    recent: VecDeque<Span>,
    /// No answer has contradicted those before it since this uptime. A busy desk gets many in a minute.
    agreed_since: Option<Duration>,
    known: Option<Span>,
    trust: Trust,
    /// The vendor's clock against the machine's wall clock, as last said.
    offset: Option<SignedDuration>,
}

impl VendorClock {
    /// An answer was dated `date` by the vendor itself, not by a cache. It was asked for and came at these uptimes, the
    /// machine's wall clock saying `wall` when it came.
    pub fn on_answer(&mut self, date: Timestamp, asked: Duration, came: Duration, wall: Timestamp) {
        self.weigh(date, asked, came, wall);
        self.offset = self.known.map(|known| {
            // What the answers leave open moves with each of them: only what they exclude is given up.
            let at = |zero: Timestamp| time_from(zero, came).duration_since(wall);
            let is_open = |offset: &SignedDuration| {
                at(known.from) - STEADY <= *offset && *offset <= at(known.to) + STEADY
            };
            self.offset.filter(is_open).unwrap_or_else(|| {
                let read = at(known.middle());
                let rounded = read.round(jiff::Unit::Second).unwrap_or(read);
                if read.abs() <= STEADY { SignedDuration::ZERO } else { rounded }
            })
        });
    }

    fn weigh(&mut self, date: Timestamp, asked: Duration, came: Duration, wall: Timestamp) {
        let Some(span) = Span::of(date, asked, came) else { return };
        if self.recent.len() == AGREEING {
            self.recent.pop_front();
        }
        self.recent.push_back(span);
        if !self.recent.iter().all(|other| span.agrees(*other)) {
            let off =
                self.known.map_or(SignedDuration::ZERO, |known| span.middle().duration_since(known.middle()));
            if self.trust == Trust::Unknown {
                // Which of them is the wrong one nobody can say: the machine's own clock is as good to read by.
                self.known = None;
            }
            self.trust = Trust::Doubtful(off.as_secs());
            self.agreed_since = None;
            return;
        }
        let joint = self.recent.iter().copied().reduce(Span::and).unwrap_or(span);
        let first = self.recent.front().map_or(came, |first| first.came);
        let since = *self.agreed_since.get_or_insert(first);
        let proven = self.recent.len() == AGREEING && came.saturating_sub(since) >= AGREEING_FOR;
        let alike = time_at(joint, came).duration_since(wall).abs() <= ALIKE;
        match self.trust {
            Trust::Settled if self.known.is_some_and(|known| known.agrees(joint)) => self.known = Some(joint),
            Trust::Unknown if proven || alike => (self.known, self.trust) = (Some(joint), Trust::Settled),
            // The best there is, for reading.
            Trust::Unknown => self.known = Some(joint),
            Trust::Settled | Trust::Doubtful(_) if proven => {
                (self.known, self.trust) = (Some(joint), Trust::Settled);
            }
            Trust::Settled | Trust::Doubtful(_) => {}
        }
    }

    /// How well it is known.
    pub fn trust(&self) -> Trust {
        self.trust
    }

    /// So far the vendor's clock is ahead of the machine's wall clock, in whole seconds: what screens count by. It moves only
    /// when the answers leave no room for it, which is when one of the two clocks was set.
    pub fn offset(&self) -> SignedDuration {
        self.offset.unwrap_or_default()
    }

    /// The vendor's time at an uptime; none before the first answer that gives it.
    pub fn at(&self, up: Duration) -> Option<Timestamp> {
        self.known.map(|known| time_at(known, up))
    }

    /// The time at an uptime at which the machine's wall clock said `wall`.
    pub fn now(&self, up: Duration, wall: Timestamp) -> Now {
        Now { at: self.at(up).unwrap_or(wall), wall, settled: self.trust == Trust::Settled }
    }
}

fn time_at(span: Span, up: Duration) -> Timestamp {
    time_from(span.middle(), up)
}

/// The time at an uptime, where it was `zero` at uptime zero.
fn time_from(zero: Timestamp, up: Duration) -> Timestamp {
    zero.checked_add(SignedDuration::try_from(up).unwrap_or_default()).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const START: i64 = 1_794_000_000;

    /// The vendor's time at an uptime in milliseconds, `off` seconds wrong.
    fn date(up: u64, off: i64) -> Timestamp {
        Timestamp::from_second(START + i64::try_from(up / 1_000).unwrap() + off).unwrap()
    }

    fn wall(up: u64) -> Timestamp {
        Timestamp::from_millisecond(START * 1_000 + i64::try_from(up).unwrap()).unwrap()
    }

    /// Takes in answers at these uptimes (ms), each so many seconds wrong; the wall clock is `ahead` seconds ahead.
    fn after(answers: &[(u64, i64)], ahead: i64) -> VendorClock {
        let mut clock = VendorClock::default();
        for (up, off) in answers {
            let at = Duration::from_millis(*up);
            clock.on_answer(date(*up, *off), at.saturating_sub(Duration::from_millis(80)), at, {
                wall(*up) + SignedDuration::from_secs(ahead)
            });
        }
        clock
    }

    fn off_at(clock: &VendorClock, up: u64) -> i128 {
        clock.at(Duration::from_millis(up)).unwrap().duration_since(wall(up)).as_millis()
    }

    #[test]
    fn one_answer_that_the_wall_clock_speaks_for_settles_it() {
        let clock = after(&[(10_500, 0)], 0);
        assert_eq!(clock.trust(), Trust::Settled);
        assert!(off_at(&clock, 10_500).abs() <= 1_000);
    }

    #[test]
    fn against_the_wall_clock_it_takes_several_answers_over_a_minute() {
        let wrong_wall = 600;
        assert_eq!(after(&[(1_000, 0)], wrong_wall).trust(), Trust::Unknown);
        let few = after(&[(1_000, 0), (31_000, 0), (61_000, 0), (91_000, 0)], wrong_wall);
        assert_eq!(few.trust(), Trust::Unknown, "four of them");
        assert!(off_at(&few, 91_000).abs() <= 1_000, "for reading it is the best there is");
        let quick: Vec<_> = (1..20).map(|n| (n * 1_000, 0)).collect();
        assert_eq!(after(&quick, wrong_wall).trust(), Trust::Unknown, "twenty answers of one bad machine");
        let spread: Vec<_> = (1..6).map(|n| (n * 15_000, 0)).collect();
        let clock = after(&spread, wrong_wall);
        assert_eq!(clock.trust(), Trust::Settled);
        assert!(off_at(&clock, 90_000).abs() <= 1_000, "the vendor's word, not the wall clock's");
    }

    #[test]
    fn it_settles_however_many_answers_come_in_that_minute() {
        let often = |from: u64, to: u64, off: i64| (from..to).map(move |n| (n * 1_000, off));
        let wrong_wall = 600;
        let mut answers: Vec<_> = often(1, 61, 0).collect();
        assert_eq!(after(&answers, wrong_wall).trust(), Trust::Unknown);
        answers.extend(often(61, 62, 0));
        assert_eq!(after(&answers, wrong_wall).trust(), Trust::Settled);
        // After a stray it takes a new minute, from when it has left the window.
        answers.extend(often(62, 63, 2_400).chain(often(63, 123, 0)));
        assert!(matches!(after(&answers, wrong_wall).trust(), Trust::Doubtful(_)));
        answers.extend(often(123, 124, 0));
        assert_eq!(after(&answers, wrong_wall).trust(), Trust::Settled);
    }

    #[test]
    fn an_answer_out_of_line_is_a_doubt_and_moves_nothing() {
        let mut answers: Vec<_> = (1..6).map(|n| (n * 10_000, 0)).collect();
        answers.push((60_000, 2_400));
        let clock = after(&answers, 0);
        assert_eq!(clock.trust(), Trust::Doubtful(2_400));
        assert_eq!(clock.now(Duration::from_secs(60), wall(60_000)).sure(), None);
        assert!(off_at(&clock, 60_000).abs() <= 1_000);
        let off_wall = clock.now(Duration::from_secs(60), wall(4_000_000)).at;
        assert!(off_wall.duration_since(wall(60_000)).abs().as_secs() <= 1, "for reading, what was known");
        // Back in line: settled when the stray has left the window and a minute has passed.
        answers.extend((7..11).map(|n| (n * 10_000, 0)));
        assert!(matches!(after(&answers, 0).trust(), Trust::Doubtful(_)));
        answers.extend((11..14).map(|n| (n * 15_000, 0)));
        assert_eq!(after(&answers, 0).trust(), Trust::Settled);
    }

    #[test]
    fn an_answer_is_out_of_line_beyond_what_delays_and_whole_seconds_explain() {
        for (off, trust) in [(2, Trust::Settled), (-2, Trust::Settled), (5, Trust::Doubtful(5))] {
            assert_eq!(after(&[(10_000, 0), (20_000, off)], 0).trust(), trust, "{off} s");
        }
    }

    #[test]
    fn a_first_answer_that_the_others_contradict_is_not_read_by() {
        // One bad machine of three, and it happens to answer first: the answers never agree for long.
        let answers: Vec<_> =
            (0..60).map(|n| (1_000 + n * 15_000, if n % 3 == 0 { 2_400 } else { 0 })).collect();
        let clock = after(&answers, 0);
        assert!(matches!(clock.trust(), Trust::Doubtful(_)));
        let up = Duration::from_secs(900);
        assert_eq!(clock.now(up, wall(900_000)).at, wall(900_000), "not forty minutes ahead");
    }

    #[test]
    fn a_clock_that_was_set_is_believed_when_it_stays_so() {
        let mut answers: Vec<_> = (1..6).map(|n| (n * 10_000, 0)).collect();
        answers.extend((6..10).map(|n| (n * 20_000, -3_600)));
        assert!(matches!(after(&answers, 0).trust(), Trust::Doubtful(_)));
        answers.push((200_000, -3_600));
        let clock = after(&answers, 0);
        assert_eq!(clock.trust(), Trust::Settled);
        assert!((off_at(&clock, 200_000) + 3_600_000).abs() <= 1_000);
        let now = clock.now(Duration::from_secs(200), wall(200_000));
        assert_eq!(now.sure(), Some(now.at), "the earlier of the two clocks");
    }

    #[test]
    fn what_is_past_must_be_past_by_the_wall_clock_too() {
        let ahead: Vec<_> = (1..10).map(|n| (n * 20_000, 2_400)).collect();
        let clock = after(&ahead, 0);
        assert_eq!(clock.trust(), Trust::Settled);
        assert_eq!(clock.now(Duration::from_secs(180), wall(180_000)).sure(), Some(wall(180_000)));
        assert_eq!(VendorClock::default().now(Duration::ZERO, wall(0)).sure(), None, "no answer yet");
    }

    #[test]
    fn a_clock_that_was_set_moves_what_screens_count_by() {
        let mut answers: Vec<_> = (1..6).map(|n| (n * 15_000, 0)).collect();
        assert_eq!(after(&answers, 0).offset(), SignedDuration::ZERO);
        answers.extend((6..16).map(|n| (n * 15_000, -3_600)));
        let off = after(&answers, 0).offset() + SignedDuration::from_hours(1);
        assert!(off.abs().as_secs() <= 1, "{off}");
        // The machine's own one was set, and the vendor's stands where it stood.
        let mut clock = after(&answers[..5], 0);
        let at = Duration::from_secs(90);
        clock.on_answer(date(90_000, 0), at, at, wall(90_000) + SignedDuration::from_secs(30));
        assert!((clock.offset().as_secs() + 30).abs() <= 1, "{}", clock.offset());
    }

    proptest! {
        /// However the answers fall between whole seconds and however long they take, a countdown on the screen runs with
        /// the machine's clock: what it counts by is right within what dates tell, and moves once at most, from zero.
        #[test]
        fn countdowns_do_not_jump(
            gaps in prop::collection::vec((1_u64..40_000, 0_u64..2_000, 0_u64..=100), 1..200),
            off in -600_i64..600,
        ) {
            let mut clock = VendorClock::default();
            let (mut up, mut shown) = (0, Vec::new());
            for (gap, took, share) in gaps {
                up += gap;
                let (asked, came) = (up, up + took);
                clock.on_answer(
                    date(asked + took * share / 100, off),
                    Duration::from_millis(asked),
                    Duration::from_millis(came),
                    wall(came),
                );
                up = came;
                shown.push(clock.offset().as_secs());
            }
            shown.dedup();
            prop_assert!(shown.iter().all(|shown| (shown - off).abs() <= 4), "{shown:?} for {off}");
            prop_assert!(shown.len() == 1 || shown.len() == 2 && shown[0] == 0, "{shown:?} for {off}");
        }

        /// However answers are spaced and delayed, an honest clock is known to a second and a half and never doubted.
        #[test]
        fn an_honest_clock_is_known_closely(
            gaps in prop::collection::vec((1_u64..120_000, 0_u64..15_000, 0_u64..=100), 1..60),
        ) {
            let mut clock = VendorClock::default();
            let mut up = 0;
            for (gap, took, share) in gaps {
                up += gap;
                let (asked, came) = (up, up + took);
                let dated = asked + took * share / 100;
                clock.on_answer(date(dated, 0), Duration::from_millis(asked), Duration::from_millis(came), wall(came));
                up = came;
                prop_assert!(!matches!(clock.trust(), Trust::Doubtful(_)));
            }
            let narrow = clock.known.unwrap();
            prop_assert!(narrow.from <= wall(0) + SLACK && wall(0) - SLACK <= narrow.to);
        }

        /// Whatever single answers claim, what is sure is never later than the machine's own clock, nor than the vendor's
        /// when most are honest and the liars are never in agreement for long, nor with a clock of ours that is wrong: two
        /// that are wrong alike look like two that are right.
        #[test]
        fn lone_liars_never_make_anything_past(
            lies in prop::collection::vec((-100_000_i64..100_000, 0_u8..3), 1..80),
            ahead in 0_i64..10_000,
        ) {
            let mut clock = VendorClock::default();
            for (n, (lie, is_lie)) in lies.into_iter().enumerate() {
                let up = (n as u64 + 1) * 15_000;
                let is_lie = is_lie == 0 && (lie - ahead).abs() > ALIKE.as_secs() + 1;
                let off = if is_lie { lie } else { 0 };
                let at = Duration::from_millis(up);
                let wall = wall(up) + SignedDuration::from_secs(ahead);
                clock.on_answer(date(up, off), at, at, wall);
                if let Some(sure) = clock.now(at, wall).sure() {
                    prop_assert!(sure <= date(up, 3), "{:?}", clock);
                }
            }
        }
    }
}
