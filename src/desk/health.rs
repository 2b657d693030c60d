//! The desk's own health, and what it says once to everybody.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::{
    atlas::ReadError,
    domain::{moment::Now, notification::Refusal, order::OrderNo, vendor_clock::Trust},
};

/// How well the desk sees.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Health {
    /// The journal is still being looked through and read: what is shown is a page of memory, and nothing is begun.
    pub is_reading: bool,
    /// When the last answer came that could be read.
    pub last_success: Option<Timestamp>,
    /// When the last full sweep of the list ended.
    pub last_sweep: Option<Timestamp>,
    /// So long may data be old before it is called stale: twice the interval of the sweeps.
    pub stale_after: SignedDuration,
    /// Requests in the last minute.
    pub requests_last_minute: u32,
    /// Requests allowed in a minute.
    pub budget_per_minute: u32,
    /// Failed requests since the last success.
    pub failures: u32,
    /// What went wrong last, until something succeeds again.
    pub error: Option<ReadError>,
    /// The vendor's limiter asked for silence until then.
    pub silent_until: Option<Timestamp>,
    /// The vendor's clock minus ours, from the dates of its answers; 0 while below 2 s.
    pub clock_offset: SignedDuration,
    /// How well the vendor's clock is known.
    pub clock: Trust,
    /// Queries that are due and not yet answered (how much of the picture is still missing).
    pub pending: usize,
    /// When each order whose payment is in doubt is asked for next, by the vendor's clock.
    pub next_queries: BTreeMap<OrderNo, Timestamp>,
    /// Unpaid orders whose price and deadline are still to come.
    pub unpriced: usize,
    /// Payments that are being carried out just now.
    pub in_flight: usize,
    /// Paying is off, and why (journal not writable …). Once off it stays off until the program is started again.
    pub paying_off: Option<String>,
    /// Outcomes that the journal did not take: they are in its reserve, if that took them, and on the screen.
    pub unwritten: usize,
    /// When the vendor's last notification came, if a receiver runs.
    pub last_notification: Option<Timestamp>,
    /// Calls that the listener refused since the start.
    pub calls_refused: u64,
    /// When the last one was, and why.
    pub call_refused: Option<(Timestamp, Refusal)>,
}

impl Health {
    /// The time by all clocks at hand, when this machine's own says `wall`.
    pub fn at(&self, wall: Timestamp) -> Now {
        Now { at: wall + self.clock_offset, wall, settled: self.clock == Trust::Settled }
    }
}

/// Something that the desk says once, of interest to every listener. What concerns one command alone is its reply.
#[derive(Clone, Debug, PartialEq)]
pub enum Notice {
    /// A query that nobody waits for was refused or found nothing: the order is left alone for a while.
    HeldBack {
        /// The order.
        order: OrderNo,
        /// Why.
        error: ReadError,
        /// When it is asked for again, by our clock.
        again_at: Timestamp,
    },
    /// The list of orders has no sensible end; sweeps stop at this page.
    OddList {
        /// The page.
        page: u32,
        /// In which way.
        odd: Odd,
    },
}

/// How a list has no sensible end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Odd {
    /// A full page showed nothing that the same sweep had not shown before: the page that was asked for is ignored.
    Repeats,
    /// Page after page, more than any desk can have made orders.
    Endless,
}
