//! VOSI: what a service has and can do. Tables, capabilities, availability, and DALI's examples.
//!
//! VOSI 1.1, VODataService 1.1 and 1.2, TAPRegExt 1.0, DALI 1.1 section 2.3; TAP+ attributes in `/tables`.

mod availability;
mod capabilities;
mod examples;
mod tables;

pub use availability::{Availability, parse_availability};
pub use capabilities::{
    Capabilities, Feature, Interface, Language, OutputFormat, OutputLimit, TimeLimit, UploadLimit, parse_capabilities,
};
pub use examples::{Example, parse_examples};
pub use tables::{Column, ColumnFlags, ForeignKey, Schema, SharedTo, Table, parse_tables};
