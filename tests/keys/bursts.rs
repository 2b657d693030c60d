//! Keys faster than a hand, at every speed and on every screen.

use std::time::Duration;

use crossterm::event::KeyEvent;
use jiff::SignedDuration;
use paydesk::{
    console::{
        Effect, Message,
        action::{ACTIONS, Context, Reach},
    },
    desk::hub::Command,
    lang::Lang,
};

use crate::{
    actions::places,
    rig::{Rig, Sketch, case, strokes},
    scenes::{MS, PASTES, confirmation, decides, form, pays, quits, regenerates, screens, table},
};

#[test]
fn a_paste_without_brackets_does_and_answers_nothing_on_any_screen_and_a_hand_does_all_of_it() {
    for screen in screens() {
        for gap in PASTES {
            let mut rig = (screen.open)();
            rig.burst(screen.keys, gap * MS);
            assert!(!(screen.led)(&rig), "{} at {gap} ms:\n{}", screen.name, rig.screen());
            // Twice, since the first may have changed what the second lands in.
            rig.burst(screen.keys, gap * MS);
            assert!(!(screen.led)(&rig), "{} at {gap} ms, again:\n{}", screen.name, rig.screen());
            for any in [pays, decides, regenerates, quits] {
                assert!(!any(&rig), "{} at {gap} ms:\n{}", screen.name, rig.screen());
            }
        }
        let mut rig = (screen.open)();
        rig.press(screen.keys);
        assert!((screen.led)(&rig), "{} by hand:\n{}", screen.name, rig.screen());
    }
}

#[test]
fn an_answer_that_comes_late_behind_its_paste_is_none_either() {
    for stall in [40, 100, 200, 290] {
        let mut rig = confirmation();
        for key in strokes("119") {
            rig.strike(key, MS);
        }
        rig.wait(stall * MS);
        rig.burst("Enter", MS);
        assert!(!pays(&rig), "{stall} ms");
    }
}

#[test]
fn a_line_that_bunches_what_a_hand_typed_costs_the_answer_alone_and_says_so_in_both_languages() {
    for (lang, amount, text) in
        [(Lang::En, "Press Enter again", "the text is kept"), (Lang::ZhCn, "请再按一次 Enter", "文字已保留")]
    {
        let mut rig = confirmation();
        rig.console.ui.lang = lang;
        rig.burst("119 Enter", Duration::ZERO);
        let screen = rig.screen();
        assert!(screen.contains(amount) && screen.contains("119"), "{screen}");
        assert!(!pays(&rig));
        rig.wait(300 * MS);
        rig.press("Enter");
        assert!(pays(&rig), "the amount was kept");

        let mut rig = table();
        rig.console.ui.lang = lang;
        rig.press("F");
        rig.burst("TESTA Enter", Duration::ZERO);
        let screen = rig.screen();
        assert!(screen.contains("TESTA") && screen.contains(text), "{screen}");
        assert_eq!(rig.console.ui.layers.context(), Context::Find, "{screen}");
    }
}

#[test]
fn a_hand_that_rolls_over_the_digits_pays_with_the_enter_that_follows() {
    let mut rig = confirmation();
    for (key, gap) in strokes("119").into_iter().zip([60, 35, 120]) {
        rig.strike(key, gap * MS);
    }
    rig.press("Enter");
    assert!(pays(&rig));
}

#[test]
fn a_key_that_is_held_moves_and_confirms_nothing() {
    for gap in [10, 16, 30, 33] {
        let mut rig = Rig::new((80, 24));
        rig.publish((0..50).map(|n| case(&Sketch { n, ..Sketch::default() })).collect());
        rig.press("g");
        let first = rig.console.ui.list.position();
        rig.burst("jjjjjjjjjj", gap * MS);
        assert_eq!(rig.console.ui.list.position(), first.map(|at| at + 10), "{gap} ms");
        let mut rig = form();
        for _ in 0..100 {
            rig.burst("Enter", gap * MS);
            rig.draw();
            rig.pass(SignedDuration::from_millis(30));
        }
        assert!(!pays(&rig));
    }
}

#[test]
fn letters_right_behind_the_key_of_the_filter_are_its_text() {
    for gap in [0, 10, 40, 200] {
        let mut rig = table();
        rig.burst("/ q t", gap * MS);
        assert_eq!(rig.console.ui.filter.value(), "qt", "{gap} ms apart");
        assert!(!quits(&rig), "{gap} ms apart");
    }
}

#[test]
fn the_filter_opens_and_is_left_at_once_however_near_another_key() {
    for gap in [0, 10, 29, 49] {
        for (before, keys, left, text) in [
            ("", "k / q t Esc", Context::Table, ""),
            ("", "k / q t Enter", Context::Table, "qt"),
            ("", "k : q Esc", Context::Table, ""),
            ("?", "j / q Esc", Context::Overlay, ""),
        ] {
            let mut rig = table();
            rig.press(before);
            rig.burst(keys, gap * MS);
            assert_eq!(rig.console.ui.layers.context(), left, "{keys} {gap} ms apart: {}", rig.screen());
            assert_eq!(rig.console.ui.filter.value(), text, "{keys} {gap} ms apart");
        }
    }
}

