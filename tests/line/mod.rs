//! A line between the program and the simulator. It passes everything on, until a test stops it at a point of one
//! kind of request; then every such request stays where it is.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::{
    io::{self, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// Where an exchange stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// The connection stands, and not a byte is read from it.
    Unread,
    /// Half of the request is read.
    HalfRead,
    /// The whole request is read, and does not reach the vendor.
    NotPassedOn,
    /// The vendor has done what was asked, and has answered; nothing of that comes back.
    NoAnswer,
    /// Of the answer, the head comes back.
    HeadOnly,
    /// Of the answer, the head and half the body come back.
    HalfBody,
    /// The answer waits until it is let go, and then comes back whole.
    BeforeAnswer,
}

#[derive(Default)]
struct State {
    /// What stops where: an endpoint, and words that its request holds.
    stops: Vec<(&'static str, String, Stop)>,
    /// Requests that are held since the last stop was set, and answers that were let go and are with the program.
    held: usize,
    passed: usize,
    /// How often answers were let go.
    let_go: usize,
    accepts_nothing: bool,
    /// Connections that are kept so that they do not close.
    kept: Vec<TcpStream>,
}

/// The line.
#[derive(Clone)]
pub(crate) struct Line {
    pub(crate) addr: SocketAddr,
    vendor: SocketAddr,
    listener: Arc<TcpListener>,
    state: Arc<(Mutex<State>, Condvar)>,
}

impl Line {
    /// A line to `vendor` that passes everything on.
    pub(crate) fn to(vendor: SocketAddr) -> Self {
        let listener = Arc::new(TcpListener::bind("127.0.0.1:0").unwrap());
        let line = Self { addr: listener.local_addr().unwrap(), vendor, listener, state: Arc::default() };
        line.listen();
        line
    }

    fn listen(&self) {
        let line = self.clone();
        std::thread::spawn(move || {
            while let Ok((program, _)) = line.listener.accept() {
                if line.state().accepts_nothing {
                    return line.state().kept.push(program);
                }
                if line.state().stops.iter().any(|(_, _, at)| *at == Stop::Unread) {
                    line.hold(program);
                    continue;
                }
                let line = line.clone();
                std::thread::spawn(move || line.carry(program));
            }
        });
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on every request of `endpoint` about `order` stops there; what is held already stays held.
    pub(crate) fn stop(&self, endpoint: &'static str, order: &str, at: Stop) {
        let mut state = self.state();
        (state.held, state.passed) = (0, 0);
        state.stops.retain(|(known, _, _)| *known != endpoint);
        state.stops.push((endpoint, order.to_owned(), at));
    }

    /// Passes everything on again. What is held is never answered.
    pub(crate) fn open(&self) {
        let accepted_nothing = {
            let mut state = self.state();
            state.stops.clear();
            std::mem::take(&mut state.accepts_nothing)
        };
        if accepted_nothing {
            self.state().kept.clear();
            rustix::net::listen(&*self.listener, 128).unwrap();
            self.listen();
        }
    }

    /// Lets the answers go that wait at [`Stop::BeforeAnswer`].
    pub(crate) fn let_go(&self) {
        self.note(|state| state.let_go += 1);
    }

    /// Accepts no connection any more: the next to connect waits for the connection itself.
    pub(crate) fn stop_accepting(&self) {
        self.state().accepts_nothing = true;
        rustix::net::listen(&*self.listener, 0).unwrap();
        // One is taken by the thread that waits for it, one fills the queue that is left.
        for _ in 0..2 {
            let mine = TcpStream::connect(self.addr).unwrap();
            self.state().kept.push(mine);
        }
    }

    fn wait(&self, what: &str, holds: impl Fn(&State) -> bool) {
        let end = Instant::now() + Duration::from_secs(30);
        let mut state = self.state();
        while !holds(&state) {
            let left = end.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "waited in vain for {what}");
            state = self.state.1.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Waits until a request stands at the stop.
    pub(crate) fn until_held(&self) {
        self.wait("a request to be held", |state| state.held > 0);
    }

    /// Waits until an answer that was let go is with the program.
    pub(crate) fn until_passed(&self) {
        self.wait("an answer to be passed", |state| state.passed > 0);
    }

    fn note(&self, note: impl FnOnce(&mut State)) {
        note(&mut self.state());
        self.state.1.notify_all();
    }

    /// Holds a connection for ever.
    fn hold(&self, program: TcpStream) {
        self.note(|state| {
            state.held += 1;
            state.kept.push(program);
        });
    }

    /// Serves one connection of the program's, request by request.
    fn carry(&self, mut program: TcpStream) {
        while let Ok(true) = self.carry_one(&mut program) {}
    }

    /// One request and its answer. False when the connection is held, or has come to its end.
    fn carry_one(&self, program: &mut TcpStream) -> io::Result<bool> {
        let Some(head) = read_head(program)? else { return Ok(false) };
        let length = content_length(&head);
        let mut body = vec![0; length / 2];
        program.read_exact(&mut body)?;
        let endpoint = head.split(' ').nth(1).unwrap_or_default().trim_start_matches('/');
        let about = |state: &State, wanted: Option<Stop>, body: &[u8]| {
            let text = String::from_utf8_lossy(body);
            let is_it = |(of, order, at): &&(&str, String, Stop)| {
                *of == endpoint && wanted.map_or(text.contains(order), |wanted| *at == wanted)
            };
            state.stops.iter().find(is_it).map(|(_, _, at)| *at)
        };
        if about(&self.state(), Some(Stop::HalfRead), &body).is_some() {
            self.hold(program.try_clone()?);
            return Ok(false);
        }
        body.resize(length, 0);
        program.read_exact(&mut body[length / 2..])?;
        let stop = about(&self.state(), None, &body);
        if stop == Some(Stop::NotPassedOn) {
            self.hold(program.try_clone()?);
            return Ok(false);
        }
        let mut upstream = TcpStream::connect(self.vendor)?;
        upstream.write_all(head.as_bytes())?;
        upstream.write_all(&body)?;
        let Some(answer_head) = read_head(&mut upstream)? else { return Ok(false) };
        let mut answer = vec![0; content_length(&answer_head)];
        upstream.read_exact(&mut answer)?;
        match stop {
            Some(Stop::NoAnswer) => self.hold(program.try_clone()?),
            Some(Stop::HeadOnly) => {
                program.write_all(answer_head.as_bytes())?;
                self.hold(program.try_clone()?);
            }
            Some(Stop::HalfBody) => {
                program.write_all(answer_head.as_bytes())?;
                program.write_all(&answer[..answer.len() / 2])?;
                self.hold(program.try_clone()?);
            }
            Some(Stop::BeforeAnswer) => {
                let before = self.state().let_go;
                self.note(|state| state.held += 1);
                let mut state = self.state();
                while state.let_go == before {
                    state = self.state.1.wait(state).unwrap_or_else(PoisonError::into_inner);
                }
                drop(state);
                program.write_all(answer_head.as_bytes())?;
                program.write_all(&answer)?;
                self.note(|state| state.passed += 1);
                return Ok(true);
            }
            _ => {
                program.write_all(answer_head.as_bytes())?;
                program.write_all(&answer)?;
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// The head of a message with its blank line; none at the end of a connection.
fn read_head(stream: &mut TcpStream) -> io::Result<Option<String>> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte)? == 0 {
            return Ok(None);
        }
        head.push(byte[0]);
    }
    Ok(Some(String::from_utf8_lossy(&head).into_owned()))
}

fn content_length(head: &str) -> usize {
    let length = head
        .lines()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
    length.unwrap_or(0)
}
