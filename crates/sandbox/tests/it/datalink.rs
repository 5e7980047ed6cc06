//! DataLink: links, flags and products agree; every product reads back in every format; what the products say is what the
//! catalogue says.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;

use bytes::Bytes;
use http::Request;
use sandbox::Answer;
use table::{Cell, Column, Table};

use crate::service::{BASE, Response, SOURCES, Service, encode};

/// Retrieval type and the column that says which sources have it.
const TYPES: [(&str, &str); 6] = [
    ("EPOCH_PHOTOMETRY", "has_epoch_photometry"),
    ("XP_SAMPLED", "has_xp_sampled"),
    ("XP_CONTINUOUS", "has_xp_continuous"),
    ("MCMC_GSPPHOT", "has_mcmc_gspphot"),
    ("MCMC_MSC", "has_mcmc_msc"),
    ("RVS", "has_rvs"),
];

/// Format, media type, end of the file's name.
const FORMATS: [(&str, &str, &str); 6] = [
    ("VOTABLE", "application/x-votable+xml", "xml"),
    ("VOTABLE_PLAIN", "application/x-votable+xml", "xml"),
    ("CSV", "text/csv", "csv"),
    ("ECSV", "text/ecsv", "ecsv"),
    ("FITS", "application/fits", "fits"),
    ("json", "application/json", "json"),
];

fn ask(service: &Service, path: &str, parameters: &[(&str, &str)]) -> Response {
    let query: Vec<String> = parameters.iter().map(|(key, value)| format!("{key}={}", encode(value))).collect();
    let request = Request::get(format!("/data-server/{path}?{}", query.join("&")));
    service.send(request.body(Bytes::new()).unwrap())
}

fn post(service: &Service, path: &str, cookie: &str, body: &str) -> Response {
    let request = Request::post(format!("/{path}"))
        .header("content-type", "application/x-www-form-urlencoded")
        .header("cookie", cookie)
        .body(Bytes::from(body.to_owned()));
    service.send(request.unwrap())
}

fn data(service: &Service, parameters: &[(&str, &str)]) -> Response {
    ask(service, "data", parameters)
}

/// The identifier of a source that has all products.
fn star(service: &Service) -> String {
    let flags: Vec<String> = TYPES.iter().map(|(_, flag)| format!("{flag} = 'true'")).collect();
    let query = format!("SELECT TOP 1 source_id FROM gaiadr3.gaia_source WHERE {}", flags.join(" AND "));
    service.rows(&query)[0][0].clone()
}

/// The least and the greatest identifier.
fn all_sources(service: &Service) -> String {
    let ends = service.rows("SELECT MIN(source_id), MAX(source_id) FROM gaiadr3.gaia_source").remove(0);
    format!("{}-{}", ends[0], ends[1])
}

/// Members of a ZIP: name and content.
fn members(response: &Response) -> BTreeMap<String, Vec<u8>> {
    assert_eq!((response.status, response.header("content-type")), (200, "application/zip"), "{}", response.text());
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(response.body.clone())).unwrap();
    (0..zip.len())
        .map(|at| {
            let mut file = zip.by_index(at).unwrap();
            let mut content = Vec::new();
            file.read_to_end(&mut content).unwrap();
            (file.name().unwrap().into_owned(), content)
        })
        .collect()
}

/// The error text of the data server, which must be one.
fn message(response: &Response) -> String {
    assert_eq!((response.status, response.header("content-type")), (500, "text/plain;charset=UTF-8"));
    let text = response.text();
    let (first, rest) = text.split_once("\n\n").unwrap();
    assert!(
        rest.starts_with("Cannot process request: 'http://archive.test/sandbox/data-server/data' (req: Reqid: "),
        "{text}"
    );
    first.strip_prefix("Code: -1, msg: ").unwrap().to_owned()
}

fn column<'a>(table: &'a Table, name: &str) -> &'a Column {
    table.column(name).unwrap_or_else(|| panic!("no column {name}"))
}

fn numbers(table: &Table, name: &str) -> Vec<f64> {
    let column = column(table, name);
    (0..table.rows()).map(|row| column.number(row).unwrap_or(f64::NAN)).collect()
}

