//! The first page: some orders as the journal remembers them, by their own entries and those of their lineages. It is what a
//! console shows before the journal was read, and before anybody has answered; nothing is paid by it.

use std::{collections::BTreeSet, sync::Arc};

use jiff::Timestamp;

use super::book::{Book, Observation};
use crate::{
    domain::{case::Case, order::OrderNo},
    journal::Entry,
};

/// So many orders are read at most, whatever they are linked to.
const MOST: usize = 256;

/// The cases of `orders` that were made since `since`, or of which something is open. `entries_of` reads those of one order.
pub fn first_page(
    orders: &[OrderNo],
    since: Timestamp,
    entries_of: impl Fn(OrderNo) -> Vec<Entry>,
) -> Vec<Arc<Case>> {
    let mut entries = Vec::new();
    let mut read = BTreeSet::new();
    // Which orders belong together is known by folding; in which order things happened, once all are there.
    let mut links = Book::default();
    let mut waiting = orders.to_vec();
    while let Some(order) = waiting.pop() {
        if read.len() == MOST || !read.insert(order) {
            continue;
        }
        let found = entries_of(order);
        fold(&mut links, found.iter().cloned());
        entries.extend(found);
        waiting.extend(links.lineage(order).orders());
    }
    entries.sort_unstable_by_key(|entry| entry.seq);
    let mut book = Book::default();
    fold(&mut book, entries.into_iter());
    let is_shown = |case: &&Arc<Case>| orders.contains(&case.order.no);
    book.remembered_since(since).filter(is_shown).cloned().collect()
}

fn fold(book: &mut Book, entries: impl Iterator<Item = Entry>) {
    for observation in entries.filter_map(Observation::of_entry) {
        book.fold(observation);
    }
}
