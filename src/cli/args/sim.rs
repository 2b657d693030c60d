//! How the simulator plays, for `paydesk sim` and `paydesk demo`.

use std::net::SocketAddr;

use clap::{Args, ValueHint};

use super::offered::offered;
use crate::sim::{self, Scenario, ScenarioError};

/// How the simulator plays.
#[derive(Args, Debug)]
pub struct SimArgs {
    /// The same seed makes the same orders, and the same things happen to them
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// All durations are divided by this, from 0.1 to 1000
    #[arg(long, value_name = "X", value_hint = ValueHint::Other, default_value_t = 1.0, value_parser = speed)]
    pub speed: f64,
    /// Orders at the start, instead of the story's own number
    #[arg(long, value_name = "N")]
    pub orders: Option<usize>,
    /// The story, or a file of your own that ends in .toml
    #[arg(long, value_name = "NAME", default_value = DEFAULT_SCENARIO, value_parser = offered(scenario, || Scenario::names().collect()))]
    pub scenario: Scenario,
}

pub(super) const SIM_HELP: &str = "\
The story goes to standard output, one line for each request to standard error.
Point any client of the API at it, with made-up credentials. Control it while it runs:

  curl http://127.0.0.1:4010/_sim/scenario                     which story, and where it is
  curl http://127.0.0.1:4010/_sim/orders                       orders by number and by name
  curl http://127.0.0.1:4010/_sim/ledger                       charges and reversals
  curl -X POST http://127.0.0.1:4010/_sim/pause                also: resume, step, reset
  curl http://127.0.0.1:4010/_sim/speed -d '{\"speed\":10}'
  curl http://127.0.0.1:4010/_sim/faults -d '{\"fault\":\"reset\",\"endpoint\":\"pay.do\",\"applied\":true}'
  curl -X DELETE http://127.0.0.1:4010/_sim/faults             mend everything

GET /_sim/openapi.json describes it all, and docs/simulator.md teaches it.";

const DEFAULT_SCENARIO: &str = "calm-desk";

fn speed(text: &str) -> Result<f64, String> {
    let number = text.trim().parse::<f64>().ok().filter(|speed| (0.1..=1_000.0).contains(speed));
    number.ok_or_else(|| "expected a number from 0.1 to 1000, such as 10 or 0.5".into())
}

fn scenario(text: &str) -> Result<Scenario, String> {
    text.parse().map_err(|error: ScenarioError| error.to_string())
}

impl SimArgs {
    /// As without any flag.
    pub fn usual() -> Result<Self, ScenarioError> {
        Ok(Self { seed: 1, speed: 1.0, orders: None, scenario: DEFAULT_SCENARIO.parse()? })
    }

    /// As the simulator wants them.
    pub fn options(&self, listen: SocketAddr) -> sim::Options {
        sim::Options {
            listen,
            seed: self.seed,
            speed: self.speed,
            orders: self.orders,
            scenario: self.scenario.clone(),
            webhook: None,
            narrator: None,
            log: false,
        }
    }
}
