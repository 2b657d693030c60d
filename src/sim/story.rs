//! What happened, as the log of the story has it: in story time, by the names of orders and without anything of the
//! day on which it is played. Two plays of one seed are the same to the byte.

use std::{collections::VecDeque, fmt};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::time::Moment;

/// What can happen, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Kind {
    /// The story begins.
    Opened,
    /// An order came in by itself.
    Arrived,
    /// A client booked it.
    Booked,
    /// The traveller confirmed it on the airline's page.
    Confirmed,
    /// A payment was accepted.
    Paid,
    /// Money was taken.
    Charged,
    Ticketed,
    /// Given up; money that was taken is given back.
    Cancelled,
    /// The payment deadline has passed.
    Lapsed,
    /// It was made from a dead one.
    Regenerated,
    /// Somebody asked to stop ticketing.
    StopAsked,
    /// Ticketing was suspended over the baggage.
    Suspended,
    /// Somebody accepted the loss on the baggage.
    LossAccepted,
    /// A webhook was sent, or lost.
    Webhook,
    /// Something was broken on purpose, or mended.
    Fault,
    /// The presenter has a line.
    Said,
}

impl Kind {
    fn word(self) -> String {
        serde_json::to_value(self).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
    }
}

/// A line of the presenter, in both languages of the console.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Said {
    /// In English.
    pub en: String,
    /// In Simplified Chinese.
    #[serde(rename = "zh-CN")]
    pub zh: String,
}

/// What can be done to the story from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It stands still.
    Paused,
    /// It goes on.
    Resumed,
    /// It skipped to what happens next.
    Stepped,
    /// It goes on at another speed.
    Paced,
    /// It began again, with other orders.
    Reset,
}

/// What whoever watches a demo gets to know beside the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Presented {
    /// The presenter has a line.
    Line(Said),
    /// Somebody did this to the story.
    Turn(Turn),
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Event {
    pub at: Moment,
    pub kind: Kind,
    /// The name of the order that it happened to.
    pub order: Option<Box<str>>,
    /// Details, for people.
    pub detail: String,
    pub said: Option<Said>,
}

impl Event {
    /// As `/_sim/events` shows it. `number` counts from 1.
    fn to_json(&self, number: usize) -> Value {
        json!({
            "number": number,
            "at": self.at.to_string(),
            "event": self.kind,
            "order": self.order,
            "detail": self.detail,
            "say": self.said,
        })
    }
}

impl fmt::Display for Event {
    /// One line of the log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let order = self.order.as_deref().unwrap_or("-");
        write!(f, "{}  {:<11} {order:<12} ", self.at, self.kind.word())?;
        match &self.said {
            Some(Said { en, zh }) => write!(f, "{en} / {zh}"),
            None => f.write_str(&self.detail),
        }
    }
}

/// Everything that happened, the last of it kept.
#[derive(Debug, Default)]
pub(super) struct Story {
    kept: VecDeque<Event>,
    /// How many have been forgotten.
    forgotten: usize,
    /// Up to here `news` has gone.
    read: usize,
}

/// So many events are kept for `/_sim/events`.
const KEPT: usize = 20_000;

impl Story {
    pub(super) fn record(&mut self, event: Event) {
        if self.kept.len() == KEPT {
            self.kept.pop_front();
            self.forgotten += 1;
        }
        self.kept.push_back(event);
    }

    /// Those with a number above `after`.
    pub(super) fn to_json(&self, after: usize) -> Vec<Value> {
        let first = after.saturating_sub(self.forgotten);
        let numbered = self.kept.iter().enumerate().skip(first);
        numbered.map(|(at, event)| event.to_json(self.forgotten + at + 1)).collect()
    }

    /// Everything that was said so far.
    pub(super) fn narration(&self) -> impl Iterator<Item = (Moment, &Said)> {
        self.kept.iter().filter_map(|event| Some((event.at, event.said.as_ref()?)))
    }

    /// What happened since this was asked last.
    pub(super) fn news(&mut self) -> impl Iterator<Item = &Event> {
        let first = self.read.saturating_sub(self.forgotten);
        self.read = self.forgotten + self.kept.len();
        self.kept.iter().skip(first)
    }
}
