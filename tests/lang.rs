//! Every text is there in both languages, is used, and is filled in completely.

#![expect(clippy::unwrap_used, reason = "a test ends where its own data is wrong")]

mod sample;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use jiff::Timestamp;
use paydesk::{
    atlas::ReadError,
    desk::hub::{Closed, LossNotDecided, NotBegun, NotRegenerated},
    domain::{
        airline_trouble::{AirlineTrouble, SaidBy},
        attempt::{AttemptId, Decision, Doubt, Gate, NotSent, State},
        baggage::{
            decision::{self as baggage, AcceptanceId, Called},
            trouble,
        },
        card::{CardBrand, CardNumber, MaskedCard},
        codes::Baggage,
        committable::Progress,
        field::Field,
        lineage::Lineage,
        method::PaymentMethod,
        money::{Currency, Money},
        obstacle::Obstacle,
        order::{Airline, OrderNo, OrderStatus},
        recovery::{Advice, Never, PaymentPath, StepKind, StepState, Why},
        regenerable::NotNow,
        regeneration::{self, Regeneration},
        spelling::Unfit,
        story::{OperatorAction, What},
        subject::{Subject, kept_parts},
        triage::{Cause, NextStep, Queue},
    },
    lang::{self, Lang, reason::Reason, recovery as plans, words},
};

use unicode_width::UnicodeWidthStr;

const BOTH: [Lang; 2] = [Lang::En, Lang::ZhCn];

/// Words of the sources that look like keys and are none: an endpoint, keys of the configuration, a file.
const NO_KEYS: [&str; 7] = [
    "pay.do",
    "log.level",
    "log.max_megabytes",
    "journal.sqlite",
    "webhook.listen",
    "network.proxy",
    "network.ca_file",
];

/// Sections whose keys are made at run time, from the words of states, methods and obstacles.
const MADE_AT_RUN_TIME: [&str; 32] = [
    "find_name.",
    "find_example.",
    "field_name.",
    "field_means.",
    "field_example.",
    "found_by.",
    "reason.",
    "mend.",
    "respell.",
    "attempt.",
    "attempt_short.",
    "advice.",
    "airline_trouble.",
    "airline_trouble_unconfirmed.",
    "cause.",
    "gate.",
    "not_begun.",
    "status.",
    "method.",
    "story.",
    "decision.",
    "regeneration.",
    "why.",
    "why_mend.",
    "happened.",
    "never.",
    "not_regenerated.",
    "not_stopped.",
    "not_committed.",
    "traveller.",
    "stop.",
    "wire.",
];

fn sources() -> String {
    fn read(folder: &Path, text: &mut String) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                read(&path, text);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                text.push_str(&fs::read_to_string(path).unwrap());
            }
        }
    }
    let mut text = String::new();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut text);
    assert!(text.len() > 100_000, "the sources were not found");
    text
}

fn texts() -> BTreeMap<&'static str, [&'static str; 2]> {
    lang::all().map(|(key, en, zh)| (key, [en, zh])).collect()
}

/// `section.key`, in lower case, as a whole literal.
fn is_key(literal: &str) -> bool {
    let plain = |word: &str| {
        !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || matches!(b, b'_' | b'0'..=b'9'))
    };
    literal.split_once('.').is_some_and(|(section, key)| plain(section) && plain(key))
}

/// The keys that the sources name, in sections that exist.
fn named_keys(sources: &str) -> BTreeSet<&str> {
    let sections: BTreeSet<&str> =
        texts().into_keys().filter_map(|key| Some(key.split_once('.')?.0)).collect();
    sources
        .split('"')
        .filter(|literal| is_key(literal) && !NO_KEYS.contains(literal))
        .filter(|literal| literal.split_once('.').is_some_and(|(section, _)| sections.contains(section)))
        .collect()
}

/// The names that stand between braces; `{count:order|orders}` is a use of `count`.
fn placeholders(text: &str) -> BTreeSet<&str> {
    let inside = text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0));
    inside.map(|inside| inside.split_once(':').map_or(inside, |(name, _)| name)).collect()
}

/// The texts of `assets/lang`, and those of the files beside it that hold both languages, each with where it stands.
fn written() -> Vec<(String, String)> {
    let mut written: Vec<(String, String)> = lang::all()
        // Words to search by, and what is typed, not to read.
        .filter(|(key, ..)| {
            !["found_by.", "field_name.", "field_example."].iter().any(|of| key.starts_with(of))
        })
        .flat_map(|(key, en, zh)| [en, zh].map(|text| (key.to_owned(), text.to_owned())))
        .collect();
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    let mut files = vec![assets.join("codes.toml"), assets.join("presenter.toml")];
    files.extend(fs::read_dir(assets.join("scenarios")).unwrap().map(|entry| entry.unwrap().path()));
    for file in files {
        let table: toml::Value = toml::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        texts_in(&table, &name, false, &mut written);
    }
    assert!(written.len() > 1_500, "too little was found: {}", written.len());
    written
}