#[test]
fn what_a_paste_goes_on_with_behind_the_filter_that_it_opened_and_left_does_nothing() {
    for stall in [0, 10, 60, 200] {
        let mut rig = table();
        rig.burst("/ a b Enter", 5 * MS);
        assert!(rig.console.ui.layers.is_empty());
        let mut rig = table();
        for key in strokes("/ a b Enter") {
            rig.strike(key, 5 * MS);
        }
        rig.wait(stall * MS);
        rig.burst("$ 119 Enter q q y Enter", 5 * MS);
        assert!(
            rig.console.ui.layers.is_empty() && !quits(&rig) && !pays(&rig),
            "{stall} ms: {}",
            rig.screen()
        );
    }
}

/// What is done outside, but for what no key asks for: which rows are looked at, and how.
fn done_outside(rig: &Rig) -> Vec<&Effect> {
    let is_of_a_key = |effect: &&Effect| match effect {
        Effect::Send(command) => !matches!(command, Command::Watch(_)),
        Effect::Keep(_) | Effect::Redraw | Effect::Title(_) => false,
        _ => true,
    };
    rig.effects.iter().filter(is_of_a_key).collect()
}

#[test]
fn no_action_reaches_further_than_it_says() {
    for context in Context::ALL {
        for row in ACTIONS {
            for chord in row.chords(context) {
                let reach = row.action.reach();
                for mut rig in places(context) {
                    let before = rig.console.ui.layers.context();
                    rig.effects.clear();
                    rig.strike(KeyEvent::new(chord.0, chord.1), 100 * MS);
                    let (done, after) = (done_outside(&rig), rig.console.ui.layers.context());
                    let name = (row.id, context, after);
                    let looks = [
                        Context::Table,
                        Context::Detail,
                        Context::Filter,
                        Context::Palette,
                        Context::Search,
                        Context::Sort,
                        Context::Columns,
                        Context::Overlay,
                        Context::Alerts,
                    ];
                    let only = |wanted: fn(&Effect) -> bool| done.iter().all(|effect| wanted(effect));
                    match reach {
                        Reach::World => {}
                        Reach::Console => assert!(
                            only(|effect| matches!(
                                effect,
                                Effect::Quit | Effect::Suspend | Effect::CaptureMouse(_)
                            )),
                            "{name:?}: {done:?}"
                        ),
                        Reach::View => {
                            assert!(done.is_empty(), "{name:?}: {done:?}");
                            assert!(looks.contains(&after), "{name:?}");
                        }
                        Reach::Input => assert!(done.is_empty() && looks.contains(&after), "{name:?}"),
                        Reach::Moves => {
                            assert!(done.is_empty(), "{name:?}: {done:?}");
                            let form = [Context::Methods, Context::Field, Context::Tick];
                            let stays = after == before || form.contains(&after) && form.contains(&before);
                            assert!(stays, "{name:?}");
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn what_only_looks_is_seen_at_once_and_what_does_or_answers_waits() {
    for context in Context::ALL {
        for row in ACTIONS {
            for chord in row.chords(context) {
                let mut rig = places(context).remove(0);
                rig.message(Message::Key(KeyEvent::new(chord.0, chord.1)));
                let waits = rig.console.ui.typing.due().is_some();
                let name = (row.id, chord.label(), context);
                match row.action.reach() {
                    Reach::View | Reach::Input => assert!(!waits, "{name:?}"),
                    Reach::World => assert!(waits, "{name:?}"),
                    // Characters of a text, and what goes from field to field of a form, have rules of their own.
                    Reach::Moves | Reach::Console => {}
                }
            }
        }
    }
}

#[test]
fn the_first_letter_of_a_paste_opens_a_view_at_most_and_the_rest_goes_nowhere() {
    for context in [Context::Table, Context::Detail, Context::Overlay, Context::Alerts, Context::Columns] {
        for row in ACTIONS.iter().filter(|row| row.action.reach() == Reach::View) {
            for chord in row.chords(context) {
                for gap in PASTES {
                    let mut rig = places(context).remove(0);
                    rig.effects.clear();
                    rig.strike(KeyEvent::new(chord.0, chord.1), gap * MS);
                    let (after, marked) =
                        (rig.console.ui.layers.context(), rig.console.ui.marks.kept().len());
                    for key in strokes("q p a Enter y $ Space A r Enter") {
                        rig.strike(key, gap * MS);
                    }
                    rig.wait(200 * MS);
                    rig.burst("q y", Duration::ZERO);
                    let name = (row.id, chord.label(), context, gap);
                    assert!(done_outside(&rig).is_empty(), "{name:?}: {:?}", rig.effects);
                    assert_eq!(rig.console.ui.layers.context(), after, "{name:?}: {}", rig.screen());
                    assert_eq!(rig.console.ui.marks.kept().len(), marked, "{name:?}");
                }
            }
        }
    }
}

#[test]
fn a_column_to_sort_by_is_chosen_at_once_and_by_no_paste() {
    let sorted = |rig: &Rig| rig.console.ui.list.sorted_by();
    let mut rig = table();
    let before = sorted(&rig);
    rig.strike(strokes("S")[0], 60 * MS);
    rig.message(Message::Key(strokes("p")[0]));
    assert_ne!(sorted(&rig), before, "{}", rig.screen());
    for gap in PASTES {
        let mut rig = table();
        rig.burst("S p $ Enter", gap * MS);
        assert_eq!((sorted(&rig), rig.console.ui.layers.context()), (before, Context::Sort), "{gap} ms");
    }
}
