//! The only caller of `fetch`.
