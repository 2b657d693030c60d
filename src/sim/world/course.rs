//! The course of the story: whatever is due happens, one thing after another.

use fastrand::Rng;
use jiff::Timestamp;

use super::{happening::Happening, state::World};
use crate::{
    domain::method::PaymentMethod,
    sim::{chance::mix, order::Fate, time::Moment},
};

impl World {
    /// When something will happen by itself next, on the wall; never while the story is paused.
    pub(in crate::sim) fn next_due(&self) -> Option<Timestamp> {
        if self.clock.is_paused() {
            return None;
        }
        self.happenings.first_key_value().map(|((at, _), _)| self.clock.wall(*at))
    }

    /// Carries out all that is due by `now`.
    pub(in crate::sim) fn advance(&mut self, now: Timestamp) {
        self.clock.set(now);
        let now = self.clock.story();
        while let Some(next) = self.happenings.first_entry()
            && next.key().0 <= now
        {
            let ((at, _), happening) = next.remove_entry();
            self.now = at;
            self.happen(happening, at);
        }
        self.now = now;
    }

    /// Skips to the next thing that will happen, and lets it happen. False when nothing will.
    pub(in crate::sim) fn step(&mut self, now: Timestamp) -> bool {
        self.advance(now);
        let Some(((next, _), _)) = self.happenings.first_key_value() else { return false };
        self.clock.skip_to(*next);
        self.advance(now);
        true
    }

    fn happen(&mut self, happening: Happening, at: Moment) {
        match happening {
            Happening::Arrival(nth) => self.arrive(nth, at),
            Happening::Reissue(nth) => self.reissue(nth, at),
            Happening::PaidElsewhere(index) => {
                let declined = Rng::with_seed(mix(self.orders[index].seed, 0xdec1)).u8(..6) == 0;
                let fate = if declined { Fate::Fail(604) } else { Fate::Ticket };
                self.pay_elsewhere(index, PaymentMethod::Vcc, fate, at);
            }
            Happening::Charge(index) => self.charge(index, at),
            Happening::Settle(index) => self.settle(index, at),
            Happening::Stop(index) => self.close(index, None, at),
            Happening::Lapse(index) => self.lapse(index, at),
            Happening::Cue(index) => self.play(index, at),
            Happening::Deliver(delivery) => self.hooks.deliver(*delivery),
        }
    }
}
