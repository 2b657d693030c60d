//! A command on its way, and where its reply goes: it comes exactly once, whatever becomes of the desk.

use std::sync::{Arc, Weak};

use super::{
    command::Command,
    mailbox::Mailbox,
    reply::{CommandId, Reply},
};

/// Where the reply to a command goes; nowhere, if the command was only sent. A reply uses it up. One that is dropped
/// without was still on its way, or in the desk's hands, when the desk ended, and says which.
pub(in crate::desk) struct ReplyTo {
    mailbox: Option<(CommandId, Weak<Mailbox>)>,
    is_taken: bool,
}

impl ReplyTo {
    /// Says what became of the command.
    pub(in crate::desk) fn reply(mut self, reply: Reply) {
        self.put(reply);
    }

    fn put(&mut self, reply: Reply) {
        let Some((id, mailbox)) = self.mailbox.take() else { return };
        if let Some(mailbox) = mailbox.upgrade() {
            mailbox.put_reply(id, reply);
        }
    }
}

impl Drop for ReplyTo {
    fn drop(&mut self) {
        self.put(if self.is_taken { Reply::Ended } else { Reply::NotTaken });
    }
}

/// A command on its way to the desk.
pub struct Envelope {
    command: Command,
    reply_to: ReplyTo,
}

impl Envelope {
    /// For a command to which nobody wants a reply.
    pub(super) fn without_reply(command: Command) -> Self {
        Self { command, reply_to: ReplyTo { mailbox: None, is_taken: false } }
    }

    /// For a command whose reply goes into `mailbox`; and the number that it has there.
    pub(super) fn from(mailbox: &Arc<Mailbox>, command: Command) -> (CommandId, Self) {
        let id = mailbox.number();
        let reply_to = ReplyTo { mailbox: Some((id, Arc::downgrade(mailbox))), is_taken: false };
        (id, Self { command, reply_to })
    }

    /// It asks the desk to leave.
    pub(in crate::desk) fn is_leave(&self) -> bool {
        self.command == Command::Leave
    }

    /// The desk takes it: from now on something may come of it.
    pub(in crate::desk) fn open(self) -> (Command, ReplyTo) {
        let Self { command, mut reply_to } = self;
        reply_to.is_taken = true;
        (command, reply_to)
    }
}
