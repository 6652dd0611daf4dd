//! Where the product does less than the design says, or other than it. The facts of a run follow the product there, so
//! that everything else is judged exactly; whoever mends one of these turns it to `true`, and the oracles hold the
//! product to it from then on.

/// A record that is linked to a person whose index record was merged away is the surviving person's. The decider says
/// so (`LinkGraph::resolve_person`); the read model still finds the retired person, and none of the survivor's records.
pub const MERGED_PERSONS_ARE_FOLLOWED: bool = false;

/// A record whose data belongs to another one tells of no relationship of its own any more, and a record of which only
/// the data is a person's tells nothing of when they were born.
pub const MOVED_DATA_LEAVES_ALL_ELSE_BEHIND: bool = false;

/// Data that was moved to another record of the same person is shown: the store gives the record in two parts, and the
/// gate looks at the first of them alone (`wanted` in its `view.rs`).
pub const DATA_MOVED_WITHIN_A_PERSON_IS_SHOWN: bool = false;
