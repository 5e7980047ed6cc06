//! Tables of a user's own (TAP+): `/Upload` makes and deletes them, `/TableTool` says what their columns are.
//!
//! Both stand beside TAP and write their names with capitals. All of it needs a session.

use crate::{
    error::{Error, error_in_ok_body, redact},
    name,
    request::{Form, Request, Service, Upload, address, envelope, multipart, post},
    upload::{NameProblem, upload_name_ok},
    uws::{self, Job},
    vosi::{Column, ColumnFlags},
    xml,
};

/// The format of a file with a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TableFormat {
    /// VOTable.
    #[default]
    VoTable,
    /// Comma-separated values with a header.
    Csv,
    /// Columns separated by blanks.
    Ascii,
}

impl TableFormat {
    /// The archive's word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::VoTable => "VOTable",
            Self::Csv => "CSV",
            Self::Ascii => "ASCII",
        }
    }

    const fn mime(self) -> &'static str {
        match self {
            Self::VoTable => "application/x-votable+xml",
            Self::Csv => "text/csv",
            Self::Ascii => "text/plain",
        }
    }
}

/// What a new table shall be called.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewTable {
    /// Name without schema: see [`stored_name`].
    pub name: String,
    /// Description.
    pub description: String,
    /// Columns of right ascension and declination, if already known.
    pub position: Option<(String, String)>,
}

impl NewTable {
    fn form(&self, format: TableFormat) -> Form {
        let mut form = Form::of(&[
            ("TASKID", "-1"),
            ("TABLE_NAME", &self.name),
            ("TABLE_DESC", &self.description),
            ("FORMAT", format.as_str()),
        ]);
        if let Some((ra, dec)) = &self.position {
            form.add("RACOL", ra);
            form.add("DECCOL", dec);
        }
        form
    }
}

/// An upload of a file that the transport reads itself: a POST to `url` of `head`, the bytes of the file, `tail`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileUpload {
    /// The address.
    pub url: String,
    boundary: String,
    /// What goes before the file.
    pub head: Vec<u8>,
    /// What goes behind the file.
    pub tail: Vec<u8>,
}

impl FileUpload {
    /// The `Content-Type` of the whole.
    pub fn content_type(&self) -> String {
        format!("multipart/form-data; boundary={}", self.boundary)
    }

    /// Bytes of the whole for a file of `file` bytes.
    pub const fn content_length(&self, file: u64) -> u64 {
        file + (self.head.len() + self.tail.len()) as u64
    }

    /// The whole as one request: for a small file, or without one to show what is sent.
    pub fn with_file(&self, bytes: &[u8]) -> Request {
        Request::multipart(self.url.clone(), self.boundary.clone(), [self.head.as_slice(), bytes, &self.tail].concat())
    }
}

impl Service {
    /// Makes a table from a file. `random` is a number that nobody can foresee.
    pub fn upload_file(&self, table: &NewTable, format: TableFormat, file_name: &str, random: u64) -> FileUpload {
        let (boundary, head, tail) = envelope(&table.form(format), "FILE", file_name, format.mime(), random);
        FileUpload { url: address(self.server(), "Upload"), boundary, head, tail }
    }

    /// Makes a table from the result of a finished job.
    pub fn upload_job(&self, table: &NewTable, job_id: &str) -> Request {
        self.upload_without_file(table, TableFormat::VoTable, ("JOBID", job_id))
    }

    /// Makes a table from what the archive itself fetches at `url`: a job of its own.
    pub fn upload_url(&self, table: &NewTable, format: TableFormat, url: &str) -> Request {
        self.upload_without_file(table, format, ("URL", url))
    }

    /// The archive wants a part `FILE` even where there is no file.
    fn upload_without_file(&self, table: &NewTable, format: TableFormat, source: (&str, &str)) -> Request {
        let mut form = table.form(format);
        form.add(source.0, source.1);
        let nothing =
            Upload { table: String::new(), file_name: String::new(), content_type: String::new(), bytes: Vec::new() };
        let (boundary, bytes) = multipart(&form, &[nothing], |_| "FILE".to_owned());
        Request::multipart(address(self.server(), "Upload"), boundary, bytes)
    }

