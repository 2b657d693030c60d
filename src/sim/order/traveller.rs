//! Who travels, and who asked for it.

use jiff::civil;

/// Passenger types, by their number on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sim) enum Kind {
    Adult = 0,
    Child = 1,
    Infant = 2,
}

/// A passenger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sim) struct Traveller {
    /// `FAMILY/GIVEN`.
    pub name: String,
    pub kind: Kind,
    pub birthday: Option<civil::Date>,
    pub female: bool,
    pub document: Option<Document>,
    pub nationality: Option<String>,
}

/// A travel document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sim) struct Document {
    /// `PP` passport, `GA`, `TW`, `TB`, `HY`.
    pub kind: String,
    pub number: String,
    pub expires: Option<civil::Date>,
    pub issued_in: Option<String>,
}

/// Who asked for the order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sim) struct Contact {
    pub name: String,
    pub email: Option<String>,
    /// `XXXX-XXXXXXXX`.
    pub mobile: Option<String>,
}
