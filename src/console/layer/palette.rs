//! The palette: what is typed, what it finds among the actions of the screen below, and what was run before.

use nucleo_matcher::{
    Config, Matcher, Utf32Str,
    pattern::{AtomKind, CaseMatching, Normalization, Pattern},
};
use tui_input::Input;

use super::jump::Jump;
use crate::{
    console::action::{ACTIONS, Action, Context},
    domain::fold::fold_text,
    lang::Lang,
};

/// How many of what was run before are kept.
const KEPT: usize = 50;

/// What the palette can find.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// An action of the screen below.
    Action(Action),
    /// The order whose number or PNR was typed.
    Jump(Jump),
}

impl Found {
    /// Its name.
    pub fn title(&self, lang: Lang) -> String {
        match self {
            Self::Action(action) => action.title(lang),
            Self::Jump(Jump::Order(order)) => lang.fill("palette.order", &[("order", order)]),
            Self::Jump(Jump::Pnr(pnr)) => lang.fill("palette.pnr", &[("pnr", pnr)]),
        }
    }
}

/// The palette while it is open.
pub struct Palette {
    /// The screen that its actions are of.
    pub below: Context,
    /// What is typed.
    input: Input,
    /// What that finds, the best first.
    found: Vec<Found>,
    /// Which of them Enter runs: none before anything was typed or chosen.
    chosen: Option<usize>,
    /// Which of those that were run before stands in the field, counted from the last.
    recalled: Option<usize>,
    /// What was typed before one of them took its place.
    typed: String,
}

impl Palette {
    /// A palette over a screen, with nothing typed.
    pub fn open(below: Context, lang: Lang) -> Self {
        let mut palette = Self {
            below,
            input: Input::default(),
            found: Vec::new(),
            chosen: None,
            recalled: None,
            typed: String::new(),
        };
        palette.find(lang);
        palette
    }

    /// What is typed.
    pub fn input(&self) -> &Input {
        &self.input
    }

    /// The text, to be typed into. [`Self::find`] follows.
    pub fn type_into(&mut self) -> &mut Input {
        self.recalled = None;
        &mut self.input
    }

    /// What was found, the best first.
    pub fn found(&self) -> &[Found] {
        &self.found
    }

    /// Which of them Enter runs: none before anything was typed or chosen.
    pub fn chosen(&self) -> Option<usize> {
        self.chosen
    }

    /// What Enter runs.
    pub fn choice(&self) -> Option<&Found> {
        self.found.get(self.chosen?)
    }

    /// Finds what is typed.
    pub fn find(&mut self, lang: Lang) {
        self.found = find(self.below, self.input.value(), lang);
        self.chosen = (!self.input.value().trim().is_empty()).then_some(0);
    }

    /// The next line, or what was recalled after this; the last stays.
    pub fn down(&mut self, history: &History, lang: Lang) {
        if let Some(at) = self.recalled.filter(|_| self.chosen == Some(0)) {
            return self.recall(at.checked_sub(1), history, lang);
        }
        let next = self.chosen.map_or(0, |chosen| chosen + 1);
        self.chosen = Some(next.min(self.found.len().saturating_sub(1)));
    }

    /// The line before; above the first, what was run before.
    pub fn up(&mut self, history: &History, lang: Lang) {
        if let Some(before) = self.chosen.and_then(|chosen| chosen.checked_sub(1)) {
            self.chosen = Some(before);
            return;
        }
        let before = self.recalled.map_or(0, |at| at + 1);
        if self.recalled.is_none() {
            self.input.value().clone_into(&mut self.typed);
        }
        if before < history.0.len() {
            self.recall(Some(before), history, lang);
        }
    }

    fn recall(&mut self, at: Option<usize>, history: &History, lang: Lang) {
        let text = at.and_then(|at| history.0.iter().rev().nth(at));
        self.input = Input::new(text.unwrap_or(&self.typed).clone());
        self.recalled = at;
        self.find(lang);
    }

    /// Puts the name of what is chosen into the field. False if nothing is.
    pub fn complete(&mut self, lang: Lang) -> bool {
        let Some(Found::Action(action)) = self.choice() else { return false };
        self.input = Input::new(action.title(lang));
        self.find(lang);
        true
    }
}

/// What was run, the last of it last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History(Vec<String>);

impl History {
    /// Keeps what was run; what is there already goes to the end.
    pub fn keep(&mut self, text: String) {
        self.0.retain(|kept| *kept != text);
        self.0.push(text);
        if self.0.len() > KEPT {
            self.0.remove(0);
        }
    }
}

/// True if the palette offers an action of the screen: nothing that only moves within the palette's own ways, or that no
/// key can do either.
fn is_offered(action: Action) -> bool {
    !matches!(action, Action::Palette | Action::Interrupt)
}

/// What a text finds on a screen: an order by its number or PNR, a queue by its number, and actions by their names in the
/// language in use, in the other one, or by their words. Without a text all of them, as the table has them.
fn find(below: Context, text: &str, lang: Lang) -> Vec<Found> {
    let jump = Jump::parse(text).filter(|_| matches!(below, Context::Table | Context::Detail));
    let rows = || ACTIONS.iter().filter(|row| row.is_in(below) && is_offered(row.action));
    let text = fold_text(text).to_lowercase();
    let text = text.trim().trim_start_matches(':').replace('_', " ");
    if let Ok(number) = text.parse::<usize>() {
        let is_queue = |action: &Action| matches!(action, Action::Queue(_) | Action::OwnQueue(_));
        let queues = rows().map(|row| row.action).filter(is_queue);
        let queue = queues.skip(number.wrapping_sub(1)).take(1).map(Found::Action);
        return jump.map(Found::Jump).into_iter().chain(queue).collect();
    }
    let mut config = Config::DEFAULT;
    config.prefer_prefix = true;
    let (mut matcher, mut buffer) = (Matcher::new(config), Vec::new());
    // Signs are letters like others.
    let pattern = Pattern::new(&text, CaseMatching::Ignore, Normalization::Smart, AtomKind::Fuzzy);
    let mut score = |name: &str, bonus: u32| {
        let score = pattern.score(Utf32Str::new(name, &mut buffer), &mut matcher)?;
        Some(score * 4 + bonus)
    };
    let mut scored: Vec<(u32, Action)> = rows()
        .filter_map(|row| {
            // What is read on the screen counts for more than what is known besides, and its beginning most.
            let shown = row.action.title(lang);
            let bonus = if shown.to_lowercase().starts_with(&text) { 43 } else { 3 };
            let short = lang.find(&format!("{}_short", row.name));
            let names = [
                score(&shown, bonus),
                short.and_then(|short| score(short, 3)),
                score(&row.id.replace('_', " "), 1),
                score(&row.action.title(lang.other()), 0),
            ];
            Some((names.into_iter().flatten().max()?, row.action))
        })
        .collect();
    scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    jump.map(Found::Jump)
        .into_iter()
        .chain(scored.into_iter().map(|(_, action)| Found::Action(action)))
        .collect()
}
