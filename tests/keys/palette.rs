//! The palette: every action of a screen is found by its name, and done as its key would do it.

use paydesk::{
    console::{
        Effect, Message,
        action::{ACTIONS, Action, Context},
        layer::{Layer, palette::Found},
        view::palette::page,
    },
    domain::triage::Queue,
    lang::Lang,
};

use crate::{
    actions::places,
    rig::{Rig, number},
    scenes::{SECOND, table},
};

const BOTH: [Lang; 2] = [Lang::En, Lang::ZhCn];

/// Screens on which a colon is no text.
fn screens() -> impl Iterator<Item = Context> {
    Context::ALL.into_iter().filter(|context| !Action::Palette.row().unwrap().chords(*context).is_empty())
}

/// The actions that the palette offers on a screen.
fn offered(context: Context) -> impl Iterator<Item = Action> {
    let rows = ACTIONS.iter().filter(move |row| !row.chords(context).is_empty());
    rows.map(|row| row.action).filter(|action| !matches!(action, Action::Palette | Action::Interrupt))
}

/// What the open palette has found, the best first.
fn found(rig: &Rig) -> Vec<Action> {
    match rig.console.ui.layers.top() {
        Some(Layer::Palette(palette)) => palette
            .found()
            .iter()
            .filter_map(|found| match found {
                Found::Action(action) => Some(*action),
                Found::Jump(_) => None,
            })
            .collect(),
        _ => unreachable!("no palette is open"),
    }
}

fn type_text(rig: &mut Rig, text: &str) {
    for c in text.chars() {
        let code = crossterm::event::KeyCode::Char(c);
        let key = crossterm::event::KeyEvent::new(code, crossterm::event::KeyModifiers::NONE);
        rig.strike(key, SECOND.unsigned_abs());
    }
}

fn remark(rig: &Rig) -> String {
    rig.console.ui.remark.as_ref().map(|remark| remark.text.clone()).unwrap_or_default()
}

#[test]
fn every_action_is_found_by_two_letters_of_its_name_in_the_language_in_use() {
    for (context, lang) in screens().flat_map(|context| BOTH.map(|lang| (context, lang))) {
        let mut rig = places(context).remove(0);
        rig.console.ui.lang = lang;
        rig.press(":");
        for action in offered(context) {
            let name = action.title(lang);
            let letters: String = name.chars().filter(|c| c.is_alphanumeric()).take(2).collect();
            type_text(&mut rig, &letters);
            let rank = found(&rig).iter().position(|found| *found == action);
            assert!(
                rank.is_some_and(|rank| rank < page(24)),
                "{letters} finds {name} at {rank:?} in {context:?}"
            );
            let screen = rig.screen();
            assert!(screen.contains(&name), "{letters} in {context:?}:\n{screen}");
            rig.press("C-u");
        }
    }
}

#[test]
fn an_action_is_found_by_the_other_language_and_by_its_word_as_well() {
    let mut rig = table();
    for (text, action) in
        [("冻结列表", Action::Freeze), ("toggle_pane", Action::TogglePane), ("补救计划", Action::Recover)]
    {
        rig.press(":");
        type_text(&mut rig, text);
        assert_eq!(found(&rig).first(), Some(&action), "{text}");
        rig.press("Esc");
    }
    for (text, queue) in [("1", Queue::Action), ("7", Queue::All), ("ticketing", Queue::Ticketing)] {
        rig.press(":");
        type_text(&mut rig, text);
        rig.press("Enter");
        assert_eq!(rig.console.ui.list.tab(), queue.into(), "{text}");
    }
}

/// What is seen of a console after something was done.
fn seen(rig: &mut Rig) -> (String, String) {
    let ui = &rig.console.ui;
    let state = format!("{:?} {:?} {:?} {}", ui.layers.context(), rig.effects, ui.list.selected(), ui.top);
    (state, rig.screen())
}

