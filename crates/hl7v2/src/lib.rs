//! Reads HL7 v2 ADT messages into record changes and writes acknowledgements.
