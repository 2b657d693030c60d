//! What is painted of layers that lie over each other, and what is painted over all of them.

use paydesk::{
    console::{
        Message,
        action::Context,
        column::Fitted,
        export::Subject,
        layer::{
            Layer,
            baggage::BaggageForm,
            columns::ColumnsForm,
            commit::CommitForm,
            palette::Palette,
            pay::PayForm,
            prompt::{Kind, Prompt},
            recover::RecoverForm,
        },
    },
    lang::Lang,
};
use ratatui::{buffer::Buffer, layout::Rect};

use crate::{
    rig::{Rig, Sketch, case, noon, number},
    scenes::{SECOND, sketch, table},
};

const REMARK: &str = "SOMETHING IS AMISS";

/// Every layer by its name. A new one does not compile until `name` knows it.
fn layers(rig: &Rig) -> Vec<(&'static str, Layer)> {
    let case = case(&sketch());
    let pay = PayForm::open(&rig.console.model.payment_context(&case));
    let all = vec![
        Layer::Detail,
        Layer::Filter,
        Layer::Sort,
        Layer::Export(Subject::Rows),
        Layer::Find(Box::default()),
        Layer::Columns(Box::new(ColumnsForm::open(None, &Fitted::in_table(None, 76, true)))),
        Layer::Recover(Box::new(RecoverForm::open(number(1), noon()))),
        Layer::Pay(Box::new(pay)),
        Layer::Baggage(Box::new(BaggageForm::open(number(1), noon()))),
        Layer::Commit(Box::new(CommitForm::open(number(1), noon()))),
        Layer::Palette(Box::new(Palette::open(Context::Table, Lang::En))),
        Layer::Prompt(Prompt::new(Kind::Note, vec![number(1)])),
        Layer::Log,
        Layer::Help,
        Layer::Alerts(None),
        Layer::Search,
        Layer::Quit,
    ];
    all.into_iter().map(|layer| (name(&layer), layer)).collect()
}

fn name(layer: &Layer) -> &'static str {
    match layer {
        Layer::Detail => "detail",
        Layer::Filter => "filter",
        Layer::Sort => "sort",
        Layer::Export(_) => "export",
        Layer::Find(_) => "find",
        Layer::Columns(_) => "columns",
        Layer::Recover(_) => "recover",
        Layer::Pay(_) => "pay",
        Layer::Baggage(_) => "baggage",
        Layer::Commit(_) => "commit",
        Layer::Palette(_) => "palette",
        Layer::Prompt(_) => "prompt",
        Layer::Log => "log",
        Layer::Help => "help",
        Layer::Alerts(_) => "alerts",
        Layer::Search => "search",
        Layer::Quit => "quit",
    }
}

/// The table with these layers over it.
fn with_layers(size: (u16, u16), names: &[&str]) -> Rig {
    let mut rig = table();
    rig.message(Message::Resized(size.0, size.1));
    for wanted in names {
        let (_, layer) = layers(&rig).into_iter().find(|(name, _)| name == wanted).unwrap();
        rig.console.ui.layers.push(layer);
    }
    rig.console.model.health.in_flight = 1;
    rig
}

/// Cells with their colours, and the caret.
fn painted(rig: &Rig) -> (Buffer, Option<(u16, u16)>) {
    let (columns, rows) = rig.console.ui.size;
    let mut buffer = Buffer::empty(Rect::new(0, 0, columns, rows));
    let caret = rig.console.draw(&mut buffer);
    (buffer, caret.map(|at| (at.x, at.y)))
}

/// Without blanks and frames, as a text that was broken into lines is read.
fn words(rig: &mut Rig) -> String {
    rig.screen().chars().filter(|c| !c.is_whitespace() && !matches!(c, '|' | '-' | '+')).collect()
}

#[test]
fn nothing_under_an_opaque_layer_is_painted_and_nothing_of_it_is_missing() {
    let rig = table();
    for (top, _) in layers(&rig).iter().filter(|(_, layer)| layer.is_opaque()) {
        let alone = painted(&with_layers((120, 40), &[top]));
        for (below, layer) in layers(&rig) {
            // A question is never covered, and of one kind there is one layer.
            if matches!(layer, Layer::Quit) || below == *top {
                continue;
            }
            let both = painted(&with_layers((120, 40), &[below, top]));
            assert!(both == alone, "{below} shines through {top}");
        }
    }
}