/// The strings under `en`, `zh` and `zh-CN`, wherever they stand.
fn texts_in(value: &toml::Value, at: &str, is_text: bool, texts: &mut Vec<(String, String)>) {
    match value {
        toml::Value::Table(table) => {
            for (key, value) in table {
                let is_text = matches!(&**key, "en" | "zh" | "zh-CN");
                texts_in(value, &format!("{at}.{key}"), is_text, texts);
            }
        }
        toml::Value::Array(values) => values.iter().for_each(|value| texts_in(value, at, is_text, texts)),
        toml::Value::String(text) if is_text => texts.push((at.to_owned(), text.clone())),
        _ => {}
    }
}

const fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}')
}

/// A half-width sign beside a Chinese character, outside of what is typed (between back quotes).
fn half_width(text: &str) -> Option<String> {
    const SIGNS: &str = ",:;()!?";
    let typed = text.split('`').enumerate().map(|(n, part)| if n % 2 == 1 { "" } else { part });
    let prose: Vec<char> = typed.collect::<Vec<_>>().join("`").chars().collect();
    prose.windows(2).find_map(|pair| {
        let is_wrong =
            (SIGNS.contains(pair[0]) && is_han(pair[1])) || (is_han(pair[0]) && SIGNS.contains(pair[1]));
        is_wrong.then(|| pair.iter().collect())
    })
}

#[test]
fn chinese_sentences_have_full_width_signs() {
    let check = |text: &str, want: Option<&str>| assert_eq!(half_width(text).as_deref(), want, "{text}");
    check("被拒(604)", Some("拒("));
    check("被拒（604），重试", None);
    check("刷新(r)", Some("新("));
    check("标记：! 将到期", None);
    check("用 `a, b: 中文` 查看", None);
    for (key, text) in written() {
        assert_eq!(half_width(&text), None, "{key}: {text}");
    }
}

/// Words that were given up for another one, which stands behind each; `docs/naming.md` says which word means what.
const RETIRED: [(&str, &str); 37] = [
    ("anew", "again"),
    ("made from", "replaced by"),
    ("old money", "money still held on the old order"),
    ("left this machine", "nothing was sent"),
    ("to mend", "in the way"),
    ("attempt is not over", "a payment is still open"),
    ("not settled", "still open"),
    ("reversed?", "refund?"),
    ("os error", "the cause in words"),
    ("(s)", "{count:one|other}"),
    ("told to", "asked to"),
    ("is heard", "arrives"),
    ("multi-use", "reusable"),
    ("is leaving", "is quitting"),
    ("cannot reach", "not reachable"),
    ("重建", "重新生单"),
    ("新单", "新订单"),
    ("原单", "原订单"),
    ("旧单", "原订单"),
    ("乘客", "乘机人"),
    ("单次卡", "一次性卡"),
    ("多次卡", "可重复使用卡"),
    ("存疑", "结果未知"),
    ("从预存款", "由预存款支付"),
    ("从卡", "刷卡支付"),
    ("编码", "PNR"),
    ("数据实时", "数据正常"),
    ("已有支付", "此前支付"),
    ("资金冻结", "冻结金额"),
    ("释放", "解冻"),
    ("挽回", "补救"),
    ("经过（", "时间线（"),
    ("本台", "本柜台"),
    ("支付期限", "支付时限"),
    ("应答", "答复"),
    ("接口", "API"),
    ("重新下单", "重新预订"),
];

#[test]
fn one_thing_has_one_word() {
    for (key, text) in written() {
        // An order is released, money is not.
        let is_of_work = key.starts_with("work.") || matches!(&*key, "key.release" | "story.released");
        for (word, instead) in RETIRED.iter().filter(|(word, _)| !(is_of_work && *word == "释放")) {
            assert!(!text.contains(word), "{key} says {word:?}, which is {instead:?} now: {text}");
        }
        // The journal is 流水, the log is 日志.
        let is_of_journal = text.contains("paydesk journal") || text.contains("journal`");
        assert!(!(is_of_journal && text.contains("日志")), "{key} calls the journal a log: {text}");
    }
    let zh = |key: &'static str| Lang::ZhCn.text(key);
    assert_eq!([zh("recover.no"), zh("recover.yes")], ["不可用", "可用"]);
    assert_eq!([zh("column.age"), zh("header.live")], ["已建", "数据正常"]);
    assert_eq!([zh("column.passengers"), zh("detail.passengers"), zh("orders.passengers")], ["乘机人"; 3]);
}

/// Columns beside the frame of the confirmation, on the narrowest screen.
const ROOM: usize = 76;

