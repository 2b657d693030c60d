//! What is written down of the orders while a filter is typed, so that each letter finds its orders fast: one after the other in
//! one piece of memory, as the rows stood, and given back when the filter is left.

use jiff::Timestamp;

use super::rows::{Row, Rows};
use crate::console::column::{say_all, write_down};

/// What is written down, each by where its row lies in memory.
#[derive(Default)]
pub(super) struct Texts {
    bytes: Vec<u8>,
    places: Vec<Place>,
    /// So many rows, from the top, were written down before anybody asked for them.
    beforehand: usize,
}

/// Where the text of a row begins, and how long it is: nothing, as long as it is not written down.
#[derive(Clone, Copy, Default)]
struct Place {
    at: u32,
    len: u32,
}

impl Texts {
    /// What is written down of a row. It is done now, if it was not; then the second is true.
    pub(super) fn of(&mut self, place: u32, rows: &Rows, now: Timestamp) -> (&[u8], bool) {
        let is_new = self.places.get(place as usize).is_none_or(|place| place.len == 0);
        if is_new {
            self.write(place, rows.at(place), rows.len(), now);
        }
        let Place { at, len } = self.places[place as usize];
        (self.bytes.get(at as usize..(at + len) as usize).unwrap_or_default(), is_new)
    }

    /// Writes down `rows` from the top, as many more as are said.
    pub(super) fn go_on(&mut self, standing: &[u32], rows: &Rows, now: Timestamp, more: usize) {
        for &place in standing.iter().skip(self.beforehand).take(more) {
            self.of(place, rows, now);
        }
        self.beforehand = standing.len().min(self.beforehand + more);
    }

    /// True while some of so many rows were not written down beforehand.
    pub(super) fn has_more(&self, rows: usize) -> bool {
        self.beforehand < rows
    }

    /// A row has changed.
    pub(super) fn forget(&mut self, place: u32) {
        if let Some(place) = self.places.get_mut(place as usize) {
            *place = Place::default();
        }
    }

    fn write(&mut self, place: u32, row: &Row, rows: usize, now: Timestamp) {
        if self.places.len() <= place as usize {
            self.places.resize(rows, Place::default());
        }
        let at = self.bytes.len();
        write_down(&mut self.bytes, |visit| {
            say_all(&row.case, row.group, now - row.turns.behind(), visit);
        });
        let end = self.bytes.len();
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        self.places[place as usize] = Place { at: offset(at), len: offset(end - at) };
    }
}