    /// Deletes a table, with its shares. `force` also drops what depends on it. The names to try are those of
    /// [`names_to_delete`].
    pub fn delete_table(&self, name: &str, force: bool) -> Request {
        let force = if force { "TRUE" } else { "FALSE" };
        let pairs = [("TABLE_NAME", name), ("DELETE", "TRUE"), ("FORCE_REMOVAL", force)];
        post(self.server(), "Upload", &Form::of(&pairs))
    }

    /// Says which columns are right ascension and declination; the archive then has an index of positions.
    pub fn set_position(&self, table: &str, ra: &str, dec: &str) -> Request {
        self.table_tool(&[("ACTION", "radec"), ("TABLE_NAME", table), ("RA", ra), ("DEC", dec)])
    }

    /// Sets UCD, utype, index and flag of columns. All columns of the table must be in the list, changed or not.
    pub fn edit_columns(&self, table: &str, columns: &[ColumnEdit]) -> Request {
        let count = columns.len().to_string();
        let mut form =
            Form::of(&[("ACTION", "edit"), ("NUMTABLES", "1"), ("TABLE0", table), ("TABLE0_NUMCOLS", &count)]);
        for (n, column) in columns.iter().enumerate() {
            let name = format!("TABLE0_COL{n}");
            form.add(&name, &column.name);
            form.add(&format!("{name}_UCD"), &column.ucd);
            form.add(&format!("{name}_UTYPE"), &column.utype);
            form.add(&format!("{name}_INDEXED"), if column.indexed { "True" } else { "False" });
            form.add(&format!("{name}_FLAGS"), column.flag.map_or("None", ColumnFlag::as_str));
        }
        post(self.server(), "TableTool", &form)
    }

    /// Renames a table, columns of it (old name, new name), or both.
    pub fn rename_table(&self, table: &str, new_name: &str, columns: &[(String, String)]) -> Request {
        let pairs: Vec<String> = columns.iter().map(|(old, new)| format!("{old}:{new}")).collect();
        let mut form = Form::of(&[("action", "rename"), ("table_name", table), ("new_table_name", new_name)]);
        form.add_some("new_column_names", (!pairs.is_empty()).then(|| pairs.join(",")));
        post(self.server(), "TableTool", &form)
    }

    fn table_tool(&self, pairs: &[(&str, &str)]) -> Request {
        post(self.server(), "TableTool", &Form::of(pairs))
    }
}

/// The names by which to delete a table: newer archives want the qualified one, older ones the bare one. The second is
/// to be tried only if the first is not found.
pub fn names_to_delete(qualified: &str) -> Vec<&str> {
    let bare = qualified.split_once('.').map(|(_, bare)| bare);
    [Some(qualified), bare].into_iter().flatten().collect()
}

/// What a column of a user's table means to the archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnFlag {
    /// Right ascension.
    Ra,
    /// Declination.
    Dec,
    /// Flux.
    Flux,
    /// Magnitude.
    Mag,
    /// Primary key.
    Pk,
}

impl ColumnFlag {
    /// All flags.
    pub const ALL: [Self; 5] = [Self::Ra, Self::Dec, Self::Flux, Self::Mag, Self::Pk];

    /// The archive's word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ra => "Ra",
            Self::Dec => "Dec",
            Self::Flux => "Flux",
            Self::Mag => "Mag",
            Self::Pk => "PK",
        }
    }

    /// The flag that table metadata tell; the first if there are several.
    pub fn of(flags: ColumnFlags) -> Option<Self> {
        let set = [flags.is_ra(), flags.is_dec(), flags.is_flux(), flags.is_mag(), flags.is_primary_key()];
        Self::ALL.into_iter().zip(set).find(|(_, set)| *set).map(|(flag, _)| flag)
    }

    /// The archive keeps an index of these columns whatever one asks for.
    pub const fn needs_index(self) -> bool {
        matches!(self, Self::Ra | Self::Dec | Self::Pk)
    }
}

