//! Uploads. Only `XMLHttpRequest` tells how many bytes have gone out, and it reads a file from the disk while it sends it.

use std::{cell::RefCell, rc::Rc};

use js_sys::{Array, Promise, Uint8Array};
use tap::user_tables::FileUpload;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ProgressEvent, XmlHttpRequest, XmlHttpRequestResponseType};

use super::{Abort, FetchError, Head, Response, STALL_MS, Watch, goes_through_gateway};

/// Milliseconds that an archive may take to read a table once it has all of it.
const ANSWER_MS: u32 = 600_000;

/// Sends a file and takes the answer whole, whatever its status. `sent` is told the bytes that have gone out, of how many.
pub async fn upload(
    upload: &FileUpload,
    file: &Blob,
    abort: &Abort,
    sent: impl Fn(f64, f64) + 'static,
) -> Result<Response, FetchError> {
    let watch = Rc::new(RefCell::new(Watch::new(abort.clone(), STALL_MS)));
    watch.borrow_mut().rearm();
    let broken = |error: JsValue| watch.borrow().error(&error);

    let request = XmlHttpRequest::new().map_err(broken)?;
    open(&request, upload).map_err(broken)?;
    let stopped = request.clone();
    let stop = Closure::<dyn FnMut()>::new(move || {
        let _ = stopped.abort();
    });
    let signal = abort.controller.signal();
    signal.set_onabort(Some(stop.as_ref().unchecked_ref()));

    let awake = Rc::clone(&watch);
    let progress = Closure::<dyn FnMut(ProgressEvent)>::new(move |event: ProgressEvent| {
        let mut watch = awake.borrow_mut();
        if event.loaded() >= event.total() {
            watch.stall_ms = ANSWER_MS;
        }
        watch.rearm();
        sent(event.loaded(), event.total());
    });
    if let Ok(upload) = request.upload() {
        upload.set_onprogress(Some(progress.as_ref().unchecked_ref()));
    }

    let parts = Array::of3(&Uint8Array::from(&upload.head[..]), file, &Uint8Array::from(&upload.tail[..]));
    let body = Blob::new_with_u8_array_sequence(&parts).map_err(broken)?;
    let ended = Promise::new(&mut |resolve, _| request.set_onloadend(Some(&resolve)));
    request.send_with_opt_blob(Some(&body)).map_err(broken)?;
    let _ = JsFuture::from(ended).await;
    watch.borrow_mut().disarm();
    signal.set_onabort(None);

    let status = request.status().unwrap_or(0);
    if status == 0 {
        return Err(broken(JsValue::NULL));
    }
    let head = Head { status, url: request.response_url(), headers: headers(&request) };
    let body = request.response().map(|body| Uint8Array::new(&body).to_vec()).unwrap_or_default();
    Ok(Response { status, url: head.url.clone(), body, head })
}

fn open(request: &XmlHttpRequest, upload: &FileUpload) -> Result<(), JsValue> {
    request.open("POST", &upload.url)?;
    request.set_response_type(XmlHttpRequestResponseType::Arraybuffer);
    request.set_request_header("Content-Type", &upload.content_type())?;
    if goes_through_gateway(&upload.url) {
        request.set_request_header("X-Gx", "1")?;
    }
    Ok(())
}

fn headers(request: &XmlHttpRequest) -> Vec<(String, String)> {
    let lines = request.get_all_response_headers().unwrap_or_default();
    let pair = |line: &str| line.split_once(':').map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()));
    lines.lines().filter_map(pair).collect()
}
