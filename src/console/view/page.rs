//! A page of a form over the whole screen, written from above; its last lines belong to the foot.

use ratatui::layout::Rect;

use super::canvas::{Canvas, wrap};
use crate::console::theme::Role;

/// A page that is written from above.
pub(super) struct Page<'a, 'b> {
    /// All of it.
    pub(super) area: Rect,
    /// The next line.
    pub(super) y: u16,
    /// Where it is drawn.
    pub(super) canvas: &'a mut Canvas<'b>,
}

/// Columns of a label.
const LABEL: u16 = 16;

impl Page<'_, '_> {
    /// Leaves lines out.
    pub(super) fn skip(&mut self, lines: u16) {
        self.y += lines;
    }

    /// A rule below what stands there.
    pub(super) fn rule(&mut self) {
        self.y += 1;
        self.canvas.rule(self.area.x, self.y, self.area.width);
        self.y += 1;
    }

    /// The last lines belong to the foot.
    pub(super) fn has_room(&self) -> bool {
        self.y + 3 < self.area.bottom()
    }

    /// A text over the whole width.
    pub(super) fn say(&mut self, role: Role, text: &str) {
        for line in wrap(text, self.area.width.saturating_sub(2)) {
            if self.has_room() {
                self.canvas.put(self.area.x + 1, self.y, self.area.width - 2, role, &line);
                self.y += 1;
            }
        }
    }

    /// A text that stands in from the left.
    pub(super) fn indented(&mut self, role: Role, text: &str) {
        for line in wrap(text, self.area.width.saturating_sub(6)) {
            if self.has_room() {
                self.canvas.put(self.area.x + 4, self.y, self.area.width - 5, role, &line);
                self.y += 1;
            }
        }
    }

    fn beside_label(&self) -> u16 {
        self.area.width.saturating_sub(LABEL + 2)
    }

    /// True when an entry with this text leaves so many lines below it.
    pub(super) fn leaves(&self, text: &str, lines: u16) -> bool {
        let used = u16::try_from(wrap(text, self.beside_label()).len().min(2)).unwrap_or(2);
        self.y + used + lines <= self.area.bottom()
    }

    /// A label with its text beside it, of which two lines at most are shown.
    pub(super) fn entry(&mut self, label: &str, role: Role, text: &str) {
        let room = self.beside_label();
        for (n, line) in wrap(text, room).iter().take(2).enumerate() {
            if !self.has_room() {
                return;
            }
            if n == 0 {
                self.canvas.put(self.area.x + 1, self.y, LABEL - 1, Role::Muted, label);
            }
            self.canvas.put(self.area.x + 1 + LABEL, self.y, room, role, line);
            self.y += 1;
        }
    }
}
