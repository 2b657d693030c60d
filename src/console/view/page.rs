//! A pane that is written from above, with the foot of its screen.

use ratatui::layout::{Position, Rect};

use super::{
    canvas::{Canvas, columns, end_of, wrap, wrap_to},
    head, hints,
};
use crate::{
    console::{action::Context, picture::Picture, theme::Role},
    domain::{case::Case, story::What},
    lang::recovery,
};

/// A page that is written from above.
pub(super) struct Page<'a, 'b> {
    /// What is written in.
    pub(super) area: Rect,
    /// The next line.
    pub(super) y: u16,
    /// Where it is drawn.
    pub(super) canvas: &'a mut Canvas<'b>,
}

/// Columns of a label.
const LABEL: u16 = 16;

impl Page<'_, '_> {
    /// The keys of `contexts`, at the foot of the screen.
    pub(super) fn keys(&mut self, picture: Picture<'_>, contexts: &[Context]) {
        hints::draw(picture, contexts, foot(self.canvas.buffer.area), self.canvas);
    }

    /// What the keys do, in words of its own, at the foot of the screen.
    pub(super) fn keys_said(&mut self, text: &str) {
        let line = foot(self.canvas.buffer.area);
        self.canvas.put_cut(line.x + 1, line.y, line.width.saturating_sub(2), Role::Text, text);
    }

    /// Leaves lines out.
    pub(super) fn skip(&mut self, lines: u16) {
        self.y += lines;
    }

    /// Lines that are left.
    pub(super) fn left(&self) -> u16 {
        self.area.bottom().saturating_sub(self.y)
    }

    /// True while there is a line left.
    pub(super) fn has_room(&self) -> bool {
        self.left() > 0
    }

    /// A blank line, if so many lines stay for what follows.
    pub(super) fn gap(&mut self, lines: u16) {
        if self.left() > lines {
            self.y += 1;
        }
    }

    /// The head of a part of the page, with what stands at its right end; left out if it would leave fewer lines than
    /// the part has.
    pub(super) fn part(&mut self, title: &str, end: &str, lines: u16) {
        if self.left() <= lines {
            return;
        }
        let Rect { x, width, .. } = self.area;
        self.canvas.rule(x, self.y, width);
        if !title.is_empty() {
            self.canvas.put_cut(x, self.y, width, Role::Muted, &format!("{title} "));
        }
        let size = columns(end);
        if size > 0 && size + columns(title) + 4 < width {
            self.canvas.put(x + width - size - 1, self.y, size + 1, Role::Muted, &format!(" {end}"));
        }
        self.y += 1;
    }

    /// A text over the whole width.
    pub(super) fn say(&mut self, role: Role, text: &str) {
        self.say_in(0, role, text);
    }

    /// A text that stands in from the left; one that has no room to its end is marked where it is cut.
    pub(super) fn say_in(&mut self, indent: u16, role: Role, text: &str) {
        let room = self.area.width.saturating_sub(indent);
        for line in wrap_to(text, room, self.left()) {
            self.canvas.put(self.area.x + indent, self.y, room, role, &line);
            self.y += 1;
        }
    }

    /// A label with its text beside it, of which `most` lines are shown.
    pub(super) fn entry(&mut self, label: &str, role: Role, text: &str, most: u16) {
        let room = self.area.width.saturating_sub(LABEL);
        for (n, line) in wrap_to(text, room, most.min(self.left())).into_iter().enumerate() {
            if n == 0 {
                self.canvas.put_cut(self.area.x, self.y, LABEL - 1, Role::Muted, label);
            }
            self.canvas.put(self.area.x + LABEL, self.y, room, role, &line);
            self.y += 1;
        }
    }

    /// Lines that an entry takes.
    pub(super) fn lines_of(&self, text: &str, most: u16) -> u16 {
        let lines = wrap(text, self.area.width.saturating_sub(LABEL)).len();
        u16::try_from(lines).unwrap_or(u16::MAX).min(most)
    }

