//! What a sender may put into a patch: how many, how long, which characters. Must not be asked of what the log
//! already holds: a limit that moves later would make old events unreadable.

use super::v1;
use crate::reading::Reading;

const MOST_OF_A_LIST: usize = 50;
const MOST_LINES: usize = 8;
const LONGEST_TEXT: usize = 200;

/// Notes everything in a sender's patch that is over a limit.
pub(super) fn check(patch: &v1::DemographicsPatch, at: &str, reading: &mut Reading) {
    let names = patch.names.as_ref().map_or(0, |list| list.names.len());
    count(names, &format!("{at}.names.names"), reading);
    if let Some(list) = &patch.addresses {
        count(list.addresses.len(), &format!("{at}.addresses.addresses"), reading);
        for (index, address) in list.addresses.iter().enumerate() {
            check_lines(&address.lines, &format!("{at}.addresses.addresses[{index}].lines"), reading);
        }
    }
    if let Some(list) = &patch.contacts {
        count(list.contacts.len(), &format!("{at}.contacts.contacts"), reading);
        for (index, contact) in list.contacts.iter().enumerate() {
            check_contact(&contact.value, &format!("{at}.contacts.contacts[{index}].value"), reading);
        }
    }
}

fn count(number: usize, at: &str, reading: &mut Reading) {
    if number > MOST_OF_A_LIST {
        reading.refuse(at, format!("must be at most {MOST_OF_A_LIST}"));
    }
}

fn check_lines(lines: &[String], at: &str, reading: &mut Reading) {
    if lines.len() > MOST_LINES {
        reading.refuse(at, format!("must be at most {MOST_LINES} lines"));
    }
    for (index, line) in lines.iter().enumerate() {
        if !is_plain(line) {
            let rule = format!("must be at most {LONGEST_TEXT} characters, without control characters");
            reading.refuse(&format!("{at}[{index}]"), rule);
        }
    }
}

fn check_contact(value: &str, at: &str, reading: &mut Reading) {
    if value.is_empty() || !is_plain(value) {
        let rule = format!("must be 1 to {LONGEST_TEXT} characters, without control characters");
        reading.refuse(at, rule);
    }
}

fn is_plain(text: &str) -> bool {
    text.chars().count() <= LONGEST_TEXT && !text.chars().any(char::is_control)
}
