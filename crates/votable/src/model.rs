//! The document: what the elements of a VOTable say (VOTable 1.5, sections 3 and 4). The cells are in `table::Table`.

use table::{Field, Table};

use crate::Warning;

/// A document, as far as it was read.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// `version` of the root element, as written.
    pub version: Option<String>,
    /// `ID` of the root element.
    pub id: Option<String>,
    /// Description of the document.
    pub description: Option<String>,
    /// INFO elements of the root.
    pub infos: Vec<Info>,
    /// PARAM elements of the root and of DEFINITIONS.
    pub params: Vec<Param>,
    /// Coordinate systems of the root and of DEFINITIONS.
    pub coosys: Vec<Coosys>,
    /// Time systems of the root.
    pub timesys: Vec<Timesys>,
    /// GROUP elements of the root.
    pub groups: Vec<Group>,
    /// The resources, in document order.
    pub resources: Vec<Resource>,
    /// Whether the root element was closed: nothing is missing.
    pub complete: bool,
    /// What is not as the standard wants it; the first ones, up to the limit.
    pub warnings: Vec<Warning>,
    /// How many warnings there were in all.
    pub warning_count: usize,
    /// The last word on the status so far.
    pub(crate) status: Status,
}

impl Document {
    /// All tables in document order, those of nested resources too.
    pub fn tables(&self) -> impl Iterator<Item = &TableElement> {
        self.walk().flat_map(|resource| resource.tables.iter())
    }

    /// All resources in document order, nested ones after the one that holds them.
    pub fn walk(&self) -> impl Iterator<Item = &Resource> {
        let mut stack: Vec<&Resource> = self.resources.iter().rev().collect();
        std::iter::from_fn(move || {
            let resource = stack.pop()?;
            stack.extend(resource.resources.iter().rev());
            Some(resource)
        })
    }

    /// What the service says of the query (DALI 1.1, section 4.4): the last status INFO wins, before or after the table.
    pub fn status(&self) -> Status {
        self.status.clone()
    }

    /// The service descriptors (DataLink 1.1, section 4): resources of type `meta` whose utype begins with `adhoc:`.
    pub fn service_descriptors(&self) -> Vec<ServiceDescriptor> {
        self.walk().filter_map(ServiceDescriptor::of).collect()
    }
}

/// The status of a query, from INFO QUERY_STATUS.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Status {
    /// The query was done.
    Ok,
    /// It failed; the service's message.
    Error(String),
    /// There is more than was sent.
    Overflow,
    /// The document does not say.
    #[default]
    Unknown,
}

/// INFO: a named value, with more text perhaps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Info {
    /// `ID`.
    pub id: Option<String>,
    /// Name.
    pub name: String,
    /// Value.
    pub value: String,
    /// The text inside the element.
    pub text: Option<String>,
    /// Unified content descriptor.
    pub ucd: Option<String>,
    /// Role in a data model.
    pub utype: Option<String>,
    /// Unit.
    pub unit: Option<String>,
    /// Extended type.
    pub xtype: Option<String>,
    /// `ref`.
    pub reference: Option<String>,
}

impl Info {
    /// An INFO with a name and a value.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Info {
        Info { name: name.into(), value: value.into(), ..Info::default() }
    }

    /// The same with text inside the element.
    pub fn with_text(mut self, text: impl Into<String>) -> Info {
        self.text = Some(text.into());
        self
    }
}

/// PARAM: a field with one value, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Param {
    /// Name, type and the rest.
    pub field: Field,
    /// The value as the document writes it.
    pub value: String,
    /// Allowed values.
    pub values: Option<Values>,
}

impl Param {
    /// A text PARAM.
    pub fn text(name: impl Into<String>, value: impl Into<String>) -> Param {
        Param { field: Field::new(name, table::Datatype::Char), value: value.into(), values: None }
    }
}

/// VALUES: the domain of a FIELD or PARAM. Its `null` is in [`Field::null`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values {
    /// Least value and whether it belongs to the domain.
    pub min: Option<(String, bool)>,
    /// Greatest value and whether it belongs to the domain.
    pub max: Option<(String, bool)>,
    /// OPTION elements: name and value.
    pub options: Vec<(Option<String>, String)>,
}

/// COOSYS: a celestial coordinate system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coosys {
    /// `ID`, to which fields refer.
    pub id: Option<String>,
    /// `ICRS`, `eq_FK5`, `galactic` …
    pub system: Option<String>,
    /// Equinox.
    pub equinox: Option<String>,
    /// Epoch of the positions.
    pub epoch: Option<String>,
    /// Reference position (VOTable 1.5).
    pub refposition: Option<String>,
}

/// TIMESYS: a time system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timesys {
    /// `ID`, to which fields refer.
    pub id: Option<String>,
    /// Time origin: a Julian date, `MJD-origin` or `JD-origin`.
    pub timeorigin: Option<String>,
    /// `TCB`, `UTC` …
    pub timescale: Option<String>,
    /// `BARYCENTER` …
    pub refposition: Option<String>,
}

/// LINK: an address that belongs to something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// `ID`.
    pub id: Option<String>,
    /// `content-role`.
    pub content_role: Option<String>,
    /// `content-type`.
    pub content_type: Option<String>,
    /// Title.
    pub title: Option<String>,
    /// Value.
    pub value: Option<String>,
    /// The address.
    pub href: Option<String>,
    /// Action.
    pub action: Option<String>,
}

