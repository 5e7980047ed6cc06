//! Pictures, statistics and selection of the shown table.
