//! The rows as they stand one below the other: all of them sorted, and those of them that are shown. These are looked for from
//! the top, a slice at a time: as long as not all rows were looked at, those that are shown are the first of those that will be.

use std::{cmp::Ordering, sync::Arc};

use jiff::Timestamp;

use super::rows::Rows;
use crate::{
    console::column::{self, Column, Head, Key},
    domain::{case::Case, triage::Group},
};

/// Where a row stands among all, and among those that are shown while not all are.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Standing {
    all: Option<usize>,
    shown: Option<usize>,
}

/// How the rows stand, each by where it lies in memory.
pub(super) struct Arrangement {
    sort: &'static Column,
    reversed: bool,
    all: Vec<u32>,
    /// The same by their numbers, in which those stand that are equal otherwise.
    by_number: Vec<u32>,
    /// Those that are shown, while any is not.
    shown: Option<Found>,
    /// What is still to be looked at.
    ahead: Option<Ahead>,
}

/// Rows that were found, from the top.
pub(super) type Found = Arc<Vec<u32>>;

/// Rows that are looked at from the top: all, or those that were found before, and how many of them were.
#[derive(Default)]
struct Ahead {
    within: Option<Found>,
    next: usize,
}

impl Ahead {
    /// A row has moved among these, from a place if it had one. True if it stands where was looked at already.
    fn on_moved(&mut self, from: Option<usize>, to: usize) -> bool {
        self.next -= usize::from(from.is_some_and(|from| from < self.next));
        let is_behind = to < self.next;
        self.next += usize::from(is_behind);
        is_behind
    }
}

impl Default for Arrangement {
    fn default() -> Self {
        Self {
            sort: &column::URGENCY,
            reversed: false,
            all: Vec::new(),
            by_number: Vec::new(),
            shown: None,
            ahead: None,
        }
    }
}

impl Arrangement {
    /// What the rows are sorted by, and whether the other way round.
    pub(super) fn sorted_by(&self) -> (&'static Column, bool) {
        (self.sort, self.reversed)
    }

    /// All rows, from the top.
    pub(super) fn all(&self) -> &[u32] {
        &self.all
    }

    /// The rows that are shown, from the top.
    pub(super) fn shown(&self) -> &[u32] {
        self.shown.as_ref().map_or(&self.all, |shown| shown)
    }

    /// True while not all rows were looked at.
    pub(super) fn is_looking(&self) -> bool {
        self.ahead.is_some()
    }

    /// What was found, if not all is shown and all was looked at.
    pub(super) fn found(&self) -> Option<&Found> {
        self.shown.as_ref().filter(|_| !self.is_looking())
    }

    /// Where a row stands among those that are shown, if it does.
    pub(super) fn position(&self, rows: &Rows, place: u32) -> Option<usize> {
        self.find(self.shown(), rows, place)
    }

    /// How many of the rows that are shown stand before an order like this, whether it has a row or not.
    pub(super) fn before(&self, rows: &Rows, order: Sorted<'_>) -> usize {
        self.shown().partition_point(|&place| self.ordering(sorted(rows, place), order) == Ordering::Less)
    }

    /// Where a row stands that is about to change.
    pub(super) fn standing(&self, rows: &Rows, place: u32) -> Standing {
        let shown = self.shown.as_ref().and_then(|shown| self.find(shown, rows, place));
        Standing { all: self.find(&self.all, rows, place), shown }
    }

    /// Puts a row that is new or has changed where it belongs, given where it stood and whether it is to be shown.
    pub(super) fn reposition(&mut self, rows: &Rows, place: u32, before: Standing, is_wanted: bool) {
        let mut all = std::mem::take(&mut self.all);
        let at = self.move_row(&mut all, rows, place, before.all, true);
        self.all = all;
        if before.all.is_none() {
            let number = rows.at(place).order();
            let at = self.by_number.partition_point(|&other| rows.at(other).order() < number);
            self.by_number.insert(at, place);
        }
        if self.ahead.as_ref().is_some_and(|ahead| ahead.within.is_some()) {
            // It may belong to those among which is looked.
            return self.look_for(None);
        }
        let is_looked_at = self.ahead.as_mut().is_none_or(|ahead| ahead.on_moved(before.all, at));
        if let Some(mut shown) = self.shown.take() {
            let standing = Arc::make_mut(&mut shown);
            self.move_row(standing, rows, place, before.shown, is_wanted && is_looked_at);
            self.shown = Some(shown);
        }
    }

