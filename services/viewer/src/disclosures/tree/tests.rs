//! The tree against known answers and against the definition, word for word.

use super::*;
use proptest::prelude::*;

fn sha256(bytes: &[u8]) -> Hash {
    whole(&digest::digest(&digest::SHA256, bytes))
}

fn leaf(content: &[u8]) -> Hash {
    sha256(&[&[0], content].concat())
}

fn hash_of(hex: &str) -> Hash {
    let digits = hex.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap());
    let bytes: Vec<u8> = digits.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect();
    bytes.try_into().unwrap()
}

/// The root as section 2.1 of the RFC defines it.
fn defined(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => sha256(b""),
        [only] => *only,
        several => {
            let half = several.len().next_power_of_two() / 2;
            let (left, right) = several.split_at(half);
            sha256(&[&[1], defined(left).as_slice(), defined(right).as_slice()].concat())
        }
    }
}

fn grown(leaves: &[Hash]) -> Hash {
    let mut frontier = Frontier::default();
    for leaf in leaves {
        frontier.push(*leaf);
    }
    assert_eq!(frontier.size(), leaves.len() as u64);
    frontier.root()
}

fn leaves(count: usize) -> Vec<Hash> {
    (0..count).map(|number| leaf(&number.to_be_bytes())).collect()
}

fn roots(leaves: &[Hash], ranges: Option<Vec<Range<u64>>>) -> Vec<Hash> {
    let places =
        |range: Range<u64>| usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap();
    ranges.unwrap().into_iter().map(|range| defined(&leaves[places(range)])).collect()
}

#[test]
fn the_roots_are_those_that_every_certificate_log_knows() {
    let contents: [&[u8]; 8] = [b"", b"\0", b"\x10", b" !", b"01", b"@ABC", b"PQRSTUVW", b"`abcdefghijklmno"];
    let known = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let hashes = contents.map(leaf);
    for (size, root) in known.into_iter().enumerate() {
        assert_eq!(grown(&hashes[..size]), hash_of(root), "{size} leaves");
    }
}

#[test]
fn a_place_outside_the_tree_has_no_proof() {
    assert_eq!(inclusion(0, 0), None);
    assert_eq!(inclusion(5, 5), None);
    assert_eq!(consistency(6, 5), None);
    assert_eq!(inclusion(0, 1), Some(Vec::new()));
    assert_eq!(root_of_inclusion(5, 5, [0; 32], &[]), None);
    assert_eq!(root_of_inclusion(0, 0, [0; 32], &[]), None);
}

#[test]
fn every_pair_of_sizes_up_to_forty_is_proved() {
    let all = leaves(40);
    for size in 0..=all.len() {
        let (new, tree) = (defined(&all[..size]), &all[..size]);
        for older in 0..=size {
            let path = roots(tree, consistency(older as u64, size as u64));
            let (old, new) = ((older as u64, defined(&all[..older])), (size as u64, new));
            assert!(continues(old, new, &path), "{older} of {size}");
        }
        for (index, leaf) in tree.iter().enumerate() {
            let path = roots(tree, inclusion(index as u64, size as u64));
            let found = root_of_inclusion(index as u64, size as u64, *leaf, &path);
            assert_eq!(found, Some(new), "{index} of {size}");
        }
    }
}

proptest! {
    #[test]
    fn the_root_that_grew_is_the_root_as_defined(count in 0_usize..700) {
        let leaves = leaves(count);
        prop_assert_eq!(grown(&leaves), defined(&leaves));
    }

    #[test]
    fn a_changed_leaf_changes_the_root_and_its_proof_fails(count in 1_usize..200, at: prop::sample::Index) {
        let (honest, at) = (leaves(count), at.index(count));
        let mut changed = honest.clone();
        changed[at][31] ^= 1;
        prop_assert_ne!(grown(&changed), grown(&honest));
        let path = roots(&honest, inclusion(at as u64, count as u64));
        let found = root_of_inclusion(at as u64, count as u64, changed[at], &path);
        prop_assert_ne!(found, Some(grown(&honest)));
    }

    #[test]
    fn a_proof_with_a_changed_missing_or_added_hash_fails(size in 2_usize..120, index: prop::sample::Index, at: prop::sample::Index) {
        let (all, index) = (leaves(size), index.index(size));
        let root = Some(defined(&all));
        let path = roots(&all, inclusion(index as u64, size as u64));
        let check = |path: &[Hash]| root_of_inclusion(index as u64, size as u64, all[index], path);
        prop_assert_eq!(check(&path), root);
        let mut changed = path.clone();
        let at = at.index(path.len());
        changed[at][0] ^= 1;
        prop_assert_ne!(check(&changed), root);
        prop_assert_ne!(check(&path[1..]), root);
        prop_assert_eq!(check(&[path.as_slice(), &[[0; 32]]].concat()), None);
    }

    #[test]
    fn a_tree_whose_past_was_changed_does_not_continue_the_old_one(size in 2_usize..120, older: prop::sample::Index, at: prop::sample::Index) {
        let honest = leaves(size);
        let older = older.index(size - 1) + 1;
        let mut changed = honest.clone();
        changed[at.index(older)][0] ^= 1;
        let path = roots(&changed, consistency(older as u64, size as u64));
        let old = (older as u64, defined(&honest[..older]));
        prop_assert!(!continues(old, (size as u64, defined(&changed)), &path));
    }
}
