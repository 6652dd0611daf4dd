//! A connection that gives up: until it is opened a total limit holds, afterwards an idle limit.
//!
//! It is opened when the server has answered once. HTTP/2 servers speak first: there the client must also have sent
//! the frame that follows its preface.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep_until};

/// What an HTTP/2 client sends first.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// Length of the head of an HTTP/2 frame.
const FRAME_HEAD: usize = 9;

/// A TCP stream that fails with `TimedOut` when nothing moves for too long.
#[derive(Debug)]
pub(crate) struct GuardedStream {
    stream: TcpStream,
    idle: Duration,
    answered: bool,
    /// Bytes read, and whether they are HTTP/2's preface as far as they go.
    read: usize,
    is_preface: bool,
    timer: Pin<Box<Sleep>>,
}

impl GuardedStream {
    /// `opening` holds until the connection is opened; `idle` from then on, renewed by every byte either way.
    pub(crate) fn new(stream: TcpStream, opening: Duration, idle: Duration) -> Self {
        let timer = Box::pin(sleep_until(Instant::now() + opening));
        Self { stream, idle, answered: false, read: 0, is_preface: true, timer }
    }

    fn took(&mut self, bytes: &[u8]) {
        let of_preface = PREFACE.iter().skip(self.read);
        self.is_preface &= of_preface.zip(bytes).all(|(wanted, found)| wanted == found);
        self.read = self.read.saturating_add(bytes.len());
    }

    fn is_opened(&self) -> bool {
        self.answered && !(self.is_preface && self.read < PREFACE.len() + FRAME_HEAD)
    }

    fn moved(&mut self) {
        if self.is_opened() {
            let idle = self.idle;
            self.timer.as_mut().reset(Instant::now() + idle);
        }
    }

    fn expired(&mut self, context: &mut Context<'_>) -> Option<io::Error> {
        self.timer.as_mut().poll(context).is_ready().then(|| io::ErrorKind::TimedOut.into())
    }
}

impl AsyncRead for GuardedStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        match Pin::new(&mut self.stream).poll_read(context, buffer) {
            Poll::Ready(result) => {
                self.took(buffer.filled().get(before..).unwrap_or_default());
                self.moved();
                Poll::Ready(result)
            }
            Poll::Pending => match self.expired(context) {
                Some(error) => Poll::Ready(Err(error)),
                None => Poll::Pending,
            },
        }
    }
}

impl AsyncWrite for GuardedStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &[u8],
    ) -> Poll<io::Result<usize>> {
        match Pin::new(&mut self.stream).poll_write(context, buffer) {
            Poll::Ready(result) => {
                self.answered = true;
                self.moved();
                Poll::Ready(result)
            }
            Poll::Pending => match self.expired(context) {
                Some(error) => Poll::Ready(Err(error)),
                None => Poll::Pending,
            },
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