    /// A gauge and the text of a time that is left beside it; behind a label, or from the first column.
    pub(super) fn clock(&mut self, label: Option<&str>, role: Role, part: (i64, i64), text: &str) {
        if !self.has_room() {
            return;
        }
        let mut x = self.area.x;
        if let Some(label) = label {
            self.canvas.put_cut(x, self.y, LABEL - 1, Role::Muted, label);
            x += LABEL;
        }
        x = self.canvas.gauge(x, self.y, head::GAUGE, role, part) + 1;
        let room = (self.area.x + self.area.width).saturating_sub(x);
        for line in wrap_to(text, room, self.left().min(2)) {
            self.canvas.put(x, self.y, room, role, &line);
            self.y += 1;
        }
    }

    /// What happened to the order, the latest last, as far as there are lines for it.
    pub(super) fn story(&mut self, picture: Picture<'_>, case: &Case) {
        const LEAST: u16 = 3;
        const TIME: u16 = 10;
        let lang = picture.lang();
        let story = case.story();
        if self.left() < LEAST + 2 || story.is_empty() {
            return;
        }
        self.skip(1);
        self.part(lang.text("detail.story"), "", 0);
        let room = self.area.width.saturating_sub(TIME);
        let shown = usize::from(self.left());
        for happening in story.iter().skip(story.len().saturating_sub(shown)) {
            let at = happening.at.to_zoned(picture.model.setup.zone.clone()).strftime("%H:%M:%S").to_string();
            let text = recovery::line(lang, &case.lineage, happening);
            let role = match &happening.what {
                What::Attempt { state, .. } if state.is_doubtful() => Role::Doubt,
                What::Notified { .. } => Role::Muted,
                _ => Role::Text,
            };
            self.canvas.put(self.area.x, self.y, TIME, Role::Muted, &at);
            self.canvas.put_cut(self.area.x + TIME, self.y, room, role, &text);
            self.y += 1;
        }
    }

    /// Keeps the last lines of the pane for a question or a field, which is drawn there. What is typed stands at the end of
    /// `text` before its caret, and is seen to its end; returns where the caret stands, if it has one.
    pub(super) fn ask(&mut self, role: Role, text: &str) -> Option<Position> {
        const MOST: usize = 3;
        let Rect { x, width, .. } = self.area;
        let lines = wrap(text, width);
        let lines = if lines.len() > MOST { vec![end_of(text, width)] } else { lines };
        let height = u16::try_from(lines.len()).unwrap_or(1);
        let y = self.area.bottom().saturating_sub(height);
        self.area.height = self.area.height.saturating_sub(height + 1);
        self.canvas.rule(x, y - 1, width);
        for (line, y) in lines.iter().zip(y..) {
            self.canvas.put(x, y, width, role, line);
        }
        // The caret is drawn as well.
        let (before, _) = lines.last().filter(|_| role == Role::Field)?.rsplit_once('_')?;
        Some(Position::new((x + columns(before)).min(x + width - 1), y + height - 1))
    }
}

/// Sets a remark into the lower edge of a page, so that no line of it is lost; one that is too long for that goes on in the
/// place of the keys.
pub(super) fn remark(role: Role, text: &str, canvas: &mut Canvas<'_>) {
    let screen = canvas.buffer.area;
    let (x, y, room) = (screen.x + 2, screen.bottom().saturating_sub(2), screen.width.saturating_sub(6));
    let lines = wrap_to(text, room, 2);
    if let Some(first) = lines.first() {
        canvas.clear(Rect { x, y, width: columns(first) + 2, height: 1 });
        canvas.put(x + 1, y, room, role, first);
    }
    if let Some(second) = lines.get(1) {
        let line = foot(screen);
        canvas.clear(line);
        canvas.tint(line, Role::Bar);
        canvas.put(x + 1, line.y, room, role, second);
    }
}

/// The last line of the screen.
pub(super) fn foot(screen: Rect) -> Rect {
    Rect { y: screen.bottom().saturating_sub(1), height: 1, ..screen }
}
