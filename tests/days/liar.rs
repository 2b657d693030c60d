//! A vendor that lies: rows of its list, a single answer about an order, and the dates of its answers.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use paydesk::domain::order::{Order, OrderNo, OrderStatus, TicketingError};

/// How the dates of answers are wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dates {
    /// They are right.
    Honest,
    /// One in four comes from a cache that does not say so, or is dated by chance.
    Strays,
    /// One in three comes from a machine whose clock is ahead.
    OneBadNode,
    /// They jump, and jump back later.
    Jump(Duration, Duration),
    /// They are a whole time zone off, all day long.
    Zone(SignedDuration),
}

/// What the vendor lies about on one day.
#[derive(Debug)]
pub(crate) struct Liar {
    /// One row in three of the list says something else.
    pub(crate) rows: bool,
    /// One answer about each order says something else.
    pub(crate) answers: bool,
    pub(crate) dates: Dates,
    /// Orders that were lied about in an answer.
    lied_about: BTreeSet<OrderNo>,
    /// What each order's last row of the list said.
    pub(crate) listed: BTreeMap<OrderNo, OrderStatus>,
}

const AHEAD: SignedDuration = SignedDuration::from_mins(40);

const STATUSES: [OrderStatus; 5] = [
    OrderStatus::Unpaid,
    OrderStatus::Ticketing,
    OrderStatus::Ticketed,
    OrderStatus::Cancelled,
    OrderStatus::Cancelled,
];

impl Liar {
    pub(crate) fn honest() -> Self {
        Self {
            rows: false,
            answers: false,
            dates: Dates::Honest,
            lied_about: BTreeSet::new(),
            listed: BTreeMap::new(),
        }
    }

    /// What a day has: half of them know no lies of one kind or the other.
    pub(crate) fn of(random: &mut fastrand::Rng) -> Self {
        let jump = Duration::from_secs(random.u64(60..200));
        let dates = match random.u8(..10) {
            0 => Dates::Strays,
            1 => Dates::OneBadNode,
            2 => Dates::Jump(jump, jump + Duration::from_secs(random.u64(20..250))),
            3 => Dates::Zone(SignedDuration::from_hours(8)),
            4 => Dates::Zone(SignedDuration::from_hours(-8)),
            _ => Dates::Honest,
        };
        Self { rows: random.bool(), answers: random.bool(), dates, ..Self::honest() }
    }

    /// A row of the list as it is given.
    pub(crate) fn row(&mut self, random: &mut fastrand::Rng, stormy: bool, order: Order) -> Order {
        let order = if stormy && self.rows && random.u8(..3) == 0 { falsified(random, order) } else { order };
        self.listed.insert(order.no, order.status);
        order
    }

    /// An answer as it is given. Nobody can distinguish a vendor that lies twice running from the truth.
    pub(crate) fn answer(&mut self, random: &mut fastrand::Rng, order: Order) -> Order {
        let lies = self.answers && random.u8(..6) == 0 && self.lied_about.insert(order.no);
        if lies { falsified(random, order) } else { order }
    }

    /// How far the date of an answer at `now` is off.
    pub(crate) fn date_is_off(
        &self,
        random: &mut fastrand::Rng,
        stormy: bool,
        now: Duration,
    ) -> SignedDuration {
        match &self.dates {
            Dates::Zone(off) => *off,
            Dates::Strays if stormy && random.u8(..4) == 0 => {
                SignedDuration::from_secs(random.i64(-4_000..4_000))
            }
            Dates::OneBadNode if stormy && random.u8(..3) == 0 => AHEAD,
            Dates::Jump(from, to) if (*from..*to).contains(&now) => AHEAD,
            _ => SignedDuration::ZERO,
        }
    }
}

fn falsified(random: &mut fastrand::Rng, order: Order) -> Order {
    let status = random.choice(STATUSES).filter(|status| *status != order.status);
    let error = TicketingError { code: "604".into(), message: None }.into();
    Order {
        ticketing_error: Some(error).filter(|_| status == Some(OrderStatus::Cancelled) && random.bool()),
        paid_at: order.paid_at.or(order.created).filter(|_: &Timestamp| random.bool()),
        status: status.unwrap_or(order.status),
        ..order
    }
}