    /// Takes in a row that is new; [`Self::sort`] follows.
    pub(super) fn push(&mut self, place: u32) {
        self.all.push(place);
    }

    /// Sorts by a column, the other way round if `reversed`. [`Self::sort`] follows, once all rows have their keys.
    pub(super) fn sort_by(&mut self, sort: &'static Column, reversed: bool) {
        (self.sort, self.reversed) = (sort, reversed);
    }

    /// Sorts all rows. Those that are shown stay so, if all that are to be were found; else it is looked for them anew.
    pub(super) fn sort(&mut self, rows: &Rows) {
        if self.by_number.len() < self.all.len() {
            self.by_number.clone_from(&self.all);
            self.by_number.sort_by_cached_key(|&place| rows.at(place).order());
        }
        // Each head with the place by number behind it: numbers are sorted fastest.
        let with_place = |(n, &place): (usize, &u32)| rows.head(place).number() << 32 | n as u128;
        let mut heads: Vec<u128> = self.by_number.iter().enumerate().map(with_place).collect();
        heads.sort_unstable();
        let by_number = &self.by_number;
        self.all.clear();
        self.all.extend(heads.iter().map(|head| by_number[(head & u128::from(u32::MAX)) as usize]));
        let mut standing = self.all.as_mut_slice();
        for equal in heads.chunk_by(|one, other| one >> 32 == other >> 32) {
            let (run, rest) = std::mem::take(&mut standing).split_at_mut(equal.len());
            if run.len() > 1 && rows.head(run[0]).goes_on() {
                run.sort_by_cached_key(|&place| key(self.sort, sorted(rows, place)));
            }
            standing = rest;
        }
        if self.reversed {
            let mut all = std::mem::take(&mut self.all);
            self.reverse(&mut all, rows);
            self.all = all;
        }
        if self.is_looking() {
            self.look_for(None);
        } else if let Some(shown) = &mut self.shown {
            let mut is_shown = vec![false; rows.len()];
            shown.iter().for_each(|&place| is_shown[place as usize] = true);
            *shown = Arc::new(self.all.iter().copied().filter(|&place| is_shown[place as usize]).collect());
        }
    }

    /// Sorts the other way round.
    pub(super) fn turn_round(&mut self, rows: &Rows) {
        self.reversed = !self.reversed;
        let mut all = std::mem::take(&mut self.all);
        self.reverse(&mut all, rows);
        self.all = all;
        if self.is_looking() {
            self.look_for(None);
        } else if let Some(mut shown) = self.shown.take() {
            let standing: &mut Vec<u32> = Arc::make_mut(&mut shown);
            self.reverse(standing, rows);
            self.shown = Some(shown);
        }
    }

    /// Turns rows round, but for those with equal keys.
    fn reverse(&self, standing: &mut [u32], rows: &Rows) {
        standing.reverse();
        if !self.sort.is_number() {
            let is_equal = |&one: &u32, &other: &u32| {
                self.by_key(sorted(rows, one), sorted(rows, other)) == Ordering::Equal
            };
            standing.chunk_by_mut(is_equal).for_each(<[u32]>::reverse);
        }
    }

    /// Shows all rows.
    pub(super) fn show_all(&mut self) {
        (self.shown, self.ahead) = (None, None);
    }

    /// Shows what was found before.
    pub(super) fn show(&mut self, found: Found) {
        (self.shown, self.ahead) = (Some(found), None);
    }