#[test]
fn enter_does_exactly_what_the_key_of_the_action_does() {
    for context in screens() {
        for action in offered(context) {
            let label = action.row().unwrap().chords(context)[0];
            for (mut by_key, mut by_name) in places(context).into_iter().zip(places(context)) {
                let key = crossterm::event::KeyEvent::new(label.0, label.1);
                // What was sent to get there names payments by numbers of their own.
                by_key.effects.clear();
                by_name.effects.clear();
                let payments = by_name.payments();
                by_key.strike(key, SECOND.unsigned_abs());
                by_name.press(":");
                type_text(&mut by_name, &action.title(Lang::En));
                assert_eq!(found(&by_name).first(), Some(&action), "{action:?} in {context:?}");
                by_name.press("Enter");
                assert_eq!(seen(&mut by_name), seen(&mut by_key), "{action:?} in {context:?}");
                assert_eq!(by_name.payments(), payments, "{action:?} in {context:?} pays");
            }
        }
    }
}

#[test]
fn each_line_shows_the_key_that_it_teaches_and_why_it_is_not_possible() {
    let mut rig = table();
    rig.press(": open Space the Space pay");
    let line =
        |rig: &mut Rig| rig.draw().into_iter().find(|line| line.contains("open the pay form")).unwrap();
    let possible = line(&mut rig);
    assert!(possible.contains(" $ ") && !possible.contains("ead-only"), "{possible}");
    let mut read_only = table();
    read_only.console.model.setup.read_only = true;
    read_only.press(": open Space the Space pay");
    let refused = line(&mut read_only);
    assert!(refused.contains(" $ ") && refused.contains("Read-only"), "{refused}");
    read_only.press("Enter");
    assert_eq!(read_only.console.ui.layers.context(), Context::Table);
    assert_eq!(remark(&read_only), Lang::En.text("message.read_only"));
}

#[test]
fn the_palette_names_the_order_that_its_actions_are_about_and_a_row_that_comes_meanwhile_changes_nothing() {
    let mut rig = table();
    let order = rig.selected();
    rig.press(":");
    assert!(rig.screen().contains(order.as_str()), "{}", rig.screen());
    let urgent = crate::rig::Sketch { n: 9, minutes_left: 2, ..crate::rig::Sketch::default() };
    rig.sketch(&urgent);
    rig.press("copy Enter");
    assert!(number(9) != order);
    let copied = Effect::Copy(order.as_str().into());
    assert!(rig.effects.contains(&copied), "{:?}", rig.effects);
}

#[test]
fn tab_completes_and_up_brings_back_what_was_run() {
    let mut rig = table();
    rig.press(": freez Tab");
    assert!(rig.screen().contains(":freeze the rows in place"), "{}", rig.screen());
    rig.press("Enter");
    assert!(rig.console.ui.frozen_since.is_some());
    rig.press(": toggle Space pane Enter : Up");
    let show = Lang::En.text("key.toggle_pane");
    assert!(rig.screen().contains(&format!(":{show}")), "{}", rig.screen());
    rig.press("Up");
    assert!(rig.screen().contains(":freeze the rows in place"), "{}", rig.screen());
    rig.press("Down");
    assert!(rig.screen().contains(&format!(":{show}")), "{}", rig.screen());
    rig.press("Up Enter");
    assert!(rig.console.ui.frozen_since.is_none(), "it was run again");
}

#[test]
fn esc_and_backspace_leave_it_and_what_nothing_is_called_runs_nothing() {
    let mut rig = table();
    rig.press(": pay Esc");
    assert_eq!(rig.console.ui.layers.context(), Context::Table);
    rig.press(": q Backspace Backspace");
    assert_eq!(rig.console.ui.layers.context(), Context::Table);
    rig.press(": Enter");
    assert_eq!(rig.console.ui.layers.context(), Context::Palette, "nothing was chosen");
    rig.press("Esc : !rm Space -rf Enter");
    assert_eq!(rig.console.ui.layers.context(), Context::Palette);
    assert_eq!(remark(&rig), Lang::En.text("palette.nothing"));
    assert!(rig.effects.iter().all(|effect| matches!(effect, Effect::Send(_))), "{:?}", rig.effects);
}

