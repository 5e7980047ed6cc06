//! The elements of VOTable and where each may stand (VOTable 1.5, appendix A, read with a kind eye).

/// An element that means something to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Element {
    Votable,
    Definitions,
    Resource,
    Table,
    Field,
    Param,
    Info,
    Coosys,
    Timesys,
    Group,
    Link,
    Description,
    Values,
    Min,
    Max,
    Option,
    Fieldref,
    Paramref,
    Data,
    Tabledata,
    Row,
    Cell,
    Binary,
    Binary2,
    Fits,
    Stream,
    /// Not ours: it and all that is in it is passed over.
    Other,
}

/// What an element means where it stands.
pub(super) fn classify(parent: Element, name: &[u8]) -> Element {
    use Element::*;
    let holds_metadata = matches!(parent, Votable | Definitions | Resource | Table | Group);
    match (name, parent) {
        (b"TD", Row) => Cell,
        (b"TR", Tabledata) => Row,
        (b"RESOURCE", Votable | Resource) => Resource,
        (b"TABLE", Resource) => Table,
        (b"FIELD", Table) => Field,
        (b"DATA", Table) => Data,
        (b"TABLEDATA", Data) => Tabledata,
        (b"BINARY", Data) => Binary,
        (b"BINARY2", Data) => Binary2,
        (b"FITS", Data) => Fits,
        (b"STREAM", Binary | Binary2 | Fits) => Stream,
        (b"DEFINITIONS", Votable) => Definitions,
        (b"INFO", Votable | Definitions | Resource | Table) => Info,
        (b"PARAM", _) if holds_metadata => Param,
        (b"GROUP", _) if holds_metadata => Group,
        (b"COOSYS", _) if holds_metadata => Coosys,
        (b"TIMESYS", _) if holds_metadata => Timesys,
        (b"FIELDref", Group) => Fieldref,
        (b"PARAMref", Group) => Paramref,
        (b"LINK", Resource | Table | Field | Param | Group) => Link,
        (b"DESCRIPTION", Field | Param | Info) => Description,
        (b"DESCRIPTION", _) if holds_metadata => Description,
        (b"VALUES", Field | Param) => Values,
        (b"MIN", Values) => Min,
        (b"MAX", Values) => Max,
        (b"OPTION", Values | Option) => Option,
        _ => Other,
    }
}
