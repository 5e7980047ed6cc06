//! The document, the window and the clock: nothing else in the page touches them.

use js_sys::Uint8Array;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, BlobPropertyBag, HtmlAnchorElement, HtmlElement, Notification, NotificationOptions, NotificationPermission,
};

/// Milliseconds since 1970.
pub fn now() -> f64 {
    js_sys::Date::now()
}

/// A random number in 0..1.
pub fn random() -> f64 {
    js_sys::Math::random()
}

/// A new random identifier: 32 hexadecimal digits.
pub fn new_key() -> String {
    (0..4).map(|_| format!("{:08x}", (random() * 4_294_967_296.0) as u32)).collect()
}

/// Where the page's files lie: the document's base without query and fragment, up to the last slash.
pub fn base_url() -> String {
    let base = document().base_uri().ok().flatten().unwrap_or_default();
    let base = base.split(['?', '#']).next().unwrap_or_default();
    base.rfind('/').map_or_else(String::new, |at| base[..=at].to_owned())
}

/// Host and port from which the page came.
pub fn host() -> String {
    window().location().host().unwrap_or_default()
}

/// Whether what the page sends cannot be read on its way: by https, or within this machine.
pub fn secure() -> bool {
    window().is_secure_context()
}

/// The fragment with its `#`.
pub fn fragment() -> String {
    window().location().hash().unwrap_or_default()
}

/// Goes to another fragment; the view follows.
pub fn go(fragment: &str) {
    // Only fails outside of a document.
    let _ = window().location().set_hash(fragment);
}

/// Replaces the fragment without an entry in the history and without telling the view.
pub fn replace_fragment(fragment: &str) {
    if let Ok(history) = window().history() {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(fragment));
    }
}

/// Whether the tab is hidden.
pub fn hidden() -> bool {
    document().hidden()
}

/// Whether the browser believes to be online; it may be wrong either way.
pub fn online() -> bool {
    window().navigator().on_line()
}

/// Sets or takes away an attribute of the root element, such as the theme.
pub fn root_attribute(name: &str, value: Option<&str>) {
    if let Some(root) = document().document_element() {
        let _ = match value {
            Some(value) => root.set_attribute(name, value),
            None => root.remove_attribute(name),
        };
    }
}

/// The text that screen readers and tabs show for the page.
pub fn set_title(title: &str) {
    document().set_title(title);
}

/// Calls `listen` for each event of this name at the window, as long as the page lives.
pub fn on_window(event: &str, listen: impl FnMut(web_sys::Event) + 'static) {
    let closure = Closure::<dyn FnMut(web_sys::Event)>::new(listen);
    let _ = window().add_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
    closure.forget();
}

/// Bytes as a file without a name, kept by the browser.
pub fn blob(bytes: &Uint8Array) -> Option<Blob> {
    Blob::new_with_u8_array_sequence(&js_sys::Array::of1(bytes)).ok()
}

/// Text as a file without a name.
pub fn text_blob(text: &str) -> Option<Blob> {
    Blob::new_with_str_sequence(&js_sys::Array::of1(&text.into())).ok()
}

/// Gives the user a file. `false`: the browser refused.
pub fn save(name: &str, mime: &str, bytes: &Uint8Array) -> bool {
    let parts = js_sys::Array::of1(bytes);
    let options = BlobPropertyBag::new();
    options.set_type(mime);
    let Ok(blob) = Blob::new_with_u8_array_sequence_and_options(&parts, &options) else { return false };
    let Ok(url) = web_sys::Url::create_object_url_with_blob(&blob) else { return false };
    let Ok(anchor) = document().create_element("a") else { return false };
    let anchor: HtmlAnchorElement = anchor.unchecked_into();
    anchor.set_href(&url);
    anchor.set_download(name);
    anchor.click();
    // The browser has taken the blob when the click returns, but some read it later.
    gloo_timers::callback::Timeout::new(60_000, move || {
        let _ = web_sys::Url::revoke_object_url(&url);
    })
    .forget();
    true
}

/// Gives the user a picture (SVG) as PNG, two pixels for one. `false`: the browser cannot draw it, or refused.
pub async fn save_as_png(name: &str, svg: &Uint8Array) -> bool {
    match rasterised(svg, 2.0).await {
        Some(png) => save(name, "image/png", &png),
        None => false,
    }
}

/// An SVG document as a PNG file, `scale` pixels for each of its own. `None`: the browser cannot show it.
pub async fn rasterised(svg: &Uint8Array, scale: f64) -> Option<Uint8Array> {
    let options = BlobPropertyBag::new();
    options.set_type("image/svg+xml");
    let blob = Blob::new_with_u8_array_sequence_and_options(&js_sys::Array::of1(svg), &options).ok()?;
    let url = web_sys::Url::create_object_url_with_blob(&blob).ok()?;
    let file = paint(&url, scale).await;
    let _ = web_sys::Url::revoke_object_url(&url);
    file
}

