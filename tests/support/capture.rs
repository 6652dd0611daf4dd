//! Everything that a thread logs, at the level trace, and every metric that it counts, as text to search.

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusRecorder};
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;

/// What this thread writes while this lives.
pub struct Capture {
    text: Text,
    read: usize,
    recorder: &'static PrometheusRecorder,
    _log: tracing::subscriber::DefaultGuard,
    _metrics: metrics::LocalRecorderGuard<'static>,
}

#[derive(Clone, Default)]
struct Text(Arc<Mutex<Vec<u8>>>);

impl Write for Text {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Text {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

impl Capture {
    /// Starts to capture on this thread.
    pub fn start() -> Self {
        let text = Text::default();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(LevelFilter::TRACE)
            .with_ansi(false)
            .without_time()
            .with_writer(text.clone())
            .finish();
        // Lives as long as the process: the guard of a local recorder borrows it, and a run makes only one.
        let recorder: &'static PrometheusRecorder =
            Box::leak(Box::new(PrometheusBuilder::new().build_recorder()));
        Self {
            text,
            read: 0,
            recorder,
            _log: tracing::subscriber::set_default(subscriber),
            _metrics: metrics::set_default_local_recorder(recorder),
        }
    }

    /// What was logged since the last call.
    pub fn new_text(&mut self) -> Vec<u8> {
        let text = self.text.0.lock().unwrap_or_else(PoisonError::into_inner);
        let new = text[self.read..].to_vec();
        self.read = text.len();
        new
    }

    /// The metrics as `/metrics` would print them.
    pub fn metrics(&self) -> String {
        self.recorder.handle().render()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_every_level_and_metrics_are_captured_once() {
        let mut capture = Capture::start();
        tracing::trace!(outcome = "a quiet word");
        metrics::counter!("yett_test_total", "outcome" => "counted").increment(2);
        let text = String::from_utf8(capture.new_text()).unwrap();
        assert!(text.contains("TRACE") && text.contains("a quiet word"), "{text}");
        assert!(capture.new_text().is_empty());
        assert!(capture.metrics().contains("yett_test_total{outcome=\"counted\"} 2"));
    }
}
