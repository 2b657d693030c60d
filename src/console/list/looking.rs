//! Looking for the rows that queue and filter leave: a slice of them at once, the others while no key waits. A letter that is
//! typed looks at what was found before it, one that is deleted goes back to that, as long as no row has changed meanwhile.

use jiff::Timestamp;

use super::{
    arrangement::{Arrangement, Found},
    rows::Rows,
    scope::Scope,
    texts::Texts,
};
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
    pub(super) times: bool,
    /// As soon as a row is shown one is selected, if the selected one is not to be.
    pub(super) selects: bool,
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

    /// Another filter is in force than `before`: what it has found is shown, or it begins to look for that.
    pub(super) fn begin(&mut self, before: Filter, arrangement: &mut Arrangement, scope: &Scope) {
        let filter = scope.filter();
        if let Some(found) = arrangement.found().filter(|_| !before.is_timed()) {
            self.keep(before, found);
        }
        (self.times, self.selects) = (filter.is_timed(), true);
        if scope.is_all() {
            arrangement.show_all();
        } else if let Some(found) = self.found_by(filter) {
            arrangement.show(found);
        } else {
            arrangement.look_for(self.found_around(filter));
        }
    }

    /// Something else that decides about it has changed: begins to look anew.
    pub(super) fn begin_again(&mut self, arrangement: &mut Arrangement, scope: &Scope, selects: bool) {
        self.forget_found();
        self.selects = selects;
        if scope.is_all() {
            arrangement.show_all();
        } else {
            arrangement.look_for(None);
        }
    }

    /// Looks at a slice of the rows.
    pub(super) fn look(
        &mut self,
        rows: &mut Rows,
        arrangement: &mut Arrangement,
        scope: &Scope,
        standstill: &Standstill,
    ) {
        let (filter, now, looks_at_all) = (scope.filter(), scope.now(), scope.looks_at_all());
        let mut texts = self.texts.as_mut().filter(|_| filter.has_words());
        let whole = if filter.has_words() { GATHERED } else { FIELDS };
        arrangement.look(SLICE, |place| {
            if self.times {
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
    }

    /// A filter is typed, or is not any more: what is said of the orders is written down for as long.
    pub(super) fn on_typing(&mut self, is_typed: bool) {
        if is_typed != self.texts.is_some() {
            self.texts = is_typed.then(Texts::default);
        }
    }

    /// True while some of so many rows were not written down that are to be.
    pub(super) fn has_more_to_write(&self, rows: usize) -> bool {
        self.texts.as_ref().is_some_and(|texts| texts.has_more(rows))
    }

    /// Writes down a slice of the rows.
    pub(super) fn write_on(&mut self, rows: &Rows, arrangement: &Arrangement, now: Timestamp) {
        if let Some(texts) = &mut self.texts {
            texts.go_on(arrangement.all(), rows, now, SLICE / GATHERED);
        }
    }
}
