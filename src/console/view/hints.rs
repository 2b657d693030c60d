//! The footer of a screen: what its keys do, from the table of actions.

use ratatui::layout::Rect;

use super::canvas::{Canvas, columns};
use crate::console::{action::Context, keymap::Hint, picture::Picture, theme::Role};

/// Blanks between two hints.
const GAP: u16 = 2;

/// Writes as many hints as fit into one line, on the ground of the bars; what is needed is always among them.
pub(super) fn draw(picture: Picture<'_>, contexts: &[Context], area: Rect, canvas: &mut Canvas<'_>) {
    canvas.tint(Rect { height: 1, ..area }, Role::Bar);
    let mut x = area.x + 1;
    let hints = picture.model.setup.keymap.hints(picture.lang(), contexts, picture.standing());
    for Hint { keys, text, is_off, .. } in fitting(hints, area.width.saturating_sub(1)) {
        let ink = if is_off { Role::Muted } else { Role::Accent };
        x = canvas.put(x, area.y, area.width, ink, &keys) + 1;
        x = canvas.put(x, area.y, area.width, Role::Muted, text) + GAP;
    }
}

/// Columns of the screen that a hint takes, with the blanks behind it.
fn width(hint: &Hint) -> u16 {
    columns(&hint.keys) + columns(hint.text) + 1 + GAP
}

/// The hints that have room in `room` columns: the first ones, and after them those that are needed.
fn fitting(hints: Vec<Hint>, room: u16) -> Vec<Hint> {
    let (needed, mut first): (Vec<Hint>, Vec<Hint>) = hints.into_iter().partition(|hint| hint.is_needed);
    let mut used: u16 = needed.iter().map(width).sum();
    let is_out = |hint: &Hint| {
        used += width(hint);
        used > room
    };
    let count = first.iter().position(is_out).unwrap_or(first.len());
    first.truncate(count);
    first.extend(needed);
    first
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        console::{action::Standing, keymap::Keymap},
        lang::Lang,
    };

    fn hints(lang: Lang, contexts: &[Context]) -> Vec<Hint> {
        Keymap::default().hints(lang, contexts, Standing::default())
    }

    #[test]
    fn a_footer_begins_with_what_its_screen_is_for() {
        let first = |context| hints(Lang::En, &[context]).remove(0).keys;
        let checked = [Context::Table, Context::Detail, Context::Recover, Context::Baggage, Context::Alerts];
        assert_eq!(checked.map(first), ["$", "$", "Enter", "Enter", "a"]);
        assert_eq!(hints(Lang::En, &Context::FORM).remove(0).keys, "Enter");
    }

    #[test]
    fn every_footer_fits_the_smallest_screen() {
        for lang in [Lang::En, Lang::ZhCn] {
            for context in Context::ALL {
                let hints = fitting(hints(lang, &[context]), 79);
                let used: u16 = hints.iter().map(width).sum();
                assert!(used <= 79, "{context:?} takes {used} columns: {hints:?}");
            }
            // What a form does stands on it whole.
            for form in [&Context::FORM[..], &[Context::Recover]] {
                let hints = hints(lang, form);
                assert!(hints.len() > 3 && fitting(hints.clone(), 78) == hints, "{hints:?}");
            }
            let narrow = fitting(hints(lang, &[Context::Table]), 20);
            assert!(narrow.iter().all(|hint| hint.is_needed) && narrow.len() == 2, "{narrow:?}");
        }
    }
}
