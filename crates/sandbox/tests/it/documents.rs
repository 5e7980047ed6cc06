//! Documents of the service as a whole: well-formed, in the dialect or strict.

use crate::service::{BASE, Service};

/// Panics unless the text is well-formed XML, to the extent that tags match.
fn check(text: &str) {
    let mut open = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        rest = &rest[at..];
        let (end, skip) = if rest.starts_with("<![CDATA[") {
            (rest.find("]]>").unwrap() + 3, true)
        } else {
            (rest.find('>').unwrap() + 1, rest.starts_with("<?") || rest.starts_with("<!"))
        };
        let tag = &rest[1..end - 1];
        rest = &rest[end..];
        if skip || tag.ends_with('/') {
            continue;
        }
        match tag.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name.to_owned()), "{text}"),
            None => open.push(tag.split_whitespace().next().unwrap().to_owned()),
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn documents_are_well_formed() {
    for strict in [false, true] {
        let service = Service::with(|config| config.strict = strict);
        let done = service
            .submit("SELECT TOP 2 ra AS \"a<b\" FROM gaiadr3.gaia_source", &[("PHASE", "RUN"), ("jobname", "]]>&<")]);
        let failed = service.submit("SELECT '<&>' FROM nix", &[("PHASE", "RUN")]);
        service.work();
        let job = |id: &str, rest: &str| format!("async/{id}{rest}");
        for path in [
            "tables".to_owned(),
            "tables/gaiadr3.gaia_source".to_owned(),
            "capabilities".to_owned(),
            "availability".to_owned(),
            "examples".to_owned(),
            "async".to_owned(),
            "jobs/async".to_owned(),
            job(&done, ""),
            job(&done, "/parameters"),
            job(&done, "/results"),
            job(&done, "/error"),
            job(&failed, ""),
            job(&failed, "/error/details"),
        ] {
            let response = service.get(&path);
            assert_eq!(response.status, 200, "{path}");
            check(&response.text());
            assert!(!(strict && response.text().contains("esatapplus")), "{path}");
        }
    }
}

#[test]
fn strict_documents_keep_to_the_schemas() {
    let service = Service::with(|config| config.strict = true);
    let id = service.submit("SELECT TOP 2 ra FROM gaiadr3.gaia_source", &[("PHASE", "RUN")]);
    service.work();
    let job = service.get(&format!("async/{id}")).text();
    assert!(job.contains("version=\"1.1\"") && !job.contains("locationId") && !job.contains("errorSummary"), "{job}");
    assert!(job.find("<uws:creationTime>").unwrap() < job.find("<uws:startTime>").unwrap());
    let tables = service.get("tables").text();
    assert!(tables.contains("<vosi:tableset ") && tables.contains("arraysize=\"*\">char<"), "{}", &tables[..600]);
}

#[test]
fn capabilities_name_addresses_and_limits() {
    let service = Service::new();
    let text = service.get("capabilities").text();
    assert!(text.contains(&format!("<accessURL use=\"base\">{BASE}/tap-server/tap</accessURL>")), "{text}");
    assert!(
        text.contains("<default unit=\"row\">2000</default>") && text.contains("<hard unit=\"row\">3000000</hard>")
    );
    for format in ["votable", "votable_gzip", "votable_plain", "csv", "ecsv", "json", "fits"] {
        assert!(text.contains(&format!("<alias>{format}</alias>")), "{format}");
    }
    assert!(service.get("").text().contains("synthetic"));
}
