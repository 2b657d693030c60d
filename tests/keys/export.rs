//! What is exported is what stands in the rows, whatever the size, the language, the sorting and the filter.

use paydesk::{
    console::{Effect, action::Context, export::ExportFile},
    domain::{
        author::Author,
        order::OrderStatus,
        story::{Happening, OperatorAction, What},
    },
    export::Format,
    lang::Lang,
};

use crate::rig::{Rig, Sketch, case, noon, number};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 50)];

/// What rows may say: countdowns, late and failed ones, several names in two scripts.
fn desk(size: (u16, u16), lang: Lang) -> Rig {
    let mut rig = Rig::new(size);
    rig.console.ui.lang = lang;
    let names = ["LIN/MEIYU", "王小明", "CRUZ/ANA", "=SUM(A1)"];
    let sketch = |n: u32| Sketch {
        n,
        minutes_left: 3 * i64::from(n),
        names: names[..=n as usize % 4].iter().rev().copied().collect(),
        status: match n % 4 {
            0 => OrderStatus::Ticketed,
            1 => OrderStatus::Ticketing,
            2 => OrderStatus::Cancelled,
            _ => OrderStatus::Unpaid,
        },
        error: (n % 4 == 2).then_some("604"),
        ..Sketch::default()
    };
    rig.publish((1..=12).map(|n| case(&sketch(n))).collect());
    rig.draw();
    rig
}

fn exported(rig: &mut Rig, key: char) -> ExportFile {
    rig.effects.clear();
    rig.press("x");
    rig.press(&key.to_string());
    let file = rig.effects.iter().find_map(|effect| match effect {
        Effect::Export(file) => Some((**file).clone()),
        _ => None,
    });
    file.unwrap_or_else(|| unreachable!("nothing is exported by {key}: {}", rig.screen()))
}

/// The fields of a CSV, without what tells spreadsheets the encoding and what is no formula.
fn fields(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let mut quoted = false;
    for c in text.trim_start_matches('\u{feff}').trim_end().chars() {
        let row = rows.last_mut().unwrap();
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(String::new()),
            '\n' if !quoted => rows.push(vec![String::new()]),
            '\r' if !quoted => {}
            c => row.last_mut().unwrap().push(c),
        }
    }
    let bare = |field: &String| field.strip_prefix('\'').unwrap_or(field).to_owned();
    rows.iter().map(|row| row.iter().map(bare).collect()).collect()
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// True when a row of the screen says what a field says, in full or up to where it was cut, and the end of a number.
fn says(row: &str, field: &str) -> bool {
    let (row, field) = (squeezed(row), squeezed(field));
    let cut = || {
        let begins = |part: &str| field.starts_with(part) || part.is_empty();
        row.match_indices('~').any(|(at, _)| {
            (0..at).any(|from| row.get(from..at).is_some_and(|part| part.len() > 2 && begins(part)))
        })
    };
    let more = || (1..4).any(|n| row.contains(&format!("+{n}")));
    let short = || {
        field.starts_with("TESTA")
            && field.get(field.len() - 4..).is_some_and(|end| row.contains(&format!("~{end}")))
    };
    let names = || field.split(',').next().is_some_and(|first| row.contains(first) && more());
    row.contains(&field) || short() || names() || cut()
}

#[test]
fn an_export_is_the_rows_on_the_screen_in_their_order_and_with_their_columns() {
    for size in SIZES {
        for lang in [Lang::En, Lang::ZhCn] {
            for keys in ["", "S a", "S r S r", "/ 604 Enter", "2", "4 S o"] {
                let mut rig = desk(size, lang);
                rig.press(keys);
                rig.press("p");
                let screen = rig.draw();
                let rows = rig.rows();
                let table = fields(&exported(&mut rig, 'c').text);
                let (heads, cells) = table.split_first().unwrap();
                assert_eq!(cells.len(), rows.len(), "{keys} at {size:?}:\n{}", screen.join("\n"));
                let line = screen.iter().find(|line| line.contains(lang.text("column.due"))).unwrap();
                assert!(heads.iter().all(|head| line.contains(head.as_str())), "{heads:?} in {line}");
                for (row, cells) in rows.iter().zip(cells) {
                    for cell in cells.iter().filter(|cell| !cell.is_empty()) {
                        assert!(says(row, cell), "{cell:?} is not in {row:?} ({keys} at {size:?})");
                    }
                }
            }
        }
    }
}