#[test]
fn a_remark_of_the_form_is_never_cut() {
    let sources = sources();
    let remarks: BTreeSet<&str> = sources
        .split("Some(\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .filter(|key| key.starts_with("form."))
        .collect();
    assert!(remarks.len() > 10, "the scan finds too little: {remarks:?}");
    for (lang, key) in BOTH.into_iter().flat_map(|lang| remarks.iter().map(move |key| (lang, key))) {
        let text = lang.find(key).unwrap();
        assert!(text.width() <= ROOM, "{} columns of {ROOM}: {text}", text.width());
    }
}

#[test]
fn words_agree_with_their_number_and_days_are_named_in_the_language() {
    let count = |lang: Lang, count: usize| lang.fill("status.count", &[("shown", &1), ("all", &count)]);
    assert_eq!(count(Lang::En, 1), "1 of 1 order");
    assert_eq!(count(Lang::En, 2), "1 of 2 orders");
    assert_eq!(count(Lang::ZhCn, 1), "1 / 1 个订单");
    for (key, text) in written() {
        let choices = text.split('{').skip(1).filter_map(|rest| rest.split_once('}')?.0.split_once(':'));
        for (name, words) in choices {
            assert!(words.split('|').count() == 2, "{key} has not two words for {name}: {text}");
        }
    }
    let day = jiff::civil::date(2026, 12, 1);
    assert_eq!(words::weekday(Lang::En, day), "Tue 1 Dec");
    assert_eq!(words::weekday(Lang::ZhCn, day), "12月1日 周二");
    assert_eq!(words::date(Lang::ZhCn, day), "12月1日");
}

#[test]
fn every_text_exists_in_both_languages_with_the_same_placeholders() {
    let texts = texts();
    assert!(texts.len() > 250, "a table did not parse: {} texts", texts.len());
    for (key, [en, zh]) in texts {
        assert!(!en.is_empty(), "{key} in English");
        assert!(!zh.is_empty(), "{key} in Chinese");
        assert_eq!(placeholders(en), placeholders(zh), "{key}");
    }
}

#[test]
fn every_key_of_the_sources_exists_and_every_key_of_the_tables_is_used() {
    let (sources, texts) = (sources(), texts());
    let named = named_keys(&sources);
    assert!(named.len() > 150, "the scan finds too little: {}", named.len());
    for key in &named {
        assert!(texts.contains_key(key), "{key} is named in src/ and has no text");
    }
    for key in texts.keys() {
        let base = key.strip_suffix("_short").unwrap_or(key);
        let made = MADE_AT_RUN_TIME.iter().any(|prefix| key.starts_with(prefix));
        assert!(made || named.contains(key) || named.contains(base), "nothing in src/ uses {key}");
    }
}

#[test]
fn what_is_not_filled_has_no_placeholders_and_what_is_filled_has_just_those() {
    let (sources, texts) = (sources(), texts());
    let key_after = |at: usize| -> Option<(&str, &str)> {
        let (key, rest) = sources.get(at..)?.trim_start().strip_prefix('"')?.split_once('"')?;
        texts.contains_key(key).then_some((key, rest))
    };
    let mut seen = 0;
    for (at, call) in sources.match_indices(".text(") {
        let Some((key, _)) = key_after(at + call.len()) else { continue };
        assert_eq!(placeholders(texts[key][0]), BTreeSet::new(), "{key} is shown without being filled");
        seen += 1;
    }
    for (at, call) in sources.match_indices(".fill(") {
        let Some((key, rest)) = key_after(at + call.len()) else { continue };
        let Some((values, _)) = rest.split_once(']').filter(|(values, _)| values.contains("&[")) else {
            continue;
        };
        let filled: BTreeSet<&str> =
            values.split("(\"").skip(1).filter_map(|rest| Some(rest.split_once('"')?.0)).collect();
        assert_eq!(filled, placeholders(texts[key][0]), "{key}");
        seen += 1;
    }
    assert!(seen > 80, "the scan finds too little: {seen}");
}

/// A sentence for people: something is said, and nothing was left unfilled.
#[track_caller]
fn check(said: &str, of: &dyn std::fmt::Debug) {
    assert!(!said.trim().is_empty(), "{of:?} says nothing");
    assert!(!said.contains(['{', '}']), "{of:?}: {said}");
    assert!(!is_key(said), "{of:?} has no text: {said}");
}

fn every_state() -> Vec<State> {
    let doubts = [
        Doubt::NoAnswer,
        Doubt::Cut("reset".into()),
        Doubt::Unreadable("html".into()),
        Doubt::Http(502),
        Doubt::Status(411),
        Doubt::Status(-77_777),
        Doubt::Crash,
    ];
    let reasons = [
        NotSent::NoConnection(paydesk::domain::read_error::ReadError::Unreachable {
            host: "h:443".into(),
            reason: "refused".into(),
        }),
        NotSent::Obstacle("expired".into()),
        NotSent::Obstacle("above_limit".into()),
        NotSent::CheckFailed(paydesk::domain::read_error::ReadError::NoSuchOrder),
        NotSent::Earlier("passengers".into()),
        NotSent::Gate(Gate::PayingOff("the disk is full".into())),
        NotSent::Interrupted,
    ];
    let mut states = vec![
        State::Claimed,
        State::Sending,
        State::Accepted,
        State::Refused(413),
        State::Paid,
        State::Ticketed,
        State::PaidElsewhere,
        State::Conflict,
        State::Reversed,
        State::Closed,
        State::Rejected(413),
        State::Rejected(-77_777),
        State::NotApplied,
    ];
    states.extend(doubts.map(State::InDoubt));
    states.extend(reasons.map(State::NotSent));
    states
}

fn every_obstacle() -> Vec<Obstacle> {
    let money = Money::new(1234.into(), Currency::parse("USD").unwrap());
    let airline = Airline::parse("TR").unwrap();
    let field = Field::City;
    let card = CardNumber::parse("4111111111111111").unwrap().masked();
    let unfit = |instead: Option<&str>| Unfit { sign: '\'', at: 2, instead: instead.map(Into::into) };
    let mut obstacles = vec![
        Obstacle::AlreadyTicketed,
        Obstacle::AlreadyPaid,
        Obstacle::Gone { since: Timestamp::UNIX_EPOCH },
        Obstacle::Cancelled,
        Obstacle::UnknownStatus(Some(7)),
        Obstacle::UnknownStatus(None),
        Obstacle::DetailsMissing,
        Obstacle::DeadlineUnknown,
        Obstacle::DeadlinePassed { at: Timestamp::UNIX_EPOCH },
        Obstacle::MethodNotOffered { offered: PaymentMethod::ALL.to_vec() },
        Obstacle::MethodNotOffered { offered: Vec::new() },
        Obstacle::NoVendorFare,
        Obstacle::SeveralAirlines,
        Obstacle::HeldByAnother { who: "mei@desk".into(), since: Timestamp::UNIX_EPOCH },
        Obstacle::TravellerNotConfirmed(Progress::NoLink),
        Obstacle::TravellerNotConfirmed(Progress::Waiting(Timestamp::UNIX_EPOCH)),
        Obstacle::TravellerNotConfirmed(Progress::Expired(Timestamp::UNIX_EPOCH)),
        Obstacle::AmountUnknown,
        Obstacle::AmountChanged { confirmed: money, now: money },
        Obstacle::AboveLimit { limit: money },
        Obstacle::BalanceShort { shortfall: money },
        Obstacle::FeeBalanceShort { shortfall: money },
        Obstacle::BalanceUnknown,
        Obstacle::LittleTimeForCard,
        Obstacle::Missing { field },
        Obstacle::BillingMissing { field, airline },
        Obstacle::NumberLength,
        Obstacle::NumberCheckDigit { lenient: true },
        Obstacle::BrandMismatch { wanted: CardBrand::Jcb },
        Obstacle::BrandNotAccepted { accepted: vec![CardBrand::Visa, CardBrand::Amex] },
        Obstacle::CardUsed { card },
        Obstacle::CardOftenRefused { card, times: 4 },
        Obstacle::ExpiryMalformed { field },
        Obstacle::Expired { field },
        Obstacle::CvvLength { digits: 4 },
        Obstacle::NameCharacters { field, unfit: unfit(Some("OBRIEN")) },
        Obstacle::NameCharacters { field, unfit: unfit(None) },
        Obstacle::NotTwoLetters { field },
        Obstacle::CityDigitsOnly,
        Obstacle::PostCodeCharacters { unfit: unfit(Some("018-956")) },
        Obstacle::PostCodeCharacters { unfit: unfit(None) },
        Obstacle::PostCodeTooShort,
        Obstacle::StreetTooShort,
        Obstacle::AddressDoubted { status: 413 },
        Obstacle::CeilingNotWhole,
        Obstacle::CeilingBelowPrice { price: money },
        Obstacle::CeilingAboveLimit { limit: money },
        Obstacle::DeviceIpMalformed,
        Obstacle::Regenerated { child: None },
        Obstacle::OldPaymentOpen { order: "DEMOA20261103101500123".parse().unwrap(), amount: money },
    ];
    let desk = SaidBy::Desk { declines: 3, until: Timestamp::UNIX_EPOCH };
    let vendor = ["Maintenance", "inactive", "On strike"].map(|word| SaidBy::Vendor(word.into()));
    let trouble = |(said_by, unconfirmed_hours)| {
        let since = Timestamp::UNIX_EPOCH;
        Obstacle::AirlineTrouble(AirlineTrouble { airline, said_by, since, unconfirmed_hours })
    };
    let said = vendor.into_iter().flat_map(|said_by| [0, 26].map(|hours| (said_by.clone(), hours)));
    obstacles.extend(said.chain([(desk, 0)]).map(trouble));
    obstacles.extend(every_state().into_iter().map(|state| Obstacle::AttemptOpen { state }));
    obstacles
}

/// The keys of a section.
fn keys_of(section: &str) -> BTreeSet<&'static str> {
    texts().into_keys().filter_map(|key| key.strip_prefix(section)?.strip_prefix('.')).collect()
}

