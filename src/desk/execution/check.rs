//! How old the second look at an order may be when a request that changes it leaves.

use jiff::SignedDuration;

use crate::{atlas::ReadError, domain::moment::Moment};

/// The answer may be so old, from when it was asked for, and no older.
const LIVES: SignedDuration = SignedDuration::from_secs(10);

/// An answer that was asked for at `asked` is still one to act on.
pub(super) fn in_time(asked: Moment, now: Moment) -> Result<(), ReadError> {
    if now.since(asked) > LIVES {
        return Err(ReadError::NoAnswer("the answer came too late to act on".into()));
    }
    Ok(())
}
