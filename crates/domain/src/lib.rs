//! The vocabulary of Yett: identifiers, CHI number, source records, data items, levels, agreements, disclosures.
//!
//! Every other crate speaks in these types. There is no I/O here, no serialisation and no wire format: a value that
//! exists is a value that was checked by its constructor.

mod agreement;
mod catalogue;
mod chi_number;
mod clock;
mod demographics;
mod disclosure;
mod error;
mod fault;
mod flow;
mod governance;
mod ids;
mod item;
mod link;
mod nhs_number;
mod partial_date;
mod person_name;
mod postcode;
mod reason;
mod record;
mod requester;
mod sensitive;
mod text;
mod uprn;

pub use agreement::*;
pub use catalogue::*;
pub use chi_number::*;
pub use clock::*;
pub use demographics::*;
pub use disclosure::*;
pub use error::*;
pub use fault::*;
pub use flow::*;
pub use governance::*;
pub use ids::*;
pub use item::*;
pub use link::*;
pub use nhs_number::*;
pub use partial_date::*;
pub use person_name::*;
pub use postcode::*;
pub use reason::*;
pub use record::*;
pub use requester::*;
pub use sensitive::*;
pub use text::*;
pub use uprn::*;
