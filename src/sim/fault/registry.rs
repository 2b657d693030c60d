//! The faults that are armed.

use fastrand::Rng;

use super::{
    definition::Fault,
    effect::{Effect, Wire},
};
use crate::{
    domain::method::PaymentMethod,
    sim::{
        chance::mix,
        endpoint::Endpoint,
        order::{Fate, Order},
        time::Moment,
    },
};

/// What a request is about, as far as a fault asks.
pub(in crate::sim) struct Target<'a> {
    pub endpoint: Endpoint,
    pub order: Option<&'a Order>,
    pub method: Option<PaymentMethod>,
}

/// An armed fault.
#[derive(Clone, Debug)]
struct Armed {
    number: u32,
    fault: Fault,
    until: Moment,
    met: u32,
}

/// All that are armed, oldest first.
#[derive(Clone, Debug)]
pub(in crate::sim) struct Faults {
    armed: Vec<Armed>,
    next: u32,
    chance: Rng,
}

impl Faults {
    pub(in crate::sim) fn new(seed: u64) -> Self {
        Self { armed: Vec::new(), next: 1, chance: Rng::with_seed(seed) }
    }

    /// Arms a fault, and gives the number by which it is mended.
    pub(in crate::sim) fn arm(&mut self, fault: Fault, now: Moment) -> u32 {
        let number = self.next;
        self.next += 1;
        let until = fault.lasts.map_or(Moment::NEVER, |lasts| now + lasts);
        self.armed.push(Armed { number, fault, until, met: 0 });
        number
    }

    /// Disarms one. False when there is none of that number.
    pub(in crate::sim) fn mend(&mut self, number: u32) -> bool {
        let before = self.armed.len();
        self.armed.retain(|armed| armed.number != number);
        self.armed.len() < before
    }

    /// Disarms all.
    pub(in crate::sim) fn mend_all(&mut self) {
        self.armed.clear();
    }

    /// Those that are armed at `now`, with their numbers and how often each was met.
    pub(in crate::sim) fn armed(&self, now: Moment) -> impl Iterator<Item = (u32, u32, &Fault)> {
        self.armed
            .iter()
            .filter(move |armed| now < armed.until)
            .map(|armed| (armed.number, armed.met, &armed.fault))
    }

    /// The first fault that this request meets, once: of those that change its answer.
    pub(in crate::sim) fn meet(&mut self, target: &Target<'_>, now: Moment) -> Option<Fault> {
        self.take(now, None, |fault| fault.effect.is_of_answers() && fault.is_about(target))
    }

    /// How the ticketing fault that a payment meets, once, ends it.
    pub(in crate::sim) fn meet_fate(&mut self, target: &Target<'_>, now: Moment) -> Option<Fate> {
        let fits = |fault: &Fault| matches!(fault.effect, Effect::Ticketing { .. }) && fault.is_about(target);
        let Effect::Ticketing { code } = self.take(now, target.order, fits)?.effect else { return None };
        Some(code)
    }

    /// The price fault that a regeneration meets, once: thousandths of the old fare.
    pub(in crate::sim) fn meet_price(&mut self, target: &Target<'_>, now: Moment) -> Option<i64> {
        let fits = |fault: &Fault| matches!(fault.effect, Effect::Price { .. }) && fault.is_about(target);
        let Effect::Price { permille } = self.take(now, target.order, fits)?.effect else { return None };
        Some(permille)
    }

    /// After how many bytes a new connection is reset, whatever it asks.
    pub(in crate::sim) fn meet_connection(&mut self, now: Moment) -> Option<usize> {
        let fits = |fault: &Fault| matches!(fault.effect, Effect::Wire(Wire::Reset { bytes: Some(_) }));
        let Effect::Wire(Wire::Reset { bytes }) = self.take(now, None, fits)?.effect else { return None };
        bytes
    }

    /// For how many seconds nobody listens from now on.
    pub(in crate::sim) fn meet_refusal(&mut self, now: Moment) -> Option<u64> {
        let fits = |fault: &Fault| matches!(fault.effect, Effect::Wire(Wire::Refuse { .. }));
        let Effect::Wire(Wire::Refuse { seconds }) = self.take(now, None, fits)?.effect else { return None };
        Some(seconds)
    }

    /// The first that fits and, where it meets a share, whose dice say so. What becomes of an order is a matter
    /// of that order, and does not depend on what others ask.
    fn take(&mut self, now: Moment, of: Option<&Order>, fits: impl Fn(&Fault) -> bool) -> Option<Fault> {
        self.armed.retain(|armed| now < armed.until);
        let chance = &mut self.chance;
        let mut hits = |armed: &Armed| {
            let dice = |rng: &mut Rng| rng.u8(..100) < armed.fault.share;
            let of_order = of.map(|order| Rng::with_seed(mix(order.seed, u64::from(armed.number))));
            of_order.map_or_else(|| dice(chance), |mut rng| dice(&mut rng))
        };
        let at = self.armed.iter().position(|armed| fits(&armed.fault) && hits(armed))?;
        let armed = &mut self.armed[at];
        armed.met += 1;
        let fault = armed.fault.clone();
        if fault.times.is_some_and(|times| armed.met >= times) {
            self.armed.remove(at);
        }
        Some(fault)
    }
}

