//! Payments that are followed: how soon each order is asked for again. Pure; the time is an argument.

use std::{collections::HashMap, time::Duration};

use super::{
    gap::{nth, spread},
    hints::HINT_GAP,
    queue::Lane,
};
use crate::domain::{
    attempt::{QUARANTINE, State},
    baggage::trouble::Standing,
    case::Case,
    codes::Baggage,
    order::{OrderNo, OrderStatus},
    stop::WORKS_FOR,
};

/// Seconds between the queries that resolve a doubt; the last one repeats.
pub(super) const DOUBT_GAPS: [u64; 6] = [2, 3, 5, 10, 20, 60];

/// Seconds between the queries that follow a payment; then 30 s to 10 min.
pub(super) const FOLLOW_GAPS: [u64; 7] = [2, 3, 5, 8, 13, 20, 30];

/// The same after ten minutes, and after an hour.
pub(super) const LATE_FOLLOW_GAPS: [u64; 2] = [60, 300];

/// Seconds between the queries of an order that was paid and is cancelled, since one answer may be wrong.
const CANCELLED_GAPS: [u64; 4] = [20, 40, 120, 300];

/// How often an order was asked for in the phase it is in.
#[derive(Clone, Copy, Debug)]
struct Track {
    phase: Lane,
    since: Duration,
    asked: usize,
    last: Duration,
    /// The gap to the next query, once it was drawn: plans that are made anew on the way keep to it.
    drawn: Option<Duration>,
}

impl Track {
    /// Seconds from the last query to the next.
    fn gap(self) -> u64 {
        match self.phase {
            Lane::Doubt => nth(&DOUBT_GAPS, self.asked),
            Lane::Details => nth(&CANCELLED_GAPS, self.asked),
            _ => match self.last.saturating_sub(self.since).as_secs() {
                0..600 => nth(&FOLLOW_GAPS, self.asked),
                600..3_600 => LATE_FOLLOW_GAPS[0],
                _ => LATE_FOLLOW_GAPS[1],
            },
        }
    }
}

/// With how many queries a payment is followed that takes so long until it is ticketed; the one that shows that is the last.
pub(super) fn queries_within(lasts: Duration) -> u32 {
    let mut track =
        Track { phase: Lane::InFlight, since: Duration::ZERO, asked: 0, last: Duration::ZERO, drawn: None };
    let mut queries = 0;
    while track.last < lasts {
        track.last += Duration::from_secs(track.gap());
        track.asked += 1;
        queries += 1;
    }
    queries
}

/// The orders whose payments are followed. Times are uptimes.
#[derive(Debug, Default)]
pub(super) struct Followed(HashMap<OrderNo, Track>);

impl Followed {
    /// In which lane the order is asked for next, and when; `None` if no payment of it is followed.
    pub(super) fn next(
        &mut self,
        case: &Case,
        uptime: Duration,
        random: &mut fastrand::Rng,
    ) -> Option<(Lane, Duration)> {
        let order = case.order.no;
        let Some(phase) = self.phase(case) else {
            self.0.remove(&order);
            return None;
        };
        let fresh = Track { phase, since: uptime, asked: 0, last: uptime, drawn: None };
        let track = self.0.entry(order).or_insert(fresh);
        if track.phase != phase {
            *track = fresh;
        }
        let gap = track.gap();
        let next = track.last + *track.drawn.get_or_insert_with(|| spread(gap, random));
        // The first answer after the quarantine may be the one that ends a doubt.
        let sent = case.attempt().and_then(|attempt| attempt.sent);
        let ends = sent.map(|sent| sent.up + QUARANTINE.unsigned_abs());
        let ends = ends.filter(|_| phase == Lane::Doubt);
        // So may the one that comes when a stop has had its time.
        let stop = case.lineage.stop(order).filter(|stop| stop.state.may_work());
        let stopped = stop.map(|stop| stop.sent.up + WORKS_FOR.unsigned_abs());
        let turns = [ends, stopped].into_iter().flatten().filter(|turn| track.last < *turn);
        Some((phase, turns.fold(next, Duration::min)))
    }

    /// The orders of which it is asked what became of a payment.
    pub(super) fn in_doubt(&self) -> impl Iterator<Item = OrderNo> {
        self.0.iter().filter(|(_, track)| track.phase == Lane::Doubt).map(|(order, _)| *order)
    }

    fn phase(&self, case: &Case) -> Option<Lane> {
        let baggage = case.baggage().filter(|trouble| trouble.what == Baggage::Loss);
        if let Some(trouble) = baggage
            && !case.attempt_state().is_some_and(State::is_doubtful)
        {
            // Ticketing is suspended for half an hour. Whether an acceptance took effect, only these answers tell.
            let was_sent = matches!(trouble.standing, Standing::Accepted(..));
            return Some(if was_sent { Lane::Doubt } else { Lane::InFlight });
        }
        // Whoever paid it: what came of stopping its issuance only the order tells.
        let is_stopping = || {
            let stop = case.lineage.stop(case.order.no);
            case.order.status == OrderStatus::Ticketing && stop.is_some_and(|stop| stop.state.may_work())
        };
        let followed = case.attempt_state().and_then(|state| self.phase_of(case, state));
        followed.or_else(|| is_stopping().then_some(Lane::InFlight))
    }

    fn phase_of(&self, case: &Case, state: &State) -> Option<Lane> {
        match state {
            State::Sending | State::InDoubt(_) | State::Refused(_) => Some(Lane::Doubt),
            State::Accepted | State::Paid | State::Conflict => Some(Lane::InFlight),
            // A cancellation that this program saw is asked about a few times more.
            State::Reversed => {
                let track = self.0.get(&case.order.no)?;
                let asks_again = track.phase != Lane::Details || track.asked < CANCELLED_GAPS.len();
                asks_again.then_some(Lane::Details)
            }
            _ => None,
        }
    }

    /// The order is asked for. A query ahead of its time, for a hint's sake, leaves those that were planned where they are.
    pub(super) fn asked(&mut self, order: OrderNo, uptime: Duration, hinted: bool) {
        let Some(track) = self.0.get_mut(&order) else { return };
        let is_extra = hinted && uptime + HINT_GAP < track.last + Duration::from_secs(track.gap());
        if !is_extra {
            track.asked += 1;
            track.last = uptime;
            track.drawn = None;
        }
    }
}
