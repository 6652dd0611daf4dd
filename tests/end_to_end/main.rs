//! The built binary from outside: started, fed, asked, starved, killed and read through its real ports.

mod feed;
mod mllp;
mod node;
mod people;
mod reading;
mod seed;
mod web;

mod bad_records;
mod one_process;
mod story;
