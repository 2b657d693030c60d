//! What is to be drawn: what the desk said, as the operator looks at it.

use std::sync::Arc;

use super::{action::Standing, model::Model, ui::Ui};
use crate::{domain::case::Case, lang::Lang};

/// Model and Ui as the view reads them.
#[derive(Clone, Copy)]
pub struct Picture<'a> {
    /// What the desk said, the set-up, and the time.
    pub model: &'a Model,
    /// What the operator is doing.
    pub ui: &'a Ui,
}

impl<'a> Picture<'a> {
    /// The language in use.
    pub fn lang(self) -> Lang {
        self.ui.lang
    }

    /// The newest of the selected order.
    pub fn selected_case(self) -> Option<&'a Arc<Case>> {
        self.model.case(self.ui.list.selected()?)
    }

    /// What decides whether an action is possible just now.
    pub fn standing(self) -> Standing {
        Standing {
            is_read_only: self.model.setup.read_only,
            is_stale: self.model.stale_for().is_some(),
            has_selection: self.selected_case().is_some(),
        }
    }

    /// The presenter's line, if there is one to show.
    pub fn narration(self) -> Option<&'a str> {
        let narration = self.ui.narration.as_ref().filter(|_| !self.ui.narration_hidden)?;
        Some(match self.lang() {
            Lang::En => narration.en.as_str(),
            Lang::ZhCn => narration.zh.as_str(),
        })
    }
}
