//! The simulator: a stand-in for the vendor's API, spoken to only over HTTP.
//!
//! `paydesk demo` runs it beside the console, `paydesk sim` alone. `world` is its pure core, `http` the
//! server around it. It has its own idea of the wire, so that a mistake of the client is not hidden by the
//! same mistake here.

mod body;
mod card;
mod cast;
mod chance;
mod endpoint;
mod fault;
mod http;
mod ledger;
mod notice;
mod order;
mod scenario;
mod shop;
mod story;
mod time;
mod wire;
mod words;
mod world;

use std::{
    io::{self, Write},
    net::{SocketAddr, TcpListener},
    sync::mpsc::Sender,
    thread::JoinHandle,
};

use jiff::Timestamp;
use tokio::{sync::oneshot, task::LocalSet};

pub use self::{
    scenario::{Scenario, ScenarioError},
    story::Said as Line,
};
use self::{
    time::Speed,
    world::{Setup, World},
};
use crate::domain::order::OrderNo;

/// How the simulator is started.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where to listen; port 0 takes any that is free.
    pub listen: SocketAddr,
    /// The same seed makes the same orders, and the same things happen to them.
    pub seed: u64,
    /// All durations from the start on are divided by this, from 0.1 to 1000: 1 is life-like.
    pub speed: f64,
    /// How many orders there are at the start, instead of the number that the story has.
    pub orders: Option<usize>,
    /// Which story is told.
    pub scenario: Scenario,
    /// Where webhooks go until a client registers another address.
    pub webhook: Option<String>,
    /// Where the presenter's lines go, as they are said.
    pub narrator: Option<Sender<Line>>,
    /// Print the story to standard output and one line for each request to standard error.
    pub log: bool,
}

/// So many orders at the start fit into an ordinary machine.
const MOST_ORDERS: usize = 200_000;

/// The number of orders, if it is one that fits.
fn check_orders(orders: usize) -> Result<usize, SimError> {
    if orders <= MOST_ORDERS { Ok(orders) } else { Err(SimError::Orders(orders)) }
}

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
    #[error("there can be at most {MOST_ORDERS} orders, not {0}")]
    Orders(usize),
    /// No number to divide durations by.
    #[error("the speed must be from 0.1 to 1000, not {0}")]
    Speed(f64),
    /// The system gave no thread, no runtime or no signal handler.
    #[error("cannot run the simulator: {0}")]
    System(#[from] io::Error),
}

/// A business failure: the `status` and `msg` of an answer. `msg` is for people.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Refusal {
    status: i64,
    msg: String,
    /// Earlier bookings of the same passengers on the same flights (318).
    duplicates: Vec<OrderNo>,
}

impl Refusal {
    fn new(status: i64, msg: impl Into<String>) -> Self {
        Self { status, msg: msg.into(), duplicates: Vec::new() }
    }

    fn with_duplicates(self, duplicates: impl IntoIterator<Item = OrderNo>) -> Self {
        Self { duplicates: duplicates.into_iter().collect(), ..self }
    }
}

/// A running simulator. It ends when this is dropped.
#[derive(Debug)]
pub struct Running {
    /// Where it listens.
    pub addr: SocketAddr,
    ending: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
}

impl Running {
    /// Ends it, cutting whatever connections there are, and waits until its thread is gone.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        if let Some((stop, thread)) = self.ending.take() {
            drop(stop);
            // A panic in there has been reported on standard error by itself.
            let _ = thread.join();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

/// Starts the simulator on a thread of its own. It listens when this returns; the orders are made meanwhile,
/// and a request that comes first waits for them.
pub fn spawn(options: Options) -> Result<Running, SimError> {
    let speed = Speed::new(options.speed)?;
    options.orders.map(check_orders).transpose()?;
    let listen = |source| SimError::Listen { addr: options.listen, source };
    let listener = TcpListener::bind(options.listen).map_err(listen)?;
    listener.set_nonblocking(true).map_err(listen)?;
    let addr = listener.local_addr().map_err(listen)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
    let (stop, stopped) = oneshot::channel::<()>();
    let Options { seed, orders, scenario, webhook, narrator, log, .. } = options;
    let setup = Setup { seed, speed, orders, scenario, webhook };
    let thread = std::thread::Builder::new().name("sim".to_owned()).spawn(move || {
        let world = World::new(setup, Timestamp::now());
        LocalSet::new().block_on(&runtime, async {
            tokio::select! {
                served = http::serve(listener, world, narrator, log) => {
                    if let Err(error) = served {
                        tracing::error!("the simulator ended: {error}");
                    }
                }
                _ = stopped => {}
            }
        });
    })?;
    Ok(Running { addr, ending: Some((stop, thread)) })
}

/// Runs the simulator until the process is interrupted or terminated.
pub fn run(options: Options) -> Result<(), SimError> {
    let mut signals =
        signal_hook::iterator::Signals::new([signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM])?;
    let (scenario, seed) = (options.scenario.clone(), options.seed);
    let running = spawn(options)?;
    writeln!(
        io::stderr(),
        "paydesk sim: listening on http://{addr} (scenario {scenario}, seed {seed}); use it as base_url, with a \
         made-up client id and secret. Control it under http://{addr}/_sim/openapi.json",
        addr = running.addr,
    )?;
    signals.forever().next();
    running.stop();
    Ok(())
}