#[test]
fn a_paste_and_a_burst_are_text_in_it_and_run_nothing() {
    let mut rig = table();
    rig.press(":");
    rig.message(Message::Paste("quit\n".into()));
    assert_eq!(rig.console.ui.layers.context(), Context::Palette);
    assert!(rig.screen().contains(":quit"), "{}", rig.screen());
    rig.pass(SECOND);
    rig.press("Esc");
    rig.burst(": q u i t Enter", std::time::Duration::from_millis(1));
    rig.pass(SECOND);
    assert_eq!(rig.console.ui.layers.context(), Context::Palette);
    assert!(!rig.effects.contains(&Effect::Quit));
}

#[test]
fn a_card_number_is_not_taken_by_the_palette_or_the_search() {
    for open in [":", "? /"] {
        let mut rig = table();
        rig.press(open);
        rig.message(Message::Paste("4111 1111 1111 1111".into()));
        rig.pass(SECOND);
        rig.press("4111111111111111");
        assert!(!rig.screen().contains("11111111"), "{}", rig.screen());
    }
}

#[test]
fn a_colon_is_text_in_every_field() {
    for context in Context::ALL.into_iter().filter(|context| context.takes_characters()) {
        for mut rig in places(context) {
            rig.press(":");
            let top = rig.console.ui.layers.top();
            let is_opened = matches!(top, Some(Layer::Palette(_))) && context != Context::Palette;
            assert!(!is_opened, "{context:?}");
        }
    }
}

#[test]
fn an_order_number_that_is_pasted_into_it_opens_the_order_by_one_query_even_if_it_is_in_no_list() {
    let inspected = |rig: &Rig| {
        let orders = rig.effects.iter().filter_map(|effect| match effect {
            Effect::Send(paydesk::desk::hub::Command::Inspect(order)) => Some(*order),
            _ => None,
        });
        orders.collect::<Vec<_>>()
    };
    let mut rig = table();
    for order in [number(1), number(4711)] {
        rig.press(":");
        rig.message(Message::Paste(format!("  {order}\n")));
        rig.pass(SECOND);
        assert!(rig.screen().contains(&format!("go to order {order}")), "{}", rig.screen());
        rig.effects.clear();
        rig.press("Enter");
        assert_eq!(inspected(&rig), [order]);
    }
}

#[test]
fn signs_are_letters_like_others_and_a_pnr_of_digits_is_one() {
    let mut rig = table();
    for typed in ["!", "!quit", "$", "^", "^q", "quit$", "'quit", "\\"] {
        rig.press(":");
        rig.message(Message::Paste(typed.into()));
        rig.pass(SECOND);
        let names = found(&rig).into_iter().map(|action| action.title(Lang::En));
        let others: Vec<String> =
            names.filter(|name| !name.contains(typed.chars().next().unwrap())).collect();
        assert_eq!(others, [""; 0], "{typed}");
        rig.press("Esc");
    }
    rig.press(":");
    rig.message(Message::Paste("123456\n".into()));
    rig.pass(SECOND);
    assert!(rig.screen().contains("123456"), "{}", rig.screen());
    rig.press("Enter");
    let find = paydesk::domain::find::Find::by_form("123456").unwrap();
    let asks = Effect::Send(paydesk::desk::hub::Command::Find(find));
    assert!(rig.effects.contains(&asks), "{:?}", rig.effects);
}

#[test]
fn what_was_typed_comes_back_below_what_was_run() {
    let mut rig = table();
    rig.press(": freez Enter : refr Up");
    assert!(rig.screen().contains(":freeze the rows in place"), "{}", rig.screen());
    rig.press("Down");
    assert!(rig.screen().contains(":refr") && !rig.screen().contains(":refresh"), "{}", rig.screen());
}
