//! Whether a statement says anything that is not known: what an extract repeats is not stored again.

use domain::{Cardinality, Catalogue, DataItem, Instance, RecordChange};
use projection::{Arrival, RecordModel};

/// Whether a record stays what it is: all that the statement says is known already, or something newer is. How new and
/// how recent the known statements are does not count: an extract confirms them and stores nothing.
pub(crate) fn says_nothing_new(known: &RecordModel, change: &RecordChange) -> bool {
    let mut after = known.clone();
    let arrival = Arrival { received_at: change.occurred_at, offset: u64::MAX };
    if after.apply(change, arrival).superseded {
        return true;
    }
    known.state.demographics == after.state.demographics
        && known.is_removed() == after.is_removed()
        && known.held().map(content).eq(after.held().map(content))
}

/// An item without its time; the only one of its kind also without the name that the source gave it.
fn content(item: &DataItem) -> impl PartialEq + '_ {
    let is_single = Catalogue::standard().kind(item.kind).cardinality == Cardinality::Single;
    let instance: Option<&Instance> = (!is_single).then_some(&item.instance);
    (item.kind, instance, &item.fields, item.labels, &item.source_reference)
}
