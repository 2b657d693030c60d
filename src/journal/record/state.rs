//! A state as it is written: a word, and what belongs to it.

use serde::{Deserialize, Serialize};

use super::read_error::ReadErrorRecord;
use crate::domain::{
    attempt::{Doubt, Gate, NotSent, State},
    baggage::decision::{Called, Decision},
    order::OrderNo,
    regeneration, stop,
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
    /// Why a check, or the request itself, brought nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<ReadErrorRecord>,
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
        let (cause, note, error) = match reason {
            NotSent::NoConnection(error) => ("noConnection", None, Some(error)),
            NotSent::CheckFailed(error) => ("checkFailed", None, Some(error)),
            NotSent::Obstacle(note) => ("obstacle", Some(&**note), None),
            NotSent::Gate(Gate::PayingOff(words)) => ("gate", Some(&**words), None),
            NotSent::Gate(gate) => ("gate", Some(gate.word()), None),
            NotSent::Interrupted => ("interrupted", None, None),
            NotSent::Earlier(note) => ("changed", Some(&**note), None),
        };
        Self {
            cause: Some(cause.to_owned()),
            note: note.map(ToOwned::to_owned),
            error: error.map(ReadErrorRecord::of),
            ..Self::plain(state)
        }
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

    /// The record of what was decided about a loss on baggage.
    pub fn of_baggage_loss(decision: &Decision) -> Self {
        let word = decision.word();
        match decision {
            Decision::Ended { called: Called::NotSent(reason), .. } => Self::not_sent(word, reason),
            Decision::Ended { called: Called::Declined(code), .. } => {
                Self { code: Some(*code), ..Self::plain(word) }
            }
            Decision::Ended { called: Called::InDoubt(doubt), .. } => Self::doubt(word, doubt),
            _ => Self::plain(word),
        }
    }

    /// How the request to accept a loss ended; `None` if a newer version wrote it.
    pub fn read_baggage_loss(&self) -> Option<Called> {
        Some(match self.state.as_str() {
            "notSent" => Called::NotSent(self.read_not_sent()?),
            "taken" => Called::Taken,
            "declined" => Called::Declined(self.code?),
            "inDoubt" => Called::InDoubt(self.read_doubt()?),
            _ => return None,
        })
    }

    /// The record of the state of a request to stop.
    pub fn of_stop(state: &stop::State) -> Self {
        use stop::State;
        let word = state.word();
        match state {
            State::Refused(code) => Self { code: Some(*code), ..Self::plain(word) },
            State::InDoubt(doubt) => Self::doubt(word, doubt),
            State::NotSent(reason) => Self::not_sent(word, reason),
            State::Sending | State::Asked => Self::plain(word),
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
            // Before version 4, every check that failed was called that, in free words.
            "noConnection" => match &self.error {
                Some(error) => NotSent::NoConnection(error.read()),
                None => NotSent::Earlier(note),
            },
            "checkFailed" => NotSent::CheckFailed(self.error.as_ref()?.read()),
            "obstacle" => NotSent::Obstacle(note),
            "changed" => NotSent::Earlier(note),
            "gate" => NotSent::Gate(gate(note)),
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

    /// The state of the request to stop; `None` if a newer version wrote it.
    pub fn read_stop(&self) -> Option<stop::State> {
        use stop::State;
        Some(match self.state.as_str() {
            "sending" => State::Sending,
            "asked" => State::Asked,
            "inDoubt" => State::InDoubt(self.read_doubt()?),
            "refused" => State::Refused(self.code?),
            "notSent" => State::NotSent(self.read_not_sent()?),
            _ => return None,
        })
    }
}

/// The gate of its word, or of the sentence that older versions wrote; any other text is the journal's reason.
fn gate(note: String) -> Gate {
    let of_sentence = match &*note {
        "the last check is older than 10 s" => Some(Gate::CheckTooOld),
        "the deadline has passed" => Some(Gate::DeadlinePassed),
        "the deadline is not known" => Some(Gate::DeadlineUnknown),
        "the program is leaving" => Some(Gate::Leaving),
        "the record was changed by another program" => Some(Gate::Overtaken),
        "it was made from another order, which was not asked for yet" => Some(Gate::ParentNotAsked),
        "a newer answer came meanwhile" => Some(Gate::NewerAnswer),
        "the order is not known" => Some(Gate::UnknownOrder),
        _ => Gate::PLAIN.into_iter().find(|gate| gate.word() == note),
    };
    of_sentence.unwrap_or(Gate::PayingOff(note))
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
        State::NotSent(NotSent::Obstacle(note())),
        State::NotSent(NotSent::Earlier(note())),
        State::NotSent(NotSent::Gate(Gate::PayingOff(note()))),
        State::NotSent(NotSent::Interrupted),
        State::NotApplied,
        State::Closed,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::read_error::{Page, PageKind, ProxyFault, ReadError};

    #[test]
    fn every_state_is_read_as_it_was_written() {
        let errors = || {
            let page = |kind| Page {
                http: 302,
                content_type: Some("text/html".into()),
                kind,
                retry_after_s: Some(7),
            };
            let proxy = |fault| ReadError::NoProxy { proxy: "p:1".into(), fault };
            [
                ReadError::Unreachable { host: "h:443".into(), reason: "refused".into() },
                proxy(ProxyFault::Unreachable("refused".into())),
                proxy(ProxyFault::WantsPassword),
                proxy(ProxyFault::Refused),
                proxy(ProxyFault::Closed),
                ReadError::NoAnswer("cut".into()),
                ReadError::Unauthorised { code: 900, msg: "no".into() },
                ReadError::Limited { retry_after_s: 7 },
                ReadError::NoSuchOrder,
                ReadError::Refused { status: 705, msg: "no".into() },
                ReadError::ForeignPage(page(PageKind::Html)),
                ReadError::ForeignPage(page(PageKind::Redirect(Some("login.example".into())))),
                ReadError::ForeignPage(page(PageKind::Redirect(None))),
                ReadError::ForeignPage(page(PageKind::Empty)),
                ReadError::ForeignPage(page(PageKind::Other)),
                ReadError::NotTheApi("no status".into()),
            ]
        };
        let failed = errors().into_iter().map(NotSent::CheckFailed);
        let unsent = errors().into_iter().map(NotSent::NoConnection).chain(failed);
        let gates = Gate::PLAIN.into_iter().map(NotSent::Gate);
        let not_sent = unsent.chain(gates).map(State::NotSent);
        for state in every_state().into_iter().chain(not_sent) {
            let json = serde_json::to_string(&StateRecord::of(&state)).unwrap();
            assert_eq!(serde_json::from_str::<StateRecord>(&json).unwrap().read().as_ref(), Some(&state));
            assert_eq!(StateRecord::of(&state).read().as_ref(), Some(&state));
        }
        let newer = StateRecord { state: "teleported".into(), ..StateRecord::default() };
        assert_eq!(newer.read(), None);
    }

    #[test]
    fn what_older_versions_wrote_in_free_words_is_still_read() {
        let check = |cause: &str, note: &str, want: NotSent| {
            let json = format!(r#"{{"state":"notSent","cause":"{cause}","note":"{note}"}}"#);
            let record: StateRecord = serde_json::from_str(&json).unwrap();
            assert_eq!(record.read(), Some(State::NotSent(want)), "{json}");
        };
        check("noConnection", "cannot reach h: refused", NotSent::Earlier("cannot reach h: refused".into()));
        check("changed", "amount", NotSent::Earlier("amount".into()));
        check("gate", "the program is leaving", NotSent::Gate(Gate::Leaving));
        check("gate", "the last check is older than 10 s", NotSent::Gate(Gate::CheckTooOld));
        check("gate", "the disk is full", NotSent::Gate(Gate::PayingOff("the disk is full".into())));
    }
}
