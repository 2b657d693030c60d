//! What every answer holds, whatever it answers.

use serde::Deserialize;

use crate::atlas::field::Field;

/// What every answer holds. The limiter's body has `code` instead of `status`.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(in crate::atlas) struct Envelope<'a> {
    #[serde(borrow)]
    pub(in crate::atlas) status: Field<'a>,
    pub(in crate::atlas) msg: Field<'a>,
    pub(in crate::atlas) code: Field<'a>,
    pub(in crate::atlas) message: Field<'a>,
    pub(in crate::atlas) retry_after: Field<'a>,
}
