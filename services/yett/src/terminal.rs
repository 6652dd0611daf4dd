//! What people at a terminal see: lines, tables, JSON for programs. The only place that writes to standard output.

use anyhow::Result;
use serde::Serialize;
use std::io::Write;

/// Writes one line to standard output.
pub(crate) fn line(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.write_all(b"\n")?;
    Ok(out.flush()?)
}

/// Writes bytes as they are.
pub(crate) fn raw(bytes: &[u8]) -> Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(bytes)?;
    Ok(out.flush()?)
}

/// Writes one line to standard error: progress and remarks, apart from what programs read.
pub(crate) fn remark(text: &str) -> Result<()> {
    let mut out = std::io::stderr().lock();
    out.write_all(text.as_bytes())?;
    Ok(out.write_all(b"\n")?)
}

/// Writes a value as JSON.
pub(crate) fn json<T: Serialize>(value: &T) -> Result<()> {
    line(&serde_json::to_string_pretty(value)?)
}

/// Writes a table with a heading; columns are as wide as their longest cell.
pub(crate) fn table(heading: &[&str], rows: &[Vec<String>]) -> Result<()> {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        let own = heading.get(column).map_or(0, |text| text.chars().count());
        cells.max().unwrap_or(0).max(own)
    };
    let widths: Vec<usize> = (0..heading.len()).map(width).collect();
    let laid_out = |cells: &mut dyn Iterator<Item = &str>| {
        let padded: Vec<String> = cells.zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        padded.join("  ").trim_end().to_owned()
    };
    line(&laid_out(&mut heading.iter().copied()))?;
    for row in rows {
        line(&laid_out(&mut row.iter().map(String::as_str)))?;
    }
    Ok(())
}
