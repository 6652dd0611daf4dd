//! Rebuild: a read model folded anew from the log is, byte for byte, the one that was kept up.

use crate::node::Durable;

/// Compares the store with one that is folded from the log alone.
pub async fn rebuild_equals(durable: &Durable) -> Result<(), String> {
    let fresh = durable.beside();
    projector::catch_up(fresh.clone()).await.map_err(|error| format!("the log cannot be folded: {error}"))?;
    let kept = durable.ground.store.dump().await.map_err(|error| error.to_string())?;
    let folded = fresh.store.dump().await.map_err(|error| error.to_string())?;
    if kept == folded {
        return Ok(());
    }
    let differing = kept.lines().zip(folded.lines()).find(|(one, other)| one != other);
    let named =
        differing.map_or("the number of rows", |(line, _)| line.split(' ').next().unwrap_or_default());
    Err(format!("a rebuild differs from the kept read model in: {named}"))
}