#[test]
fn links_products_and_flags_agree() {
    let service = Service::new();
    let everything = all_sources(&service);
    let links = ask(&service, "datalink/links", &[("ID", &everything)]).table().0;
    let mut linked: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in 0..links.rows() {
        let (Cell::Text(id), Cell::Text(address)) =
            (column(&links, "ID").cell(row), column(&links, "access_url").cell(row))
        else {
            panic!("row {row}");
        };
        let designation = id.replace(' ', "+");
        let kind = address.strip_prefix(&format!("{BASE}/data-server/data?ID={designation}&RETRIEVAL_TYPE=")).unwrap();
        linked.entry(kind.to_owned()).or_default().insert(id.to_owned());
    }
    for (kind, flag) in TYPES {
        let flagged = service.post(
            "async",
            &[
                ("QUERY", &format!("SELECT designation FROM gaiadr3.gaia_source WHERE {flag} = 'true'")),
                ("FORMAT", "csv"),
                ("PHASE", "RUN"),
            ],
        );
        service.work();
        let flagged = service.get(&format!("async/{}/results/result", crate::service::id(&flagged))).csv();
        let flagged: BTreeSet<String> = flagged.into_iter().map(|row| row[0].clone()).collect();
        assert!(flagged.len() > 10, "{kind}");
        assert_eq!(linked[kind], flagged, "{kind}");
        // Light curves and spectra of all sources; the rest is the same code.
        if flagged.len() < 300 {
            let bundle = data(&service, &[("RETRIEVAL_TYPE", kind), ("ID", &everything), ("FORMAT", "CSV")]);
            let names: BTreeSet<String> = members(&bundle).into_keys().collect();
            assert_eq!(names, flagged.iter().map(|name| format!("{kind}-{name}.csv")).collect(), "{kind}");
        }
    }
}

#[test]
fn every_product_reads_back_in_every_format_and_structure() {
    let service = Service::new();
    let id = star(&service);
    for (kind, _) in TYPES {
        for structure in ["INDIVIDUAL", "DATAMODEL_STANDARD", "RAW", "DATAMODEL_GAIA"] {
            let ask = |format: &str| {
                data(
                    &service,
                    &[("RETRIEVAL_TYPE", kind), ("ID", &id), ("DATA_STRUCTURE", structure), ("FORMAT", format)],
                )
            };
            let truth = ask("VOTABLE").table().0;
            for (format, mime, extension) in FORMATS {
                let response = ask(format);
                let what = format!("{kind} {structure} {format}");
                assert_eq!((response.status, response.header("content-type")), (200, mime), "{what}");
                let raw = matches!(structure, "RAW" | "DATAMODEL_GAIA");
                let name =
                    if raw { format!("{kind}_RAW.{extension}") } else { format!("{kind}-Gaia DR3 {id}.{extension}") };
                assert_eq!(response.header("content-disposition"), format!("attachment;filename=\"{name}\""));
                assert_eq!(rows(&response, format), truth.rows(), "{what}");
                assert_eq!(truth.rows() == 1, raw || kind == "XP_CONTINUOUS", "{what}");
                if format == "VOTABLE_PLAIN" {
                    let plain = response.table().0;
                    for (a, b) in truth.columns.iter().zip(&plain.columns) {
                        assert_eq!(a.field(), b.field(), "{what}");
                        assert!(
                            (0..truth.rows()).all(|row| same(a.cell(row), b.cell(row))),
                            "{what} {}",
                            a.field().name
                        );
                    }
                }
            }
        }
    }
}

/// Number of rows in a file of this format.
fn rows(response: &Response, format: &str) -> usize {
    let text = response.text();
    match format {
        "VOTABLE" | "VOTABLE_PLAIN" => response.table().0.rows(),
        "CSV" => text.lines().count() - 1,
        "ECSV" => {
            assert!(text.starts_with("# %ECSV 1.0\n"));
            text.lines().filter(|line| !line.starts_with('#')).count() - 1
        }
        "json" => {
            let json: serde_json::Value = serde_json::from_str(&text.replace("NaN", "null")).unwrap();
            json["data"].as_array().unwrap().len()
        }
        "FITS" => {
            assert!(response.body.len().is_multiple_of(2880));
            let header = &text[text.find("XTENSION= 'BINTABLE'").unwrap()..];
            let at = header.find("NAXIS2  =").unwrap();
            header[at + 10..at + 30].trim().parse().unwrap()
        }
        other => panic!("{other}"),
    }
}

