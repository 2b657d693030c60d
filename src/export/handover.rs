//! The handover of a shift for the next one: how much there is of everything, then the orders by what they need, each with
//! its next step, and what was done, noted and put off.

use jiff::{Timestamp, tz::TimeZone};

use super::{
    report::{Part, Report},
    times::{local, time_left},
};
use crate::{
    domain::{
        airline_trouble::AirlineTroubles,
        alert::Listed,
        attempt::Attempt,
        author,
        away::Away,
        handover::{Deed, Done, Handed, Handover, InFlight},
        moment::Now,
        order::{Airline, OrderStatus},
        outlay::Outlay,
        story::What,
        time_limit::{TimeLimit, time_limits},
        triage::{NextStep, Queue, triage},
        work::{Handled, Note, Snooze},
    },
    lang::{Lang, alert as alert_words, recovery, time_limit, words},
};

/// What a handover is told from.
#[derive(Clone, Debug)]
pub struct Pack<'a> {
    /// LIVE, SANDBOX or DEMO.
    pub stage: &'static str,
    /// Who hands over, with the machine: `li@desk`.
    pub who: &'a str,
    /// Since when the shift is theirs.
    pub since: Timestamp,
    /// What is handed over.
    pub handover: Handover<'a>,
    /// The alerts that nobody has acknowledged.
    pub alerts: Vec<Listed>,
    /// The airlines that are in trouble.
    pub troubles: &'a AirlineTroubles,
    /// The language.
    pub lang: Lang,
    /// The desk's own time zone.
    pub zone: &'a TimeZone,
    /// The time by all clocks.
    pub now: Now,
}

