//! Reading a log that nobody serves: for the offline verbs. Blocks; not for async code.

use crate::{reader, schema};
use event_log::{Error, LogPosition, StoredEvent, Stream};
use rusqlite::Connection;
use std::path::Path;

/// A log open for reading only.
#[derive(Debug)]
pub struct OfflineLog(Connection);

/// What was found in a stream that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The stream.
    pub stream: Stream,
    /// The place after the last event of every partition.
    pub end: Vec<LogPosition>,
}

impl OfflineLog {
    /// Opens the log in this file, which must be there.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let connection = schema::connect_to_read(path)?;
        match schema::check(&connection)? {
            0 => Err(Error::Unavailable("its file is empty".to_owned())),
            _ => Ok(Self(connection)),
        }
    }

    /// At most `limit` events of each partition from these positions on; a partition not named is read from its start.
    /// None at all: the end is reached.
    pub fn scan(
        &self,
        stream: Stream,
        from: &[LogPosition],
        limit: usize,
    ) -> Result<Vec<StoredEvent>, Error> {
        reader::look(&self.0, stream, &stream.places(from)?, limit.max(1))
    }

    /// The place after the last event of every partition.
    pub fn end(&self, stream: Stream) -> Result<Vec<LogPosition>, Error> {
        reader::end(&self.0, stream)
    }

    /// Checks the file's own structure, that no offset is missing, and that every event and no other is in the index
    /// of ids. Reads everything.
    pub fn verify(&self) -> Result<Vec<Verified>, Error> {
        let answer: String = self.one("PRAGMA quick_check(1)")?;
        if answer != "ok" {
            let position = LogPosition { partition: 0, offset: 0 };
            return Err(Error::Corrupt { position, what: "the file's structure is broken".to_owned() });
        }
        Stream::ALL.into_iter().map(|stream| self.verify_stream(stream)).collect()
    }

    fn verify_stream(&self, stream: Stream) -> Result<Verified, Error> {
        let end = self.end(stream)?;
        let ids = schema::ids_table(stream);
        let mut total = 0;
        for place in &end {
            let partition = place.partition;
            let events = schema::events_table(stream, partition);
            let count: i64 = self.one(&format!("SELECT count(*) FROM {events}"))?;
            if count.cast_unsigned() != place.offset {
                let found = LogPosition { partition, offset: count.cast_unsigned() };
                return Err(Error::Gap { expected: *place, found });
            }
            let known: i64 = self.one(&format!(
                "SELECT count(*) FROM {events} e JOIN {ids} i ON i.event_id = e.event_id \
                 AND i.place = e.place AND i.part = {partition}"
            ))?;
            if known != count {
                return Err(Error::Corrupt {
                    position: *place,
                    what: "an event is not in the index".to_owned(),
                });
            }
            total += count;
        }
        let indexed: i64 = self.one(&format!("SELECT count(*) FROM {ids}"))?;
        if indexed == total {
            return Ok(Verified { stream, end });
        }
        let position = LogPosition { partition: 0, offset: 0 };
        Err(Error::Corrupt { position, what: "the index names an event that is not there".to_owned() })
    }

    fn one<T: rusqlite::types::FromSql>(&self, sql: &str) -> Result<T, Error> {
        self.0.query_row(sql, [], |row| row.get(0)).map_err(|failure| schema::error(&failure))
    }
}
