//! `/capabilities`: what the service can do and where (VOSI 1.1, section 2; TAPRegExt 1.0).

use workbench::export::Format;

use crate::archive::{Answer, Archive};
use crate::fault::escape;
use crate::{functions, response};

/// Geometrical functions of ADQL, all of which are there.
const GEOMETRY: &[&str] = &[
    "AREA",
    "BOX",
    "CENTROID",
    "CIRCLE",
    "CONTAINS",
    "COORD1",
    "COORD2",
    "COORDSYS",
    "DISTANCE",
    "INTERSECTS",
    "POINT",
    "POLYGON",
    "REGION",
];

/// Optional features of ADQL 2.1: kind and form.
const FEATURES: &[(&str, &[&str])] = &[
    ("features-adql-string", &["LOWER", "UPPER", "ILIKE"]),
    ("features-adql-sets", &["UNION", "EXCEPT", "INTERSECT"]),
    ("features-adql-common-table", &["WITH"]),
    ("features-adql-type", &["CAST"]),
    ("features-adql-unit", &["IN_UNIT"]),
    ("features-adql-offset", &["OFFSET"]),
];

/// The document.
pub fn document(archive: &Archive, tap: &str) -> Answer {
    let tap = &escape(tap);
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <vosi:capabilities xmlns:vosi=\"http://www.ivoa.net/xml/VOSICapabilities/v1.0\" \
         xmlns:vs=\"http://www.ivoa.net/xml/VODataService/v1.1\" xmlns:vr=\"http://www.ivoa.net/xml/VOResource/v1.0\" \
         xmlns:tr=\"http://www.ivoa.net/xml/TAPRegExt/v1.0\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n",
    );
    out += &table_access(archive, tap);
    for resource in ["capabilities", "availability", "tables"] {
        out += &format!(
            "<capability standardID=\"ivo://ivoa.net/std/VOSI#{resource}\">\n<interface xsi:type=\"vs:ParamHTTP\" role=\"std\">\n\
             <accessURL use=\"full\">{tap}/{resource}</accessURL>\n</interface>\n</capability>\n"
        );
    }
    out += &format!(
        "<capability standardID=\"ivo://ivoa.net/std/DALI#examples\">\n<interface xsi:type=\"vr:WebBrowser\" role=\"std\">\n\
         <accessURL use=\"full\">{tap}/examples</accessURL>\n</interface>\n</capability>\n</vosi:capabilities>\n"
    );
    response::xml(out)
}

fn table_access(archive: &Archive, tap: &str) -> String {
    let config = &archive.config;
    let mut out = format!(
        "<capability standardID=\"ivo://ivoa.net/std/TAP\" xsi:type=\"tr:TableAccess\">\n\
         <interface xsi:type=\"vs:ParamHTTP\" role=\"std\" version=\"1.1\">\n<accessURL use=\"base\">{tap}</accessURL>\n</interface>\n\
         <language>\n<name>ADQL</name>\n<version ivo-id=\"ivo://ivoa.net/std/ADQL#v2.0\">2.0</version>\n\
         <version ivo-id=\"ivo://ivoa.net/std/ADQL#v2.1\">2.1</version>\n\
         <description>Astronomical Data Query Language</description>\n"
    );
    let kind = |name: &str| format!("<languageFeatures type=\"ivo://ivoa.net/std/TAPRegExt#{name}\">\n");
    out += &kind("features-udf");
    for (form, description) in functions::signatures() {
        let (form, description) = (escape(form), escape(description));
        out += &format!("<feature>\n<form>{form}</form>\n<description>{description}</description>\n</feature>\n");
    }
    out += "</languageFeatures>\n";
    let features = std::iter::once(&("features-adqlgeo", GEOMETRY)).chain(FEATURES);
    for (name, forms) in features {
        out += &kind(name);
        out.extend(forms.iter().map(|form| format!("<feature>\n<form>{form}</form>\n</feature>\n")));
        out += "</languageFeatures>\n";
    }
    out += "</language>\n";
    for format in Format::ALL {
        let standard = match format {
            Format::Votable => " ivo-id=\"ivo://ivoa.net/std/TAPRegExt#output-votable-binary2\"",
            Format::VotablePlain => " ivo-id=\"ivo://ivoa.net/std/TAPRegExt#output-votable-td\"",
            _ => "",
        };
        let mime = match format {
            Format::VotablePlain => "application/x-votable+xml;serialization=TABLEDATA",
            other => other.mime(),
        };
        let name = format.name();
        out += &format!("<outputFormat{standard}>\n<mime>{mime}</mime>\n<alias>{name}</alias>\n</outputFormat>\n");
    }
    let (retention, duration) = (config.retention.as_secs(), config.async_time.as_secs());
    out + &format!(
        "<uploadMethod ivo-id=\"ivo://ivoa.net/std/TAPRegExt#upload-inline\"/>\n\
         <uploadMethod ivo-id=\"ivo://ivoa.net/std/TAPRegExt#upload-http\"/>\n\
         <retentionPeriod>\n<default>{retention}</default>\n</retentionPeriod>\n\
         <executionDuration>\n<default>{duration}</default>\n<hard>{duration}</hard>\n</executionDuration>\n\
         <outputLimit>\n<default unit=\"row\">{}</default>\n<hard unit=\"row\">{}</hard>\n</outputLimit>\n\
         <uploadLimit>\n<hard unit=\"byte\">{}</hard>\n</uploadLimit>\n</capability>\n",
        config.sync_rows.min(config.async_rows),
        config.async_rows,
        config.upload_limit
    )
}
