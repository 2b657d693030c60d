//! What one part of the desk has to say, until it is published.

use super::{envelope::ReplyTo, health::Notice, reply::Reply};

/// Notices for every listener, and replies that wait until what they speak of is published.
#[derive(Default)]
pub(super) struct Outbox {
    pub(super) notices: Vec<Notice>,
    pub(super) replies: Vec<(ReplyTo, Reply)>,
}

impl Outbox {
    /// Gives one reply to all who wait for it.
    pub(super) fn reply_all(&mut self, waiting: impl IntoIterator<Item = ReplyTo>, reply: &Reply) {
        self.replies.extend(waiting.into_iter().map(|reply_to| (reply_to, reply.clone())));
    }
}
