//! Carries out a regeneration: ask, write ahead, send once, write down; after a doubt, look for the new order.
//!
//! What an observation means is decided in [`crate::domain::regeneration`]; here is only the order of the steps.

use std::{collections::HashSet, sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};

use super::{
    Done, Task,
    envelope::ReplyTo,
    gateway::{BROKE_OFF, Gateway, Window, guarded},
    handle::Reply,
    health::NotRemade,
    schedule::{Ask, Lane},
};
use crate::{
    atlas::{Answer, ReadError},
    clock::Clock,
    domain::{
        attempt::Doubt,
        deadline::REGENERABLE_FOR,
        moment::Moment,
        order::{Order, OrderNo},
        recovery::Route,
        regenerable::{self, NotNow},
        regeneration::{
            self, Begin, Called, Event, Regeneration, RegenerationId, Search, State, may_be_child,
        },
        story::Action,
        text::Text,
    },
    journal::{Journal, JournalError},
};

/// The answer about the dead order may be so old when the request leaves.
const CHECK_LIVES: Duration = Duration::from_secs(10);

/// A search looks through so many pages at most.
const PAGES: u32 = 20;

/// The vendor's clock may be ahead of ours.
const AHEAD: SignedDuration = SignedDuration::from_mins(10);

/// Orders that could be the new one are asked for themselves, so many at most.
const CANDIDATES: usize = 5;

/// The answer about the order that is to be made anew.
pub(super) struct ParentChecked {
    order: OrderNo,
    route: Route,
    reason: Option<Text>,
    asked: Moment,
    /// The order, and those that may have been made from it already, by anybody.
    answers: Result<(Answer<Order>, Found), ReadError>,
}

/// What a search brought.
pub(super) struct Searched {
    parent: OrderNo,
    asked: Moment,
    found: Result<Found, ReadError>,
    /// What was made later was not looked at.
    until: Timestamp,
}

/// Whether all pages were looked through, the orders that could be the new one, and the date of the answer.
struct Found {
    is_whole: bool,
    orders: Vec<Order>,
    dated: Option<Timestamp>,
}

/// Lists what was made within `window`, and asks for each order that is likely to be the one looked for.
async fn look<G: Gateway>(
    gateway: &G,
    window: Window,
    likely: impl Fn(&Order) -> bool,
    asked_at: Timestamp,
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
        orders.push(gateway.query(order.no, asked_at).await?.value);
    }
    Ok(Found { is_whole, orders, dated })
}

impl<G: Gateway, J: Journal, C: Clock> Task<G, J, C> {
    /// Asks for the dead order once more.
    pub(super) fn begin_regeneration(
        &mut self,
        order: OrderNo,
        route: Route,
        reason: Option<Text>,
        reply_to: ReplyTo,
    ) {
        let refusal = if self.options.read_only {
            Some(NotRemade::ReadOnly)
        } else if self.leaving.is_some() {
            Some(NotRemade::Leaving)
        } else {
            self.health.paying_off.clone().map(NotRemade::Journal)
        };
        if let Some(reason) = refusal {
            return self.replies.push((reply_to, Reply::NotRegenerated { order, reason }));
        }
        let is_second_press = self.remaking.contains_key(&order);
        self.remaking.entry(order).or_default().push(reply_to);
        if is_second_press {
            return; // the first one is on its way, and its reply is for both
        }
        let (gateway, asked, shown_at) = (Arc::clone(&self.gateway), self.moment(), self.shown_now());
        let known = self.others(order);
        self.requests.spawn(async move {
            let check = async move {
                let answer = gateway.query(order, shown_at).await?;
                let old = &answer.value;
                let since = old.created.unwrap_or(asked.now.at - REGENERABLE_FOR);
                // By the vendor's own date too: our idea of it may just have been mended.
                let latest =
                    answer.server_time.map_or(asked.now.latest(), |dated| dated.max(asked.now.latest()));
                let window = Window { from: since, to: latest + AHEAD };
                let likely = |order: &Order| !known.contains(&order.no) && may_be_child(order, old, since);
                let found = look(&*gateway, window, likely, shown_at).await?;
                Ok((answer, found))
            };
            let answers = guarded(check).await;
            let checked = ParentChecked { order, route, reason, asked, answers };
            Done::ParentChecked(Box::new(checked))
        });
    }

    /// The orders of a lineage that cannot have been made from `parent`: those that it came from, and itself.
    fn others(&self, parent: OrderNo) -> Vec<OrderNo> {
        let lineage = self.book.lineage(parent);
        lineage.orders().filter(|order| lineage.parent_of(*order) != Some(parent)).collect()
    }

    /// The regeneration that may have made `order`, while it is not known what it has made: until then the order belongs
    /// to no lineage, and nobody would ask whether the old one is dead.
    pub(super) fn may_be_new(&self, order: OrderNo) -> Option<Regeneration> {
        let order = &self.book.case(order)?.order;
        self.book.remaking().into_iter().find(|remade| {
            let parent = self.book.case(remade.parent);
            parent.is_some_and(|parent| remade.may_have_made(order, &parent.order))
        })
    }

