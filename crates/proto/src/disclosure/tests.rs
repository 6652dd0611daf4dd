//! Leaves read back as they were written; codes that are not known are refused.

use super::samples;
use super::*;
use proptest::prelude::*;

fn paths<T>(read: Result<T, Vec<FieldViolation>>) -> Vec<String> {
    read.err().unwrap_or_default().into_iter().map(|violation| violation.field).collect()
}

#[test]
fn a_disclosure_and_a_refusal_read_back() {
    for sent in [samples::made(), samples::reasoned(), samples::refused()] {
        assert_eq!(leaf(wire_leaf(&sent), sent.disclosed, "leaf"), Ok(sent));
    }
    let used = samples::made().flows.remove(0);
    assert_eq!(flow_use(wire_flow_use(&used), "flow"), Ok(used));
}

#[test]
fn a_code_that_is_not_known_is_refused() {
    let sent = || wire_leaf(&samples::made());
    assert_eq!(paths(leaf(v1::Leaf { exit: "fax".into(), ..sent() }, true, "leaf")), ["leaf.exit"]);
    assert_eq!(paths(leaf(v1::Leaf { purpose: String::new(), ..sent() }, true, "leaf")), ["leaf.purpose"]);
    let reasons = vec!["LVL_FLOW".into(), "LVL_MOON".into()];
    assert_eq!(paths(leaf(v1::Leaf { reasons, ..sent() }, true, "leaf")), ["leaf.reasons[1]"]);
    assert_eq!(paths(leaf(v1::Leaf { items: None, ..sent() }, true, "leaf")), ["leaf.items"]);
}

#[test]
fn a_stated_reason_is_told_and_never_printed() {
    let sent = samples::reasoned();
    assert_eq!(wire_leaf(&sent).stated_reason, "the sender asks\nwhich date is wrong");
    assert!(!format!("{sent:?}").contains("sender"), "{sent:?}");
    let blank = v1::Leaf { stated_reason: " ".into(), ..wire_leaf(&sent) };
    assert_eq!(paths(leaf(blank, true, "leaf")), ["leaf.stated_reason"]);
}

#[test]
fn a_refusal_has_no_digest_of_a_body_and_a_disclosure_has_one() {
    assert_eq!(paths(leaf(wire_leaf(&samples::made()), false, "leaf")), ["leaf.body_digest"]);
    assert_eq!(paths(leaf(wire_leaf(&samples::refused()), true, "leaf")), ["leaf.body_digest"]);
}

proptest! {
    #[test]
    fn every_mask_keeps_all_its_bits(bits in any::<u128>()) {
        prop_assert_eq!(item_mask(wire_item_mask(ItemMask::from_bits(bits))).bits(), bits);
    }
}
