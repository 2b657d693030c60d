//! The mouse: the terminal's own until it is taken, and then it looks and selects, and nothing else.

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use paydesk::{
    console::{Effect, Message, action::Context, view::layout},
    domain::triage::Queue,
    lang::Lang,
};

use crate::{
    actions::places,
    rig::{Rig, Sketch, case},
};

const CLICK: MouseEventKind = MouseEventKind::Down(MouseButton::Left);

fn mouse(rig: &mut Rig, kind: MouseEventKind, column: u16, row: u16) {
    rig.message(Message::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE }));
}

/// A table with orders, and the mouse taken.
fn taken() -> Rig {
    let mut rig = places(Context::Table).remove(0);
    rig.press("g M");
    rig.draw();
    rig
}

/// Where a row of the table stands.
fn row(rig: &Rig, n: u16) -> (u16, u16) {
    let table = layout::areas(rig.console.picture()).table;
    (table.x + 5, table.y + 2 + n)
}

/// Where a text stands in the line of the queues.
fn tab(rig: &mut Rig, text: &str) -> (u16, u16) {
    let x = rig.draw()[1].find(text).unwrap();
    (u16::try_from(x).unwrap(), 1)
}

#[test]
fn m_takes_the_mouse_and_gives_it_back_and_says_so() {
    let mut rig = places(Context::Table).remove(0);
    let remark = |rig: &Rig| rig.console.ui.remark.as_ref().unwrap().text.clone();
    mouse(&mut rig, CLICK, 5, 8);
    assert!(!rig.console.ui.mouse.is_ours, "it is the terminal's to begin with");
    rig.press("M");
    assert_eq!(rig.effects.pop(), Some(Effect::CaptureMouse(true)));
    assert!(remark(&rig).contains("M gives it back"), "{}", remark(&rig));
    rig.press("M");
    assert_eq!(rig.effects.pop(), Some(Effect::CaptureMouse(false)));
    assert!(remark(&rig).contains("selects text"), "{}", remark(&rig));
}

#[test]
fn a_click_selects_the_row_that_was_seen_there_whatever_has_come_since() {
    let mut rig = taken();
    let rows = rig.console.ui.mouse.rows.clone();
    let (x, y) = row(&rig, 3);
    mouse(&mut rig, CLICK, x, y);
    assert_eq!(rig.selected(), rows[3]);
    // An order that moves every row has come, and no frame has shown it.
    rig.publish(vec![case(&Sketch { n: 777, minutes_left: 1, ..Sketch::default() })]);
    mouse(&mut rig, CLICK, x, y + 1);
    assert_eq!(rig.selected(), rows[4]);
}

#[test]
fn a_click_on_a_tab_looks_at_its_queue_and_the_wheel_scrolls() {
    let mut rig = taken();
    let (x, y) = tab(&mut rig, "2 ");
    mouse(&mut rig, CLICK, x, y);
    assert_eq!(rig.console.ui.list.tab(), Queue::Unpaid.into());
    let first = rig.selected();
    mouse(&mut rig, MouseEventKind::ScrollDown, 5, 6);
    assert_ne!(rig.selected(), first);
    mouse(&mut rig, MouseEventKind::ScrollUp, 5, 6);
    assert_eq!(rig.selected(), first);
    mouse(&mut rig, MouseEventKind::ScrollDown, 5, 20);
    assert_eq!((rig.selected(), rig.console.ui.scroll > 0), (first, true), "over the detail it scrolls that");
    rig.press("?");
    mouse(&mut rig, MouseEventKind::ScrollDown, 5, 6);
    assert!(rig.console.ui.overlay_scroll > 0);
}

#[test]
fn a_click_never_pays_never_confirms_and_opens_nothing() {
    let kinds = [
        CLICK,
        MouseEventKind::Up(MouseButton::Left),
        MouseEventKind::Down(MouseButton::Right),
        MouseEventKind::Down(MouseButton::Middle),
        MouseEventKind::Drag(MouseButton::Left),
        MouseEventKind::Moved,
    ];
    for context in Context::ALL {
        for mut rig in places(context) {
            rig.console.ui.mouse.is_ours = true;
            let (columns, rows) = rig.console.ui.size;
            rig.draw();
            rig.effects.clear();
            for (y, x) in (0..rows).flat_map(|y| (0..columns).step_by(3).map(move |x| (y, x))) {
                for kind in kinds {
                    mouse(&mut rig, kind, x, y);
                }
            }
            assert_eq!(rig.console.ui.layers.context(), context, "a click has left {context:?}");
            let acted = rig
                .effects
                .iter()
                .find(|effect| !matches!(effect, Effect::Send(paydesk::desk::hub::Command::Watch(_))));
            assert!(acted.is_none(), "{acted:?} by a click on {context:?}");
        }
    }
}

#[test]
fn a_click_right_behind_a_key_does_not_change_what_the_key_is_about() {
    let mut rig = taken();
    let (x, y) = row(&rig, 3);
    let order = rig.selected();
    let dollar = crate::rig::strokes("$")[0];
    rig.message(Message::Key(dollar));
    mouse(&mut rig, CLICK, x, y);
    rig.wait(std::time::Duration::from_secs(1));
    assert_eq!(rig.console.ui.layers.form().map(|form| form.order), Some(order));
}

#[test]
fn what_is_said_of_the_mouse_fits_one_line_in_both_languages() {
    for lang in [Lang::En, Lang::ZhCn] {
        for text in ["message.mouse_ours", "message.mouse_theirs"] {
            let width = unicode_width::UnicodeWidthStr::width(&*lang.fill(text, &[("key", &"M")]));
            assert!(width <= 118, "{text} takes {width}");
        }
    }
}
