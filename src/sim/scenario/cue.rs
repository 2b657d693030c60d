//! What a story makes happen, and when.

use jiff::SignedDuration;
use serde::Deserialize;

use super::{named::Named, switches::Switches};
use crate::sim::{
    fault::Fault,
    notification::Notification,
    story::{Kind, Said},
    words::{Method, wait},
};

/// Something that happens at a time or after something else.
#[derive(Clone, Debug)]
pub(in crate::sim) struct Cue {
    pub when: When,
    pub act: Option<Act>,
    pub say: Option<Said>,
}

/// When a cue is played.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sim) enum When {
    /// So long after the start.
    At(SignedDuration),
    /// So long after something first happened to an order.
    After { order: Box<str>, event: Kind, wait: SignedDuration },
}

/// What happens.
#[derive(Clone, Debug)]
pub(in crate::sim) enum Act {
    /// Another desk of the agency pays.
    Pay(PayElsewhere),
    /// An order comes in.
    Arrive(Box<Named>),
    /// Another desk asks to stop ticketing.
    Stop(Box<str>),
    /// The vendor sends a notification.
    Notify(Notification),
    /// Something breaks.
    Break(Box<Fault>),
    /// Everything that was broken works again.
    Mend,
    /// The vendor behaves differently from now on.
    Switch(Box<Switches>),
}

/// A payment of another desk.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sim) struct PayElsewhere {
    pub order: Box<str>,
    pub method: Method,
}

/// As it stands in a file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CueTable {
    #[serde(default, deserialize_with = "wait::optional")]
    at: Option<SignedDuration>,
    after: Option<AfterTable>,
    say: Option<Said>,
    pay: Option<PayElsewhere>,
    arrive: Option<Named>,
    stop: Option<Box<str>>,
    notify: Option<Notification>,
    fault: Option<Fault>,
    mend: Option<bool>,
    switches: Option<Switches>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AfterTable {
    order: Box<str>,
    event: Kind,
    #[serde(default, deserialize_with = "wait::one")]
    wait: SignedDuration,
}

impl<'de> Deserialize<'de> for Cue {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        CueTable::deserialize(from)?.cue().map_err(serde::de::Error::custom)
    }
}

impl CueTable {
    fn cue(self) -> Result<Cue, &'static str> {
        let when = match (self.at, self.after) {
            (Some(at), None) => When::At(at),
            (None, Some(AfterTable { order, event, wait })) => When::After { order, event, wait },
            _ => return Err("a cue needs either `at` or `after`"),
        };
        let acts = [
            self.pay.map(Act::Pay),
            self.arrive.map(|named| Act::Arrive(Box::new(named))),
            self.stop.map(Act::Stop),
            self.notify.map(Act::Notify),
            self.fault.map(|fault| Act::Break(Box::new(fault))),
            self.mend.filter(|mend| *mend).map(|_| Act::Mend),
            self.switches.map(|switches| Act::Switch(Box::new(switches))),
        ];
        let mut acts = acts.into_iter().flatten();
        let (act, more, say) = (acts.next(), acts.next(), self.say);
        if more.is_some() {
            return Err("a cue does one thing; write another [[timeline]] for the next one");
        }
        if act.is_none() && say.is_none() {
            return Err(
                "a cue says or does something: say, pay, arrive, stop, notify, fault, mend or switches",
            );
        }
        Ok(Cue { when, act, say })
    }
}