/// Equal, NaN included.
fn same(a: Cell<'_>, b: Cell<'_>) -> bool {
    match (a, b) {
        (Cell::Float(a), Cell::Float(b)) => a == b || (a.is_nan() && b.is_nan()),
        (Cell::Double(a), Cell::Double(b)) => a == b || (a.is_nan() && b.is_nan()),
        (Cell::Array(a), Cell::Array(b)) => a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| same(a, b)),
        (Cell::Null, Cell::Float(b)) => b.is_nan(),
        (Cell::Float(a), Cell::Null) => a.is_nan(),
        (Cell::Null, Cell::Double(b)) => b.is_nan(),
        (Cell::Double(a), Cell::Null) => a.is_nan(),
        (a, b) => a == b,
    }
}

#[test]
fn columns_are_those_of_the_data_model() {
    let service = Service::new();
    let id = star(&service);
    let names = |kind: &str, structure: &str, format: &str| -> Vec<String> {
        let response =
            data(&service, &[("RETRIEVAL_TYPE", kind), ("ID", &id), ("DATA_STRUCTURE", structure), ("FORMAT", format)]);
        if format == "CSV" {
            return response.text().lines().next().unwrap().split(',').map(str::to_owned).collect();
        }
        response.table().0.columns.iter().map(|column| column.field().name.clone()).collect()
    };
    assert_eq!(names("XP_SAMPLED", "INDIVIDUAL", "VOTABLE"), ["wavelength", "flux", "flux_error"]);
    let flat = ["source_id", "solution_id", "ra", "dec", "wavelength", "flux", "flux_error"];
    assert_eq!(names("XP_SAMPLED", "INDIVIDUAL", "CSV"), flat);
    assert_eq!(names("XP_SAMPLED", "RAW", "VOTABLE"), ["source_id", "solution_id", "ra", "dec", "flux", "flux_error"]);
    assert_eq!(
        names("EPOCH_PHOTOMETRY", "INDIVIDUAL", "VOTABLE"),
        [
            "source_id",
            "transit_id",
            "band",
            "time",
            "mag",
            "flux",
            "flux_error",
            "flux_over_error",
            "rejected_by_photometry",
            "rejected_by_variability",
            "other_flags",
            "solution_id"
        ]
    );
    let raw = names("EPOCH_PHOTOMETRY", "RAW", "VOTABLE");
    assert_eq!(raw[..5], ["solution_id", "source_id", "n_transits", "transit_id", "g_transit_time"]);
    assert_eq!(raw.iter().filter(|name| name.starts_with("photometry_flag_")).count(), 25);
    assert_eq!(raw[raw.len() - 1], "variability_flag_rp_reject");
    assert_eq!(
        names("MCMC_MSC", "INDIVIDUAL", "VOTABLE"),
        [
            "source_id",
            "solution_id",
            "teff1",
            "teff2",
            "logg1",
            "logg2",
            "azero",
            "mh",
            "distancepc",
            "log_pos",
            "log_lik"
        ]
    );
    assert_eq!(names("MCMC_MSC", "RAW", "VOTABLE")[2], "nsamples");
    let continuous = names("XP_CONTINUOUS", "INDIVIDUAL", "VOTABLE");
    assert_eq!(continuous.len(), 26);
    let csv = data(&service, &[("RETRIEVAL_TYPE", "XP_CONTINUOUS"), ("ID", &id), ("FORMAT", "CSV")]).text();
    assert!(csv.contains(",\"(") && csv.contains(")\",") && !csv.contains('['), "arrays in CSV look like tuples");
    let ecsv = data(&service, &[("RETRIEVAL_TYPE", "XP_CONTINUOUS"), ("ID", &id), ("FORMAT", "ECSV")]).text();
    assert!(ecsv.contains("float64[null]") && ecsv.contains(",\"["));
}

