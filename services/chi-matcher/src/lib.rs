//! Consumes demographics, emits link events, offers the clerical review worklist.
