//! Checkpoints: what the tree was at a size, signed, in the form of a signed note (C2SP signed-note and
//! tlog-checkpoint), so that anybody with the public key can keep one and hold the log to it.

use super::tree::Hash;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::digest;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};

/// The byte that stands for Ed25519 in the hash of a key.
const ALGORITHM: u8 = 1;
/// Longest note that is read: a checkpoint with a few dozen signatures.
const LONGEST: usize = 16 << 10;

/// Why a key or a note was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// The log's name cannot stand in a note.
    #[error("the name of the log must be 1 to 200 printable characters without spaces and +")]
    Origin,
    /// The signing key cannot be read.
    #[error("the signing key is not an Ed25519 key in PKCS#8")]
    Key,
    /// The text is not a checkpoint.
    #[error("the text is not a checkpoint: it needs origin, size and root, an empty line and signatures")]
    Form,
    /// It is a checkpoint of another log.
    #[error("the checkpoint is one of another log")]
    OtherLog,
    /// No signature of the expected key, or a wrong one.
    #[error("the checkpoint is not signed by the expected key")]
    Signature,
}

/// What the tree was at a size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Name of the log.
    pub origin: String,
    /// Number of leaves.
    pub size: u64,
    /// Root of the tree.
    pub root: Hash,
}

impl Checkpoint {
    /// The text that is signed.
    fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, STANDARD.encode(self.root))
    }

    /// Reads the text that is signed. Lines after the root are extensions, and are let be.
    fn read(text: &str) -> Option<Self> {
        let mut lines = text.strip_suffix('\n')?.split('\n');
        let (origin, size, root) = (lines.next()?, lines.next()?, lines.next()?);
        let number = size.parse::<u64>().ok().filter(|number| number.to_string() == size)?;
        let root = STANDARD.decode(root).ok()?.try_into().ok()?;
        is_name(origin).then(|| Self { origin: origin.to_owned(), size: number, root })
    }
}

fn is_name(name: &str) -> bool {
    let allowed = |c: char| !c.is_whitespace() && !c.is_control() && c != '+';
    !name.is_empty() && name.chars().count() <= 200 && name.chars().all(allowed)
}

/// The key that signs checkpoints, under the log's name.
pub struct CheckpointKey {
    pair: Ed25519KeyPair,
    public: CheckpointVerifier,
}

impl CheckpointKey {
    /// A key in PKCS#8, for the log of this name.
    pub fn new(origin: &str, pkcs8: &[u8]) -> Result<Self, NoteError> {
        let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(pkcs8).map_err(|_| NoteError::Key)?;
        let public = pair.public_key().as_ref().try_into().map_err(|_| NoteError::Key)?;
        Ok(Self { pair, public: CheckpointVerifier::new(origin, public)? })
    }

    /// What checks its signatures.
    pub fn verifier(&self) -> &CheckpointVerifier {
        &self.public
    }

    /// The signed note of a tree.
    pub fn sign(&self, size: u64, root: Hash) -> String {
        let checkpoint = Checkpoint { origin: self.public.origin.clone(), size, root };
        let text = checkpoint.text();
        let mut signature = self.public.key_hash().to_vec();
        signature.extend_from_slice(self.pair.sign(text.as_bytes()).as_ref());
        format!("{text}\n\u{2014} {} {}\n", self.public.origin, STANDARD.encode(signature))
    }
}

impl std::fmt::Debug for CheckpointKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "CheckpointKey({})", self.public)
    }
}

/// The public half: the log's name and its public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckpointVerifier {
    origin: String,
    public: [u8; 32],
}

impl CheckpointVerifier {
    /// The log of this name and this Ed25519 public key.
    pub fn new(origin: &str, public: [u8; 32]) -> Result<Self, NoteError> {
        let key = Self { origin: origin.to_owned(), public };
        is_name(origin).then_some(key).ok_or(NoteError::Origin)
    }

    /// Name of the log.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Reads a note, which must be one of this log and signed by this key. Signatures of others are let be.
    pub fn open(&self, note: &str) -> Result<Checkpoint, NoteError> {
        let (text, signatures) = split(note).ok_or(NoteError::Form)?;
        let checkpoint = Checkpoint::read(text).ok_or(NoteError::Form)?;
        if checkpoint.origin != self.origin {
            return Err(NoteError::OtherLog);
        }
        let own = signatures.lines().filter_map(|line| self.own_signature(line));
        let key = UnparsedPublicKey::new(&ED25519, &self.public);
        let mut valid = own.map(|signature| key.verify(text.as_bytes(), &signature).is_ok()).peekable();
        let signed = valid.peek().is_some() && valid.all(|valid| valid);
        signed.then_some(checkpoint).ok_or(NoteError::Signature)
    }

