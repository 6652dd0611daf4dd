//! Accepts clinical feeds (gRPC, HL7 v2 over MLLP) and appends record events.
