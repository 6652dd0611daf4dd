//! Alerts: what changes what you do at the door or the bedside, first among the content.

use super::entries::Context;
use super::input::PanelInput;
use super::layout;
use super::model::Entry;
use super::words::{Words, upper_first};
use domain::ItemKind;

/// The alerts, in the order of the layout. That an alert is held is said only where no text of one is shown.
pub(super) fn alerts(input: &PanelInput<'_>, context: &Context) -> Vec<Entry> {
    let kinds = layout::alert_kinds(input.source.side);
    let told = |kind: ItemKind| input.items.iter().any(|one| one.item.kind == kind);
    let text_shown = kinds.iter().any(|kind| *kind != ItemKind::ALERT_EXISTS && told(*kind));
    let text_shared =
        kinds.iter().any(|kind| *kind != ItemKind::ALERT_EXISTS && input.shared.contains(*kind));
    let shown = kinds.iter().filter(|kind| **kind != ItemKind::ALERT_EXISTS || !text_shown);
    let mut alerts: Vec<Entry> =
        shown.flat_map(|kind| super::build::entries_of(input, &[*kind], context)).collect();
    if text_shared && !text_shown {
        for alert in &mut alerts {
            alert.more = not_shown_here();
        }
    }
    alerts
}

/// The level shares alerts, and yet none has a text to show.
fn not_shown_here() -> Words {
    Words::ours("What it says is not shown here. Phone before you visit.")
}

/// The kind that says that an alert is held counts as shown once any alert is.
pub(super) fn says_alert_held(input: &PanelInput<'_>) -> bool {
    layout::alert_kinds(input.source.side)
        .iter()
        .any(|kind| input.items.iter().any(|one| one.item.kind == *kind))
}

/// What is shown on a group's line of times for alerts.
pub(super) fn times_title(input: &PanelInput<'_>) -> String {
    let kinds = layout::alert_kinds(input.source.side);
    let only_held = kinds
        .iter()
        .all(|kind| *kind == ItemKind::ALERT_EXISTS || !input.items.iter().any(|one| one.item.kind == *kind));
    upper_first(if only_held { "alert held" } else { "alerts" })
}
