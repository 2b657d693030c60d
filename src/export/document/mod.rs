//! The JSON documents of `orders` and `show`. Keys are the API's own words where it has one; times are RFC 3339 in UTC,
//! times at an airport are local without a zone, money carries its currency, and what is not known is `null`.

mod attempt;
mod list;
mod money;
mod show;
mod story;
mod work;

pub use self::{
    attempt::{AttemptDocument, RegenerationDocument},
    list::{OrderDocument, OrdersDocument},
    money::Money,
    show::{ShowDocument, lineage},
};
pub(super) use self::{
    story::HappeningDocument,
    work::{HandledDocument, NoteDocument, OwnerDocument, SnoozeDocument},
};