/// What is said of one column in an edit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ColumnEdit {
    /// Name of the column.
    pub name: String,
    /// UCD; empty for none.
    pub ucd: String,
    /// UType; empty for none.
    pub utype: String,
    /// Whether the database shall have an index of it.
    pub indexed: bool,
    /// What it means.
    pub flag: Option<ColumnFlag>,
}

impl From<&Column> for ColumnEdit {
    fn from(column: &Column) -> Self {
        Self {
            name: column.name.clone(),
            ucd: column.ucd.clone().unwrap_or_default(),
            utype: column.utype.clone().unwrap_or_default(),
            indexed: column.indexed,
            flag: ColumnFlag::of(column.flags),
        }
    }
}

/// Whether flags go together: right ascension and declination both once or both not, one primary key at most.
pub fn flags_fit(columns: &[ColumnEdit]) -> bool {
    let count = |flag: ColumnFlag| columns.iter().filter(|column| column.flag == Some(flag)).count();
    let ra = count(ColumnFlag::Ra);
    ra < 2 && ra == count(ColumnFlag::Dec) && count(ColumnFlag::Pk) < 2
}

/// What the archive makes of the name of a new table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredName {
    /// The name as stored: in lower case.
    pub name: String,
    /// The name as a query needs it, behind the schema and a dot.
    pub in_adql: String,
    /// Why it needs quotes, if it does.
    pub quotes: Option<NameProblem>,
}

/// Tells what becomes of the name of a new table.
///
/// # Errors
/// `Empty`, `TooLong`, or `Character` for those that the archive does not take: with a dot in its name it makes a table that can
/// neither be queried nor deleted.
pub fn stored_name(text: &str) -> Result<StoredName, NameProblem> {
    let name = text.trim().to_lowercase();
    if let Some(bad) = name.chars().find(|c| c.is_control() || matches!(c, '.' | '"' | '\'' | ';' | '/')) {
        return Err(NameProblem::Character(bad));
    }
    match upload_name_ok(&name) {
        Ok(()) => Ok(StoredName { in_adql: name.clone(), name, quotes: None }),
        // The length counts first: a name that needs quotes may be too long as well.
        Err(_) if name.len() > 63 => Err(NameProblem::TooLong),
        Err(problem) if problem.needs_quotes() => {
            Ok(StoredName { in_adql: name::in_quotes(&name), name, quotes: Some(problem) })
        }
        Err(problem) => Err(problem),
    }
}

/// The answer to an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UploadReply {
    /// It is done.
    Done(Done),
    /// The archive works on it as a job of this URL, seen from where TAP was reached.
    Job(String),
}

/// What the archive says of an upload or deletion that is done.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Done {
    /// Name of the table.
    pub table: Option<String>,
    /// A message beside the success.
    pub message: Option<String>,
    /// Bytes that arrived.
    pub bytes: Option<u64>,
}

