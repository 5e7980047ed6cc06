//! Tables of users: made, read, removed; and never seen by anybody else.

use std::io::Write as _;

use crate::service::Service;
use crate::user::User;

const CSV: &str = "Source_ID,RA,Dec,label\n6917528997577384321,56.75,24.12,\"a, b\"\n12,,,\n-5,56.76,24.13,é\n";

fn votable() -> Vec<u8> {
    b"<VOTABLE version=\"1.4\" xmlns=\"http://www.ivoa.net/xml/VOTable/v1.3\"><RESOURCE><TABLE>
      <FIELD name=\"id\" datatype=\"long\"/><FIELD name=\"alpha\" datatype=\"double\" unit=\"deg\" ucd=\"pos.eq.ra;meta.main\"/>
      <FIELD name=\"delta\" datatype=\"double\" unit=\"deg\" ucd=\"pos.eq.dec;meta.main\"/>
      <FIELD name=\"flux\" datatype=\"float\" arraysize=\"2\"/>
      <DATA><TABLEDATA><TR><TD>1</TD><TD>10.5</TD><TD>-3.5</TD><TD>1.5 2.5</TD></TR>
      <TR><TD>2</TD><TD>200</TD><TD>80</TD><TD/></TR></TABLEDATA></DATA></TABLE></RESOURCE></VOTABLE>"
        .to_vec()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The message of a failed request, which must have the shape of the archive's.
fn refused(response: &crate::service::Response, name: &str) -> String {
    let text = response.text();
    assert!(matches!(response.status, 500 | 403), "{} {text}", response.status);
    let message = text.split("<li><b>Message: </b>").nth(1).and_then(|rest| rest.split("</li>").next()).unwrap();
    assert!(message.starts_with(&format!("Cannot execute action: Upload table '{name}'")), "{message}");
    message.to_owned()
}

#[test]
fn a_table_is_made_of_each_format() {
    let service = Service::new();
    let demo = User::of(&service, "demo");
    let ascii =
        "# Source_ID RA Dec label\n6917528997577384321 56.75  24.12 \"a, b\"\n12 \"\" \"\" \"\"\n-5 56.76 24.13 é\n";
    let tab =
        "Source_ID\tRA Dec   label\n6917528997577384321 56.75  24.12 \"a, b\"\n12 nan nan \"\"\n-5 56.76 24.13 é\n";
    let ecsv = format!("# %ECSV 1.0\n# ---\n# delimiter: ','\n{CSV}");
    for (at, (format, body)) in
        [("CSV", CSV), ("ascii", ascii), ("Ascii", tab), ("ecsv", &ecsv)].into_iter().enumerate()
    {
        for (zipped, body) in [(0, body.as_bytes().to_vec()), (1, gzip(body.as_bytes()))] {
            let name = format!("t{at}_{zipped}");
            let response = demo.upload(&[("TABLE_NAME", &name), ("format", format), ("TABLE_DESC", "<mine>")], &body);
            assert_eq!((response.status, response.header("content-type")), (200, "text/html"), "{}", response.text());
            let lines = response.text();
            let expected = format!(
                "RACOL=RA\nDECCOL=Dec\nTABLE_NAME={name}\nFORMAT={format}\nTABLE_DESC=&lt;mine&gt;\nDELETE=FALSE\nFile size: {}\n",
                body.len()
            );
            assert_eq!(lines, expected);
            let (table, _) =
                demo.query(&format!("SELECT * FROM user_demo.{name} ORDER BY {name}_oid"), "votable").table();
            let names: Vec<&str> = table.columns.iter().map(|column| column.field().name.as_str()).collect();
            assert_eq!(names, [format!("{name}_oid").as_str(), "Source_ID", "RA", "Dec", "label"]);
            let types: Vec<&str> = table.columns.iter().map(|column| column.field().datatype.name()).collect();
            assert_eq!(types, ["long", "long", "double", "double", "char"]);
            let cells =
                |row: usize| -> Vec<String> { table.columns.iter().map(|c| c.display(row).to_string()).collect() };
            assert_eq!(cells(0), ["1", "6917528997577384321", "56.75", "24.12", "a, b"], "every digit stays");
            assert_eq!(cells(1)[..4], ["2", "12", "", ""]);
            assert_eq!(cells(2), ["3", "-5", "56.76", "24.13", "é"]);
        }
    }
    for (name, body) in [("v", votable()), ("vz", gzip(&votable()))] {
        let response = demo.upload(&[("TABLE_NAME", name), ("TASKID", "-1")], &body);
        assert!(response.text().starts_with("RACOL=alpha\nDECCOL=delta\n"), "{}", response.text());
        let (table, _) =
            demo.query(&format!("SELECT alpha, flux FROM USER_demo.{name} WHERE id = 1"), "votable").table();
        assert_eq!(table.columns[0].field().unit.as_deref(), Some("deg"));
        assert_eq!(table.columns[1].display(0).to_string(), "1.5 2.5");
    }
}

#[test]
fn tables_are_joined_and_searched_by_position() {
    let service = Service::new();
    let demo = User::of(&service, "demo");
    let known = service.rows("SELECT TOP 4 source_id, ra, dec FROM gaiadr3.gaia_source ORDER BY source_id");
    let body: String = known.iter().map(|row| format!("{}\n", row.join(","))).collect();
    demo.upload(&[("TABLE_NAME", "Stars"), ("FORMAT", "CSV")], format!("source_id,ra,dec\n{body}").as_bytes());
    let (ra, dec) = (&known[2][1], &known[2][2]);
    let cone = format!(
        "SELECT s.source_id FROM user_demo.stars AS s WHERE 1 = CONTAINS(POINT('ICRS', s.ra, s.dec), CIRCLE('ICRS', {ra}, {dec}, 0.001))"
    );
    assert_eq!(demo.query(&cone, "csv").csv(), [[known[2][0].clone()]]);
    let join = "SELECT COUNT(*) FROM user_demo.stars AS s JOIN gaiadr3.gaia_source AS g ON DISTANCE(s.ra, s.dec, g.ra, g.dec) < 0.00001";
    assert_eq!(demo.query(join, "csv").csv(), [["4"]]);
    let upload = b"<VOTABLE><RESOURCE><TABLE><FIELD name=\"k\" datatype=\"int\"/><DATA><TABLEDATA><TR><TD>2</TD></TR></TABLEDATA></DATA></TABLE></RESOURCE></VOTABLE>";
    let three = "SELECT s.source_id, g.ra FROM user_demo.stars AS s JOIN tap_upload.u AS u ON u.k = s.stars_oid JOIN gaiadr3.gaia_source AS g ON g.source_id = s.source_id";
    let parameters = [("QUERY", three), ("FORMAT", "csv"), ("UPLOAD", "u,param:f")];
    let rows = demo.multipart("/tap-server/tap/sync", &parameters, &[("f", upload)]).csv();
    assert_eq!(rows, [[known[1][0].clone(), known[1][1].clone()]]);
}

#[test]
fn a_result_of_a_job_becomes_a_table() {
    let service = Service::new();
    let demo = User::of(&service, "demo");
    let query = "SELECT TOP 5 source_id, ra, dec FROM gaiadr3.gaia_source ORDER BY ra";
    let id = demo.run(query);
    let response = demo.upload(&[("JOBID", &id), ("FORMAT", "<built-in function format>")], b"");
    assert_eq!(response.status, 200, "{}", response.text());
    let name = format!("user_demo.\"t{id}\"");
    let rows = demo.query(&format!("SELECT source_id, ra, dec FROM {name} ORDER BY ra"), "csv").csv();
    assert_eq!(rows, service.rows(query));
    assert!(
        demo.get("tables?only_tables=true").text().contains(&name.replace('"', "&quot;")),
        "quotes are needed there"
    );

    // By the address of a job that belongs to nobody.
    let open = service.submit(query, &[("PHASE", "RUN"), ("FORMAT", "votable_gzip")]);
    service.work();
    let address = format!("{}/async/{open}/results/result", crate::service::TAP);
    let response = demo.upload(&[("TABLE_NAME", "by_address"), ("URL", &address)], b"");
    assert_eq!(response.status, 200, "{}", response.text());
    assert_eq!(demo.query("SELECT COUNT(*) FROM user_demo.by_address", "csv").csv(), [["5"]]);
    for address in ["http://elsewhere.test/x.vot", "file:///etc/passwd", "http://169.254.169.254/latest"] {
        let response = demo.upload(&[("TABLE_NAME", "other"), ("URL", address)], b"");
        assert_eq!(response.status, 403);
        assert!(refused(&response, "other").contains("are not allowed"));
    }

    let teacher = User::of(&service, "teacher");
    let response = teacher.upload(&[("TABLE_NAME", "stolen"), ("JOBID", &id)], b"");
    assert!(refused(&response, "stolen").contains("not authorized"));
    assert!(refused(&teacher.upload(&[("JOBID", "nix")], b""), "tnix").contains("does not exist"));
}

#[test]
fn results_of_jobs_are_read_by_their_owner_in_both_spellings() {
    let service = Service::new();
    let (demo, teacher) = (User::of(&service, "demo"), User::of(&service, "teacher"));
    let id = demo.run("SELECT TOP 3 source_id FROM gaiadr3.gaia_source");
    for name in [format!("JOB_UPLOAD.\"job{id}\""), format!("job_upload.\"JOB{id}\"")] {
        assert_eq!(demo.query(&format!("SELECT COUNT(*) FROM {name}"), "csv").csv(), [["3"]], "{name}");
        for other in [&teacher, &User::nobody(&service)] {
            let response = other.query(&format!("SELECT COUNT(*) FROM {name}"), "csv");
            assert_eq!(response.status, 400);
            assert!(response.text().contains("There is no table"), "{}", response.text());
        }
    }
    let legacy = Service::with(|config| config.legacy = true);
    let demo = User::of(&legacy, "demo");
    let id = demo.run("SELECT TOP 3 source_id FROM gaiadr3.gaia_source");
    assert_eq!(demo.query(&format!("SELECT COUNT(*) FROM JOB_UPLOAD.JOB{id}"), "csv").csv(), [["3"]]);
}

#[test]
fn a_query_reads_many_tables_but_not_any_number() {
    let service = Service::new();
    let demo = User::of(&service, "demo");
    for at in 0..25 {
        demo.upload(&[("TABLE_NAME", &format!("t{at}")), ("FORMAT", "csv")], b"a,b\n1,2\n");
    }
    let union = |count: usize| {
        let parts: Vec<String> = (0..count).map(|at| format!("SELECT a FROM user_demo.t{at}")).collect();
        demo.query(&parts.join(" UNION ALL "), "csv")
    };
    assert_eq!(union(24).csv().len(), 24);
    let refused = union(25);
    assert_eq!(refused.status, 400);
    assert!(refused.text().contains("It may read 24"), "{}", refused.text());
}

#[test]
fn names_may_be_hostile() {
    let service = Service::new();
    let demo = User::of(&service, "demo");
    for name in ["It's; DROP", "a.b", "user_demo.t", "a\"b", "x\u{0}y", "../../etc/passwd", ""] {
        let response = demo.upload(&[("TABLE_NAME", name), ("FORMAT", "csv")], b"a,b\n1,2\n");
        assert!([500, 403].contains(&response.status), "{name}: {}", response.text());
    }
    let dotted = demo.upload(&[("TABLE_NAME", "a.b"), ("FORMAT", "csv")], b"a,b\n1,2\n");
    assert!(refused(&dotted, "a.b").contains("has a dot in it"));
    let columns = "\"it's\",\"a ]b\",\"); DROP TABLE result; --\",select\n1,2,3,4\n";
    for name in ["it's", "--", "select", "größe 1", "'); drop table x"] {
        let response = demo.upload(&[("TABLE_NAME", name), ("FORMAT", "csv")], columns.as_bytes());
        if name.contains(';') {
            refused(&response, name);
            continue;
        }
        assert_eq!(response.status, 200, "{name}: {}", response.text());
        let rows = demo.query(
            &format!("SELECT \"it's\", \"a ]b\", \"); DROP TABLE result; --\", \"select\" FROM user_demo.\"{name}\""),
            "csv",
        );
        assert_eq!(rows.csv(), [["1", "2", "3", "4"]], "{name}");
        assert_eq!(demo.remove(&[("TABLE_NAME", &format!("user_demo.\"{name}\""))]).status, 200);
    }
    for (body, words) in [
        (&b"a,A\n1,2\n"[..], ""),
        (b"bad_oid,b\n1,2\n", "adds a column 'bad_oid' of its own"),
        (b"a,b\n1\n", "line 2 has 1 fields"),
        (b"<VOTABLE/>", "looks like XML"),
        (b"", "neither FILE nor JOBID nor URL"),
        (b"\x1f\x8b\x08broken", "gzip"),
    ] {
        let response = demo.upload(&[("TABLE_NAME", "bad"), ("FORMAT", "csv")], body);
        if words.is_empty() {
            // The reader of CSV gives the second another name.
            assert_eq!(response.status, 200, "{}", response.text());
            demo.remove(&[("TABLE_NAME", "bad")]);
        } else {
            assert!(refused(&response, "bad").contains(words), "{}", response.text());
        }
    }
    assert!(refused(&demo.upload(&[("TABLE_NAME", "bad")], b"a,b\n1,2\n"), "bad").contains("not a VOTable"));
    let unknown = demo.upload(&[("TABLE_NAME", "bad"), ("FORMAT", "fits")], b"SIMPLE  =");
    assert!(refused(&unknown, "bad").contains("Known formats: VOTable, CSV, ECSV, ASCII"));
    let half = demo.upload(&[("TABLE_NAME", "bad"), ("FORMAT", "csv"), ("RACOL", "a")], b"a,b\n1,2\n");
    assert!(refused(&half, "bad").contains("together"));
    assert!(service.table_files().is_empty() || service.table_files().len() <= 6, "nothing is left of what failed");
}

#[test]
fn tables_are_their_owners_alone() {
    let service = Service::new();
    let (demo, teacher, nobody) = (User::of(&service, "demo"), User::of(&service, "teacher"), User::nobody(&service));
    demo.upload(&[("TABLE_NAME", "secret"), ("FORMAT", "csv")], CSV.as_bytes());
    for other in [&teacher, &nobody] {
        for name in ["user_demo.secret", "USER_DEMO.\"secret\"", "secret", "user_demo.nix"] {
            let response = other.query(&format!("SELECT * FROM {name}"), "csv");
            assert_eq!(response.status, 400);
            assert!(response.text().contains("There is no table"), "{}", response.text());
            assert!(!response.text().contains("Did you mean user_demo"), "{}", response.text());
        }
        for path in ["tables", "tables?share_accessible=true&share_info=true", "tables?tables=user_demo.secret"] {
            assert!(!other.get(path).text().contains("user_demo"), "{path}");
        }
        assert_eq!(other.get("tables/user_demo.secret").status, 404);
        assert!(
            other.query("SELECT * FROM tap_schema.tables WHERE table_name LIKE '%secret%'", "csv").csv().is_empty()
        );
        let removed = other.remove(&[("TABLE_NAME", "user_demo.secret"), ("FORCE_REMOVAL", "TRUE")]);
        refused(&removed, "user_demo.secret");
    }
    let anonymous = nobody.upload(&[("TABLE_NAME", "t"), ("FORMAT", "csv")], CSV.as_bytes());
    assert_eq!(anonymous.status, 500);
    assert!(refused(&anonymous, "t").contains("User 'anonymous' is not authorized."));
    assert_eq!(demo.query("SELECT COUNT(*) FROM user_demo.secret", "csv").csv(), [["3"]], "it is still there");
    assert!(!demo.get("tables").text().contains("user_teacher"));
}

#[test]
fn a_table_is_removed_by_either_name() {
    let service = Service::new();
    let demo = User::of(&service, "demo");
    for name in ["t", "user_demo.t", "USER_DEMO.\"T\""] {
        demo.upload(&[("TABLE_NAME", "T"), ("FORMAT", "csv")], CSV.as_bytes());
        let twice = demo.upload(&[("TABLE_NAME", "t"), ("FORMAT", "csv")], CSV.as_bytes());
        assert!(refused(&twice, "t").contains("already exists"));
        let response = demo.remove(&[("TABLE_NAME", name)]);
        assert_eq!(response.status, 200, "{}", response.text());
        assert!(response.text().contains("DELETE=TRUE"));
        let gone = demo.remove(&[("TABLE_NAME", name)]);
        assert!(refused(&gone, &name.replace('"', "&quot;")).contains("does not exist"));
    }
    service.pass(std::time::Duration::from_secs(61));
    service.work();
    assert!(service.table_files().is_empty(), "{:?}", service.table_files());
}

#[test]
fn tables_and_the_space_they_take_outlive_the_process() {
    let service = Service::with(|config| config.table_space = 300_000);
    let demo = User::of(&service, "demo");
    let rows: String = (0..8_000).map(|at| format!("{at},some text of row {at}\n")).collect();
    let body = format!("a,b\n{rows}");
    assert_eq!(
        demo.upload(
            &[("TABLE_NAME", "kept"), ("FORMAT", "csv")],
            body[..60_000].rsplit_once('\n').unwrap().0.as_bytes()
        )
        .status,
        200
    );
    let full = |demo: &User<'_>| {
        let response = demo.upload(&[("TABLE_NAME", "second"), ("FORMAT", "csv")], body.as_bytes());
        let message = refused(&response, "second");
        assert!(message.contains("DB quota exceeded for user demo (Currently "), "{message}");
        assert!(message.contains("maximum allowed is 300 kB)"), "{message}");
    };
    full(&demo);
    assert_eq!(service.table_files().len(), 1, "nothing is left of the table that was too large");
    let count = demo.query("SELECT COUNT(*) FROM user_demo.kept", "csv").csv();

    // A kill while a table was written leaves a file that no table has.
    let stray = service.folder().join("tables/0123.sqlite");
    std::fs::write(&stray, b"half").unwrap();
    drop(demo);
    let service = service.reopen();
    assert!(!stray.exists());
    let demo = User::of(&service, "demo");
    assert_eq!(demo.query("SELECT COUNT(*) FROM user_demo.kept", "csv").csv(), count);
    assert_eq!(count.len(), 1);
    full(&demo);
    assert_eq!(demo.remove(&[("TABLE_NAME", "kept")]).status, 200);
    let smaller = &body[..100_000].rsplit_once('\n').unwrap().0;
    assert_eq!(demo.upload(&[("TABLE_NAME", "second"), ("FORMAT", "csv")], smaller.as_bytes()).status, 200);
}

