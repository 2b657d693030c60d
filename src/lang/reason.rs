//! A reason against something as it is shown: what it is about, why, and what mends it, each once.

use serde::Serialize;

use super::{Lang, recovery, wire, words};
use crate::domain::{
    attempt::{NotSent, State},
    codes,
    field::Field,
    obstacle::Obstacle,
    read_error::ReadError,
    recovery::Why,
    subject::{Subject, kept_parts},
};

/// One reason. It serialises as JSON has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// What it is about, by the API's own word.
    pub field: &'static str,
    /// A stable word for programs.
    pub code: String,
    /// Why, without the name of the field.
    pub message: String,
    /// What mends it.
    pub advice: String,
    #[serde(skip)]
    subject: Subject,
    #[serde(skip)]
    lang: Lang,
}

impl Reason {
    /// A reason in words of its own.
    pub fn new(
        lang: Lang,
        subject: Subject,
        code: impl Into<String>,
        message: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self {
            field: subject.word(),
            code: code.into(),
            message: message.into(),
            advice: advice.into(),
            subject,
            lang,
        }
    }

    /// What is against a payment, or a warning about it.
    pub fn of(lang: Lang, obstacle: &Obstacle) -> Self {
        let (message, advice) =
            (words::obstacle_reason(lang, obstacle), words::obstacle_mend(lang, obstacle));
        Self::new(lang, obstacle.subject(), obstacle.code(), message, advice)
    }

    /// Why a way of recovery is closed.
    pub fn of_closed(lang: Lang, why: &Why) -> Self {
        let (message, advice) = (recovery::why(lang, why), recovery::why_mend(lang, why));
        Self::new(lang, why.subject(), why.code(), message, advice)
    }

    /// Why an attempt came to nothing; `None` while it may have come to something, or for a reason of the network.
    pub fn of_attempt(lang: Lang, state: &State) -> Option<Self> {
        match state {
            State::Rejected(status) => {
                let (message, advice) = (words::pay_meaning(lang, *status), words::pay_advice(lang, *status));
                Some(Self::new(lang, codes::pay(*status).about, status.to_string(), message, advice))
            }
            State::NotSent(NotSent::CheckFailed(
                error @ (ReadError::NoSuchOrder | ReadError::Refused { .. }),
            )) => {
                let (message, advice) = (wire::read_error(lang, error), wire::read_mend(lang, error));
                Some(Self::new(lang, Subject::OrderNo, error.word(), message, advice))
            }
            State::NotSent(NotSent::Obstacle(kept)) => {
                let (subject, code) = kept_parts(kept);
                let message = words::kept_reason(lang, code);
                let subject = subject.unwrap_or(Subject::OrderNo);
                Some(Self::new(lang, subject, code, message, words::attempt_advice(lang, state)))
            }
            _ => None,
        }
    }

    /// What it is about and why, as in `post code: at least 5 letters or digits`.
    pub fn named(&self) -> String {
        self.lang.fill("refusal.named", &[("subject", &self.label()), ("reason", &self.message)])
    }

    /// What it is about and what mends it.
    pub fn mend(&self) -> String {
        self.lang.fill("refusal.mend", &[("subject", &self.label()), ("mend", &self.advice)])
    }

    /// The whole of it on one line.
    pub fn line(&self) -> String {
        self.lang.fill(
            "refusal.line",
            &[("subject", &self.label()), ("reason", &self.message), ("mend", &self.advice)],
        )
    }

    /// The name by which a field is given to `--card-stdin`; none for what is no field of a card.
    pub fn given_as(&self) -> Option<&'static str> {
        match self.subject {
            Subject::Entered(Field::OldPaymentSeen) => None,
            Subject::Entered(_) => Some(self.field),
            _ => None,
        }
    }

    /// The whole of it on one line, with the name by which the field is given to `--card-stdin`.
    pub fn entered_line(&self) -> String {
        self.with_name(&self.line())
    }

    /// `line`, with the name by which the field is given to `--card-stdin` if there is one.
    pub fn with_name(&self, line: &str) -> String {
        self.given_as().map_or_else(
            || line.to_owned(),
            |name| self.lang.fill("refusal.given_as", &[("line", &line), ("name", &name)]),
        )
    }

    fn label(&self) -> &'static str {
        words::subject(self.lang, self.subject)
    }
}
