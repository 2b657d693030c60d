//! What is the matter with the baggage of a case, since when, and what was decided: told from its order and its story
//! alone, so that a restart and every other program on the journal know the same.

use jiff::Timestamp;

use super::decision::{AcceptanceId, Called, Decision, SETTLES, WINDOW};
use crate::domain::{
    case::Case,
    codes::{self, Baggage},
    moment::Moment,
    order::{Order, OrderStatus},
    story::{Happening, OperatorAction, What},
};

impl Order {
    /// What is the matter with its baggage, while it is in ticketing.
    pub fn baggage(&self) -> Option<Baggage> {
        let error = self.ticketing_error.as_ref().filter(|_| self.status == OrderStatus::Ticketing)?;
        codes::ticketing(&error.code).baggage
    }
}

/// The matter with the baggage of a case.
#[derive(Clone, Debug, PartialEq)]
pub struct Trouble {
    /// What it is.
    pub what: Baggage,
    /// The first sign of it, if the story holds one.
    pub since: Option<Since>,
    /// What was decided about it.
    pub standing: Standing,
}

/// The first sign of a matter, by this machine's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Since {
    /// When.
    pub at: Timestamp,
    /// A notification said so before any answer did.
    pub notified: bool,
}

/// What was decided about a loss.
#[derive(Clone, Debug, PartialEq)]
pub enum Standing {
    /// Nothing yet, or nothing that left.
    Open,
    /// It is not borne.
    Refused,
    /// It is accepted: a request left at that moment, or may have; and how it ended, once that is known.
    Accepted(AcceptanceId, Moment, Option<Called>),
}

/// Why a loss is not accepted now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotNow {
    /// The newest answer shows no loss.
    NoLoss,
    /// The baggage cannot be bought: accepting does not help.
    CannotBeBought,
    /// A request left already; whether it took effect is not known yet.
    Asked,
}

impl Case {
    /// What is the matter with its baggage, while it is in ticketing.
    pub fn baggage(&self) -> Option<Trouble> {
        let what = self.order.baggage()?;
        let code = &self.order.ticketing_error.as_ref()?.code;
        let mut since: Option<Since> = None;
        let mut standing = Standing::Open;
        for happening in &self.story {
            let Happening { at, what } = &**happening;
            match what {
                What::Seen { error: Some(error), .. } | What::Notified { error: Some(error), .. }
                    if error == code =>
                {
                    let notified = matches!(what, What::Notified { .. });
                    since.get_or_insert(Since { at: *at, notified });
                }
                // It was over meanwhile: what is decided now is decided anew.
                What::Seen { .. } => (since, standing) = (None, Standing::Open),
                What::OperatorAction(OperatorAction::BaggageLoss(decision)) => standing.on(decision),
                _ => {}
            }
        }
        Some(Trouble { what, since, standing })
    }
}

impl Standing {
    /// The stable word for JSON.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Refused => "refused",
            Self::Accepted(_, _, None) => "accepting",
            Self::Accepted(_, _, Some(called)) => called.word(),
        }
    }

    fn on(&mut self, decision: &Decision) {
        match decision {
            Decision::Accepting { id, sent } => *self = Self::Accepted(*id, *sent, None),
            Decision::Ended { id, called } => {
                if let Self::Accepted(ours, _, ended) = self
                    && ours == id
                {
                    *ended = Some(called.clone());
                    if matches!(called, Called::NotSent(_)) {
                        *self = Self::Open;
                    }
                }
            }
            Decision::Refused => {
                // What may have left is not taken back by it.
                if !matches!(self, Self::Accepted(..)) {
                    *self = Self::Refused;
                }
            }
        }
    }
}

impl Trouble {
    /// When the vendor cancels the order by itself, by this machine's clock; for a loss alone.
    pub fn ends_at(&self) -> Option<Timestamp> {
        Some(self.since.filter(|_| self.what == Baggage::Loss)?.at + WINDOW)
    }

    /// True while nobody has decided what only a person decides.
    pub fn needs_a_person(&self) -> bool {
        self.standing == Standing::Open
    }

    /// True once an acceptance has taken effect by `now` (the vendor's clock), or never will.
    pub fn has_settled(&self, now: Timestamp) -> bool {
        match self.standing {
            Standing::Accepted(_, sent, _) => now.duration_since(sent.now.at) >= SETTLES,
            Standing::Open | Standing::Refused => true,
        }
    }

    /// May the loss be accepted at `now`, by an answer that was asked for at `asked` and showed it?
    pub fn may_accept(&self, asked: Moment) -> Result<(), NotNow> {
        match (self.what, &self.standing) {
            (Baggage::CannotBeBought, _) => Err(NotNow::CannotBeBought),
            (Baggage::Loss, Standing::Accepted(_, sent, _)) if asked.since(*sent) < SETTLES => {
                Err(NotNow::Asked)
            }
            (Baggage::Loss, _) => Ok(()),
        }
    }
}
