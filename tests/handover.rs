//! The handover of a shift: what is in it, that it counts what the queues count, and how it reads.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

mod rig;

use std::sync::Arc;

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use paydesk::{
    console::{
        Effect,
        export::ExportFile,
        filter::{Filter, Reading},
        list::List,
        standstill::Standstill,
    },
    desk::hub::{Command, Update},
    domain::{
        alert::{Alert, Cause, Key, Listed},
        attempt::{AttemptId, Snapshot, State},
        baggage::decision::{AcceptanceId, Called, Decision},
        case::Case,
        handover::{Done, Handed, Handover, Shift},
        lineage::Lineage,
        moment::Now,
        order::{OrderNo, OrderStatus},
        regeneration, stop,
        story::{Happening, OperatorAction, What},
        triage::{Day, Group, Queue},
    },
    export::{Format, handover::Pack, handover_document::HandoverDocument, write},
    lang::Lang,
};
use rig::{Rig, Sketch, case, noon, number, sample};

/// A card of nobody's that passes the check.
const CARD: &str = "4000001234567899";

fn minutes(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins(minutes)
}

fn zone() -> TimeZone {
    TimeZone::get("Asia/Singapore").unwrap()
}

/// The same with something done to it by somebody, as the desk tells it.
fn acted(mut case: Case, who: &str, at: Timestamp, action: OperatorAction) -> Case {
    let by = sample::author(who);
    let mut work = case.work().clone();
    work.on_action(&action, &by, at);
    case.work = Some(Arc::new(work));
    let what = What::OperatorAction(action);
    case.story.push(Arc::new(Happening { at, by: Some(Arc::new(by)), what }));
    case
}

/// The same with a payment that somebody began and that stands so, its name made of `n`.
fn paid(mut case: Case, who: &str, n: u128, claimed_at: Timestamp, state: State) -> Case {
    let order = case.order.no;
    let mut attempt = sample::in_doubt(order, claimed_at + minutes(3), 180, 2).snapshot();
    // A name of figures alone could look like a card number.
    attempt.id = AttemptId(uuid::Uuid::from_u128(0xabcd_efab_cdef_abcd_efab_cdef_abcd_0000 + n));
    let by = Some(Arc::new(sample::author(who)));
    for (at, state) in [(claimed_at, State::Claimed), (claimed_at + minutes(1), state.clone())] {
        let what = What::Attempt { attempt: attempt.id, state };
        case.story.push(Arc::new(Happening { at, by: by.clone(), what }));
    }
    let attempt = Snapshot { state, claimed_at, ..attempt };
    let attempts = vec![paydesk::domain::attempt::Attempt::restore(attempt)];
    case.lineage = Arc::new(Lineage { attempts, ..Lineage::new(order) });
    case
}

fn sketch(n: u32, status: OrderStatus, minutes_left: i64) -> Case {
    case(&Sketch { n, status, minutes_left, ..Sketch::default() })
}

/// A desk at the change of the shift, with one of everything.
fn desk() -> Vec<Case> {
    let ago = |ago: i64| noon() - minutes(ago);
    let doubt = State::InDoubt(paydesk::domain::attempt::Doubt::NoAnswer);
    let note = |text: &str| OperatorAction::Noted(text.into());
    let snooze = OperatorAction::Snoozed { until: noon() + minutes(15), reason: "callback".into() };
    let handled = OperatorAction::Handled { group: Group::Recoverable };
    let took = OperatorAction::Took { until: noon() + minutes(8) };
    let declined =
        |n| case(&Sketch { n, status: OrderStatus::Cancelled, error: Some("604"), ..Sketch::default() });
    let mut late = sketch(4, OrderStatus::Ticketing, 0);
    late.order.paid_at = Some(ago(25));
    let mut ticketed = sketch(9, OrderStatus::Ticketed, 0);
    ticketed.order.paid_at = Some(ago(50));
    let mut made = declined(10);
    let reg = |at, state| {
        Arc::new(Happening { at, by: Some(Arc::new(sample::author("li"))), what: What::Regeneration(state) })
    };
    made.story.push(reg(ago(40), regeneration::State::Sending));
    made.story.push(reg(ago(39), regeneration::State::Made(number(11))));
    let links = vec![(number(11), number(10))];
    let regenerations = vec![sample::regeneration(
        number(10),
        sample::moment(ago(40), 60),
        regeneration::State::Made(number(11)),
    )];
    made.lineage = Arc::new(Lineage { links, regenerations, ..Lineage::new(number(10)) });
    let mut child = sketch(11, OrderStatus::Unpaid, 26);
    child.lineage = Arc::clone(&made.lineage);
    vec![
        acted(sketch(1, OrderStatus::Unpaid, 4), "mei", ago(2), took),
        paid(sketch(2, OrderStatus::Unpaid, 9), "li", 2, ago(3), doubt),
        acted(declined(3), "mei", ago(5), note("customer agrees to a new price")),
        late,
        acted(sketch(5, OrderStatus::Unpaid, 22), "li", ago(6), snooze),
        acted(declined(6), "li", ago(7), handled),
        acted(sketch(7, OrderStatus::Unpaid, 25), "li", ago(8), note(&format!("call back, {CARD} is dead"))),
        paid(sketch(8, OrderStatus::Unpaid, 28), "li", 8, ago(1), State::Accepted),
        paid(ticketed, "li", 9, ago(55), State::Ticketed),
        made,
        child,
        paid(sketch(12, OrderStatus::Ticketed, 0), "mei", 12, ago(70), State::Ticketed),
        sketch(13, OrderStatus::Unpaid, 300),
    ]
}

