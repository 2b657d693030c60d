//! What the console shows of an answer that is not as it should be: an unknown deadline, a wish for silence, a page of
//! somebody else, an order that is left alone.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say so and stop")]

mod rig;

use std::sync::Arc;

use jiff::SignedDuration;
use paydesk::{
    atlas::{Page, PageKind, ReadError},
    console::{Effect, layer::pay::Phase},
    desk::{
        health::{Health, Notice},
        hub::{Command, Update},
    },
    domain::{
        case::Case,
        method::PaymentMethod,
        order::{Order, OrderStatus},
        story::{Happening, What},
        vendor_clock::Trust,
    },
    lang::Lang,
};
use rig::{Rig, Sketch, case, noon, number};

const SECOND: SignedDuration = SignedDuration::from_secs(1);

/// An unpaid order whose deadline was not understood.
fn undated(n: u32) -> Case {
    let mut case = case(&Sketch { n, methods: PaymentMethod::ALL.to_vec(), ..Sketch::default() });
    case.order.details.as_mut().unwrap().deadline = None;
    case
}

/// A check of a console, in each language and size.
fn in_both(check: impl Fn(&mut Rig, usize)) {
    for (at, language) in ["", "L"].into_iter().enumerate() {
        for size in [(120, 40), (80, 24)] {
            let mut rig = Rig::new(size);
            rig.press(language);
            check(&mut rig, at);
        }
    }
}

fn set_health(rig: &mut Rig, change: impl FnOnce(&mut Health)) {
    let mut health = rig.console.model.health.clone();
    change(&mut health);
    rig.news(Update { health: Some(health), ..Update::default() });
}

#[test]
fn an_unknown_deadline_is_called_that_stands_high_and_lets_nothing_be_paid() {
    in_both(|rig, at| {
        rig.publish((10..30).map(|n| case(&Sketch { n, minutes_left: 25, ..Sketch::default() })).collect());
        let odd = undated(7);
        rig.publish(vec![odd.clone()]);
        rig.press("g");
        let drawn = rig.draw();
        let head = drawn.iter().position(|line| line.contains(["ORDER", "订单号"][at])).unwrap();
        let first = &drawn[head + 1];
        assert!(first.contains("~0007") && first.contains(["unknown", "未知"][at]), "{first}");
        while rig.selected() != number(7) {
            rig.press("j");
        }
        rig.press("Enter");
        let words = ["deadline unknown", "支付时限未知"][at];
        assert!(rig.screen().contains(words), "{}", rig.screen());
        rig.press("Esc $");
        rig.pass(SECOND);
        rig.publish(vec![odd.clone()]);
        rig.press("Enter");
        rig.draw();
        rig.pass(SECOND);
        let screen = rig.screen();
        assert!(screen.contains(words), "{screen}");
        rig.press("119 Enter");
        assert_eq!(rig.payments(), 0);
        for word in ["LATE", "passed", "lapsed", "过期"] {
            assert!(!screen.contains(word), "{word}:\n{screen}");
        }
        rig.press("Esc Esc t");
        assert!(!rig.screen().contains("passed"), "{}", rig.screen());
    });
}

#[test]
fn a_wish_for_silence_is_shown_with_its_end() {
    in_both(|rig, at| {
        let until = rig.now + SECOND * 90;
        set_health(rig, |health| {
            health.silent_until = Some(until);
            health.error = Some(ReadError::Limited { retry_after_s: 90 });
            health.failures = 1;
        });
        let words = ["asked to wait until 06:23:30", "供应商要求等待至 06:23:30"][at];
        assert!(rig.screen().contains(words), "{}", rig.screen());
        rig.pass(SECOND * 60);
        let screen = rig.screen();
        assert!(screen.contains(words) && screen.contains("60"), "and how old the data is:\n{screen}");
        rig.press("@");
        let explained = ["too many requests; asked to wait 90 s", "请求过多；被要求等待 90 秒"][at];
        assert!(rig.screen().contains(explained), "{}", rig.screen());
        rig.press("Esc");
        rig.pass(SECOND * 31);
        assert!(!rig.screen().contains(words), "not beyond its end");
    });
}

#[test]
fn a_page_of_somebody_else_is_called_that_where_the_orders_would_stand() {
    in_both(|rig, at| {
        let content_type = Some("text/html".into());
        let page = Page { http: 403, content_type, kind: PageKind::Html, retry_after_s: None };
        set_health(rig, |health| {
            health.error = Some(ReadError::ForeignPage(page));
            health.failures = 1;
        });
        let words = [
            "not the API's answer but a web page (HTTP 403, text/html)",
            "不是该 API 的答复，而是网页（HTTP 403，text/html）",
        ][at];
        let screen = rig.screen();
        assert!(screen.contains(words), "{screen}");
        rig.press("@");
        let screen = rig.screen();
        assert!(screen.contains(words), "{screen}");
    });
}

