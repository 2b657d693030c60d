//! The queues of the console: those that the desk brings along, and behind them the user's own, each a filter with a name.

use crate::{
    console::filter::{Filter, Mistake, Reading},
    domain::triage::Queue,
    lang::{Lang, words},
};

/// A queue of the user's own: a filter with a name.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnQueue {
    name: String,
    filter: Filter,
}

impl OwnQueue {
    /// A queue of that name with the orders that the filter leaves. One that is not written to its end is a mistake here:
    /// the place behind it.
    pub fn read(name: &str, filter: &str, reading: &Reading) -> Result<Self, NotAQueue> {
        let filter = Filter::read(filter, reading).map_err(NotAQueue::Mistake)?;
        match filter.query().unfinished() {
            Some(piece) => Err(NotAQueue::Unfinished(piece.at.end)),
            None => Ok(Self { name: name.to_owned(), filter }),
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Which orders are in it.
    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    /// Reads its filter on another day.
    pub(in crate::console) fn read_again(&mut self, reading: &Reading) {
        self.filter.read_again(reading);
    }
}

/// Why a filter makes no queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotAQueue {
    /// Something in it cannot be read.
    Mistake(Mistake),
    /// It ends, after so many characters, where a value is missing.
    Unfinished(usize),
}

impl NotAQueue {
    /// Where: characters from the start of the filter.
    pub fn at(&self) -> usize {
        match self {
            Self::Mistake(mistake) => mistake.at.start,
            Self::Unfinished(end) => *end,
        }
    }

    /// What is wrong, in words.
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Self::Mistake(mistake) => mistake.text(lang),
            Self::Unfinished(_) => lang.text("filter.unfinished").to_owned(),
        }
    }
}

/// One of the queues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// One that the desk brings along.
    BuiltIn(Queue),
    /// One of the user's own, by its place among them.
    Own(usize),
}

impl Default for Tab {
    fn default() -> Self {
        Self::BuiltIn(Queue::default())
    }
}

impl From<Queue> for Tab {
    fn from(queue: Queue) -> Self {
        Self::BuiltIn(queue)
    }
}

impl Tab {
    /// So many queues may be looked at: those that are built in, and 32 of the user's own.
    pub const MOST: usize = Queue::ALL.len() + 32;

    /// The queue in that place, the first in 0.
    pub fn at(place: usize) -> Self {
        let own = || Self::Own(place - Queue::ALL.len());
        Queue::ALL.get(place).map_or_else(own, |queue| Self::BuiltIn(*queue))
    }

    /// Its place among all.
    pub fn place(self) -> usize {
        match self {
            Self::BuiltIn(queue) => queue as usize,
            Self::Own(own) => Queue::ALL.len() + own,
        }
    }

    /// The same queue where other ones of the user's own were saved: it is told by its name. Everything, if it is gone.
    #[must_use]
    pub fn among(self, own: &[OwnQueue], saved: &[OwnQueue]) -> Self {
        let Self::Own(n) = self else { return self };
        let name = own.get(n).map(OwnQueue::name);
        let again = saved.iter().position(|queue| Some(queue.name()) == name);
        again.map_or_else(Self::default, Self::Own)
    }

    /// The digit that chooses it, if one does.
    pub fn digit(self) -> Option<usize> {
        Some(self.place() + 1).filter(|digit| *digit < 10)
    }
}

/// The name of a queue, in short where there is little room.
pub fn name(tab: Tab, own: &[OwnQueue], lang: Lang, in_short: bool) -> &str {
    match tab {
        Tab::BuiltIn(queue) if in_short => words::queue_short(lang, queue),
        Tab::BuiltIn(queue) => words::queue(lang, queue),
        Tab::Own(n) => own.get(n).map_or("", OwnQueue::name),
    }
}
