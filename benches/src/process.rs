//! What the system says of a process: processor time and memory. Linux only, as the goals are.

use anyhow::{Context, Result};
use std::time::Duration;

/// A tick of the processor times in `/proc`: a hundredth of a second on every Linux that a program sees.
const TICK: Duration = Duration::from_millis(10);

/// Processor time that a process has used so far.
pub(crate) fn processor_time(process: u32) -> Result<Duration> {
    let text = std::fs::read_to_string(format!("/proc/{process}/stat")).context("the process has gone")?;
    let ticks = ticks_in(&text).context("the system's word on a process cannot be read")?;
    Ok(TICK * ticks)
}

/// User and system ticks: the 14th and 15th field, counted after the name, which may hold spaces.
fn ticks_in(stat: &str) -> Option<u32> {
    let (_, after) = stat.rsplit_once(')')?;
    let mut fields = after.split_whitespace().skip(11);
    let (user, system): (u32, u32) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    user.checked_add(system)
}

/// Memory that a process holds, in MiB.
pub(crate) fn resident_mib(process: u32) -> Result<f64> {
    let text = std::fs::read_to_string(format!("/proc/{process}/status")).context("the process has gone")?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib =
        line.and_then(|rest| rest.split_whitespace().next()).and_then(|figure| figure.parse::<u32>().ok());
    Ok(f64::from(kib.context("the system does not tell the memory of a process")?) / 1024.0)
}

/// How busy the machine was over the last minute, and how many processors it has.
pub(crate) fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let average = text.split(' ').next().filter(|word| !word.is_empty()).unwrap_or("unknown");
    let processors = std::thread::available_parallelism().map_or(0, std::num::NonZeroUsize::get);
    format!("load average {average} on {processors} processors")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_found_behind_a_name_with_spaces() {
        let stat = "7 (a (b) c) S 1 7 7 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 4 0 12 1000 200";
        assert_eq!(ticks_in(stat), Some(300));
        assert_eq!(ticks_in("7 (a) S 1"), None);
    }

    #[test]
    fn this_process_has_memory() {
        assert!(resident_mib(std::process::id()).unwrap() > 1.0);
        assert!(processor_time(std::process::id()).unwrap() < Duration::from_hours(1));
    }
}
