//! Every action does something wherever it has a key, or says why not: one that `update` forgets is found here.

use crossterm::event::KeyEvent;
use paydesk::{
    console::{
        Message,
        action::{ACTIONS, Context, Row},
        aside::{Aside, Narration},
    },
    desk::hub::Update,
    domain::{
        alert::{Alert, Cause, Key},
        method::PaymentMethod,
    },
    lang::Lang,
};

use crate::{
    rig::{Rig, Sketch, case, noon, number},
    scenes::{
        SECOND, cancelled, card_form, commit, confirmation, decision, form, loss, question_of_confirming,
        question_of_leaving, question_of_regenerating, question_of_stopping, ryanair,
    },
};

/// Orders above and below the selected one, and lines of its detail too.
fn amid_orders() -> Rig {
    let mut rig = Rig::new((80, 24));
    let names = vec!["LIN/MEIYU"; 20];
    let sketch =
        |n| Sketch { n, names: names.clone(), methods: PaymentMethod::ALL.to_vec(), ..Sketch::default() };
    rig.publish((0..60).map(|n| case(&sketch(n))).collect());
    rig.press(&"j".repeat(30));
    rig.press("C-d");
    rig
}

fn after(open: fn() -> Rig, keys: &str) -> Rig {
    let mut rig = open();
    rig.press(keys);
    rig.pass(SECOND);
    rig
}

/// A desk that can be looked at in more ways: narrated, filtered, in another queue.
fn narrated() -> Rig {
    let mut rig = after(amid_orders, "2 / TEST Enter");
    let narration = Narration { en: "It begins.".into(), zh: "开始。".into() };
    rig.message(Message::Aside(Aside::Narrated(narration)));
    rig
}

/// A payment that was sent, of an order whose traveller has not confirmed.
fn sent_and_confirmable() -> Rig {
    let mut rig = after(confirmation, "119 Enter");
    rig.publish(vec![case(&Sketch { airline: "FR", ..crate::scenes::sketch() })]);
    rig
}

fn until(context: Context) -> Rig {
    let mut rig = card_form();
    for _ in 0..30 {
        if rig.console.ui.layers.context() == context {
            return rig;
        }
        rig.press("Tab");
    }
    unreachable!("no field of the form is {context:?}")
}

/// Orders of which alerts wait.
fn alerted() -> Rig {
    let mut rig = amid_orders();
    rig.publish((1..8).map(|n| case(&Sketch { n, minutes_left: 4, ..Sketch::default() })).collect());
    let key = |n| Key { cause: Cause::Deadline(number(n)), step: 5 };
    let alert = |n: u32| Alert {
        key: key(n),
        raised_at: noon() - SECOND * i32::try_from(n).unwrap(),
        acknowledged: None,
    };
    rig.news(Update { alerts: (1..8).map(alert).collect(), ..Update::default() });
    rig
}

/// Screens on which the keys of `context` count. Each of its actions has something to do on one of them.
pub(crate) fn places(context: Context) -> Vec<Rig> {
    match context {
        Context::Table => vec![amid_orders(), narrated()],
        Context::Detail => [amid_orders(), narrated()]
            .into_iter()
            .map(|mut rig| {
                rig.press("Enter C-d");
                rig
            })
            .collect(),
        Context::Filter => vec![after(amid_orders, "/ TEST")],
        Context::Sort => vec![after(amid_orders, "S")],
        Context::Export => vec![after(amid_orders, "x")],
        Context::Palette => vec![after(amid_orders, ":"), after(amid_orders, ": Down Down")],
        Context::Find => vec![after(amid_orders, "F ABC123"), after(amid_orders, "F zhang")],
        Context::Columns => vec![after(amid_orders, "+ j j"), after(amid_orders, "+ j j >")],
        Context::Overlay => vec![after(amid_orders, "?"), after(amid_orders, "? jj")],
        Context::Alerts => vec![after(alerted, "a"), after(alerted, "a j")],
        Context::Search => vec![after(amid_orders, "? / key")],
        Context::Methods => vec![form(), after(form, "j"), after(form, "jj")],
        Context::Field => vec![card_form(), after(card_form, "Tab Tab")],
        Context::Tick => vec![until(Context::Tick)],
        Context::DryRun => vec![after(form, "C-o"), after(card_form, "C-o")],
        Context::Confirm => vec![confirmation(), after(confirmation, "119")],
        Context::Following => vec![after(confirmation, "119 Enter"), sent_and_confirmable()],
        Context::Baggage => vec![after(loss, "b"), after(loss, "b j"), after(loss, "b j k")],
        Context::Commit => vec![commit()],
        Context::Recover => {
            vec![after(cancelled, "t"), after(cancelled, "t j"), after(decision, "Esc"), after(ryanair, "t")]
        }
        Context::Note => vec![after(cancelled, "t m hello"), decision()],
        Context::Question => {
            vec![question_of_regenerating(), question_of_stopping(), question_of_confirming()]
        }
        Context::Quit => vec![question_of_leaving()],
    }
}

