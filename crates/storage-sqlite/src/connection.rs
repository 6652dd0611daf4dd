//! Opens connections, and says what an error of SQLite means to a caller.

use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::path::Path;
use std::time::Duration;
use storage::Error;

const SCHEMA: &str = include_str!("schema.sql");
const SCHEMA_VERSION: u32 = 1;
const STATEMENTS: usize = 128;
/// Bytes of the file that a reader maps at most.
const MAPPED: i64 = 1 << 30;

/// What the file may lose at a power cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// The last commits; never the order or the wholeness of those before.
    MayLoseTheLast,
    /// Nothing that was committed.
    LosesNothing,
}

/// Opens the writing connection of a file, or of a store in memory.
pub(crate) fn open_writer(path: Option<&Path>, durability: Durability) -> Result<Connection, Error> {
    let connection = match path {
        Some(path) => Connection::open(path),
        None => Connection::open_in_memory(),
    }
    .map_err(failed)?;
    prepare(&connection)?;
    if path.is_some() {
        let synchronous = match durability {
            Durability::MayLoseTheLast => "NORMAL",
            Durability::LosesNothing => "FULL",
        };
        connection.pragma_update(None, "journal_mode", "WAL").map_err(failed)?;
        connection.pragma_update(None, "synchronous", synchronous).map_err(failed)?;
    }
    Ok(connection)
}

/// Opens a reading connection of a file that the writer has prepared.
pub(crate) fn open_reader(path: &Path) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(failed)?;
    prepare(&connection)?;
    // What the main file holds is read where it lies: a reader forgets its pages whenever somebody has written.
    connection.pragma_update(None, "mmap_size", MAPPED).map_err(failed)?;
    Ok(connection)
}

fn prepare(connection: &Connection) -> Result<(), Error> {
    connection.busy_timeout(Duration::from_secs(5)).map_err(failed)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.pragma_update(None, "temp_store", "MEMORY").map_err(failed)?;
    connection.pragma_update(None, "cache_size", -8192).map_err(failed) // 8 MiB
}

/// Makes the tables of a new store, and refuses one that a newer version wrote.
pub(crate) fn migrate(connection: &mut Connection) -> Result<(), Error> {
    let transaction = connection.transaction().map_err(failed)?;
    let found: u32 = transaction.query_row("PRAGMA user_version", (), |row| row.get(0)).map_err(failed)?;
    if found > SCHEMA_VERSION {
        return Err(Error::NewerSchema { found, known: SCHEMA_VERSION });
    }
    if found == 0 {
        transaction.execute_batch(SCHEMA).map_err(failed)?;
        transaction.pragma_update(None, "user_version", SCHEMA_VERSION).map_err(failed)?;
    }
    transaction.commit().map_err(failed)
}

/// What an error of SQLite means. Its own text may quote a statement, never a value.
#[allow(clippy::needless_pass_by_value, reason = "it stands in map_err")]
pub(crate) fn failed(error: rusqlite::Error) -> Error {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => Error::Full,
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            Error::Corrupt("the file is not a whole database".to_owned())
        }
        Some(code) => Error::Unavailable(format!("SQLite says {code:?}")),
        None => Error::Corrupt("a row of an unexpected shape".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_of_a_newer_version_is_refused() {
        let mut connection = open_writer(None, Durability::MayLoseTheLast).unwrap();
        migrate(&mut connection).unwrap();
        migrate(&mut connection).unwrap();
        connection.pragma_update(None, "user_version", 2).unwrap();
        assert_eq!(migrate(&mut connection), Err(Error::NewerSchema { found: 2, known: 1 }));
    }
}