    /// True when an answer that came before says so too: none alone is relied on.
    pub(super) fn is_known_dead(&self, order: OrderNo) -> bool {
        let now = self.moment().now;
        let asked = self.book.case(order).filter(|case| case.order.details.is_some());
        asked.is_some_and(|case| regeneration::is_dead(&case.order, now))
    }

    fn refuse_regeneration(&mut self, order: OrderNo, reason: NotRemade) {
        let waiting = self.remaking.remove(&order).unwrap_or_default();
        self.reply_all(waiting, &Reply::NotRegenerated { order, reason });
    }

    fn reply_all(&mut self, waiting: Vec<ReplyTo>, reply: &Reply) {
        self.replies.extend(waiting.into_iter().map(|reply_to| (reply_to, reply.clone())));
    }

    /// The order is dead by a fresh answer: the request is written down, and leaves once.
    pub(super) async fn go_on_to_regenerate(&mut self, checked: ParentChecked) {
        let ParentChecked { order, route, reason, asked, answers } = checked;
        let (answer, Found { is_whole, orders: children, .. }) = match answers {
            Ok(answers) => answers,
            Err(error) => {
                self.heed(&error).await;
                return self.refuse_regeneration(order, NotRemade::Unanswered(error));
            }
        };
        self.note_success(asked, answer.server_time);
        let old = answer.value.clone();
        let was_dead = self.is_known_dead(order);
        self.observe(answer.value, self.dated(asked)).await;
        let now = self.moment();
        if self.leaving.is_some() {
            return self.refuse_regeneration(order, NotRemade::Leaving);
        }
        if now.since(asked) > SignedDuration::try_from(CHECK_LIVES).unwrap_or_default() {
            let stale = ReadError::NoAnswer("the answer came too late to act on".into());
            return self.refuse_regeneration(order, NotRemade::Unanswered(stale));
        }
        // What another program may have done in the meantime counts too.
        self.share().await;
        let Some(case) = self.book.case(order).map(Arc::clone) else { return };
        if let Err(why) = regenerable::may_regenerate(&old, &case.lineage, now.now) {
            return self.refuse_regeneration(order, NotRemade::NotNow(why));
        }
        if !was_dead {
            return self.refuse_regeneration(order, NotRemade::NotNow(NotNow::SaidOnce));
        }
        // Somebody else may have made one: that is the one to go on with.
        let since = old.created.unwrap_or(now.now.at);
        let is_alive = |child: &&Order| {
            let names_it = child.details.as_ref().is_some_and(|details| details.original == Some(order));
            may_be_child(child, &old, since) && (names_it || !regeneration::is_dead(child, now.now))
        };
        let adopted = children.iter().find(is_alive).map(|child| child.no);
        if adopted.is_none() && !is_whole {
            return self.refuse_regeneration(order, NotRemade::NotNow(NotNow::NotAllSeen));
        }
        let begin =
            Begin { lineage: case.lineage.root, parent: order, reason: reason.clone(), adopted, sent: now };
        let regeneration = Regeneration::begin(begin, self.clock.now());
        // A journal that does not take it takes no request either.
        let _said = self.act(order, Action::Chose { route, reason }).await;
        match self.journal.claim(&regeneration).await {
            Ok(()) => {}
            Err(JournalError::Remade(other)) => {
                self.share().await;
                return self.refuse_regeneration(order, NotRemade::ByAnother(other));
            }
            Err(JournalError::Blocked(holder)) => {
                self.share().await;
                let why = NotNow::AttemptOpen(holder.state.clone());
                return self.refuse_regeneration(order, NotRemade::NotNow(why));
            }
            Err(error) => {
                self.turn_paying_off(&error);
                return self.refuse_regeneration(order, NotRemade::Journal(error.to_string()));
            }
        }
        let id = regeneration.id;
        self.book.put_regeneration(regeneration);
        if let Some(child) = adopted {
            self.follow_regeneration(order);
            let why = NotNow::Already(child);
            return self.refuse_regeneration(order, NotRemade::NotNow(why));
        }
        let waiting = self.remaking.insert(order, Vec::new()).unwrap_or_default();
        self.reply_all(waiting, &Reply::Regenerating { order, id });
        let gateway = Arc::clone(&self.gateway);
        self.requests.spawn(async move {
            // In a task of its own: should it panic, the outcome is unknown and not lost.
            let called = tokio::spawn(async move { gateway.regenerate(order).await }).await;
            let called = called.unwrap_or_else(|_| Called::Doubt(Doubt::Cut(BROKE_OFF.into())));
            Done::Called { id, parent: order, called }
        });
    }

    /// The one answer, or none: on disk first, on the screen after that.
    pub(super) async fn hear_call(&mut self, id: RegenerationId, parent: OrderNo, called: &Called) {
        let waiting = self.remaking.remove(&parent).unwrap_or_default();
        self.reply_all(waiting, &Reply::Regenerating { order: parent, id });
        let lineage = self.book.lineage(parent);
        let Some(regeneration) = lineage.regeneration(id) else { return };
        let known: Vec<OrderNo> = lineage.orders().collect();
        self.on_regeneration_event(regeneration, &Event::Called { called, known: &known }).await;
    }

