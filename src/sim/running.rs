//! A simulator on a thread of its own, and one that a process runs until it is stopped.

use std::{
    io::{self, Write},
    net::{SocketAddr, TcpListener},
    sync::mpsc::Sender,
    thread::JoinHandle,
};

use jiff::Timestamp;
use tokio::{sync::oneshot, task::LocalSet};

use super::{
    error::SimError,
    http,
    scenario::Scenario,
    size::check_orders,
    story::Presented,
    time::Speed,
    world::{Setup, World},
};

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
    /// Which story is played.
    pub scenario: Scenario,
    /// Where webhooks go until a client registers another address.
    pub webhook: Option<String>,
    /// Where the presenter's lines go, as they are said, and what is done to the story.
    pub narrator: Option<Sender<Presented>>,
    /// Print the story to standard output and one line for each request to standard error.
    pub log: bool,
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
