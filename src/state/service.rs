//! What the archive in use says of itself: availability, capabilities, examples.

use leptos::prelude::*;
use tap::vosi::{Availability, Capabilities, Example};

use super::schema::Loadable;

/// VOSI documents of one archive.
#[derive(Clone, Copy)]
pub struct ServiceState {
    /// Whether it is up.
    pub availability: RwSignal<Loadable<Availability>>,
    /// What it can do, with its limits.
    pub capabilities: RwSignal<Loadable<Capabilities>>,
    /// Example queries.
    pub examples: RwSignal<Loadable<Vec<Example>>>,
    /// By how many milliseconds its clock is ahead of this browser's; one of them may be wrong.
    pub ahead: RwSignal<f64>,
}

impl ServiceState {
    pub(super) fn new() -> ServiceState {
        ServiceState {
            availability: RwSignal::default(),
            capabilities: RwSignal::default(),
            examples: RwSignal::default(),
            ahead: RwSignal::default(),
        }
    }
}
