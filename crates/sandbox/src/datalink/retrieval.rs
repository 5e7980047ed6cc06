//! What can be retrieved: the products of DR3, their structures, and the names that requests use for both.

use super::product::Product;
use super::subject::Subject;
use super::{epoch_photometry, mcmc, rvs, xp_continuous, xp_sampled};
use crate::fault::Fault;

/// A kind of product.
pub struct Retrieval {
    /// Value of RETRIEVAL_TYPE.
    pub name: &'static str,
    /// Column of `gaia_source` that says which sources have it.
    pub flag: &'static str,
    /// How {links} describes it.
    pub title: &'static str,
    /// What it is to the source, in the terms of http://www.ivoa.net/rdf/datalink/core.
    pub semantics: &'static str,
    /// What it is, in the terms of http://www.ivoa.net/rdf/product-type; may be empty.
    pub qualifier: &'static str,
    /// Whether it is a spectrum that says of itself what the Spectrum data model wants, and the values of the source stand in
    /// PARAM elements; otherwise these are columns.
    pub spectrum: Option<Axis>,
    /// One file for each source: the points as rows.
    pub standard: fn(&Subject) -> Product,
    /// One file for all sources: each a row, the points as arrays.
    pub raw: fn(&Subject) -> Product,
    /// Whether all these arrays have the same number of points.
    pub fixed: bool,
}

/// The range of a spectrum, nm, and the unit and UCD of its flux.
pub struct Axis {
    /// Least wavelength.
    pub start: f64,
    /// Greatest wavelength.
    pub stop: f64,
    /// Unit of the flux.
    pub unit: &'static str,
    /// UCD of the flux.
    pub ucd: &'static str,
}

/// All of them, in the order in which {links} names them.
pub const RETRIEVALS: [Retrieval; 6] = [
    Retrieval {
        name: "EPOCH_PHOTOMETRY",
        flag: "has_epoch_photometry",
        title: "Epoch photometry",
        semantics: "#progenitor",
        qualifier: "#timeseries",
        spectrum: None,
        standard: epoch_photometry::standard,
        raw: epoch_photometry::raw,
        fixed: false,
    },
    Retrieval {
        name: "XP_SAMPLED",
        flag: "has_xp_sampled",
        title: "XP sampled",
        semantics: "#progenitor",
        qualifier: "#spectrum",
        spectrum: Some(Axis { start: 336.0, stop: 1020.0, unit: "W.m**-2.nm**-1", ucd: "phot.flux.density;em.wl" }),
        standard: xp_sampled::product,
        raw: |subject| xp_sampled::product(subject).without("wavelength"),
        fixed: true,
    },
    Retrieval {
        name: "XP_CONTINUOUS",
        flag: "has_xp_continuous",
        title: "XP continuous",
        semantics: "#progenitor",
        qualifier: "",
        spectrum: None,
        standard: xp_continuous::product,
        raw: xp_continuous::product,
        fixed: false,
    },
    Retrieval {
        name: "MCMC_GSPPHOT",
        flag: "has_mcmc_gspphot",
        title: "MCMC GSP-Phot",
        semantics: "#auxiliary",
        qualifier: "",
        spectrum: None,
        standard: mcmc::gspphot,
        raw: |subject| mcmc::gspphot(subject).counted("nsamples", "Number of samples"),
        fixed: false,
    },
    Retrieval {
        name: "MCMC_MSC",
        flag: "has_mcmc_msc",
        title: "MCMC MSC",
        semantics: "#auxiliary",
        qualifier: "",
        spectrum: None,
        standard: mcmc::msc,
        raw: |subject| mcmc::msc(subject).counted("nsamples", "Number of samples"),
        fixed: false,
    },
    Retrieval {
        name: "RVS",
        flag: "has_rvs",
        title: "RVS mean spectrum",
        semantics: "#progenitor",
        qualifier: "#spectrum",
        spectrum: Some(Axis { start: 846.0, stop: 870.0, unit: "", ucd: "phot.flux.density;arith.ratio" }),
        standard: rvs::product,
        raw: |subject| rvs::product(subject).without("wavelength"),
        fixed: true,
    },
];

/// Types of a later release, which clients know already.
const LATER: [&str; 20] = [
    "MEAN_SPECTRUM_RVS",
    "MCMC_GSP_PHOT",
    "EPOCH_ASTROMETRY",
    "EPOCH_SPECTRUM_RVS",
    "EPOCH_ASTROMETRY_CROWDED_FIELD",
    "EPOCH_PHOTOMETRY_CROWDED_FIELD",
    "EPOCH_IMAGE",
    "EPOCH_PHOTOMETRY_CCD",
    "EPOCH_SPECTRUM_XP_SSO",
    "EPOCH_SPECTRUM_XP_CROWDING",
    "MEAN_SPECTRUM_XP",
    "EPOCH_SPECTRUM_XP",
    "CROWDED_FIELD_IMAGE",
    "EPOCH_ASTROMETRY_BRIGHT",
    "MEAN_SPECTRUM_XP_GRAVLENS",
    "EPOCH_FLAGS_NSS",
    "EPOCH_PARAMETERS_RVS_SINGLE",
    "EPOCH_PARAMETERS_RVS_DOUBLE",
    "EPOCH_FLAGS_VARI",
    "RESIDUAL_IMAGE",
];

/// The products that a RETRIEVAL_TYPE names: one, or all. True if it was `ALL`.
pub fn retrievals(asked: &str) -> Result<(&'static [Retrieval], bool), Fault> {
    if asked.eq_ignore_ascii_case("ALL") {
        return Ok((&RETRIEVALS, true));
    }
    if let Some(at) = RETRIEVALS.iter().position(|retrieval| retrieval.name.eq_ignore_ascii_case(asked)) {
        return Ok((&RETRIEVALS[at..=at], false));
    }
    let known: Vec<&str> = RETRIEVALS.iter().map(|retrieval| retrieval.name).collect();
    let known = known.join(", ");
    if LATER.iter().any(|name| name.eq_ignore_ascii_case(asked)) {
        return Err(Fault::bad(format!(
            "RETRIEVAL_TYPE '{asked}' belongs to a later release than Gaia DR3. Available here: {known}, ALL."
        )));
    }
    Err(Fault::bad(format!("Unknown RETRIEVAL_TYPE '{asked}'. Available: {known}, ALL.")))
}

/// How products are laid out in files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Structure {
    /// A file for each source, the points as rows.
    Standard,
    /// A file for all sources, each a row.
    Raw,
}

/// The values of DATA_STRUCTURE: those before and since July 2026.
const STRUCTURES: [(&str, Structure); 4] = [
    ("INDIVIDUAL", Structure::Standard),
    ("RAW", Structure::Raw),
    ("DATAMODEL_STANDARD", Structure::Standard),
    ("DATAMODEL_GAIA", Structure::Raw),
];

/// The structure that a DATA_STRUCTURE names.
pub fn structure(asked: &str) -> Result<Structure, Fault> {
    if asked.eq_ignore_ascii_case("COMBINED") {
        return Err(Fault::bad("DATA_STRUCTURE 'COMBINED' was withdrawn in 2024. Use INDIVIDUAL or RAW."));
    }
    let known = STRUCTURES.iter().find(|(name, _)| name.eq_ignore_ascii_case(asked));
    known.map(|(_, structure)| *structure).ok_or_else(|| {
        let names: Vec<&str> = STRUCTURES.iter().map(|(name, _)| *name).collect();
        Fault::bad(format!("Unknown DATA_STRUCTURE '{asked}'. Available: {}.", names.join(", ")))
    })
}
