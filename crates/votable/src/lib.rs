//! VOTable to table and back: a push reader for VOTable 1.0 to 1.5 and a writer of TABLEDATA and BINARY2.
//!
//! Chunks of bytes come in, cut anywhere; columns and metadata come out while the document is still arriving. There is no
//! DOM, no input or output and no clock. Follows VOTable 1.5 (IVOA Recommendation) and the status rules of DALI 1.1, section 4.4.

#![warn(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod model;
pub mod summary;
pub mod writer;

mod binary;
mod encoding;
mod error;
mod reader;
mod sniff;
mod tabledata;
mod xml;

pub use error::{Error, Place, Warning};
pub use model::{Document, Resource, ServiceDescriptor, Status, TableElement};
pub use reader::{Limits, Reader};
