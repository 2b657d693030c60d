//! The rows as they lie in memory: each order with all that decides where it stands and whether it is shown.

use std::{
    hash::{BuildHasher, RandomState},
    sync::Arc,
};

use hashbrown::HashTable;

use super::{counts::Queues, turns::Turns};
use crate::{
    console::column::Head,
    domain::{case::Case, order::OrderNo, triage::Group},
};

/// An order with what is known of its row.
pub(super) struct Row {
    pub(super) case: Arc<Case>,
    pub(super) group: Group,
    /// The queues that have it.
    pub(super) queues: Queues,
    /// It is put away from every queue but the one of all orders.
    pub(super) is_away: bool,
    /// When it changes by itself, and by which time.
    pub(super) turns: Turns,
}

impl Row {
    pub(super) fn order(&self) -> OrderNo {
        self.case.order.no
    }
}

/// All rows. Each stays where it lies: it is known by that place.
#[derive(Default)]
pub(super) struct Rows {
    all: Vec<Row>,
    /// The heads of what they are sorted by, each in the place of its row.
    heads: Vec<Head>,
    /// The place of each row, found by the number of its order, which the row knows.
    places: HashTable<u32>,
    hasher: RandomState,
}

impl Rows {
    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// The row in a place that is known to be one.
    pub(super) fn at(&self, place: u32) -> &Row {
        &self.all[place as usize]
    }

    /// Where the row of an order lies.
    pub(super) fn place_of(&self, order: OrderNo) -> Option<u32> {
        self.places.find(self.hasher.hash_one(order), |place| self.at(*place).order() == order).copied()
    }

    /// The row of an order.
    pub(super) fn of(&self, order: OrderNo) -> Option<&Row> {
        self.place_of(order).map(|place| self.at(place))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Row> {
        self.all.iter()
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Row> {
        self.all.iter_mut()
    }

    pub(super) fn at_mut(&mut self, place: u32) -> &mut Row {
        &mut self.all[place as usize]
    }

    /// The head of what a row is sorted by.
    pub(super) fn head(&self, place: u32) -> Head {
        self.heads[place as usize]
    }

    /// Has all rows sorted by this.
    pub(super) fn sort_by(&mut self, head: impl FnMut(&Row) -> Head) {
        self.heads.clear();
        self.heads.extend(self.all.iter().map(head));
    }

    /// Puts another row in a place; the one that was there.
    pub(super) fn replace(&mut self, place: u32, row: Row, head: Head) -> Row {
        self.heads[place as usize] = head;
        std::mem::replace(self.at_mut(place), row)
    }

    /// Puts in the row of an order that has none yet.
    pub(super) fn push(&mut self, row: Row, head: Head) -> u32 {
        let place = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        self.all.push(row);
        self.heads.push(head);
        let Self { all: rows, places, hasher, .. } = self;
        let hash = |place: &u32| hasher.hash_one(rows[*place as usize].order());
        places.insert_unique(hash(&place), place, hash);
        place
    }
}
