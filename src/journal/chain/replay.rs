//! The entries once more, by the rules of what they are about.

use std::collections::HashMap;

use crate::{
    domain::{
        attempt::{Attempt, AttemptId},
        regeneration::{Regeneration, RegenerationId},
    },
    journal::fact::{Entry, Fact},
};

/// Something that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The entry, if it is one.
    pub entry: Option<u64>,
    /// What is wrong with it.
    pub what: String,
}

/// Goes through the entries once more by the rules: one that no event explains was not written by this program, however
/// well its hash fits. What it keeps is where each attempt and regeneration stands, and by which entry.
#[derive(Default)]
pub(in crate::journal) struct Replay {
    pub(in crate::journal) entries: u64,
    pub(in crate::journal) redactions: Vec<u64>,
    pub(in crate::journal) attempts: HashMap<AttemptId, (u64, Box<Attempt>)>,
    pub(in crate::journal) regenerations: HashMap<RegenerationId, (u64, Box<Regeneration>)>,
    pub(in crate::journal) faults: Vec<Fault>,
}

impl Replay {
    /// Takes an entry as it is, whatever came before it.
    pub(in crate::journal) fn adopt(&mut self, Entry { seq, fact, .. }: Entry) {
        match fact {
            Fact::Attempt(attempt) => drop(self.attempts.insert(attempt.id, (seq, attempt))),
            Fact::Regeneration(known) => drop(self.regenerations.insert(known.id, (seq, known))),
            _ => {}
        }
    }

    /// Takes the next entry, by the rules.
    pub(in crate::journal) fn take(&mut self, entry: Entry) {
        self.entries += 1;
        let illegal = match &entry.fact {
            Fact::Attempt(attempt) => {
                let step = match self.attempts.get(&attempt.id) {
                    Some((_, before)) => before.may_become(attempt),
                    None => attempt.may_begin(),
                };
                step.err().map(|illegal| format!("attempts: {}: {illegal}", attempt.id))
            }
            Fact::Regeneration(regeneration) => {
                let step = match self.regenerations.get(&regeneration.id) {
                    Some((_, before)) => before.may_become(regeneration),
                    None => regeneration.may_begin(),
                };
                step.err().map(|illegal| format!("regenerations: {}: {illegal}", regeneration.id))
            }
            Fact::Redacted(_) => {
                self.redactions.push(entry.seq);
                None
            }
            Fact::Stop(_)
            | Fact::Seen(_)
            | Fact::Notified(_)
            | Fact::OperatorAction(_)
            | Fact::Alert(..)
            | Fact::Paused(..)
            | Fact::Archived(_)
            | Fact::Foreign(_) => None,
        };
        self.faults.extend(illegal.map(|what| Fault { entry: Some(entry.seq), what }));
        self.adopt(entry);
    }
}
