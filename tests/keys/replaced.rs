//! An order that another one was made from: row, detail and plan say what became of that, by its deadline, and list each
//! attempt under the order that it belongs to.

use std::sync::Arc;

use paydesk::{
    console::layer::recover::Asking,
    domain::{
        attempt::{Attempt, Doubt, Snapshot, State},
        card::CardNumber,
        case::Case,
        lineage::Lineage,
        method::PaymentMethod,
        order::{OrderStatus, TicketingError},
        recovery::PaymentPath,
        regeneration,
        story::{Happening, OperatorAction, What},
    },
    lang::Lang,
};

use crate::{
    rig::{
        Rig, Sketch, case, number,
        sample::{self, Stands as _},
    },
    scenes::page,
};

const BY_CARD: [PaymentMethod; 2] = [PaymentMethod::Deposit, PaymentMethod::Vcc];

/// The old order, declined at its card, and the new one as `status` with an attempt in `state`.
fn pair(rig: &Rig, status: OrderStatus, state: Option<State>) -> [Case; 2] {
    let (parent, child) = (number(5), number(9));
    let moment = sample::moment(rig.now, 5_000);
    let by_card = Snapshot {
        method: PaymentMethod::Vcc,
        card: Some(CardNumber::parse("4111111111111111").unwrap().masked()),
        sent: Some(moment),
        state: State::Reversed,
        answer: Some(0),
        ..sample::claimed(parent, rig.now)
    };
    let by_deposit =
        |state| Snapshot { sent: Some(moment), state, lineage: parent, ..sample::claimed(child, rig.now) };
    let attempts =
        [Some(by_card), state.map(by_deposit)].into_iter().flatten().map(Attempt::restore).collect();
    let mut lineage = Lineage {
        links: vec![(child, parent)],
        regenerations: vec![sample::regeneration(parent, moment, regeneration::State::Made(child))],
        attempts,
        ..Lineage::new(parent)
    };
    lineage.see_ticket(child, status == OrderStatus::Ticketed);
    let lineage = Arc::new(lineage);
    let sketch = |n, status| Sketch { n, status, methods: BY_CARD.to_vec(), ..Sketch::default() };
    let mut old = case(&sketch(5, OrderStatus::Cancelled));
    old.order.ticketing_error = Some(TicketingError { code: "604".into(), message: None }.into());
    old.order.details.as_mut().unwrap().deadline = Some(rig.now + jiff::SignedDuration::from_mins(4));
    let chose = OperatorAction::Chose { path: PaymentPath::NewDeposit, reason: Some("604".into()) };
    old.story.push(Arc::new(Happening::new(rig.now, What::OperatorAction(chose))));
    let mut new = case(&sketch(9, status));
    if status == OrderStatus::Cancelled {
        new.order.ticketing_error = Some(TicketingError { code: "617".into(), message: None }.into());
    }
    old.lineage = Arc::clone(&lineage);
    new.lineage = lineage;
    [old, new]
}

/// The screens of the old order in a language: its row, its detail and its plan, each as one line of text.
fn screens(size: (u16, u16), lang: Lang, status: OrderStatus, state: Option<State>) -> [String; 3] {
    let mut rig = Rig::new(size);
    rig.console.ui.lang = lang;
    let cases = pair(&rig, status, state);
    rig.publish(cases.into());
    select(&mut rig, 5);
    let row = rig.selected_row();
    rig.press("Enter");
    let detail = flat(&rig.screen());
    rig.press("Esc t");
    [row, detail, flat(&page(&mut rig))]
}

fn select(rig: &mut Rig, n: u32) {
    rig.press("g");
    if rig.selected() != number(n) {
        rig.press("j");
    }
    assert_eq!(rig.selected(), number(n));
}

/// Without what a line is broken by.
fn flat(text: &str) -> String {
    text.split([' ', '\n', '|', '>']).collect()
}