#[test]
fn a_spectrum_says_what_it_is() {
    let service = Service::new();
    let id = star(&service);
    let response = data(&service, &[("RETRIEVAL_TYPE", "XP_SAMPLED"), ("ID", &id)]);
    let mut reader = votable::Reader::new();
    reader.push(&response.body).unwrap();
    reader.finish().unwrap();
    let document = reader.document();
    let resource = &document.resources[0];
    assert_eq!(resource.utype.as_deref(), Some("spec:Spectrum"));
    assert_eq!(resource.timesys[0].timescale.as_deref(), Some("TCB"));
    let params = &document.tables().next().unwrap().params;
    let value = |name: &str| params.iter().find(|param| param.field.name == name).map(|param| param.value.as_str());
    assert_eq!(value("source_id"), Some(id.as_str()));
    assert_eq!(value("DataModel"), Some("Spectrum 1.01"));
    assert_eq!(value("SpectralAxisCoverageBoundsExtent"), Some("684"));
    let position = service.rows(&format!("SELECT ra, dec FROM gaiadr3.gaia_source WHERE source_id = {id}")).remove(0);
    assert_eq!(value("spatialLocation"), Some(position.join(" ").as_str()));
    let ecsv = data(&service, &[("RETRIEVAL_TYPE", "XP_SAMPLED"), ("ID", &id), ("FORMAT", "ecsv")]).text();
    assert!(ecsv.contains(&format!("#   \"source_id\": \"{id}\"")));
}

#[test]
fn identifiers_come_in_every_form() {
    let service = Service::new();
    let three: Vec<String> = service
        .rows("SELECT TOP 3 source_id FROM gaiadr3.gaia_source WHERE has_mcmc_msc = 'true' ORDER BY source_id DESC")
        .into_iter()
        .map(|row| row[0].clone())
        .collect();
    let [c, b, a] = &three[..] else { panic!("{three:?}") };
    let job = service.submit(
        &format!(
            "SELECT designation AS \"My name\", source_id FROM gaiadr3.gaia_source WHERE source_id IN ({a},{b},{c})"
        ),
        &[("PHASE", "RUN")],
    );
    service.work();
    let found = |parameters: &[(&str, &str)]| -> BTreeSet<String> {
        let table = ask(&service, "datalink/links", parameters).table().0;
        (0..table.rows()).map(|row| column(&table, "ID").display(row).to_string()).collect()
    };
    let expected = |ids: &[&String]| ids.iter().map(|id| format!("Gaia DR3 {id}")).collect::<BTreeSet<String>>();
    let all = expected(&[a, b, c]);
    for form in [
        format!("{a},{b},{c}"),
        format!("Gaia DR3 {a},gaia dr3 {c}, Gaia DR3 {b}"),
        format!("{a}-{a},{b},Gaia DR3 {c}-Gaia DR3 {c}"),
        format!("job:{job}.source_id"),
        format!("job:{job}.\"My name\""),
    ] {
        assert_eq!(found(&[("ID", &form)]), all, "{form}");
    }
    assert_eq!(found(&[("ID", a), ("id", b), ("ID", c), ("RELEASE", "Gaia DR3")]), all);
    assert!(found(&[("ID", &format!("{a}-{c}"))]).is_superset(&all));
    assert_eq!(found(&[("ID", "gaiadr3.vari_cepheid.source_id")]).len(), 3);
    assert_eq!(found(&[("ID", "GAIADR3.vari_cepheid.\"source_id\"")]).len(), 3);
    assert!(found(&[("ID", a), ("RELEASE", "Gaia DR2")]).is_empty());
    // A body that is not percent-encoded, as astroquery sends it.
    let sloppy = post(&service, "data-server/datalink/links", "", &format!("ID=Gaia DR3 {a},Gaia DR3 {b}"));
    let table = sloppy.table().0;
    assert!((0..table.rows()).all(|row| expected(&[a, b]).contains(&column(&table, "ID").display(row).to_string())));
    assert!(table.rows() >= 2);
}

