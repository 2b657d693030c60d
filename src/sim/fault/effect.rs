//! What faults do.

use serde::Serialize;

use crate::sim::order::Fate;

/// What a fault does.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(tag = "fault", rename_all = "kebab-case")]
pub(in crate::sim) enum Effect {
    /// The business failure of a code.
    Status { status: i64 },
    /// How ticketing will end.
    Ticketing { code: Fate },
    /// A change of the airline's mood: the fare of a regenerated or verified order, in thousandths of the old.
    Price { permille: i64 },
    /// Whatever happens on the wire.
    #[serde(untagged)]
    Wire(Wire),
}

impl Effect {
    /// True when it comes before anything is known of a request.
    pub(super) fn is_blind(self) -> bool {
        matches!(self, Self::Wire(Wire::Refuse { .. } | Wire::Reset { bytes: Some(_) }))
    }

    /// True when there must be an answer that it can spoil.
    pub(super) fn needs_an_answer(self) -> bool {
        matches!(
            self,
            Self::Wire(
                Wire::Cut { .. }
                    | Wire::Slow { .. }
                    | Wire::Types
                    | Wire::Nulls
                    | Wire::Unknown
                    | Wire::Extra
            )
        )
    }
}

/// What happens to the answer, or instead of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "fault", rename_all = "kebab-case")]
pub(in crate::sim) enum Wire {
    /// Nobody listens for so many seconds of the wall. The control API does not either.
    Refuse { seconds: u64 },
    /// The connection is reset: once so many bytes of the request have come, or instead of the answer.
    Reset {
        #[serde(skip_serializing_if = "Option::is_none")]
        bytes: Option<usize>,
    },
    /// The answer, head and all, ends after so many bytes, and with it the connection.
    Cut { bytes: usize },
    /// The answer comes at so many bytes a second.
    Slow { bytes: usize },
    /// No answer for so many seconds of the wall.
    Hang { seconds: u64 },
    /// A page for people, with an HTTP status.
    Html { status: u16 },
    /// An HTTP status and no body.
    Http { status: u16 },
    /// The documented answer to too many requests.
    Limit { seconds: u64 },
    /// A compressed answer that is so many mebibytes long when unpacked.
    GzipBomb { mebibytes: usize },
    /// Texts for numbers, numbers for texts, objects for lists.
    Types,
    /// Every business field is null.
    Nulls,
    /// States, methods and codes that no document names.
    Unknown,
    /// Keys that no document names.
    Extra,
}

impl Wire {
    /// True when nothing of the vendor's own answer arrives.
    pub(in crate::sim) fn replaces_the_answer(self) -> bool {
        matches!(
            self,
            Self::Reset { .. }
                | Self::Html { .. }
                | Self::Http { .. }
                | Self::Limit { .. }
                | Self::GzipBomb { .. }
        )
    }
}
