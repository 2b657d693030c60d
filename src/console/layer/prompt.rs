//! One line that is asked for at the foot of the screen: a note on orders, or a reason.

use jiff::{Timestamp, tz::TimeZone};
use tui_input::Input;

use crate::{
    console::until::Until,
    desk::hub::Command,
    domain::{
        order::OrderNo,
        stray_card::StrayCard,
        text::{LONGEST, Text},
    },
};

/// What the line is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A note.
    Note,
    /// Why an order is taken over from somebody who has it.
    TakeOver,
    /// Until when orders are snoozed, and why.
    Snooze,
}

impl Kind {
    /// Key of what is asked.
    pub fn title(self) -> &'static str {
        match self {
            Self::Note => "prompt.note",
            Self::TakeOver => "prompt.take_over",
            Self::Snooze => "prompt.snooze",
        }
    }

    /// Key of what is said when nothing was typed.
    fn empty(self) -> &'static str {
        match self {
            Self::Note => "prompt.empty_note",
            Self::TakeOver => "prompt.empty_reason",
            Self::Snooze => "prompt.empty_snooze",
        }
    }
}

/// The line.
pub struct Prompt {
    /// What it is for.
    pub kind: Kind,
    /// On which orders.
    pub orders: Vec<OrderNo>,
    /// What is typed.
    pub input: Input,
}

impl Prompt {
    /// Asks for it.
    pub fn new(kind: Kind, orders: Vec<OrderNo>) -> Self {
        Self { kind, orders, input: Input::default() }
    }

    /// Of a card number that has been typed the last four digits stay. True if there was one.
    pub fn mask_card(&mut self) -> bool {
        let card = StrayCard::find(self.input.value());
        card.map(|card| self.input = Input::new(card.instead)).is_some()
    }

    /// What is to be done, or the key of what is wrong with the text, by this time and this zone.
    pub fn answer(&mut self, now: Timestamp, zone: &TimeZone) -> Result<Vec<Command>, &'static str> {
        if self.mask_card() {
            return Err("prompt.card");
        }
        if self.input.value().chars().count() > LONGEST {
            return Err("prompt.long");
        }
        let text = Text::new(self.input.value());
        if text.is_empty() {
            return Err(self.kind.empty());
        }
        let command: Box<dyn Fn(OrderNo) -> Command> = match self.kind {
            Kind::Note => Box::new(|order| Command::Note(order, text.clone())),
            Kind::TakeOver => Box::new(|order| Command::TakeOver { order, reason: text.clone() }),
            Kind::Snooze => {
                let Until { at: until, reason } = Until::read(&text, now, zone)?;
                Box::new(move |order| Command::Snooze { order, until, reason: reason.clone() })
            }
        };
        Ok(self.orders.iter().map(|order| command(*order)).collect())
    }
}