#[test]
fn an_order_that_is_left_alone_stands_in_the_log_with_its_time() {
    in_both(|rig, at| {
        let again_at = rig.now + SECOND * 300;
        let notice = Notice::HeldBack { order: number(7), error: ReadError::NoSuchOrder, again_at };
        rig.news(Update { notices: vec![notice], ..Update::default() });
        rig.press("@");
        let screen = rig.screen();
        for word in ["06:27:00", number(7).as_str(), ["the order does not exist", "订单不存在"][at]] {
            assert!(screen.contains(word), "{word}:\n{screen}");
        }
    });
}

#[test]
fn what_the_list_contradicts_is_marked_in_the_table_and_said_in_the_detail() {
    in_both(|rig, at| {
        let mut case = case(&Sketch::default());
        case.listed_as = Some(OrderStatus::Cancelled);
        rig.publish(vec![case.clone()]);
        let row = rig.selected_row();
        let marked = [["unpaid?", "-?"], ["待支付?", "-?"]][at];
        assert!(marked.iter().any(|mark| row.contains(mark)), "{row}");
        rig.press("Enter");
        let said = ["The list says: cancelled", "列表显示：已取消"][at];
        assert!(rig.screen().contains(said), "{}", rig.screen());
        case.listed_as = None;
        rig.publish(vec![case]);
        assert!(!rig.screen().contains(said), "gone with the answer");
    });
}

#[test]
fn a_clock_in_doubt_is_said_in_the_header_and_explained_in_the_log() {
    in_both(|rig, at| {
        set_health(rig, |health| {
            (health.clock, health.last_success) = (Trust::Doubtful(2_400), Some(noon()));
        });
        let header = ["server clock uncertain", "服务器时钟未确认"][at];
        assert!(rig.screen().contains(header), "{}", rig.screen());
        rig.press("@");
        let screen = rig.screen().replace([' ', '\n', '|'], "");
        let why = ["ananswerwas2400soff", "时间偏差2400秒"][at];
        assert!(screen.contains(why), "{screen}");
        rig.press("Esc");
        set_health(rig, |health| health.clock = Trust::Settled);
        assert!(!rig.screen().contains(header));
    });
}

#[test]
fn what_the_journal_remembers_is_marked_until_an_answer_shows_it() {
    in_both(|rig, at| {
        let order = Order { details: None, ..case(&Sketch::default()).order };
        let listed = Case::new(order);
        rig.news(Update { remembered: vec![Arc::new(listed.clone())], ..Update::default() });
        let row = rig.selected_row();
        let marked = [["unpaid<", "-<"], ["待支付<", "-<"]][at];
        assert!(marked.iter().any(|mark| row.contains(mark)), "{row}");
        rig.press("Enter");
        let said = ["From the journal, written", "以上为流水中的记录"][at];
        assert!(rig.screen().contains(said), "{}", rig.screen());
        rig.console.ui.dirty = false;
        rig.publish(vec![listed.clone()]);
        assert!(rig.console.ui.dirty, "the row says the same, and is drawn all the same");
        assert!(!rig.screen().contains(said), "gone with the answer");
        rig.news(Update { remembered: vec![Arc::new(listed)], ..Update::default() });
        assert!(!rig.screen().contains(said), "and never comes back");
    });
}

#[test]
fn memory_says_how_many_orders_it_is_of_and_how_old_it_is_until_answers_have_shown_them() {
    in_both(|rig, at| {
        let remembered = |n: u32, minutes: i64| {
            let mut case =
                Case::new(Order { details: None, ..case(&Sketch { n, ..Sketch::default() }).order });
            let what = What::Seen { status: OrderStatus::Unpaid, error: None };
            let written = rig.now - SignedDuration::from_mins(minutes);
            case.story.push(Arc::new(Happening::new(written, what)));
            Arc::new(case)
        };
        let cases = vec![remembered(1, 12), remembered(2, 200)];
        rig.news(Update { remembered: cases.clone(), ..Update::default() });
        let squeezed = |rig: &mut Rig| rig.screen().split_whitespace().collect::<String>();
        let said = |count: u32, age: &str| {
            let text = [
                format!("{count} from memory (<), last written {age} ago"),
                format!(
                    "{count} 单为流水记录（<），最近记于 {}前",
                    age.replace('m', "分").replace('h', "时")
                ),
            ];
            text[at].replace(' ', "")
        };
        assert!(squeezed(rig).contains(&said(2, "12m")), "{}", rig.screen());
        rig.press("Enter");
        let of_order = ["written 12m ago", "记于 12分前"][at].replace(' ', "");
        assert!(squeezed(rig).contains(&of_order), "{}", rig.screen());
        rig.press("Esc");
        // It grows older by itself.
        rig.pass(SignedDuration::from_mins(3));
        assert!(squeezed(rig).contains(&said(2, "15m")), "{}", rig.screen());
        rig.publish(vec![Case::clone(&cases[0])]);
        assert!(squeezed(rig).contains(&said(1, "3h")), "{}", rig.screen());
        rig.publish(vec![Case::clone(&cases[1])]);
        let end = ["frommemory", "本地记录（"][at];
        assert!(!squeezed(rig).contains(end), "{}", rig.screen());
    });
}

