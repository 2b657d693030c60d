//! How many orders were made when, and among which of them one can still move: where a round has to look, and what that
//! costs. Pure; the same counts make the poller's rounds and the staleness that `paydesk plan` tells.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::desk::gateway::{PAGE_SIZE, Window};

/// Orders made within the same ten minutes are counted together.
const SLOT_S: i64 = 600;

/// The orders of one slot.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    all: u32,
    moving: u32,
}

/// Orders by the time at which they were made.
#[derive(Clone, Debug, Default)]
pub struct Census {
    slots: BTreeMap<i64, Slot>,
}

impl Census {
    /// Counts an order. One that moves is unpaid and may still be paid, or in ticketing.
    pub fn count(&mut self, created: Timestamp, is_moving: bool) {
        let slot = self.slots.entry(created.as_second().div_euclid(SLOT_S)).or_default();
        slot.all += 1;
        slot.moving += u32::from(is_moving);
    }

    fn slots_of(&self, window: Window) -> impl DoubleEndedIterator<Item = (i64, Slot)> {
        let from = window.from.as_second().div_euclid(SLOT_S);
        let to = (window.to.as_second() - 1).div_euclid(SLOT_S);
        self.slots.range(from..=to.max(from)).map(|(slot, counted)| (*slot, *counted))
    }

    /// How many orders that move were made in `window`.
    pub fn moving(&self, window: Window) -> u32 {
        self.slots_of(window).map(|(_, slot)| slot.moving).sum()
    }

    /// How many orders were made in `window`.
    pub fn all(&self, window: Window) -> u32 {
        self.slots_of(window).map(|(_, slot)| slot.all).sum()
    }

    /// How many pages the list needs for `window`: at least one, since nobody knows that it is empty.
    pub fn pages(&self, window: Window) -> u32 {
        self.all(window).div_ceil(u32::try_from(PAGE_SIZE).unwrap_or(u32::MAX)).max(1)
    }

    /// The windows within `span` that hold every order that moves, the newest first, and `newest` if there is one. Two are
    /// made one where that costs no page more, whatever lies between.
    pub fn windows(&self, span: Window, newest: Option<Window>) -> Vec<Window> {
        let moving = self.slots_of(span).rev().filter(|(_, slot)| slot.moving > 0);
        let slots = moving.filter_map(|(slot, _)| {
            let from = Timestamp::from_second(slot * SLOT_S).ok()?.max(span.from);
            let to = Timestamp::from_second((slot + 1) * SLOT_S).ok()?.min(span.to);
            (from < to).then_some(Window { from, to })
        });
        let mut windows = Vec::new();
        let mut last = newest;
        for slot in slots {
            last = Some(match last {
                None => slot,
                Some(last) => {
                    let joined = Window { from: slot.from, to: last.to };
                    if self.pages(joined) <= self.pages(last) + self.pages(slot) {
                        joined
                    } else {
                        windows.push(last);
                        slot
                    }
                }
            });
        }
        windows.extend(last);
        windows
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    fn at(minutes: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes)
    }

    fn window(from: i64, to: i64) -> Window {
        Window { from: at(from), to: at(to) }
    }

    #[test]
    fn every_order_that_moves_is_in_a_window_and_closed_stretches_are_left_out() {
        let mut census = Census::default();
        // A hundred closed orders every ten minutes, and one that moves at the beginning and the end.
        for minute in (0..600).step_by(10) {
            (0..100).for_each(|_| census.count(at(minute + 3), false));
        }
        census.count(at(15), true);
        census.count(at(555), true);
        let newest = window(585, 610);
        let windows = census.windows(window(0, 585), Some(newest));
        assert_eq!(windows, [newest, window(550, 560), window(10, 20)]);
        assert_eq!(windows.iter().map(|window| census.pages(*window)).sum::<u32>(), 2 + 2 + 2);
    }

    #[test]
    fn windows_are_joined_where_one_page_holds_both() {
        let mut census = Census::default();
        (0..60).for_each(|minute| census.count(at(minute), minute % 30 == 0));
        let newest = window(55, 70);
        assert_eq!(census.windows(window(0, 55), Some(newest)), [window(0, 70)]);
        assert_eq!(census.pages(window(0, 70)), 1);
        assert_eq!(census.windows(window(0, 55), None), [window(0, 40)]);
        assert_eq!(Census::default().windows(window(0, 55), Some(newest)), [newest]);
        assert!(Census::default().windows(window(0, 55), None).is_empty());
    }
}
