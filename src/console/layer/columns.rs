//! Choosing the columns of the table: a pane over it, while the table already follows.

use crate::console::column::{Chosen, Fitted, Pick};

/// The pane.
#[derive(Debug)]
pub struct ColumnsForm {
    /// The column that keys are for.
    at: usize,
    /// What is chosen; none for what fits best.
    chosen: Option<Chosen>,
    /// The columns as they stand while nothing is chosen.
    usual: Chosen,
    /// What was chosen before.
    before: Option<Chosen>,
}

impl ColumnsForm {
    /// Opens on what is chosen, or on the table as it is.
    pub fn open(chosen: Option<&Chosen>, usual: &Fitted) -> Self {
        let chosen = chosen.cloned();
        Self { at: 0, before: chosen.clone(), chosen, usual: Chosen::like(usual) }
    }

    /// What is chosen now; none for what fits best.
    pub fn chosen(&self) -> Option<&Chosen> {
        self.chosen.as_ref()
    }

    /// What was chosen before the pane was opened.
    pub fn before(&self) -> Option<&Chosen> {
        self.before.as_ref()
    }

    /// All columns as they are chosen.
    pub fn picks(&self) -> &[Pick] {
        self.chosen.as_ref().unwrap_or(&self.usual).picks()
    }

    /// The column that keys are for.
    pub fn at(&self) -> usize {
        self.at
    }

    /// To the next column, or the one before.
    pub fn step(&mut self, is_down: bool) {
        let last = self.picks().len().saturating_sub(1);
        self.at = if is_down { (self.at + 1).min(last) } else { self.at.saturating_sub(1) };
    }

    /// Shows the column, or hides it.
    pub fn tick(&mut self) {
        let at = self.at;
        self.change(|chosen| chosen.tick(at));
    }

    /// Moves the column by one place; keys stay with it.
    pub fn shift(&mut self, is_down: bool) {
        let at = self.at;
        self.at = self.change(|chosen| chosen.shift(at, is_down));
    }

    /// Makes it wider by so much, or narrower, than it is in the table that is seen.
    pub fn resize(&mut self, by: i16, seen: &Fitted) {
        let at = self.at;
        let column = self.picks().get(at).map(|pick| pick.column);
        let width = seen.iter().find(|(shown, _)| Some(*shown) == column).map(|(_, width)| width);
        self.change(|chosen| chosen.resize(at, by, width));
    }

    /// What fits best is shown again.
    pub fn reset(&mut self) {
        self.chosen = None;
        self.at = 0;
    }

    fn change<T>(&mut self, change: impl FnOnce(&mut Chosen) -> T) -> T {
        change(self.chosen.get_or_insert_with(|| self.usual.clone()))
    }
}
