//! What is seen of a text that is typed into a line with less room than it takes.

use tui_input::Input;
use unicode_segmentation::UnicodeSegmentation;

use super::canvas::columns;

/// The text without its first columns.
pub(super) fn skip(text: &str, scroll: u16) -> &str {
    let mut passed = 0;
    let mut graphemes = text.grapheme_indices(true);
    let start = graphemes.find(|(_, grapheme)| {
        let is_here = passed >= scroll;
        passed += columns(grapheme);
        is_here
    });
    start.and_then(|(at, _)| text.get(at..)).unwrap_or_default()
}

/// What is seen of an input in so many columns, and in which of them its caret stands.
pub(super) fn window(input: &Input, room: u16) -> (&str, u16) {
    let scroll = input.visual_scroll(usize::from(room.max(1)));
    let shown = skip(input.value(), u16::try_from(scroll).unwrap_or(0));
    let hidden = input.value().chars().count() - shown.chars().count();
    let before: String = shown.chars().take(input.cursor().saturating_sub(hidden)).collect();
    (shown, columns(&before))
}
