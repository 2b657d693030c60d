//! How a command ends: the exit codes of the contract, and refusals.

use std::process::ExitCode;

use serde::Serialize;

use super::checks::CheckLine;
pub use crate::domain::attempt::Charged;
use crate::{
    atlas::ReadError,
    config::ConfigError,
    desk::hub::Closed,
    domain::{
        attempt::{Attempt, NotSent, State},
        subject::Subject,
    },
    lang::{Lang, reason::Reason, wire, words},
};

/// The exit codes. Other programs decide by them whether money may have moved, so 1 and 4 are used only where it is
/// certain that it has not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0: done; for a payment: accepted.
    Done,
    /// 1: refused or failed, nothing charged.
    Refused,
    /// 2: wrong usage or configuration.
    Usage,
    /// 3: charged or not is not yet known.
    Unknown,
    /// 4: not reachable or not authorised, nothing sent.
    Unreachable,
    /// 143, as a shell says of SIGTERM: the console was said to stop, or its terminal went away.
    Stopped,
    /// 141, as a shell says of SIGPIPE: whoever read our output has gone. It had enough, so nothing is said.
    PipeClosed,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Refused => 1,
            Exit::Usage => 2,
            Exit::Unknown => 3,
            Exit::Unreachable => 4,
            Exit::Stopped => 143,
            Exit::PipeClosed => 141,
        })
    }
}

/// What an attempt's last known state means to the caller: the exit code, and whether money moved.
pub(super) fn of_attempt(state: &State) -> (Exit, Charged) {
    let exit = match state {
        State::Ticketed | State::Accepted | State::Paid => Exit::Done,
        State::NotSent(reason) => of_not_sent(reason),
        State::PaidElsewhere | State::Rejected(_) | State::NotApplied => Exit::Refused,
        State::Claimed
        | State::Sending
        | State::Refused(_)
        | State::InDoubt(_)
        | State::Conflict
        | State::Reversed
        | State::Closed => Exit::Unknown,
    };
    (exit, state.charged())
}

/// What it is about that a desk begins nothing.
pub(super) fn about_closed(closed: &Closed) -> Subject {
    match closed {
        Closed::ReadOnly => Subject::ReadOnly,
        Closed::Leaving => Subject::OrderNo,
        Closed::Journal(_) => Subject::Journal,
    }
}

/// A command that does not do what it was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// How to exit.
    pub exit: Exit,
    /// A stable word for programs.
    pub code: String,
    /// What is wrong.
    pub message: String,
    /// What mends it; may be empty.
    pub advice: String,
    /// Whether money may have moved.
    pub charged: Charged,
    /// What it is refused for, each with its field; none where it is no refusal, as when nobody answers.
    pub reasons: Vec<Reason>,
    /// What was looked at before it, where a dry run was asked for.
    pub checks: Box<[CheckLine]>,
}

impl Failure {
    /// A failure before anything was sent.
    pub fn new(
        exit: Exit,
        code: impl Into<String>,
        message: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self {
            exit,
            code: code.into(),
            message: message.into(),
            advice: advice.into(),
            charged: Charged::No,
            reasons: Vec::new(),
            checks: Box::default(),
        }
    }

    /// A refusal before anything was sent; `subject` is what it is about.
    #[must_use]
    pub fn about(self, lang: Lang, subject: Subject) -> Self {
        let reason = Reason::new(lang, subject, &*self.code, &*self.message, &*self.advice);
        Self { reasons: vec![reason], ..self }
    }

    /// A refusal for these reasons, the one that decides first; nothing was sent.
    pub fn refused(lang: Lang, reasons: Vec<Reason>) -> Self {
        let (code, message, advice) = match &*reasons {
            [only] => (only.code.clone(), only.named(), only.advice.clone()),
            _ => (
                reasons.first().map_or(String::new(), |first| first.code.clone()),
                lang.fill("refusal.many", &[("count", &reasons.len())]),
                lang.text("refusal.mend_all").to_owned(),
            ),
        };
        Self { reasons, ..Self::new(Exit::Refused, code, message, advice) }
    }

    /// For people: a single reason is the message itself.
    pub fn lines(&self) -> String {
        let (message, many) = match &*self.reasons {
            [only] => (only.with_name(&self.message), &[][..]),
            many => (self.message.clone(), many),
        };
        let advice = Some(self.advice.clone()).filter(|advice| !advice.is_empty());
        let below = many.iter().map(Reason::entered_line).chain(advice).map(|line| format!("\n  {line}"));
        format!("paydesk: {message}{}", below.collect::<String>())
    }

    /// The document for `--json`.
    pub fn document(&self) -> impl Serialize {
        #[derive(Serialize)]
        struct Document {
            error: Error,
        }
        #[derive(Serialize)]
        struct Error {
            code: String,
            message: String,
            advice: String,
            charged: Charged,
            reasons: Vec<Reason>,
            #[serde(skip_serializing_if = "<[CheckLine]>::is_empty")]
            checks: Box<[CheckLine]>,
        }
        let Self { code, message, advice, charged, reasons, checks, .. } = self.clone();
        Document { error: Error { code, message, advice, charged, reasons, checks } }
    }
}