#[test]
fn nobody_reads_what_belongs_to_another_user() {
    let service = Service::new();
    let login = |context: &str| {
        let response = post(&service, &format!("{context}/login"), "", "username=teacher&password=teacher");
        let cookies = response.headers.get_all("set-cookie").iter();
        let cookies: Vec<&str> = cookies.map(|cookie| cookie.to_str().unwrap().split(';').next().unwrap()).collect();
        cookies.join("; ")
    };
    let query = encode("SELECT TOP 5 source_id FROM gaiadr3.gaia_source WHERE has_xp_sampled = 'true'");
    let made = post(
        &service,
        "tap-server/tap/async",
        &login("tap-server"),
        &format!("PHASE=RUN&LANG=ADQL&REQUEST=doQuery&QUERY={query}"),
    );
    let job = crate::service::id(&made);
    service.work();
    let body = format!("ID=job:{job}.source_id&RETRIEVAL_TYPE=XP_SAMPLED");
    let error = message(&post(&service, "data-server/data", "", &body));
    assert!(error.contains("that you may read") && error.contains(&job), "{error}");
    let own = post(&service, "data-server/data", &login("data-server"), &body);
    assert_eq!(members(&own).len(), 5);

    // The same of a table of the user.
    let table = format!("SELECT source_id AS \"My id\" FROM job_upload.\"job{job}\"");
    let made = post(
        &service,
        "tap-server/tap/async",
        &login("tap-server"),
        &format!("PHASE=RUN&LANG=ADQL&REQUEST=doQuery&QUERY={}", encode(&table)),
    );
    service.work();
    let form = format!("JOBID={}&TABLE_NAME=mine", crate::service::id(&made));
    assert!(post(&service, "tap-server/Upload", &login("tap-server"), &form).status < 400);
    service.work();
    let body = "ID=user_teacher.mine.\"My id\"&RETRIEVAL_TYPE=XP_SAMPLED";
    assert!(message(&post(&service, "data-server/data", "", body)).contains("that you may read"));
    assert_eq!(members(&post(&service, "data-server/data", &login("data-server"), body)).len(), 5);
}

#[test]
fn bundles_hold_what_is_asked_for() {
    let service = Service::new();
    let id = star(&service);
    let all = data(&service, &[("RETRIEVAL_TYPE", "ALL"), ("ID", &id), ("DATA_STRUCTURE", "RAW")]);
    let names: BTreeSet<String> = members(&all).into_keys().collect();
    assert_eq!(names, TYPES.iter().map(|(kind, _)| format!("{kind}-Gaia DR3 {id}.xml")).collect());
    assert!(all.header("content-disposition").ends_with(".zip\""));

    let one = [("RETRIEVAL_TYPE", "RVS"), ("ID", id.as_str()), ("BAND", "XY")];
    let file = data(&service, &one);
    let zipped = data(&service, &[one[0], one[1], ("USE_ZIP_ALWAYS", "true")]);
    assert_eq!(members(&zipped), BTreeMap::from([(format!("RVS-Gaia DR3 {id}.xml"), file.body.to_vec())]));
    assert_eq!(file.header("content-length"), file.body.len().to_string());
    assert_eq!(data(&service, &one).body, file.body, "the same each time");

    // All sources in one table.
    let everything = all_sources(&service);
    let raw = data(&service, &[("RETRIEVAL_TYPE", "RVS"), ("ID", &everything), ("DATA_STRUCTURE", "RAW")]);
    let table = raw.table().0;
    let count: usize =
        service.rows("SELECT COUNT(*) FROM gaiadr3.gaia_source WHERE has_rvs = 'true'")[0][0].parse().unwrap();
    assert_eq!(table.rows(), count);
    assert_eq!(column(&table, "flux").field().arraysize.to_string(), "2401");
    let zipped = data(
        &service,
        &[("RETRIEVAL_TYPE", "RVS"), ("ID", &everything), ("DATA_STRUCTURE", "RAW"), ("USE_ZIP_ALWAYS", "true")],
    );
    assert_eq!(members(&zipped), BTreeMap::from([("RVS_RAW.xml".to_owned(), raw.body.to_vec())]));

    // What is not there is silent in a bundle, and said where it is all that was asked for.
    let none = service.rows("SELECT TOP 2 source_id FROM gaiadr3.gaia_source WHERE has_rvs = 'false'");
    let ids = format!("{},{},{id}", none[0][0], none[1][0]);
    assert_eq!(data(&service, &[("RETRIEVAL_TYPE", "RVS"), ("ID", &ids)]).body, file.body);
    let empty = [("RETRIEVAL_TYPE", "RVS"), ("ID", none[0][0].as_str()), ("USE_ZIP_ALWAYS", "true")];
    assert!(members(&data(&service, &empty)).is_empty());
    assert!(message(&data(&service, &empty[..2])).contains("no such product"));
}

