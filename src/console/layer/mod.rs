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

use tui_input::Input;

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
use super::{action::Context, export::Subject};
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

/// What keys are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeysFor {
    /// Characters are text as they are.
    Text,
    /// Digits, which mean the same in full width: card, date, ceiling, address of a device.
    Digits,
    /// The amount of a confirmation: digits are text, Enter answers.
    Amount,
    /// Any key answers.
    Question,
    /// Keys do things.
    Command,
}

impl Layer {
    /// It covers the whole screen: nothing of what lies below it is seen.
    pub fn is_opaque(&self) -> bool {
        match self {
            Self::Detail | Self::Recover(_) | Self::Pay(_) | Self::Baggage(_) | Self::Commit(_) => true,
            Self::Filter
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
            | Self::Quit => false,
        }
    }

    /// The line above the table, with its counts and the filter, is not seen below it.
    pub fn hides_status(&self) -> bool {
        match self {
            Self::Recover(_)
            | Self::Pay(_)
            | Self::Baggage(_)
            | Self::Commit(_)
            | Self::Log
            | Self::Help
            | Self::Search
            | Self::Palette(_)
            | Self::Alerts(_) => true,
            Self::Detail
            | Self::Filter
            | Self::Sort
            | Self::Export(_)
            | Self::Find(_)
            | Self::Columns(_)
            | Self::Prompt(_)
            | Self::Quit => false,
        }
    }

    /// Rows must stay where they are while it is open.
    pub fn holds_rows(&self) -> bool {
        match self {
            Self::Detail | Self::Filter => false,
            Self::Sort
            | Self::Export(_)
            | Self::Find(_)
            | Self::Columns(_)
            | Self::Recover(_)
            | Self::Pay(_)
            | Self::Baggage(_)
            | Self::Commit(_)
            | Self::Palette(_)
            | Self::Prompt(_)
            | Self::Log
            | Self::Help
            | Self::Alerts(_)
            | Self::Search
            | Self::Quit => true,
        }
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
        match self {
            Self::Filter | Self::Prompt(_) | Self::Find(_) | Self::Palette(_) | Self::Search => KeysFor::Text,
            Self::Pay(form) => match (&form.phase, form.focus) {
                (Phase::Confirming(_), _) => KeysFor::Amount,
                (Phase::Filling, Focus::Field(field)) if field.is_tick() => KeysFor::Command,
                (Phase::Filling, Focus::Field(field)) if is_of_digits(field) => KeysFor::Digits,
                (Phase::Filling, Focus::Field(_)) => KeysFor::Text,
                (Phase::Filling, Focus::Methods)
                | (Phase::DryRun(_) | Phase::Following(_) | Phase::NotBegun(_), _) => KeysFor::Command,
            },
            Self::Recover(form) => match form.asking {
                Asking::Nothing => KeysFor::Command,
                Asking::Regenerate | Asking::Stop => KeysFor::Question,
                Asking::Note(_) | Asking::Decide(..) => KeysFor::Text,
            },
            Self::Baggage(form) if form.asking.is_some() => KeysFor::Text,
            Self::Commit(form) if form.is_asking => KeysFor::Question,
            Self::Quit => KeysFor::Question,
            Self::Baggage(_)
            | Self::Commit(_)
            | Self::Detail
            | Self::Sort
            | Self::Export(_)
            | Self::Columns(_)
            | Self::Log
            | Self::Help
            | Self::Alerts(_) => KeysFor::Command,
        }
    }

    /// It says when its order was asked for, since somebody waits for that.
    pub fn shows_freshness(&self) -> bool {
        match self {
            Self::Pay(_) | Self::Recover(_) | Self::Baggage(_) | Self::Commit(_) => true,
            Self::Detail
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
            | Self::Quit => false,
        }
    }

    /// Tab goes from field to field, as it stands between the columns of a pasted line.
    pub fn has_fields(&self) -> bool {
        match self {
            Self::Pay(form) => matches!(form.phase, Phase::Filling),
            Self::Detail
            | Self::Filter
            | Self::Sort
            | Self::Export(_)
            | Self::Find(_)
            | Self::Columns(_)
            | Self::Recover(_)
            | Self::Baggage(_)
            | Self::Commit(_)
            | Self::Palette(_)
            | Self::Prompt(_)
            | Self::Log
            | Self::Help
            | Self::Alerts(_)
            | Self::Search
            | Self::Quit => false,
        }
    }