fn alerts() -> Vec<Listed> {
    let alert = |cause, step, ago| Alert {
        key: Key { cause, step },
        raised_at: noon() - minutes(ago),
        acknowledged: None,
    };
    vec![
        Listed { alert: alert(Cause::Deadline(number(1)), 5, 1), is_over: false },
        Listed { alert: alert(Cause::TicketingLate(number(4)), 0, 15), is_over: false },
        Listed { alert: alert(Cause::Deadline(number(9)), 1, 57), is_over: true },
    ]
}

fn handover<'a>(cases: &'a [Case], now: Timestamp, zone: &TimeZone) -> Handover<'a> {
    let today = Day::of(now, zone);
    let find = |no: OrderNo| cases.iter().find(|case| case.order.no == no);
    let made = |case: &Case| case.lineage.line_from(case.order.no).last().and_then(find);
    let handed = |case: &'a Case| Handed { case, made: made(case), now: Now::agreed(now) };
    let shift = Shift { who: "li@desk", since: today.begins_at(), today: &today, wall: now };
    Handover::new(cases.iter().map(handed), &shift)
}

fn pack<'a>(cases: &'a [Case], lang: Lang, zone: &'a TimeZone) -> Pack<'a> {
    pack_at(noon(), cases, lang, zone)
}

fn pack_at<'a>(now: Timestamp, cases: &'a [Case], lang: Lang, zone: &'a TimeZone) -> Pack<'a> {
    static NONE: std::sync::LazyLock<paydesk::domain::airline_trouble::AirlineTroubles> =
        std::sync::LazyLock::new(Default::default);
    Pack {
        stage: "DEMO",
        who: "li@desk",
        since: Day::of(now, zone).begins_at(),
        handover: handover(cases, now, zone),
        alerts: alerts(),
        troubles: &NONE,
        lang,
        zone,
        now: Now::agreed(now),
    }
}

#[test]
fn it_reads_well_as_text_and_as_markdown_in_both_languages() {
    let (cases, zone) = (desk(), zone());
    for lang in [Lang::En, Lang::ZhCn] {
        let report = pack(&cases, lang, &zone).report();
        for format in [Format::Text, Format::Markdown] {
            let text = write(&report, format).unwrap();
            assert!(!text.contains(CARD) && text.contains("7899"), "{text}");
            insta::assert_snapshot!(format!("handover_{}_{}", format.extension(), lang.tag()), text);
        }
    }
}

#[test]
fn the_document_has_no_language_and_no_card() {
    let (cases, zone) = (desk(), zone());
    let [en, zh] = [Lang::En, Lang::ZhCn]
        .map(|lang| paydesk::export::json(&HandoverDocument::new(&pack(&cases, lang, &zone))).unwrap());
    assert_eq!(en, zh);
    assert!(!en.contains(CARD) && en.contains("7899"), "{en}");
    insta::assert_snapshot!("handover_json", en);
}

fn random_work(rng: &mut Rng, case: Case, now: Timestamp) -> Case {
    let group = Group::of(&case, now);
    let who = ["li", "mei"][rng.usize(..2)];
    let at = now - SignedDuration::from_secs(rng.i64(0..5_000));
    let until = now + SignedDuration::from_secs(rng.i64(-1_000..1_000));
    match rng.u8(..6) {
        0 => acted(case, who, at, OperatorAction::Snoozed { until, reason: "later".into() }),
        1 => acted(case, who, at, OperatorAction::Handled { group }),
        2 => acted(case, who, at, OperatorAction::Noted("a note".into())),
        _ => case,
    }
}

