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
    /// The requests to accept a loss of this order that left, or may have, oldest first, whatever was seen since: a list
    /// that lags must not make anybody ask twice.
    asked: Vec<(AcceptanceId, Moment)>,
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
        let mut trouble = Trouble { what, since: None, standing: Standing::Open, asked: Vec::new() };
        for happening in &self.story {
            let Happening { at, what, .. } = &**happening;
            match what {
                What::Seen { error: Some(error), .. } | What::Notified { error: Some(error), .. }
                    if error == code =>
                {
                    let notified = matches!(what, What::Notified { .. });
                    trouble.since.get_or_insert(Since { at: *at, notified });
                }
                // It was over meanwhile: what is decided now is decided anew. No order in ticketing was unpaid since.
                What::Seen { status, .. }
                    if !matches!(status, OrderStatus::Unpaid | OrderStatus::Unknown(_)) =>
                {
                    (trouble.since, trouble.standing) = (None, Standing::Open);
                }
                What::OperatorAction(OperatorAction::BaggageLoss(decision)) => trouble.on(decision),
                _ => {}
            }
        }
        Some(trouble)
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
}

impl Trouble {
    fn on(&mut self, decision: &Decision) {
        match decision {
            Decision::Accepting { id, sent } => {
                self.asked.push((*id, *sent));
                self.standing = Standing::Accepted(*id, *sent, None);
            }
            Decision::Ended { id, called } => {
                let never_left = matches!(called, Called::NotSent(_));
                if never_left {
                    self.asked.retain(|(asked, _)| asked != id);
                }
                if let Standing::Accepted(newest, _, ended) = &mut self.standing
                    && newest == id
                {
                    *ended = Some(called.clone());
                    if never_left {
                        self.standing = Standing::Open;
                    }
                }
            }
            // What may have left is not taken back by it.
            Decision::Refused if matches!(self.standing, Standing::Accepted(..)) => {}
            Decision::Refused => self.standing = Standing::Refused,
        }
    }

    /// When the vendor cancels the order by itself, by this machine's clock; for a loss alone.
    pub fn ends_at(&self) -> Option<Timestamp> {
        Some(self.since.filter(|_| self.what == Baggage::Loss)?.at + WINDOW)
    }

    /// True once the last request has taken effect by `now` (the vendor's clock), or never will.
    pub fn has_settled(&self, now: Timestamp) -> bool {
        self.asked.last().is_none_or(|(_, sent)| now.duration_since(sent.now.at) >= SETTLES)
    }

    /// May the loss be accepted, by an answer that was asked for at `asked` and showed it?
    pub fn may_accept(&self, asked: Moment) -> Result<(), NotNow> {
        match self.what {
            Baggage::CannotBeBought => Err(NotNow::CannotBeBought),
            Baggage::Loss if self.asked.last().is_some_and(|(_, sent)| asked.since(*sent) < SETTLES) => {
                Err(NotNow::Asked)
            }
            Baggage::Loss => Ok(()),
        }
    }
}