    /// Esc takes an error away before it leaves. Not so where Esc says no to a question, which it does at once, and
    /// where it closes something small. The table and the detail do the same, with their remarks of every kind.
    pub fn keeps_errors(&self) -> bool {
        match self {
            Self::Pay(form) => !matches!(form.phase, Phase::Confirming(_)),
            Self::Recover(form) => matches!(form.asking, Asking::Nothing),
            Self::Baggage(form) => form.asking.is_none(),
            Self::Commit(form) => !form.is_asking,
            Self::Detail
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
            | Self::Quit => false,
        }
    }

    /// In which line a remark stands that is not the layer's own, counted from below: where its screen has a rule, or
    /// nothing but hints. `None` if what lies below it says where.
    pub fn remark_line(&self) -> Option<u16> {
        match self {
            // In its frame; below a link, which must stay whole, in the place of the keys.
            Self::Pay(_) | Self::Recover(_) | Self::Baggage(_) => Some(2),
            Self::Commit(_) | Self::Prompt(_) => Some(1),
            Self::Detail
            | Self::Filter
            | Self::Sort
            | Self::Export(_)
            | Self::Palette(_)
            | Self::Find(_)
            | Self::Columns(_)
            | Self::Log
            | Self::Help
            | Self::Search
            | Self::Alerts(_) => Some(REMARK_LINE),
            Self::Quit => None,
        }
    }

