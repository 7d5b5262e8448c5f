//! A connection over which one request after the other is sent.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A connection that stays open.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    /// Connects to a server.
    pub async fn open(address: &str) -> Self {
        let stream = TcpStream::connect(address).await.expect("a connection");
        stream.set_nodelay(true).expect("it is set");
        Self { stream, buffer: Vec::new() }
    }

    /// Sends a request and reads its answer, which must be a success.
    pub async fn ask(&mut self, request: &str) {
        self.stream.write_all(request.as_bytes()).await.expect("it is sent");
        self.buffer.clear();
        let mut whole = None;
        while whole.is_none_or(|length| self.buffer.len() < length) {
            let read = self.stream.read_buf(&mut self.buffer).await.expect("an answer");
            assert!(read > 0, "the server closed the connection");
            whole = whole.or_else(|| length(&self.buffer));
        }
        let text = std::str::from_utf8(&self.buffer).expect("text");
        assert!(
            text.starts_with("HTTP/1.1 20") && text.contains("\"status_code\":1000"),
            "{request}\n{text}"
        );
    }
}

/// The length of the whole answer, once its head is there.
fn length(answer: &[u8]) -> Option<usize> {
    let end = answer.windows(4).position(|part| part == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&answer[..end]).expect("text");
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    Some(end + length.expect("a length").parse::<usize>().expect("a number"))
}
