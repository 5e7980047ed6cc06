//! The names of products, formats and structures that are known today, with words for people.

/// What sort of thing a product is, and so how it can be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Product {
    /// Magnitudes and fluxes by time.
    LightCurve,
    /// Flux by wavelength.
    Spectrum,
    /// Coefficients of basis functions that make a spectrum.
    Coefficients,
    /// Samples of a posterior distribution.
    Samples,
    /// A picture.
    Image,
    /// A table that has no picture of its own.
    Table,
    /// All products of a source.
    All,
}

/// A retrieval type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetrievalType {
    /// The archive's name for it.
    pub name: &'static str,
    /// Words for people.
    pub label: &'static str,
    /// What it is.
    pub product: Product,
    /// The first release that has it.
    pub release: &'static str,
}

const fn of(name: &'static str, label: &'static str, product: Product, release: &'static str) -> RetrievalType {
    RetrievalType { name, label, product, release }
}

const DR2: &str = "Gaia DR2";
const DR3: &str = "Gaia DR3";
const DR4: &str = "Gaia DR4";

/// Releases that have products, the newest public one first.
pub const RELEASES: [&str; 3] = [DR3, DR2, DR4];

/// The retrieval types, those of the current release first.
pub const RETRIEVAL_TYPES: [RetrievalType; 27] = [
    of("EPOCH_PHOTOMETRY", "Epoch photometry", Product::LightCurve, DR2),
    of("XP_SAMPLED", "BP/RP spectrum, sampled", Product::Spectrum, DR3),
    of("XP_CONTINUOUS", "BP/RP spectrum, continuous", Product::Coefficients, DR3),
    of("RVS", "RVS spectrum", Product::Spectrum, DR3),
    of("MCMC_GSPPHOT", "MCMC samples of GSP-Phot", Product::Samples, DR3),
    of("MCMC_MSC", "MCMC samples of MSC", Product::Samples, DR3),
    of("ALL", "All products", Product::All, DR2),
    of("MEAN_SPECTRUM_RVS", "Mean RVS spectrum", Product::Spectrum, DR4),
    of("EPOCH_SPECTRUM_RVS", "Epoch RVS spectra", Product::Spectrum, DR4),
    of("MEAN_SPECTRUM_XP", "Mean BP/RP spectrum", Product::Spectrum, DR4),
    of("EPOCH_SPECTRUM_XP", "Epoch BP/RP spectra", Product::Spectrum, DR4),
    of("EPOCH_SPECTRUM_XP_SSO", "Epoch BP/RP spectra of solar system objects", Product::Spectrum, DR4),
    of("EPOCH_SPECTRUM_XP_CROWDING", "Epoch BP/RP spectra in crowded fields", Product::Spectrum, DR4),
    of("MEAN_SPECTRUM_XP_GRAVLENS", "Mean BP/RP spectra of gravitational lenses", Product::Spectrum, DR4),
    of("MCMC_GSP_PHOT", "MCMC samples of GSP-Phot", Product::Samples, DR4),
    of("EPOCH_PHOTOMETRY_CCD", "Epoch photometry of each CCD", Product::LightCurve, DR4),
    of("EPOCH_PHOTOMETRY_CROWDED_FIELD", "Epoch photometry in crowded fields", Product::LightCurve, DR4),
    of("EPOCH_ASTROMETRY", "Epoch astrometry", Product::Table, DR4),
    of("EPOCH_ASTROMETRY_BRIGHT", "Epoch astrometry of bright sources", Product::Table, DR4),
    of("EPOCH_ASTROMETRY_CROWDED_FIELD", "Epoch astrometry in crowded fields", Product::Table, DR4),
    of("EPOCH_PARAMETERS_RVS_SINGLE", "Epoch RVS parameters of single stars", Product::Table, DR4),
    of("EPOCH_PARAMETERS_RVS_DOUBLE", "Epoch RVS parameters of double stars", Product::Table, DR4),
    of("EPOCH_FLAGS_NSS", "Epoch flags of non-single stars", Product::Table, DR4),
    of("EPOCH_FLAGS_VARI", "Epoch flags of variability", Product::Table, DR4),
    of("EPOCH_IMAGE", "Epoch images", Product::Image, DR4),
    of("CROWDED_FIELD_IMAGE", "Images of crowded fields", Product::Image, DR4),
    of("RESIDUAL_IMAGE", "Residual images", Product::Image, DR4),
];

/// What is known of a retrieval type, in whatever case.
pub fn retrieval_type(name: &str) -> Option<&'static RetrievalType> {
    RETRIEVAL_TYPES.iter().find(|known| known.name.eq_ignore_ascii_case(name.trim()))
}

/// Formats of products, the default first: the archive's name and words for people.
pub const FORMATS: [(&str, &str); 6] = [
    ("votable", "VOTable"),
    ("votable_plain", "VOTable, plain text"),
    ("fits", "FITS"),
    ("csv", "CSV"),
    ("ecsv", "ECSV"),
    ("json", "JSON"),
];

/// A way of putting products into files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Structure {
    /// The archive's name for it.
    pub name: &'static str,
    /// The name that archives use since July 2026.
    pub new_name: &'static str,
    /// Words for people.
    pub label: &'static str,
}

/// Structures of products, the default first.
pub const STRUCTURES: [Structure; 2] = [
    Structure { name: "INDIVIDUAL", new_name: "DATAMODEL_STANDARD", label: "One file for each source" },
    Structure { name: "RAW", new_name: "DATAMODEL_GAIA", label: "One row for each source, with arrays" },
];

/// The other name of a structure, to be tried if an archive refuses the first.
pub fn other_structure(name: &str) -> Option<&'static str> {
    let other = |structure: &Structure| {
        let names = [(structure.name, structure.new_name), (structure.new_name, structure.name)];
        names.into_iter().find(|(one, _)| one.eq_ignore_ascii_case(name)).map(|(_, other)| other)
    };
    STRUCTURES.iter().find_map(other)
}

/// What identifiers can be, the default first: the archive's name and words for people.
pub const LINKING_PARAMETERS: [(&str, &str); 3] =
    [("SOURCE_ID", "Source"), ("TRANSIT_ID", "Transit"), ("IMAGE_ID", "Image (sif_observation_id)")];
