//! When an action is possible, and if it is not, why.

/// What decides whether an action is possible.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts of one moment, not a state")]
pub struct Standing {
    /// Nothing is paid or written from here.
    pub is_read_only: bool,
    /// The data is older than it should be.
    pub is_stale: bool,
    /// Other orders than the selected one are marked.
    pub is_bulk: bool,
    /// Whether there is an order to act on.
    pub selection: Selection,
    /// Something is the matter with the baggage of that order.
    pub has_baggage: bool,
    /// Its traveller has to confirm at the airline.
    pub wants_commit: bool,
    /// There is a link for that traveller here.
    pub has_link: bool,
    /// A payment of it can only be ended by a person.
    pub has_decision: bool,
    /// Somebody presents a demo.
    pub has_narration: bool,
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

/// Whether an action is possible; if not, the key of the text that says why, and what would make it so.
pub type Possible = Result<(), &'static str>;

/// Why nothing is done that is done to one order at a time.
pub const ONE_AT_A_TIME: &str = "message.one_at_a_time";

pub(super) fn on_selection(standing: Standing) -> Possible {
    match standing.selection {
        Selection::Drawn => Ok(()),
        Selection::Left => Err("message.has_left"),
        Selection::Nothing => Err("message.none_selected"),
    }
}

/// What is never done to several orders, since it may cost money or end a payment.
pub(super) fn on_one(standing: Standing) -> Possible {
    if standing.is_bulk { Err(ONE_AT_A_TIME) } else { on_selection(standing) }
}

pub(super) fn to_pay(standing: Standing) -> Possible {
    match standing {
        Standing { is_read_only: true, .. } => Err("message.read_only"),
        Standing { is_bulk: true, .. } => Err(ONE_AT_A_TIME),
        Standing { selection: Selection::Drawn, is_stale: true, .. } => Err("message.stale"),
        _ => on_selection(standing),
    }
}

/// One order is to be one person's.
pub(super) fn to_hold(standing: Standing) -> Possible {
    if standing.is_bulk && !standing.is_read_only { Err(ONE_AT_A_TIME) } else { to_work(standing) }
}

/// Something is to be left on the order, for others.
pub(super) fn to_work(standing: Standing) -> Possible {
    if standing.is_read_only { Err("work.read_only") } else { on_selection(standing) }
}

pub(super) fn to_write(standing: Standing) -> Possible {
    if standing.is_read_only { Err("recover.read_only") } else { Ok(()) }
}

pub(super) fn on_baggage(standing: Standing) -> Possible {
    on_one(standing)?;
    if standing.has_baggage { Ok(()) } else { Err("baggage.none") }
}

pub(super) fn to_commit(standing: Standing) -> Possible {
    on_one(standing)?;
    if standing.wants_commit { Ok(()) } else { Err("not_committed.not_wanted") }
}

pub(super) fn to_copy_link(standing: Standing) -> Possible {
    if standing.has_link { Ok(()) } else { Err("commit.no_link_here") }
}

pub(super) fn to_decide(standing: Standing) -> Possible {
    to_write(standing)?;
    if standing.has_decision { Ok(()) } else { Err("recover.nothing_to_decide") }
}

pub(super) fn to_narrate(standing: Standing) -> Possible {
    if standing.has_narration { Ok(()) } else { Err("message.no_narration") }
}
