//! What the bench says: a table for people, JSON for programs, remarks on the way. The only place that writes.

use crate::process;
use crate::rounds::Compared;
use anyhow::Result;
use serde::Serialize;
use std::io::Write;

/// What is asked of the product.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Goal {
    /// The ratio to the floor is at least this.
    RatioAtLeast(f64),
    /// The ratio to the floor is at most this.
    RatioAtMost(f64),
    /// The figure itself is at most this.
    AtMost(f64),
}

/// One row.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) id: &'static str,
    /// What is measured, in words.
    pub(crate) what: &'static str,
    /// Unit of the figures.
    pub(crate) unit: &'static str,
    pub(crate) floor: Option<f64>,
    pub(crate) product: f64,
    pub(crate) ratio: Option<f64>,
    /// Of the ratio; of the product where there is no ratio.
    pub(crate) range: [f64; 2],
    pub(crate) goal: Goal,
    /// The floor moved too much for a verdict.
    pub(crate) noisy: bool,
    /// What else is to be known.
    pub(crate) notes: Vec<String>,
}

impl Row {
    /// A row of a comparison.
    pub(crate) fn compared(
        id: &'static str,
        what: &'static str,
        unit: &'static str,
        of: (Compared, Goal),
    ) -> Self {
        let (compared, goal) = of;
        Self {
            id,
            what,
            unit,
            floor: Some(compared.floor),
            product: compared.product,
            ratio: Some(compared.ratio),
            range: compared.range,
            goal,
            noisy: compared.noisy,
            notes: Vec::new(),
        }
    }

    /// Whether the goal is met; `None` when the machine was too noisy to tell.
    fn met(&self) -> Option<bool> {
        let ratio = self.ratio.unwrap_or(f64::NAN);
        let met = match self.goal {
            Goal::RatioAtLeast(goal) => ratio >= goal,
            Goal::RatioAtMost(goal) => ratio <= goal,
            Goal::AtMost(goal) => self.product <= goal,
        };
        (!self.noisy).then_some(met)
    }

    fn goal_figure(&self) -> f64 {
        match self.goal {
            Goal::RatioAtLeast(goal) | Goal::RatioAtMost(goal) | Goal::AtMost(goal) => goal,
        }
    }

    fn cells(&self) -> [String; 8] {
        let goal = match self.goal {
            Goal::RatioAtLeast(goal) => format!("at least {goal} x"),
            Goal::RatioAtMost(goal) => format!("at most {goal} x"),
            Goal::AtMost(goal) => format!("at most {goal} {}", self.unit),
        };
        let met = self.met().map_or("too noisy", |met| if met { "met" } else { "NOT MET" });
        let figure = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), figure);
        let [low, high] = self.range;
        [
            self.id.to_owned(),
            format!("{}, {}", self.what, self.unit),
            figure(self.floor),
            figure(Some(self.product)),
            figure(self.ratio),
            format!("{} to {}", figure(Some(low)), figure(Some(high))),
            goal,
            met.to_owned(),
        ]
    }
}

/// A figure with as many decimals as it deserves.
pub(crate) fn figure(value: f64) -> String {
    match value.abs() {
        large if large >= 100.0 => format!("{value:.0}"),
        middling if middling >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.3}"),
    }
}

/// All rows, with the state of the machine before and after.
pub(crate) struct Report {
    began: String,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Rows {
    rows: Vec<JsonRow>,
}

/// A figure that is not finite becomes `null`.
#[derive(Serialize)]
struct JsonRow {
    id: &'static str,
    floor: Option<f64>,
    product: f64,
    ratio: Option<f64>,
    range: [f64; 2],
    goal: f64,
    met: Option<bool>,
}

impl Report {
    /// An empty report.
    pub(crate) fn begin() -> Self {
        Self { began: process::load(), rows: Vec::new() }
    }

    pub(crate) fn add(&mut self, row: Row) {
        self.rows.push(row);
    }

    pub(crate) fn extend(&mut self, rows: impl IntoIterator<Item = Row>) {
        self.rows.extend(rows);
    }

    /// Prints JSON.
    pub(crate) fn json(&self) -> Result<()> {
        let rows = self.rows.iter().map(|row| JsonRow {
            id: row.id,
            floor: row.floor,
            product: row.product,
            ratio: row.ratio,
            range: row.range,
            goal: row.goal_figure(),
            met: row.met(),
        });
        line(&serde_json::to_string(&Rows { rows: rows.collect() })?)
    }

    /// Prints the table and the notes.
    pub(crate) fn table(&self) -> Result<()> {
        let heading =
            ["row", "what", "floor", "product", "ratio", "range", "goal", "verdict"].map(str::to_owned);
        let lines: Vec<[String; 8]> =
            std::iter::once(heading).chain(self.rows.iter().map(Row::cells)).collect();
        for cells in &lines {
            let padded = cells.iter().enumerate().map(|(column, cell)| {
                let widths =
                    lines.iter().filter_map(|line| line.get(column)).map(|cell| cell.chars().count());
                format!("{cell:<width$}", width = widths.max().unwrap_or(0))
            });
            line(padded.collect::<Vec<_>>().join("  ").trim_end())?;
        }
        line("")?;
        for row in &self.rows {
            for note in &row.notes {
                line(&format!("{}: {note}", row.id))?;
            }
        }
        line(&format!("before: {}; after: {}", self.began, process::load()))
    }
}

fn line(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.write_all(b"\n")?;
    Ok(out.flush()?)
}

/// A remark on the way, apart from what programs read.
pub(crate) fn remark(text: &str) {
    // Nothing more can be done where even standard error is gone.
    drop(std::io::stderr().lock().write_all(format!("{text}\n").as_bytes()));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(ratio: f64, goal: Goal, noisy: bool) -> Row {
        let compared = Compared { floor: 1.0, product: ratio, ratio, range: [ratio, ratio], noisy };
        Row::compared("P0", "work", "ms", (compared, goal))
    }

    #[test]
    fn a_goal_is_met_on_its_own_side_only() {
        assert_eq!(row(0.3, Goal::RatioAtLeast(0.25), false).met(), Some(true));
        assert_eq!(row(0.2, Goal::RatioAtLeast(0.25), false).met(), Some(false));
        assert_eq!(row(3.1, Goal::RatioAtMost(3.0), false).met(), Some(false));
        assert_eq!(row(f64::INFINITY, Goal::RatioAtMost(3.0), false).met(), Some(false));
        assert_eq!(row(99.0, Goal::AtMost(100.0), false).met(), Some(true));
        assert_eq!(row(f64::NAN, Goal::RatioAtLeast(0.25), false).met(), Some(false));
    }

    #[test]
    fn a_noisy_machine_gives_no_verdict() {
        let noisy = row(0.3, Goal::RatioAtLeast(0.25), true);
        assert_eq!(noisy.met(), None);
        assert!(noisy.cells().contains(&"too noisy".to_owned()));
    }
}
