//! `/availability`: whether the service works (VOSI 1.1, section 3).

use crate::archive::Answer;
use crate::response;

/// The document. Whoever reads it has reached the service, so it is available.
pub fn document() -> Answer {
    response::xml(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <vosi:availability xmlns:vosi=\"http://www.ivoa.net/xml/VOSIAvailability/v1.0\">\n\
         <vosi:available>true</vosi:available>\n\
         <vosi:note>A sandbox with synthetic data: nothing here was observed</vosi:note>\n</vosi:availability>\n",
    )
}
