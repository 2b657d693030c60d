//! The rules: plain functions over plain data. No clock, network, disk or terminal in here; the time is an argument.

pub mod attempt;
pub mod billing;
pub mod card;
pub mod card_check;
pub mod codes;
pub mod draft;
pub mod method;
pub mod money;
pub mod order;
pub mod payable;
pub mod payment;
pub mod story;
pub mod text;
pub mod urgency;
