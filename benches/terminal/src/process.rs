//! What the system says of a process.

use std::{collections::BTreeMap, fs, time::Duration};

/// How often each thread has waited for something, and what all of them have computed.
#[derive(Clone, Default)]
pub(crate) struct Usage {
    pub(crate) cpu: Duration,
    waits: BTreeMap<String, u64>,
}

impl Usage {
    pub(crate) fn of(pid: u32) -> Self {
        let mut usage = Self::default();
        let Ok(threads) = fs::read_dir(format!("/proc/{pid}/task")) else { return usage };
        for thread in threads.flatten() {
            let of = |file: &str| fs::read_to_string(thread.path().join(file)).unwrap_or_default();
            let ran = of("schedstat").split(' ').next().and_then(|ran| ran.parse().ok());
            usage.cpu += Duration::from_nanos(ran.unwrap_or_default());
            let waits = number(&of("status"), "voluntary_ctxt_switches:").unwrap_or_default();
            usage.waits.insert(thread.file_name().to_string_lossy().into_owned(), waits);
        }
        usage
    }

    /// How often its threads were woken since then.
    pub(crate) fn wakes_since(&self, then: &Self) -> u64 {
        let before = |thread| then.waits.get(thread).copied().unwrap_or_default();
        self.waits.iter().map(|(thread, waits)| waits.saturating_sub(before(thread))).sum()
    }
}

/// Resident memory and its highest mark, in MiB.
#[expect(clippy::cast_precision_loss, reason = "for people")]
pub(crate) fn memory(pid: u32) -> Option<(f64, f64)> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let mib = |name| Some(number(&status, name)? as f64 / 1024.0);
    Some((mib("VmRSS:")?, mib("VmHWM:")?))
}

fn number(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

/// The machine, in one line: processor, cores, system.
pub(crate) fn machine() -> String {
    let read = |path| fs::read_to_string(path).unwrap_or_default();
    let cpus = read("/proc/cpuinfo");
    let model =
        cpus.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or(": unknown processor");
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
    let model = model.trim_start_matches([' ', '\t', ':']);
    format!("{model}, {cores} cores, Linux {}", read("/proc/sys/kernel/osrelease").trim())
}
