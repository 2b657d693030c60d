//! The desk: the one background task. It owns what is believed about orders, the polling schedule, the request budget
//! and every payment in flight; nothing else talks to the API.

pub mod case;
pub mod handle;
pub mod health;
