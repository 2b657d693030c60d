//! Working together: what people left on an order for each other. Told by the journal alone, and evidence of nothing: no
//! payment is permitted by it, or begun.

use jiff::{SignedDuration, Timestamp};

use super::{
    author::{Author, name},
    group::Group,
    story::OperatorAction,
    text::Text,
};

/// An order is somebody's for so long, unless it is taken again.
pub const LEASE: SignedDuration = SignedDuration::from_mins(10);

/// While a form is open on an order, it is taken again once so much is left.
pub const RENEW_BELOW: SignedDuration = SignedDuration::from_mins(5);

/// What people left on an order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// What was noted, oldest first.
    pub notes: Vec<Note>,
    /// Who took it last, and has not released it; see [`Work::owner_at`].
    pub owner: Option<Owner>,
    /// Until when it is put off; see [`Work::snooze_at`].
    pub snooze: Option<Snooze>,
    /// That it was set aside.
    pub handled: Option<Handled>,
}

/// A note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// When.
    pub at: Timestamp,
    /// Who left it.
    pub by: Text,
    /// What it says.
    pub text: Text,
}

/// Who works on an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The person.
    pub who: Text,
    /// The program that they sit at.
    pub program: Text,
    /// Since when.
    pub since: Timestamp,
    /// When it is nobody's again.
    pub until: Timestamp,
}

impl Owner {
    /// True while the lease lasts.
    pub fn holds(&self, now: Timestamp) -> bool {
        now < self.until
    }

    /// What is left of the lease.
    pub fn left(&self, now: Timestamp) -> SignedDuration {
        self.until.duration_since(now)
    }

    /// The person without the machine.
    pub fn name(&self) -> &str {
        name(&self.who)
    }

    /// True if it is the same person, at whichever program.
    pub fn is_person(&self, author: &Author) -> bool {
        self.who == author.who
    }

    /// True if it is this program.
    pub fn is(&self, author: &Author) -> bool {
        self.program == author.program
    }
}

/// That an order is put off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snooze {
    /// Until then.
    pub until: Timestamp,
    /// Why.
    pub reason: Text,
    /// By whom.
    pub by: Text,
    /// Since when.
    pub at: Timestamp,
}

impl Snooze {
    /// True until it comes back.
    pub fn holds(&self, now: Timestamp) -> bool {
        now < self.until
    }
}

/// That an order was set aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handled {
    /// By whom.
    pub by: Text,
    /// When.
    pub at: Timestamp,
    /// The group that it was in: what it was set aside for.
    pub cause: Group,
    /// It was asked for since, and answered: while that cause is still there, it is back.
    pub is_checked: bool,
}

/// Nothing was left on an order.
pub static NOTHING: Work = Work { notes: Vec::new(), owner: None, snooze: None, handled: None };

impl Work {
    /// Who works on it at `now`, by this machine's clock.
    pub fn owner_at(&self, now: Timestamp) -> Option<&Owner> {
        self.owner.as_ref().filter(|owner| owner.holds(now))
    }

    /// The other person who works on it at `now`: whoever is `us` takes it over with a reason, or leaves it to them.
    pub fn held_by_another(&self, us: &Author, now: Timestamp) -> Option<&Owner> {
        self.owner_at(now).filter(|owner| !owner.is_person(us))
    }

    /// Who works on it at `now` at another program than this one, perhaps the same person.
    pub fn held_elsewhere(&self, us: &Author, now: Timestamp) -> Option<&Owner> {
        self.owner_at(now).filter(|owner| !owner.is(us))
    }

    /// Until when it is put off, while it is.
    pub fn snooze_at(&self, now: Timestamp) -> Option<&Snooze> {
        self.snooze.as_ref().filter(|snooze| snooze.holds(now))
    }

    /// Who has put it away, for however long.
    pub fn put_away_by(&self) -> Option<&Text> {
        let handled = self.handled.as_ref().map(|handled| &handled.by);
        self.snooze.as_ref().map(|snooze| &snooze.by).or(handled)
    }

    /// Takes in what somebody did. False if it says nothing of working together.
    pub fn on_action(&mut self, action: &OperatorAction, by: &Author, at: Timestamp) -> bool {
        let who = || by.who.clone();
        match action {
            OperatorAction::Noted(text) => {
                let place = self.notes.partition_point(|note| note.at <= at);
                self.notes.insert(place, Note { at, by: who(), text: text.clone() });
            }
            OperatorAction::Took { until } | OperatorAction::TookOver { until, .. } => {
                let own = self.owner_at(at).filter(|owner| owner.is(by));
                let since = own.map_or(at, |owner| owner.since);
                self.owner = Some(Owner { who: who(), program: by.program.clone(), since, until: *until });
            }
            OperatorAction::Released => self.owner = None,
            OperatorAction::Snoozed { until, reason } => {
                self.snooze = Some(Snooze { until: *until, reason: reason.clone(), by: who(), at });
                self.handled = None;
            }
            OperatorAction::Woken => self.snooze = None,
            OperatorAction::Handled { group } => {
                self.handled = Some(Handled { by: who(), at, cause: *group, is_checked: false });
                self.snooze = None;
            }
            OperatorAction::Unhandled => self.handled = None,
            OperatorAction::Chose { .. }
            | OperatorAction::Decided { .. }
            | OperatorAction::BaggageLoss(_)
            | OperatorAction::GotLink { .. }
            | OperatorAction::StatedConfirmed
            | OperatorAction::Refused(_)
            | OperatorAction::Registered(_) => return false,
        }
        true
    }

