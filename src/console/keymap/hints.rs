//! What the footer and the help say of keys.

use super::{Keymap, labels};
use crate::{
    console::{
        action::{ACTIONS, Action, Context, Row, Standing},
        input::chord::Chord,
    },
    lang::Lang,
};

/// Keys with what they do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The keys as they are written on screen.
    pub keys: String,
    /// What they do.
    pub text: &'static str,
    /// It stays in a footer that has no room for all: how to get help, and how to leave.
    pub is_needed: bool,
    /// It is not possible now: pressed, it says why.
    pub is_off: bool,
}

/// A part of the help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Key of its title.
    pub title: &'static str,
    /// What the keys of its contexts do.
    pub keys: Vec<Hint>,
}

/// The contexts of each part of the help, under a title.
const SECTIONS: [(&str, &[Context]); 19] = [
    ("context.table", &[Context::Table]),
    ("context.detail", &[Context::Detail]),
    ("context.filter", &[Context::Filter]),
    ("context.find", &[Context::Find]),
    ("context.columns", &[Context::Columns]),
    ("context.export", &[Context::Export]),
    ("context.palette", &[Context::Palette]),
    ("context.alerts", &[Context::Alerts]),
    ("context.overlay", &[Context::Overlay]),
    ("context.search", &[Context::Search]),
    ("context.form", &Context::FORM),
    ("context.dry_run", &[Context::DryRun]),
    ("context.confirm", &[Context::Confirm]),
    ("context.following", &[Context::Following]),
    ("context.commit", &[Context::Commit]),
    ("context.recover", &[Context::Recover]),
    ("context.baggage", &[Context::Baggage]),
    ("context.note", &[Context::Note]),
    ("context.question", &[Context::Question, Context::Quit]),
];

/// What the footer of a context says first, the most important thing before the others. What is not here follows in the order
/// of the table of actions.
const FIRST: [(Context, &[Action]); 8] = [
    (
        Context::Table,
        &[
            Action::Pay,
            Action::Recover,
            Action::Open,
            Action::Filter,
            Action::Note,
            Action::Palette,
            Action::Next,
        ],
    ),
    (
        Context::Detail,
        &[Action::Pay, Action::Recover, Action::LeaveDetail, Action::Note, Action::Palette, Action::Next],
    ),
    (
        Context::Recover,
        &[Action::GoOn, Action::NextRoute, Action::PreviousRoute, Action::Note, Action::LeavePlan],
    ),
    (Context::Baggage, &[Action::GoOn, Action::NextRoute, Action::PreviousRoute]),
    (Context::Methods, &[Action::Review, Action::DryRun]),
    (Context::Filter, &[Action::KeepFilter, Action::ClearFilter, Action::Complete, Action::Fields]),
    (Context::Columns, &[Action::TickColumn, Action::KeepColumns, Action::DropColumns]),
    (Context::Alerts, &[Action::Acknowledge, Action::AcknowledgeAll, Action::GoToOrder, Action::Close]),
];

/// Where an action stands in the footer of these contexts.
fn rank(contexts: &[Context], action: Action) -> usize {
    let first = FIRST.iter().find(|(context, _)| contexts.contains(context));
    let at = first.and_then(|(_, actions)| actions.iter().position(|first| *first == action));
    at.unwrap_or(usize::MAX)
}

impl Keymap {
    /// What the footer of a screen says that has these contexts, as things stand there.
    pub fn hints(&self, lang: Lang, contexts: &[Context], standing: Standing) -> Vec<Hint> {
        let hint = |row: &'static Row| {
            let hinted = contexts.iter().filter(|context| row.is_hinted(**context));
            let chord = hinted.into_iter().find_map(|context| self.chords(row, *context).first())?;
            let short = lang.find(&format!("{}_short", row.name));
            let is_off = row.possible(standing).is_err();
            Some(Line {
                action: row.action,
                keys: chord.label(),
                text: short.unwrap_or_else(|| lang.text(row.name)),
                is_off,
            })
        };
        let mut lines: Vec<Line> = ACTIONS.iter().filter_map(hint).collect();
        lines.sort_by_key(|line| rank(contexts, line.action));
        together(lines.into_iter())
    }

    /// All keys, part by part, those of the screen that has the context `below` first, as things stand there. What the same
    /// keys do there is not said again.
    pub fn help(&self, lang: Lang, below: Context, standing: Standing) -> Vec<Section> {
        let section = |(title, contexts): (&'static str, &[Context])| {
            let is_below = contexts.contains(&below);
            let line = |row: &'static Row| {
                let chords = contexts.iter().find_map(|context| self.reached_by(row, *context))?;
                let is_said = !is_below && self.reached_by(row, below) == Some(chords);
                let is_off = is_below && row.possible(standing).is_err();
                let text = lang.text(row.name);
                (!is_said).then(|| Line { action: row.action, keys: labels(chords), text, is_off })
            };
            Section { title, keys: together(ACTIONS.iter().filter_map(line)) }
        };
        let mut sections = SECTIONS;
        sections.sort_by_key(|(_, contexts)| !contexts.contains(&below));
        sections.map(section).into()
    }

    /// How an action is reached in `context`: by its keys, or by its name where it has none.
    pub(super) fn reached_by(&self, row: &Row, context: Context) -> Option<&[Chord]> {
        let found = || Action::Palette.row().filter(|_| row.is_in(context));
        let own = Some(self.chords(row, context)).filter(|chords| !chords.is_empty());
        let by_name = || found().map(|palette| self.chords(palette, context));
        own.or_else(|| by_name().filter(|chords| !chords.is_empty()))
    }
}

/// What is said of one action.
struct Line {
    action: Action,
    keys: String,
    text: &'static str,
    is_off: bool,
}

/// Neighbours that are called the same as one: `j/k`, or `1-7` for digits without a gap.
fn together(lines: impl Iterator<Item = Line>) -> Vec<Hint> {
    let mut hints: Vec<Hint> = Vec::new();
    let mut last = String::new();
    for Line { action, keys, text, is_off } in lines {
        match hints.last_mut().filter(|hint| hint.text == text && hint.is_off == is_off) {
            None => {
                let is_needed = matches!(action, Action::Help | Action::Quit);
                hints.push(Hint { keys: keys.clone(), text, is_needed, is_off });
            }
            Some(hint) if follows(&last, &keys) => {
                let first = hint.keys.split('-').next().unwrap_or_default();
                hint.keys = format!("{first}-{keys}");
            }
            Some(hint) => hint.keys = format!("{}/{keys}", hint.keys),
        }
        last = keys;
    }
    hints
}

/// True when both are digits, and the second is the next.
fn follows(digit: &str, next: &str) -> bool {
    let number = |text: &str| text.parse::<u8>().ok();
    number(digit).zip(number(next)).is_some_and(|(digit, next)| next == digit + 1)
}
