//! What was looked at: a view is a queue or what was found, with its filter and how it is sorted; the one before it is
//! remembered, and gone back to like `cd -`.

use super::{
    Hits, List,
    queue::{OwnQueue, Tab},
};
use crate::{console::column::Column, domain::order::OrderNo};

/// What is looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// The queue.
    pub queue: Tab,
    /// What was found, while only that is looked at.
    pub hits: Option<Hits>,
    /// The filter as it is written.
    pub filter: String,
    /// What it is sorted by, and whether the other way round.
    pub sort: (&'static Column, bool),
}

impl View {
    /// What is looked at now.
    pub fn of(list: &List, filter: &str) -> Self {
        let hits = list.hits().cloned();
        Self { queue: list.tab(), hits, filter: filter.to_owned(), sort: list.sorted_by() }
    }

    fn is(&self, list: &List, filter: &str) -> bool {
        self.queue == list.tab()
            && self.hits.as_ref() == list.hits()
            && self.filter == filter
            && self.sort == list.sorted_by()
    }
}

/// The view that is looked at, and the one before it.
#[derive(Debug, Default)]
pub struct Views {
    now: Option<(View, Option<OrderNo>)>,
    last: Option<(View, Option<OrderNo>)>,
}

impl Views {
    /// Takes note of what is looked at, and of what is selected there. True if it is another view.
    pub fn note(&mut self, list: &List, filter: &str) -> bool {
        match &mut self.now {
            Some((view, selected)) if view.is(list, filter) => {
                *selected = list.selected();
                false
            }
            now => {
                let before = now.replace((View::of(list, filter), list.selected()));
                let is_other = before.is_some();
                self.last = before.or(self.last.take());
                is_other
            }
        }
    }

    /// Other queues of the user's own were saved: each view is of the queue that it was of.
    pub fn on_saved(&mut self, own: &[OwnQueue], saved: &[OwnQueue]) {
        for (view, _) in [&mut self.now, &mut self.last].into_iter().flatten() {
            view.queue = view.queue.among(own, saved);
        }
    }

    /// The view before, and what was selected in it.
    pub fn last(&self) -> Option<&(View, Option<OrderNo>)> {
        self.last.as_ref()
    }
}