#[test]
fn paths_are_told_apart_by_case() {
    let service = Service::new();
    let demo = User::of(&service, "demo");
    for path in ["/tap-server/upload", "/tap-server/tap/Upload", "/tap-server/tabletool", "/tap-server/tap/TableTool"] {
        assert_eq!(demo.post(path, &[]).status, 404, "{path}");
    }
    assert_eq!(demo.get_path("/tap-server/Upload").status, 405);
    assert_eq!(demo.get_path("/tap-server/TableTool").status, 405);
}

#[test]
fn names_with_capitals_are_kept_and_quoted() {
    let service = Service::with(|config| config.legacy = true);
    let demo = User::of(&service, "demo");
    let id = demo.run("SELECT TOP 2 source_id AS \"Main_ID\" FROM gaiadr3.gaia_source");
    assert_eq!(demo.upload(&[("JOBID", &id)], b"").status, 200);
    let name = format!("user_demo.t{id}");
    assert!(name.ends_with('O') && demo.get("tables").text().contains(&format!("<name>{name}</name>")));
    assert_eq!(demo.rows(&format!("SELECT COUNT(\"Main_ID\") FROM user_demo.\"t{id}\"")), [["2"]]);
    let lower = demo.query(&format!("SELECT * FROM user_demo.\"{}\"", format!("t{id}").to_lowercase()), "csv");
    assert_eq!(lower.status, 400, "quoted names mean what they say");
    assert_eq!(demo.query(&format!("SELECT \"main_id\" FROM {name}"), "csv").status, 400);
    assert_eq!(demo.remove(&[("TABLE_NAME", &name)]).status, 200);
}