#[test]
fn what_is_not_opaque_leaves_the_table_to_be_seen() {
    let rig = table();
    for (name, _) in layers(&rig).iter().filter(|(_, layer)| !layer.is_opaque()) {
        let mut rig = with_layers((120, 40), &[name]);
        let head = rig.draw()[0].clone();
        assert!(head.contains("DEMO") && head.contains("127.0.0.1"), "{name}: {head}");
    }
}

#[test]
fn a_remark_and_the_question_whether_to_leave_are_painted_over_every_layer_on_every_size() {
    let question = "Apaymentwassentandhasnoansweryet";
    for size in [(200, 50), (80, 24), (79, 24), (80, 23), (60, 8), (20, 12)] {
        for (name, _) in layers(&table()) {
            let mut rig = with_layers(size, &[name]);
            rig.console.say(REMARK.into(), true);
            let shown = words(&mut rig);
            assert!(shown.contains(&REMARK.replace(' ', "")), "{name} {size:?}:\n{}", rig.screen());
            assert_eq!(shown.contains(question), name == "quit", "{name} {size:?}:\n{}", rig.screen());
            rig.console.ui.layers.push(Layer::Quit);
            let shown = words(&mut rig);
            assert!(shown.contains(&REMARK.replace(' ', "")), "{name} {size:?}:\n{}", rig.screen());
            assert!(shown.contains(question), "{name} {size:?}:\n{}", rig.screen());
        }
    }
}

#[test]
fn a_filter_in_force_is_seen_with_its_counts_on_every_screen() {
    for size in [(80, 24), (120, 40), (200, 50)] {
        for (lang, count) in [(Lang::En, "1of2"), (Lang::ZhCn, "1/2")] {
            for (name, _) in layers(&table()) {
                for frozen in [false, true] {
                    let mut rig = with_layers(size, &[]);
                    rig.console.ui.lang = lang;
                    let other = Sketch { n: 2, airline: "TR", ..sketch() };
                    rig.publish(vec![case(&other)]);
                    rig.press("/ airline:5J Enter");
                    if frozen {
                        rig.press("f");
                    }
                    let (_, layer) = layers(&rig).into_iter().find(|(other, _)| *other == name).unwrap();
                    rig.console.ui.layers.push(layer);
                    let shown = words(&mut rig);
                    let is_seen = shown.contains("airline:5J") && shown.contains(count);
                    assert!(is_seen, "{name} {size:?} {lang:?}:\n{}", rig.screen());
                }
            }
        }
    }
}

#[test]
fn the_caret_stands_only_where_something_is_typed() {
    let caret = |rig: &Rig| painted(rig).1.is_some();
    let mut rig = table();
    assert!(!caret(&rig));
    rig.press("/ 5J");
    assert!(caret(&rig));
    rig.press("Enter");
    assert!(!caret(&rig), "the filter stays, and is typed no more");
    rig.press("$");
    assert!(!caret(&rig));
    rig.press("3");
    assert!(caret(&rig));
    rig.press("C-c C-c");
    rig.console.ui.layers.push(Layer::Quit);
    assert!(!caret(&rig), "a letter answers, and is not typed into the form below");
}

#[test]
fn rows_stay_under_whatever_asks_or_covers_them_and_move_under_what_only_looks() {
    for (name, layer) in layers(&table()) {
        let mut rig = with_layers((120, 40), &[name]);
        rig.publish(vec![case(&crate::rig::Sketch { n: 2, ..sketch() })]);
        let moved = rig.console.ui.list.len() == 2;
        assert_eq!(moved, matches!(name, "detail" | "filter"), "{name}");
        assert_eq!(layer.holds_rows(), !moved, "{name}");
        assert!(rig.console.model.case(number(2)).is_some(), "{name}: the model has it at once");
        rig.console.ui.layers.pop();
        rig.pass(SECOND);
        assert_eq!(rig.console.ui.list.len(), 2, "{name}");
    }
}

#[test]
fn keys_go_to_the_uppermost_layer() {
    assert_eq!(table().console.ui.layers.context(), Context::Table);
    for (name, layer) in layers(&table()) {
        let rig = with_layers((80, 24), &["help", name]);
        assert_eq!(rig.console.ui.layers.context(), layer.context(), "{name}");
        assert_eq!(rig.console.ui.layers.keys_for(), layer.keys_for(), "{name}");
    }
}
