//! The pages as snapshots.

use paydesk::console::theme::{Signs, Theme};
use ratatui::{buffer::Buffer, layout::Rect, style::Modifier};

use crate::{
    rig::Rig,
    scenes::{ALL, LANGS, SIZES, card, card_confirmed, desk},
};

#[test]
fn every_page_in_three_sizes_and_both_languages() {
    for (name, show) in ALL {
        for size in SIZES {
            for lang in LANGS {
                let mut rig = desk(size, lang);
                show(&mut rig);
                let name = format!("{name}_{}x{}_{}", size.0, size.1, lang.tag());
                insta::assert_snapshot!(name, rig.screen());
            }
        }
    }
}

/// Under each line what its characters look like without colours: bold, dim, reversed, underlined.
pub(crate) fn weights(rig: &mut Rig) -> String {
    let (columns, rows) = rig.console.ui.size;
    let mut buffer = Buffer::empty(Rect::new(0, 0, columns, rows));
    rig.console.draw(&mut buffer);
    let letter = |modifier: Modifier| match modifier {
        modifier if modifier.contains(Modifier::REVERSED) => 'R',
        modifier if modifier.contains(Modifier::UNDERLINED) => 'U',
        modifier if modifier.contains(Modifier::BOLD) => 'B',
        modifier if modifier.contains(Modifier::DIM) => 'd',
        _ => ' ',
    };
    let looks = |y| (0..columns).map(|x| letter(buffer[(x, y)].modifier)).collect::<String>();
    let lines = rig.draw().into_iter().zip(0..rows);
    lines.map(|(line, y)| format!("{line}\n{}", looks(y).trim_end())).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_page_without_colours_and_in_ascii() {
    for (name, show) in ALL {
        for size in SIZES {
            let mut rig = desk(size, LANGS[0]);
            rig.console.model.setup.theme = Theme::mono();
            rig.console.model.setup.signs = Signs::Ascii;
            show(&mut rig);
            insta::assert_snapshot!(format!("{name}_{}x{}_mono_ascii", size.0, size.1), weights(&mut rig));
        }
    }
}

#[test]
fn the_form_and_its_confirmation_without_colours_and_in_ascii() {
    for (name, show) in [("pay_card", card as fn(&mut Rig)), ("confirm_card", card_confirmed)] {
        for lang in LANGS {
            let mut rig = desk((80, 24), lang);
            rig.console.model.setup.theme = Theme::mono();
            rig.console.model.setup.signs = Signs::Ascii;
            show(&mut rig);
            let name = format!("{name}_mono_ascii_{}", lang.tag());
            insta::assert_snapshot!(name, weights(&mut rig));
        }
    }
}