/// FIELDref or PARAMref.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reference {
    /// The `ID` of a FIELD or PARAM.
    pub reference: String,
    /// Unified content descriptor.
    pub ucd: Option<String>,
    /// Role in a data model.
    pub utype: Option<String>,
}

/// GROUP: fields and parameters that belong together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// `ID`.
    pub id: Option<String>,
    /// Name.
    pub name: Option<String>,
    /// `ref`.
    pub reference: Option<String>,
    /// Unified content descriptor.
    pub ucd: Option<String>,
    /// Role in a data model.
    pub utype: Option<String>,
    /// Description.
    pub description: Option<String>,
    /// Parameters of the group.
    pub params: Vec<Param>,
    /// Columns of the group.
    pub fieldrefs: Vec<Reference>,
    /// Parameters of the table that belong to the group.
    pub paramrefs: Vec<Reference>,
    /// Groups inside.
    pub groups: Vec<Group>,
}

/// RESOURCE: tables, metadata and further resources.
#[derive(Clone, Debug, Default)]
pub struct Resource {
    /// `type`: `results`, `meta`.
    pub kind: Option<String>,
    /// Name.
    pub name: Option<String>,
    /// `ID`.
    pub id: Option<String>,
    /// Role in a data model.
    pub utype: Option<String>,
    /// Description.
    pub description: Option<String>,
    /// INFO elements, before and after the tables.
    pub infos: Vec<Info>,
    /// Parameters.
    pub params: Vec<Param>,
    /// Coordinate systems.
    pub coosys: Vec<Coosys>,
    /// Time systems.
    pub timesys: Vec<Timesys>,
    /// Groups.
    pub groups: Vec<Group>,
    /// Links.
    pub links: Vec<Link>,
    /// The tables.
    pub tables: Vec<TableElement>,
    /// Resources inside.
    pub resources: Vec<Resource>,
}

/// TABLE: columns with their cells, and what is said of them.
#[derive(Clone, Debug, Default)]
pub struct TableElement {
    /// The columns; name and description of the table.
    pub table: Table,
    /// `ID`.
    pub id: Option<String>,
    /// `ref`: the table whose structure this one has.
    pub reference: Option<String>,
    /// Unified content descriptor.
    pub ucd: Option<String>,
    /// Role in a data model.
    pub utype: Option<String>,
    /// INFO elements.
    pub infos: Vec<Info>,
    /// Parameters.
    pub params: Vec<Param>,
    /// Groups.
    pub groups: Vec<Group>,
    /// Links of the table.
    pub links: Vec<Link>,
    /// For each column what `table::Field` does not hold.
    pub details: Vec<FieldDetails>,
    /// Number of rows that the document announces.
    pub nrows: Option<u64>,
    /// How the cells are written; `None`: the table has no DATA.
    pub data: Option<DataElement>,
}

/// VALUES and LINKs of a FIELD.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldDetails {
    /// Allowed values, or the range of those that are there.
    pub values: Option<Values>,
    /// Links.
    pub links: Vec<Link>,
}

/// How the cells of a table are written in the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataElement {
    /// As XML elements.
    TableData,
    /// As base64 of binary values.
    Binary,
    /// The same with a null mask in front of each row.
    Binary2,
    /// In a FITS, Parquet or other file that is not read.
    Elsewhere,
}

/// A service that can be called with values of the table (DataLink 1.1, section 4).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServiceDescriptor {
    /// `ID` of the resource.
    pub id: Option<String>,
    /// Name of the resource.
    pub name: Option<String>,
    /// `adhoc:service`, or `adhoc:this` for the service that made the document.
    pub utype: Option<String>,
    /// What the service does.
    pub description: Option<String>,
    /// Address of the service.
    pub access_url: Option<String>,
    /// IVOA identifier of the standard.
    pub standard_id: Option<String>,
    /// IVOA identifier of the service.
    pub resource_identifier: Option<String>,
    /// Media type of the answer.
    pub content_type: Option<String>,
    /// Examples of calls.
    pub example_urls: Vec<String>,
    /// Parameters of a call; [`Field::reference`] names the FIELD that gives the value.
    pub input_params: Vec<Param>,
}

impl ServiceDescriptor {
    /// The descriptor that a resource is, if it is one.
    pub fn of(resource: &Resource) -> Option<ServiceDescriptor> {
        let utype = resource.utype.as_deref()?;
        if !utype.to_ascii_lowercase().starts_with("adhoc:") {
            return None;
        }
        let param = |name: &str| {
            let found = resource.params.iter().find(|param| param.field.name.eq_ignore_ascii_case(name));
            found.map(|param| param.value.clone())
        };
        let examples = resource.params.iter().filter(|param| param.field.name.eq_ignore_ascii_case("exampleURL"));
        let inputs = resource.groups.iter().filter(|group| group.name.as_deref() == Some("inputParams"));
        Some(ServiceDescriptor {
            id: resource.id.clone(),
            name: resource.name.clone(),
            utype: resource.utype.clone(),
            description: resource.description.clone(),
            access_url: param("accessURL"),
            standard_id: param("standardID"),
            resource_identifier: param("resourceIdentifier"),
            content_type: param("contentType"),
            example_urls: examples.map(|param| param.value.clone()).collect(),
            input_params: inputs.flat_map(|group| group.params.iter().cloned()).collect(),
        })
    }
}
