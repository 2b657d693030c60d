//! The decision about a loss on baggage, by keys.

use jiff::SignedDuration;
use paydesk::{
    console::{Effect, Message, action::Context},
    desk::hub::{Command, LossNotDecided, Reply, Update},
    domain::{
        attempt::Doubt,
        baggage::{
            decision::{AcceptanceId, Called, Decision},
            trouble::NotNow,
        },
        order::OrderStatus,
        story::{Happening, OperatorAction, What},
    },
    lang::Lang,
};

use crate::{
    rig::{Rig, number, sample, troubled},
    scenes::{SECOND, accepting, flat, loss},
};

fn decided(rig: &Rig) -> Vec<bool> {
    let accept = |effect: &Effect| match effect {
        Effect::Send(Command::BaggageLoss { order, accept }) if *order == number(1) => Some(*accept),
        _ => None,
    };
    rig.effects.iter().filter_map(accept).collect()
}

/// The order's story goes on with these decisions.
fn goes_on(rig: &mut Rig, decisions: Vec<Decision>) {
    let mut case = troubled("3011", rig.now - 120 * SECOND);
    for decision in decisions {
        let what = What::OperatorAction(OperatorAction::BaggageLoss(decision));
        case.story.push(std::sync::Arc::new(Happening::new(rig.now, what)));
    }
    rig.publish(vec![case]);
}

#[test]
fn accepting_needs_a_choice_and_the_last_four_characters_typed_by_hand() {
    let mut rig = loss();
    rig.press("b");
    assert_eq!(rig.console.ui.layers.context(), Context::Baggage);
    rig.press("Enter");
    assert_eq!(rig.console.ui.layers.context(), Context::Baggage, "nothing is chosen beforehand");
    rig.press("j Enter 0002 Enter");
    assert!(decided(&rig).is_empty(), "not this order's last four");
    assert!(flat(&mut rig).contains("not the order's last four"), "{}", rig.screen());
    rig.press("Esc Enter 0001 Esc");
    assert!(decided(&rig).is_empty());
    rig.press("Enter");
    rig.message(Message::Paste("0001".into()));
    rig.press("Enter");
    assert!(decided(&rig).is_empty(), "a paste answers nothing");
    rig.press("Esc Enter 0001 Enter");
    assert_eq!(decided(&rig), [true]);
}

#[test]
fn what_is_typed_is_seen_on_the_smallest_screen() {
    let end = |rig: &mut Rig, typed: &str| {
        let lines = rig.draw();
        // The last lines of the page, above its frame and the keys.
        let foot = lines[lines.len() - 5..].join("\n");
        assert!(foot.contains(typed), "{typed} in {foot}");
    };
    for lang in [Lang::En, Lang::ZhCn] {
        for accepts in ["j", "j j"] {
            let mut rig = loss();
            rig.console.ui.lang = lang;
            rig.message(Message::Resized(80, 24));
            rig.press(&format!("b {accepts} Enter 7391"));
            end(&mut rig, "7391_");
        }
        // A long note keeps its end in sight.
        let mut rig = loss();
        rig.console.ui.lang = lang;
        rig.message(Message::Resized(80, 24));
        rig.press("t m");
        rig.press(&["word"; 30].join(" x "));
        rig.press("7391");
        end(&mut rig, "7391_");
    }
}

#[test]
fn refusing_is_the_other_choice_and_both_are_explained_before_anything_is_asked() {
    for (size, lang, words) in [
        (
            (80, 24),
            Lang::En,
            [
                "charged to you at the end of the",
                "ATRIP",
                "cancels the order by itself",
                "gives no screenshots",
            ],
        ),
        ((120, 40), Lang::ZhCn, ["月底", "ATRIP", "自动取消", "截图"]),
    ] {
        let mut rig = loss();
        rig.console.ui.lang = lang;
        rig.message(Message::Resized(size.0, size.1));
        rig.press("b");
        let screen = flat(&mut rig);
        for word in words {
            assert!(screen.contains(word), "{word} is missing in {}", rig.screen());
        }
        rig.press("j j Enter 0001 Enter");
        assert_eq!(decided(&rig), [false]);
    }
}

#[test]
fn the_order_has_a_word_a_sign_a_clock_and_a_key_of_its_own() {
    let mut rig = loss();
    let row = rig.draw().into_iter().find(|line| line.contains("1500001")).unwrap_or_else(|| rig.screen());
    assert!(row.contains("bag loss") && row.contains("27:59"), "{row}");
    let detail = flat(&mut rig);
    assert!(detail.contains("27:59 left") && detail.contains("b The airline's baggage price"), "{detail}");
    rig.pass(10 * SECOND);
    assert!(flat(&mut rig).contains("27:49 left"), "its clock runs by itself");
}

#[test]
fn a_baggage_that_cannot_be_bought_offers_nothing_to_accept() {
    let mut rig = Rig::new((80, 24));
    rig.publish(vec![troubled("309", rig.now)]);
    rig.press("b");
    assert!(flat(&mut rig).contains("does not help and is not offered"), "{}", rig.screen());
    assert!(!rig.screen().contains(Lang::En.text("baggage.decided")), "there is nothing to decide");
    rig.press("j Enter 0001 Enter");
    assert!(decided(&rig).is_empty());
}

#[test]
fn what_was_asked_for_is_followed_and_asked_again_only_when_it_should_have_taken_effect() {
    let mut rig = accepting();
    rig.press("Enter");
    rig.effects.clear();
    let id = AcceptanceId::generate();
    let accepting = Decision::Accepting { id, sent: sample::moment(rig.now, 100) };
    let lost = Decision::Ended { id, called: Called::InDoubt(Doubt::NoAnswer) };
    goes_on(&mut rig, vec![accepting, lost]);
    assert!(flat(&mut rig).contains("whether the vendor got it is not known"), "{}", rig.screen());
    rig.press("Enter");
    assert_eq!(rig.console.ui.layers.context(), Context::Baggage, "nothing is asked meanwhile");
    rig.pass(SignedDuration::from_secs(121));
    rig.healthy();
    rig.press("Enter 0001 Enter");
    assert_eq!(decided(&rig), [true]);
}

#[test]
fn an_order_without_a_loss_is_not_decided_about_and_a_page_says_when_it_is_over() {
    let mut rig = Rig::new((80, 24));
    rig.sketch(&crate::scenes::sketch());
    rig.press("b");
    assert_eq!(rig.console.ui.layers.context(), Context::Table);
    let mut rig = accepting();
    let mut over = troubled("3011", rig.now);
    (over.order.status, over.order.ticketing_error) = (OrderStatus::Ticketed, None);
    rig.publish(vec![over]);
    assert!(flat(&mut rig).contains("shows no baggage problem any more: ticketed"), "{}", rig.screen());
    let reply = Reply::LossNotDecided { order: number(1), reason: LossNotDecided::NotNow(NotNow::NoLoss) };
    let replies = vec![(paydesk::desk::hub::CommandId(1), reply)];
    rig.news(Update { replies, ..Update::default() });
    assert!(flat(&mut rig).contains("nothing was sent. The latest answer shows no loss"), "{}", rig.screen());
}