#[test]
fn every_obstacle_says_why_and_what_mends_it() {
    let codes: BTreeSet<&str> = every_obstacle().iter().map(Obstacle::code).collect();
    // One reason is no obstacle of the rules: the second check alone finds it.
    let mut worded = keys_of("reason");
    assert!(worded.remove("original_alive"));
    assert_eq!(worded, codes);
    worded.insert("original_alive");
    assert_eq!(keys_of("mend"), worded);
    for obstacle in every_obstacle() {
        for lang in BOTH {
            check(&words::obstacle_reason(lang, &obstacle), &obstacle);
            check(&words::obstacle_mend(lang, &obstacle), &obstacle);
        }
    }
}

#[test]
fn every_reason_names_its_field_and_each_part_once() {
    assert_eq!(keys_of("subject").len(), Subject::OTHERS.len());
    let subjects: Vec<Subject> = Subject::all().collect();
    check_each(&subjects, |lang, subject| words::subject(lang, *subject).to_owned());
    let apis_words: BTreeSet<&str> = subjects.iter().map(|subject| subject.word()).collect();
    assert_eq!(apis_words.len(), subjects.len(), "two that a program cannot distinguish");
    for obstacle in every_obstacle() {
        for lang in BOTH {
            let reason = Reason::of(lang, &obstacle);
            let label = words::subject(lang, obstacle.subject());
            assert_eq!((reason.field, &*reason.code), (obstacle.subject().word(), obstacle.code()));
            // Beside a field on the smallest screen there is room for so much.
            let is_beside = obstacle.field().is_some_and(|field| field != Field::OldPaymentSeen);
            assert!(!is_beside || reason.message.width() <= 32, "too wide: {}", reason.message);
            let line = reason.line();
            for part in [label, &reason.message, &reason.advice] {
                assert!(line.contains(part), "{part:?} in {line:?}");
            }
            assert!(reason.named().starts_with(label) && reason.mend().starts_with(label), "{line}");
            for text in [reason.named(), reason.mend(), line] {
                check(&text, &obstacle);
            }
        }
    }
}

