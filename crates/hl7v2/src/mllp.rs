//! The frames of MLLP: `0x0B` payload `0x1C 0x0D`. Bytes in, frames out; opens no socket and keeps no clock.
//!
//! A `0x1C` that no `0x0D` follows is part of the payload. Memory is bounded by the cap on a frame and what is fed
//! at a time.

/// Starts a frame.
pub const START: u8 = 0x0B;
/// Ends a payload, when [`RETURN`] follows.
pub const END: u8 = 0x1C;
/// Follows [`END`].
pub const RETURN: u8 = 0x0D;

/// Most bytes between two frames that are skipped before the sender is given up.
const MOST_STRAY: usize = 64 * 1024;

/// The connection must be closed: what comes cannot be taken apart any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// A frame is longer than the cap.
    #[error("a frame is longer than {most} bytes; send smaller messages or raise the limit")]
    TooLong {
        /// The cap.
        most: usize,
    },
    /// Too many bytes stand outside any frame.
    #[error("too many bytes outside any frame; frame each message as 0x0B … 0x1C 0x0D")]
    Stray,
}

/// Takes a stream of bytes apart into frames, however the bytes are cut.
#[derive(Debug)]
pub struct Decoder {
    buffer: Vec<u8>,
    /// Bytes of the buffer that were looked at and hold no end.
    scanned: usize,
    inside: bool,
    stray: usize,
    most: usize,
}

impl Decoder {
    /// A decoder that gives up on a payload longer than `most` bytes.
    pub fn new(most: usize) -> Self {
        Self { buffer: Vec::new(), scanned: 0, inside: false, stray: 0, most }
    }

    /// Takes more bytes. Call [`Decoder::next_frame`] until it gives none before feeding again.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// Whether a frame has begun and not ended.
    pub fn is_inside(&self) -> bool {
        self.inside
    }

    /// Bytes held.
    pub fn held(&self) -> usize {
        self.buffer.len()
    }

    /// Bytes skipped outside frames since the last frame; line ends between frames are not counted.
    pub fn stray(&self) -> usize {
        self.stray
    }

    /// The payload of the next whole frame, `None` when more bytes are needed.
    pub fn next_frame(&mut self) -> Result<Option<Vec<u8>>, FrameError> {
        if !self.inside && !self.find_start()? {
            return Ok(None);
        }
        let Some(end) = self.find_end() else {
            let complete = self.buffer.len().saturating_sub(1);
            return if complete > self.most {
                Err(FrameError::TooLong { most: self.most })
            } else {
                Ok(None)
            };
        };
        if end > self.most {
            return Err(FrameError::TooLong { most: self.most });
        }
        let rest = self.buffer.split_off((end + 2).min(self.buffer.len()));
        let mut frame = std::mem::replace(&mut self.buffer, rest);
        frame.truncate(end);
        self.inside = false;
        self.scanned = 0;
        self.stray = 0;
        Ok(Some(frame))
    }

    fn find_start(&mut self) -> Result<bool, FrameError> {
        let start = self.buffer.iter().position(|b| *b == START);
        let skipped = start.unwrap_or(self.buffer.len());
        let stray = self.buffer.iter().take(skipped).filter(|b| !matches!(b, b'\r' | b'\n')).count();
        self.stray = self.stray.saturating_add(stray);
        self.buffer.drain(..skipped + usize::from(start.is_some()));
        self.inside = start.is_some();
        self.scanned = 0;
        if self.stray > MOST_STRAY { Err(FrameError::Stray) } else { Ok(self.inside) }
    }

    fn find_end(&mut self) -> Option<usize> {
        let unseen = self.buffer.get(self.scanned..)?;
        if let Some(at) = unseen.windows(2).position(|pair| pair == [END, RETURN]) {
            return Some(self.scanned + at);
        }
        // The last byte may be the first half of an end.
        self.scanned = self.buffer.len().saturating_sub(1);
        None
    }
}

