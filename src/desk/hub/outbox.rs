//! What one part of the desk has to say, until it is published.

use super::{envelope::ReplyTo, reply::Reply};
use crate::desk::health::Notice;

/// Notices for every listener, and replies that wait until what they speak of is published.
#[derive(Default)]
pub(in crate::desk) struct Outbox {
    pub(in crate::desk) notices: Vec<Notice>,
    pub(in crate::desk) replies: Vec<(ReplyTo, Reply)>,
}

impl Outbox {
    /// Gives one reply to all who wait for it.
    pub(in crate::desk) fn reply_all(&mut self, waiting: impl IntoIterator<Item = ReplyTo>, reply: &Reply) {
        self.replies.extend(waiting.into_iter().map(|reply_to| (reply_to, reply.clone())));
    }
}
