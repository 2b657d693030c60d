//! The layers over the table, one upon the other: the uppermost one gets the keys, and it decides what is painted.

use tui_input::Input;

use super::{
    Layer, REMARK_LINE, baggage::BaggageForm, commit::CommitForm, palette::Palette, pay::PayForm,
    recover::RecoverForm,
};
use crate::{
    console::action::{Context, KeysFor},
    domain::order::OrderNo,
};

/// Two methods that find the form of one kind of layer: to be read, and to be changed.
macro_rules! form_of {
    ($what:literal, $read:ident, $change:ident, $layer:ident, $form:ty) => {
        #[doc = concat!($what, ", if it is open.")]
        pub fn $read(&self) -> Option<&$form> {
            self.0.iter().find_map(|layer| if let Layer::$layer(form) = layer { Some(&**form) } else { None })
        }

        #[doc = concat!($what, ", to be changed.")]
        pub fn $change(&mut self) -> Option<&mut $form> {
            self.0
                .iter_mut()
                .find_map(|layer| if let Layer::$layer(form) = layer { Some(&mut **form) } else { None })
        }
    };
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

    form_of!("The pay form", form, form_mut, Pay, PayForm);
    form_of!("The recover form", recover, recover_mut, Recover, RecoverForm);
    form_of!("The decision about baggage", baggage, baggage_mut, Baggage, BaggageForm);
    form_of!("The layer of a traveller's confirmation", commit, commit_mut, Commit, CommitForm);

    /// The palette, to be changed, if it is open.
    pub fn palette_mut(&mut self) -> Option<&mut Palette> {
        self.0
            .iter_mut()
            .find_map(|layer| if let Layer::Palette(palette) = layer { Some(&mut **palette) } else { None })
    }

    /// The order that the uppermost page is about, if there is one.
    pub fn order(&self) -> Option<OrderNo> {
        self.0.iter().rev().find_map(Layer::order)
    }

    /// The order of the alert that is selected in the list of them, while that is looked at.
    pub fn alerted(&self) -> Option<OrderNo> {
        if let Layer::Alerts(cause) = self.top()? { (*cause)?.order() } else { None }
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
        self.top_mut()?.note_mut()
    }
}