#[test]
fn the_old_order_says_what_became_of_the_new_one_with_its_own_deadline() {
    let scenes = [
        (OrderStatus::Unpaid, None, ["unpaid  20:00 of its own deadline left", "t  Pay the new order"]),
        (OrderStatus::Unpaid, Some(State::InDoubt(Doubt::NoAnswer)), ["IN DOUBT", "Pay neither of them"]),
        (OrderStatus::Ticketing, Some(State::Paid), ["paid, ticketing", "waits for its ticket"]),
        (OrderStatus::Ticketed, Some(State::Ticketed), ["ticketed", "Nothing to do: ticketed as"]),
        (OrderStatus::Cancelled, Some(State::Reversed), ["cancelled", "is closed as well"]),
    ];
    let chinese = [
        ["待支付  距其自身支付时限 20:00", "切勿支付此单"],
        ["结果未知", "两单均不可支付"],
        ["已支付，出票中", "等待出票"],
        ["已出票", "已由新订单"],
        ["已取消", "也已关闭"],
    ];
    for ((status, state, english), chinese) in scenes.into_iter().zip(chinese) {
        for (lang, [became, next]) in [(Lang::En, english), (Lang::ZhCn, chinese)] {
            for size in [(80, 24), (120, 40)] {
                let [row, detail, plan] = screens(size, lang, status, state.clone());
                let new = number(9);
                let became = flat(&format!("{new}  {became}"));
                for screen in [&detail, &plan] {
                    assert!(screen.contains(&became), "{became}: {screen}");
                    assert!(!screen.contains("04:00"), "it is not the old deadline that counts: {screen}");
                }
                assert!(detail.contains(&flat(next)), "{next}: {detail}");
                assert!(!row.contains(':'), "no time is left to the old order: {row}");
            }
        }
    }
}

#[test]
fn the_plan_of_the_old_order_leads_to_the_new_one_that_is_closed_as_well() {
    for (lang, words) in [(Lang::En, "Enter opens its plan"), (Lang::ZhCn, "按 Enter 打开其补救计划")]
    {
        let [_, _, plan] = screens((80, 24), lang, OrderStatus::Cancelled, Some(State::Reversed));
        assert!(plan.contains(&flat(words)), "{plan}");
    }
    let mut rig = Rig::new((80, 24));
    let cases = pair(&rig, OrderStatus::Cancelled, Some(State::Reversed));
    rig.publish(cases.into());
    select(&mut rig, 5);
    rig.press("t Enter");
    assert_eq!(rig.console.ui.layers.recover().map(|form| form.order), Some(number(9)));
}

#[test]
fn attempts_are_listed_under_the_order_that_they_belong_to_and_decided_at_its_plan() {
    for (lang, title) in [(Lang::En, "PAYMENTS"), (Lang::ZhCn, "支付记录")] {
        let mut rig = Rig::new((120, 40));
        rig.console.ui.lang = lang;
        let cases = pair(&rig, OrderStatus::Cancelled, Some(State::Reversed));
        rig.publish(cases.into());
        for (own, other, [first, second]) in [(5, 9, ["1  VCC", "2  "]), (9, 5, ["2  ", "1  VCC"])] {
            select(&mut rig, own);
            rig.press("Enter");
            let lines = rig.draw();
            let titles: Vec<usize> = (0..lines.len()).filter(|at| lines[*at].contains(title)).collect();
            let [at, there] = titles[..] else { panic!("two lists of attempts: {}", lines.join("\n")) };
            assert!(
                !lines[at].contains("TESTA")
                    && lines[at + 1].trim_start_matches(['|', ' ']).starts_with(first),
                "{lines:?}"
            );
            assert!(lines[there].contains(number(other).as_str()), "{}", lines[there]);
            assert!(lines[there + 1].trim_start_matches(['|', ' ']).starts_with(second), "{lines:?}");
            rig.press("Esc");
        }
    }
    // The payment of the new order is nothing to decide about at the plan of the old one.
    let mut rig = Rig::new((120, 40));
    let mut cases = pair(&rig, OrderStatus::Unpaid, Some(State::Claimed));
    let doubt = sample::in_doubt(number(9), rig.now, 200, 3);
    for case in &mut cases {
        let lineage = Arc::make_mut(&mut case.lineage);
        let old = lineage.attempts[0].in_state(State::Closed);
        lineage.attempts = vec![old, doubt.clone()];
    }
    rig.publish(cases.into());
    for (n, may) in [(5, false), (9, true)] {
        select(&mut rig, n);
        rig.press("t d");
        let asked = rig.console.ui.layers.recover().map(|form| matches!(form.asking, Asking::Decide(..)));
        assert_eq!(asked, Some(may), "{}", rig.screen());
        rig.press("Esc Esc");
    }
}

#[test]
fn an_order_that_was_replaced_while_it_could_be_paid_needs_nobody_and_counts_down_nothing() {
    let mut rig = Rig::new((80, 24));
    let [mut old, new] = pair(&rig, OrderStatus::Unpaid, None);
    old.order.status = OrderStatus::Unpaid;
    old.order.ticketing_error = None;
    rig.publish(vec![old, new]);
    select(&mut rig, 5);
    let screen = rig.screen();
    assert!(screen.contains("1 Action 0 2 Unpaid 1"), "the new order alone: {screen}");
    let row = rig.selected_row();
    assert!(!row.contains(':'), "{row}");
    assert!(!screen.contains("04:00"), "{screen}");
}
