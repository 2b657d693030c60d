//! The language of filters: what is read, what is not and why, and which orders are left, held against a judge of its own.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

mod rig;

use std::{
    collections::{BTreeSet, HashSet},
    sync::Arc,
};

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp, civil::date, tz::TimeZone};
use paydesk::{
    console::{
        column::COLUMNS,
        filter::{Asked, Facts, Field, Filter, Mistake, Problem, Query, Reading, Side, Value, fields},
        list::List,
        standstill::Standstill,
    },
    domain::{
        attempt::State,
        case::Case,
        method::PaymentMethod,
        order::{Airline, Details, Order, OrderNo, OrderStatus, Segment, TicketingError},
        story::{Happening, OperatorAction, What},
        triage::Group,
    },
    lang::Lang,
};
use proptest::prelude::*;
use rig::{money, noon, number, sample};

const BOTH: [Lang; 2] = [Lang::En, Lang::ZhCn];

/// The desk is in Singapore: 14:22.
fn reading() -> Reading {
    Reading { now: noon(), zone: TimeZone::get("Asia/Singapore").unwrap() }
}

fn read(text: &str) -> Result<Filter, Mistake> {
    Filter::read(text, &reading())
}

fn minutes(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins(minutes)
}

/// An order as the test knows it; cases are made from it, and the judge looks at nothing else.
#[derive(Clone, Debug)]
struct Plain {
    no: OrderNo,
    airlines: Vec<&'static str>,
    from: &'static str,
    to: &'static str,
    names: Vec<&'static str>,
    status: OrderStatus,
    deadline: Option<Timestamp>,
    created: Timestamp,
    changed: Timestamp,
    amount: Option<(i64, &'static str)>,
    code: Option<i64>,
    /// The codes with which payments were refused.
    refused: Vec<i64>,
    method: PaymentMethod,
    note: Option<&'static str>,
    pnr: Option<&'static str>,
    flight: &'static str,
}

const AIRLINES: [&str; 6] = ["TR", "5J", "QG", "FR", "VY", "AK"];
const PLACES: [&str; 5] = ["SIN", "BKK", "MNL", "CGK", "NRT"];
const NAMES: [&str; 6] = ["ZHANG/WEI", "LIN/MEIYU", "SANTOS/ANA", "张/静", "TRAN/VAN", "GARCÍA/JOSÉ"];
const CURRENCIES: [&str; 4] = ["CNY", "USD", "JPY", "EUR"];
const NOTES: [&str; 3] = ["call back", "客人改期", "card, then deposit"];
const FLIGHTS: [&str; 3] = ["TR24", "5J813", "QG716"];
const PNRS: [&str; 3] = ["K7QW2D", "ABC123", "ZZTOP9"];

fn pick<T: Copy>(rng: &mut Rng, all: &[T]) -> T {
    all[rng.usize(..all.len())]
}

fn some<T>(rng: &mut Rng, thing: impl FnOnce(&mut Rng) -> T) -> Option<T> {
    rng.bool().then(|| thing(rng))
}

fn plain(rng: &mut Rng, n: u32) -> Plain {
    let status = match rng.u32(..10) {
        0..5 => OrderStatus::Unpaid,
        5 => OrderStatus::Ticketing,
        6..8 => OrderStatus::Cancelled,
        _ => OrderStatus::Ticketed,
    };
    let created = noon() - SignedDuration::from_secs(rng.i64(0..20 * 3_600));
    // To the second, and often to the whole minute: where an end belongs shows there.
    let round = |at: Timestamp, whole: bool| {
        if whole { Timestamp::from_second(at.as_second() / 60 * 60).unwrap() } else { at }
    };
    let created = round(created, rng.bool());
    let deadline = noon() + SignedDuration::from_secs(rng.i64(-1_200..3_600));
    let is_unpaid = status == OrderStatus::Unpaid;
    let changed = noon() - SignedDuration::from_secs(rng.i64(0..7_200));
    Plain {
        no: number(n),
        airlines: (0..rng.usize(1..3)).map(|_| pick(rng, &AIRLINES)).collect(),
        from: pick(rng, &PLACES),
        to: pick(rng, &PLACES),
        names: (0..rng.usize(1..4)).map(|_| pick(rng, &NAMES)).collect(),
        status,
        deadline: Some(round(deadline, rng.bool())),
        created,
        changed: changed.max(created),
        amount: some(rng, |rng| (rng.i64(1..800) * 50, pick(rng, &CURRENCIES))),
        code: (status == OrderStatus::Cancelled && rng.bool()).then_some(604),
        refused: (0..if is_unpaid { rng.usize(..3) } else { 0 })
            .map(|_| pick(rng, &[413, 604, 616]))
            .collect(),
        method: pick(rng, &PaymentMethod::ALL),
        note: some(rng, |rng| pick(rng, &NOTES)),
        pnr: some(rng, |rng| pick(rng, &PNRS)),
        flight: pick(rng, &FLIGHTS),
    }
}

fn case(plain: &Plain) -> Case {
    let no = plain.no;
    let total = plain.amount.map(|(cents, currency)| {
        let amount = format!("{}.{:02}", cents / 100, cents % 100);
        money(&amount, currency)
    });
    let details = Details {
        deadline: plain.deadline,
        total,
        segments: vec![Segment {
            flight: plain.flight.into(),
            carrier: None,
            from: plain.from.into(),
            to: plain.to.into(),
            departs: Some(date(2026, 12, 18).at(5, 40, 0, 0)),
            arrives: None,
            inbound: false,
        }],
        ..Details::default()
    };
    let mut airlines: Vec<Airline> = Vec::new();
    for code in &plain.airlines {
        let airline = Airline::parse(code).unwrap();
        if !airlines.contains(&airline) {
            airlines.push(airline);
        }
    }
    let order = Order {
        pnr_code: plain.pnr.map(Into::into),
        from: Some(plain.from.into()),
        to: Some(plain.to.into()),
        airlines: airlines.into(),
        passengers: plain.names.iter().map(|name| (*name).into()).collect(),
        created: Some(plain.created),
        ticketing_error: plain
            .code
            .map(|code| TicketingError { code: code.to_string().as_str().into(), message: None }.into()),
        details: Some(Box::new(details)),
        ..sample::bare_order(no, plain.status)
    };
    let attempts = plain.refused.iter().map(|code| {
        let mut snapshot = sample::claimed(no, plain.created);
        snapshot.method = plain.method;
        snapshot.state = State::Rejected(*code);
        paydesk::domain::attempt::Attempt::restore(snapshot)
    });
    let mut case = sample::case(order, sample::lineage(no, attempts.collect()));
    case.story.push(Arc::new(Happening::new(plain.created, What::Created)));
    let said =
        plain.note.map_or(What::PaidAt, |note| What::OperatorAction(OperatorAction::Noted(note.into())));
    case.story.push(Arc::new(Happening::new(plain.changed, said)));
    case
}

/// A term as the test knows it: what is asked, and whether it must not hold.
#[derive(Clone, Debug)]
struct Asks {
    is_negated: bool,
    field: &'static str,
    values: Vec<One>,
}

#[derive(Clone, Debug)]
enum One {
    Word(&'static str),
    Number(Span<i64>),
    /// Hundredths.
    Amount(Span<i64>, Option<&'static str>),
    /// Seconds.
    Seconds(Span<i64>),
    /// Minutes of the desk's day.
    Clock(Span<i64>),
}

#[derive(Clone, Copy, Debug)]
enum Span<T> {
    Is(T),
    Above(T),
    From(T),
    Below(T),
    To(T),
    Between(T, T),
}

impl Span<i64> {
    fn any(rng: &mut Rng, range: std::ops::Range<i64>, with_is: bool) -> Self {
        let (a, b) = (rng.i64(range.clone()), rng.i64(range));
        match rng.u32(u32::from(!with_is)..6) {
            0 => Self::Is(a),
            1 => Self::Above(a),
            2 => Self::From(a),
            3 => Self::Below(a),
            4 => Self::To(a),
            _ => Self::Between(a.min(b), a.max(b)),
        }
    }

    fn holds(self, value: i128, scale: i128) -> bool {
        let at = |point: i64| i128::from(point) * scale;
        match self {
            Self::Is(a) => value == at(a),
            Self::Above(a) => value > at(a),
            Self::From(a) => value >= at(a),
            Self::Below(a) => value < at(a),
            Self::To(a) => value <= at(a),
            Self::Between(a, b) => value >= at(a) && value <= at(b),
        }
    }

    fn print(self, write: impl Fn(i64) -> String) -> String {
        match self {
            Self::Is(a) => write(a),
            Self::Above(a) => format!(">{}", write(a)),
            Self::From(a) => format!(">={}", write(a)),
            Self::Below(a) => format!("<{}", write(a)),
            Self::To(a) => format!("<={}", write(a)),
            Self::Between(a, b) => format!("{}..{}", write(a), write(b)),
        }
    }
}

const WORDS: [(&str, &[&str]); 9] = [
    ("airline", &["TR", "5J", "qg", "fr"]),
    ("route", &["SIN-BKK", "mnl", "CGK-"]),
    ("from", &["SIN", "nrt"]),
    ("to", &["BKK", "CGK"]),
    ("pax", &["zhang", "张", "lin/", "garcía"]),
    ("note", &["call back", "改期", "card, then"]),
    ("pnr", &["K7QW", "top9"]),
    ("currency", &["CNY", "jpy"]),
    ("flight", &["TR24", "716"]),
];

/// Each with what the judge knows it by.
const STATES: [(&str, &str); 10] = [
    ("unpaid", "unpaid"),
    ("待支付", "unpaid"),
    ("lapsed", "lapsed"),
    ("ticketing", "ticketing"),
    ("ticketed", "ticketed"),
    ("已出票", "ticketed"),
    ("cancelled", "cancelled"),
    ("已取消", "cancelled"),
    ("failed", "failed"),
    ("refused", "refused"),
];

/// How a value of a field is made up.
type Invented = Box<dyn Fn(&mut Rng) -> One>;

/// So many kinds of terms are made up.
const KINDS: u32 = 11;

fn asks(rng: &mut Rng, kind: u32) -> Asks {
    let is_negated = rng.u32(..4) == 0;
    let count = if rng.u32(..3) == 0 { rng.usize(2..4) } else { 1 };
    let (field, one): (&'static str, Invented) = match kind {
        0..3 => {
            let (field, words) = pick(rng, &WORDS);
            (field, Box::new(move |rng| One::Word(pick(rng, words))))
        }
        3 => ("status", Box::new(|rng| One::Word(pick(rng, &STATES).0))),
        4 => (
            "amount",
            Box::new(|rng| {
                let currency = some(rng, |rng| pick(rng, &CURRENCIES));
                One::Amount(Span::any(rng, 1..40_000, true), currency)
            }),
        ),
        5 => ("due", Box::new(|rng| One::Seconds(Span::any(rng, 0..3_600, false)))),
        6 => ("age", Box::new(|rng| One::Seconds(Span::any(rng, 0..20 * 3_600, false)))),
        7 => ("created", Box::new(|rng| One::Clock(Span::any(rng, 0..1_440, true)))),
        8 => ("code", Box::new(|rng| One::Number(Span::any(rng, 400..700, true)))),
        9 => ("attempts", Box::new(|rng| One::Number(Span::any(rng, 0..3, true)))),
        _ => ("people", Box::new(|rng| One::Number(Span::any(rng, 1..4, true)))),
    };
    Asks { is_negated, field, values: (0..count).map(|_| one(rng)).collect() }
}

/// As somebody would type it, in one language or the other, with the signs of one keyboard or another.
fn print(asks: &Asks, rng: &mut Rng) -> String {
    let field = Field::named(asks.field).unwrap();
    let names: Vec<&str> = field.names().collect();
    let name = pick(rng, &names);
    let duration = |seconds: i64| match seconds {
        _ if seconds % 3_600 == 0 => format!("{}h", seconds / 3_600),
        _ if seconds > 3_600 => {
            format!("{}h{}m{}s", seconds / 3_600, seconds / 60 % 60, seconds % 60)
        }
        _ => format!("{}m{}秒", seconds / 60, seconds % 60),
    };
    let cents = |cents: i64| format!("{}.{:02}", cents / 100, cents % 100);
    let values: Vec<String> = asks
        .values
        .iter()
        .map(|value| match value {
            One::Word(word) if word.contains([' ', ',']) => format!("\"{word}\""),
            One::Word(word) => (*word).to_owned(),
            One::Number(span) => span.print(|number| number.to_string()),
            One::Amount(span, currency) => span.print(|amount| cents(amount) + currency.unwrap_or_default()),
            One::Seconds(span) => span.print(duration),
            One::Clock(span) => span.print(|minute| format!("{:02}:{:02}", minute / 60, minute % 60)),
        })
        .collect();
    let sign = if asks.is_negated { "!" } else { "" };
    let text = format!("{sign}{name}:{}", values.join(","));
    if rng.u32(..4) == 0 {
        text.replace(':', "：").replace(',', "，").replace('!', "！").replace('"', "“").replace('<', "＜")
    } else {
        text
    }
}

/// Whether the order has the value, by what the test knows of it.
fn has(plain: &Plain, field: &str, value: &One, now: Timestamp) -> bool {
    let nanos = |from: Timestamp, to: Timestamp| to.as_nanosecond() - from.as_nanosecond();
    let second = 1_000_000_000;
    let within = |text: &str, word: &str| text.to_lowercase().contains(&word.to_lowercase());
    let is_late = plain.deadline.is_some_and(|deadline| deadline <= now);
    match (field, value) {
        // Two characters are a whole code.
        ("airline", One::Word(code)) => {
            plain.airlines.iter().any(|airline| airline.eq_ignore_ascii_case(code))
        }
        ("route", One::Word(word)) => within(&format!("{}-{}", plain.from, plain.to), word),
        ("from", One::Word(word)) => within(plain.from, word),
        ("to", One::Word(word)) => within(plain.to, word),
        ("pax", One::Word(word)) => plain.names.iter().any(|name| within(name, word)),
        ("note", One::Word(word)) => plain.note.is_some_and(|note| within(note, word)),
        ("pnr", One::Word(word)) => plain.pnr.is_some_and(|pnr| within(pnr, word)),
        ("flight", One::Word(word)) => within(plain.flight, word),
        ("currency", One::Word(word)) => plain.amount.is_some_and(|(_, currency)| within(currency, word)),
        ("status", One::Word(word)) => {
            let state = STATES.iter().find(|(typed, _)| typed == word).unwrap().1;
            let is_unpaid = plain.status == OrderStatus::Unpaid;
            match state {
                "unpaid" => is_unpaid && !is_late,
                "lapsed" => is_unpaid && is_late && plain.refused.is_empty(),
                "refused" => is_unpaid && !plain.refused.is_empty() || plain.code == Some(604),
                "ticketing" => plain.status == OrderStatus::Ticketing,
                "ticketed" => plain.status == OrderStatus::Ticketed,
                "failed" => plain.code.is_some(),
                _ => plain.status == OrderStatus::Cancelled,
            }
        }
        ("amount", One::Amount(span, currency)) => plain.amount.is_some_and(|(cents, of)| {
            currency.is_none_or(|currency| currency == of) && span.holds(cents.into(), 1)
        }),
        ("due", One::Seconds(span)) => {
            let runs_until = match plain.status {
                OrderStatus::Unpaid => plain.deadline,
                OrderStatus::Cancelled if plain.code == Some(604) => {
                    Some(plain.created + SignedDuration::from_hours(24))
                }
                _ => None,
            };
            runs_until.is_some_and(|until| until > now && span.holds(nanos(now, until), second))
        }
        ("age", One::Seconds(span)) => span.holds(nanos(plain.created, now), second),
        ("created", One::Clock(span)) => {
            // Midnight in Singapore before noon of the test.
            let midnight: Timestamp = "2026-11-02T16:00:00Z".parse().unwrap();
            let passed = nanos(midnight, plain.created);
            match span {
                Span::Is(minute) => passed.div_euclid(60 * second) == i128::from(*minute),
                span => span.holds(passed, 60 * second),
            }
        }
        ("code", One::Number(span)) => {
            plain.code.iter().chain(&plain.refused).any(|code| span.holds((*code).into(), 1))
        }
        ("attempts", One::Number(span)) => span.holds(plain.refused.len() as i128, 1),
        ("people", One::Number(span)) => span.holds(plain.names.len() as i128, 1),
        other => unreachable!("{other:?}"),
    }
}

/// True for a value that says on which side of something the order lies.
fn is_comparison(value: &One) -> bool {
    use Span::{Above, Below, From, To};
    match value {
        One::Word(_) => false,
        One::Amount(span, _) | One::Number(span) | One::Seconds(span) | One::Clock(span) => {
            matches!(span, Above(_) | From(_) | Below(_) | To(_))
        }
    }
}

/// The numbers of an order by which a field of numbers is asked for.
fn numbers_of(plain: &Plain, field: &str) -> Vec<i64> {
    match field {
        "code" => plain.code.iter().chain(&plain.refused).copied().collect(),
        "attempts" => vec![i64::try_from(plain.refused.len()).unwrap()],
        "people" => vec![i64::try_from(plain.names.len()).unwrap()],
        _ => Vec::new(),
    }
}

/// Comparisons hold all of them; of one field, for one number. Other values of one field: any of them. Other fields, and
/// what is ruled out: all of them.
fn is_left(plain: &Plain, filter: &[Asks], now: Timestamp) -> bool {
    let holds = |asks: &&Asks| asks.values.iter().any(|value| has(plain, asks.field, value, now));
    let (ruled_out, wanted): (Vec<&Asks>, Vec<&Asks>) = filter.iter().partition(|asks| asks.is_negated);
    if ruled_out.iter().any(holds) {
        return false;
    }
    let fields: BTreeSet<&str> = wanted.iter().map(|asks| asks.field).collect();
    fields.into_iter().all(|field| {
        let of_field = wanted.iter().copied().filter(|asks| asks.field == field);
        let (compared, named): (Vec<&Asks>, Vec<&Asks>) =
            of_field.partition(|asks| asks.values.iter().any(is_comparison));
        let spans: Vec<Span<i64>> = compared
            .iter()
            .filter_map(|asks| match asks.values[..] {
                [One::Number(span)] => Some(span),
                _ => None,
            })
            .collect();
        let in_all = |number: &i64| spans.iter().all(|span| span.holds((*number).into(), 1));
        compared.iter().all(holds)
            && (named.is_empty() || named.iter().any(holds))
            && (spans.is_empty() || numbers_of(plain, field).iter().any(in_all))
    })
}

fn some_filter(rng: &mut Rng) -> (Vec<Asks>, String) {
    let mut kind = rng.u32(..KINDS);
    let mut some = |rng: &mut Rng| {
        // Often the same again: what terms of one field mean together shows there.
        kind = if rng.u32(..3) == 0 { kind } else { rng.u32(..KINDS) };
        asks(rng, kind)
    };
    let filter: Vec<Asks> = (0..rng.usize(1..5)).map(|_| some(rng)).collect();
    let terms: Vec<String> = filter.iter().map(|asks| print(asks, rng)).collect();
    (filter, terms.join(if rng.bool() { " " } else { "\u{3000}" }))
}

fn shown(list: &List) -> HashSet<OrderNo> {
    (0..list.shown()).map(|at| list.row(at).unwrap().0.order.no).collect()
}

/// Filters, and looks at all rows.
fn filter(list: &mut List, filter: Filter, now: Timestamp) {
    list.filter(filter, now, &Standstill::default());
    list.look_to_the_end(&Standstill::default());
}

#[test]
fn every_filter_leaves_the_orders_that_the_judge_leaves() {
    let mut rng = Rng::with_seed(20_261_103);
    let plains: Vec<Plain> = (0..10_000).map(|n| plain(&mut rng, n)).collect();
    let mut list = List::default();
    list.put(plains.iter().map(|plain| Arc::new(case(plain))).collect(), noon(), &Standstill::default());
    let (mut empty, mut all) = (0, 0);
    for _ in 0..100 {
        let (filter, text) = some_filter(&mut rng);
        let read = read(&text).unwrap_or_else(|mistake| panic!("{text}: {mistake:?}"));
        self::filter(&mut list, read, noon());
        let left = plains.iter().filter(|plain| is_left(plain, &filter, noon()));
        let left: HashSet<OrderNo> = left.map(|plain| plain.no).collect();
        let shown = shown(&list);
        let differs: Vec<&Plain> =
            plains.iter().filter(|plain| left.contains(&plain.no) != shown.contains(&plain.no)).collect();
        assert!(differs.is_empty(), "{text} differs in {}, such as {:?}", differs.len(), differs[0]);
        empty += usize::from(left.is_empty());
        all += usize::from(left.len() == plains.len());
    }
    assert!(empty < 50 && all < 30, "{empty} filters leave nothing, and {all} everything");
}

/// What people type to find an order, and what finds none.
const TYPED: [&str; 10] =
    ["lin", "sin-bkk", "zhangwei", "tr", "unpaid", "k7qw2d", "2026", "张静", "jose", "lin !sin"];

#[test]
fn letter_by_letter_and_slice_by_slice_no_order_is_shown_that_is_not_left_and_at_the_end_all_are_that_are() {
    let mut rng = Rng::with_seed(20_261_127);
    let mut plains: Vec<Plain> = (0..10_000).map(|n| plain(&mut rng, n)).collect();
    let mut list = List::default();
    list.put(plains.iter().map(|plain| Arc::new(case(plain))).collect(), noon(), &Standstill::default());
    let is_left = |filter: &Filter, plain: &Plain| {
        let case = case(plain);
        filter.leaves(&case, Group::of(&case, noon()), noon())
    };
    let (mut slices, mut restored) = (0, 0);
    for round in 0..9 {
        list.on_typing(true);
        let words = pick(&mut rng, &TYPED);
        let fields = if rng.bool() { some_filter(&mut rng).1 } else { String::new() };
        let text: Vec<char> = format!("{words} {fields}").chars().collect();
        // To and fro, as letters are typed and deleted; seldom far enough for the fields.
        let mut lengths: Vec<usize> = (1..=words.chars().count()).collect();
        lengths.extend((1..words.chars().count()).rev());
        lengths.extend([text.len(), 0, 2.min(text.len())]);
        for length in lengths {
            let text: String = text[..length].iter().collect();
            let Ok(filter) = read(&text) else { continue };
            // Now and then all is written down beforehand.
            while round % 3 == 0 && list.has_more_to_do() {
                list.go_on(&Standstill::default());
            }
            list.filter(filter.clone(), noon(), &Standstill::default());
            restored += usize::from(!list.is_looking());
            while list.is_looking() {
                slices += 1;
                let changes = pick(&mut rng, &[0, 0, 0, 1, 3, 70]);
                let changed: BTreeSet<u32> = (0..changes).map(|_| rng.u32(..10_100)).collect();
                let again: Vec<Plain> = changed.into_iter().map(|n| plain(&mut rng, n)).collect();
                let cases = again.iter().map(|plain| Arc::new(case(plain))).collect();
                list.put(cases, noon(), &Standstill::default());
                for again in again {
                    match plains.iter_mut().find(|plain| plain.no == again.no) {
                        Some(plain) => *plain = again,
                        None => plains.push(again),
                    }
                }
                let shown = (0..list.shown()).filter_map(|at| list.row(at));
                for (case, group) in shown.step_by(17) {
                    assert!(filter.leaves(case, group, noon()), "{text} shows {case:?}");
                }
                list.go_on(&Standstill::default());
            }
            if rng.u32(..5) > 0 {
                continue;
            }
            let left: HashSet<OrderNo> =
                plains.iter().filter(|plain| is_left(&filter, plain)).map(|plain| plain.no).collect();
            assert_eq!(list.shown(), left.len(), "{text}");
            assert_eq!(shown(&list), left, "{text}");
            let rows: Vec<Arc<Case>> =
                (0..list.shown()).map(|at| Arc::clone(list.row(at).unwrap().0)).collect();
            let mut fresh = List::default();
            fresh.put(rows.clone(), noon(), &Standstill::default());
            for (at, case) in rows.iter().enumerate() {
                assert_eq!(fresh.row(at).unwrap().0.order.no, case.order.no, "{text}: row {at}");
            }
        }
        list.filter(Filter::default(), noon(), &Standstill::default());
        assert_eq!(list.shown(), plains.len());
        list.on_typing(false);
    }
    assert!(slices > 40 && restored > 40, "{slices} slices, {restored} at once");
}

#[test]
fn rows_come_and_go_by_themselves_at_the_very_moment() {
    let mut rng = Rng::with_seed(7);
    let mut turns = 0;
    for _ in 0..40 {
        let plains: Vec<Plain> = (0..60).map(|n| plain(&mut rng, n)).collect();
        let mut list = List::default();
        list.put(plains.iter().map(|plain| Arc::new(case(plain))).collect(), noon(), &Standstill::default());
        let (filter, text) = some_filter(&mut rng);
        list.filter(read(&text).unwrap(), noon(), &Standstill::default());
        let mut now = noon();
        while let Some(at) = list.next_change().filter(|at| *at < noon() + minutes(90)) {
            assert!(at > now, "{text}: nothing new is said of {at}");
            // Just before, nothing has changed yet; at that moment all that has is shown.
            for at in [at - SignedDuration::from_nanos(1), at] {
                list.pass_time(at, &Standstill::default());
                let left = plains.iter().filter(|plain| is_left(plain, &filter, at));
                let left: HashSet<OrderNo> = left.map(|plain| plain.no).collect();
                assert_eq!(shown(&list), left, "{text} at {at}");
            }
            now = at;
            turns += 1;
        }
    }
    assert!(turns > 1_000, "{turns}");
}

#[test]
fn a_filter_without_times_wakes_nobody_before_midnight_and_one_with_times_only_for_its_rows() {
    // Then it is no longer done today.
    let midnight = Some("2026-11-04T00:00:00Z".parse().unwrap());
    let mut list = List::default();
    let old = |n| Plain { created: noon() - minutes(50), ..settled(n) };
    list.put((0..20).map(|n| Arc::new(case(&old(n)))).collect(), noon(), &Standstill::default());
    assert_eq!(list.next_change(), midnight, "what is ticketed stays as it is");
    list.filter(read("airline:TR amount:>1").unwrap(), noon(), &Standstill::default());
    assert_eq!(list.next_change(), midnight);
    list.filter(read("airline:TR age:>1h").unwrap(), noon(), &Standstill::default());
    assert_eq!(list.next_change(), midnight, "none of them is theirs");
    list.filter(read("airline:5J age:>1h").unwrap(), noon(), &Standstill::default());
    assert_eq!(list.shown(), 0);
    let turn = noon() + minutes(10) + SignedDuration::from_nanos(1);
    assert_eq!(list.next_change(), Some(turn));
    list.pass_time(turn, &Standstill::default());
    assert_eq!((list.shown(), list.next_change()), (20, midnight));
    list.filter(Filter::default(), turn, &Standstill::default());
    assert_eq!(list.next_change(), midnight);
}

/// A ticketed order about which nothing happens by itself.
fn settled(n: u32) -> Plain {
    Plain {
        no: number(n),
        airlines: vec!["5J"],
        from: "SIN",
        to: "BKK",
        names: vec!["LIN/MEIYU"],
        status: OrderStatus::Ticketed,
        deadline: None,
        created: noon(),
        changed: noon(),
        amount: Some((20_000, "CNY")),
        code: None,
        refused: Vec::new(),
        method: PaymentMethod::Vcc,
        note: Some("call back"),
        pnr: Some("K7QW2D"),
        flight: "5J813",
    }
}

fn leaves(text: &str, plain: &Plain) -> bool {
    let case = case(plain);
    read(text).unwrap().leaves(&case, Group::of(&case, noon()), noon())
}

#[test]
fn values_are_read_in_every_form() {
    // An order of 13:22 in Singapore, CNY 200.00.
    let order = Plain { created: noon() - minutes(60), changed: noon() - minutes(15), ..settled(1) };
    for (text, left) in [
        ("", true),
        ("airline:", true),
        ("amount:>", true),
        ("!", true),
        ("amount:200", true),
        ("amount:200CNY", true),
        ("amount:cny200.00", true),
        ("amount:200USD", false),
        ("amount:>200", false),
        ("amount:>=200CNY", true),
        ("amount:<200.01", true),
        ("amount:100..200CNY", true),
        ("amount:100USD..200", false),
        ("金额:>100", true),
        ("amount:1,200,3", true),
        ("age:>1h", false),
        ("age:>=1h", true),
        ("age:>59m59s", true),
        ("age:<1h0m1s", true),
        ("已建:>59分", true),
        ("时长:<2小时", true),
        ("age:50m..70m", true),
        ("created:13:22", true),
        ("created:13:21", false),
        ("created:>13:21", true),
        ("created:>13:22", false),
        ("created:>=13:22", true),
        ("created:13:00..13:22", true),
        ("created:2026-11-03", true),
        ("created:>2026-11-03", false),
        ("created:>=2026-11-03", true),
        ("created:<=2026-11-03", true),
        ("created:<2026-11-03", false),
        ("created:>2026-11-02", true),
        ("created:<2026-11-03T13:23", true),
        ("created:<2026-11-03T05:23:00Z", true),
        ("since:14:05", true),
        ("since:14:10", false),
        ("since:20m", true),
        ("since:14m", false),
        ("since:2026-11-03", true),
        ("变动:14:05", true),
        ("status:2", true),
        ("status:ticketed,unpaid", true),
        ("!status:ticketed", false),
        ("状态:已出票", true),
        ("status:604", false),
        ("queue:done", true),
        ("队列:已完成", true),
        ("queue:unpaid", false),
        ("queue:all", true),
        ("people:1", true),
        ("attempts:0", true),
        ("note:\"call back\"", true),
        ("note:“call back”", true),
        ("note:\"call ba", true),
        ("note:call", true),
        ("备注:back", true),
        ("pax:LI", false),
        ("pax:lin", true),
        ("from:SIN to:BKK", true),
        ("from:SIN to:MNL", false),
        ("airline:TR airline:5J", true),
        ("amount:>100 amount:<300", true),
        ("amount:>100 amount:<150", false),
        ("amount:>300 amount:<150", false),
        ("amount:>100CNY amount:<300USD", false),
        ("amount:>300,<250", true),
        ("amount:200 amount:500 amount:>100", true),
        ("amount:200 amount:>300", false),
        ("amount:100..150 amount:180..300", true),
        ("age:>50m age:<70m", true),
        ("age:>10m age:<50m", false),
        ("created:>13:00 created:<14:00", true),
        ("people:>0 people:<2", true),
        ("people:>1 people:<3", false),
        ("airline:TR !airline:5J", false),
        ("LIN !SANTOS", true),
        ("!LIN", false),
        ("\"LIN/MEIYU\"", true),
        ("14:05", false),
    ] {
        assert_eq!(leaves(text, &order), left, "{text}");
    }
}

#[test]
fn comparisons_of_one_field_are_a_range_that_one_number_lies_in() {
    let twice = Plain { refused: vec![413, 616], status: OrderStatus::Unpaid, ..settled(1) };
    for (text, left) in [
        ("code:>400 code:<500", true),
        ("code:>500 code:<600", false),
        ("code:>=413 code:<=413", true),
        ("code:>600 code:413", true),
        ("code:>600,<420", true),
        ("status:>500 status:<600", false),
        ("!code:>500 !code:<600", false),
    ] {
        assert_eq!(leaves(text, &twice), left, "{text}");
    }
}

#[test]
fn a_date_by_itself_is_that_day_where_the_desk_is() {
    // 16:30 UTC of the second is 0:30 of the third in Singapore.
    let order = Plain { created: "2026-11-02T16:30:00Z".parse().unwrap(), ..settled(1) };
    assert!(leaves("created:2026-11-03 created:<1:00", &order));
    assert!(!leaves("created:2026-11-02", &order));
}

#[test]
fn what_is_wrong_is_said_with_its_place_and_what_was_meant_in_both_languages() {
    for (text, at, english, chinese) in [
        ("airlin:TR", 0..6, "no field is called airlin: airline?", "没有字段「airlin」，是否指 airline？"),
        ("TR !statsu:ticketed", 4..10, "statsu: status?", "status"),
        ("航空公私:TR", 0..4, "航空公司?", "航空公司？"),
        ("xyzzy:1", 0..5, "? lists them", "按 ? 查看字段"),
        ("status:unpayd", 7..13, "status is never unpayd: unpaid?", "状态没有「unpayd」"),
        ("method:gold", 7..11, "Tab shows what it can be", "按 Tab"),
        ("TR amount:lots", 10..14, "amount is written as 200, >200CNY", "金额的写法"),
        ("amount:1USD..2EUR", 7..17, "written as", "写法"),
        ("due:10m", 4..7, "due is written as <10m", "剩余的写法"),
        ("due:soon", 4..8, "<14:05", "<14:05"),
        ("age:>14:05", 5..10, "age is written as", "已建的写法"),
        ("created:>1h", 9..11, ">14:05, 13:00..14:00", "创建的写法"),
        ("since:>14:05", 7..12, "since is written as 14:05, 2h", "变动的写法"),
        ("code:abc", 5..8, "code is written as 604", "代码的写法"),
        ("pax:>zhang", 5..10, "pax is a word", "是文字"),
        ("amount:300..200", 7..15, "the end lies before", "终点在起点之前"),
        ("张静 航司:>TR", 7..9, "airline is a word", "航司是文字"),
    ] {
        let mistake = read(text).unwrap_err();
        assert_eq!(mistake.at, at, "{text}: {mistake:?}");
        for (lang, want) in [(Lang::En, english), (Lang::ZhCn, chinese)] {
            let said = mistake.text(lang);
            assert!(said.contains(want), "{text}: {said}");
        }
    }
    let mistake = read("zz:1").unwrap_err();
    assert_eq!(mistake.problem, Problem::NoField { name: "zz".into(), nearest: None });
}

#[test]
fn every_column_is_a_field_and_each_field_has_names_a_meaning_and_an_example_that_is_one() {
    let ids: BTreeSet<&str> = fields().map(|field| field.id).collect();
    assert_eq!(ids.len(), fields().count(), "a field stands there twice");
    // The sign before a row is none, and a short number is the number.
    let columns = COLUMNS.iter().filter(|column| !["urgency", "short_order"].contains(&column.id));
    assert!(!ids.contains("short_order"));
    for column in columns {
        assert!(ids.contains(column.id), "{} is no field", column.id);
    }
    let mut names = BTreeSet::new();
    for field in fields() {
        for lang in BOTH {
            assert!(!field.meaning(lang).is_empty(), "{}", field.id);
            assert_eq!(Field::named(field.name(lang)), Some(field));
            let query = Query::read(field.example(lang));
            assert!(read(field.example(lang)).is_ok(), "{}", field.example(lang));
            assert!(
                matches!(&query.terms[..], [term] if matches!(&term.asked,
                    Asked::Field { name, .. } if name.text == field.name(lang))),
                "{}: {query:?}",
                field.id
            );
        }
        for name in field.names().collect::<BTreeSet<_>>() {
            assert!(names.insert(name), "{name} is the name of two fields");
        }
        if let Facts::Choice(choice) = field.facts {
            for word in BOTH.into_iter().flat_map(|lang| choice.texts(lang)) {
                let text = format!("{}:{}", field.id, paydesk::console::filter::quoted(&word));
                assert!(read(&text).is_ok(), "{text}");
            }
        }
    }
}

/// Any text that is a part of a filter.
fn any_piece() -> impl Strategy<Value = String> {
    "[a-z0-9:!<>.,\"\\\\ 张é-]{1,8}".prop_map(|text| text.replace(' ', "\u{a0}").replace('\u{a0}', " "))
}

fn any_value() -> impl Strategy<Value = String> {
    let quote = |text: String| paydesk::console::filter::quoted(&text);
    let sides = [Side::Above, Side::From, Side::Below, Side::To];
    prop_oneof![
        any_piece().prop_map(quote),
        (proptest::sample::select(sides.to_vec()), any_piece())
            .prop_map(move |(side, text)| side.sign().to_owned() + &quote(text)),
        ("[0-9a-z]{1,4}", "[0-9a-z]{1,4}").prop_map(|(low, high)| format!("{low}..{high}")),
    ]
}

fn any_term() -> impl Strategy<Value = String> {
    let values = proptest::collection::vec(any_value(), 1..4).prop_map(|values| values.join(","));
    let field = ("[a-z张][a-z0-9_]{0,4}", values).prop_map(|(name, values)| format!("{name}:{values}"));
    let word = any_piece().prop_map(|text| paydesk::console::filter::quoted(&text));
    (any::<bool>(), prop_oneof![field, word])
        .prop_map(|(is_negated, term)| if is_negated { format!("!{term}") } else { term })
}

#[test]
fn a_range_whose_lower_end_looks_like_a_sign_is_written_as_it_was_read() {
    for typed in ["a:!..", "a:!..5", "a:b:..c", "a:1..\"2 3\""] {
        let query = Query::read(typed);
        assert_eq!(Query::read(&query.to_string()), query, "{typed} is written {query}");
    }
}

proptest! {
    /// What is written from what was read is read as the same, whatever was typed.
    #[test]
    fn a_filter_that_is_written_is_read_as_itself(
        terms in proptest::collection::vec(any_term(), 0..5),
        typed in "[a-z0-9:!<>.,\"\\\\ 张：，！]{0,24}",
    ) {
        let text = terms.join(" ");
        let query = Query::read(&text);
        prop_assert_eq!(query.terms.len(), terms.len(), "{} is {:?}", text, query);
        prop_assert_eq!(&query.to_string(), &text);
        let query = Query::read(&typed);
        prop_assert_eq!(&Query::read(&query.to_string()), &query, "{}", typed);
    }

    /// Every piece stands where it is said to stand, and no text whatever is a panic.
    #[test]
    fn pieces_stand_where_they_are_said_to(text in "\\PC{0,24}|[a-z:,!<>.\"张é ]{0,24}") {
        let characters: Vec<char> = text.chars().collect();
        for term in Query::read(&text).terms {
            if let Asked::Field { name, values } = term.asked {
                let folded: String = characters[name.at.clone()].iter().map(|c| paydesk::domain::fold::fold(*c)).collect();
                prop_assert_eq!(folded, name.text);
                prop_assert!(values.iter().all(|value: &Value| value.at().end <= characters.len()));
            }
        }
        let _ = read(&text).map_err(|mistake| BOTH.map(|lang| mistake.text(lang)));
    }
}
