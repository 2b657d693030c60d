//! What is to be drawn: what the desk said, as the operator looks at it.

use std::sync::Arc;

use jiff::Timestamp;

use super::{
    action::{Action, Context, Selection, Standing},
    layer::{commit::link_of, pay::Phase},
    model::Model,
    ui::Ui,
};
use crate::{
    domain::{case::Case, committable::Progress, order::OrderNo, triage::Group},
    lang::Lang,
};

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

    /// The selected order, as long as it is on the screen: in a row, or in full. What is not drawn is not acted on.
    pub fn selected(self) -> Option<OrderNo> {
        let list = &self.ui.list;
        list.selected().filter(|_| self.ui.layers.show_detail() || list.position().is_some())
    }

    /// The newest of it.
    pub fn selected_case(self) -> Option<&'a Arc<Case>> {
        self.model.case(self.selected()?)
    }

    /// The newest of the order that the detail shows: the selected one, once the selection rests.
    pub fn detailed_case(self) -> Option<&'a Arc<Case>> {
        let resting = self.ui.resting.filter(|_| !self.ui.layers.show_detail());
        resting.and_then(|resting| self.model.case(resting.order)).or_else(|| self.selected_case())
    }

    /// The order in row `at` of the table, with its group.
    ///
    /// A row that must not move stays where it is, and says the newest all the same: payments are decided by it, and one
    /// that still says unpaid of a ticketed order asks for a second payment. What has to stand still for a reader is the
    /// place of a row, and it is marked if there is news in it, see [`Self::is_held`].
    pub fn row(self, at: usize) -> Option<(&'a Arc<Case>, Group)> {
        let (case, group) = self.ui.list.row(at)?;
        if !self.ui.holds_rows() {
            return Some((case, group));
        }
        let newest = self.model.case(case.order.no).unwrap_or(case);
        Some((newest, Group::of(newest, self.model.shown_now(newest))))
    }

    /// How many rows are shown: so many at least, while not all were looked at.
    pub fn shown(self) -> String {
        let list = &self.ui.list;
        format!("{}{}", list.shown(), if list.is_looking() { "+" } else { "" })
    }

    /// True when an order has changed since its row may not move: it may stand where it no longer belongs.
    pub fn is_held(self, order: OrderNo) -> bool {
        self.ui.held.contains(&order)
    }

    /// The order that keys are about: that of the page on top, or the one that is selected.
    pub fn subject(self) -> Option<OrderNo> {
        self.ui.layers.order().or_else(|| self.selected())
    }

    /// The order that an open form is about while it is ours, and until when it is.
    pub fn leased(self) -> Option<(OrderNo, Timestamp)> {
        let layers = &self.ui.layers;
        let form = layers.form().filter(|form| matches!(form.phase, Phase::Filling | Phase::Confirming(_)));
        let order = form.map(|form| form.order).or(layers.recover().map(|form| form.order))?;
        Some((order, self.model.ours_until(self.model.case(order)?)?))
    }

    /// What decides whether an action is possible just now.
    pub fn standing(self) -> Standing {
        let (model, layers) = (self.model, &self.ui.layers);
        let case = self.subject().and_then(|order| model.case(order));
        let now = model.server_now();
        let plan = layers.recover().filter(|_| layers.below_palette() == Context::Recover);
        let decision = plan.and_then(|form| form.view(model)?.to_decide(now).map(drop));
        Standing {
            is_read_only: model.setup.read_only,
            is_stale: model.stale_for().is_some(),
            is_bulk: layers.order().is_none() && self.marks_others(),
            // A page shows its order whether it is known or not.
            selection: match case {
                Some(_) => Selection::Drawn,
                None if layers.order().is_some() => Selection::Drawn,
                None if self.ui.list.shown() > 0 => Selection::Left,
                None => Selection::Nothing,
            },
            has_baggage: case.is_some_and(|case| case.order.baggage().is_some()),
            wants_commit: case.is_some_and(|case| Progress::of(&case.order, &case.lineage, now).is_some()),
            has_link: case.is_some_and(|case| link_of(case.order.no, model, &self.ui.links).is_some()),
            has_decision: decision.is_some(),
            has_narration: self.ui.narration.is_some(),
        }
    }

    /// Why an action is not possible, with the keys that its text names.
    pub fn why(self, why: &'static str) -> String {
        let keymap = &self.model.setup.keymap;
        let label = |action| keymap.label(Context::Table, action);
        let new_link = keymap.label(Context::Commit, Action::NewLink);
        self.lang().fill(why, &[("log", &label(Action::Log)), ("new_link", &new_link)])
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
