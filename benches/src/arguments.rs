//! The command line of `scripts/bench`, and the hidden one by which a floor is started as a process of its own.

use std::net::SocketAddr;
use std::path::PathBuf;

/// Measures the product beside the floor of its machine.
#[derive(Debug, clap::Parser)]
#[command(name = "scripts/bench", args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
pub(crate) struct Arguments {
    /// Fewer and shorter rounds.
    #[arg(long)]
    pub(crate) quick: bool,
    /// Prints JSON for programs.
    #[arg(long)]
    pub(crate) json: bool,
    /// Rows to measure; all of them by default.
    #[arg(ignore_case = true)]
    rows: Vec<RowName>,
    #[command(subcommand)]
    pub(crate) floor: Option<Floor>,
}

/// A row of the table of goals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum RowName {
    /// Freshness at 200 a second.
    #[value(name = "P1")]
    P1,
    /// Intake, unary, 64 publishers.
    #[value(name = "P3")]
    P3,
    /// The permitted view as shipped, 64 connections.
    #[value(name = "P4b")]
    P4b,
    /// Memory, idle and empty.
    #[value(name = "P11")]
    P11,
}

/// A floor, started by the bench itself.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Floor {
    /// A paced append to a log in SQLite.
    #[command(hide = true, name = "floor-append")]
    Append(Append),
    /// A unary gRPC call that stores nothing.
    #[command(hide = true, name = "floor-echo")]
    Echo {
        /// Where it listens.
        listen: SocketAddr,
    },
    /// A fixed answer over HTTP.
    #[command(hide = true, name = "floor-fixed")]
    Fixed {
        /// Where it listens.
        listen: SocketAddr,
        /// File with the answer.
        body: PathBuf,
    },
}

/// The appends of one round.
#[derive(Debug, clap::Args)]
pub(crate) struct Append {
    /// File of the log.
    pub(crate) file: PathBuf,
    /// Bytes of each payload.
    pub(crate) payload_bytes: usize,
    /// How many.
    pub(crate) count: u32,
}

impl Arguments {
    /// Whether a row is asked for.
    pub(crate) fn wants(&self, row: RowName) -> bool {
        self.rows.is_empty() || self.rows.contains(&row)
    }

    /// Whether any row is asked for that needs a seeded node.
    pub(crate) fn wants_people(&self) -> bool {
        [RowName::P1, RowName::P3, RowName::P4b].into_iter().any(|row| self.wants(row))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    fn parsed(words: &[&str]) -> Arguments {
        Arguments::try_parse_from(std::iter::once(&"bench").chain(words)).unwrap()
    }

    #[test]
    fn every_row_is_measured_unless_some_are_named() {
        assert!(parsed(&["--quick"]).wants(RowName::P4b));
        let named = parsed(&["--json", "P3", "p11"]);
        assert!(named.wants(RowName::P3) && named.wants(RowName::P11) && !named.wants(RowName::P1));
        assert!(named.wants_people() && !parsed(&["P11"]).wants_people());
        assert!(Arguments::try_parse_from(["bench", "P99"]).is_err());
    }

    #[test]
    fn a_floor_is_a_command_of_its_own() {
        assert!(matches!(parsed(&["floor-echo", "127.0.0.1:1"]).floor, Some(Floor::Echo { .. })));
    }
}
