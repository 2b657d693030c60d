//! The desk: the one background task. It owns what is believed about orders, the polling schedule, the request budget
//! and every payment in flight; nothing else talks to the API.
//!
//! Four parts, each with a state of its own, and a loop that ties them (`task`): the *bookkeeper* (`book`) holds the book
//! and the journal, and takes in whatever is learnt as an observation; the *poller* (`polling`) decides whom to ask, and
//! when; the *executor* (`execution`) carries out payments and regenerations; the *publisher* says what has changed, through
//! the `hub`. Requests run as tasks of their own and only
//! bring answers back, so that every decision is made in the loop, one at a time.

pub mod book;
mod execution;
mod first_page;
pub mod gateway;
pub mod health;
pub mod hub;
mod options;
pub mod polling;
mod publisher;
mod task;

use std::{
    sync::{Arc, mpsc},
    thread,
};

pub use self::{first_page::first_page, options::Options, task::run};
use self::{
    gateway::Gateway,
    hub::{Command, Handle, Subscription, Update},
};
use crate::{clock::Clock, domain::case::Case, journal::Journal};

/// A running desk.
pub struct Desk {
    handle: Handle,
    /// Where it says that it has ended. It says nothing if it broke off.
    ended: mpsc::Receiver<()>,
}

impl Desk {
    /// What others hold of it.
    pub fn handle(&self) -> &Handle {
        &self.handle
    }

    /// Asks it to leave and waits until payments in flight have their outcome on disk. False if it had broken off
    /// before, by a fault of its own: what it had sent is in doubt, on disk.
    pub fn leave(&self) -> bool {
        self.handle.send(Command::Leave);
        self.ended.recv().is_ok()
    }
}

/// Starts a desk on a thread of its own. The subscription begins before the desk does, and so misses nothing.
pub fn spawn<G: Gateway, J: Journal>(
    gateway: G,
    journal: J,
    clock: impl Clock,
    options: Options,
) -> std::io::Result<(Desk, Subscription)> {
    spawn_with(Vec::new(), gateway, journal, clock, options)
}

/// The same, with a first page that waits for the listener before the desk has read anything.
pub fn spawn_with<G: Gateway, J: Journal>(
    remembered: Vec<Arc<Case>>,
    gateway: G,
    journal: J,
    clock: impl Clock,
    options: Options,
) -> std::io::Result<(Desk, Subscription)> {
    let (handle, commands, hub) = Handle::pair();
    hub.publish(&Update { remembered, health: Some(options.health_at_start()), ..Update::default() });
    let subscription = handle.subscribe();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (done, ended) = mpsc::channel();
    thread::Builder::new().name("desk".into()).spawn(move || {
        let book = runtime.block_on(run(gateway, journal, clock, options, commands, hub));
        // Nobody may be left who waits for it; whoever does is not to wait until every order is freed.
        let _left = done.send(());
        drop(book);
    })?;
    Ok((Desk { handle, ended }, subscription))
}