#[test]
fn nothing_is_paid_by_what_is_only_remembered() {
    in_both(|rig, _| {
        let Case { order, .. } = case(&Sketch::default());
        let asked = Command::Inspect(order.no);
        let remembered = Case::new(Order { details: None, ..order });
        rig.news(Update { remembered: vec![Arc::new(remembered)], ..Update::default() });
        rig.press("$");
        assert!(rig.effects.contains(&Effect::Send(asked)), "the form asks first: {:?}", rig.effects);
        rig.press("Enter Enter Enter");
        assert_eq!(rig.payments(), 0);
        let form = rig.console.ui.layers.form().unwrap();
        assert!(matches!(form.phase, Phase::Filling));
    });
}

#[test]
fn the_header_says_what_is_still_to_come_and_what_money_there_is() {
    let cases = [
        (80, Lang::En, "12 to load"),
        (120, Lang::En, "details of 12 orders to load"),
        (80, Lang::ZhCn, "待查 12 单"),
        (120, Lang::ZhCn, "还有 12 单待查金额与时限"),
    ];
    for (width, lang, says) in cases {
        let mut rig = Rig::new((width, 24));
        rig.console.ui.lang = lang;
        rig.console.model.setup.host = "api-sg.atriptech.com:443".into();
        let balances = [rig::money("18342.67", "USD"), rig::money("1308007.89", "EUR")];
        let balances = balances.map(|balance| (balance.currency, balance));
        let health = Health { unpriced: 12, ..rig.console.model.health.clone() };
        let update = Update { balances: Some(Arc::new(balances.into())), ..Update::default() };
        rig.news(Update { health: Some(health.clone()), ..update });
        rig.sketch(&Sketch::default());
        let header = rig.draw()[0].replace("  ", " ");
        let squeezed = |text: &str| text.replace(' ', "");
        assert!(squeezed(&header).contains(&squeezed(says)), "{header}");
        // Where one has room it is that of the selected order.
        assert!(header.contains("USD 18,342.67"), "{header}");
        assert_eq!(header.contains("EUR 1,308,007.89"), width == 120, "{header}");
        rig.news(Update { health: Some(Health { unpriced: 0, ..health }), ..Update::default() });
        assert!(!rig.draw()[0].contains("12"), "{}", rig.draw()[0]);
    }
}

#[test]
fn memory_is_taken_in_by_slices_between_which_keys_count_and_newer_answers_stay() {
    const ALL: u32 = 20_000;
    let mut rig = Rig::new((120, 40));
    let of = |n: u32| Case::new(Order { details: None, ..case(&Sketch { n, ..Sketch::default() }).order });
    rig.news(Update { remembered: (0..ALL).map(|n| Arc::new(of(n))).collect(), ..Update::default() });
    let first = rig.console.ui.list.len();
    assert!(first > 1_000 && first < ALL as usize / 2, "{first} at once");
    rig.press("j j");
    assert_eq!(rig.console.ui.list.position(), Some(2), "a key waits for one slice at most");
    // An answer about one that is still to come is not overwritten by what was remembered of it.
    let last = of(ALL - 1);
    let order = Order { status: OrderStatus::Ticketed, ..last.order.clone() };
    rig.publish(vec![Case { order, ..last }]);
    let mut slices = 0;
    while rig.console.has_more_to_do() {
        rig.go_on();
        slices += 1;
    }
    assert!(slices < 8, "{slices}");
    assert_eq!(rig.console.ui.list.len(), ALL as usize);
    let known = rig.console.ui.list.case(number(ALL - 1)).unwrap();
    assert_eq!(known.order.status, OrderStatus::Ticketed);
    assert!(rig.console.model.remembered_from(number(ALL - 1)).is_none());
}
