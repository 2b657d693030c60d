//! The line that a filter is typed into: its text, what is wrong with it, and the help that it gives.

use jiff::Timestamp;
use tui_input::{Input, InputRequest};

use super::{
    complete::{self, Completion},
    mistake::Mistake,
};
use crate::{
    domain::{case::Case, triage::Group},
    lang::Lang,
};

/// The line. While there is a mistake in it the filter before it stays in force.
#[derive(Debug, Default)]
pub struct Line {
    input: Input,
    /// What is wrong with the text.
    pub mistake: Option<Mistake>,
    /// The fields are listed.
    pub lists_fields: bool,
    completion: Option<Completion>,
}

impl Line {
    /// The text.
    pub fn value(&self) -> &str {
        self.input.value()
    }

    /// The text with its caret.
    pub fn input(&self) -> &Input {
        &self.input
    }

    /// The same, to be typed into: whatever was completed is text from now on.
    pub fn type_into(&mut self) -> &mut Input {
        self.completion = None;
        &mut self.input
    }

    /// What stands before the caret was chosen from these.
    pub fn completion(&self) -> Option<&Completion> {
        self.completion.as_ref()
    }

    /// The caret stands where a term begins.
    pub fn begins_term(&self) -> bool {
        complete::begins_term(self.value(), self.input.cursor())
    }

    /// Completes what stands before the caret, or takes the next choice, or the one before. False if nothing is known
    /// that begins so.
    pub fn complete<'a>(
        &mut self,
        lang: Lang,
        now: Timestamp,
        orders: impl Iterator<Item = (&'a Case, Group)>,
        is_back: bool,
    ) -> bool {
        let caret = self.input.cursor();
        let next = match self.completion.take() {
            Some(Completion { at, choices, chosen }) => {
                let count = choices.len();
                let step = if is_back { count - 1 } else { 1 };
                Some(Completion { at, chosen: (chosen + step) % count, choices })
            }
            None => complete::complete(self.value(), caret, lang, now, orders),
        };
        let Some(mut next) = next else { return false };
        let choice = &next.choices[next.chosen];
        let kept = |from: usize, to: usize| self.value().chars().skip(from).take(to - from);
        let end = self.value().chars().count();
        let text: String =
            kept(0, next.at.start).chain(choice.chars()).chain(kept(next.at.end, end)).collect();
        next.at = next.at.start..next.at.start + choice.chars().count();
        self.input = Input::new(text).with_cursor(next.at.end);
        self.completion = Some(next).filter(|completion| completion.choices.len() > 1);
        true
    }

    /// Writes another text into it.
    pub fn set(&mut self, text: &str) {
        *self = Self { input: Input::new(text.to_owned()), ..Self::default() };
    }

    /// Takes everything away.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// The line is left: what helped while it was typed goes.
    pub fn leave(&mut self) {
        self.completion = None;
        self.lists_fields = false;
        self.input.handle(InputRequest::GoToEnd);
    }
}
