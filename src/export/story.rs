//! One order with its story: what is known of it, its flights and travellers, every payment and regeneration in its
//! lineage, its timeline with the notes, and what is to be done next.

use std::sync::Arc;

use jiff::tz::TimeZone;

use super::{
    document::{ShowDocument, lineage},
    report::{Part, Report},
    times::{local, time_left},
};
use crate::{
    domain::{
        airline_trouble::AirlineTroubles,
        attempt::Attempt,
        case::Case,
        moment::Now,
        order::{Details, OrderNo, OrderStatus, Segment, Traveller},
        outlay::Outlay,
        story::Happening,
        text::Text,
        time_limit::{TimeLimit, time_limits},
        work::Note,
    },
    lang::{Lang, baggage as baggage_words, recovery, time_limit, words},
};

/// What a story is told from.
#[derive(Clone, Copy, Debug)]
pub struct Story<'a> {
    /// The order.
    pub case: &'a Case,
    /// The newest one that was made from it.
    pub made: Option<&'a Case>,
    /// The airlines that are in trouble.
    pub troubles: &'a AirlineTroubles,
    /// The language.
    pub lang: Lang,
    /// The desk's own time zone.
    pub zone: &'a TimeZone,
    /// The time by all clocks.
    pub now: Now,
}

impl Story<'_> {
    /// What is to be done next.
    pub fn next_step(&self) -> String {
        words::next_on(self.lang, self.case, self.made, self.now)
    }

    /// The same for programs.
    pub fn document(&self) -> ShowDocument<'_> {
        ShowDocument::new(self.case, self.troubles, self.next_step(), (self.lang, self.now))
    }

    /// The whole story, for people.
    pub fn report(&self) -> Report {
        let Self { case, lang, .. } = *self;
        let part =
            |title: &'static str, rows| Part { title: lang.text(title).to_owned(), rows, ..Part::default() };
        let mut parts = vec![Part { rows: self.facts(), ..Part::default() }];
        parts.push(part("limits.title", self.limits()));
        parts.extend(case.order.details.as_deref().into_iter().flat_map(|details| {
            [part("show.flights", flights(details)), part("show.travellers", travellers(details))]
        }));
        parts.push(part("show.attempts", self.attempts()));
        parts.push(part("show.notes", self.notes()));
        parts.push(part("show.timeline", self.timeline()));
        parts.retain(|part| !part.rows.is_empty());
        if let Some(made) = self.made {
            parts.push(part("detail.became", vec![vec![words::successor(lang, made, self.now.at)]]));
        }
        parts.push(part("show.next", vec![vec![self.next_step()]]));
        Report { title: case.order.no.to_string(), about: self.as_of(), parts }
    }

    /// When it was told.
    fn as_of(&self) -> String {
        self.lang.fill("export.as_of", &[("at", &local(self.now.wall, self.zone))])
    }

    /// The times that run: what each is called, what is left, when it ends, and what happens then.
    fn limits(&self) -> Vec<Vec<String>> {
        let (lang, now) = (self.lang, self.now.at);
        let row = |limit: TimeLimit| {
            let left = limit.ends.duration_since(now);
            let word = time_limit::word(lang, left).map_or_else(String::new, |word| format!("{word} "));
            let counted = if left.is_positive() { word + &time_left(limit.ends, now) } else { word };
            vec![
                time_limit::name(lang, limit.kind).to_owned(),
                counted.trim_end().to_owned(),
                time_limit::zones(lang, limit.ends, now, self.zone),
                time_limit::at_end(lang, limit.kind).to_owned(),
            ]
        };
        time_limits(self.case, self.now).into_iter().map(row).collect()
    }

    fn attempts(&self) -> Vec<Vec<String>> {
        let (case, lang) = (self.case, self.lang);
        let of_order = |(order, attempts): (OrderNo, Vec<_>)| {
            let row = move |(number, attempt): (usize, &Attempt)| {
                let card = attempt.card.map_or_else(String::new, |card| card.to_string());
                vec![
                    order.to_string(),
                    format!("#{number}"),
                    words::method(lang, attempt.method).to_owned(),
                    attempt.amount.to_string(),
                    card,
                    words::attempt_state(lang, &attempt.state),
                    attempt.id.to_string(),
                ]
            };
            attempts.into_iter().map(row).collect::<Vec<_>>()
        };
        case.attempts_by_order().into_iter().flat_map(of_order).collect()
    }

    fn notes(&self) -> Vec<Vec<String>> {
        let row = |note: &Note| vec![local(note.at, self.zone), note.by.to_string(), note.text.to_string()];
        self.case.work().notes.iter().map(row).collect()
    }

    fn timeline(&self) -> Vec<Vec<String>> {
        let row = |happening: &Arc<Happening>| {
            vec![local(happening.at, self.zone), recovery::line(self.lang, &self.case.lineage, happening)]
        };
        self.case.story.iter().map(row).collect()
    }

    fn facts(&self) -> Vec<Vec<String>> {
        let Self { case, lang, zone, now, .. } = *self;
        let order = &case.order;
        let mut rows = Vec::new();
        let mut fact = |key: &'static str, value: Option<String>| {
            rows.extend(value.map(|value| vec![lang.text(key).to_owned(), value]));
        };
        let details = order.details.as_deref();
        let join = |texts: &[Text]| {
            (!texts.is_empty()).then(|| texts.iter().map(Text::as_str).collect::<Vec<_>>().join(", "))
        };
        fact("orders.order", Some(order.no.to_string()));
        fact("show.pnr_code", order.pnr_code.as_ref().map(ToString::to_string));
        fact("orders.status", Some(words::status(lang, order.status)));
        fact("show.listed_as", case.listed_as.map(|listed| words::status(lang, listed)));
        fact(
            "show.error",
            order.ticketing_error.as_ref().map(|error| match &error.message {
                Some(message) => format!("{} {}", error.code, words::vendors_own(lang, message)),
                None => error.code.to_string(),
            }),
        );
        let undated = order.is_undated().then(|| lang.text("show.undated").to_owned());
        let baggage = case.baggage().map(|trouble| {
            let ends = trouble.ends_at().map_or_else(String::new, |at| {
                format!("  {} ({})", local(at, zone), time_left(at, now.wall))
            });
            let state = baggage_words::state(lang, trouble.what);
            format!("{state}{ends}  {}", baggage_words::standing(lang, &trouble.standing))
        });
        fact("show.baggage", baggage);
        // Only what is still paid by it has time left.
        let counts = order.status == OrderStatus::Unpaid && !case.is_replaced();
        let deadline = order.deadline().map(|at| {
            let left = if counts { format!(" ({})", time_left(at, now.at)) } else { String::new() };
            local(at, zone) + &left
        });
        fact("show.deadline", deadline.or(undated));
        let outlay = Outlay::of(order);
        fact("orders.amount", outlay.map(|outlay| outlay.amount.to_string()));
        fact("show.service_fee", outlay.and_then(|outlay| fee(lang, outlay)));
        fact(
            "show.vendor_total",
            details.and_then(|details| details.vendor_total).map(|total| total.to_string()),
        );
        let methods = |details: &Details| {
            lang.list(&details.methods.iter().map(|method| words::method(lang, *method)).collect::<Vec<_>>())
        };
        fact("show.methods", details.map(methods).filter(|methods| !methods.is_empty()));
        let (work, wall) = (case.work(), now.wall);
        let owner = work.owner_at(wall).map(|owner| {
            let since = local(owner.since, zone);
            lang.fill(
                "show.owned",
                &[("who", &owner.who), ("since", &since), ("left", &time_left(owner.until, wall))],
            )
        });
        fact("show.owner", owner);
        let snooze = work.snooze_at(wall);
        let snoozed =
            snooze.map(|snooze| format!("{}  {} ({})", local(snooze.until, zone), snooze.reason, snooze.by));
        fact("show.snoozed", snoozed);
        fact("show.handled", work.handled.as_ref().map(|is| format!("{} ({})", local(is.at, zone), is.by)));
        fact("show.created", order.created.map(|at| local(at, zone)));
        fact("show.paid", order.paid_at.map(|at| local(at, zone)));
        fact("show.airline_pnrs", join(&order.airline_pnrs));
        fact("orders.passengers", join(&order.passengers));
        let orders = lineage(case);
        let line = || orders.iter().map(OrderNo::as_str).collect::<Vec<_>>().join(" → ");
        fact("show.lineage", (orders.len() > 1).then(line));
        for trouble in self.troubles.of_all(&order.airlines, now.at) {
            fact("show.airline_trouble", Some(words::airline_trouble(lang, &trouble)));
        }
        rows
    }
}

fn flights(details: &Details) -> Vec<Vec<String>> {
    let time = |departs: Option<jiff::civil::DateTime>| {
        departs.map_or_else(|| "?".into(), |time| time.strftime("%Y-%m-%d %H:%M").to_string())
    };
    let row = |segment: &Segment| {
        vec![segment.flight.to_string(), format!("{}-{}", segment.from, segment.to), time(segment.departs)]
    };
    details.segments.iter().map(row).collect()
}

/// Names; of their documents no more than the last signs, and no date of birth.
fn travellers(details: &Details) -> Vec<Vec<String>> {
    let row = |traveller: &Traveller| {
        let tail = traveller.document_tail.as_deref();
        vec![traveller.name.to_string(), tail.map_or_else(String::new, |tail| format!("…{tail}"))]
    };
    details.travellers.iter().map(row).collect()
}

/// The service fee, and whether it is part of the amount.
pub fn fee(lang: Lang, outlay: Outlay) -> Option<String> {
    let key = if outlay.is_fee_included { "orders.fee_within" } else { "orders.fee_besides" };
    outlay.fee.map(|fee| lang.fill(key, &[("fee", &fee)]))
}
