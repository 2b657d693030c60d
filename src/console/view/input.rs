//! What is seen of a text that is typed into a line with less room than it takes: the part around the caret.

use tui_input::Input;
use unicode_segmentation::UnicodeSegmentation;

use super::canvas::columns;

/// The part of a text that is seen.
pub(super) struct Window<'a> {
    /// What is seen.
    pub(super) shown: &'a str,
    /// So many characters stand before that.
    hidden: usize,
    /// The column in which the caret stands.
    pub(super) caret: u16,
}

impl<'a> Window<'a> {
    /// What is seen of an input in so many columns. Behind the last of them there is one more, for a caret at the end.
    pub(super) fn of(input: &'a Input, room: u16) -> Self {
        let rest = from(input.value(), input.visual_scroll(usize::from(room.max(1))));
        let hidden = input.value().chars().count() - rest.chars().count();
        let mut window = Self { shown: up_to(rest, room), hidden, caret: 0 };
        window.caret = window.column(input.cursor());
        window
    }

    /// The column in which the character stands that so many come before; for one out of sight, that of the nearest end.
    pub(super) fn column(&self, characters: usize) -> u16 {
        columns(&self.shown.chars().take(characters.saturating_sub(self.hidden)).collect::<String>())
    }
}

/// The text without its first columns.
fn from(text: &str, scroll: usize) -> &str {
    let mut passed = 0;
    let mut graphemes = text.grapheme_indices(true);
    let start = graphemes.find(|(_, grapheme)| {
        let is_here = passed >= scroll;
        passed += usize::from(columns(grapheme));
        is_here
    });
    start.and_then(|(at, _)| text.get(at..)).unwrap_or_default()
}

/// As much of the text as so many columns hold.
fn up_to(text: &str, room: u16) -> &str {
    let mut taken = 0;
    let mut graphemes = text.grapheme_indices(true);
    let end = graphemes.find(|(_, grapheme)| {
        taken += columns(grapheme);
        taken > room
    });
    end.and_then(|(at, _)| text.get(..at)).unwrap_or(text)
}