    /// From here on [`Self::look`] looks for those that are to be shown: among these, or among all.
    pub(super) fn look_for(&mut self, within: Option<Found>) {
        self.shown = Some(Found::default());
        self.ahead = Some(Ahead { within, next: 0 });
    }

    /// Looks at the next rows. `look` says whether a row is to be shown, and what looking cost; a slice costs `slice`.
    pub(super) fn look(&mut self, slice: usize, mut look: impl FnMut(u32) -> (bool, usize)) {
        let Some(ahead) = &mut self.ahead else { return };
        let among = ahead.within.as_deref().unwrap_or(&self.all);
        let shown = Arc::make_mut(self.shown.get_or_insert_default());
        let mut spent = 0;
        while spent < slice
            && let Some(&place) = among.get(ahead.next)
        {
            ahead.next += 1;
            let (is_wanted, cost) = look(place);
            spent += cost;
            if is_wanted {
                shown.push(place);
            }
        }
        if ahead.next >= among.len() {
            self.ahead = None;
        }
    }

    /// Moves a row among these, from where it stood if it did, or takes it out; the place that it has then.
    fn move_row(
        &self,
        standing: &mut Vec<u32>,
        rows: &Rows,
        place: u32,
        from: Option<usize>,
        is_in: bool,
    ) -> usize {
        let before = |standing: &[u32]| self.before_row(standing, rows, place);
        match (from, is_in) {
            // What stands between the old and the new place gives way.
            (Some(from), true)
                if from > 0 && self.compare(rows, standing[from - 1], place) == Ordering::Greater =>
            {
                let to = before(&standing[..from]);
                standing[to..=from].rotate_right(1);
                to
            }
            (Some(from), true) => {
                let to = from + before(&standing[from + 1..]);
                standing[from..=to].rotate_left(1);
                to
            }
            (Some(from), false) => {
                standing.remove(from);
                from
            }
            (None, true) => {
                let to = before(standing);
                standing.insert(to, place);
                to
            }
            (None, false) => standing.len(),
        }
    }

    /// Where a row stands among these, if it does.
    fn find(&self, standing: &[u32], rows: &Rows, place: u32) -> Option<usize> {
        let at = self.before_row(standing, rows, place);
        (standing.get(at) == Some(&place)).then_some(at)
    }

    /// How many of these stand before a row.
    fn before_row(&self, standing: &[u32], rows: &Rows, place: u32) -> usize {
        standing.partition_point(|&other| self.compare(rows, other, place) == Ordering::Less)
    }

    fn compare(&self, rows: &Rows, a: u32, b: u32) -> Ordering {
        self.ordering(sorted(rows, a), sorted(rows, b))
    }

    /// Total: rows with equal keys stand by order number, in either direction.
    fn ordering(&self, a: Sorted<'_>, b: Sorted<'_>) -> Ordering {
        let by_key = self.by_key(a, b);
        let by_number = || {
            let by_number = a.1.order.no.cmp(&b.1.order.no);
            if self.reversed && self.sort.is_number() { by_number.reverse() } else { by_number }
        };
        if self.reversed { by_key.reverse() } else { by_key }.then_with(by_number)
    }

    fn by_key(&self, a: Sorted<'_>, b: Sorted<'_>) -> Ordering {
        a.0.cmp(&b.0).then_with(|| {
            if a.0.goes_on() { key(self.sort, a).cmp(&key(self.sort, b)) } else { Ordering::Equal }
        })
    }
}

/// The head of what an order is sorted by, and what the whole of it comes from.
pub(super) type Sorted<'a> = (Head, &'a Case, Group);

fn sorted(rows: &Rows, place: u32) -> Sorted<'_> {
    let row = rows.at(place);
    (rows.head(place), &row.case, row.group)
}

/// The whole of what an order is sorted by whose head goes on: what lasts has not ended then.
fn key(sort: &Column, (_, case, group): Sorted<'_>) -> Key {
    sort.value.key(case, group, Timestamp::MIN)
}