#[test]
fn a_bundle_is_made_as_it_is_taken() {
    let service = Service::new();
    let query = format!("/data-server/data?RETRIEVAL_TYPE=XP_CONTINUOUS&ID={}", all_sources(&service));
    let Answer::Ready(_, chunks) = service.ask(Request::get(query).body(Bytes::new()).unwrap()) else { panic!() };
    let sizes: Vec<usize> = chunks.map(|chunk| chunk.unwrap().len()).collect();
    assert!(sizes.len() > 20 && sizes.iter().all(|size| (1..400_000).contains(size)), "{sizes:?}");
}

#[test]
fn what_is_wrong_is_said_in_the_archives_plain_text() {
    let service = Service::new();
    let id = star(&service);
    let wrong = |parameters: &[(&str, &str)]| {
        let mut all = vec![("RETRIEVAL_TYPE", "RVS"), ("ID", id.as_str())];
        for (key, value) in parameters {
            all.retain(|(known, _)| known != key);
            all.push((key, value));
        }
        message(&data(&service, &all))
    };
    assert_eq!(
        wrong(&[("FORMAT", "votable_gzip")]),
        "Impossible to format the query result: no formatter has been found for the given MIME type \"votable_gzip\""
    );
    for (key, value, expected) in [
        ("FORMAT", "parquet", "\"parquet\""),
        ("RETRIEVAL_TYPE", "", "'RETRIEVAL_TYPE' cannot be null"),
        ("RETRIEVAL_TYPE", "EPOCH_ASTROMETRY", "later release"),
        ("RETRIEVAL_TYPE", "x\n\nCode: 0", "Available: EPOCH_PHOTOMETRY"),
        ("DATA_STRUCTURE", "COMBINED", "withdrawn"),
        ("DATA_STRUCTURE", "FLAT", "Available: INDIVIDUAL, RAW"),
        ("LINKING_PARAMETER", "TRANSIT_ID", "linked by SOURCE_ID"),
        ("LINKING_PARAMETER", "NAME", "Unknown LINKING_PARAMETER 'NAME'"),
        ("RELEASE", "Gaia+DR3", "Unknown RELEASE 'Gaia+DR3'"),
        ("ID", "9-5", "ends before it begins"),
        ("ID", "Gaia DR2 5-Gaia DR3 9", "ends in another"),
        ("ID", "5 OR 1=1", "is no ID"),
        ("ID", "gaiadr3.gaia_source.ra", "other things"),
        ("ID", "gaiadr3.gaia_source.nix", "that you may read"),
        ("ID", "gaiadr3.\"gaia_source\"\" --\".ra", "that you may read"),
        ("ID", "job:../../x.source_id", "that you may read"),
        ("ID", "gaiadr3.gaia_source.source_id; DROP TABLE x", "is no ID"),
        ("ID", &"9".repeat(401), "at most 400"),
        ("ID", &"1-2,".repeat(21), "20 ranges"),
    ] {
        let text = wrong(&[(key, value)]);
        assert!(text.contains(expected), "{key}={value}: {text}");
    }
    assert_eq!(
        data(&service, &[("RETRIEVAL_TYPE", "RVS"), ("ID", &id), ("LINKING_PARAMETER", "source_id")]).status,
        200
    );
}

#[test]
fn five_thousand_sources_are_the_limit() {
    let service = Service::new();
    let list = |count: u64| (1..=count).map(|id| id.to_string()).collect::<Vec<_>>().join(",");
    let ask =
        |ids: &str| post(&service, "data-server/data", "", &format!("RETRIEVAL_TYPE=RVS&USE_ZIP_ALWAYS=TRUE&ID={ids}"));
    assert!(members(&ask(&list(5_000))).is_empty());
    assert!(message(&ask(&list(5_001))).contains("more than 5000"));
    // A range counts as the sources in it, whichever release and wherever it stands.
    let range = "0-9000000000000000000";
    assert!(members(&ask(&format!("{range},{}", list(5_000 - SOURCES as u64)))).len() > 10);
    let more = list(5_001 - SOURCES as u64);
    for ids in [format!("{range},{more}"), format!("{more},{range}"), format!("{more},gaiadr3.gaia_source.designation")]
    {
        assert!(message(&ask(&ids)).contains("more than 5000"), "{ids}");
    }
}

