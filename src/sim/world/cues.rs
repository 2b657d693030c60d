//! The lines of the scenario: when they are played, and what they make happen.

use std::sync::Arc;

use super::{happening::Happening, state::World};
use crate::sim::{
    chance::{CUES, mix},
    order::{Fate, make},
    scenario::{Act, Named, When},
    story::{Event, Kind},
    time::Moment,
};

impl World {
    /// Gets ready to play the timeline.
    pub(super) fn rehearse(&mut self) {
        let script = Arc::clone(&self.script);
        for (index, cue) in script.timeline().enumerate() {
            match cue.when {
                When::At(wait) => self.decide_at(Moment::START + wait, Happening::Cue(index)),
                When::After { .. } => self.awaiting.push(index),
            }
        }
    }

    /// Something happened to an order: the lines that waited for it are next.
    pub(super) fn wake(&mut self, name: &str, kind: Kind, at: Moment) {
        if self.awaiting.is_empty() {
            return;
        }
        let script = Arc::clone(&self.script);
        let awaiting = std::mem::take(&mut self.awaiting);
        for index in awaiting {
            match script.cue(index).map(|cue| &cue.when) {
                Some(When::After { order, event, wait }) if &**order == name && *event == kind => {
                    self.decide_at(at + *wait, Happening::Cue(index));
                }
                _ => self.awaiting.push(index),
            }
        }
    }

    /// Plays a line. What it asks for may have become impossible by what clients did: then it is only said.
    pub(super) fn play(&mut self, index: usize, at: Moment) {
        let script = Arc::clone(&self.script);
        let Some(cue) = script.cue(index) else { return };
        if let Some(said) = &cue.say {
            let said = Some(said.clone());
            self.story.record(Event { at, kind: Kind::Said, order: None, detail: String::new(), said });
        }
        match &cue.act {
            None => {}
            Some(Act::Pay(pay)) => {
                if let Some(order) = self.names.get(&pay.order) {
                    self.pay_elsewhere(*order, pay.method.0, Fate::Ticket, at);
                }
            }
            Some(Act::Arrive(named)) => self.arrive_named(index, named, at),
            Some(Act::Stop(order)) => {
                if let Some(order) = self.names.get(order) {
                    // An order that is no longer in ticketing cannot be stopped, and nobody minds.
                    let _ = self.ask_to_stop(*order);
                }
            }
            Some(Act::Notify(notification)) => {
                self.notify(notification);
            }
            Some(Act::Break(fault)) => {
                let what = serde_json::to_string(fault).unwrap_or_default();
                self.faults.arm((**fault).clone(), at);
                self.record(at, Kind::Fault, None, what);
            }
            Some(Act::Mend) => {
                self.faults.mend_all();
                self.record(at, Kind::Fault, None, "mended");
            }
            Some(Act::Switch(switches)) => self.switches = **switches,
        }
    }

    fn arrive_named(&mut self, index: usize, named: &Named, at: Moment) {
        let chance = CUES + index as u64;
        let part = named.part.settled(&mut fastrand::Rng::with_seed(mix(self.setup.seed, chance)));
        let name = named.name.clone();
        let wishes = named.wishes();
        let mut order = make::order(self.setup.seed, chance, (part, &wishes), name, self.birth(at));
        if let Some(left) = wishes.left {
            order.deadline = at + left;
        }
        self.come_in(order, at);
    }
}
