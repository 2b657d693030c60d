//! A connection that can be cut at any byte, reset, or slowed down.

use std::{
    cell::Cell,
    future::Future,
    io,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Sleep, sleep},
};

/// How the rest of what is written leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    Free,
    /// So many bytes more, and then the end.
    Cut(usize),
    /// Nothing more, and the connection is reset.
    Reset,
    /// So many bytes a second.
    Slow(usize),
}

/// The connection. Who answers a request decides the flow of the answer.
pub(super) struct Valve {
    stream: TcpStream,
    flow: Rc<Cell<Flow>>,
    /// After so many more bytes have been read it is reset.
    reset_after: Option<usize>,
    is_reset: bool,
    pause: Option<Pin<Box<Sleep>>>,
}

impl Valve {
    pub(super) fn new(stream: TcpStream, flow: Rc<Cell<Flow>>, reset_after: Option<usize>) -> Self {
        Self { stream, flow, reset_after, is_reset: false, pause: None }
    }

    /// Closing the socket after this sends a reset. Where the system refuses that, it is just closed.
    fn reset(&mut self) -> io::Error {
        self.is_reset = true;
        let _ = self.stream.set_zero_linger();
        io::ErrorKind::ConnectionReset.into()
    }
}

impl AsyncRead for Valve {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let Some(left) = self.reset_after else {
            return Pin::new(&mut self.stream).poll_read(cx, buf);
        };
        if left == 0 {
            return Poll::Ready(Err(self.reset()));
        }
        let mut chunk = [0; 512];
        let most = left.min(chunk.len()).min(buf.remaining());
        let mut some = ReadBuf::new(chunk.get_mut(..most).unwrap_or_default());
        ready!(Pin::new(&mut self.stream).poll_read(cx, &mut some))?;
        buf.put_slice(some.filled());
        self.reset_after = Some(left - some.filled().len());
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Valve {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.flow.get() {
            _ if self.is_reset => Poll::Ready(Err(io::ErrorKind::ConnectionReset.into())),
            Flow::Free => Pin::new(&mut self.stream).poll_write(cx, bytes),
            Flow::Reset => Poll::Ready(Err(self.reset())),
            Flow::Cut(0) => Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())),
            Flow::Cut(left) => {
                let some = bytes.get(..left).unwrap_or(bytes);
                let written = ready!(Pin::new(&mut self.stream).poll_write(cx, some))?;
                self.flow.set(Flow::Cut(left - written));
                Poll::Ready(Ok(written))
            }
            Flow::Slow(rate) => {
                if let Some(pause) = &mut self.pause {
                    ready!(pause.as_mut().poll(cx));
                }
                // A twentieth of a second's bytes at a time, or one.
                let chunk = (rate / 20).max(1);
                let some = bytes.get(..chunk).unwrap_or(bytes);
                let written = ready!(Pin::new(&mut self.stream).poll_write(cx, some))?;
                let wait = Duration::from_secs(1) * u32::try_from(written).unwrap_or(u32::MAX);
                self.pause = Some(Box::pin(sleep(wait / u32::try_from(rate.max(1)).unwrap_or(u32::MAX))));
                Poll::Ready(Ok(written))
            }
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.is_reset {
            // An orderly end would overtake the reset.
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