/// What a key may change: what is seen, and what is to be done.
fn seen(rig: &mut Rig) -> (String, String) {
    (rig.screen(), format!("{:?} {:?}", rig.effects, rig.console.ui.layers.context()))
}

/// True when the key led to something else than the remark that it means nothing.
fn does_something(mut rig: Rig, key: KeyEvent) -> bool {
    rig.console.ui.remark = None;
    let before = seen(&mut rig);
    rig.strike(key, SECOND.unsigned_abs());
    let remark = rig.console.ui.remark.as_ref();
    let is_refused = remark.is_some_and(|remark| remark.text.contains("does nothing here"));
    !is_refused && seen(&mut rig) != before
}

#[test]
fn every_action_does_something_in_each_context_that_it_has_a_key_in() {
    let mut idle = Vec::new();
    for context in Context::ALL {
        for row in ACTIONS {
            for chord in row.chords(context) {
                let key = KeyEvent::new(chord.0, chord.1);
                if !places(context).into_iter().any(|rig| does_something(rig, key)) {
                    let Row { id, .. } = row;
                    idle.push(format!("{id} by {} in {context:?}", chord.label()));
                }
            }
        }
    }
    assert!(idle.is_empty(), "nothing comes of {idle:#?}");
}

#[test]
fn the_places_are_what_they_are_called_and_a_key_without_a_meaning_does_nothing_there() {
    for context in Context::ALL {
        for rig in places(context) {
            assert_eq!(rig.console.ui.layers.context(), context);
            // Whatever is no yes answers a question, and closes the choice of a column.
            if !context.takes_characters() {
                let key = crate::rig::strokes("Z")[0];
                assert!(!does_something(rig, key), "{context:?}");
            }
        }
    }
}

#[test]
fn the_help_names_every_key_of_the_screen_below_it_first_and_on_one_page_where_there_is_room() {
    let screens = [Context::Table, Context::Detail];
    for (context, lang) in screens.into_iter().flat_map(|at| [Lang::En, Lang::ZhCn].map(|lang| (at, lang))) {
        for (size, pages) in [((80, 24), 2), ((120, 40), 1)] {
            let mut rig = places(context).remove(0);
            rig.message(Message::Resized(size.0, size.1));
            rig.console.ui.lang = lang;
            rig.press("?");
            let mut shown = rig.screen();
            for _ in 1..pages {
                rig.press("j j j j j j j j j j");
                shown.push_str(&rig.screen());
            }
            for row in ACTIONS {
                let Some(chord) = row.chords(context).first() else { continue };
                let is_named = |line: &str| {
                    let said = [&chord.label(), "1-7"].iter().any(|key| line.contains(&format!(" {key} ")));
                    said && line.contains(lang.text(row.name))
                };
                assert!(shown.lines().any(is_named), "{} of {context:?}:\n{shown}", row.id);
            }
        }
    }
}
