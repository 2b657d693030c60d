//! Scenes: screens to press keys on, and what may have come of it.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use paydesk::{
    console::{Effect, layer::pay::PayForm},
    desk::hub::{Command, CommandId, Reply, Update},
    domain::{
        case::Case, lineage::Lineage, method::PaymentMethod, order::OrderStatus, story::OperatorAction,
        text::Text,
    },
};

use crate::rig::{self, Rig, Sketch, case, number, sample};

pub(crate) const MS: Duration = Duration::from_millis(1);
pub(crate) const SECOND: SignedDuration = SignedDuration::from_secs(1);

/// Between two keys of a paste, as terminals and lines deliver it.
pub(crate) const PASTES: [u32; 6] = [0, 2, 5, 10, 20, 25];

/// A screen, with the keys that lead on from there by hand.
pub(crate) struct Screen {
    pub(crate) name: &'static str,
    pub(crate) open: fn() -> Rig,
    pub(crate) keys: &'static str,
    pub(crate) led: fn(&Rig) -> bool,
}

pub(crate) fn sketch() -> Sketch {
    Sketch { methods: vec![PaymentMethod::Deposit, PaymentMethod::Vcc], airline: "5J", ..Sketch::default() }
}

pub(crate) fn table() -> Rig {
    let mut rig = Rig::new((80, 24));
    rig.sketch(&sketch());
    rig.pass(SECOND);
    rig.effects.clear();
    rig
}

pub(crate) fn form() -> Rig {
    let mut rig = table();
    rig.press("$");
    rig.pass(SECOND);
    rig.publish(vec![case(&sketch())]);
    rig
}

pub(crate) fn card_form() -> Rig {
    let mut rig = form();
    rig.press("3");
    rig
}

/// The confirmation of USD 119.55, on screen long enough.
pub(crate) fn confirmation() -> Rig {
    let mut rig = form();
    rig.press("Enter");
    rig.draw();
    rig.pass(SECOND);
    rig
}

pub(crate) fn cancelled() -> Rig {
    let mut rig = Rig::new((80, 24));
    rig.sketch(&Sketch { status: OrderStatus::Cancelled, error: Some("604"), ..Sketch::default() });
    rig
}

/// A desk whose one order loses money on its baggage, which was first seen two minutes ago.
pub(crate) fn loss() -> Rig {
    let mut rig = Rig::new((80, 24));
    let at = rig.now - 120 * SECOND;
    rig.publish(vec![rig::troubled("3011", at)]);
    rig.pass(SECOND);
    rig.effects.clear();
    rig
}

/// The same with the acceptance confirmed but for Enter.
pub(crate) fn accepting() -> Rig {
    let mut rig = loss();
    rig.press("b j Enter 0001");
    rig
}

pub(crate) fn accepts(rig: &Rig) -> bool {
    sends(rig, |command| matches!(command, Command::BaggageLoss { accept: true, .. }))
}

pub(crate) fn question_of_regenerating() -> Rig {
    let mut rig = cancelled();
    rig.press("t Enter");
    rig
}

pub(crate) fn question_of_leaving() -> Rig {
    let mut rig = table();
    rig.console.model.health.in_flight = 1;
    rig.press("q");
    rig
}

/// An order that its traveller has to confirm at the airline first.
pub(crate) fn ryanair() -> Rig {
    let mut rig = Rig::new((80, 24));
    rig.sketch(&confirmable());
    rig
}

pub(crate) fn confirmable() -> Sketch {
    Sketch { airline: "FR", route: ("DUB", "KIR"), names: vec!["MURPHY/AOIFE"], ..sketch() }
}

/// The same after what operators have done about it.
pub(crate) fn confirmable_after(actions: &[OperatorAction]) -> Case {
    let order = case(&confirmable()).order;
    let mut lineage = Lineage::new(order.no);
    for action in actions {
        lineage.put_action(order.no, action);
    }
    sample::case(order, lineage)
}

pub(crate) fn given_at() -> Timestamp {
    rig::noon() - SignedDuration::from_mins(1)
}

/// A link that was given since.
pub(crate) fn newer_link() -> OperatorAction {
    OperatorAction::GotLink { asked: sample::moment(rig::noon(), 1_060) }
}

/// A link that was given a minute ago.
pub(crate) fn link() -> OperatorAction {
    OperatorAction::GotLink { asked: sample::moment(given_at(), 1_000) }
}

/// A link that was given three quarters of an hour ago.
pub(crate) fn expired_link() -> OperatorAction {
    OperatorAction::GotLink { asked: sample::moment(rig::noon() - SignedDuration::from_mins(45), 1_000) }
}

