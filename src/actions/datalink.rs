//! Links and products of sources.
