//! What the others hold of the desk: commands go in, and what is published comes out of a mailbox of one's own.

use std::{sync::Arc, time::Duration};

use tokio::sync::mpsc;

use super::{
    Hub,
    command::Command,
    envelope::Envelope,
    mailbox::{Mailbox, Update},
    reply::CommandId,
};

/// The desk as others hold it.
#[derive(Clone)]
pub struct Handle {
    commands: mpsc::UnboundedSender<Envelope>,
    hub: Arc<Hub>,
}

impl Handle {
    /// A handle, and the desk's ends of it.
    pub fn pair() -> (Self, mpsc::UnboundedReceiver<Envelope>, Arc<Hub>) {
        let (commands, envelopes) = mpsc::unbounded_channel();
        let hub = Arc::new(Hub::default());
        (Self { commands, hub: Arc::clone(&hub) }, envelopes, hub)
    }

    /// Hands a command over, and wants no reply; false if the desk has ended.
    pub fn send(&self, command: Command) -> bool {
        self.commands.send(Envelope::without_reply(command)).is_ok()
    }

    /// A mailbox of one's own, in which the present picture waits already.
    pub fn subscribe(&self) -> Subscription {
        Subscription { commands: self.commands.clone(), mailbox: self.hub.subscribe() }
    }
}

/// What a listener holds: its mailbox, and the way to ask. It ends when this is dropped.
pub struct Subscription {
    commands: mpsc::UnboundedSender<Envelope>,
    mailbox: Arc<Mailbox>,
}

impl Subscription {
    /// Hands a command over. Its one reply comes into the mailbox under the number that is returned.
    pub fn ask(&self, command: Command) -> CommandId {
        let (id, envelope) = Envelope::from(&self.mailbox, command);
        // If the desk has ended, the envelope that comes back says so itself.
        drop(self.commands.send(envelope));
        id
    }

    /// Calls `wake` whenever something is put into the empty mailbox, and now if something waits already.
    pub fn on_filled(&self, wake: impl Fn() + Send + 'static) {
        self.mailbox.on_filled(wake);
    }

    /// Takes all that waits, which may be nothing.
    pub fn take(&self) -> Update {
        self.mailbox.take()
    }

    /// Takes all that waits; waits for something up to `patience`.
    pub fn wait(&self, patience: Duration) -> Update {
        self.mailbox.wait(patience)
    }
}