    /// The signature of a line, if it is by this key.
    fn own_signature(&self, line: &str) -> Option<Vec<u8>> {
        let (name, encoded) = line.strip_prefix("\u{2014} ")?.split_once(' ')?;
        let bytes = STANDARD.decode(encoded).ok()?;
        let (hash, signature) = bytes.split_first_chunk::<4>()?;
        (name == self.origin && *hash == self.key_hash()).then(|| signature.to_vec())
    }

    /// The first four bytes of SHA-256 over name, line feed, algorithm and key.
    fn key_hash(&self) -> [u8; 4] {
        let mut context = digest::Context::new(&digest::SHA256);
        context.update(self.origin.as_bytes());
        context.update(&[b'\n', ALGORITHM]);
        context.update(&self.public);
        context.finish().as_ref().first_chunk().copied().unwrap_or_default()
    }
}

impl std::fmt::Display for CheckpointVerifier {
    /// The form in which verifier keys are passed on: `name+hash+key`.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut key = vec![ALGORITHM];
        key.extend_from_slice(&self.public);
        let hash = u32::from_be_bytes(self.key_hash());
        write!(formatter, "{}+{hash:08x}+{}", self.origin, STANDARD.encode(key))
    }
}

/// The signed text, with its last line feed, and the lines of signatures.
fn split(note: &str) -> Option<(&str, &str)> {
    let (text, signatures) = note.rsplit_once("\n\n").filter(|_| note.len() <= LONGEST)?;
    let text = note.get(..text.len() + 1)?;
    signatures.ends_with('\n').then_some((text, signatures))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORIGIN: &str = "yett.example/disclosures";

    fn key(seed: u8) -> CheckpointKey {
        // PKCS#8 version 1 around a seed of 32 bytes (RFC 8410).
        let mut pkcs8 = vec![0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
        pkcs8.extend_from_slice(&[seed; 32]);
        CheckpointKey::new(ORIGIN, &pkcs8).unwrap()
    }

    #[test]
    fn a_signed_checkpoint_reads_back() {
        let note = key(1).sign(12, [7; 32]);
        let checkpoint = key(1).verifier().open(&note).unwrap();
        assert_eq!(checkpoint, Checkpoint { origin: ORIGIN.to_owned(), size: 12, root: [7; 32] });
        let lines: Vec<&str> = note.lines().collect();
        assert_eq!(lines[..4], [ORIGIN, "12", "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=", ""]);
        assert!(lines[4].starts_with("\u{2014} yett.example/disclosures "));
    }

    #[test]
    fn the_note_is_the_one_that_another_program_makes() {
        assert_eq!(
            key(1).verifier().to_string(),
            "yett.example/disclosures+51b43e3e+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c"
        );
        assert_eq!(
            key(1).sign(12, [7; 32]).lines().last(),
            Some(
                "\u{2014} yett.example/disclosures UbQ+PkcuOXuEjWLXgi/4SFeS5uAsLPwDgf57UlJoNyx4s4VYjL62stwZcz3GZZs0ERpk5hH5UkqpIpd5Etel1f4tcws="
            )
        );
    }

    #[test]
    fn any_changed_byte_is_refused() {
        let note = key(1).sign(12, [7; 32]);
        for place in 0..note.len() {
            let mut bytes = note.clone().into_bytes();
            bytes[place] ^= 1;
            let Ok(changed) = String::from_utf8(bytes) else { continue };
            assert!(key(1).verifier().open(&changed).is_err(), "byte {place}");
        }
        assert_eq!(key(1).verifier().open(note.trim_end()), Err(NoteError::Form));
    }

    #[test]
    fn another_key_or_another_log_does_not_count() {
        let note = key(2).sign(12, [7; 32]);
        assert_eq!(key(1).verifier().open(&note), Err(NoteError::Signature));
        let other = CheckpointVerifier::new("other.example", key(2).verifier().public).unwrap();
        assert_eq!(other.open(&note), Err(NoteError::OtherLog));
    }

    #[test]
    fn a_cosigned_checkpoint_still_counts_and_a_forged_line_beside_it_does_not() {
        let note = key(1).sign(12, [7; 32]);
        let theirs = key(2).sign(12, [7; 32]);
        let cosigned = format!("{note}{}\n", theirs.lines().last().unwrap());
        assert!(key(1).verifier().open(&cosigned).is_ok());
        let forged = format!("{note}{}\n", key(1).sign(13, [7; 32]).lines().last().unwrap());
        assert_eq!(key(1).verifier().open(&forged), Err(NoteError::Signature));
    }

    #[test]
    fn a_name_that_would_break_the_note_is_refused() {
        for name in ["", "two words", "a+b", "a\nb", &"x".repeat(201)] {
            assert_eq!(CheckpointVerifier::new(name, [0; 32]), Err(NoteError::Origin));
        }
        assert_eq!(CheckpointKey::new(ORIGIN, &[0; 40]).unwrap_err(), NoteError::Key);
    }
}