#[test]
fn strictly_an_unknown_source_is_an_error_row() {
    let plain = Service::new();
    let strict = Service::with(|config| config.strict = true);
    let id = star(&plain);
    let ids = format!("{id},17,nonsense");
    let links = ask(&plain, "datalink/links", &[("ID", &format!("{id},17"))]);
    let (table, status) = links.table();
    assert_eq!((table.rows(), status, table.columns.len()), (6, votable::Status::Ok, 8));
    assert!((0..6).all(|row| column(&table, "semantics").cell(row) == Cell::Text("#this")));
    assert!(
        (0..6).all(|row| column(&table, "content_length").is_null(row) && column(&table, "error_message").is_null(row))
    );
    let refused = ask(&plain, "datalink/links", &[("ID", &ids)]);
    assert!(
        refused.text().contains("<INFO name=\"QUERY_STATUS\" value=\"ERROR\">\n'nonsense' is no ID"),
        "{}",
        refused.text()
    );

    let links = ask(&strict, "datalink/links", &[("ID", &ids)]);
    assert_eq!(links.header("content-type"), "application/x-votable+xml;content=datalink");
    let table = links.table().0;
    assert_eq!(table.rows(), 8);
    assert_eq!(column(&table, "ID").cell(6), Cell::Text("17"));
    for (row, begin) in [(6, "NotFoundFault: "), (7, "UsageFault: ")] {
        let Cell::Text(text) = column(&table, "error_message").cell(row) else { panic!("row {row}") };
        assert!(text.starts_with(begin) && column(&table, "access_url").is_null(row), "{text}");
    }
    let empty = ask(&strict, "datalink/links", &[]);
    assert_eq!((empty.status, empty.table().0.rows()), (200, 0));
    // Each link leads to what it says.
    let Cell::Text(address) = column(&table, "access_url").cell(0) else { panic!() };
    let path = address.strip_prefix(BASE).unwrap();
    let product = strict.send(Request::get(path).body(Bytes::new()).unwrap());
    assert_eq!(product.header("content-type"), column(&table, "content_type").display(0).to_string());
    assert!(product.table().0.rows() > 10);
}

#[test]
fn a_query_result_names_the_service_that_answers() {
    let service = Service::new();
    let result =
        service.query("SELECT TOP 1 designation FROM gaiadr3.gaia_source WHERE has_xp_sampled = 'true'", "votable");
    let mut reader = votable::Reader::new();
    reader.push(&result.body).unwrap();
    reader.finish().unwrap();
    let descriptor = reader.document().service_descriptors().remove(0);
    let path = descriptor.access_url.unwrap().strip_prefix(&format!("{BASE}/data-server/")).unwrap().to_owned();
    let designation = result.table().0.column("designation").unwrap().display(0).to_string();
    let links = ask(&service, &path, &[(&descriptor.input_params[0].field.name, &designation)]);
    assert!(links.table().0.rows() > 0);
}

/// Sum of the squares of the steps from point to point in the order of their phases.
fn roughness(times: &[f64], mags: &[f64], period: f64) -> f64 {
    let mut folded: Vec<(f64, f64)> =
        times.iter().zip(mags).map(|(time, mag)| ((time / period).rem_euclid(1.0), *mag)).collect();
    folded.sort_by(|a, b| a.0.total_cmp(&b.0));
    folded.windows(2).map(|pair| (pair[1].1 - pair[0].1).powi(2)).sum()
}