/// The layer of its confirmation, with a link that the traveller has.
pub(crate) fn commit() -> Rig {
    let mut rig = ryanair();
    rig.press("w");
    rig.publish(vec![confirmable_after(&[link()])]);
    let link = Text::new("https://www.airline.example/confirm?order=TESTA20261103141502317&token=9f1c");
    let reply = Reply::Link { order: number(1), link, asked_at: given_at() };
    rig.news(Update { replies: vec![(CommandId(1), reply)], ..Update::default() });
    rig.pass(SECOND);
    rig.effects.clear();
    rig
}

pub(crate) fn question_of_confirming() -> Rig {
    let mut rig = commit();
    rig.press("Enter");
    rig
}

/// An order in ticketing, and the plan of it.
pub(crate) fn ticketing() -> Rig {
    let mut rig = Rig::new((80, 24));
    rig.sketch(&Sketch { status: OrderStatus::Ticketing, ..Sketch::default() });
    rig.press("t");
    rig
}

/// The same, standing on the way that stops its issuance.
pub(crate) fn stopping() -> Rig {
    let mut rig = ticketing();
    rig.press("k");
    rig
}

pub(crate) fn question_of_stopping() -> Rig {
    let mut rig = stopping();
    rig.press("Enter");
    rig
}

pub(crate) fn stops(rig: &Rig) -> bool {
    sends(rig, |command| matches!(command, Command::Stop(_)))
}

pub(crate) fn says_confirmed(rig: &Rig) -> bool {
    sends(rig, |command| matches!(command, Command::StateConfirmed(_)))
}

/// A doubt that a person may end, with the decision asked for.
pub(crate) fn decision() -> Rig {
    let mut rig = Rig::new((80, 24));
    let attempt = sample::in_doubt(number(1), rig.now, 200, 3);
    let lineage = sample::lineage(number(1), vec![attempt]);
    rig.publish(vec![sample::case(case(&Sketch::default()).order, lineage)]);
    rig.press("t d");
    rig
}

pub(crate) fn sends(rig: &Rig, wanted: impl Fn(&Command) -> bool) -> bool {
    rig.effects.iter().any(|effect| matches!(effect, Effect::Send(command) if wanted(command)))
}

pub(crate) fn quits(rig: &Rig) -> bool {
    rig.effects.iter().any(|effect| matches!(effect, Effect::Quit))
}

pub(crate) fn pays(rig: &Rig) -> bool {
    rig.payments() > 0
}

pub(crate) fn decides(rig: &Rig) -> bool {
    sends(rig, |command| matches!(command, Command::Decide { .. }))
}

pub(crate) fn regenerates(rig: &Rig) -> bool {
    sends(rig, |command| matches!(command, Command::Regenerate { .. }))
}

pub(crate) fn opens_form(rig: &Rig) -> bool {
    rig.console.ui.layers.form().is_some()
}

pub(crate) fn asks_for_the_amount(rig: &Rig) -> bool {
    let mut buffer = ratatui::buffer::Buffer::empty(ratatui::layout::Rect::new(0, 0, 80, 24));
    rig.console.draw(&mut buffer);
    rig::lines(&buffer).join("\n").contains("Type the amount")
}

pub(crate) fn screens() -> Vec<Screen> {
    let screen = |name, open, keys, led| Screen { name, open, keys, led };
    vec![
        screen("table, quit and more", table, "q Enter", quits),
        screen("table, pay", table, "$ Enter", opens_form),
        screen("table, C-c", table, "C-c C-c", quits),
        screen(
            "filter",
            || {
                let mut rig = table();
                rig.press("/");
                rig
            },
            "TESTA Enter q",
            quits,
        ),
        screen("method line", form, "1 Enter", asks_for_the_amount),
        screen("confirmation", confirmation, "119 Enter", pays),
        screen("confirmation, whole amount", confirmation, "119.55 Enter", pays),
        screen("plan", cancelled, "t Enter y", regenerates),
        screen("question of regenerating", question_of_regenerating, "y Enter", regenerates),
        screen("question of leaving", question_of_leaving, "y Enter", quits),
        screen("loss on baggage", loss, "b j Enter 0001 Enter", accepts),
        screen("decision", decision, "0001 Space the Space vendor Enter", decides),
    ]
}

/// The open form, to be asked what the console itself would not.
pub(crate) fn with_form<T>(rig: &mut Rig, ask: impl FnOnce(&mut PayForm) -> T) -> T {
    ask(rig.console.ui.layers.form_mut().unwrap())
}

/// What stands in the pane of a page, without the order beside it.
pub(crate) fn page(rig: &mut Rig) -> String {
    let page = |line: &String| line.split("||").next().unwrap_or_default().to_owned();
    rig.draw().iter().map(page).collect::<Vec<_>>().join("\n")
}

/// The screen with its lines joined, as a text that was wrapped is read.
pub(crate) fn flat(rig: &mut Rig) -> String {
    let words = rig.draw().join(" ").replace('|', " ");
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}
