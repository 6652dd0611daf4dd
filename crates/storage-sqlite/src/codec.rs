//! The bytes of bodies in rows: compact, one way to write each value, readable by every later version.
//!
//! A body starts with the number of its form. Fields follow in a fixed order, each with its own length where it needs
//! one. Reading goes through the constructors of the domain: a row that they refuse is corrupt. The read model is built
//! from the log, so a new form needs a rebuild and no conversion.

mod people;
mod rows;
mod words;

pub(crate) use rows::{Closing, Facts, Upkeep};
use storage::Error;

/// Number of the form that this version writes.
const FORM: u8 = 1;

/// A value that has a form in bytes.
pub(crate) trait Coded: Sized {
    /// Writes the value.
    fn put(&self, out: &mut Vec<u8>);
    /// Reads the value.
    fn take(input: &mut Input<'_>) -> Result<Self, Error>;
}

/// What is left to read of a body.
pub(crate) struct Input<'a>(&'a [u8]);

/// Writes a body.
pub(crate) fn encode<T: Coded>(value: &T) -> Vec<u8> {
    let mut out = vec![FORM];
    value.put(&mut out);
    out
}

/// Reads a body whole.
pub(crate) fn decode<T: Coded>(bytes: &[u8]) -> Result<T, Error> {
    let mut input = Input(bytes);
    if input.byte()? != FORM {
        return Err(corrupt("a body of an unknown form"));
    }
    let value = T::take(&mut input)?;
    if input.0.is_empty() { Ok(value) } else { Err(corrupt("a body with bytes after its end")) }
}

pub(crate) fn corrupt(what: &str) -> Error {
    Error::Corrupt(what.to_owned())
}

impl<'a> Input<'a> {
    fn byte(&mut self) -> Result<u8, Error> {
        let (first, rest) = self.0.split_first().ok_or_else(|| corrupt("a body that ends too soon"))?;
        self.0 = rest;
        Ok(*first)
    }

    fn bytes(&mut self, length: usize) -> Result<&'a [u8], Error> {
        let (taken, rest) =
            self.0.split_at_checked(length).ok_or_else(|| corrupt("a body that ends too soon"))?;
        self.0 = rest;
        Ok(taken)
    }

    fn length(&mut self) -> Result<usize, Error> {
        let length = usize::try_from(u64::take(self)?).map_err(|_| corrupt("a length that is too great"))?;
        if length > self.0.len() {
            return Err(corrupt("a length beyond the end of a body")); // every element has at least one byte
        }
        Ok(length)
    }
}

impl Coded for u8 {
    fn put(&self, out: &mut Vec<u8>) {
        out.push(*self);
    }
    fn take(input: &mut Input<'_>) -> Result<Self, Error> {
        input.byte()
    }
}

impl Coded for u64 {
    /// Seven bits a byte, the lowest first.
    fn put(&self, out: &mut Vec<u8>) {
        let mut rest = *self;
        while rest >= 0x80 {
            out.push(low_byte(rest) | 0x80);
            rest >>= 7;
        }
        out.push(low_byte(rest));
    }
    fn take(input: &mut Input<'_>) -> Result<Self, Error> {
        let mut value = 0_u64;
        for place in 0..10 {
            let byte = input.byte()?;
            let bits = u64::from(byte & 0x7F);
            if place == 9 && bits > 1 {
                break;
            }
            value |= bits << (7 * place);
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(corrupt("a number that is too great"))
    }
}

/// The lowest byte of a number.
fn low_byte(number: u64) -> u8 {
    let [low, ..] = number.to_le_bytes();
    low
}

impl Coded for u32 {
    fn put(&self, out: &mut Vec<u8>) {
        u64::from(*self).put(out);
    }
    fn take(input: &mut Input<'_>) -> Result<Self, Error> {
        Self::try_from(u64::take(input)?).map_err(|_| corrupt("a number that is too great"))
    }
}

impl Coded for u128 {
    fn put(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.to_be_bytes());
    }
    fn take(input: &mut Input<'_>) -> Result<Self, Error> {
        let bytes = input.bytes(16)?;
        Ok(Self::from_be_bytes(bytes.try_into().map_err(|_| corrupt("a short number"))?))
    }
}

impl Coded for i64 {
    /// Small figures of either sign stay short.
    fn put(&self, out: &mut Vec<u8>) {
        let folded = (self << 1) ^ (self >> 63);
        folded.cast_unsigned().put(out);
    }
    fn take(input: &mut Input<'_>) -> Result<Self, Error> {
        let folded = u64::take(input)?;
        Ok((folded >> 1).cast_signed() ^ -((folded & 1).cast_signed()))
    }
}

