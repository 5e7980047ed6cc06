//! DataLink: what else there is of a source, and the products themselves.
//!
//! `/data-server/datalink/links` is {links} of DataLink 1.1, section 2 and 3, as the archive speaks it (strictly with
//! `strict`); `/data-server/data` is the archive's own way to get products. Which source has which product is said by the
//! `has_…` columns of `gaia_source`, here as there. The products are made when they are asked for: from the rows of the
//! catalogue and random numbers of the source, so that they are the same each time.

mod bundle;
mod data;
mod epoch_photometry;
mod files;
mod identifiers;
mod light_curve;
mod links;
mod mcmc;
mod product;
mod retrieval;
mod rvs;
mod scan;
mod spectrum;
mod subject;
mod xp_continuous;
mod xp_sampled;

pub use data::data;
pub use links::links;

/// Most sources of one request.
const MOST_SOURCES: usize = 5_000;
