//! Every output format, synchronous and of a job, read back.

use std::io::Read as _;

use crate::service::{Response, Service};

const QUERY: &str = "SELECT TOP 7 source_id, ra, radial_velocity, has_xp_sampled, designation FROM gaiadr3.gaia_source ORDER BY source_id";

/// The identifiers in a response of this format.
fn identifiers(response: &Response, format: &str) -> Vec<String> {
    let of_table = |response: &Response| {
        let (table, _) = response.table();
        let column = table.column("source_id").unwrap();
        (0..table.rows()).map(|row| column.display(row).to_string()).collect()
    };
    match format {
        "votable" | "votable_plain" => of_table(response),
        "votable_gzip" => {
            assert_eq!(response.header("content-encoding"), "gzip");
            let mut body = Vec::new();
            flate2::read::MultiGzDecoder::new(&response.body[..]).read_to_end(&mut body).unwrap();
            of_table(&Response { status: 200, headers: response.headers.clone(), body: body.into() })
        }
        "csv" => response.csv().into_iter().map(|row| row[0].clone()).collect(),
        "ecsv" => {
            let text = response.text();
            assert!(text.starts_with("# %ECSV 1.0\n"), "{text}");
            text.lines()
                .filter(|line| !line.starts_with('#'))
                .skip(1)
                .map(|l| l.split(',').next().unwrap().to_owned())
                .collect()
        }
        "json" => {
            let json: serde_json::Value = serde_json::from_slice(&response.body).unwrap();
            assert_eq!(json["metadata"][0]["name"], "source_id");
            json["data"].as_array().unwrap().iter().map(|row| row[0].as_i64().unwrap().to_string()).collect()
        }
        "fits" => {
            let text = String::from_utf8_lossy(&response.body);
            assert!(text.starts_with("SIMPLE  =") && response.body.len().is_multiple_of(2880));
            let header = text.find("XTENSION= 'BINTABLE'").unwrap();
            let end = header + text[header..].find("END     ").unwrap();
            let data = end.div_ceil(2880) * 2880;
            let card = |name: &str| {
                let at = header + text[header..].find(name).unwrap();
                text[at + 10..at + 30].trim().parse::<usize>().unwrap()
            };
            let (width, rows) = (card("NAXIS1  "), card("NAXIS2  "));
            (0..rows)
                .map(|row| {
                    let at = data + row * width;
                    i64::from_be_bytes(response.body[at..at + 8].try_into().unwrap()).to_string()
                })
                .collect()
        }
        other => panic!("{other}"),
    }
}

#[test]
fn all_formats_hold_the_same_rows() {
    let service = Service::new();
    let truth = identifiers(&service.query(QUERY, "csv"), "csv");
    assert_eq!(truth.len(), 7);
    for (format, mime) in [
        ("votable", "application/x-votable+xml"),
        ("votable_gzip", "application/x-votable+gzip"),
        ("votable_plain", "application/x-votable+xml"),
        ("csv", "text/csv"),
        ("ecsv", "text/ecsv"),
        ("json", "application/json"),
        ("fits", "application/fits"),
    ] {
        let response = service.query(QUERY, format);
        assert_eq!((response.status, response.header("content-type")), (200, mime), "{format}");
        assert_eq!(response.header("content-length"), response.body.len().to_string());
        assert_eq!(identifiers(&response, format), truth, "{format}");
        let id = service.submit(QUERY, &[("FORMAT", format), ("PHASE", "RUN"), ("jobname", "my job")]);
        service.work();
        let response = service.get(&format!("async/{id}/results/result"));
        assert_eq!(identifiers(&response, format), truth, "{format} of a job");
        let name = response.header("content-disposition");
        assert!(name.starts_with("attachment;filename=\"my_job-result."), "{name}");
    }
}

#[test]
fn responseformat_comes_before_format() {
    let service = Service::new();
    let ask = |format: &str, responseformat: &str| {
        let parameters = [("QUERY", QUERY), ("FORMAT", format), ("RESPONSEFORMAT", responseformat)];
        service.post("sync", &parameters).header("content-type").to_owned()
    };
    assert_eq!(ask("json", "text/csv"), "text/csv");
    assert_eq!(ask("json", ""), "application/json");
    let plain = service
        .post("sync", &[("QUERY", QUERY), ("RESPONSEFORMAT", "application/x-votable+xml;serialization=TABLEDATA")]);
    assert!(plain.text().contains("<TABLEDATA>"));
    let unknown = service.post("sync", &[("QUERY", QUERY), ("FORMAT", "parquet")]);
    assert_eq!(unknown.status, 400);
    assert!(unknown.text().contains("'parquet'"), "{}", unknown.text());
}