#[test]
fn uploads_keep_to_their_limits() {
    let service = Service::with(|config| config.upload_limit = 200_000);
    let demo = User::of(&service, "demo");
    let bomb = gzip(&[b"a\n".as_slice(), &vec![b'1'; 5_000_000]].concat());
    for (body, status, words) in [
        (bomb, 413, "Upload limit exceeded"),
        (vec![b' '; 300_000], 413, "Upload limit exceeded"),
        (
            (0..2_000).map(|at| format!("c{at},")).collect::<String>().into_bytes(),
            500,
            "2001 columns are more than the 1999",
        ),
    ] {
        let response = demo.upload(&[("TABLE_NAME", "t"), ("FORMAT", "csv")], &body);
        assert_eq!(response.status, status);
        assert!(response.text().contains(words), "{}", response.text());
    }
    assert!(service.table_files().is_empty());
    let wide: String = (0..1_999).map(|at| format!("c{at}\t")).collect();
    let body = format!("{}\n{}", wide.trim_end(), vec!["7"; 1_999].join("\t"));
    assert_eq!(demo.upload(&[("TABLE_NAME", "wide"), ("FORMAT", "csv")], body.as_bytes()).status, 200);
    assert_eq!(demo.query("SELECT * FROM user_demo.wide", "votable").table().0.columns.len(), 2_000);
}
