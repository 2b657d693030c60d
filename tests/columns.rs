//! The columns of the table: each sorts every order, and finds it by what it says of it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

mod rig;

use std::{
    collections::{BTreeMap, BTreeSet},
    mem::discriminant,
    sync::Arc,
};

use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use paydesk::{
    console::{
        column::{COLUMNS, Column, Key, Needle, Row, Said, Set, Spans, Value, is_found},
        filter::{Filter, Reading},
        list::{List, queue::Tab},
        standstill::Standstill,
        theme::Signs,
    },
    domain::{
        attempt::{Doubt, State},
        case::Case,
        method::PaymentMethod,
        moment::Now,
        order::{OrderNo, OrderStatus, TicketingError},
        triage::{Day, Queue, triage},
        work::{Owner, Work},
    },
    lang::Lang,
};
use proptest::prelude::*;
use rig::{Sketch, case, noon};

const STATUSES: [OrderStatus; 5] = [
    OrderStatus::Unpaid,
    OrderStatus::Ticketing,
    OrderStatus::Ticketed,
    OrderStatus::Cancelled,
    OrderStatus::Unknown(Some(7)),
];

const NAMES: [&str; 8] = [
    "LIN/MEIYU",
    "ИВАНОВ/ПЁТР",
    "İNCİ/IŞIL",
    "inci/ışıl",
    "ＷＡＮＧ/ＸＩＡＯ",
    "王/小明",
    "GARCI\u{301}A/JOSÉ",
    "STRAßE/ΟΔΥΣΣΕΑΣ",
];

/// Orders of every status and script, with everything known of them, half of it, and nothing.
fn cases() -> Vec<Arc<Case>> {
    let sketches = (0..120).map(|n: u32| Sketch {
        n,
        names: vec![NAMES[n as usize % NAMES.len()], "SECOND/NAME"],
        status: STATUSES[n as usize / 3 % STATUSES.len()],
        airline: ["QG", "5J", "TR"][n as usize % 3],
        route: [("CGK", "SUB"), ("MNL", "SIN")][n as usize % 2],
        methods: PaymentMethod::ALL.iter().copied().take(n as usize % 5).collect(),
        minutes_left: i64::from(n) - 60,
        error: None,
    });
    let known = |sketch: Sketch| {
        let mut case = case(&sketch);
        let order = &mut case.order;
        match sketch.n % 4 {
            0 => order.details = None,
            1 => (order.from, order.created) = (None, None),
            2 => {
                order.airline_pnrs = vec!["ab12CD".into()].into();
                order.ticketing_error = Some(TicketingError { code: "604".into(), message: None }.into());
                order.paid_at = Some(noon() - SignedDuration::from_mins(i64::from(sketch.n)));
            }
            _ => {
                let details = order.details.as_mut().unwrap();
                details.payment = details.options.last().cloned();
            }
        }
        if sketch.n % 12 == 5 {
            (order.to, order.pnr_code) = (None, None);
            order.airlines = Vec::new().into();
            order.passengers = Vec::new().into();
        }
        if !sketch.n.is_multiple_of(4) {
            let (who, since) = (NAMES[sketch.n as usize / 4 % NAMES.len()], noon());
            let until = since + SignedDuration::from_mins(i64::from(sketch.n));
            let owner = Owner { who: who.into(), program: "desk".into(), since, until };
            case.work = Some(Arc::new(Work { owner: Some(owner), ..Work::default() }));
        }
        Arc::new(case)
    };
    sketches.map(known).collect()
}

fn list() -> List {
    let mut list = List::default();
    list.put(cases(), noon(), &Standstill::default());
    list
}

fn key(column: &Column, case: &Case) -> Key {
    let group = triage(case, Now::agreed(noon())).group;
    column.value.key(case, group, noon())
}

fn words(column: &Column, case: &Case) -> Vec<String> {
    let mut words = Vec::new();
    let group = triage(case, Now::agreed(noon())).group;
    column.value.is_found(case, group, &mut |said| {
        match said {
            Said::Text(text) | Said::Name(text) => words.push(text.to_owned()),
            Said::Term(key) => {
                let texts = [Lang::En, Lang::ZhCn].map(|lang| lang.find(key).unwrap());
                words.extend(texts.iter().flat_map(|text| text.split_whitespace()).map(str::to_owned));
            }
        }
        false
    });
    words
}

