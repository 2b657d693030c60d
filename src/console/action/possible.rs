//! When an action is possible, and if it is not, why.

/// What decides whether an action is possible.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Nothing is paid or written from here.
    pub is_read_only: bool,
    /// The data is older than it should be.
    pub is_stale: bool,
    /// Whether there is an order to act on.
    pub selection: Selection,
}

/// Whether there is an order to act on: what is not drawn is not acted on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Selection {
    /// None is shown.
    #[default]
    Nothing,
    /// The one that was selected has left the rows that are shown, and nobody has seen which one is selected now.
    Left,
    /// One is selected, and on the screen.
    Drawn,
}

/// Whether an action is possible; if not, the key of the text that says why.
pub type Possible = Result<(), &'static str>;

pub(super) fn on_selection(standing: Standing) -> Possible {
    match standing.selection {
        Selection::Drawn => Ok(()),
        Selection::Left => Err("message.has_left"),
        Selection::Nothing => Err("detail.none"),
    }
}

pub(super) fn to_pay(standing: Standing) -> Possible {
    match standing {
        Standing { is_read_only: true, .. } => Err("message.read_only"),
        Standing { selection: Selection::Drawn, is_stale: true, .. } => Err("message.stale"),
        _ => on_selection(standing),
    }
}

/// Something is to be left on the order, for others.
pub(super) fn to_work(standing: Standing) -> Possible {
    if standing.is_read_only { Err("work.read_only") } else { on_selection(standing) }
}

pub(super) fn to_write(standing: Standing) -> Possible {
    if standing.is_read_only { Err("recover.read_only") } else { Ok(()) }
}