    /// Something happened to a regeneration: if that tells anything new, it is written down and believed.
    async fn on_regeneration_event(&mut self, regeneration: &Regeneration, event: &Event<'_>) {
        match regeneration.apply(event, self.clock.now()) {
            Ok(next) if next != *regeneration => self.conclude(next, &regeneration.state).await,
            Ok(_) => {}
            Err(illegal) => tracing::error!(order = %regeneration.parent, %illegal, "regeneration"),
        }
    }

    /// Writes down where a regeneration now stands, and only then believes it.
    async fn conclude(&mut self, regeneration: Regeneration, from: &State) {
        match self.journal.advance(&regeneration, from).await {
            Ok(()) => {}
            // Another program knows more by now.
            Err(JournalError::Overtaken) => return self.share().await,
            Err(error) => {
                self.turn_paying_off(&error);
                self.health.unwritten += 1;
            }
        }
        let parent = regeneration.parent;
        tracing::info!(order = %parent, state = regeneration.state.word(), "regeneration");
        self.book.put_regeneration(regeneration);
        self.follow_regeneration(parent);
    }

    /// An order says that it was made from another one: if that one's regeneration was in doubt, it no longer is.
    pub(super) async fn adopt(&mut self, child: OrderNo) {
        let lineage = self.book.lineage(child);
        let remade = lineage.parent_of(child).and_then(|parent| lineage.remade(parent));
        if let Some(remade) = remade.filter(|remade| matches!(remade.state, State::InDoubt(_))) {
            self.on_regeneration_event(remade, &Event::Named(child)).await;
        }
    }

    /// Looks for a new order that may exist, or asks for one that does.
    pub(super) fn follow_regeneration(&mut self, parent: OrderNo) {
        let uptime = self.clock.uptime();
        let lineage = self.book.lineage(parent);
        match lineage.remade(parent).map(|regeneration| &regeneration.state) {
            Some(State::InDoubt(_)) => self.schedule.search(parent, uptime),
            Some(State::Made(child) | State::Found(child)) => {
                self.schedule.end_search(parent);
                if self.book.case(*child).is_none_or(|case| case.order.details.is_none()) {
                    self.schedule.ask_now(*child, Lane::Operator, uptime);
                }
            }
            _ => self.schedule.end_search(parent),
        }
    }

    /// Lists what was made around the call, and asks for each order that could be the new one.
    pub(super) fn search(&mut self, parent: OrderNo, asked: Moment) {
        let lineage = self.book.lineage(parent);
        let Some(remade) = lineage.remade(parent).filter(|remade| remade.state.is_open()).cloned() else {
            self.schedule.end_search(parent);
            self.schedule.refused(Ask::Search(parent), self.clock.uptime());
            return;
        };
        let old = self.book.case(parent).map(|case| case.order.clone());
        let known = self.others(parent);
        let gateway = Arc::clone(&self.gateway);
        let window = Window { from: remade.born_after(old.as_ref()), to: asked.now.latest() + AHEAD };
        self.requests.spawn(async move {
            let search = async move {
                let old = match old {
                    Some(order) => order,
                    None => gateway.query(parent, asked.now.at).await?.value,
                };
                let likely = |order: &Order| !known.contains(&order.no) && remade.may_have_made(order, &old);
                look(&*gateway, window, likely, asked.now.at).await
            };
            let found = guarded(search).await;
            Done::Searched(Box::new(Searched { parent, asked, found, until: window.to }))
        });
    }

    pub(super) async fn hear_search(&mut self, searched: Searched) {
        let Searched { parent, asked, found, until } = searched;
        let ask = Ask::Search(parent);
        let Found { is_whole, orders, dated } = match found {
            Ok(found) => found,
            // About this order alone: it is looked for again in its turn.
            Err(ReadError::NoSuchOrder | ReadError::Refused { .. }) => {
                self.schedule.refused(ask, self.clock.uptime());
                return;
            }
            Err(error) => return self.note_failure(ask, error).await,
        };
        self.note_success(asked, dated);
        let uptime = self.clock.uptime();
        self.schedule.answered(ask);
        let lineage = self.book.lineage(parent);
        let Some(remade) = lineage.remade(parent) else { return self.schedule.end_search(parent) };
        let Some(old) = self.book.case(parent).map(|case| case.order.clone()) else {
            return self.schedule.ask_now(parent, Lane::Doubt, uptime);
        };
        let asked = self.dated(asked);
        let known = self.others(parent);
        // Unless the newest orders were looked at too, what was not found counts for nothing.
        let is_whole = is_whole && asked.now.settled && dated.is_none_or(|dated| dated <= until);
        let search = Search { parent: &old, known: &known, found: &orders, is_whole, asked };
        self.on_regeneration_event(remade, &Event::Searched(search)).await;
    }
}