impl Effect {
    fn is_of_answers(self) -> bool {
        !self.is_blind() && !matches!(self, Self::Ticketing { .. } | Self::Price { .. })
    }
}

impl Fault {
    fn is_about(&self, target: &Target<'_>) -> bool {
        self.endpoint.is_none_or(|endpoint| endpoint == target.endpoint)
            && self.order.as_deref().is_none_or(|wanted| {
                target.order.is_some_and(|order| &*order.name == wanted || order.no.as_str() == wanted)
            })
            && self
                .airline
                .is_none_or(|airline| target.order.is_some_and(|order| order.routing.flies(airline.0.code)))
            && self.method.is_none_or(|method| target.method == Some(method.0))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::sim::time::secs;

    fn fault(value: serde_json::Value) -> Fault {
        serde_json::from_value(value).unwrap()
    }

    fn target(endpoint: Endpoint) -> Target<'static> {
        Target { endpoint, order: None, method: None }
    }

    #[test]
    fn a_fault_meets_what_it_is_about_as_often_as_it_says() {
        let mut faults = Faults::new(1);
        faults.arm(
            fault(json!({ "fault": "status", "status": 9999, "endpoint": "pay.do", "times": 2 })),
            Moment::START,
        );
        assert_eq!(faults.meet(&target(Endpoint::Query), Moment::START), None);
        for _ in 0..2 {
            let met = faults.meet(&target(Endpoint::Pay), Moment::START).map(|fault| fault.effect);
            assert_eq!(met, Some(Effect::Status { status: 9999 }));
        }
        assert_eq!(faults.meet(&target(Endpoint::Pay), Moment::START), None);
    }

    #[test]
    fn a_fault_lasts_as_long_as_it_says_and_meets_its_share() {
        let mut faults = Faults::new(1);
        let number =
            faults.arm(fault(json!({ "fault": "hang", "share": 30, "lasts": "10m" })), Moment::START);
        let at = |seconds| Moment::after(secs(seconds));
        let mut met = |seconds| {
            (0..1_000).filter(|_| faults.meet(&target(Endpoint::List), at(seconds)).is_some()).count()
        };
        assert!((230..370).contains(&met(599)), "a third or so");
        assert_eq!(met(600), 0);
        assert!(!faults.mend(number), "it is gone by itself");
    }

    #[test]
    fn ticketing_and_connections_have_faults_of_their_own() {
        let mut faults = Faults::new(1);
        let first = faults.arm(fault(json!({ "fault": "ticketing", "code": 603 })), Moment::START);
        faults.arm(fault(json!({ "fault": "reset", "bytes": 10 })), Moment::START);
        assert_eq!(faults.armed(Moment::START).count(), 2);
        assert_eq!(faults.meet(&target(Endpoint::Pay), Moment::START), None);
        assert_eq!(faults.meet_connection(Moment::START), Some(10));
        assert_eq!(faults.meet_fate(&target(Endpoint::Pay), Moment::START), Some(Fate::Fail(603)));
        assert!(!faults.mend(first), "it was met once");
        assert_eq!(faults.armed(Moment::START).count(), 0);
    }

    #[test]
    fn a_fault_is_read_and_written_alike_and_a_wrong_one_says_why() {
        for written in [
            json!({ "fault": "cut", "bytes": 40, "applied": true, "endpoint": "pay.do", "times": 1, "share": 100 }),
            json!({ "fault": "ticketing", "code": "hang", "airline": "VY", "share": 50, "lasts": "10m", "applied": false }),
            json!({ "fault": "types", "order": "hero", "method": "vcc", "times": 3, "share": 100, "applied": true }),
        ] {
            assert_eq!(serde_json::to_value(fault(written.clone())).unwrap(), written);
        }
        let check = |value: serde_json::Value, word: &str| {
            let error = serde_json::from_value::<Fault>(value).unwrap_err().to_string();
            assert!(error.contains(word), "{error}");
        };
        check(json!({ "fault": "cut" }), "needs `bytes`");
        check(json!({ "fault": "cut", "bytes": 1, "seconds": 3 }), "no use for `seconds`");
        check(json!({ "fault": "storm" }), "there are status, ticketing");
        check(json!({ "fault": "ticketing", "code": 1 }), "1 is no code");
        check(json!({ "fault": "html", "status": 99 }), "from 200 to 599");
        check(json!({ "fault": "hang", "share": 0 }), "from 1 to 100");
        check(json!({ "fault": "hang", "endpoint": "payment.do" }), "unknown variant `payment.do`");
        check(json!({ "fault": "hang", "times": 0 }), "at least 1");
        check(json!({ "fault": "gzip-bomb", "mebibytes": 5000 }), "from 1 to 1024");
        check(json!({ "fault": "reset", "bytes": 9, "endpoint": "pay.do" }), "before anything is known");
        check(json!({ "fault": "hang", "colour": 1 }), "unknown field `colour`");
    }
}