async fn paint(url: &str, scale: f64) -> Option<Uint8Array> {
    let image = web_sys::HtmlImageElement::new().ok()?;
    image.set_src(url);
    JsFuture::from(image.decode()).await.ok()?;
    let (width, height) = (scale * f64::from(image.natural_width()), scale * f64::from(image.natural_height()));
    let canvas = web_sys::OffscreenCanvas::new(width as u32, height as u32).ok()?;
    let context = canvas.get_context("2d").ok()??.dyn_into::<web_sys::OffscreenCanvasRenderingContext2d>().ok()?;
    context.draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, width, height).ok()?;
    let blob: Blob = JsFuture::from(canvas.convert_to_blob().ok()?).await.ok()?.dyn_into().ok()?;
    let buffer = JsFuture::from(blob.array_buffer()).await.ok()?;
    Some(Uint8Array::new(&buffer))
}

/// Pixels of the screen for each pixel of the page.
pub fn pixel_ratio() -> f64 {
    window().device_pixel_ratio().clamp(0.5, 4.0)
}

/// Whether the system wishes a dark page.
pub fn prefers_dark() -> bool {
    window().match_media("(prefers-color-scheme: dark)").ok().flatten().is_some_and(|query| query.matches())
}

/// The same as a signal, as long as the caller's owner lives.
pub fn system_is_dark() -> RwSignal<bool> {
    let query = window().match_media("(prefers-color-scheme: dark)").ok().flatten();
    let dark = RwSignal::new(query.as_ref().is_some_and(web_sys::MediaQueryList::matches));
    if let Some(query) = query {
        let asked = query.clone();
        let changed = Closure::<dyn FnMut()>::new(move || {
            dark.try_set(asked.matches());
        });
        query.set_onchange(Some(changed.as_ref().unchecked_ref()));
        let kept = StoredValue::new_local(Some((query, changed)));
        on_cleanup(move || {
            if let Some(Some((query, _))) = kept.try_update_value(Option::take) {
                query.set_onchange(None);
            }
        });
    }
    dark
}

/// Puts text on the clipboard; the browser may refuse.
pub async fn copy(text: &str) -> bool {
    let promise = window().navigator().clipboard().write_text(text);
    JsFuture::from(promise).await.is_ok()
}

/// Calls `granted` when this tab gets the lock of this name, which it holds until the promise that `granted` returns settles.
/// `false`: the browser has no locks (Web Locks API; web-sys binds it only behind an unstable switch).
pub fn hold_lock(name: &str, granted: &js_sys::Function) -> bool {
    let get = |object: &JsValue, key: &str| js_sys::Reflect::get(object, &key.into()).ok();
    let locks = get(&window().navigator(), "locks").filter(|locks| !locks.is_undefined());
    let request = locks.as_ref().and_then(|locks| get(locks, "request")?.dyn_into::<js_sys::Function>().ok());
    match (locks, request) {
        (Some(locks), Some(request)) => request.call2(&locks, &name.into(), granted).is_ok(),
        _ => false,
    }
}

/// Moves the focus to an element.
pub fn focus(element: &HtmlElement) {
    let _ = element.focus();
}

/// The element that has the focus.
pub fn focused() -> Option<HtmlElement> {
    document().active_element()?.dyn_into().ok()
}

/// The time of day as the reader's locale writes it.
pub fn time_of_day(milliseconds: f64) -> String {
    js_sys::Date::new(&JsValue::from_f64(milliseconds)).to_locale_time_string("default").into()
}

/// A moment as the reader's locale writes it, to the second.
pub fn local_time(milliseconds: f64) -> String {
    let date = js_sys::Date::new(&JsValue::from_f64(milliseconds));
    let options = js_sys::Object::new();
    for (key, value) in [("dateStyle", "medium"), ("timeStyle", "medium")] {
        let _ = js_sys::Reflect::set(&options, &key.into(), &value.into());
    }
    date.to_locale_string("default", &options).into()
}

/// Whether the browser lets this page notify; the person is asked if the browser does not know yet.
pub async fn may_notify() -> bool {
    if !has_notifications() {
        return false;
    }
    match Notification::permission() {
        NotificationPermission::Granted => true,
        NotificationPermission::Denied => false,
        _ => match Notification::request_permission() {
            Ok(answer) => wasm_bindgen_futures::JsFuture::from(answer).await.is_ok_and(|word| word == "granted"),
            Err(_) => false,
        },
    }
}

/// Shows a notification outside of the page. `false`: the browser does not let it.
pub fn notify(title: &str, text: &str) -> bool {
    if !has_notifications() || Notification::permission() != NotificationPermission::Granted {
        return false;
    }
    let options = NotificationOptions::new();
    options.set_body(text);
    // Some browsers let only service workers notify.
    Notification::new_with_options(title, &options).is_ok()
}

/// Pages that did not come safely have no notifications.
fn has_notifications() -> bool {
    js_sys::Reflect::has(&window(), &"Notification".into()).unwrap_or(false)
}
