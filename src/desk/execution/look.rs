//! Looks through the list for an order that may have been made from another one.

use std::collections::HashSet;

use jiff::SignedDuration;

use super::executed::Found;
use crate::{
    atlas::ReadError,
    desk::gateway::{Gateway, Window},
    domain::{
        lineage::Lineage,
        order::{Order, OrderNo},
    },
};

/// A search looks through so many pages at most.
const PAGES: u32 = 20;

/// The vendor's clock may be ahead of ours.
pub(super) const AHEAD: SignedDuration = SignedDuration::from_mins(10);

/// Orders that could be the new one are asked for themselves, so many at most.
const CANDIDATES: usize = 5;

/// The orders of a lineage that cannot have been made from `parent`: those that it came from, and itself.
pub(super) fn others(lineage: &Lineage, parent: OrderNo) -> Vec<OrderNo> {
    lineage.orders().filter(|order| lineage.parent_of(*order) != Some(parent)).collect()
}

/// Lists what was made within `window`, and asks for each order that is likely to be the one looked for.
pub(super) async fn look<G: Gateway>(
    gateway: &G,
    window: Window,
    likely: impl Fn(&Order) -> bool,
) -> Result<Found, ReadError> {
    let (mut pages, mut listed, mut dated) = (0, Vec::new(), None);
    let mut shown = HashSet::new();
    let more = loop {
        pages += 1;
        let answer = gateway.list(window, pages).await?;
        // The first page is the oldest: nothing that was made later is missing from it.
        dated = dated.or(answer.server_time);
        let page = answer.value;
        let before = shown.len();
        let mut is_new = |order: &Order| shown.insert(order.no);
        let new: Vec<Order> = page.orders.into_iter().filter(&mut is_new).collect();
        listed.extend(new.into_iter().filter(&likely));
        // A list that repeats itself has more to tell, perhaps, but not to us.
        if !page.more || pages == PAGES || shown.len() == before {
            break page.more;
        }
    };
    let is_whole = !more && listed.len() <= CANDIDATES;
    let mut orders = Vec::new();
    for order in listed.into_iter().take(CANDIDATES) {
        orders.push(gateway.query(order.no).await?.value);
    }
    Ok(Found { is_whole, orders, dated })
}
