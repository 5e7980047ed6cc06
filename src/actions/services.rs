//! Other services: found, and asked through the archive.
