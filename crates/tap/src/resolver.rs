//! Names of objects looked up by Sesame, the resolver of the CDS (`nph-sesame`), where a deployment allows it.

use crate::{
    error::{Error, error_in_ok_body},
    request::{Request, escape_segment},
    xml::{self, Element},
};

const WHAT: &str = "answer of the name resolver";

/// Where an object is: ICRS, in degrees, as the resolver writes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Right ascension.
    pub ra: String,
    /// Declination.
    pub dec: String,
}

impl Place {
    /// Both coordinates as one text.
    pub fn text(&self) -> String {
        format!("{}, {}", self.ra, self.dec)
    }
}

/// Asks the resolver at `base` for a name: as XML, of Simbad, then NED, then VizieR.
pub fn request(base: &str, name: &str) -> Request {
    Request::get(format!("{}/-ox/SNV?{}", base.trim_end_matches('/'), escape_segment(name.trim())))
}

/// The first place in an answer; `None` if no service knows the name.
///
/// # Errors
/// `Service` for pages and errors, `Truncated` or `Document` for what is no whole answer.
pub fn parse(bytes: &[u8]) -> Result<Option<Place>, Error> {
    if let Some(error) = error_in_ok_body(None, &bytes[..bytes.len().min(65_536)]) {
        return Err(error);
    }
    let root = xml::parse(&xml::decode(bytes), WHAT)?;
    if !root.is("Sesame") {
        return Err(Error::document(WHAT, format!("it is a document of type {}", root.name), None));
    }
    let number = |element: &Element, name: &str| {
        let text = element.child_text(name)?.trim().to_owned();
        let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+'));
        plain.then_some(text)
    };
    let mut resolvers = root.children_named("Target").flat_map(|target| target.children_named("Resolver"));
    Ok(resolvers.find_map(|one| Some(Place { ra: number(one, "jradeg")?, dec: number(one, "jdedeg")? })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_place_counts() {
        let answer = br#"<?xml version="1.0"?><Sesame><Target option="SNV"><name>vega</name>
            <INFO>none</INFO><Resolver name="N=NED"><INFO>*** Nothing found ***</INFO></Resolver>
            <Resolver name="S=Simbad"><jradeg>279.23473479</jradeg><jdedeg>+38.78368896</jdedeg><oname>* alf Lyr</oname></Resolver>
            </Target></Sesame>"#;
        assert_eq!(parse(answer).unwrap().unwrap().text(), "279.23473479, +38.78368896");
        let nothing = b"<Sesame><Target><Resolver><INFO>*** Nothing found ***</INFO></Resolver></Target></Sesame>";
        assert_eq!(parse(nothing).unwrap(), None);
        let odd = b"<Sesame><Target><Resolver><jradeg>1); --</jradeg><jdedeg>2</jdedeg></Resolver></Target></Sesame>";
        assert_eq!(parse(odd).unwrap(), None);
        assert!(parse(b"<html></html>").is_err() && parse(b"<Sesame><Target>").is_err());
    }

    #[test]
    fn names_are_escaped() {
        let request = request("https://cds.unistra.fr/cgi-bin/nph-sesame/", " Barnard's star & co ");
        assert_eq!(request.url, "https://cds.unistra.fr/cgi-bin/nph-sesame/-ox/SNV?Barnard%27s%20star%20%26%20co");
    }
}
