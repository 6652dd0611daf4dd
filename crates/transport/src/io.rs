//! A connection that gives up: until the server has answered once a total limit holds, afterwards an idle limit.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep_until};

/// A TCP stream that fails with `TimedOut` when nothing moves for too long.
#[derive(Debug)]
pub(crate) struct GuardedStream {
    stream: TcpStream,
    idle: Duration,
    answered: bool,
    timer: Pin<Box<Sleep>>,
}

impl GuardedStream {
    /// `opening` holds until the server first writes; `idle` from then on, renewed by every byte either way.
    pub(crate) fn new(stream: TcpStream, opening: Duration, idle: Duration) -> Self {
        Self { stream, idle, answered: false, timer: Box::pin(sleep_until(Instant::now() + opening)) }
    }

    fn moved(&mut self) {
        if self.answered {
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
        match Pin::new(&mut self.stream).poll_read(context, buffer) {
            Poll::Ready(result) => {
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