impl Pack<'_> {
    /// For people.
    pub fn report(&self) -> Report {
        let (lang, handover) = (self.lang, &self.handover);
        let parts = [
            self.counts(),
            self.orders(words::queue(lang, Queue::Action), &handover.action),
            self.doubts(),
            self.orders(lang.text("handover.due"), &handover.due),
            self.in_flight(),
            self.alerts(),
            self.notes(),
            self.snoozed(),
            self.handled(),
            self.done(),
        ];
        let [since, at] = [self.since, self.now.wall].map(|at| local(at, self.zone));
        let about = lang.fill("handover.about", &[("who", &self.who), ("since", &since), ("at", &at)]);
        Report {
            title: format!("{} {}", self.stage, lang.text("handover.title")),
            about,
            parts: parts.into_iter().filter(|part| !part.rows.is_empty()).collect(),
        }
    }

    fn counts(&self) -> Part {
        let (lang, handover) = (self.lang, &self.handover);
        let queues =
            handover.counts.iter().map(|(queue, count)| (words::queue(lang, *queue).to_owned(), *count));
        let others = [
            ("handover.due", handover.due.len()),
            ("handover.in_flight", handover.in_flight.len()),
            ("handover.alerts", self.alerts.len()),
            ("handover.notes", handover.notes.len()),
            ("handover.snoozed", handover.snoozed.len()),
            ("handover.handled", handover.handled.len()),
        ];
        let others = others.into_iter().map(|(key, count)| (lang.text(key).to_owned(), count));
        let done = (self.done_title(), handover.done.len());
        let row = |(name, count): (String, usize)| vec![name, count.to_string()];
        Part {
            heads: self.heads(&["handover.queue", "handover.count"]),
            rows: queues.chain(others).chain([done]).map(row).collect(),
            ..Part::default()
        }
    }

    fn heads(&self, keys: &[&'static str]) -> Vec<String> {
        keys.iter().map(|key| self.lang.text(key).to_owned()).collect()
    }

    /// A section under its name and how many it has.
    fn part(&self, title: &str, heads: &[&'static str], rows: impl Iterator<Item = Vec<String>>) -> Part {
        let rows: Vec<_> = rows.collect();
        let count = rows.len();
        let title = self.lang.fill("handover.section", &[("title", &title), ("count", &count)]);
        Part { title, heads: self.heads(heads), rows }
    }

    fn orders(&self, title: &str, orders: &[Handed<'_>]) -> Part {
        let heads = [
            "orders.order",
            "orders.deadline",
            "orders.amount",
            "orders.flight",
            "show.owner",
            "handover.state",
            "show.next",
        ];
        let row = |order: &Handed<'_>| {
            let known = &order.case.order;
            let airlines: Vec<&str> = known.airlines.iter().map(Airline::code).collect();
            let owner = order.case.work().owner_at(self.now.wall).map(|owner| owner.name().to_owned());
            vec![
                known.no.to_string(),
                self.left(order),
                Outlay::of(known).map(|outlay| outlay.amount.to_string()).unwrap_or_default(),
                format!("{} {}", airlines.join("+"), known.route()),
                owner.unwrap_or_default(),
                self.state(order),
                self.next(order),
            ]
        };
        self.part(title, &heads, orders.iter().map(row))
    }

    /// What the next shift must know to ask the vendor's support.
    fn doubts(&self) -> Part {
        let heads = ["handover.support", "handover.attempt", "handover.answers", "show.next"];
        let row = |order: &Handed<'_>| {
            let attempt = order.case.attempt()?;
            Some(vec![
                words::asked_of_support(self.lang, attempt),
                attempt.id.to_string(),
                self.answers(attempt),
                self.next(order),
            ])
        };
        let rows = self.handover.in_doubt.iter().filter_map(row);
        self.part(words::queue(self.lang, Queue::InDoubt), &heads, rows)
    }

    fn in_flight(&self) -> Part {
        let heads = ["handover.since", "orders.order", "handover.what"];
        let row = |(order, flight): &(Handed<'_>, InFlight<'_>)| {
            let (since, what) = match flight {
                InFlight::Payment(attempt) => (attempt.claimed_at, self.payment(attempt)),
                InFlight::Regeneration(regeneration) => {
                    (regeneration.sent.now.wall, recovery::regeneration(self.lang, &regeneration.state))
                }
            };
            vec![self.time(since), order.case.order.no.to_string(), what]
        };
        self.part(self.lang.text("handover.in_flight"), &heads, self.handover.in_flight.iter().map(row))
    }

    fn alerts(&self) -> Part {
        let lang = self.lang;
        let row = |listed: &Listed| {
            let order = listed.cause().order().and_then(|order| self.handover.order(order));
            let key = listed.alert.key;
            let next = match order {
                _ if listed.is_over => lang.text("alert.over").to_owned(),
                Some(order) => self.next(order),
                None => alert_words::around(lang, listed.cause()).to_owned(),
            };
            vec![
                self.time(listed.alert.raised_at),
                listed.cause().order().map(|order| order.to_string()).unwrap_or_default(),
                alert_words::matter(lang, key, order.map(|order| order.case)),
                next,
            ]
        };
        let heads = ["handover.since", "orders.order", "handover.what", "show.next"];
        self.part(lang.text("handover.alerts"), &heads, self.alerts.iter().map(row))
    }

    fn notes(&self) -> Part {
        let row = |(order, note): &(Handed<'_>, &Note)| {
            let by = author::name(&note.by).to_owned();
            vec![order.case.order.no.to_string(), self.time(note.at), by, note.text.to_string()]
        };
        let heads = ["orders.order", "handover.at", "handover.by", "handover.note"];
        self.part(self.lang.text("handover.notes"), &heads, self.handover.notes.iter().map(row))
    }

    fn snoozed(&self) -> Part {
        let row = |(order, snooze): &(Handed<'_>, &Snooze)| {
            vec![
                order.case.order.no.to_string(),
                self.time(snooze.until),
                snooze.reason.to_string(),
                author::name(&snooze.by).to_owned(),
                self.left(order),
                self.next(order),
            ]
        };
        let heads = [
            "orders.order",
            "handover.until",
            "handover.reason",
            "handover.by",
            "orders.deadline",
            "show.next",
        ];
        self.part(self.lang.text("handover.snoozed"), &heads, self.handover.snoozed.iter().map(row))
    }

    fn handled(&self) -> Part {
        let row = |(order, handled): &(Handed<'_>, &Handled)| {
            vec![
                order.case.order.no.to_string(),
                self.time(handled.at),
                author::name(&handled.by).to_owned(),
                self.left(order),
                self.state(order),
                self.next(order),
            ]
        };
        let heads =
            ["orders.order", "handover.at", "handover.by", "orders.deadline", "handover.state", "show.next"];
        self.part(self.lang.text("handover.handled"), &heads, self.handover.handled.iter().map(row))
    }

    fn done(&self) -> Part {
        let row = |deed: &Deed<'_>| {
            let what = match deed.what {
                Done::Paid(attempt) => self.payment(attempt),
                Done::Other(happening) => self.happened(deed, &happening.what),
            };
            vec![self.time(deed.at), deed.order.case.order.no.to_string(), what]
        };
        let heads = ["handover.at", "orders.order", "handover.what"];
        self.part(&self.done_title(), &heads, self.handover.done.iter().map(row))
    }

    fn done_title(&self) -> String {
        self.lang.fill("handover.done", &[("who", &author::name(self.who))])
    }

    fn happened(&self, deed: &Deed<'_>, what: &What) -> String {
        recovery::happening(self.lang, &deed.order.case.lineage, what)
    }

    fn payment(&self, attempt: &Attempt) -> String {
        let method = words::method(self.lang, attempt.method);
        let state = words::attempt_state(self.lang, &attempt.state);
        let card = attempt.card.map_or_else(String::new, |card| format!(" {card}"));
        self.lang.fill(
            "handover.paid",
            &[("method", &method), ("card", &card), ("amount", &attempt.amount), ("state", &state)],
        )
    }

    /// How often queries have said the same since it was sent, of how often they have to.
    fn answers(&self, attempt: &Attempt) -> String {
        let said = words::status(self.lang, attempt.evidence.said.unwrap_or(OrderStatus::Unpaid));
        let (answers, needed) = (attempt.evidence.answers, attempt.answers_needed());
        self.lang.fill("doubt.answers", &[("answers", &answers), ("needed", &needed), ("said", &said)])
    }

    /// What became of its payment, and that it is put away.
    fn state(&self, order: &Handed<'_>) -> String {
        let lang = self.lang;
        let known = &order.case.order;
        let state = recovery::cause(lang, &triage(order.case, order.now).reason, known);
        match order.case.away(order.group(), self.now.wall) {
            Some(Away::Snoozed(snooze)) => {
                let until = self.time(snooze.until);
                lang.besides(&[lang.fill("handover.is_snoozed", &[("until", &until)]), state])
            }
            Some(Away::Handled(_)) | None => state,
        }
    }

    /// The same as on the screen, but for what only a screen shows: a key, and the methods below.
    fn next(&self, order: &Handed<'_>) -> String {
        if triage(order.case, order.now).next == NextStep::Pay {
            return self.lang.text("handover.pay").to_owned();
        }
        let said = words::next_on(self.lang, order.case, order.made, order.now);
        let by_key = said.split_once("  ").filter(|(key, _)| key.chars().count() == 1);
        by_key.map_or(said.clone(), |(_, step)| capitalised(step))
    }

    /// What is left until it is lost, and when that is.
    fn left(&self, order: &Handed<'_>) -> String {
        let (known, now) = (&order.case.order, order.now);
        if known.is_undated() && !order.case.is_gone() {
            return self.lang.text("orders.undated").to_owned();
        }
        let runs = |limit: &TimeLimit| limit.kind.loses() && limit.left(now.at).is_some();
        let payable = known.deadline().filter(|_| known.has_time_left(now.at));
        let limits = || time_limits(order.case, now).into_iter().find(runs).map(|limit| limit.ends);
        let Some(ends) = payable.or_else(limits) else { return String::new() };
        let word = time_limit::word(self.lang, ends.duration_since(now.at));
        let word = word.map_or_else(String::new, |word| format!("{word} "));
        // What is left is counted by the vendor's clock, and a clock on the wall shows when it ends.
        let ends_at = self.time(self.now.wall + ends.duration_since(now.at));
        format!("{word}{} ({ends_at})", time_left(ends, now.at))
    }

    /// A moment in the desk's zone, which the head names; with its day if that is another one.
    fn time(&self, at: Timestamp) -> String {
        let [at, now] = [at, self.now.wall].map(|at| at.to_zoned(self.zone.clone()));
        let time = at.strftime("%H:%M").to_string();
        // The month as a word: figures alone, beside others, may look like a card number, and would be masked.
        let day = (at.date() != now.date()).then(|| words::date(self.lang, at.date()) + " ");
        day.unwrap_or_default() + &time
    }
}

fn capitalised(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}
