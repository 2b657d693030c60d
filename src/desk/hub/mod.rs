//! The hub, and what passes through it: what the desk publishes goes into the mailbox of everybody who has subscribed;
//! commands go in, and each has its one reply. Whoever subscribes late begins with the present picture.

mod command;
mod envelope;
mod handle;
mod mailbox;
mod outbox;
mod reply;

use std::sync::{Arc, Mutex, Weak};

use self::mailbox::{Mailbox, Picture, lock};
pub use self::{
    command::Command,
    envelope::Envelope,
    handle::{Handle, Subscription},
    mailbox::Update,
    reply::{
        Closed, CommandId, LossNotDecided, NotBegun, NotCommitted, NotRegenerated, NotStopped, NotWorked,
        Reply,
    },
};
pub(in crate::desk) use self::{envelope::ReplyTo, outbox::Outbox};

/// Between the desk and its listeners.
#[derive(Default)]
pub struct Hub(Mutex<State>);

#[derive(Default)]
struct State {
    /// The newest of everything that was published, for whoever comes next.
    present: Picture,
    mailboxes: Vec<Weak<Mailbox>>,
}

impl Hub {
    /// Puts `update` into every mailbox, and wakes their listeners. Costs what changed, for each of them.
    pub fn publish(&self, update: &Update) {
        if update.is_empty() {
            return;
        }
        let mut state = lock(&self.0);
        state.present.merge(update);
        // A mailbox that nobody holds any more is forgotten.
        state.mailboxes.retain(|mailbox| {
            let listener = mailbox.upgrade();
            if let Some(mailbox) = &listener {
                mailbox.put(update);
            }
            listener.is_some()
        });
    }

    /// A mailbox of its own for one more listener.
    fn subscribe(&self) -> Arc<Mailbox> {
        let mut state = lock(&self.0);
        let mailbox = Arc::new(Mailbox::starting_with(state.present.clone()));
        state.mailboxes.push(Arc::downgrade(&mailbox));
        mailbox
    }
}