/// Reads the answer to an upload or deletion: lines `KEY=value` with whatever content type, or the way to a job, as
/// `location` of a 201 or 303 or, where redirections are followed, as the job's document.
///
/// # Errors
/// `Service` if the answer is a page or another error, `Address` if the job's address cannot be used.
pub fn parse_upload(tap: &str, location: Option<&str>, bytes: &[u8]) -> Result<UploadReply, Error> {
    if let Some(location) = location.filter(|location| !location.trim().is_empty()) {
        return uws::job_url_from_location(tap, location).map(UploadReply::Job);
    }
    // Lines are sent as HTML, so the type says nothing.
    if let Some(error) = error_in_ok_body(None, bytes) {
        return Err(error);
    }
    let text = xml::decode(bytes);
    if text.trim_start().starts_with('<') {
        let Job { id, .. } = uws::parse_job(bytes)?;
        return uws::job_url_from_location(tap, &id).map(UploadReply::Job);
    }
    let mut done = Done::default();
    for line in text.lines() {
        if let Some(bytes) = line.trim().strip_prefix("File size:") {
            done.bytes = bytes.trim().parse().ok();
        } else if let Some((key, value)) = line.split_once('=') {
            let value = Some(value.trim()).filter(|value| !matches!(*value, "" | "null"));
            match key.trim() {
                "TABLE_NAME" => done.table = value.map(str::to_owned),
                "TAP_SERVICE_STATUS" => done.message = value.map(redact),
                _ => {}
            }
        }
    }
    Ok(UploadReply::Done(done))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_as_the_archive_stores_them() {
        let stored = |text: &str| stored_name(text).map(|name| (name.name, name.in_adql));
        let same = |one: &str, other: &str| Ok((one.to_owned(), other.to_owned()));
        assert_eq!(stored(" MyStars_2 "), same("mystars_2", "mystars_2"));
        assert_eq!(stored("my stars"), same("my stars", "\"my stars\""));
        assert_eq!(stored("2mass"), same("2mass", "\"2mass\""));
        assert_eq!(stored("Table"), same("table", "\"table\""));
        assert_eq!(stored_name("Table").unwrap().quotes, Some(NameProblem::Reserved));
        assert_eq!(stored("a.b"), Err(NameProblem::Character('.')));
        assert_eq!(stored("a\"b"), Err(NameProblem::Character('"')));
        assert_eq!(stored("  "), Err(NameProblem::Empty));
        assert_eq!(stored(&"a ".repeat(40)), Err(NameProblem::TooLong));
        assert_eq!(stored(&"a".repeat(64)), Err(NameProblem::TooLong));
    }

    #[test]
    fn replies_to_uploads() {
        let tap = "gw/gaia/tap-server/tap";
        let reply = |location, text: &str| parse_upload(tap, location, text.as_bytes());
        let lines = "RACOL=ra\r\nDECCOL=dec\r\nTABLE_NAME=mine\r\nFORMAT=votable\r\nTABLE_DESC=a=b\r\nDELETE=null\r\nTAP_SERVICE_STATUS=ok\r\nFile size: 1234\r\n";
        let done = Done { table: Some("mine".into()), message: Some("ok".into()), bytes: Some(1234) };
        assert_eq!(reply(None, lines).unwrap(), UploadReply::Done(done));
        assert_eq!(reply(Some(" "), "").unwrap(), UploadReply::Done(Done::default()));
        let job = UploadReply::Job("gw/gaia/tap-server/tap/async/1539932326689O".into());
        assert_eq!(reply(Some("http://gea.esac.esa.int/tap-server/tap/async/1539932326689O"), "x").unwrap(), job);
        assert_eq!(reply(None, "<uws:job xmlns:uws='x'><uws:jobId>1539932326689O</uws:jobId></uws:job>").unwrap(), job);
        let page =
            "<html><head></head><body><li><b>Message: </b>Cannot execute action: Upload table 'x'</li></body></html>";
        assert_eq!(reply(None, page).unwrap_err().to_string(), "Cannot execute action: Upload table 'x'");
        assert!(reply(Some("javascript:x"), "").is_err());
        for end in (0..lines.len()).filter(|end| lines.is_char_boundary(*end)) {
            assert!(reply(None, &lines[..end]).is_ok(), "a prefix");
        }
    }

    #[test]
    fn flags_go_in_pairs() {
        let column = |flag| ColumnEdit { flag, ..ColumnEdit::default() };
        let (ra, dec, none) = (column(Some(ColumnFlag::Ra)), column(Some(ColumnFlag::Dec)), column(None));
        assert!(
            flags_fit(&[])
                && flags_fit(std::slice::from_ref(&none))
                && flags_fit(&[ra.clone(), none.clone(), dec.clone()])
        );
        assert!(!flags_fit(&[ra.clone(), none]) && !flags_fit(&[ra.clone(), ra, dec.clone(), dec]));
        for flag in ColumnFlag::ALL {
            let number = match flag {
                ColumnFlag::Ra => 1,
                ColumnFlag::Dec => 2,
                ColumnFlag::Flux => 4,
                ColumnFlag::Mag => 8,
                ColumnFlag::Pk => 16,
            };
            assert_eq!(ColumnFlag::of(ColumnFlags(number)), Some(flag));
            assert_eq!(ColumnFlag::of(ColumnFlags(number + 32)), Some(flag));
        }
        assert_eq!(ColumnFlag::of(ColumnFlags(32)), None);
    }
}
