//! A list that mostly holds one.

use std::{fmt, ops::Deref, slice};

/// A list that hardly ever grows: a single one lies where the list is kept, without an allocation.
#[derive(Clone)]
pub enum Few<T> {
    /// One.
    One(T),
    /// None, or several.
    Others(Box<[T]>),
}

impl<T> Default for Few<T> {
    fn default() -> Self {
        Self::Others(Box::default())
    }
}

impl<T> Deref for Few<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        match self {
            Self::One(one) => slice::from_ref(one),
            Self::Others(others) => others,
        }
    }
}

impl<T> From<Vec<T>> for Few<T> {
    fn from(mut list: Vec<T>) -> Self {
        match (list.len(), list.pop()) {
            (1, Some(one)) => Self::One(one),
            (_, last) => {
                list.extend(last);
                Self::Others(list.into_boxed_slice())
            }
        }
    }
}

impl<T> FromIterator<T> for Few<T> {
    fn from_iter<I: IntoIterator<Item = T>>(list: I) -> Self {
        let mut list = list.into_iter();
        match (list.next(), list.next()) {
            (Some(one), None) => Self::One(one),
            (first, second) => Self::Others(first.into_iter().chain(second).chain(list).collect()),
        }
    }
}

impl<T> Extend<T> for Few<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, more: I) {
        *self = match std::mem::take(self) {
            Self::One(one) => std::iter::once(one).chain(more).collect(),
            Self::Others(others) => others.into_iter().chain(more).collect(),
        };
    }
}

impl<'a, T> IntoIterator for &'a Few<T> {
    type Item = &'a T;
    type IntoIter = slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: PartialEq> PartialEq for Few<T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<T: Eq> Eq for Few<T> {}

impl<T: fmt::Debug> fmt::Debug for Few<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_the_same_however_it_is_kept() {
        for length in 0..4 {
            let list: Vec<u8> = (0..length).collect();
            let few: Few<u8> = list.iter().copied().collect();
            assert_eq!(*few, *list);
            assert_eq!(matches!(few, Few::One(_)), length == 1);
            assert_eq!(few, Few::from(list.clone()));
            let mut grown = Few::default();
            list.iter().for_each(|n| grown.extend([*n]));
            assert_eq!(few, grown);
            assert_eq!(few, Few::Others((0..length).collect()), "one list is as good as another");
        }
    }
}
