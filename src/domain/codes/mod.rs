//! Every status code of the API as data (`assets/codes.toml`): what it means, what it does, what to do next. No other place
//! knows a number of the vendor's.

mod row;
mod table;

pub use self::{
    row::{
        AfterPay, AfterRegenerate, Baggage, Both, CardWear, Family, Making, Mends, Outcome, Pay, Regenerate,
        Ticketing, Words,
    },
    table::{numbers, pay, regenerate, ticketing, words},
};
