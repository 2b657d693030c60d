//! `u` takes back what was done last; never money.

use paydesk::{desk::hub::Command, lang::Lang};

use crate::{
    rig::{Rig, Sketch, case},
    scenes,
};

fn desk(lang: Lang) -> Rig {
    let mut rig = Rig::new((80, 24));
    rig.console.ui.lang = lang;
    rig.publish((1..=4).map(|n| case(&Sketch { n, ..Sketch::default() })).collect());
    rig
}

fn said(rig: &Rig) -> String {
    rig.console.ui.remark.as_ref().map(|remark| remark.text.clone()).unwrap_or_default()
}

#[test]
fn the_filter_and_the_order_of_rows_are_taken_back_the_newest_first() {
    for lang in [Lang::En, Lang::ZhCn] {
        let mut rig = desk(lang);
        rig.press("/");
        rig.press("airline:TR Enter");
        assert_eq!(rig.console.ui.list.shown(), 0);
        rig.press("S a S a");
        let look = |rig: &Rig| {
            let (column, reversed) = rig.console.ui.list.sorted_by();
            (rig.console.ui.filter.value().to_owned(), column.id, reversed)
        };
        assert_eq!(look(&rig), ("airline:TR".into(), "amount", true));
        rig.press("u");
        assert_eq!(look(&rig), ("airline:TR".into(), "amount", false));
        assert!(said(&rig).contains(&lang.text("column.amount").to_lowercase()), "{}", said(&rig));
        rig.press("u");
        assert_eq!(look(&rig), ("airline:TR".into(), "urgency", false));
        rig.press("u");
        assert_eq!(look(&rig), (String::new(), "urgency", false));
        assert_eq!(rig.console.ui.list.shown(), 4);
        assert_eq!(said(&rig), lang.text("undo.no_filter"));
        rig.press("u");
        assert_eq!(said(&rig), lang.text("undo.nothing"));
    }
}

#[test]
fn a_filter_that_was_cleared_comes_back() {
    let mut rig = desk(Lang::En);
    rig.press("/");
    rig.press("cgk Enter Esc");
    assert!(!rig.console.ui.list.is_filtered());
    rig.press("u");
    assert_eq!(rig.console.ui.filter.value(), "cgk");
    assert!(rig.console.ui.list.is_filtered() && said(&rig).contains("cgk"), "{}", said(&rig));
}

#[test]
fn money_is_never_taken_back_and_u_says_so() {
    let mut rig = scenes::confirmation();
    rig.press("119 Enter");
    assert_eq!(rig.payments(), 1);
    rig.press("Esc");
    rig.effects.clear();
    rig.press("u");
    let said = said(&rig);
    assert!(said.starts_with("A payment cannot be undone"), "{said}");
    let sent: Vec<_> = rig
        .effects
        .iter()
        .filter_map(|effect| match effect {
            paydesk::console::Effect::Send(command) => Some(command),
            _ => None,
        })
        .filter(|command| !matches!(command, Command::Watch(_)))
        .collect();
    assert!(sent.is_empty(), "{sent:?}");
}

#[test]
fn columns_are_taken_back() {
    let mut rig = desk(Lang::En);
    let chosen = rig.console.ui.columns.clone();
    rig.press("+");
    rig.press("j Space Enter");
    assert_ne!(rig.console.ui.columns, chosen);
    rig.press("u");
    assert_eq!(rig.console.ui.columns, chosen);
    assert_eq!(said(&rig), Lang::En.text("undo.columns"));
}

#[test]
fn marks_are_taken_back() {
    let mut rig = desk(Lang::En);
    rig.press("Space Space");
    assert_eq!(rig.console.ui.marks.kept().len(), 2);
    rig.press("u");
    assert_eq!(rig.console.ui.marks.kept().len(), 1);
    assert_eq!(said(&rig), Lang::En.text("undo.marks"));
}

#[test]
fn a_note_stays_and_u_says_so_before_it_goes_on_to_what_was_done_before_it() {
    for lang in [Lang::En, Lang::ZhCn] {
        let mut rig = desk(lang);
        rig.press("S a Space Space m hello Enter");
        rig.press("u");
        assert_eq!(said(&rig), lang.text("undo.kept"));
        assert!(!rig.console.ui.marks.is_empty() && rig.console.ui.list.sorted_by().0.id == "amount");
        rig.press("u u u");
        assert!(rig.console.ui.marks.is_empty() && rig.console.ui.list.sorted_by().0.id == "urgency");
    }
}
