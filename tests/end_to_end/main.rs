//! The built binary from outside: started, fed, asked, starved, killed and read through its real ports.

mod feed;
mod mllp;
mod node;
mod people;
mod reading;
mod seed;
mod web;

mod bad_bytes;
mod bad_launches;
mod bad_messages;
mod bad_records;
mod bad_requests;
mod bad_settings;
mod full_disk;
mod one_process;
mod real_input;
mod sealing;
mod silent_logs;
mod story;

/// Says something that nobody may miss, past the capture of a test's output.
fn loudly(words: &str) {
    use std::io::Write;
    let frame = "*".repeat(words.chars().count() + 6);
    let text = format!("\n{frame}\n** {words} **\n{frame}\n");
    std::io::stderr().write_all(text.as_bytes()).unwrap();
}