/// Puts a payload into a frame.
pub fn frame(payload: &[u8]) -> Vec<u8> {
    let mut framed = Vec::with_capacity(payload.len() + 3);
    framed.push(START);
    framed.extend_from_slice(payload);
    framed.extend_from_slice(&[END, RETURN]);
    framed
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(decoder: &mut Decoder, bytes: &[u8]) -> Result<Vec<Vec<u8>>, FrameError> {
        decoder.feed(bytes);
        let mut frames = Vec::new();
        while let Some(frame) = decoder.next_frame()? {
            frames.push(frame);
        }
        Ok(frames)
    }

    #[test]
    fn pipelined_frames_are_kept_apart() {
        let bytes = [frame(b"one"), frame(b""), b"noise\r\n".to_vec(), frame(b"two")].concat();
        assert_eq!(
            all(&mut Decoder::new(10), &bytes).unwrap(),
            [b"one".to_vec(), b"".to_vec(), b"two".to_vec()]
        );
    }

    #[test]
    fn an_end_byte_without_a_return_is_data() {
        assert_eq!(all(&mut Decoder::new(10), b"\x0Ba\x1Cb\x1C\x1C\x0D").unwrap(), [b"a\x1Cb\x1C".to_vec()]);
    }

    #[test]
    fn a_frame_at_the_cap_passes_and_one_above_does_not() {
        assert_eq!(all(&mut Decoder::new(3), &frame(b"abc")).unwrap().len(), 1);
        assert_eq!(all(&mut Decoder::new(3), &frame(b"abcd")), Err(FrameError::TooLong { most: 3 }));
        let mut decoder = Decoder::new(3);
        assert_eq!(all(&mut decoder, b"\x0Babc\x1C"), Ok(vec![]));
        assert_eq!(all(&mut decoder, b"x"), Err(FrameError::TooLong { most: 3 }));
    }

    #[test]
    fn an_endless_frame_holds_no_more_than_the_cap_and_what_was_fed() {
        let mut decoder = Decoder::new(1000);
        assert_eq!(all(&mut decoder, &[START]), Ok(vec![]));
        let fed = (0..100).take_while(|_| all(&mut decoder, &[b'x'; 100]).is_ok()).count();
        assert_eq!(fed, 10);
        assert!(decoder.held() <= 1100);
    }

    #[test]
    fn endless_noise_is_given_up() {
        let mut decoder = Decoder::new(10);
        assert_eq!(all(&mut decoder, &vec![b'x'; MOST_STRAY]), Ok(vec![]));
        assert_eq!(all(&mut decoder, b"x"), Err(FrameError::Stray));
        assert_eq!(decoder.held(), 0);
    }

    proptest! {
        #[test]
        fn frames_survive_any_cut(
            payloads in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..40), 0..6),
            cuts in proptest::collection::vec(1_usize..9, 1..60),
        ) {
            let payloads: Vec<Vec<u8>> = payloads
                .into_iter()
                .map(|payload| {
                    let mut kept: Vec<u8> = Vec::new();
                    for byte in payload {
                        if !(byte == RETURN && kept.last() == Some(&END)) {
                            kept.push(byte);
                        }
                    }
                    kept
                })
                .collect();
            let stream: Vec<u8> = payloads.iter().flat_map(|payload| frame(payload)).collect();
            let mut decoder = Decoder::new(64);
            let (mut found, mut rest) = (Vec::new(), stream.as_slice());
            for size in cuts.iter().cycle() {
                if rest.is_empty() { break; }
                let (now, later) = rest.split_at((*size).min(rest.len()));
                found.extend(all(&mut decoder, now).unwrap());
                rest = later;
            }
            prop_assert_eq!(found, payloads);
        }

        #[test]
        fn any_bytes_at_all_are_taken_apart_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let mut decoder = Decoder::new(50);
            let outcome = all(&mut decoder, &bytes);
            prop_assert!(outcome.is_err() || decoder.held() <= 52);
        }
    }
}
