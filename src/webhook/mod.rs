//! The listener for what the vendor tells unasked. It has a thread, limits and timers of its own, so that whatever
//! arrives, or does not, never touches paying; what it takes in is handed on as a hint and answered at once.
//!
//! Nothing in a webhook is signed. The path holds a secret, and the desk believes only its own queries.

mod body;
mod door;
mod secret;

use std::{
    io,
    net::{SocketAddr, TcpListener},
    sync::Arc,
    thread,
};

pub use self::secret::{Secrets, SecretsError};
use crate::domain::notice::{Notice, Refusal};

/// What a listener is started with.
pub struct Options {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The paths that are answered.
    pub secrets: Secrets,
}

/// Listens until the program ends, on a thread of its own; every notice is handed to `hear`, and why a call was refused
/// to `refuse`. Returns the address.
pub fn spawn(
    options: Options,
    hear: impl Fn(Notice) + Send + Sync + 'static,
    refuse: impl Fn(Refusal) + Send + Sync + 'static,
) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind(options.listen)?;
    listener.set_nonblocking(true)?;
    let addr = listener.local_addr()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let door =
        Arc::new(door::Door { secrets: options.secrets, hear: Box::new(hear), refuse: Box::new(refuse) });
    thread::Builder::new().name("webhook".into()).spawn(move || {
        let done =
            runtime.block_on(async { door::serve(tokio::net::TcpListener::from_std(listener)?, door).await });
        if let Err(error) = done {
            let error: io::Error = error;
            tracing::error!(%error, "the webhook listener has ended");
        }
    })?;
    Ok(addr)
}
