//! Orders of which no payment is followed: each is asked for while it is on screen, until price and deadline are known,
//! and once more when the deadline has run out. Pure; the time is an argument.

use std::{collections::HashSet, time::Duration};

use jiff::Timestamp;

use super::queue::{Lane, Nearness};
use crate::domain::{
    case::Case,
    freshness::Freshness,
    order::{OrderNo, OrderStatus},
};

/// An order that somebody looks at is asked again after so long.
pub(super) const SELECTED_GAP: Duration = Duration::from_secs(20);

/// An order whose deadline is not understood is asked again after so long: the answer may be better.
const UNDATED_GAP: Duration = Duration::from_secs(120);

/// An order that was handled, and so is on no screen, is asked again after so long: its cause may still be there.
const HANDLED_GAP: Duration = Duration::from_secs(120);

/// An order in ticketing that is too old for every sweep is asked for so often: somebody looked for it.
const UNSWEPT_GAP: Duration = Duration::from_secs(120);

/// The orders on screen. Times are uptimes.
#[derive(Debug, Default)]
pub(super) struct Watched {
    orders: HashSet<OrderNo>,
    selected: Option<OrderNo>,
}

impl Watched {
    /// These are on screen; the first is the selected one. Returns those that came or went.
    pub(super) fn set(&mut self, orders: &[OrderNo]) -> Vec<OrderNo> {
        let watched: HashSet<_> = orders.iter().copied().collect();
        let selected = orders.first().copied();
        let mut touched: Vec<_> = watched.symmetric_difference(&self.orders).copied().collect();
        if selected != self.selected {
            touched.extend(selected);
        }
        self.orders = watched;
        self.selected = selected;
        touched
    }

    /// In which lane the order is asked for next, and when, if it is. `remembered` is the deadline that was known of it
    /// before the program began; `is_swept` is false for an order that is too old for every sweep.
    pub(super) fn next(
        &self,
        case: &Case,
        fresh: Option<Freshness>,
        (remembered, is_swept): (Option<Timestamp>, bool),
        now: Timestamp,
        uptime: Duration,
    ) -> Option<(Lane, Duration)> {
        let order = &case.order;
        let selected = self.selected == Some(order.no);
        let is_unswept_ticketing = !is_swept && order.status == OrderStatus::Ticketing;
        let (Some(details), Some(fresh)) = (&order.details, fresh) else {
            if order.status == OrderStatus::Unpaid {
                let end = remembered.or(order.likely_deadline()).filter(|_| !selected);
                return Some((Lane::Unpriced(Nearness::of(end, now)), uptime));
            }
            let is_odd = case.attempt_state().is_some_and(|state| !state.fits(order.status));
            let wanted = is_odd || self.orders.contains(&order.no) || is_unswept_ticketing;
            return wanted.then_some((if selected { Lane::InFlight } else { Lane::Details }, uptime));
        };
        let age = uptime.saturating_sub(fresh.up);
        let is_moving = matches!(order.status, OrderStatus::Unpaid | OrderStatus::Ticketing);
        if selected && is_moving {
            return Some((Lane::InFlight, uptime + SELECTED_GAP.saturating_sub(age)));
        }
        // What becomes of it no list will say.
        if is_unswept_ticketing {
            return Some((Lane::Details, uptime + UNSWEPT_GAP.saturating_sub(age)));
        }
        if order.is_undated() {
            return Some((Lane::Details, uptime + UNDATED_GAP.saturating_sub(age)));
        }
        if let Some(handled) = case.work().handled.as_ref().filter(|handled| !handled.is_checked) {
            let since = Duration::try_from(now.duration_since(handled.at)).unwrap_or_default();
            return Some((Lane::Details, uptime + HANDLED_GAP.saturating_sub(since)));
        }
        // Asked once more when the deadline has run out.
        let outdated =
            details.deadline.filter(|at| order.status == OrderStatus::Unpaid && fresh.asked_at < *at);
        outdated.map(|deadline| {
            let left = Duration::try_from(deadline.duration_since(now)).unwrap_or_default();
            (Lane::Details, uptime + left + Duration::from_secs(1))
        })
    }
}