/// A configuration that is refused.
pub(super) fn configuration(lang: Lang, error: &ConfigError) -> Failure {
    Failure::new(Exit::Usage, "configuration", error.said(lang), lang.text("config_error.advice"))
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            return Self::new(Exit::PipeClosed, "pipe_closed", "", "");
        }
        Self::new(Exit::Refused, "system", error.to_string(), "")
    }
}

/// While an attempt of the lineage may have charged, nothing is begun, and nobody is said that nothing was charged.
pub(super) fn unsettled(lang: Lang, attempt: &Attempt) -> Failure {
    let state = words::attempt_state(lang, &attempt.state);
    let message = format!("{}  {}  {state}", attempt.order, attempt.amount);
    let failure = Failure::new(Exit::Unknown, "attempt_open", message, lang.text("recover.doubt"));
    Failure { charged: Charged::Unknown, ..failure.about(lang, Subject::OrderNo) }
}

/// How a command ends whose request never left.
pub(super) fn of_not_sent(reason: &NotSent) -> Exit {
    match reason {
        NotSent::NoConnection(error) | NotSent::CheckFailed(error) => of_read(error),
        _ => Exit::Refused,
    }
}

/// How a command ends that could not go on without the answer: the API refuses, or it was not there.
fn of_read(error: &ReadError) -> Exit {
    match error {
        ReadError::NoSuchOrder | ReadError::Refused { .. } => Exit::Refused,
        ReadError::Unauthorised { .. }
        | ReadError::Limited { .. }
        | ReadError::Unreachable { .. }
        | ReadError::NoProxy { .. }
        | ReadError::NoAnswer(_)
        | ReadError::ForeignPage(_)
        | ReadError::NotTheApi(_) => Exit::Unreachable,
    }
}

/// A read that brought nothing.
pub(super) fn unanswered(lang: Lang, error: &ReadError) -> Failure {
    let (exit, code) = (of_read(error), error.word());
    let failure = Failure::new(exit, code, wire::read_error(lang, error), wire::read_mend(lang, error));
    if exit == Exit::Refused { failure.about(lang, Subject::OrderNo) } else { failure }
}

#[cfg(test)]
mod tests {
    use crate::domain::attempt::Doubt;

    use super::*;
    use crate::domain::attempt::Gate;

    fn unreachable() -> ReadError {
        ReadError::Unreachable { host: "h:443".into(), reason: "refused".into() }
    }

    #[test]
    fn an_exit_code_never_denies_a_charge_that_is_possible() {
        let check = |state: State, exit: Exit, charged: Charged| {
            assert_eq!(of_attempt(&state), (exit, charged), "{state:?}");
        };
        check(State::Ticketed, Exit::Done, Charged::Yes);
        check(State::Accepted, Exit::Done, Charged::Unknown);
        check(State::Paid, Exit::Done, Charged::Unknown);
        check(State::PaidElsewhere, Exit::Refused, Charged::No);
        check(State::Rejected(401), Exit::Refused, Charged::No);
        check(State::NotApplied, Exit::Refused, Charged::No);
        check(State::NotSent(NotSent::NoConnection(unreachable())), Exit::Unreachable, Charged::No);
        check(State::NotSent(NotSent::Obstacle("deadline_passed".into())), Exit::Refused, Charged::No);
        check(State::NotSent(NotSent::CheckFailed(unreachable())), Exit::Unreachable, Charged::No);
        check(State::NotSent(NotSent::CheckFailed(ReadError::NoSuchOrder)), Exit::Refused, Charged::No);
        check(State::NotSent(NotSent::Earlier("amount".into())), Exit::Refused, Charged::No);
        check(State::NotSent(NotSent::Gate(Gate::Leaving)), Exit::Refused, Charged::No);
        check(State::NotSent(NotSent::Interrupted), Exit::Refused, Charged::No);
        check(State::Claimed, Exit::Unknown, Charged::Unknown);
        check(State::Sending, Exit::Unknown, Charged::Unknown);
        check(State::Refused(412), Exit::Unknown, Charged::Unknown);
        check(State::InDoubt(Doubt::NoAnswer), Exit::Unknown, Charged::Unknown);
        check(State::InDoubt(Doubt::Status(411)), Exit::Unknown, Charged::Unknown);
        check(State::InDoubt(Doubt::Http(500)), Exit::Unknown, Charged::Unknown);
        check(State::InDoubt(Doubt::Crash), Exit::Unknown, Charged::Unknown);
        check(State::Conflict, Exit::Unknown, Charged::Unknown);
        check(State::Reversed, Exit::Unknown, Charged::Unknown);
    }

    #[test]
    fn a_read_that_fails_says_whether_the_api_was_there() {
        let check =
            |error: ReadError, exit: Exit| assert_eq!(unanswered(Lang::En, &error).exit, exit, "{error:?}");
        check(ReadError::NoSuchOrder, Exit::Refused);
        check(ReadError::Refused { status: 999, msg: "".into() }, Exit::Refused);
        check(ReadError::Unauthorised { code: 900, msg: "".into() }, Exit::Unreachable);
        check(ReadError::Unreachable { host: "h".into(), reason: "r".into() }, Exit::Unreachable);
        check(ReadError::NoAnswer(String::new()), Exit::Unreachable);
        check(ReadError::NotTheApi(String::new()), Exit::Unreachable);
        check(ReadError::Limited { retry_after_s: 9 }, Exit::Unreachable);
    }
}
