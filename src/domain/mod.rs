//! The rules: plain functions over plain data. No clock, network, disk or terminal in here; the time is an argument.

pub mod amount;
pub mod attempt;
pub mod billing;
pub mod card;
pub mod card_check;
pub mod card_input;
pub mod codes;
pub mod draft;
pub mod lineage;
pub mod mask;
pub mod method;
pub mod moment;
pub mod money;
pub mod notice;
pub mod order;
pub mod payable;
pub mod payment;
pub mod recovery;
pub mod refusals;
pub mod regeneration;
pub mod spelling;
pub mod story;
pub mod subject;
pub mod text;
pub mod urgency;
pub mod vendor_clock;