#[test]
fn a_character_is_shown_by_its_number_and_as_itself_only_where_that_is_safe() {
    let check = |sign: char, want: &str| {
        let obstacle =
            Obstacle::NameCharacters { field: Field::LastName, unfit: Unfit { sign, at: 2, instead: None } };
        let said = words::obstacle_reason(Lang::En, &obstacle);
        assert_eq!(said, format!("{want} at 2 cannot be used"));
    };
    check('\'', "' (U+0027)");
    check('\u{2019}', "\u{2019} (U+2019)");
    check('李', "李 (U+674E)");
    check('Ő', "Ő (U+0150)");
    check('\u{301}', "U+0301");
    check('\u{200b}', "U+200B");
    check('\u{202e}', "U+202E");
    check('\u{1b}', "U+001B");
    check('\t', "U+0009");
    check('\u{a0}', "U+00A0");
}

#[test]
fn a_reason_that_was_kept_with_an_attempt_still_names_its_field() {
    let reason = |kept: &str| {
        let state = State::NotSent(NotSent::Obstacle(kept.into()));
        let reason = Reason::of_attempt(Lang::En, &state).unwrap();
        (reason.field, reason.code, reason.message, words::attempt_state(Lang::En, &state))
    };
    let (field, code, message, state) = reason(&Obstacle::AlreadyPaid.kept());
    assert_eq!((field, &*code, &*message), ("orderStatus", "already_paid", "already paid, ticketing"));
    assert!(state.contains("order status: already paid"), "{state}");
    let (field, code, message, _) = reason("orderNo:original_alive");
    assert_eq!((field, &*code), ("orderNo", "original_alive"));
    assert!(message.contains("can still be charged"), "{message}");
    // As journals had it before the field was kept.
    let (field, code, message, state) = reason("already_paid");
    assert_eq!((field, &*code, &*message), ("orderNo", "already_paid", "already paid, ticketing"));
    assert!(state.contains("already paid, ticketing"), "{state}");
    for obstacle in every_obstacle() {
        assert_eq!(kept_parts(&obstacle.kept()), (Some(obstacle.subject()), obstacle.code()));
    }
    let refused = Reason::of_attempt(Lang::En, &State::Rejected(414)).unwrap();
    assert_eq!((refused.field, &*refused.code), ("cardNumber", "414"));
    assert!(!refused.message.is_empty() && !refused.advice.is_empty());
    assert_eq!(Reason::of_attempt(Lang::En, &State::Accepted), None);
}

