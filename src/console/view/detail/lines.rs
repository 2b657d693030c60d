//! The lines of the detail while they are put together.

use ratatui::{
    style::{Modifier, Style},
    text::{Line, Span},
};

use crate::console::{
    picture::Picture,
    theme::Role,
    view::canvas::{columns, wrap},
};

/// A line of the detail.
pub(super) struct Row {
    pub(super) text: Line<'static>,
    /// What stands at its right end.
    pub(super) right: Option<Span<'static>>,
    /// It is of the block of the next action, which has this ink: at its edge, or as its ground.
    pub(super) block: Option<Role>,
    /// It is the head of what follows.
    pub(super) is_title: bool,
}

impl Row {
    /// A line of the block with this ink.
    pub(super) fn of_block(block: Role, text: Line<'static>, right: Option<Span<'static>>) -> Self {
        Self { text, right, block: Some(block), is_title: false }
    }
}

impl From<Line<'static>> for Row {
    fn from(text: Line<'static>) -> Self {
        Self { text, right: None, block: None, is_title: false }
    }
}

/// Columns of the bar at the left edge of a block, with a blank.
pub(super) const BAR: u16 = 2;

/// Columns of a label.
pub(super) const LABEL: usize = 9;

/// Lines being put together.
pub(super) struct Page<'a> {
    pub(super) picture: Picture<'a>,
    pub(super) width: u16,
    /// No line is left blank.
    pub(super) is_tight: bool,
    pub(super) lines: Vec<Row>,
}

impl Page<'_> {
    pub(super) fn text(&self, key: &'static str) -> &'static str {
        self.picture.lang().text(key)
    }

    pub(super) fn span(&self, role: Role, text: impl Into<String>) -> Span<'static> {
        Span::styled(text.into(), self.picture.model.setup.theme.style(role))
    }

    pub(super) fn blank(&mut self) {
        let is_blank = self.lines.last().is_some_and(|row| row.text.spans.is_empty());
        if !self.is_tight && !is_blank {
            self.lines.push(Line::default().into());
        }
    }

    pub(super) fn title(&mut self, key: &'static str) {
        if !self.lines.is_empty() {
            self.blank();
        }
        let title = self.span(Role::Muted, self.text(key).to_owned());
        let title = title.patch_style(Style::new().add_modifier(Modifier::BOLD));
        self.lines.push(Row { is_title: true, ..Line::from(title).into() });
    }

    /// A label and a text that goes on below itself when it is long.
    pub(super) fn entry(&mut self, key: &'static str, role: Role, text: &str) {
        let label = self.text(key);
        // A long label has its text beside it, too.
        let indent = LABEL.max(usize::from(columns(label)) + 1);
        let head = format!("{label}{}", " ".repeat(indent - usize::from(columns(label))));
        let room = self.width.saturating_sub(u16::try_from(indent).unwrap_or(0));
        for (n, part) in wrap(text, room).into_iter().enumerate() {
            let label = if n == 0 { head.clone() } else { " ".repeat(indent) };
            let line = Line::from(vec![self.span(Role::Muted, label), self.span(role, part)]);
            self.lines.push(line.into());
        }
    }

    /// A label with several things beside it, each of them whole in its line where that has room for it.
    pub(super) fn parts(&mut self, key: &'static str, parts: &[String]) {
        let room = self.width.saturating_sub(u16::try_from(LABEL).unwrap_or(0));
        let mut lines: Vec<String> = Vec::new();
        for part in parts {
            match lines.last_mut().filter(|line| columns(line) + 2 + columns(part) <= room) {
                Some(line) => line.extend(["  ", part]),
                None => lines.push(part.clone()),
            }
        }
        for (n, line) in lines.iter().enumerate() {
            if n == 0 { self.entry(key, Role::Text, line) } else { self.wrapped(LABEL, Role::Text, line) }
        }
    }

    pub(super) fn wrapped(&mut self, indent: usize, role: Role, text: &str) {
        let room = self.width.saturating_sub(u16::try_from(indent).unwrap_or(0));
        for part in wrap(text, room) {
            let line = Line::from(vec![Span::raw(" ".repeat(indent)), self.span(role, part)]);
            self.lines.push(line.into());
        }
    }
}
