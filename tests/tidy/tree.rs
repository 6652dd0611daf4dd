//! The text files of this checkout, as git knows them: committed, staged or new, and not ignored.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// One text file; `path` is relative to the root of the checkout, with `/`.
pub struct SourceFile {
    pub path: String,
    pub text: String,
}

impl SourceFile {
    #[cfg(test)]
    pub fn sample(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    /// The part after the last dot of the name, or nothing.
    pub fn extension(&self) -> &str {
        self.name().rsplit_once('.').map_or("", |(_, extension)| extension)
    }

    /// The name without its folders.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// The package folder below `crates/` or `services/`, if the file is the product's.
    pub fn package(&self) -> Option<&str> {
        let rest = self.path.strip_prefix("crates/").or_else(|| self.path.strip_prefix("services/"))?;
        rest.split('/').next()
    }

    /// Rust that ships: no test files, no comment lines, nothing from the closing test module on.
    pub fn shipped_rust(&self) -> Option<String> {
        let inside =
            self.path.split('/').any(|part| part == "tests" || part == "tests.rs" || part == "benches");
        if self.extension() != "rs" || self.package().is_none() || inside {
            return None;
        }
        let body = &self.text[..test_module_start(&self.text)];
        Some(body.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n"))
    }
}

/// Where `#[cfg(test)] mod … {` begins, or the end of the text; `#[cfg(test)] mod tests;` cuts nothing.
fn test_module_start(text: &str) -> usize {
    text.match_indices("#[cfg(test)]")
        .find(|(at, marker)| {
            let after = text[at + marker.len()..].trim_start();
            let end = after.find(['{', ';']).unwrap_or(after.len());
            after[end..].starts_with('{') && after[..end].split_whitespace().any(|word| word == "mod")
        })
        .map_or(text.len(), |(at, _)| at)
}

/// The root of the checkout.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the checkout")
}

/// Every text file, read once.
pub fn files() -> &'static [SourceFile] {
    static FILES: OnceLock<Vec<SourceFile>> = OnceLock::new();
    FILES.get_or_init(|| listed().iter().filter_map(|path| read(path)).collect())
}

fn listed() -> Vec<PathBuf> {
    let listing = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .expect("git lists the files of the checkout");
    assert!(listing.status.success(), "git ls-files failed: run the tests in a git checkout");
    let names = String::from_utf8(listing.stdout).expect("file names are UTF-8");
    names.split('\0').filter(|name| !name.is_empty()).map(PathBuf::from).collect()
}

fn read(path: &Path) -> Option<SourceFile> {
    let bytes = std::fs::read(root().join(path)).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    Some(SourceFile { path: path.to_str()?.to_owned(), text })
}

#[test]
fn the_checkout_is_really_read() {
    let paths: Vec<_> = files().iter().map(|file| file.path.as_str()).collect();
    assert!(paths.contains(&"Cargo.toml") && paths.contains(&"crates/domain/src/lib.rs"), "{paths:?}");
}

#[test]
fn the_closing_test_module_does_not_count_as_shipped() {
    let text =
        "//! x\n#[cfg(test)]\nmod tests;\nfn real() {}\n#[cfg(test)]\nmod more {\nfn test_only() {}\n}\n";
    let shipped = SourceFile::sample("crates/gate/src/a.rs", text).shipped_rust().unwrap();
    assert!(shipped.contains("real") && !shipped.contains("test_only"), "{shipped}");
    assert!(SourceFile::sample("crates/gate/src/a/tests.rs", text).shipped_rust().is_none());
}