#[test]
fn every_state_of_an_attempt_says_where_it_stands_and_what_to_do() {
    assert_eq!(keys_of("attempt"), keys_of("attempt_short"));
    let different: BTreeSet<&str> = every_state().iter().map(State::word).collect();
    assert_eq!(keys_of("attempt").len(), different.len());
    for state in every_state() {
        for lang in BOTH {
            check(&words::attempt_state(lang, &state), &state);
            check(words::attempt_state_short(lang, &state), &state);
            check(&words::attempt_advice(lang, &state), &state);
        }
    }
    let doubt = State::InDoubt(Doubt::Status(411));
    assert!(words::attempt_state(Lang::En, &doubt).contains("411"));
    assert!(words::attempt_state(Lang::ZhCn, &State::Refused(413)).contains("413"));
}

#[test]
fn every_way_of_not_beginning_is_explained() {
    let holder = sample::attempt(order(), Timestamp::UNIX_EPOCH, State::InDoubt(Doubt::NoAnswer));
    let reasons = [
        NotBegun::Blocked(Box::new(holder)),
        NotBegun::Regenerated(Box::new(regenerated(regeneration::State::Made(order())))),
        NotBegun::Regenerated(Box::new(regenerated(regeneration::State::Sending))),
        NotBegun::Closed(Closed::Journal("disk full".into())),
        NotBegun::Closed(Closed::Leaving),
        NotBegun::Closed(Closed::ReadOnly),
    ];
    assert_eq!(keys_of("not_begun").len(), reasons.len());
    for reason in reasons {
        for lang in BOTH {
            check(&words::not_begun(lang, &reason), &reason);
        }
    }
    let blocked = words::not_begun(Lang::En, &NotBegun::Closed(Closed::Journal("disk full".into())));
    assert!(blocked.contains("disk full"), "{blocked}");
}

#[test]
fn fields_queues_methods_statuses_and_steps_have_names() {
    let steps = [
        NextStep::Ask,
        NextStep::WaitForAnswers,
        NextStep::FindDeadline,
        NextStep::Pay,
        NextStep::PayByDeposit,
        NextStep::ConfirmThenPay,
        NextStep::MendThenPay,
        NextStep::PayByOtherMeans,
        NextStep::PayByOtherMethod,
        NextStep::CheckBalance,
        NextStep::CheckAccess,
        NextStep::WaitForOutcome,
        NextStep::WaitForNewOrder,
        NextStep::Investigate,
        NextStep::DecideBaggageLoss,
        NextStep::WaitForBaggage,
        NextStep::WaitForCancellation,
        NextStep::CancelForBaggage,
        NextStep::WaitForTicket,
        NextStep::WaitForStop,
        NextStep::AskSupport,
        NextStep::SettleWithSupport,
        NextStep::FollowNewOrder,
        NextStep::RegenerateOtherMeans,
        NextStep::TopUpAndRegenerate,
        NextStep::RegenerateNewPrice,
        NextStep::RegenerateLater,
        NextStep::RegenerateLapsed,
        NextStep::FindOtherBooking,
        NextStep::BookAnew,
        NextStep::VerifyAnew,
        NextStep::Done,
        NextStep::Gone,
        NextStep::TicketedAs(order()),
    ];
    let statuses = [Some(0), Some(1), Some(2), Some(-3), Some(7), None].map(OrderStatus::from_number);
    assert_eq!(keys_of("next").len(), steps.len());
    assert_eq!(keys_of("field").len(), Field::ALL.len());
    assert_eq!(keys_of("queue").len(), Queue::ALL.len());
    assert_eq!(keys_of("queue_short"), keys_of("queue"));
    assert_eq!(keys_of("method").len(), PaymentMethod::ALL.len());
    for lang in BOTH {
        for field in Field::ALL {
            check(words::field(lang, field), &field);
        }
        for queue in Queue::ALL {
            check(words::queue(lang, queue), &queue);
            check(words::queue_short(lang, queue), &queue);
        }
        for method in PaymentMethod::ALL {
            check(words::method(lang, method), &method);
        }
        for status in statuses {
            check(&words::status(lang, status), &status);
        }
        for step in steps {
            check(&words::next_step(lang, step), &step);
        }
    }
}

/// A regeneration in a state.
fn regenerated(state: regeneration::State) -> Regeneration {
    sample::regeneration(order(), sample::moment(Timestamp::UNIX_EPOCH, 0), state)
}

/// Checks the words that `say` finds for each of `all`, in both languages.
fn check_each<T: std::fmt::Debug>(all: &[T], say: impl Fn(Lang, &T) -> String) {
    for one in all {
        for lang in BOTH {
            check(&say(lang, one), one);
        }
    }
}

