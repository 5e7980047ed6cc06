//! The faults that no answer can show: pauses, and connections that break.

use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use http::{Response, request};
use http_body::Frame;
use http_body_util::{BodyExt as _, StreamBody};
use tokio::time::sleep;

use super::Body;
use crate::Error;
use crate::faults::{Plan, Transport, Transports};

/// How long a silent connection is kept.
const LONGEST: Duration = Duration::from_secs(600);

/// Extension of a response: its connection is to be reset.
#[derive(Clone, Copy, Debug)]
struct Reset;

/// Whether the connection of a response is to be reset.
pub fn is_reset(response: &Response<Body>) -> bool {
    response.extensions().get::<Reset>().is_some()
}

/// The body of a request, unless the connection is to break while it is read: then what comes of that.
pub fn upload<B>(head: &request::Parts, body: B) -> Result<B, impl Future<Output = Response<Body>>>
where
    B: http_body::Body<Data = Bytes>,
{
    let transports = head.extensions.get::<Plan>().map(Plan::transports).unwrap_or_default();
    let most = transports.0.into_iter().find_map(|transport| match transport {
        Transport::ResetUpload(bytes) => Some(bytes),
        _ => None,
    });
    let Some(most) = most else { return Ok(body) };
    Err(async move {
        let mut body = std::pin::pin!(body);
        let mut taken = 0;
        while let Some(Ok(frame)) = body.frame().await {
            taken += frame.data_ref().map_or(0, Bytes::len);
            if taken >= most {
                break;
            }
        }
        broken()
    })
}

/// Sends an answer with the faults that go with it.
pub async fn carry(mut response: Response<Body>) -> Response<Body> {
    for transport in response.extensions_mut().remove::<Transports>().unwrap_or_default().0 {
        match transport {
            Transport::Delay(time) => sleep(time.min(LONGEST)).await,
            Transport::Silence => {
                sleep(LONGEST).await;
                return broken();
            }
            Transport::Reset | Transport::ResetUpload(_) => return broken(),
            Transport::Stall(bytes) => response = response.map(|body| first(body, bytes, LONGEST)),
            Transport::Cut(bytes) => response = response.map(|body| first(body, bytes, Duration::ZERO)),
            Transport::Slice(pause) => response = response.map(|body| sliced(body, pause)),
        }
    }
    response
}

/// A response of which nothing arrives.
fn broken() -> Response<Body> {
    let failed = stream::iter([Err(Error::External("this fault was asked for".to_owned()))]);
    let mut response = Response::new(StreamBody::new(failed).boxed());
    response.extensions_mut().insert(Reset);
    response
}

/// The first bytes of a body, then a pause, then the end of the connection.
fn first(body: Body, bytes: usize, pause: Duration) -> Body {
    let frames = stream::unfold((body, Some(bytes)), move |(mut body, left)| async move {
        let left = left?;
        let data = if left > 0 { data(&mut body).await } else { None };
        let Some(mut data) = data else {
            // What was sent so far must have left before the connection breaks.
            sleep(pause.max(Duration::from_millis(50))).await;
            return Some((Err(Error::External("this fault was asked for".to_owned())), (body, None)));
        };
        data.truncate(left);
        let left = left - data.len();
        Some((Ok(Frame::data(data)), (body, Some(left))))
    });
    StreamBody::new(frames).boxed()
}

/// A body byte by byte.
fn sliced(body: Body, pause: Duration) -> Body {
    let frames = stream::unfold((body, Bytes::new()), move |(mut body, mut rest)| async move {
        if rest.is_empty() {
            rest = data(&mut body).await?;
        }
        sleep(pause).await;
        let byte = rest.split_to(1);
        Some((Ok(Frame::data(byte)), (body, rest)))
    });
    StreamBody::new(frames).boxed()
}

/// The next bytes of a body.
async fn data(body: &mut Body) -> Option<Bytes> {
    while let Some(Ok(frame)) = body.frame().await {
        match frame.into_data() {
            Ok(data) if !data.is_empty() => return Some(data),
            _ => {}
        }
    }
    None
}