    /// A remark that is not its own is set into its frame.
    pub fn remarks_in_frame(&self) -> bool {
        matches!(self, Self::Pay(_) | Self::Recover(_) | Self::Baggage(_))
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

fn is_of_digits(field: Field) -> bool {
    matches!(
        field,
        Field::Number
            | Field::Cvv
            | Field::ExpiryMonth
            | Field::ExpiryYear
            | Field::Ceiling
            | Field::DeviceIp
    )
}

/// The layers over the table, from the lowest.
#[derive(Default)]
pub struct Layers(Vec<Layer>);

impl Layers {
    /// The uppermost one.
    pub fn top(&self) -> Option<&Layer> {
        self.0.last()
    }

    /// The uppermost one, to be changed.
    pub fn top_mut(&mut self) -> Option<&mut Layer> {
        self.0.last_mut()
    }

    /// Lays one over the others.
    pub fn push(&mut self, layer: Layer) {
        self.0.push(layer);
    }

    /// Takes the uppermost one away.
    pub fn pop(&mut self) -> Option<Layer> {
        self.0.pop()
    }

    /// True while only the table is there.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// From the lowest to the uppermost.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Layer> {
        self.0.iter()
    }

    /// The same, to be changed.
    pub fn iter_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut Layer> {
        self.0.iter_mut()
    }

    /// What is painted, from below: the last opaque layer and what lies over it. The table is painted when none is
    /// opaque, which the first part says.
    pub fn painted(&self) -> (bool, &[Layer]) {
        let lowest = self.0.iter().rposition(Layer::is_opaque);
        (lowest.is_none(), self.0.get(lowest.unwrap_or(0)..).unwrap_or_default())
    }

    /// Which keys count.
    pub fn context(&self) -> Context {
        self.top().map_or(Context::Table, Layer::context)
    }

    /// Which keys count, or would without the palette.
    pub fn below_palette(&self) -> Context {
        let below = self.0.iter().rev().find(|layer| !matches!(layer, Layer::Palette(_)));
        below.map_or(Context::Table, Layer::context)
    }

    /// What keys are for.
    pub fn keys_for(&self) -> KeysFor {
        self.top().map_or(KeysFor::Command, Layer::keys_for)
    }

    /// True while rows must stay where they are.
    pub fn hold_rows(&self) -> bool {
        self.0.iter().any(Layer::holds_rows)
    }

    /// In which line a remark stands, counted from below.
    pub fn remark_line(&self) -> u16 {
        self.0.iter().rev().find_map(Layer::remark_line).unwrap_or(REMARK_LINE)
    }

    /// True while it is asked whether to leave.
    pub fn ask_to_quit(&self) -> bool {
        self.0.iter().any(|layer| matches!(layer, Layer::Quit))
    }

    /// True while the selected order has the whole screen of the table.
    pub fn show_detail(&self) -> bool {
        self.0.iter().any(|layer| matches!(layer, Layer::Detail))
    }

    /// From the selected order on the whole screen back to the table.
    pub fn close_detail(&mut self) {
        self.0.retain(|layer| !matches!(layer, Layer::Detail));
    }

    /// The pay form, if one is open.
    pub fn form(&self) -> Option<&PayForm> {
        self.0.iter().find_map(|layer| if let Layer::Pay(form) = layer { Some(&**form) } else { None })
    }

    /// The pay form, to be changed.
    pub fn form_mut(&mut self) -> Option<&mut PayForm> {
        self.0
            .iter_mut()
            .find_map(|layer| if let Layer::Pay(form) = layer { Some(&mut **form) } else { None })
    }

    /// The recover form, if one is open.
    pub fn recover(&self) -> Option<&RecoverForm> {
        self.0.iter().find_map(|layer| if let Layer::Recover(form) = layer { Some(&**form) } else { None })
    }

    /// The recover form, to be changed.
    pub fn recover_mut(&mut self) -> Option<&mut RecoverForm> {
        self.0
            .iter_mut()
            .find_map(|layer| if let Layer::Recover(form) = layer { Some(&mut **form) } else { None })
    }

    /// The decision about baggage, if it is open.
    pub fn baggage(&self) -> Option<&BaggageForm> {
        self.0.iter().find_map(|layer| if let Layer::Baggage(form) = layer { Some(&**form) } else { None })
    }

    /// The same, to be changed.
    pub fn baggage_mut(&mut self) -> Option<&mut BaggageForm> {
        self.0
            .iter_mut()
            .find_map(|layer| if let Layer::Baggage(form) = layer { Some(&mut **form) } else { None })
    }

    /// The order that the uppermost page is about, if there is one.
    pub fn order(&self) -> Option<OrderNo> {
        self.0.iter().rev().find_map(|layer| match layer {
            Layer::Pay(form) => Some(form.order),
            Layer::Recover(form) => Some(form.order),
            Layer::Baggage(form) => Some(form.order),
            Layer::Commit(form) => Some(form.order),
            Layer::Detail
            | Layer::Filter
            | Layer::Sort
            | Layer::Export(_)
            | Layer::Find(_)
            | Layer::Columns(_)
            | Layer::Prompt(_)
            | Layer::Palette(_)
            | Layer::Log
            | Layer::Help
            | Layer::Search
            | Layer::Alerts(_)
            | Layer::Quit => None,
        })
    }

    /// The palette, if it is open.
    pub fn palette_mut(&mut self) -> Option<&mut Palette> {
        self.0
            .iter_mut()
            .find_map(|layer| if let Layer::Palette(palette) = layer { Some(&mut **palette) } else { None })
    }

    /// The layer of a traveller's confirmation, if one is open.
    pub fn commit(&self) -> Option<&CommitForm> {
        self.0.iter().find_map(|layer| if let Layer::Commit(form) = layer { Some(&**form) } else { None })
    }

    /// The same, to be changed.
    pub fn commit_mut(&mut self) -> Option<&mut CommitForm> {
        self.0
            .iter_mut()
            .find_map(|layer| if let Layer::Commit(form) = layer { Some(&mut **form) } else { None })
    }

    /// Opens the layer of a confirmation over everything, in the place of one that is open.
    pub fn open_commit(&mut self, form: CommitForm) {
        self.0.retain(|layer| !matches!(layer, Layer::Commit(_)));
        self.0.push(Layer::Commit(Box::new(form)));
    }

    /// Opens a recover form over everything, in the place of one that is open.
    pub fn open_recover(&mut self, form: RecoverForm) {
        self.0.retain(|layer| !matches!(layer, Layer::Recover(_)));
        self.0.push(Layer::Recover(Box::new(form)));
    }

    /// The note or the reason that is being typed into the uppermost layer.
    pub fn note_mut(&mut self) -> Option<&mut Input> {
        match self.top_mut()? {
            Layer::Recover(form) => match &mut form.asking {
                Asking::Note(input) | Asking::Decide(_, input) => Some(input),
                Asking::Nothing | Asking::Regenerate | Asking::Stop => None,
            },
            Layer::Baggage(form) => form.asking.as_mut(),
            Layer::Find(prompt) => Some(&mut prompt.input),
            Layer::Prompt(prompt) => Some(&mut prompt.input),
            Layer::Columns(_)
            | Layer::Detail
            | Layer::Filter
            | Layer::Sort
            | Layer::Export(_)
            | Layer::Pay(_)
            | Layer::Commit(_)
            | Layer::Palette(_)
            | Layer::Log
            | Layer::Help
            | Layer::Alerts(_)
            | Layer::Search
            | Layer::Quit => None,
        }
    }
}
