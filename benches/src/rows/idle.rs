//! P11: what the one binary holds in memory when it has every role, nobody registered, and nothing to do.

use crate::figures::{median, range};
use crate::node::Node;
use crate::report::{Goal, Row, remark};
use crate::rounds::Plan;
use anyhow::Result;

/// Measures it. The node must be empty.
pub(crate) async fn measure(node: &Node, plan: Plan) -> Result<Row> {
    remark("P11: idle memory …");
    node.settle().await?;
    let mut found = Vec::with_capacity(plan.rounds);
    for _ in 0..plan.rounds {
        tokio::time::sleep(plan.turn / 4).await;
        found.push(node.resident_mib()?);
    }
    Ok(Row {
        id: "P11",
        what: "idle memory of one binary, empty",
        unit: "MiB",
        floor: None,
        product: median(found.iter().copied()),
        ratio: None,
        range: range(found.iter().copied()),
        goal: Goal::AtMost(100.0),
        noisy: false,
        notes: Vec::new(),
    })
}
