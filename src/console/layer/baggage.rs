//! The decision about a loss on baggage. It holds only what the operator chooses; what is the matter and what was decided
//! is read from the order and its story.

use jiff::Timestamp;
use tui_input::Input;

use crate::{
    console::model::Model,
    desk::hub::Command,
    domain::{baggage::trouble::Trouble, case::Case, codes::Baggage, order::OrderNo},
};

/// The page.
pub struct BaggageForm {
    /// The order.
    pub order: OrderNo,
    /// Since when, by the vendor's clock.
    pub opened_at: Timestamp,
    /// The choice that it stands on: to accept the loss, or to refuse it. Neither, until one was chosen.
    pub accept: Option<bool>,
    /// The order's last four characters, while they are typed.
    pub asking: Option<Input>,
}

impl BaggageForm {
    /// A page for `order`.
    pub fn open(order: OrderNo, now: Timestamp) -> Self {
        Self { order, opened_at: now, accept: None, asking: None }
    }

    /// The order and what is the matter with its baggage, if anything still is.
    pub fn view<'a>(&self, model: &'a Model) -> Option<(&'a Case, Option<Trouble>)> {
        let case: &Case = model.case(self.order)?;
        Some((case, case.baggage()))
    }

    /// True when there is something to choose.
    pub fn offers(trouble: &Trouble) -> bool {
        trouble.what == Baggage::Loss
    }

    /// What is typed decides, if these are the order's last four characters.
    pub fn decided(&self) -> Option<Command> {
        let typed = self.asking.as_ref()?;
        let accept = self.accept?;
        self.order.is_tail(typed.value().trim()).then_some(Command::BaggageLoss { order: self.order, accept })
    }
}
