//! Percentiles, medians and ranges. A latency of something that never came is infinite and counts as such.

use std::time::Duration;

/// What one phase of one side showed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Sample {
    /// Right answers a second.
    pub(crate) rate: f64,
    /// Median latency, in milliseconds.
    pub(crate) p50: f64,
    /// The latency that one in a hundred exceeds, in milliseconds.
    pub(crate) p99: f64,
    /// Processor time of the measured process for one right answer, in milliseconds.
    pub(crate) processor: f64,
}

impl Sample {
    /// From latencies in milliseconds, the time that the phase took, and the processor time that it cost.
    pub(crate) fn of(mut latencies: Vec<f64>, took: Duration, processor: Duration) -> Self {
        latencies.sort_unstable_by(f64::total_cmp);
        let right = number(latencies.iter().filter(|one| one.is_finite()).count());
        Self {
            rate: right / took.as_secs_f64(),
            p50: percentile(&latencies, 50),
            p99: percentile(&latencies, 99),
            processor: millis(processor) / right,
        }
    }
}

/// A count as a figure.
pub(crate) fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Milliseconds.
pub(crate) fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// A percentile of sorted values; of none at all it is infinite.
fn percentile(sorted: &[f64], percent: usize) -> f64 {
    let at = sorted.len() * percent / 100;
    sorted.get(at).or(sorted.last()).copied().unwrap_or(f64::INFINITY)
}

/// The median.
pub(crate) fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = values.into_iter().collect();
    sorted.sort_unstable_by(f64::total_cmp);
    percentile(&sorted, 50)
}

/// Smallest and largest.
pub(crate) fn range(values: impl IntoIterator<Item = f64>) -> [f64; 2] {
    values
        .into_iter()
        .fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], one| [low.min(one), high.max(one)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_lost_is_slow_and_counts_for_no_rate() {
        let latencies = vec![2.0, f64::INFINITY, 1.0, 3.0];
        let sample = Sample::of(latencies, Duration::from_secs(2), Duration::from_millis(6));
        assert!((sample.rate - 1.5).abs() < 1e-9 && (sample.processor - 2.0).abs() < 1e-9);
        assert!((sample.p50 - 3.0).abs() < 1e-9 && sample.p99.is_infinite());
    }

    #[test]
    fn the_median_of_five_is_the_third() {
        assert!((median([5.0, 1.0, 4.0, 2.0, 3.0]) - 3.0).abs() < 1e-9);
        assert!(median([]).is_infinite());
        let [low, high] = range([2.0, 1.0, 3.0]);
        assert!((low - 1.0).abs() < 1e-9 && (high - 3.0).abs() < 1e-9);
    }
}