impl Coded for f64 {
    fn put(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.to_bits().to_be_bytes());
    }
    fn take(input: &mut Input<'_>) -> Result<Self, Error> {
        let bytes = input.bytes(8)?;
        Ok(Self::from_bits(u64::from_be_bytes(bytes.try_into().map_err(|_| corrupt("a short figure"))?)))
    }
}

impl Coded for bool {
    fn put(&self, out: &mut Vec<u8>) {
        out.push(u8::from(*self));
    }
    fn take(input: &mut Input<'_>) -> Result<Self, Error> {
        match input.byte()? {
            0 => Ok(false),
            1 => Ok(true),
            2..=u8::MAX => Err(corrupt("a mark that is neither yes nor no")),
        }
    }
}

impl Coded for String {
    fn put(&self, out: &mut Vec<u8>) {
        put_text(self, out);
    }
    fn take(input: &mut Input<'_>) -> Result<Self, Error> {
        take_text(input).map(str::to_owned)
    }
}

pub(super) fn put_text(text: &str, out: &mut Vec<u8>) {
    put_length(text.len(), out);
    out.extend_from_slice(text.as_bytes());
}

pub(super) fn take_text<'a>(input: &mut Input<'a>) -> Result<&'a str, Error> {
    let length = input.length()?;
    std::str::from_utf8(input.bytes(length)?).map_err(|_| corrupt("text that is not UTF-8"))
}

fn put_length(length: usize, out: &mut Vec<u8>) {
    u64::try_from(length).unwrap_or(u64::MAX).put(out);
}

impl<T: Coded> Coded for Option<T> {
    fn put(&self, out: &mut Vec<u8>) {
        self.is_some().put(out);
        if let Some(value) = self {
            value.put(out);
        }
    }
    fn take(input: &mut Input<'_>) -> Result<Self, Error> {
        if bool::take(input)? { T::take(input).map(Some) } else { Ok(None) }
    }
}

impl<T: Coded> Coded for Vec<T> {
    fn put(&self, out: &mut Vec<u8>) {
        put_length(self.len(), out);
        for value in self {
            value.put(out);
        }
    }
    fn take(input: &mut Input<'_>) -> Result<Self, Error> {
        (0..input.length()?).map(|_| T::take(input)).collect()
    }
}

impl<A: Coded, B: Coded> Coded for (A, B) {
    fn put(&self, out: &mut Vec<u8>) {
        self.0.put(out);
        self.1.put(out);
    }
    fn take(input: &mut Input<'_>) -> Result<Self, Error> {
        Ok((A::take(input)?, B::take(input)?))
    }
}

/// A struct of public fields, in the order named. Fields after `+` came later, at the end of a body: one that was written
/// before ends without them, and has none.
macro_rules! coded_struct {
    ($($name:ident { $($field:ident),* $(,)? $(+ $added:ident)* })*) => {
        $(impl Coded for $name {
            fn put(&self, out: &mut Vec<u8>) {
                $(self.$field.put(out);)*
                $(self.$added.put(out);)*
            }
            fn take(input: &mut Input<'_>) -> Result<Self, Error> {
                Ok(Self {
                    $($field: Coded::take(input)?,)*
                    $($added: if input.0.is_empty() { None } else { Coded::take(input)? },)*
                })
            }
        })*
    };
}

/// An enum without fields, by numbers that stand for ever.
macro_rules! coded_enum {
    ($($name:ident { $($variant:ident = $number:literal),* $(,)? })*) => {
        $(impl Coded for $name {
            fn put(&self, out: &mut Vec<u8>) {
                out.push(match self { $(Self::$variant => $number),* });
            }
            fn take(input: &mut Input<'_>) -> Result<Self, Error> {
                [$((Self::$variant, $number)),*]
                    .into_iter()
                    .zip(std::iter::repeat(u8::take(input)?))
                    .find_map(|((variant, number), found)| (number == found).then_some(variant))
                    .ok_or_else(|| corrupt(concat!("an unknown ", stringify!($name))))
            }
        })*
    };
}

/// A checked text, written as it prints and read by its constructor.
macro_rules! coded_text {
    ($($name:ident),*) => {
        $(impl Coded for $name {
            fn put(&self, out: &mut Vec<u8>) {
                put_text(self.as_str(), out);
            }
            fn take(input: &mut Input<'_>) -> Result<Self, Error> {
                Self::parse(take_text(input)?).map_err(|_| corrupt(concat!("a bad ", stringify!($name))))
            }
        })*
    };
}

/// An identifier of 16 bytes.
macro_rules! coded_uuid {
    ($($name:ident),*) => {
        $(impl Coded for $name {
            fn put(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(self.0.as_bytes());
            }
            fn take(input: &mut Input<'_>) -> Result<Self, Error> {
                Ok(Self(uuid::Uuid::from_u128(u128::take(input)?)))
            }
        })*
    };
}

use {coded_enum, coded_struct, coded_text, coded_uuid};

#[cfg(test)]
mod tests;