fn order() -> OrderNo {
    "DEMOA20261103101500123".parse().unwrap()
}

#[test]
fn every_state_of_a_regeneration_and_every_reason_against_one_has_words() {
    let order = order();
    let states = [
        regeneration::State::Sending,
        regeneration::State::Made(order),
        regeneration::State::Found(order),
        regeneration::State::InDoubt(Doubt::NoAnswer),
        regeneration::State::Refused(314),
        regeneration::State::NotSent(NotSent::Interrupted),
        regeneration::State::NotMade,
    ];
    assert_eq!(keys_of("regeneration").len(), states.len());
    check_each(&states, plans::regeneration);
    let why_not = [
        NotRegenerated::NotNow(NotNow::Already(order)),
        NotRegenerated::NotNow(NotNow::InDoubt),
        NotRegenerated::NotNow(NotNow::TooOld),
        NotRegenerated::NotNow(NotNow::AttemptOpen(State::Accepted)),
        NotRegenerated::ByAnother(Box::new(regenerated(regeneration::State::Sending))),
        NotRegenerated::Unanswered(ReadError::NoSuchOrder),
        NotRegenerated::Closed(Closed::Journal("disk full".into())),
        NotRegenerated::Closed(Closed::Leaving),
        NotRegenerated::Closed(Closed::ReadOnly),
    ];
    check_each(&why_not, plans::not_regenerated);
}

#[test]
fn every_closed_path_says_why() {
    let order = order();
    let money = Money::new(1.into(), Currency::parse("USD").unwrap());
    let whys = [
        Why::AttemptOpen(State::Accepted),
        Why::Paid,
        Why::Gone,
        Why::Cancelled,
        Why::DeadlinePassed,
        Why::StillPayable,
        Why::ClockInDoubt,
        Why::SaidOnce,
        Why::NotAllSeen,
        Why::TooOld,
        Why::ChildNotSeen(order),
        Why::ChildClosed(order),
        Why::Regenerating,
        Why::NoCardYet,
        Why::CardDeclined,
        Why::CardUsedUp,
        Why::ChargeBegun,
        Why::MethodRefused,
        Why::NotOffered,
        Why::BalanceShort(money),
        Why::NoAmount,
        Why::FindOtherBooking,
        Why::AskVendor,
        Why::BookingUnfit,
        Why::TooLate,
        Why::Stopping,
        Why::Unclear,
    ];
    let codes: BTreeSet<&str> = whys.iter().map(Why::code).collect();
    assert_eq!((codes.len(), &keys_of("why")), (whys.len(), &codes));
    assert_eq!(keys_of("why_mend"), codes);
    check_each(&whys, plans::why);
    check_each(&whys, plans::why_mend);
    for why in &whys {
        let reason = Reason::of_closed(Lang::En, why);
        assert_eq!((reason.field, &*reason.code), (why.subject().word(), why.code()));
    }
}

#[test]
fn everything_that_must_not_be_done_has_words() {
    let order = order();
    let card = MaskedCard::from_parts(None, "1111").unwrap();
    let nevers = [
        Never::Pay,
        Never::PayOrder(order),
        Never::Card(card),
        Never::DeclinedCard,
        Never::Method(PaymentMethod::Vcc),
        Never::RegenerateAgain,
        Never::Regenerate,
        Never::RegenerateBlindly,
        Never::BeforeQuery,
        Never::BeforeConfirmation,
        Never::MoreRetries,
    ];
    assert_eq!(keys_of("never").len(), nevers.len());
    check_each(&nevers, plans::never);
}

#[test]
fn every_cause_of_a_plan_has_words() {
    let order = order();
    let causes = [
        Cause::Unpaid,
        Cause::NotSent,
        Cause::DidNotHappen { charge_begun: false, answer: None },
        Cause::Refused(403),
        Cause::Unsettled(State::Conflict),
        Cause::Ticketing { late: false },
        Cause::Baggage(Baggage::Loss),
        Cause::Baggage(Baggage::CannotBeBought),
        Cause::Ticketed,
        Cause::Lapsed,
        Cause::Cancelled(None),
        Cause::Regenerating,
        Cause::Regenerated(order),
        Cause::Gone,
        Cause::Unclear,
    ];
    assert_eq!(keys_of("happened").len(), causes.len() + 1, "and one with the code of a cancellation");
    let unpaid = sample::bare_order(order, OrderStatus::Unpaid);
    check_each(&causes, |lang, cause| plans::cause(lang, cause, &unpaid));
}

