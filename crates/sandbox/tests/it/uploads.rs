//! Tables that come with a query.

use std::io::Write as _;

use crate::service::{Service, TAP, id};

fn votable(rows: &[(&str, &str)]) -> Vec<u8> {
    let rows: String = rows
        .iter()
        .map(|(id, label)| format!("<TR><TD>{id}</TD><TD>{label}</TD><TD>1.5 2.5</TD><TD/></TR>\n"))
        .collect();
    format!(
        "<VOTABLE version=\"1.4\" xmlns=\"http://www.ivoa.net/xml/VOTable/v1.3\"><RESOURCE><TABLE>
         <FIELD name=\"Source_ID\" datatype=\"long\"/><FIELD name=\"my label\" datatype=\"char\" arraysize=\"*\" ucd=\"meta.note\"/>
         <FIELD name=\"pair\" datatype=\"float\" arraysize=\"2\"/><FIELD name=\"none\" datatype=\"double\"/>
         <DATA><TABLEDATA>{rows}</TABLEDATA></DATA></TABLE></RESOURCE></VOTABLE>"
    )
    .into_bytes()
}

const JOIN: &str = "SELECT u.source_id, u.\"my label\", u.pair, u.none, g.ra FROM TAP_UPLOAD.mine AS u JOIN gaiadr3.gaia_source AS g ON g.source_id = u.source_id ORDER BY g.ra";

#[test]
fn an_uploaded_table_is_joined() {
    let service = Service::new();
    let known = service.rows("SELECT TOP 3 source_id, ra FROM gaiadr3.gaia_source ORDER BY ra");
    let file = votable(&[(&known[2][0], "last"), ("12", "nobody"), (&known[0][0], "&lt;first&gt; é")]);
    let mut zipped = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    zipped.write_all(&file).unwrap();
    for body in [file.clone(), zipped.finish().unwrap()] {
        let parameters = [("LANG", "ADQL"), ("QUERY", JOIN), ("UPLOAD", "mine,param:part1")];
        let (table, _) = service.multipart("sync", &parameters, &[("part1", &body)]).table();
        let cells = |row: usize| -> Vec<String> {
            table.columns.iter().map(|column| column.display(row).to_string()).collect()
        };
        assert_eq!(table.rows(), 2);
        assert_eq!(cells(0)[..4], [known[0][0].as_str(), "<first> é", "1.5 2.5", ""]);
        assert_eq!(cells(1)[..4], [known[2][0].as_str(), "last", "1.5 2.5", ""]);
        assert_eq!(table.columns[1].field().ucd.as_deref(), Some("meta.note"));
        assert_eq!(table.columns[2].field().arraysize.to_string(), "2");
        assert!(table.columns[3].is_null(0));
    }
    assert_eq!(service.query("SELECT * FROM tap_upload.mine", "csv").status, 400, "it was there for one query only");
}

#[test]
fn a_job_keeps_its_uploads_until_it_has_run() {
    let service = Service::new();
    let known = service.rows("SELECT TOP 1 source_id FROM gaiadr3.gaia_source");
    let one = votable(&[(&known[0][0], "one")]);
    let two = votable(&[(&known[0][0], "two"), ("5", "five")]);
    let query = "SELECT a.\"my label\", b.\"my label\" FROM tap_upload.one AS a JOIN tap_upload.two AS b ON a.source_id = b.source_id";
    let parameters = [("QUERY", query), ("UPLOAD", "one,param:x;two,param:y")];
    let id = id(&service.multipart("async", &parameters, &[("x", &one), ("y", &two)]));
    assert_eq!(service.files(), [format!("{id}.uploads.sqlite")]);
    service.post(&format!("async/{id}/phase"), &[("PHASE", "RUN")]);
    service.work();
    let (table, _) = service.get(&format!("async/{id}/results/result")).table();
    assert_eq!((table.rows(), table.columns[1].display(0).to_string()), (1, "two".to_owned()));
    assert_eq!(service.files(), [format!("{id}.sqlite")]);
}

#[test]
fn an_aborted_job_frees_its_uploads() {
    let service = Service::new();
    let parameters = [("QUERY", "SELECT * FROM tap_upload.t"), ("UPLOAD", "t,param:x")];
    let id = id(&service.multipart("async", &parameters, &[("x", &votable(&[("1", "a")]))]));
    assert_eq!(service.files().len(), 1);
    service.post(&format!("async/{id}/phase"), &[("PHASE", "ABORT")]);
    assert!(service.files().is_empty(), "{:?}", service.files());
    service.work();
    assert_eq!(service.phase(&id), "ABORTED");
}

#[test]
fn what_is_no_table_says_why() {
    let service = Service::new();
    let parameters = [("QUERY", "SELECT * FROM tap_upload.mine"), ("UPLOAD", "mine,param:f")];
    let refuse = |body: &[u8]| {
        let response = service.multipart("sync", &parameters, &[("f", body)]);
        assert_eq!(response.status, 400);
        response.text()
    };
    let csv = refuse(b"a,b\n1,2\n");
    assert!(csv.contains("Upload 'mine': not a VOTable"), "{csv}");
    let broken = refuse(b"<VOTABLE>\n<RESOURCE>\n<TABLE></RESOURCE></VOTABLE>");
    assert!(broken.contains("not a VOTable") && broken.contains("line 3"), "{broken}");
    let cut = votable(&[("1", "a")]);
    assert!(refuse(&cut[..cut.len() - 60]).contains("not a VOTable"));
    let job = id(&service.multipart("async", &[parameters[0], parameters[1], ("PHASE", "RUN")], &[("f", b"a,b\n")]));
    service.work();
    assert_eq!(service.phase(&job), "ERROR");
    assert!(service.get(&format!("async/{job}/error/details")).text().contains("not a VOTable"));
}

#[test]
fn requests_for_uploads_must_make_sense() {
    let service = Service::new();
    let file = votable(&[("1", "a")]);
    for (upload, words) in [
        ("mine", "Bad syntax ! An UPLOAD parameter must contain a list of pairs separated by a ';'."),
        ("mine,param:other", "has no part 'other'"),
        ("a.b,param:f", "'a.b' is not a name"),
        ("t,param:f;T,param:f", "Two uploaded tables"),
        ("t,http://elsewhere.test/x", "are not allowed"),
    ] {
        let response = service.multipart("sync", &[("QUERY", "SELECT 1"), ("UPLOAD", upload)], &[("f", &file)]);
        assert_eq!(response.status, 400, "{upload}");
        assert!(response.text().replace("&apos;", "'").contains(words), "{upload}: {}", response.text());
    }
}

#[test]
fn a_result_of_this_service_can_be_uploaded_by_its_address() {
    let service = Service::new();
    let id = service
        .submit("SELECT TOP 6 source_id FROM gaiadr3.gaia_source", &[("PHASE", "RUN"), ("FORMAT", "votable_gzip")]);
    service.work();
    let upload = format!("t,{TAP}/async/{id}/results/result");
    let response =
        service.post("sync", &[("QUERY", "SELECT COUNT(*) FROM tap_upload.t"), ("UPLOAD", &upload), ("FORMAT", "csv")]);
    assert_eq!(response.csv(), [["6"]]);
}
