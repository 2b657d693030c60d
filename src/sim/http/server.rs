//! What all connections share, and what goes on while nobody asks.

use std::{
    cell::RefCell,
    collections::VecDeque,
    io::{self, Write},
    net::SocketAddr,
    sync::mpsc::Sender,
    time::Duration,
};

use jiff::Timestamp;
use serde_json::Value;
use tokio::sync::Notify;

use super::{limits::Limits, post::Post};
use crate::sim::{body, story::Presented, world::World};

/// What all connections share.
pub(super) struct Server {
    pub addr: SocketAddr,
    pub world: RefCell<World>,
    pub requests: RefCell<VecDeque<Value>>,
    pub limits: RefCell<Limits>,
    /// A client changed the world: what is due next may have changed as well.
    pub changed: Notify,
    pub narrator: Option<Sender<Presented>>,
    pub log: bool,
}

impl Server {
    pub(super) fn new(
        addr: SocketAddr,
        world: World,
        narrator: Option<Sender<Presented>>,
        log: bool,
    ) -> Self {
        Self {
            addr,
            world: RefCell::new(world),
            requests: RefCell::new(VecDeque::new()),
            limits: RefCell::new(Limits::default()),
            changed: Notify::new(),
            narrator,
            log,
        }
    }

    /// Lets happen what is due, logs it, and says how long nothing more will happen by itself.
    pub(super) fn go_on(&self, post: &Post) -> Option<Duration> {
        let mut world = self.world.borrow_mut();
        world.advance(Timestamp::now());
        for delivery in world.take_outbox() {
            if let Some(url) = world.webhook() {
                post.send(
                    url.to_owned(),
                    &body::notification(&world, &delivery),
                    world.switches.tries.count(),
                );
            }
        }
        for event in world.story.news() {
            // Whoever listens or reads along may go away.
            if let (Some(narrator), Some(said)) = (&self.narrator, &event.said) {
                let _ = narrator.send(Presented::Line(said.clone()));
            }
            if self.log {
                let _ = writeln!(io::stdout(), "{event}");
            }
        }
        let wait = world.next_due()?.duration_since(Timestamp::now());
        // A millisecond more, so that rounding never wakes it just before.
        Some(Duration::try_from(wait).unwrap_or_default() + Duration::from_millis(1))
    }

    /// For how many seconds nobody shall listen.
    pub(super) fn refusal(&self) -> Option<u64> {
        let mut world = self.world.borrow_mut();
        let now = world.moment();
        world.faults.meet_refusal(now)
    }
}