    /// True for an answer, to what was asked at `asked` by this machine's clock, that is the first one since it was handled.
    pub fn is_first_check(&self, asked: Timestamp) -> bool {
        self.handled.as_ref().is_some_and(|handled| asked > handled.at && !handled.is_checked)
    }

    /// True if taking it until then only makes a lease longer that is `by`'s already: no line of its story.
    pub fn is_renewed_by(&self, action: &OperatorAction, by: &Author, at: Timestamp) -> bool {
        matches!(action, OperatorAction::Took { .. }) && self.owner_at(at).is_some_and(|owner| owner.is(by))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_764_000_000 + minute * 60).unwrap()
    }

    fn author(who: &str, program: &str) -> Author {
        Author { who: who.into(), program: program.into() }
    }

    fn took(minute: i64) -> OperatorAction {
        OperatorAction::Took { until: at(minute) }
    }

    #[test]
    fn a_lease_ends_by_itself_and_can_be_renewed_released_and_taken_over() {
        let (li, mei) = (author("li@desk", "1"), author("mei@desk", "2"));
        let mut work = Work::default();
        assert!(work.on_action(&took(10), &li, at(0)));
        let owner = |work: &Work, minute| work.owner_at(at(minute)).map(|owner| owner.name().to_owned());
        assert_eq!(owner(&work, 9).as_deref(), Some("li"));
        assert_eq!(owner(&work, 10), None, "the lease is over at its end");
        assert!(work.is_renewed_by(&took(16), &li, at(6)));
        assert!(!work.is_renewed_by(&took(16), &mei, at(6)));
        work.on_action(&took(16), &li, at(6));
        assert_eq!(work.owner_at(at(15)).unwrap().since, at(0), "renewed, it is theirs since the beginning");
        assert_eq!(work.held_by_another(&mei, at(15)).unwrap().name(), "li");
        assert_eq!(work.held_by_another(&author("li@desk", "3"), at(15)), None, "the same person");
        let over = OperatorAction::TookOver { until: at(17), reason: "li is at lunch".into() };
        work.on_action(&over, &mei, at(7));
        assert_eq!((owner(&work, 8).as_deref(), work.owner.as_ref().unwrap().since), (Some("mei"), at(7)));
        work.on_action(&OperatorAction::Released, &mei, at(8));
        assert_eq!(work, Work::default());
    }

    #[test]
    fn what_is_put_off_and_what_is_handled_take_turns_and_both_are_taken_back() {
        let li = author("li@desk", "1");
        let mut work = Work::default();
        work.on_action(&OperatorAction::Handled { group: Group::Due }, &li, at(0));
        assert_eq!(
            work.handled,
            Some(Handled { by: "li@desk".into(), at: at(0), cause: Group::Due, is_checked: false })
        );
        let snoozed = OperatorAction::Snoozed { until: at(15), reason: "callback".into() };
        work.on_action(&snoozed, &li, at(1));
        assert!(
            work.handled.is_none() && work.snooze_at(at(14)).is_some() && work.snooze_at(at(15)).is_none()
        );
        work.on_action(&OperatorAction::Woken, &li, at(2));
        assert_eq!(work, Work::default());
        work.on_action(&OperatorAction::Handled { group: Group::Due }, &li, at(3));
        work.on_action(&OperatorAction::Unhandled, &li, at(4));
        assert_eq!(work, Work::default());
    }

    #[test]
    fn notes_are_in_the_order_of_their_times_whoever_s_journal_was_read_first() {
        let mut work = Work::default();
        work.on_action(&OperatorAction::Noted("second".into()), &author("li@desk", "1"), at(2));
        work.on_action(&OperatorAction::Noted("first".into()), &author("mei@desk", "2"), at(1));
        let notes: Vec<(&str, &str)> = work.notes.iter().map(|note| (name(&note.by), &*note.text)).collect();
        assert_eq!(notes, [("mei", "first"), ("li", "second")]);
    }

    #[test]
    fn nothing_else_that_an_operator_does_touches_it() {
        let mut work = Work::default();
        let li = author("li@desk", "1");
        assert!(!work.on_action(&OperatorAction::StatedConfirmed, &li, at(0)));
        assert!(!work.on_action(&OperatorAction::Refused("read_only".into()), &li, at(0)));
        assert_eq!(work, Work::default());
    }
}
