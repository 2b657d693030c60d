//! A payment whose outcome is unknown: what the detail and the plan say of it.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use paydesk::{
    console::Message,
    desk::hub::Update,
    domain::{
        attempt::{Attempt, Snapshot},
        card::CardNumber,
        case::Case,
        method::PaymentMethod,
        money::{Currency, Money},
    },
    lang::Lang,
};

use crate::rig::{Rig, Sketch, case, money, number, sample};

/// The order with one payment by card, as it was sent so many seconds ago and answered unpaid so often since.
fn doubted(rig: &Rig, seconds: u32, answers: u32, balance_before: Option<Money>) -> Case {
    let doubt = sample::in_doubt(number(1), rig.now, seconds, answers).snapshot();
    let attempt = Attempt::restore(Snapshot {
        id: paydesk::domain::attempt::AttemptId(uuid::Uuid::from_u128(77)),
        method: PaymentMethod::Vcc,
        card: Some(CardNumber::parse("4111111111111111").unwrap().masked()),
        balance_before,
        ..doubt
    });
    sample::case(case(&Sketch::default()).order, sample::lineage(number(1), vec![attempt]))
}

fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().concat()
}

#[test]
fn what_is_known_and_what_is_missing_stands_in_the_detail_and_in_the_plan() {
    let known = [
        (
            Lang::En,
            [
                "1 min 40 s since it was sent at 06:20:20; 2 of 3 spaced answers \"unpaid\"; next query 06:22:09",
                "1 answer, 80 s, the deadline or a decision",
                "No charge once 3 spaced answers say so, 180 s have passed",
                "USD 18,342.67 before it was sent, USD 18,223.12 now",
                "TESTA20261103140000001  VCC  USD 119.55  Visa **** 1111  2026-11-03 14:20:20 SGT (06:20:20 UTC)",
            ],
        ),
        (
            Lang::ZhCn,
            [
                "06:20:20 发出，已 1 分 40 秒；间隔查询得「待支付」2/3 次；下次查询 06:22:09",
                "1 次答复、80 秒、时限或人工判定",
                "发出 180 秒后，3 次间隔查询均为未支付",
                "发出前 USD 18,342.67，现在 USD 18,223.12",
                "TESTA20261103140000001  VCC  USD 119.55  Visa **** 1111  2026-11-03 14:20:20 SGT (06:20:20 UTC)",
            ],
        ),
    ];
    for (lang, texts) in known {
        let mut rig = Rig::new((120, 40));
        rig.console.ui.lang = lang;
        let in_doubt = doubted(&rig, 100, 2, Some(money("18342.67", "USD")));
        rig.publish(vec![in_doubt]);
        let mut health = rig.console.model.health.clone();
        health.next_queries = BTreeMap::from([(number(1), rig.now + SignedDuration::from_secs(9))]);
        let balances = [(Currency::parse("USD").unwrap(), money("18223.12", "USD"))];
        let balances = Some(std::sync::Arc::new(balances.into()));
        rig.news(Update { health: Some(health), balances, ..Update::default() });
        rig.press("Enter");
        let detail = rig.screen();
        rig.press("Esc t");
        let plan = rig.screen();
        for text in texts {
            assert!(flat(&detail).contains(&flat(text)), "{text}:\n{detail}");
            assert!(flat(&plan).contains(&flat(text)), "{text}:\n{plan}");
        }
        // In the smallest screen the ways have their room, and the rest stands in the detail.
        rig.message(Message::Resized(80, 24));
        let plan = rig.screen();
        assert!(flat(&plan).contains(&flat(texts[1])), "{plan}");
        assert!(plan.contains(["stop here", "到此为止"][usize::from(lang == Lang::ZhCn)]), "{plan}");
        rig.message(Message::Resized(120, 40));
        // It goes on counting, and ends.
        rig.pass(SignedDuration::from_secs(85));
        let screen = flat(&rig.screen());
        assert!(
            screen.contains(&flat(["3 min 5 s", "已 3 分 5 秒"][usize::from(lang == Lang::ZhCn)])),
            "{screen}"
        );
    }
}

#[test]
fn a_balance_that_was_not_seen_before_is_not_made_up() {
    let mut rig = Rig::new((120, 40));
    let in_doubt = doubted(&rig, 200, 3, None);
    rig.publish(vec![in_doubt]);
    rig.press("Enter");
    let screen = flat(&rig.screen());
    assert!(screen.contains(&flat("before is not known")), "{screen}");
    assert!(screen.contains(&flat("querying now")), "{screen}");
}