#[test]
fn pulsating_stars_fold_to_the_periods_of_the_catalogue() {
    let service = Service::new();
    let mut checked = 0;
    for table in ["vari_rrlyrae", "vari_cepheid"] {
        let stars = service.rows(&format!(
            "SELECT source_id, COALESCE(pf, p1_o), peak_to_peak_g FROM gaiadr3.{table} JOIN gaiadr3.gaia_source USING (source_id)
             WHERE has_epoch_photometry = 'true' AND phot_g_mean_mag < 17"
        ));
        for star in stars {
            let number = |at: usize| star[at].parse::<f64>().unwrap();
            let parameters = [("RETRIEVAL_TYPE", "EPOCH_PHOTOMETRY"), ("ID", star[0].as_str())];
            let all = data(&service, &parameters).table().0;
            let curve = data(&service, &[parameters[0], parameters[1], ("VALID_DATA", "TRUE")]).table().0;
            assert!(curve.rows() < all.rows(), "{star:?}");
            assert!(
                (0..curve.rows()).all(|row| column(&curve, "rejected_by_photometry").cell(row) == Cell::Boolean(false))
            );
            assert_eq!(column(&curve, "flux").nulls(), 0);
            let (times, mags) = (numbers(&curve, "time"), numbers(&curve, "mag"));
            let in_g: Vec<usize> =
                (0..curve.rows()).filter(|row| column(&curve, "band").cell(*row) == Cell::Text("G")).collect();
            let times: Vec<f64> = in_g.iter().map(|row| times[*row]).collect();
            let mags: Vec<f64> = in_g.iter().map(|row| mags[*row]).collect();
            assert!(times.iter().all(|time| (1_666.0..2_705.0).contains(time)));
            // Among 4000 frequencies round the true one none folds better.
            let truth = 1.0 / number(1);
            let best = (0..4_001)
                .map(|step| truth + 1e-4 * f64::from(step - 2_000))
                .filter(|frequency| *frequency > 0.02)
                .min_by(|a, b| roughness(&times, &mags, 1.0 / a).total_cmp(&roughness(&times, &mags, 1.0 / b)))
                .unwrap();
            assert!((best - truth).abs() < 3e-4, "{star:?}: {best} {truth}");
            let (low, high) =
                mags.iter().fold((99.0, 0.0), |(low, high): (f64, f64), mag| (low.min(*mag), high.max(*mag)));
            assert!((0.75..1.35).contains(&((high - low) / number(2))), "{star:?}: {}", high - low);
            checked += 1;
        }
    }
    assert!(checked >= 8, "{checked}");
}

#[test]
fn samples_scatter_round_the_values_of_the_catalogue() {
    let service = Service::new();
    let stars = service.rows(
        "SELECT TOP 12 source_id, teff_gspphot, teff_gspphot_lower, teff_gspphot_upper, distance_gspphot, distance_gspphot_lower,
                distance_gspphot_upper FROM gaiadr3.gaia_source WHERE has_mcmc_gspphot = 'true' ORDER BY random_index",
    );
    for star in stars {
        let number = |at: usize| star[at].parse::<f64>().unwrap();
        let samples = data(&service, &[("RETRIEVAL_TYPE", "MCMC_GSPPHOT"), ("ID", &star[0])]).table().0;
        assert!([100, 2_000].contains(&samples.rows()));
        for (name, at) in [("teff", 1), ("distancepc", 4)] {
            let values = numbers(&samples, name);
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            let sigma = (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / values.len() as f64).sqrt();
            let error = (number(at + 2) - number(at + 1)) / 2.0;
            assert!((mean - number(at)).abs() < 0.5 * error, "{name} of {star:?}: {mean}");
            assert!((0.6..1.5).contains(&(sigma / error)), "{name} of {star:?}: {sigma}");
        }
    }
}

#[test]
fn spectra_follow_the_temperature() {
    let service = Service::new();
    let ratio = |order: &str| {
        let query = format!(
            "SELECT TOP 1 source_id, teff_gspphot FROM gaiadr3.gaia_source
             WHERE has_xp_sampled = 'true' AND teff_gspphot IS NOT NULL AND azero_gspphot < 0.5 ORDER BY teff_gspphot {order}"
        );
        let id = service.rows(&query)[0][0].clone();
        let spectrum = data(&service, &[("RETRIEVAL_TYPE", "XP_SAMPLED"), ("ID", &id)]).table().0;
        assert_eq!(spectrum.rows(), 343);
        let flux = numbers(&spectrum, "flux");
        flux[60..80].iter().sum::<f64>() / flux[240..260].iter().sum::<f64>()
    };
    let (cool, hot) = (ratio("ASC"), ratio("DESC"));
    assert!(hot > 2.0 && cool < 0.5, "blue over red: {hot} {cool}");
}
