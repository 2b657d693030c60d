//! A traveller's confirmation by keys: the way to it, the link, the word that is given once, and the way back to the payment.

use paydesk::{
    console::{Effect, action::Context},
    desk::hub::{Command, CommandId, NotCommitted, Reply, Update},
    domain::{
        attempt::State, committable::NotNow, order::OrderStatus, story::OperatorAction::StatedConfirmed,
    },
    lang::Lang,
};

use crate::{
    rig::{Rig, Sketch, case, number, sample},
    scenes::{
        SECOND, asks_for_the_amount, commit, confirmable, confirmable_after, given_at, link, opens_form,
        question_of_confirming, ryanair, says_confirmed, sends, table,
    },
};

fn asks_for_link(rig: &Rig) -> bool {
    sends(rig, |command| matches!(command, Command::Commit(_)))
}

fn context(rig: &Rig) -> Context {
    rig.console.ui.layers.context()
}

fn replies(rig: &mut Rig, reply: Reply) {
    rig.news(Update { replies: vec![(CommandId(1), reply)], ..Update::default() });
}

/// Words of the screen without what broke them into lines.
fn flat(rig: &mut Rig) -> String {
    rig.screen().replace('|', " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_next_step_names_its_key_which_asks_for_the_link_and_shows_it_whole() {
    let mut rig = ryanair();
    assert!(flat(&mut rig).contains("w confirm with the airline first"), "{}", rig.screen());
    rig.press("w");
    assert_eq!(context(&rig), Context::Commit);
    assert!(asks_for_link(&rig) && rig.screen().contains("Getting the link"), "{}", rig.screen());
    let address = format!("https://www.airline.example/{}?o=1", "confirm/".repeat(15));
    replies(&mut rig, Reply::Link { order: number(1), link: address.as_str().into(), asked_at: given_at() });
    rig.publish(vec![confirmable_after(&[link()])]);
    let shown: String = rig.draw().iter().map(|line| line.trim_end().to_owned()).collect();
    assert!(shown.contains(&address), "{}", rig.screen());
    assert!(rig.screen().contains("29:00 left"), "{}", rig.screen());
    // The countdown goes by itself.
    rig.pass(SECOND);
    assert!(rig.screen().contains("28:59 left"), "{}", rig.screen());
    rig.press("y");
    assert!(rig.effects.contains(&Effect::Copy(address.as_str().into())));
    rig.press("o");
    assert!(rig.effects.contains(&Effect::Open(address.as_str().into())));
}

#[test]
fn a_link_that_is_none_for_a_browser_is_not_opened() {
    let mut rig = commit();
    let link = "http://www.airline.example/confirm".into();
    rig.console.ui.links.insert(number(1), (given_at(), link));
    rig.press("o");
    assert!(!rig.effects.iter().any(|effect| matches!(effect, Effect::Open(_))));
    assert!(rig.screen().contains("only https"), "{}", rig.screen());
}

#[test]
fn the_word_is_given_by_two_keys_and_only_of_a_link_that_was_given() {
    let mut rig = question_of_confirming();
    assert_eq!(context(&rig), Context::Question);
    assert!(flat(&mut rig).contains("Do you know that the traveller"), "{}", rig.screen());
    rig.press("n");
    assert!(!says_confirmed(&rig) && context(&rig) == Context::Commit);
    rig.press("Enter y");
    assert!(says_confirmed(&rig));
    // Without a link, or with one that holds no longer, there is nothing to say.
    for actions in [vec![], vec![crate::scenes::expired_link()]] {
        let mut rig = ryanair();
        rig.publish(vec![confirmable_after(&actions)]);
        rig.press("w");
        rig.effects.clear();
        rig.press("Enter y");
        assert!(!says_confirmed(&rig), "{}", rig.screen());
    }
    // A burst says nothing.
    let mut rig = commit();
    rig.burst("Enter y", std::time::Duration::from_millis(5));
    assert!(!says_confirmed(&rig));
}

#[test]
fn the_pay_form_says_what_is_missing_and_enter_leads_there_and_back() {
    let mut rig = ryanair();
    rig.press("$");
    rig.pass(SECOND);
    rig.publish(vec![case(&confirmable())]);
    assert!(flat(&mut rig).contains("Get the link with Enter or w"), "{}", rig.screen());
    assert!(!rig.screen().contains("[ ]"), "no tick stands for it: {}", rig.screen());
    rig.press("Enter");
    assert_eq!(context(&rig), Context::Commit);
    rig.publish(vec![confirmable_after(&[link(), StatedConfirmed])]);
    assert!(!rig.screen().contains("WAITS FOR YOU") || rig.screen().contains("pay ($)"), "{}", rig.screen());
    rig.press("$");
    assert!(opens_form(&rig) && context(&rig) == Context::Methods);
    rig.pass(SECOND);
    rig.publish(vec![confirmable_after(&[link(), StatedConfirmed])]);
    rig.press("Enter");
    assert!(asks_for_the_amount(&rig), "{}", rig.screen());
}

#[test]
fn after_415_the_payment_leads_back_to_the_confirmation() {
    let mut rig = ryanair();
    rig.publish(vec![confirmable_after(&[link(), StatedConfirmed])]);
    rig.press("$");
    rig.pass(SECOND);
    rig.publish(vec![confirmable_after(&[link(), StatedConfirmed])]);
    rig.press("Enter");
    rig.draw();
    rig.pass(SECOND);
    rig.press("119 Enter");
    assert_eq!(rig.payments(), 1, "{}", rig.screen());
    let mut refused = confirmable_after(&[link(), StatedConfirmed]);
    let mut lineage = (*refused.lineage).clone();
    lineage.put_attempt(sample::attempt(number(1), rig.now, State::Rejected(415)));
    refused.lineage = std::sync::Arc::new(lineage);
    rig.publish(vec![refused]);
    rig.press("w");
    assert_eq!(context(&rig), Context::Commit);
    assert!(!opens_form(&rig), "the payment that is over is left");
    assert!(rig.screen().contains("left):"), "the link still holds: {}", rig.screen());
    rig.press("Enter y");
    assert!(says_confirmed(&rig), "it is said anew");
}

#[test]
fn what_needs_none_says_so_and_a_refusal_stands_where_the_link_would() {
    let mut rig = table();
    rig.press("w");
    assert_eq!(context(&rig), Context::Table);
    assert!(rig.screen().contains("needs no confirmation"), "{}", rig.screen());
    let mut paid = Rig::new((80, 24));
    paid.sketch(&Sketch { status: OrderStatus::Ticketing, ..confirmable() });
    paid.press("w");
    assert!(flat(&mut paid).contains("nothing to confirm") && context(&paid) == Context::Table);
    for (reason, said) in [
        (NotCommitted::Refused(316), "the airline timed out"),
        (NotCommitted::NotNow(NotNow::Expired), "get another one"),
        (NotCommitted::Unanswered(paydesk::domain::attempt::Doubt::NoAnswer), "Trying again costs nothing"),
    ] {
        let mut rig = ryanair();
        rig.press("w");
        replies(&mut rig, Reply::NotCommitted { order: number(1), reason });
        assert!(flat(&mut rig).contains(said), "{}", rig.screen());
        rig.effects.clear();
        rig.press("n");
        assert!(asks_for_link(&rig));
    }
}

#[test]
fn a_link_is_not_shown_once_another_program_was_given_a_newer_one() {
    let mut rig = commit();
    assert!(rig.screen().contains("token=9f1c"), "{}", rig.screen());
    rig.publish(vec![confirmable_after(&[link(), crate::scenes::newer_link()])]);
    assert!(!rig.screen().contains("token=9f1c"), "{}", rig.screen());
    rig.press("y");
    assert!(!rig.effects.iter().any(|effect| matches!(effect, Effect::Copy(_))));
}

#[test]
fn a_link_of_another_program_is_not_asked_for_again_by_opening_the_layer() {
    for lang in [Lang::En, Lang::ZhCn] {
        let mut rig = ryanair();
        rig.console.ui.lang = lang;
        rig.publish(vec![confirmable_after(&[link()])]);
        rig.press("w");
        assert!(!asks_for_link(&rig));
        let said: String = lang.text("commit.not_kept").chars().take(12).collect();
        assert!(flat(&mut rig).contains(&said), "{}", rig.screen());
    }
    let mut rig = Rig::new((80, 24));
    rig.console.model.setup.read_only = true;
    rig.sketch(&confirmable());
    rig.press("w n Enter");
    assert!(!asks_for_link(&rig) && !says_confirmed(&rig));
}
