//! Looking for the rows that queue and filter leave: a slice of them at once, the others while no key waits. A letter that is
//! typed looks at what was found before it, one that is deleted goes back to that, as long as no row has changed meanwhile.

use jiff::Timestamp;

use super::{List, arrangement::Found, texts::Texts};
use crate::console::{filter::Filter, standstill::Standstill};

/// What may be done at once, in the cost of looking at a row of which everything is written down: some tenths of a millisecond.
const SLICE: usize = 1 << 14;

/// What it costs to ask the fields of an order,
const FIELDS: usize = 8;

/// and to gather all that is said of one, in order to write it down or to look for a word in it.
const GATHERED: usize = 16;

/// So much of what was found is kept, for letters that are deleted.
const KEPT: usize = 12;

/// What helps to look.
#[derive(Default)]
pub(super) struct Looking {
    /// What was written down, while a filter is typed.
    texts: Option<Texts>,
    /// What filters have found, the newest last; it holds as long as no row changes or moves.
    found: Vec<(Filter, Found)>,
    /// It is found out on the way when the filter takes in or leaves out each row by the mere passing of time.
    times: bool,
    /// As soon as a row is shown one is selected, if the selected one is not to be.
    selects: bool,
}

impl Looking {
    /// Rows have changed, or stand in other places.
    pub(super) fn forget_found(&mut self) {
        self.found.clear();
    }

    /// A row has changed.
    pub(super) fn forget_text(&mut self, place: u32) {
        if let Some(texts) = &mut self.texts {
            texts.forget(place);
        }
    }

    fn keep(&mut self, filter: Filter, found: &Found) {
        self.found.retain(|(other, _)| *other != filter);
        if self.found.len() == KEPT {
            self.found.remove(0);
        }
        self.found.push((filter, Found::clone(found)));
    }

    /// What this filter has found before.
    fn found_by(&self, filter: &Filter) -> Option<Found> {
        self.found.iter().find(|(other, _)| other == filter).map(|(_, found)| Found::clone(found))
    }

    /// The fewest of what others have found that holds all that this one finds.
    fn found_around(&self, filter: &Filter) -> Option<Found> {
        let around = self.found.iter().filter(|(other, _)| filter.narrows(other));
        around.min_by_key(|(_, found)| found.len()).map(|(_, found)| Found::clone(found))
    }
}

impl List {
    /// Shows only the orders that `filter` leaves, at `now`: the first of them, if there are many. The others follow with
    /// [`Self::go_on`].
    pub fn filter(&mut self, filter: Filter, now: Timestamp, standstill: &Standstill) {
        self.turn_to(now);
        self.looking.selects = true;
        if filter == *self.filtered_by() && !filter.is_timed() {
            return self.select_any();
        }
        let before = self.scope.filter_by(filter);
        let filter = self.scope.filter();
        if let Some(found) = self.arrangement.found().filter(|_| !before.is_timed()) {
            self.looking.keep(before.clone(), found);
        }
        self.looking.times = filter.is_timed();
        if self.scope.is_all() {
            self.arrangement.show_all();
        } else if let Some(found) = self.looking.found_by(filter) {
            self.arrangement.show(found);
        } else {
            self.arrangement.look_for(self.looking.found_around(filter));
        }
        if before.is_timed() && !self.filtered_by().is_timed() {
            self.time_filter();
        }
        self.look(standstill);
    }

    /// True while not all rows were looked at, or written down.
    pub fn has_more_to_do(&self) -> bool {
        let has_more = |texts: &Texts| texts.has_more(self.len());
        self.is_looking() || self.looking.texts.as_ref().is_some_and(has_more)
    }

    /// True while not all rows were looked at: those that are shown are the first of them.
    pub fn is_looking(&self) -> bool {
        self.arrangement.is_looking()
    }

    /// Does a slice of what is still to be done.
    pub fn go_on(&mut self, standstill: &Standstill) {
        if self.is_looking() {
            self.look(standstill);
        } else if let Some(texts) = &mut self.looking.texts {
            texts.go_on(self.arrangement.all(), &self.rows, self.scope.now(), SLICE / GATHERED);
        }
    }

    /// Looks at all rows that are left: what follows is about all of them.
    pub fn look_to_the_end(&mut self, standstill: &Standstill) {
        while self.is_looking() {
            self.look(standstill);
        }
    }

    /// A filter is typed, or is not any more: what is said of the orders is written down for as long.
    pub fn on_typing(&mut self, is_typed: bool) {
        if is_typed != self.looking.texts.is_some() {
            self.looking.texts = is_typed.then(Texts::default);
        }
    }

    /// Looks for the rows that are to be shown anew, after something that decides about it has changed. One of them is selected,
    /// if that is said and the selected one is not to be shown.
    pub(super) fn look_again(&mut self, selects: bool) {
        self.looking.forget_found();
        self.looking.selects = selects;
        if self.scope.is_all() {
            self.arrangement.show_all();
        } else {
            self.arrangement.look_for(None);
        }
        // No clock decides but on the way that a filter has begun.
        if !self.looking.times {
            self.look(&Standstill::default());
        }
    }

    /// Looks at a slice of the rows.
    fn look(&mut self, standstill: &Standstill) {
        let Self { rows, arrangement, scope, looking, .. } = self;
        let (filter, now, looks_at_all) = (scope.filter(), scope.now(), scope.looks_at_all());
        let mut texts = looking.texts.as_mut().filter(|_| filter.has_words());
        let whole = if filter.has_words() { GATHERED } else { FIELDS };
        arrangement.look(SLICE, |place| {
            if looking.times {
                let row = rows.at_mut(place);
                scope.time(row, standstill);
                scope.time_filter(row);
            }
            if !looks_at_all && !scope.looks_at(rows.at(place)) {
                return (false, 1);
            }
            match &mut texts {
                _ if filter.is_empty() => (true, 1),
                None => (scope.wants(rows.at(place)), whole),
                Some(texts) => {
                    let (written, is_new) = texts.of(place, rows, now);
                    let cost = if is_new { GATHERED } else { 1 };
                    match filter.words_leave(written) {
                        true if filter.has_fields() => (scope.wants_by_fields(rows.at(place)), cost + FIELDS),
                        is_left => (is_left, cost),
                    }
                }
            }
        });
        if self.looking.times && !self.is_looking() {
            self.looking.times = false;
            self.by_time.put_all(self.rows.iter().filter_map(|row| Some((row.turns.next()?, row.order()))));
        }
        if self.looking.selects {
            self.select_any();
            self.looking.selects = self.is_looking();
        }
    }
}