fn random(rng: &mut Rng, n: u32, now: Timestamp) -> Case {
    let statuses =
        [OrderStatus::Unpaid, OrderStatus::Ticketing, OrderStatus::Ticketed, OrderStatus::Cancelled];
    let status = statuses[rng.usize(..4)];
    let is_failed = status == OrderStatus::Cancelled && rng.bool();
    let mut case = case(&Sketch {
        n,
        status,
        minutes_left: now.duration_since(noon()).as_mins() + rng.i64(-60..120),
        error: is_failed.then_some("604"),
        ..Sketch::default()
    });
    let created = now - SignedDuration::from_secs(rng.i64(0..2 * 86_400));
    case.order.created = Some(created);
    case.order.paid_at = matches!(status, OrderStatus::Ticketing | OrderStatus::Ticketed).then_some(created);
    if rng.u8(..4) == 0 {
        let doubt = State::InDoubt(paydesk::domain::attempt::Doubt::NoAnswer);
        let states =
            [doubt, State::Accepted, State::Sending, State::Ticketed, State::Reversed, State::Rejected(604)];
        let (state, who) = (states[rng.usize(..6)].clone(), ["li", "mei"][rng.usize(..2)]);
        let at = now - SignedDuration::from_secs(rng.i64(60..60 * 60 * 30));
        case = paid(case, who, u128::from(n), at, state);
    }
    random_work(rng, case, now)
}

#[test]
fn on_random_orders_it_counts_and_sorts_what_the_queues_of_the_console_do() {
    let (mut rng, zone) = (Rng::with_seed(17), zone());
    let mut most = [0_usize; 12];
    for _ in 0..40 {
        let now = noon() + SignedDuration::from_secs(rng.i64(0..86_400));
        let cases: Vec<Case> = (0..300).map(|n| random(&mut rng, n, now)).collect();
        let handover = handover(&cases, now, &zone);
        let mut list = List::default();
        list.set_up(Vec::new(), zone.clone(), now);
        list.put(cases.iter().cloned().map(Arc::new).collect(), now, &Standstill::default());
        for (place, queue) in Queue::ALL.into_iter().enumerate() {
            assert_eq!(handover.count(queue), list.count(queue), "{queue:?}");
            most[place] = most[place].max(list.count(queue));
        }
        for (queue, orders) in [(Queue::Action, &handover.action), (Queue::InDoubt, &handover.in_doubt)] {
            list.look_at(queue);
            let rows: Vec<OrderNo> =
                (0..list.shown()).filter_map(|at| list.row(at)).map(|(case, _)| case.order.no).collect();
            let orders: Vec<OrderNo> = orders.iter().map(|order| order.case.order.no).collect();
            assert_eq!(orders, rows, "{queue:?}: the same orders in the same order");
        }
        assert_eq!(handover.snoozed.len(), list.snoozed());
        let due = Filter::read("due:<30m", &Reading { now, zone: zone.clone() }).unwrap();
        let is_due = |case: &&Case| {
            let group = Group::of(case, now);
            matches!(group, Group::Due | Group::Unpaid) && due.leaves(case, group, now)
        };
        assert_eq!(handover.due.len(), cases.iter().filter(is_due).count());
        // What li began since midnight, told by the calendar.
        let today = now.to_zoned(zone.clone()).date();
        let begun = |case: &Case| {
            let is_li = |happening: &&Arc<Happening>| {
                happening.by.as_ref().is_some_and(|by| &*by.who == "li@desk")
                    && happening.at.to_zoned(zone.clone()).date() == today
                    && match &happening.what {
                        What::Attempt { state, .. } => *state == State::Claimed,
                        What::OperatorAction(action) => matches!(action, OperatorAction::Handled { .. }),
                        _ => false,
                    }
            };
            case.story.iter().filter(is_li).count()
        };
        assert_eq!(handover.done.len(), cases.iter().map(begun).sum::<usize>());
        let waits = |case: &&Case| {
            !matches!(Group::of(case, now), Group::Lapsed | Group::Cancelled | Group::Ticketed | Group::Gone)
        };
        let notes: usize = cases.iter().filter(waits).map(|case| case.work().notes.len()).sum();
        assert_eq!(handover.notes.len(), notes);
        // Nothing of it is taken for a card number: neither its times nor its sums.
        let text = write(&pack_at(now, &cases, Lang::En, &zone).report(), Format::Text).unwrap();
        let hidden = text.lines().find(|line| line.contains('*'));
        assert_eq!(hidden, None);
        let sizes = [
            handover.due.len(),
            handover.done.len(),
            handover.notes.len(),
            handover.in_flight.len(),
            handover.snoozed.len(),
        ];
        most[7..].iter_mut().zip(sizes).for_each(|(most, size)| *most = size.max(*most));
    }
    assert!(most.iter().all(|most| *most > 0), "each of them was there: {most:?}");
}

