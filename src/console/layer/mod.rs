//! What lies over the table, and what each layer means for keys and for the picture: asked of the layer, here, and
//! nowhere else.

pub mod baggage;
pub mod columns;
pub mod commit;
pub mod find;
pub mod jump;
pub mod palette;
pub mod pay;
pub mod prompt;
pub mod recover;
mod stack;

use tui_input::Input;

pub use self::stack::Layers;
use self::{
    baggage::BaggageForm,
    columns::ColumnsForm,
    commit::CommitForm,
    find::FindPrompt,
    palette::Palette,
    pay::{Focus, PayForm, Phase},
    prompt::Prompt,
    recover::{Asking, RecoverForm},
};
use super::{
    action::{Context, KeysFor},
    export::Subject,
};
use crate::domain::{alert::Cause, field::Field, order::OrderNo};

/// In which line, counted from below, a remark stands over the table.
const REMARK_LINE: u16 = 1;

/// A layer over the table. The uppermost one gets the keys.
pub enum Layer {
    /// The selected order on the whole screen.
    Detail,
    /// The filter is being typed.
    Filter,
    /// A letter chooses the column to sort by.
    Sort,
    /// A letter chooses the format to export in.
    Export(Subject),
    /// What to look for at the vendor.
    Find(Box<FindPrompt>),
    /// The columns of the table.
    Columns(Box<ColumnsForm>),
    /// The recover form; the pay form may lie over it.
    Recover(Box<RecoverForm>),
    /// The pay form.
    Pay(Box<PayForm>),
    /// The decision about a loss on baggage.
    Baggage(Box<BaggageForm>),
    /// A traveller's confirmation; it may lie over the pay form or the plan that wants it.
    Commit(Box<CommitForm>),
    /// The palette of actions.
    Palette(Box<Palette>),
    /// A line that is asked for at the foot.
    Prompt(Prompt),
    /// What happened, and how the desk is.
    Log,
    /// The keys.
    Help,
    /// The alerts, with the one that is selected.
    Alerts(Option<Cause>),
    /// What they are searched for is being typed, over them.
    Search,
    /// Leave although something is in flight?
    Quit,
}

/// How much of the screen a layer takes; most of what it means follows from that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Extent {
    /// All of it, for one order and what is done to it.
    Page,
    /// All of it below the head, for the selected order as it is.
    Detail,
    /// The middle, over the table; the line of its counts and its filter is not seen.
    Pane,
    /// A part of it, beside which the table stays in sight.
    Part,
}

impl Layer {
    fn extent(&self) -> Extent {
        match self {
            Self::Pay(_) | Self::Recover(_) | Self::Baggage(_) | Self::Commit(_) => Extent::Page,
            Self::Detail => Extent::Detail,
            Self::Palette(_) | Self::Log | Self::Help | Self::Search | Self::Alerts(_) => Extent::Pane,
            Self::Filter
            | Self::Sort
            | Self::Export(_)
            | Self::Find(_)
            | Self::Columns(_)
            | Self::Prompt(_)
            | Self::Quit => Extent::Part,
        }
    }

    /// It covers the whole screen: nothing of what lies below it is seen.
    pub fn is_opaque(&self) -> bool {
        matches!(self.extent(), Extent::Page | Extent::Detail)
    }

    /// The line above the table, with its counts and the filter, is not seen below it.
    pub fn hides_status(&self) -> bool {
        matches!(self.extent(), Extent::Page | Extent::Pane)
    }

    /// Rows must stay where they are while it is open.
    pub fn holds_rows(&self) -> bool {
        !matches!(self, Self::Detail | Self::Filter)
    }

    /// It says when its order was asked for, since somebody waits for that.
    pub fn shows_freshness(&self) -> bool {
        self.extent() == Extent::Page
    }

