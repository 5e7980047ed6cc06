//! Names of the files in a bundle of products.

/// What a file of a bundle holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds<'a> {
    /// The product of one source, by its designation or identifier.
    Source(&'a str),
    /// One row for each source, with arrays.
    Raw,
    /// All sources one after the other; no longer made since 2024.
    Combined,
}

/// The name of a file in a bundle, read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member<'a> {
    /// The archive's name for the product.
    pub retrieval_type: &'a str,
    /// What the file holds.
    pub holds: Holds<'a>,
    /// `xml`, `csv`, `ecsv`, `fits` or `json`; VOTables of both sorts are `xml`.
    pub extension: &'a str,
}

impl Member<'_> {
    /// Identifier of the source, if the file is of one.
    pub fn source_id(&self) -> Option<u64> {
        match self.holds {
            Holds::Source(designation) => designation.rsplit(' ').next()?.parse().ok(),
            Holds::Raw | Holds::Combined => None,
        }
    }
}

/// Reads the name of a file in a bundle: `XP_SAMPLED-Gaia DR3 5937083312263887616.xml`, `RVS_RAW.fits`. Folders before it
/// count for nothing. `None` if it is named otherwise: the file is still one.
pub fn parse_member(name: &str) -> Option<Member<'_>> {
    let file = name.rsplit(['/', '\\']).next()?;
    let file = file.strip_suffix(".gz").unwrap_or(file);
    let (stem, extension) = file.rsplit_once('.')?;
    let is_type = |text: &str| {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
    };
    let (retrieval_type, holds) = match stem.split_once('-') {
        Some((retrieval_type, source)) => (retrieval_type, Holds::Source(source.trim())),
        None => match (stem.strip_suffix("_RAW"), stem.strip_suffix("_COMBINED")) {
            (Some(retrieval_type), _) => (retrieval_type, Holds::Raw),
            (_, Some(retrieval_type)) => (retrieval_type, Holds::Combined),
            _ => return None,
        },
    };
    let whole = is_type(retrieval_type) && !extension.is_empty() && holds != Holds::Source("");
    whole.then_some(Member { retrieval_type, holds, extension })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_members() {
        let member = parse_member("XP_SAMPLED-Gaia DR3 5937083312263887616.xml").unwrap();
        assert_eq!((member.retrieval_type, member.extension), ("XP_SAMPLED", "xml"));
        assert_eq!(member.holds, Holds::Source("Gaia DR3 5937083312263887616"));
        assert_eq!(member.source_id(), Some(5_937_083_312_263_887_616));
        let raw = parse_member("out/EPOCH_PHOTOMETRY_RAW.fits.gz").unwrap();
        assert_eq!((raw.retrieval_type, raw.holds, raw.extension), ("EPOCH_PHOTOMETRY", Holds::Raw, "fits"));
        assert_eq!(raw.source_id(), None);
        assert_eq!(parse_member("RVS_COMBINED.xml").unwrap().holds, Holds::Combined);
        assert_eq!(parse_member("RVS-17.csv").unwrap().source_id(), Some(17));
        for other in ["", "readme.txt", "rvs-1.xml", "RVS-.xml", "RVS-1", "RVS-1.", "-1.xml", "a/b/"] {
            assert_eq!(parse_member(other), None, "{other}");
        }
    }
}
