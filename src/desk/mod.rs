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

use tokio::sync::mpsc::UnboundedReceiver;

pub use self::{first_page::first_page, options::Options, task::run};
use self::{
    gateway::Gateway,
    hub::{Command, Envelope, Handle, Hub, Subscription, Update},
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

    /// Asks it to leave.
    pub fn ask_to_leave(&self) {
        self.handle.send(Command::Leave);
    }

    /// Waits until payments in flight have their outcome on disk. False if it had broken off before it was asked to leave, by a
    /// fault of its own: what it had sent is in doubt, on disk.
    pub fn has_left(&self) -> bool {
        self.ended.recv().is_ok()
    }

    /// Asks it to leave, and waits until it has.
    pub fn leave(&self) -> bool {
        self.ask_to_leave();
        self.has_left()
    }
}

/// A desk that has not started. What is asked of it waits until it has.
pub struct Waiting {
    handle: Handle,
    commands: UnboundedReceiver<Envelope>,
    hub: Arc<Hub>,
}

/// A desk that is still to be started, with a first page that waits for the listener. The subscription begins before the desk
/// does, and so misses nothing.
pub fn waiting(remembered: Vec<Arc<Case>>, options: &Options) -> (Waiting, Subscription) {
    let (handle, commands, hub) = Handle::pair();
    hub.publish(&Update { remembered, health: Some(options.health_at_start()), ..Update::default() });
    let subscription = handle.subscribe();
    (Waiting { handle, commands, hub }, subscription)
}

impl Waiting {
    /// Starts it on a thread of its own.
    pub fn start<G: Gateway, J: Journal>(
        self,
        gateway: G,
        journal: J,
        clock: impl Clock,
        options: Options,
    ) -> std::io::Result<Desk> {
        let Self { handle, commands, hub } = self;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (done, ended) = mpsc::channel();
        thread::Builder::new().name("desk".into()).spawn(move || {
            let book = runtime.block_on(run(gateway, journal, clock, options, commands, hub));
            // Nobody may be left who waits for it; whoever does is not to wait until every order is freed.
            let _left = done.send(());
            drop(book);
        })?;
        Ok(Desk { handle, ended })
    }
}

/// Starts a desk on a thread of its own, and listens to it.
pub fn spawn<G: Gateway, J: Journal>(
    gateway: G,
    journal: J,
    clock: impl Clock,
    options: Options,
) -> std::io::Result<(Desk, Subscription)> {
    let (desk, subscription) = waiting(Vec::new(), &options);
    Ok((desk.start(gateway, journal, clock, options)?, subscription))
}
