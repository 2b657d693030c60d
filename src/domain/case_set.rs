//! Cases by the numbers of their orders. A case knows its number itself: nothing but the case is kept of it.

use std::{
    borrow::Borrow,
    collections::HashSet,
    hash::{Hash, Hasher},
    sync::Arc,
};

use super::{case::Case, order::OrderNo};

/// At most one case of each order.
#[derive(Clone, Debug, Default)]
pub struct CaseSet(HashSet<Numbered>);

/// A case that counts as equal to every other one of its order.
#[derive(Clone, Debug)]
struct Numbered(Arc<Case>);

impl Borrow<OrderNo> for Numbered {
    fn borrow(&self) -> &OrderNo {
        &self.0.order.no
    }
}

impl PartialEq for Numbered {
    fn eq(&self, other: &Self) -> bool {
        self.0.order.no == other.0.order.no
    }
}

impl Eq for Numbered {}

impl Hash for Numbered {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.order.no.hash(state);
    }
}

impl CaseSet {
    /// The case of an order.
    pub fn get(&self, order: OrderNo) -> Option<&Arc<Case>> {
        self.0.get(&order).map(|Numbered(case)| case)
    }

    /// True if there is one.
    pub fn holds(&self, order: OrderNo) -> bool {
        self.0.contains(&order)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True if there is none of any order.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Puts a case in the place of the one before it, which is returned.
    pub fn put(&mut self, case: Arc<Case>) -> Option<Arc<Case>> {
        self.0.replace(Numbered(case)).map(|Numbered(before)| before)
    }

    /// Takes the case of an order out. The room of those that have gone before it is given back.
    pub fn take(&mut self, order: OrderNo) -> Option<Arc<Case>> {
        let Numbered(case) = self.0.take(&order)?;
        if self.0.len() < self.0.capacity() / 8 {
            self.0.shrink_to_fit();
        }
        Some(case)
    }

    /// All of them, in no order.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Case>> {
        self.0.iter().map(|Numbered(case)| case)
    }

    /// All of them, by number.
    pub fn into_sorted(self) -> Vec<Arc<Case>> {
        let mut cases: Vec<_> = self.0.into_iter().map(|Numbered(case)| case).collect();
        cases.sort_unstable_by_key(|case| case.order.no);
        cases
    }
}
