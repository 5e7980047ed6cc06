//! The page's end of the results worker: starts it, sends commands, hands on its events.

use std::{cell::RefCell, rc::Rc};

use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{ErrorEvent, MessageEvent, Worker};
use workbench::protocol::{self, Command, Event};

/// A worker that runs. Dropping it ends the worker and what it holds.
pub struct WorkerClient {
    worker: Worker,
    /// Messages for a worker that does not listen yet: until its wasm runs, it would drop what it is sent.
    waiting: Rc<RefCell<Option<Vec<Array>>>>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(ErrorEvent)>,
}

impl WorkerClient {
    /// Starts the worker at `url`. `on_event` gets each event with the bytes that belong to it, `on_error` why the worker died.
    pub fn start(
        url: &str,
        on_event: impl Fn(Event, Option<Uint8Array>) + 'static,
        on_error: impl Fn(String) + 'static,
    ) -> Result<WorkerClient, String> {
        let worker = Worker::new(url).map_err(|error| format!("{error:?}"))?;
        let waiting = Rc::new(RefCell::new(Some(Vec::new())));
        let (held, listening) = (Rc::clone(&waiting), worker.clone());
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
            let Some((event, bytes)) = read(&message.data()) else { return };
            if event == Event::Ready {
                for message in held.borrow_mut().take().unwrap_or_default() {
                    post(&listening, &message);
                }
            }
            on_event(event, bytes);
        });
        let on_error = Closure::<dyn FnMut(ErrorEvent)>::new(move |error: ErrorEvent| on_error(error.message()));
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(WorkerClient { worker, waiting, _on_message: on_message, _on_error: on_error })
    }

    /// Sends a command, with the bytes that belong to it; they are moved, not copied again.
    pub fn send(&self, command: &Command, bytes: Option<&[u8]>) {
        self.send_buffer(command, bytes.map(|bytes| Uint8Array::from(bytes).buffer()).as_ref());
    }

    /// The same with a buffer of the browser's, which the worker has from then on.
    pub fn send_buffer(&self, command: &Command, buffer: Option<&ArrayBuffer>) {
        let Some(encoded) = protocol::encode(command) else { return };
        let message = Array::of1(&Uint8Array::from(encoded.as_slice()));
        if let Some(buffer) = buffer {
            message.push(buffer);
        }
        match self.waiting.borrow_mut().as_mut() {
            Some(waiting) => waiting.push(message),
            None => post(&self.worker, &message),
        }
    }
}

fn post(worker: &Worker, message: &Array) {
    let transfer = Array::new();
    if message.length() > 1 {
        transfer.push(&message.get(1));
    }
    // Fails only for values that cannot be cloned; buffers can.
    let _ = worker.post_message_with_transfer(message, &transfer);
}

impl Drop for WorkerClient {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

/// A message is an event's bytes, and perhaps a buffer that belongs to it.
fn read(data: &JsValue) -> Option<(Event, Option<Uint8Array>)> {
    let parts = Array::from(data);
    let event = protocol::decode(&Uint8Array::new(&parts.get(0)).to_vec())?;
    let buffer = parts.get(1);
    Some((event, (!buffer.is_undefined()).then(|| Uint8Array::new(&buffer))))
}