    /// Which keys count while it is uppermost.
    pub fn context(&self) -> Context {
        match self {
            Self::Detail => Context::Detail,
            Self::Filter => Context::Filter,
            Self::Sort => Context::Sort,
            Self::Export(_) => Context::Export,
            Self::Find(_) => Context::Find,
            Self::Columns(_) => Context::Columns,
            Self::Recover(form) => match form.asking {
                Asking::Nothing => Context::Recover,
                Asking::Regenerate | Asking::Stop => Context::Question,
                Asking::Note(_) | Asking::Decide(..) => Context::Note,
            },
            Self::Pay(form) => match (&form.phase, form.focus) {
                (Phase::DryRun(_), _) => Context::DryRun,
                (Phase::Confirming(_), _) => Context::Confirm,
                (Phase::Following(_) | Phase::NotBegun(_), _) => Context::Following,
                (Phase::Filling, Focus::Methods) => Context::Methods,
                (Phase::Filling, Focus::Field(field)) if field.is_tick() => Context::Tick,
                (Phase::Filling, Focus::Field(_)) => Context::Field,
            },
            Self::Baggage(form) if form.asking.is_some() => Context::Note,
            Self::Baggage(_) => Context::Baggage,
            Self::Commit(form) if form.is_asking => Context::Question,
            Self::Commit(_) => Context::Commit,
            Self::Palette(_) => Context::Palette,
            Self::Prompt(_) => Context::Note,
            Self::Log | Self::Help => Context::Overlay,
            Self::Alerts(_) => Context::Alerts,
            Self::Search => Context::Search,
            Self::Quit => Context::Quit,
        }
    }

    /// What keys are for while it is uppermost.
    pub fn keys_for(&self) -> KeysFor {
        let context = self.context();
        match self {
            Self::Pay(form) if context == Context::Field && is_of_digits(form.focus) => KeysFor::Digits,
            _ => context.keys_for(),
        }
    }

    /// Tab goes from field to field, as it stands between the columns of a pasted line.
    pub fn has_fields(&self) -> bool {
        Context::FORM.contains(&self.context())
    }

    /// Esc takes an error away before it leaves. Not so where Esc says no to a question, which it does at once, and
    /// where it closes something small. The table and the detail do the same, with their remarks of every kind.
    pub fn keeps_errors(&self) -> bool {
        let asks = matches!(self.context(), Context::Confirm | Context::Question | Context::Note);
        self.extent() == Extent::Page && !asks
    }

    /// In which line a remark stands that is not the layer's own, counted from below: where its screen has a rule, or
    /// nothing but hints. `None` if what lies below it says where.
    pub fn remark_line(&self) -> Option<u16> {
        match self {
            Self::Quit => None,
            _ if self.remarks_in_frame() => Some(2),
            _ => Some(REMARK_LINE),
        }
    }

    /// A remark that is not its own is set into its frame; not so below a link, which must stay whole: there it takes the
    /// place of the keys.
    pub fn remarks_in_frame(&self) -> bool {
        self.extent() == Extent::Page && !matches!(self, Self::Commit(_))
    }

    /// The order that it is a page about.
    pub fn order(&self) -> Option<OrderNo> {
        match self {
            Self::Pay(form) => Some(form.order),
            Self::Recover(form) => Some(form.order),
            Self::Baggage(form) => Some(form.order),
            Self::Commit(form) => Some(form.order),
            _ => None,
        }
    }

    /// The note or the reason that is being typed into it.
    pub fn note_mut(&mut self) -> Option<&mut Input> {
        match self {
            Self::Recover(form) => match &mut form.asking {
                Asking::Note(input) | Asking::Decide(_, input) => Some(input),
                Asking::Nothing | Asking::Regenerate | Asking::Stop => None,
            },
            Self::Baggage(form) => form.asking.as_mut(),
            Self::Find(prompt) => Some(&mut prompt.input),
            Self::Prompt(prompt) => Some(&mut prompt.input),
            _ => None,
        }
    }

    /// The program is stopped, or was: what was typed may be seen by nobody else, and nothing that was asked is
    /// answered.
    pub fn on_suspend(&mut self) {
        match self {
            Self::Pay(form) => form.on_suspend(),
            Self::Baggage(form) => form.asking = None,
            Self::Recover(form) if matches!(form.asking, Asking::Regenerate | Asking::Stop) => {
                form.asking = Asking::Nothing;
            }
            Self::Commit(form) => form.is_asking = false,
            Self::Recover(_)
            | Self::Detail
            | Self::Filter
            | Self::Sort
            | Self::Export(_)
            | Self::Palette(_)
            | Self::Prompt(_)
            | Self::Find(_)
            | Self::Columns(_)
            | Self::Log
            | Self::Help
            | Self::Alerts(_)
            | Self::Search
            | Self::Quit => {}
        }
    }
}

fn is_of_digits(focus: Focus) -> bool {
    matches!(
        focus,
        Focus::Field(
            Field::Number
                | Field::Cvv
                | Field::ExpiryMonth
                | Field::ExpiryYear
                | Field::Ceiling
                | Field::DeviceIp
        )
    )
}