#[test]
fn every_advice_path_and_step_of_a_plan_has_words() {
    let advice = [
        Advice::Pay,
        Advice::WaitAndAsk,
        Advice::Investigate,
        Advice::AskSupport,
        Advice::StopTicketing,
        Advice::WaitForStop,
        Advice::MendAndSameCard,
        Advice::CheckBalance,
        Advice::TopUp,
        Advice::CheckAccess,
        Advice::ConfirmTraveller,
        Advice::FindOtherBooking,
        Advice::BookAnew,
        Advice::VerifyAnew,
        Advice::RecoverNewOrder,
        Advice::DecideBaggageLoss,
        Advice::CancelAtVendor,
        Advice::Done,
    ];
    assert_eq!(keys_of("advise").len(), advice.len());
    check_each(&advice, |lang, advice| plans::advice(lang, *advice).to_owned());
    assert_eq!(keys_of("route").len(), PaymentPath::ALL.len());
    check_each(&PaymentPath::ALL, |lang, path| plans::path(lang, *path).to_owned());
    let kinds = [
        StepKind::Ask,
        StepKind::Regenerate,
        StepKind::Compare,
        StepKind::Pay,
        StepKind::Follow,
        StepKind::Stop,
        StepKind::FollowStop,
    ];
    check_each(&kinds, |lang, kind| plans::step(lang, *kind).to_owned());
    let states = [StepState::Done, StepState::Yours, StepState::Running, StepState::Later, StepState::Stuck];
    check_each(&states, |lang, state| plans::step_state(lang, *state).to_owned());
}

#[test]
fn every_decision_about_a_loss_and_every_reason_against_one_has_words() {
    let id = AcceptanceId::generate();
    let called = [
        Called::Taken,
        Called::Declined(9999),
        Called::Declined(77_777),
        Called::InDoubt(Doubt::NoAnswer),
        Called::NotSent(NotSent::Interrupted),
    ];
    let ended = called.into_iter().map(|called| baggage::Decision::Ended { id, called });
    let sent = sample::moment(sample::start(), 1);
    let decisions: Vec<What> = [baggage::Decision::Accepting { id, sent }, baggage::Decision::Refused]
        .into_iter()
        .chain(ended)
        .map(|decision| What::OperatorAction(OperatorAction::BaggageLoss(decision)))
        .collect();
    let alone = Lineage::new(OrderNo::MIN);
    check_each(&decisions, |lang, what| plans::happening(lang, &alone, what));
    let reasons = [
        LossNotDecided::NotNow(trouble::NotNow::NoLoss),
        LossNotDecided::NotNow(trouble::NotNow::CannotBeBought),
        LossNotDecided::NotNow(trouble::NotNow::Asked),
        LossNotDecided::Unanswered(paydesk::domain::read_error::ReadError::NoSuchOrder),
        LossNotDecided::Closed(Closed::Journal("the disk is full".into())),
        LossNotDecided::Closed(Closed::Leaving),
        LossNotDecided::Closed(Closed::ReadOnly),
    ];
    check_each(&reasons, lang::baggage::not_decided);
}

#[test]
fn every_line_of_a_story_has_words() {
    let happenings = [
        What::Created,
        What::PaidAt,
        What::Seen { status: OrderStatus::Cancelled, error: Some("604".into()) },
        What::Attempt { attempt: AttemptId::generate(), state: State::Accepted },
        What::Notified { kind: "order.cancelled".into(), error: Some("604".into()), times: 1 },
        What::Notified { kind: "order.cancelled".into(), error: None, times: 3 },
        What::OperatorAction(OperatorAction::Chose { path: PaymentPath::NewDeposit, reason: None }),
        What::OperatorAction(OperatorAction::Chose {
            path: PaymentPath::NewDeposit,
            reason: Some("604".into()),
        }),
        What::OperatorAction(OperatorAction::Decided {
            attempt: AttemptId::generate(),
            decision: Decision::DidNotHappen,
            note: "x".into(),
        }),
        What::OperatorAction(OperatorAction::GotLink { asked: sample::moment(Timestamp::UNIX_EPOCH, 0) }),
        What::OperatorAction(OperatorAction::StatedConfirmed),
        What::OperatorAction(OperatorAction::Noted("x".into())),
        What::OperatorAction(OperatorAction::Refused("read_only".into())),
        What::OperatorAction(OperatorAction::Registered("https://desk.example".into())),
        What::OperatorAction(OperatorAction::Took { until: Timestamp::UNIX_EPOCH }),
        What::OperatorAction(OperatorAction::TookOver { until: Timestamp::UNIX_EPOCH, reason: "x".into() }),
        What::OperatorAction(OperatorAction::Released),
        What::OperatorAction(OperatorAction::Snoozed { until: Timestamp::UNIX_EPOCH, reason: "x".into() }),
        What::OperatorAction(OperatorAction::Woken),
        What::OperatorAction(OperatorAction::Handled { group: paydesk::domain::group::Group::Due }),
        What::OperatorAction(OperatorAction::Unhandled),
    ];
    assert_eq!(keys_of("story").len(), happenings.len());
    let alone = Lineage::new(OrderNo::MIN);
    check_each(&happenings, |lang, what| plans::happening(lang, &alone, what));
}