#[test]
fn every_column_has_its_own_word_and_letter_and_a_head_in_both_languages() {
    let ids: BTreeSet<&str> = COLUMNS.iter().map(|column| column.id).collect();
    let letters: Vec<char> = COLUMNS.iter().filter_map(|column| column.letter()).collect();
    assert_eq!(ids.len(), COLUMNS.len());
    assert_eq!(letters.iter().collect::<BTreeSet<_>>().len(), letters.len());
    for column in COLUMNS {
        for lang in [Lang::En, Lang::ZhCn] {
            assert!(lang.find(column.head).is_some_and(|head| !head.is_empty()), "{}", column.id);
        }
        assert!(column.id.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{}", column.id);
    }
    for letter in letters {
        assert_eq!(Column::of_letter(letter).and_then(|column| column.letter()), Some(letter));
    }
    assert_eq!(Column::of_letter('x'), None);
}

#[test]
fn every_set_has_room_for_its_columns_and_a_wider_one_for_more() {
    let mut last = 0;
    for width in 60..200 {
        let set = Set::fitting(width);
        assert!(set.room() <= width.max(Set::fitting(0).room()), "{width}");
        assert!(set.columns.len() >= last, "{width}");
        last = set.columns.len();
    }
    assert!(Set::fitting(80).room() <= 80);
}

#[test]
fn every_column_sorts_all_orders_by_one_kind_of_key() {
    for column in COLUMNS {
        let kinds: Vec<_> = cases()
            .iter()
            .map(|case| key(column, case))
            .filter(|key| *key != Key::Missing)
            .map(|key| discriminant(&key))
            .collect();
        assert!(kinds.len() > 20, "{}", column.id);
        assert!(kinds.iter().all(|kind| *kind == kinds[0]), "{}", column.id);
    }
}

#[test]
fn every_column_sorts_both_ways_and_each_order_is_found_in_its_row() {
    for column in COLUMNS {
        let mut list = list();
        list.sort(column);
        if list.sorted_by().1 {
            list.sort(column);
        }
        for reversed in [false, true] {
            assert_eq!(list.sorted_by(), (column, reversed));
            assert_eq!(list.shown(), 120, "{}", column.id);
            let rows: Vec<Arc<Case>> = (0..120).map(|at| Arc::clone(list.row(at).unwrap().0)).collect();
            for pair in rows.windows(2) {
                let [above, below] = [&pair[0], &pair[1]].map(|case| key(column, case));
                let is_sorted = if reversed { above >= below } else { above <= below };
                assert!(is_sorted, "{}: {above:?} above {below:?}", column.id);
                assert!(above != below || pair[0].order.no < pair[1].order.no, "{}: a tie", column.id);
            }
            for (at, case) in rows.iter().enumerate() {
                list.select(case.order.no);
                assert_eq!(list.position(), Some(at), "{}", column.id);
            }
            list.sort(column);
        }
    }
}

#[test]
fn every_order_is_found_by_what_its_columns_say_in_any_case_width_and_composition() {
    let wide = |text: &str| -> String {
        let wide =
            |c: char| char::from_u32(u32::from(c) + 0xfee0).filter(|_| c.is_ascii_graphic()).unwrap_or(c);
        text.chars().map(wide).collect()
    };
    let apart = DecomposingNormalizerBorrowed::new_nfd();
    let together = ComposingNormalizerBorrowed::new_nfc();
    let mut list = list();
    let mut tried = BTreeSet::new();
    for case in cases() {
        list.select(case.order.no);
        for column in COLUMNS {
            for word in words(column, &case) {
                if !tried.insert((column.id, word.clone())) {
                    continue;
                }
                let forms = [
                    word.to_uppercase(),
                    word.to_lowercase(),
                    wide(&word),
                    apart.normalize(&word).into_owned(),
                    together.normalize(&word).into_owned(),
                ];
                for form in forms {
                    list.filter(words_alone(&form), noon(), &Standstill::default());
                    assert!(list.is_filtered());
                    list.select(case.order.no);
                    assert!(list.position().is_some(), "{form:?} ({word:?} of {})", column.id);
                }
            }
        }
    }
    let found: BTreeSet<&str> = tried.iter().map(|(id, _)| *id).collect();
    let has_words = |column: &&&Column| matches!(column.value, Value::Words(_));
    let searched: BTreeSet<&str> = COLUMNS.iter().filter(has_words).map(|column| column.id).collect();
    assert!(searched.len() >= 8 && found == searched, "{found:?} of {searched:?}");
}

/// A filter of words without a field.
fn words_alone(text: &str) -> Filter {
    Filter::read(text, &Reading { now: noon(), zone: TimeZone::UTC }).unwrap()
}

/// The numbers of the orders that a filter leaves.
fn left_by(list: &mut List, filter: &str) -> Vec<OrderNo> {
    list.filter(words_alone(filter), noon(), &Standstill::default());
    (0..list.shown()).map(|at| list.row(at).unwrap().0.order.no).collect()
}

/// Orders with an attempt in each state, and in each status without one.
fn attempted() -> Vec<Arc<Case>> {
    let doubt = || Doubt::NoAnswer;
    let states = [
        State::Claimed,
        State::Sending,
        State::Accepted,
        State::Refused(413),
        State::InDoubt(doubt()),
        State::Paid,
        State::Ticketed,
        State::PaidElsewhere,
        State::Conflict,
        State::Reversed,
        State::Rejected(604),
        State::NotApplied,
        State::Closed,
    ];
    let with = |(n, state): (u32, State)| {
        let status = match state {
            State::Paid => OrderStatus::Ticketing,
            State::Ticketed => OrderStatus::Ticketed,
            State::Reversed => OrderStatus::Cancelled,
            _ => OrderStatus::Unpaid,
        };
        let order = case(&Sketch { n, status, ..Sketch::default() }).order;
        let attempt = rig::sample::attempt(order.no, noon(), state);
        Arc::new(rig::sample::case(order.clone(), rig::sample::lineage(order.no, vec![attempt])))
    };
    (500..).zip(states).map(with).chain(cases()).collect()
}

#[test]
fn every_order_is_found_by_the_words_that_its_row_shows_in_either_language_whatever_the_screen_has() {
    let cases = attempted();
    let mut list = List::default();
    list.put(cases.clone(), noon(), &Standstill::default());
    let shown = ["method", "payment", "ticketing", "state"];
    let mut tried = 0;
    for case in &cases {
        let group = triage(case, Now::agreed(noon())).group;
        for (column, lang) in
            COLUMNS.into_iter().flat_map(|column| [(column, Lang::En), (column, Lang::ZhCn)])
        {
            let row = Row {
                case,
                group,
                is_remembered: false,
                is_in_trouble: false,
                tail: 4,
                lang,
                now: noon(),
                minute: noon(),
                wall: noon(),
                zone: &jiff::tz::TimeZone::UTC,
                server_now: noon(),
            };
            let mut spans = Spans::new(Signs::Ascii);
            spans.begin(22);
            (column.cell)(&row, &mut spans);
            // A mark and a blank stand before the words of a state.
            let marked = if column.id == "method" { 0 } else { 2 };
            let text: String = spans.iter().skip(marked).map(|(_, span)| span).collect();
            for word in text.split_whitespace().filter(|word| shown.contains(&column.id) && *word != "-") {
                let found = left_by(&mut list, word);
                assert!(
                    found.contains(&case.order.no),
                    "{word:?} of {} in {lang:?}: {:?}",
                    column.id,
                    case.attempt_state()
                );
                tried += 1;
            }
        }
    }
    assert!(tried > 400, "{tried}");
}

#[test]
fn words_of_the_desk_find_the_same_orders_in_both_languages_and_are_no_parts_of_others() {
    let cases = attempted();
    let mut list = List::default();
    list.put(cases.clone(), noon(), &Standstill::default());
    for (english, chinese) in [
        ("unpaid", "待支付"),
        ("ticketed", "已出票"),
        ("ticketing", "出票中"),
        ("lapsed", "已过期"),
        ("deposit", "预存款"),
        ("doubt", "存疑"),
    ] {
        let found = left_by(&mut list, english);
        assert!(!found.is_empty(), "{english}");
        assert_eq!(found, left_by(&mut list, chinese), "{english} and {chinese}");
    }
    let (declined, refused) = (left_by(&mut list, "拒付"), left_by(&mut list, "declined"));
    let is_failed = |case: &&Arc<Case>| declined.contains(&case.order.no);
    assert!(cases.iter().filter(is_failed).any(|case| case.order.ticketing_error.is_some()));
    assert!(cases.iter().filter(is_failed).any(|case| case.attempt_state().is_some()));
    assert_eq!(declined, refused);
    let paid = left_by(&mut list, "paid");
    let is_unpaid =
        |case: &&Arc<Case>| case.attempt_state().is_none() && case.order.status == OrderStatus::Unpaid;
    for case in cases.iter().filter(is_unpaid) {
        assert!(!paid.contains(&case.order.no), "unpaid is not paid");
    }
}

#[test]
fn a_row_is_found_by_the_word_of_its_baggage_as_well_as_by_its_ticketing() {
    let sketch = |n, error| case(&Sketch { n, status: OrderStatus::Ticketing, error, ..Sketch::default() });
    let cases = [(1, None), (2, Some("3011")), (3, Some("309"))];
    let mut list = List::default();
    list.put(cases.map(|(n, error)| Arc::new(sketch(n, error))).to_vec(), noon(), &Standstill::default());
    let of = |n| vec![sketch(n, None).order.no];
    for (word, found) in
        [("status:\"bag loss\"", of(2)), ("ticketing:行李亏损", of(2)), ("行李不可买", of(3))]
    {
        assert_eq!(left_by(&mut list, word), found, "{word}");
    }
    assert_eq!(left_by(&mut list, "status:ticketing").len(), 3);
}

#[test]
fn two_letters_find_an_airline_and_whole_names_and_a_chinese_name_is_found_as_it_is_written() {
    let orders = [
        ("TR", vec!["LIN/MEIYU"]),
        ("QG", vec!["TRAN/VAN"]),
        ("QG", vec!["PETROV/IVAN", "张/静"]),
        ("5J", vec!["LI/SI"]),
        ("5J", vec!["ZHANG/JING"]),
    ];
    let mut list = List::default();
    let sketch = |(n, (airline, names)): (u32, (&'static str, Vec<&'static str>))| {
        Arc::new(case(&Sketch { n, airline, names, ..Sketch::default() }))
    };
    list.put((0..).zip(orders).map(sketch).collect(), noon(), &Standstill::default());
    let mut found = |filter: &str| -> Vec<u32> {
        let left = left_by(&mut list, filter);
        (0..5).filter(|n| left.contains(&rig::number(*n))).collect()
    };
    assert_eq!(found("TR"), [0]);
    assert_eq!(found("tr"), [0]);
    assert_eq!(found("TRA"), [1], "a name is typed on");
    assert_eq!(found("5j"), [3, 4]);
    assert_eq!(found("li"), [3], "a whole name, not the half of LIN");
    assert_eq!(found("LIN"), [0]);
    for name in ["张静", "张/静", "静"] {
        assert_eq!(found(name), [2], "{name}");
    }
    for name in ["ZHANG/JING", "zhang jing", "jing", "ZHANGJING", "zhangj", "jingzhang", "ｊｉｎｇｚｈ"]
    {
        assert_eq!(found(name), [4], "{name}");
    }
    for name in ["zhangzhang", "jingzhangjing", "jangjing"] {
        assert_eq!(found(name), [0; 0], "{name}");
    }
    assert_eq!(found("5J 静"), [0; 0]);
}

/// What happens to a list while it is looked at.
#[derive(Clone, Debug)]
enum Step {
    Type(char),
    Backspace,
    Filter(String),
    Look(Queue),
    Sort(&'static Column),
    /// Orders change their status, some are new.
    Put(Vec<(u32, OrderStatus)>),
    /// So many minutes pass.
    Pass(i64),
}

fn any_step() -> impl Strategy<Value = Step> {
    let letter = || proptest::sample::select("linğıİé́9345-/ ".chars().collect::<Vec<_>>());
    let status = proptest::sample::select(STATUSES.to_vec());
    prop_oneof![
        6 => letter().prop_map(Step::Type),
        3 => Just(Step::Backspace),
        1 => proptest::collection::vec(letter(), 0..4).prop_map(|text| Step::Filter(text.into_iter().collect())),
        2 => proptest::sample::select(Queue::ALL.to_vec()).prop_map(Step::Look),
        2 => proptest::sample::select(COLUMNS.to_vec()).prop_map(Step::Sort),
        4 => proptest::collection::vec((0_u32..140, status.clone()), 1..6).prop_map(Step::Put),
        1 => proptest::collection::vec((0_u32..140, status), 65..90).prop_map(Step::Put),
        2 => (1_i64..40).prop_map(Step::Pass),
    ]
}

/// The rows that a list should have, found and sorted from nothing.
fn expected_rows(
    known: &BTreeMap<OrderNo, Arc<Case>>,
    list: &List,
    filter: &str,
    now: Timestamp,
) -> Vec<OrderNo> {
    let (column, reversed) = list.sorted_by();
    let today = Day::of(now, &TimeZone::UTC);
    let needles: Vec<Needle> = filter.split_whitespace().map(Needle::new).collect();
    let row = |case: &Arc<Case>| {
        let group = triage(case, Now::agreed(now)).group;
        let Tab::BuiltIn(queue) = list.tab() else { return None };
        let shown =
            queue.has(case, group, &today) && needles.iter().all(|needle| is_found(case, group, now, needle));
        shown.then(|| (column.value.key(case, group, now), case.order.no))
    };
    let mut rows: Vec<(Key, OrderNo)> = known.values().filter_map(row).collect();
    // By order number already, which stays so where keys are equal.
    rows.sort_by(|(a, _), (b, _)| if reversed { b.cmp(a) } else { a.cmp(b) });
    rows.into_iter().map(|(_, order)| order).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// However it came to be filtered and sorted, and whatever changed on the way.
    #[test]
    fn a_list_that_changed_has_the_rows_of_one_made_from_nothing(steps in proptest::collection::vec(any_step(), 1..30)) {
        let mut known: BTreeMap<OrderNo, Arc<Case>> =
            cases().into_iter().map(|case| (case.order.no, case)).collect();
        let (mut list, mut filter, mut now) = (list(), String::new(), noon());
        for step in steps {
            match &step {
                Step::Type(letter) => filter.push(*letter),
                Step::Backspace => drop(filter.pop()),
                Step::Filter(text) => filter.clone_from(text),
                Step::Look(queue) => list.look_at(*queue),
                Step::Sort(column) => list.sort(column),
                Step::Put(changes) => {
                    let change = |(n, status): &(u32, OrderStatus)| {
                        let minutes_left = i64::from(*n) % 45;
                        Arc::new(case(&Sketch { n: *n, status: *status, minutes_left, ..Sketch::default() }))
                    };
                    let changed: Vec<Arc<Case>> = changes.iter().map(change).collect();
                    known.extend(changed.iter().map(|case| (case.order.no, Arc::clone(case))));
                    list.put(changed, now, &Standstill::default());
                }
                Step::Pass(minutes) => {
                    now += SignedDuration::from_mins(*minutes);
                    list.pass_time(now, &Standstill::default());
                }
            }
            if matches!(step, Step::Type(_) | Step::Backspace | Step::Filter(_)) {
                list.filter(words_alone(&filter), now, &Standstill::default());
            }
            let rows: Vec<OrderNo> = (0..list.shown()).filter_map(|at| Some(list.row(at)?.0.order.no)).collect();
            prop_assert_eq!(rows, expected_rows(&known, &list, &filter, now), "after {:?} by {:?}", step, filter);
        }
    }
}

/// Sorted by any column in either direction, orders of equal keys stand by their numbers, however they came in.
#[test]
fn equal_keys_keep_their_order_in_either_direction_however_orders_came_in() {
    let cases = cases();
    let sorted = |cases: Vec<Arc<Case>>, column: &'static Column, reversed: bool| {
        let mut list = List::default();
        list.sort_by(column, reversed);
        // One after the other, and all at once.
        for chunk in cases.chunks(7) {
            list.put(chunk.to_vec(), noon(), &Standstill::default());
        }
        (0..list.len()).map(|at| Arc::clone(list.row(at).unwrap().0)).collect::<Vec<_>>()
    };
    let mut others = cases.clone();
    fastrand::Rng::with_seed(3).shuffle(&mut others);
    for column in COLUMNS.into_iter().filter(|column| column.letter().is_some()) {
        for reversed in [false, true] {
            let rows = sorted(cases.clone(), column, reversed);
            assert_eq!(rows, sorted(others.clone(), column, reversed), "{}", column.id);
            let key =
                |case: &Arc<Case>| column.value.key(case, triage(case, Now::agreed(noon())).group, noon());
            for pair in rows.windows(2) {
                let in_order = match key(&pair[0]).cmp(&key(&pair[1])) {
                    std::cmp::Ordering::Equal => pair[0].order.no < pair[1].order.no,
                    order => (order == std::cmp::Ordering::Less) != reversed,
                };
                assert!(in_order, "{} {reversed}", column.id);
            }
        }
    }
}
