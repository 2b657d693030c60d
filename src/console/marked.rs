//! Which rows are marked, and what that means for keys: the marks and the range as they lie over the list.

use std::ops::RangeInclusive;

use super::picture::Picture;
use crate::domain::order::OrderNo;

/// How many orders are marked, and how many of those no row shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marked {
    /// All of them.
    pub count: usize,
    /// Those that the queue or the filter leaves out.
    pub hidden: usize,
}

impl Picture<'_> {
    /// The rows of the range that is being chosen.
    pub fn range(self) -> Option<RangeInclusive<usize>> {
        let (ui, list) = (self.ui, &self.ui.list);
        let (from, to) = (list.place_of(ui.marks.range_from()?)?, list.position()?);
        Some(from.min(to)..=from.max(to))
    }

    /// True for an order that is marked, or stands in the range.
    pub fn is_marked(self, order: OrderNo) -> bool {
        let marks = &self.ui.marks;
        let in_range = || {
            let range = self.range();
            range.is_some_and(|range| self.ui.list.place_of(order).is_some_and(|at| range.contains(&at)))
        };
        !marks.is_empty() && (marks.kept().contains(&order) || in_range())
    }

    /// The marked orders: those in rows from the top, then those that no row shows, by number.
    pub fn marked(self) -> Vec<OrderNo> {
        let (ui, list) = (self.ui, &self.ui.list);
        if ui.marks.is_empty() {
            return Vec::new();
        }
        let range = self.range();
        let is_in = |at: usize| range.as_ref().is_some_and(|range| range.contains(&at));
        let rows = (0..list.shown()).filter_map(|at| Some((at, list.row(at)?.0.order.no)));
        let shown = rows.filter(|(at, order)| is_in(*at) || ui.marks.kept().contains(order));
        let hidden = ui.marks.kept().iter().copied().filter(|order| !list.shows(*order));
        shown.map(|(_, order)| order).chain(hidden).collect()
    }

    /// How many orders are marked.
    pub fn marked_count(self) -> Marked {
        let (kept, list) = (self.ui.marks.kept(), &self.ui.list);
        let in_range = self.range().into_iter().flatten();
        let added = in_range.filter_map(|at| list.row(at)).filter(|(case, _)| !kept.contains(&case.order.no));
        Marked {
            count: kept.len() + added.count(),
            hidden: kept.iter().filter(|order| !list.shows(**order)).count(),
        }
    }

    /// True when another order than the selected one is marked: nothing is then done that is done to one at a time.
    pub fn marks_others(self) -> bool {
        let marks = &self.ui.marks;
        let selected = self.ui.list.selected();
        marks.kept().iter().any(|order| Some(*order) != selected)
            || self.range().is_some_and(|range| range.start() != range.end())
    }
}
