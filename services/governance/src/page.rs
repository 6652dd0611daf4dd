//! Pages of a list that is sorted by code.

/// Entries on a page where the caller does not say.
const USUAL: usize = 100;
/// Most entries on a page.
const MOST: usize = 1000;

/// The next page of a sorted list, and the token of the one after it: the last code given, or nothing at the end.
pub(crate) fn page<'a, T: 'a>(
    sorted: impl Iterator<Item = &'a T>,
    code: impl Fn(&T) -> &str,
    size: u32,
    token: &str,
) -> (Vec<&'a T>, String) {
    let size = match usize::try_from(size).unwrap_or(MOST) {
        0 => USUAL,
        asked => asked.min(MOST),
    };
    let mut rest = sorted.filter(|one| token.is_empty() || code(one) > token);
    let found: Vec<&T> = rest.by_ref().take(size).collect();
    let more = rest.next().is_some();
    let next = found.last().filter(|_| more).map(|one| code(one).to_owned());
    (found, next.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::page;

    fn codes(size: u32, token: &str) -> (Vec<String>, String) {
        let all = ["a".to_owned(), "b".to_owned(), "c".to_owned()];
        let (found, next) = page(all.iter(), |one| one.as_str(), size, token);
        (found.into_iter().cloned().collect(), next)
    }

    #[test]
    fn pages_follow_each_other_and_the_last_one_has_no_token() {
        assert_eq!(codes(2, ""), (vec!["a".to_owned(), "b".to_owned()], "b".to_owned()));
        assert_eq!(codes(2, "b"), (vec!["c".to_owned()], String::new()));
        assert_eq!(codes(3, "").1, "", "a page that ends with the list has no token");
        assert_eq!(codes(0, "").0.len(), 3, "no size is the usual size");
    }
}
