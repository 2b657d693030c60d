//! The receiver of the vendor's notifications. It has a thread, limits and timers of its own, so that whatever
//! arrives, or does not, never touches paying; what it takes in is handed on as a hint and answered at once.
//!
//! Nothing in a webhook is signed. The path holds a secret, and the desk believes only its own queries.

mod body;
mod receiver;
mod secret;

use std::{
    io,
    net::{SocketAddr, TcpListener},
    sync::Arc,
    thread,
};

pub use self::secret::{Secrets, SecretsError};
use crate::domain::notification::{Notification, Refusal};

/// What a listener is started with.
pub struct Options {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The paths that are answered.
    pub secrets: Secrets,
}

/// Listens until the program ends, on a thread of its own; every notification is handed to `on_notification`, and why a call was refused
/// to `refuse`. Returns the address.
pub fn spawn(
    options: Options,
    on_notification: impl Fn(Notification) + Send + Sync + 'static,
    refuse: impl Fn(Refusal) + Send + Sync + 'static,
) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind(options.listen)?;
    listener.set_nonblocking(true)?;
    let addr = listener.local_addr()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let receiver = Arc::new(receiver::Receiver {
        secrets: options.secrets,
        on_notification: Box::new(on_notification),
        refuse: Box::new(refuse),
    });
    thread::Builder::new().name("webhook".into()).spawn(move || {
        let done = runtime.block_on(async {
            receiver::serve(tokio::net::TcpListener::from_std(listener)?, receiver).await
        });
        if let Err(error) = done {
            let error: io::Error = error;
            tracing::error!(%error, "the webhook listener has ended");
        }
    })?;
    Ok(addr)
}
