//! Webhooks and the incident list: what the vendor announces by itself, when, and how reliably.

use fastrand::Rng;
use jiff::{Timestamp, civil};

use super::{
    happening::Happening,
    hooks::{Delivery, Incident},
    state::World,
};
use crate::sim::{
    chance::{letters, mix},
    notification::{Notification, State, Type},
    order::{Order, moment_digits},
    scenario::HookForm,
    story::Kind,
    time::{Moment, secs},
    words::Carrier,
};

/// `event/getPageList.do`, as asked. What is empty does not filter.
#[derive(Default)]
pub(in crate::sim) struct IncidentFilter {
    pub event_id: Option<String>,
    pub order_no: Option<String>,
    pub kind: Option<String>,
    pub pnr: Option<String>,
    pub pax_name: Option<String>,
    pub pax_email: Option<String>,
    pub airline: Option<String>,
    /// 0 unconfirmed, 1 confirmed; none has been confirmed here.
    pub statuses: Vec<i64>,
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
    /// Of the first flight, at its airport.
    pub departs_from: Option<civil::DateTime>,
    pub departs_to: Option<civil::DateTime>,
    /// From 1.
    pub page: usize,
    pub page_size: usize,
}

/// One page of incidents, newest first, each with its order.
pub(in crate::sim) struct IncidentPage<'a> {
    pub incidents: Vec<(&'a Incident, &'a Order)>,
    pub total: usize,
}

impl World {
    /// `updateWebhookURL.do`: the one address of the account from now on.
    pub(in crate::sim) fn register(&mut self, url: &str, client: &str) {
        self.hooks.url = Some(url.to_owned());
        client.clone_into(&mut self.hooks.client);
    }

    /// The address of the account.
    pub(in crate::sim) fn webhook(&self) -> Option<&str> {
        self.hooks.url.as_deref()
    }

    /// Whose account it is.
    pub(in crate::sim) fn client(&self) -> &str {
        &self.hooks.client
    }

    /// Sends a notification about an order on its way.
    pub(super) fn announce(&mut self, kind: Type, index: usize, at: Moment) {
        if kind == Type::Cancelled && self.switches.hook == HookForm::Never {
            return;
        }
        self.send(kind, State::Changed, Some(index), Vec::new(), at);
    }

    /// Sends the notification that somebody asks for. False when it names an order that nobody has.
    pub(in crate::sim) fn notify(&mut self, notification: &Notification) -> bool {
        let at = self.now;
        let order = match &notification.order {
            Some(order) => match self.index_of_either(order) {
                Some(index) => Some(index),
                None => return false,
            },
            None => None,
        };
        self.send(notification.kind, notification.state, order, notification.airlines.clone(), at);
        true
    }

    fn send(&mut self, kind: Type, state: State, order: Option<usize>, airlines: Vec<Carrier>, at: Moment) {
        let seed = order.map_or(self.setup.seed, |index| self.orders[index].seed);
        let id = format!("{}{}", moment_digits(self.clock.wall(at)), capitals(mix(seed, 0xe7e4)));
        if let (Some(order), true) = (order, kind.is_incident()) {
            self.hooks.incidents.push(Incident { id: id.clone(), kind, order, at });
        }
        let delivery = Delivery { id, kind, state, order, airlines, of: at };
        let rng = &mut Rng::with_seed(mix(seed, 0x40c5 + kind as u64));
        let hooks = self.delivery;
        let [least, most] = hooks.delay.map(|wait| i64::try_from(wait.as_millis()).unwrap_or(i64::MAX));
        let mut delay = rng.i64(least..=most);
        let (lost, doubled, shuffled) =
            (rng.u8(..100) < hooks.lost, rng.u8(..100) < hooks.doubled, rng.u8(..100) < hooks.shuffled);
        let again = rng.i64(500..5_000);
        if shuffled {
            delay += rng.i64(5_000..60_000);
        }
        let fate = match (lost, doubled) {
            (true, _) => "lost",
            (false, true) => "twice",
            (false, false) => "once",
        };
        self.record(at, Kind::Webhook, delivery.order, format!("{} {fate}", kind.name()));
        if lost {
            return;
        }
        if doubled {
            self.decide(at, delay + again, Happening::Deliver(Box::new(delivery.clone())));
        }
        self.decide(at, delay, Happening::Deliver(Box::new(delivery)));
    }

    /// The notifications that are due. Without an address they are gone.
    pub(in crate::sim) fn take_outbox(&mut self) -> Vec<Delivery> {
        std::mem::take(&mut self.hooks.outbox)
    }

    /// Every notification that left, oldest first.
    pub(in crate::sim) fn sent(&self) -> impl ExactSizeIterator<Item = &Delivery> {
        self.hooks.sent.iter()
    }

    /// `event/getPageList.do`.
    pub(in crate::sim) fn incidents(&self, asked: &IncidentFilter) -> IncidentPage<'_> {
        let admits = |(incident, order): &(&Incident, &Order)| {
            let is =
                |wanted: &Option<String>, test: &dyn Fn(&str) -> bool| wanted.as_deref().is_none_or(test);
            let at = self.clock.wall(incident.at);
            let departs = order.routing.flights.first().map(|flight| flight.departs);
            is(&asked.event_id, &|id| incident.id == id)
                && is(&asked.order_no, &|no| order.no.as_str() == no)
                && is(&asked.kind, &|kind| incident.kind.name() == kind)
                && is(&asked.pnr, &|pnr| order.locators().iter().any(|one| one == pnr))
                && is(&asked.pax_name, &|name| order.travellers.iter().any(|one| one.name == name))
                && is(&asked.pax_email, &|mail| order.contact.email.as_deref() == Some(mail))
                && is(&asked.airline, &|code| order.routing.flies(code))
                && (asked.statuses.is_empty() || asked.statuses.contains(&0))
                && asked.from.is_none_or(|from| at >= from)
                && asked.to.is_none_or(|to| at < to + secs(1))
                && asked.departs_from.is_none_or(|from| departs.is_some_and(|departs| departs >= from))
                && asked.departs_to.is_none_or(|to| departs.is_some_and(|departs| departs <= to))
        };
        let all = self.hooks.incidents.iter().rev().map(|one| (one, &self.orders[one.order])).filter(admits);
        let matching: Vec<_> = all.collect();
        let skipped = asked.page.saturating_sub(1).saturating_mul(asked.page_size);
        let total = matching.len();
        IncidentPage { incidents: matching.into_iter().skip(skipped).take(asked.page_size).collect(), total }
    }
}

/// Five of them.
fn capitals(chance: u64) -> String {
    letters(chance, 5)
        .chars()
        .map(|c| c.to_digit(10).and_then(|digit| char::from_digit(digit + 10, 36)).unwrap_or(c))
        .collect::<String>()
        .to_uppercase()
}
