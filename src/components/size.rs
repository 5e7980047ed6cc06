//! Tells how large an element is, and again whenever that changes.

use leptos::{html::ElementType, prelude::*};
use wasm_bindgen::{JsCast, prelude::Closure};

/// Calls `changed` with the element's inner width and height in pixels when it is there and whenever they change.
pub fn observe_size<E>(node: NodeRef<E>, changed: impl Fn(f64, f64) + Copy + 'static)
where
    E: ElementType,
    E::Output: JsCast + Clone + 'static,
{
    let watch = StoredValue::new_local(None::<(web_sys::ResizeObserver, Closure<dyn FnMut()>)>);
    Effect::new(move || {
        let Some(element) = node.get() else { return };
        let element: web_sys::Element = element.unchecked_into();
        let target = element.clone();
        let tell = move || changed(f64::from(element.client_width()), f64::from(element.client_height()));
        tell();
        let tell = Closure::<dyn FnMut()>::new(tell);
        // Every browser that runs this page has resize observers; without one the first size stays.
        if let Ok(observer) = web_sys::ResizeObserver::new(tell.as_ref().unchecked_ref()) {
            observer.observe(&target);
            watch.set_value(Some((observer, tell)));
        }
    });
    on_cleanup(move || {
        if let Some(Some((observer, _))) = watch.try_update_value(Option::take) {
            observer.disconnect();
        }
    });
}
