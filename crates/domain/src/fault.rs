//! Planted faults: mistakes that the simulation switches on to prove that it would catch them.
//!
//! They exist only where the feature `planted-faults` is on, which nothing but the tests turns on. Without it the
//! question is the constant `false`, and the compiler leaves no trace of them.

/// Mistakes that can be planted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Repeats are handled again.
    DedupeOff,
    /// Items leave without a decision about them.
    GateSkipped,
    /// Decisions rest on a snapshot of any age.
    LeaseIgnored,
    /// Bytes leave before their leaf is durable.
    ByteBeforeLeaf,
    /// The position is committed before the rows.
    PositionBeforeRows,
    /// An unlink leaves the link in the read model.
    LinkKeptAfterUnlink,
    /// A merge changes nothing in the read model.
    RedirectIgnored,
    /// A number leaves for a source system that no flow tells of identities.
    NumberWithoutFlow,
}

#[cfg(feature = "planted-faults")]
thread_local! {
    static PLANTED: std::cell::Cell<Option<Fault>> = const { std::cell::Cell::new(None) };
}

/// Whether the mistake is planted on this thread.
#[inline]
pub fn planted(fault: Fault) -> bool {
    #[cfg(feature = "planted-faults")]
    {
        // The marker is read here, so that every binary that could have a mistake planted holds it.
        PLANTED.get() == Some(fault) && !std::hint::black_box(PLANTED_MARKER).is_empty()
    }
    #[cfg(not(feature = "planted-faults"))]
    {
        // Names the argument, so that both builds have the same signature.
        drop_name(fault);
        false
    }
}

#[cfg(not(feature = "planted-faults"))]
const fn drop_name(_fault: Fault) {}

/// Plants a mistake on this thread, or takes it out.
#[cfg(feature = "planted-faults")]
pub fn plant(fault: Option<Fault>) {
    PLANTED.set(fault);
}

/// Stands in every binary that was built with planted faults. A test looks for it: a shipped one must not hold it.
#[cfg(feature = "planted-faults")]
pub const PLANTED_MARKER: &str = "yett was built with planted faults";