#[test]
fn rows_that_are_not_on_the_screen_are_exported_too() {
    let mut rig = Rig::new((80, 24));
    rig.publish(
        (1..=60).map(|n| case(&Sketch { n, minutes_left: i64::from(n), ..Sketch::default() })).collect(),
    );
    assert!(rig.rows().len() < 20);
    let text = exported(&mut rig, 'c').text;
    assert_eq!(fields(&text).len(), 61);
    let at = |n| text.find(number(n).as_str()).unwrap();
    assert!((1..60).all(|n| at(n) < at(n + 1)), "{text}");
}

#[test]
fn every_format_holds_every_row_and_says_which_view_it_is() {
    for (key, format) in [
        ('c', Format::Csv),
        ('j', Format::Json),
        ('t', Format::Text),
        ('m', Format::Markdown),
        ('h', Format::Html),
    ] {
        let mut rig = desk((120, 40), Lang::ZhCn);
        rig.press("/ LIN Enter");
        let file = exported(&mut rig, key);
        assert_eq!(file.format, format);
        assert!((1..=12).all(|n| file.text.contains(number(n).as_str())), "{}", file.text);
        assert!(file.text.contains("王小明"), "{}", file.text);
        if !matches!(format, Format::Csv | Format::Json) {
            assert!(file.text.contains("/LIN") && file.text.contains("DEMO"), "{}", file.text);
        }
        assert_eq!(file.name, "demo-all-2026-11-03-062200");
    }
}

#[test]
fn json_is_the_document_of_the_command_line() {
    let mut rig = desk((80, 24), Lang::En);
    let document: serde_json::Value = serde_json::from_str(&exported(&mut rig, 'j').text).unwrap();
    let orders = document["orders"].as_array().unwrap();
    assert_eq!(orders.len(), 12);
    assert!(
        orders.iter().all(|order| order["orderNo"].is_string() && order["totalPrice"]["amount"] == "117.55")
    );
    assert!(document["asOf"].is_string());
    rig.press("Enter");
    let story: serde_json::Value = serde_json::from_str(&exported(&mut rig, 'j').text).unwrap();
    assert_eq!(story["order"]["orderNo"], rig.selected().as_str());
    assert!(story["timeline"].is_array() && story["nextStep"].is_string());
}

#[test]
fn an_order_is_exported_with_its_notes_and_nothing_of_its_documents_or_of_a_card() {
    for (key, _) in [('c', 0), ('j', 0), ('t', 0), ('m', 0), ('h', 0)] {
        let mut rig = Rig::new((80, 24));
        let mut noted = case(&Sketch::default());
        let note = OperatorAction::Noted("card 4242 4242 4242 4242, call =back".into());
        noted.story.push(std::sync::Arc::new(Happening {
            at: noon(),
            by: Some(std::sync::Arc::new(Author { who: "li@desk-2".into(), program: "7".into() })),
            what: What::OperatorAction(note),
        }));
        rig.publish(vec![noted]);
        rig.press("Enter");
        let file = exported(&mut rig, key);
        assert_eq!(file.name, format!("demo-{}-2026-11-03-062200", number(1)));
        assert!(file.text.contains("call =back") && file.text.contains("83B"), "{}", file.text);
        assert!(file.text.contains("li"), "{}", file.text);
        assert!(!file.text.contains("4242 4242"), "{}", file.text);
    }
}

#[test]
fn the_choice_of_a_format_names_the_rows_and_the_folder_and_any_other_key_closes_it() {
    for lang in [Lang::En, Lang::ZhCn] {
        let mut rig = desk((80, 24), lang);
        rig.press("x");
        assert_eq!(rig.console.ui.layers.context(), Context::Export);
        let screen = rig.screen();
        assert!(
            screen.contains("/desk/exports") && screen.contains(&lang.fill("export.rows", &[("count", &12)])),
            "{screen}"
        );
        rig.press("Esc");
        assert!(rig.console.ui.layers.is_empty());
        rig.press("x Z");
        assert!(
            rig.console.ui.layers.is_empty()
                && !rig.effects.iter().any(|effect| matches!(effect, Effect::Export(_)))
        );
    }
    let mut rig = desk((80, 24), Lang::En);
    rig.press("/ nobody Enter x");
    assert!(rig.screen().contains(Lang::En.text("export.nothing")), "{}", rig.screen());
    rig.console.model.setup.exports = None;
    rig.press("Esc Esc x");
    assert!(rig.screen().contains("no folder"), "{}", rig.screen());
}
