//! A state as it is written: a word, and what belongs to it.

use serde::{Deserialize, Serialize};

use crate::domain::{
    attempt::{Doubt, NotSent, State},
    order::OrderNo,
    regeneration,
};

/// A state: its word, a number that belongs to it, the word of its cause, free text, and an order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateRecord {
    /// The state's own word.
    pub state: String,
    /// Vendor status or HTTP status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<i64>,
    /// The kind of doubt, or why nothing was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// Details for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The new order of a regeneration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub child: Option<OrderNo>,
}

impl StateRecord {
    fn plain(state: &str) -> Self {
        Self { state: state.to_owned(), ..Self::default() }
    }

    fn doubt(state: &str, doubt: &Doubt) -> Self {
        let (code, cause, note) = match doubt {
            Doubt::NoAnswer => (None, "noAnswer", None),
            Doubt::Cut(note) => (None, "cut", Some(note)),
            Doubt::Unreadable(note) => (None, "unreadable", Some(note)),
            Doubt::Http(code) => (Some(i64::from(*code)), "http", None),
            Doubt::Status(code) => (Some(*code), "status", None),
            Doubt::Crash => (None, "crash", None),
        };
        Self { code, cause: Some(cause.to_owned()), note: note.cloned(), ..Self::plain(state) }
    }

    fn not_sent(state: &str, reason: &NotSent) -> Self {
        let (cause, note) = match reason {
            NotSent::NoConnection(note) => ("noConnection", Some(note)),
            NotSent::Obstacle(note) => ("obstacle", Some(note)),
            NotSent::Changed(note) => ("changed", Some(note)),
            NotSent::Gate(note) => ("gate", Some(note)),
            NotSent::Interrupted => ("interrupted", None),
        };
        Self { cause: Some(cause.to_owned()), note: note.cloned(), ..Self::plain(state) }
    }

    /// The record of an attempt's state.
    pub fn of(state: &State) -> Self {
        let word = state.word();
        match state {
            State::Refused(code) | State::Rejected(code) => Self { code: Some(*code), ..Self::plain(word) },
            State::InDoubt(doubt) => Self::doubt(word, doubt),
            State::NotSent(reason) => Self::not_sent(word, reason),
            _ => Self::plain(word),
        }
    }

    /// The record of a regeneration's state.
    pub fn of_regeneration(state: &regeneration::State) -> Self {
        use regeneration::State;
        let word = state.word();
        match state {
            State::Made(child) | State::Found(child) => Self { child: Some(*child), ..Self::plain(word) },
            State::Refused(code) => Self { code: Some(*code), ..Self::plain(word) },
            State::InDoubt(doubt) => Self::doubt(word, doubt),
            State::NotSent(reason) => Self::not_sent(word, reason),
            State::Sending | State::NotMade => Self::plain(word),
        }
    }

    fn read_doubt(&self) -> Option<Doubt> {
        let note = || self.note.clone().unwrap_or_default();
        Some(match self.cause.as_deref()? {
            "noAnswer" => Doubt::NoAnswer,
            "cut" => Doubt::Cut(note()),
            "unreadable" => Doubt::Unreadable(note()),
            "http" => Doubt::Http(u16::try_from(self.code?).ok()?),
            "status" => Doubt::Status(self.code?),
            "crash" => Doubt::Crash,
            _ => return None,
        })
    }

    fn read_not_sent(&self) -> Option<NotSent> {
        let note = self.note.clone().unwrap_or_default();
        Some(match self.cause.as_deref()? {
            "noConnection" => NotSent::NoConnection(note),
            "obstacle" => NotSent::Obstacle(note),
            "changed" => NotSent::Changed(note),
            "gate" => NotSent::Gate(note),
            "interrupted" => NotSent::Interrupted,
            _ => return None,
        })
    }

    /// The attempt's state; `None` if a newer version wrote it.
    pub fn read(&self) -> Option<State> {
        Some(match self.state.as_str() {
            "claimed" => State::Claimed,
            "sending" => State::Sending,
            "accepted" => State::Accepted,
            "refused" => State::Refused(self.code?),
            "rejected" => State::Rejected(self.code?),
            "inDoubt" => State::InDoubt(self.read_doubt()?),
            "paid" => State::Paid,
            "ticketed" => State::Ticketed,
            "paidElsewhere" => State::PaidElsewhere,
            "conflict" => State::Conflict,
            "reversed" => State::Reversed,
            "notSent" => State::NotSent(self.read_not_sent()?),
            "notApplied" => State::NotApplied,
            "closed" => State::Closed,
            _ => return None,
        })
    }

    /// The regeneration's state; `None` if a newer version wrote it.
    pub fn read_regeneration(&self) -> Option<regeneration::State> {
        use regeneration::State;
        Some(match self.state.as_str() {
            "sending" => State::Sending,
            "made" => State::Made(self.child?),
            "found" => State::Found(self.child?),
            "inDoubt" => State::InDoubt(self.read_doubt()?),
            "refused" => State::Refused(self.code?),
            "notSent" => State::NotSent(self.read_not_sent()?),
            "notMade" => State::NotMade,
            _ => return None,
        })
    }
}

#[cfg(test)]
fn every_state() -> Vec<State> {
    let note = || "x".to_owned();
    vec![
        State::Claimed,
        State::Sending,
        State::Accepted,
        State::Refused(401),
        State::InDoubt(Doubt::NoAnswer),
        State::InDoubt(Doubt::Cut(note())),
        State::InDoubt(Doubt::Unreadable(note())),
        State::InDoubt(Doubt::Http(502)),
        State::InDoubt(Doubt::Status(9999)),
        State::InDoubt(Doubt::Crash),
        State::Paid,
        State::Ticketed,
        State::PaidElsewhere,
        State::Conflict,
        State::Reversed,
        State::Rejected(403),
        State::NotSent(NotSent::NoConnection(note())),
        State::NotSent(NotSent::Obstacle(note())),
        State::NotSent(NotSent::Changed(note())),
        State::NotSent(NotSent::Gate(note())),
        State::NotSent(NotSent::Interrupted),
        State::NotApplied,
        State::Closed,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_is_read_as_it_was_written() {
        for state in every_state() {
            assert_eq!(StateRecord::of(&state).read().as_ref(), Some(&state));
        }
        let newer = StateRecord { state: "teleported".into(), ..StateRecord::default() };
        assert_eq!(newer.read(), None);
    }
}
