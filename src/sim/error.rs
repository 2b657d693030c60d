//! Why the simulator does not start.

use std::{io, net::SocketAddr};

/// Why the simulator does not start.
#[derive(Debug, thiserror::Error)]
pub enum SimError {
    /// The address is taken, not ours, or not allowed.
    #[error("cannot listen on {addr}: {source}")]
    Listen {
        /// Where it was to listen.
        addr: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// More orders than fit.
    #[error("there can be at most {most} orders, not {orders}")]
    Orders {
        /// How many there were to be.
        orders: usize,
        /// How many there can be.
        most: usize,
    },
    /// No number to divide durations by.
    #[error("the speed must be from 0.1 to 1000, not {0}")]
    Speed(f64),
    /// The system gave no thread, no runtime or no signal handler.
    #[error("cannot run the simulator: {0}")]
    System(#[from] io::Error),
}