#[test]
fn what_was_taken_back_was_not_done() {
    let at = noon() - minutes(5);
    let handled = OperatorAction::Handled { group: Group::Due };
    let case = acted(sketch(1, OrderStatus::Unpaid, 4), "li", at, handled);
    assert_eq!(handover(std::slice::from_ref(&case), noon(), &zone()).done.len(), 1);
    let case = acted(case, "li", at + minutes(1), OperatorAction::Unhandled);
    assert!(handover(&[case], noon(), &zone()).done.is_empty());
}

#[test]
fn what_one_began_in_the_shift_is_done_with_what_became_of_it_and_nothing_of_another_or_of_before() {
    let at = |minutes_ago: i64| noon() - minutes(minutes_ago);
    let line = |who: &str, minutes_ago, what| {
        let by = Some(Arc::new(sample::author(who)));
        Arc::new(Happening { at: at(minutes_ago), by, what })
    };
    let id = AcceptanceId::generate();
    let sent = sample::moment(at(20), 60);
    let loss = |decision| What::OperatorAction(OperatorAction::BaggageLoss(decision));
    let mut case = sketch(1, OrderStatus::Ticketing, 4);
    case.story = vec![
        // Yesterday at the desk: its day began fourteen hours ago.
        line("li", 60 * 20, What::Stop(stop::State::Sending)),
        line("li", 60 * 20 - 1, What::Stop(stop::State::Refused(314))),
        line("li", 20, loss(Decision::Accepting { id, sent })),
        line("li", 19, loss(Decision::Ended { id, called: Called::Taken })),
        line("mei", 12, What::Stop(stop::State::Sending)),
        line("mei", 11, What::Stop(stop::State::Asked)),
        line("li", 10, What::Stop(stop::State::Sending)),
        line("mei", 9, What::Stop(stop::State::Asked)),
        line("li", 8, What::OperatorAction(OperatorAction::StatedConfirmed)),
        line("li", 7, What::OperatorAction(OperatorAction::Released)),
    ];
    let cases = [case];
    let handover = handover(&cases, noon(), &zone());
    let done: Vec<(Timestamp, &What)> = handover
        .done
        .iter()
        .filter_map(|deed| match deed.what {
            Done::Other(happening) => Some((deed.at, &happening.what)),
            Done::Paid(_) => None,
        })
        .collect();
    let confirmed = What::OperatorAction(OperatorAction::StatedConfirmed);
    let taken = loss(Decision::Ended { id, called: Called::Taken });
    assert_eq!(done, [(at(20), &taken), (at(10), &What::Stop(stop::State::Asked)), (at(8), &confirmed)]);
}

fn exported(rig: &mut Rig, format: &str) -> ExportFile {
    rig.effects.clear();
    rig.press(": handover Enter");
    rig.press(format);
    let file = rig.effects.iter().find_map(|effect| match effect {
        Effect::Export(file) => Some((**file).clone()),
        _ => None,
    });
    file.unwrap_or_else(|| unreachable!("nothing is exported: {}", rig.screen()))
}

#[test]
fn the_palette_writes_it_as_an_export_and_its_counts_are_those_of_the_tabs() {
    for lang in [Lang::En, Lang::ZhCn] {
        let mut rig = Rig::new((120, 40));
        rig.console.ui.lang = lang;
        rig.publish(desk());
        let raise: Vec<Key> = rig.effects.drain(..).fold(Vec::new(), |mut keys, effect| {
            if let Effect::Send(Command::Raise(more)) = effect {
                keys.extend(more);
            }
            keys
        });
        assert!(!raise.is_empty(), "the console raises what is due");
        let alert = |key: &Key| Alert { key: *key, raised_at: noon(), acknowledged: None };
        rig.news(Update { alerts: raise.iter().map(alert).collect(), ..Update::default() });
        rig.press("2 / QG Enter");
        let file = exported(&mut rig, "j");
        assert_eq!((file.format, file.name.as_str()), (Format::Json, "demo-handover-2026-11-03-062200"));
        let document: serde_json::Value = serde_json::from_str(&file.text).unwrap();
        let counts = &document["counts"];
        for (queue, word) in Queue::ALL.into_iter().zip([
            "action",
            "unpaid",
            "ticketing",
            "recover",
            "inDoubt",
            "doneToday",
            "all",
        ]) {
            assert_eq!(counts[word], rig.console.ui.list.count(queue), "{word}");
        }
        assert_eq!(counts["alerts"], rig.console.ui.alerts.waiting.0, "{counts:#}");
        assert_eq!(counts["snoozed"], rig.console.ui.list.snoozed());
        assert_eq!(
            document["action"].as_array().map(Vec::len),
            Some(rig.console.ui.list.count(Queue::Action))
        );
        for (key, format) in [("t", Format::Text), ("m", Format::Markdown)] {
            let file = exported(&mut rig, key);
            assert_eq!(file.format, format);
            assert!(file.text.contains(number(2).as_str()) && !file.text.contains(CARD), "{}", file.text);
        }
    }
}
