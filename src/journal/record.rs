//! How states and statuses are written: plain words and numbers that any SQL tool can read.

use crate::domain::{
    attempt::{Doubt, NotSent, State},
    order::OrderStatus,
};

/// A state in columns: its word, a number that belongs to it, the word of its cause, and free text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StateRecord {
    /// [`State::word`].
    pub state: String,
    /// Vendor status or HTTP status.
    pub code: Option<i64>,
    /// The kind of doubt, or why nothing was sent.
    pub cause: Option<String>,
    /// Details for people.
    pub note: Option<String>,
}

impl StateRecord {
    /// The columns of `state`.
    pub fn of(state: &State) -> Self {
        let (code, cause, note) = match state {
            State::Refused(code) | State::Rejected(code) => (Some(*code), None, None),
            State::InDoubt(doubt) => match doubt {
                Doubt::NoAnswer => (None, Some("noAnswer"), None),
                Doubt::Cut(note) => (None, Some("cut"), Some(note)),
                Doubt::Unreadable(note) => (None, Some("unreadable"), Some(note)),
                Doubt::Http(code) => (Some(i64::from(*code)), Some("http"), None),
                Doubt::Status(code) => (Some(*code), Some("status"), None),
                Doubt::Crash => (None, Some("crash"), None),
            },
            State::NotSent(reason) => match reason {
                NotSent::NoConnection(note) => (None, Some("noConnection"), Some(note)),
                NotSent::Obstacle(note) => (None, Some("obstacle"), Some(note)),
                NotSent::Changed(note) => (None, Some("changed"), Some(note)),
                NotSent::Gate(note) => (None, Some("gate"), Some(note)),
                NotSent::Interrupted => (None, Some("interrupted"), None),
            },
            _ => (None, None, None),
        };
        Self { state: state.word().to_owned(), code, cause: cause.map(str::to_owned), note: note.cloned() }
    }

    /// The state of these columns; `None` if a newer version wrote them.
    pub fn read(self) -> Option<State> {
        let note = self.note.unwrap_or_default();
        let state = match (self.state.as_str(), self.cause.as_deref(), self.code) {
            ("claimed", ..) => State::Claimed,
            ("sending", ..) => State::Sending,
            ("accepted", ..) => State::Accepted,
            ("refused", _, Some(code)) => State::Refused(code),
            ("rejected", _, Some(code)) => State::Rejected(code),
            ("inDoubt", Some("noAnswer"), _) => State::InDoubt(Doubt::NoAnswer),
            ("inDoubt", Some("cut"), _) => State::InDoubt(Doubt::Cut(note)),
            ("inDoubt", Some("unreadable"), _) => State::InDoubt(Doubt::Unreadable(note)),
            ("inDoubt", Some("http"), Some(code)) => State::InDoubt(Doubt::Http(u16::try_from(code).ok()?)),
            ("inDoubt", Some("status"), Some(code)) => State::InDoubt(Doubt::Status(code)),
            ("inDoubt", Some("crash"), _) => State::InDoubt(Doubt::Crash),
            ("paid", ..) => State::Paid,
            ("ticketed", ..) => State::Ticketed,
            ("paidElsewhere", ..) => State::PaidElsewhere,
            ("conflict", ..) => State::Conflict,
            ("reversed", ..) => State::Reversed,
            ("notSent", Some("noConnection"), _) => State::NotSent(NotSent::NoConnection(note)),
            ("notSent", Some("obstacle"), _) => State::NotSent(NotSent::Obstacle(note)),
            ("notSent", Some("changed"), _) => State::NotSent(NotSent::Changed(note)),
            ("notSent", Some("gate"), _) => State::NotSent(NotSent::Gate(note)),
            ("notSent", Some("interrupted"), _) => State::NotSent(NotSent::Interrupted),
            ("notApplied", ..) => State::NotApplied,
            _ => return None,
        };
        Some(state)
    }
}

/// The number of a status, as on the wire; none for an answer without one.
pub fn status_number(status: OrderStatus) -> Option<i64> {
    match status {
        OrderStatus::Unpaid => Some(0),
        OrderStatus::Ticketing => Some(1),
        OrderStatus::Ticketed => Some(2),
        OrderStatus::Cancelled => Some(-3),
        OrderStatus::Unknown(number) => number,
    }
}

#[cfg(test)]
pub(super) fn every_state() -> Vec<State> {
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
