//! The elements around the data: VOTABLE, RESOURCE, INFO, PARAM, FIELD and the rest (VOTable 1.4, appendix A).

use table::{ArraySize, Datatype, Field};

use super::Preamble;
use super::escape::{attribute, optional, text};
use crate::model::{Coosys, Group, Info, Link, Param, Reference, ServiceDescriptor, Timesys, Values};

pub(super) fn open_document(preamble: &Preamble, out: &mut Vec<u8>) {
    let version = preamble.version.as_deref().unwrap_or("1.4");
    out.extend_from_slice(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<VOTABLE");
    attribute("version", version, out);
    attribute("xmlns", "http://www.ivoa.net/xml/VOTable/v1.3", out);
    out.extend_from_slice(b">\n<RESOURCE type=\"results\"");
    optional("utype", preamble.utype.as_deref(), out);
    out.extend_from_slice(b">\n");
    description(preamble.description.as_deref(), out);
    preamble.infos.iter().for_each(|info| write_info(info, out));
    preamble.coosys.iter().for_each(|coosys| write_coosys(coosys, out));
    preamble.timesys.iter().for_each(|timesys| write_timesys(timesys, out));
    preamble.params.iter().for_each(|param| write_param(param, out));
    preamble.links.iter().for_each(|link| write_link(link, out));
}

pub(super) fn open_table(preamble: &Preamble, out: &mut Vec<u8>) {
    out.extend_from_slice(b"<TABLE");
    optional("ID", preamble.table_id.as_deref(), out);
    optional("name", preamble.table_name.as_deref(), out);
    optional("nrows", preamble.nrows.map(|nrows| nrows.to_string()).as_deref(), out);
    out.extend_from_slice(b">\n");
    description(preamble.table_description.as_deref(), out);
    preamble.table_params.iter().for_each(|param| write_param(param, out));
    preamble.fields.iter().for_each(|field| write_field(field, out));
    preamble.groups.iter().for_each(|group| write_group(group, out));
}

pub(super) fn close_document(trailing: &[Info], descriptors: &[ServiceDescriptor], out: &mut Vec<u8>) {
    trailing.iter().for_each(|info| write_info(info, out));
    out.extend_from_slice(b"</RESOURCE>\n");
    descriptors.iter().for_each(|descriptor| write_descriptor(descriptor, out));
    out.extend_from_slice(b"</VOTABLE>\n");
}

fn write_info(info: &Info, out: &mut Vec<u8>) {
    out.extend_from_slice(b"<INFO");
    optional("ID", info.id.as_deref(), out);
    attribute("name", &info.name, out);
    attribute("value", &info.value, out);
    optional("unit", info.unit.as_deref(), out);
    optional("xtype", info.xtype.as_deref(), out);
    optional("ref", info.reference.as_deref(), out);
    optional("ucd", info.ucd.as_deref(), out);
    optional("utype", info.utype.as_deref(), out);
    match info.text.as_deref() {
        Some(content) if !content.is_empty() => {
            out.push(b'>');
            text(content, out);
            out.extend_from_slice(b"</INFO>\n");
        }
        _ => out.extend_from_slice(b"/>\n"),
    }
}

fn write_field(field: &Field, out: &mut Vec<u8>) {
    out.extend_from_slice(b"<FIELD");
    field_attributes(field, out);
    close_field(field, None, "FIELD", out);
}

fn write_param(param: &Param, out: &mut Vec<u8>) {
    out.extend_from_slice(b"<PARAM");
    field_attributes(&param.field, out);
    attribute("value", &param.value, out);
    close_field(&param.field, param.values.as_ref(), "PARAM", out);
}

fn field_attributes(field: &Field, out: &mut Vec<u8>) {
    optional("ID", field.id.as_deref(), out);
    attribute("name", &field.name, out);
    attribute("datatype", field.datatype.name(), out);
    // One value is written as a scalar: "1" is deprecated (VOTable 1.3, Erratum 3), and the cells look the same.
    if ![ArraySize::SCALAR, ArraySize::fixed(1)].contains(&field.arraysize) {
        attribute("arraysize", &field.arraysize.to_string(), out);
    }
    optional("unit", field.unit.as_deref(), out);
    optional("ucd", field.ucd.as_deref(), out);
    optional("utype", field.utype.as_deref(), out);
    optional("xtype", field.xtype.as_deref(), out);
    optional("ref", field.reference.as_deref(), out);
    optional("width", field.width.map(|width| width.to_string()).as_deref(), out);
    optional("precision", field.precision.as_deref(), out);
}

fn close_field(field: &Field, values: Option<&Values>, name: &str, out: &mut Vec<u8>) {
    let null = field.null.as_deref().filter(|_| field.datatype != Datatype::Boolean);
    if field.description.is_none() && null.is_none() && values.is_none() {
        return out.extend_from_slice(b"/>\n");
    }
    out.extend_from_slice(b">\n");
    description(field.description.as_deref(), out);
    if null.is_some() || values.is_some() {
        write_values(null, values, out);
    }
    out.extend_from_slice(format!("</{name}>\n").as_bytes());
}

fn write_values(null: Option<&str>, values: Option<&Values>, out: &mut Vec<u8>) {
    out.extend_from_slice(b"<VALUES");
    optional("null", null, out);
    let Some(values) = values else { return out.extend_from_slice(b"/>\n") };
    out.extend_from_slice(b">\n");
    for (name, bound) in [("MIN", &values.min), ("MAX", &values.max)] {
        if let Some((value, inclusive)) = bound {
            out.extend_from_slice(format!("<{name}").as_bytes());
            attribute("value", value, out);
            optional("inclusive", (!inclusive).then_some("no"), out);
            out.extend_from_slice(b"/>\n");
        }
    }
    for (name, value) in &values.options {
        out.extend_from_slice(b"<OPTION");
        optional("name", name.as_deref(), out);
        attribute("value", value, out);
        out.extend_from_slice(b"/>\n");
    }
    out.extend_from_slice(b"</VALUES>\n");
}

fn write_coosys(coosys: &Coosys, out: &mut Vec<u8>) {
    out.extend_from_slice(b"<COOSYS");
    optional("ID", coosys.id.as_deref(), out);
    optional("system", coosys.system.as_deref(), out);
    optional("equinox", coosys.equinox.as_deref(), out);
    optional("epoch", coosys.epoch.as_deref(), out);
    optional("refposition", coosys.refposition.as_deref(), out);
    out.extend_from_slice(b"/>\n");
}

fn write_timesys(timesys: &Timesys, out: &mut Vec<u8>) {
    out.extend_from_slice(b"<TIMESYS");
    optional("ID", timesys.id.as_deref(), out);
    optional("timeorigin", timesys.timeorigin.as_deref(), out);
    optional("timescale", timesys.timescale.as_deref(), out);
    optional("refposition", timesys.refposition.as_deref(), out);
    out.extend_from_slice(b"/>\n");
}

fn write_link(link: &Link, out: &mut Vec<u8>) {
    out.extend_from_slice(b"<LINK");
    optional("ID", link.id.as_deref(), out);
    optional("content-role", link.content_role.as_deref(), out);
    optional("content-type", link.content_type.as_deref(), out);
    optional("title", link.title.as_deref(), out);
    optional("value", link.value.as_deref(), out);
    optional("href", link.href.as_deref(), out);
    optional("action", link.action.as_deref(), out);
    out.extend_from_slice(b"/>\n");
}

fn write_group(group: &Group, out: &mut Vec<u8>) {
    out.extend_from_slice(b"<GROUP");
    optional("ID", group.id.as_deref(), out);
    optional("name", group.name.as_deref(), out);
    optional("ref", group.reference.as_deref(), out);
    optional("ucd", group.ucd.as_deref(), out);
    optional("utype", group.utype.as_deref(), out);
    out.extend_from_slice(b">\n");
    description(group.description.as_deref(), out);
    group.fieldrefs.iter().for_each(|reference| write_reference("FIELDref", reference, out));
    group.paramrefs.iter().for_each(|reference| write_reference("PARAMref", reference, out));
    group.params.iter().for_each(|param| write_param(param, out));
    group.groups.iter().for_each(|group| write_group(group, out));
    out.extend_from_slice(b"</GROUP>\n");
}

fn write_reference(name: &str, reference: &Reference, out: &mut Vec<u8>) {
    out.extend_from_slice(format!("<{name}").as_bytes());
    attribute("ref", &reference.reference, out);
    optional("ucd", reference.ucd.as_deref(), out);
    optional("utype", reference.utype.as_deref(), out);
    out.extend_from_slice(b"/>\n");
}

fn write_descriptor(descriptor: &ServiceDescriptor, out: &mut Vec<u8>) {
    out.extend_from_slice(b"<RESOURCE type=\"meta\"");
    attribute("utype", descriptor.utype.as_deref().unwrap_or("adhoc:service"), out);
    optional("ID", descriptor.id.as_deref(), out);
    optional("name", descriptor.name.as_deref(), out);
    out.extend_from_slice(b">\n");
    description(descriptor.description.as_deref(), out);
    let params = [
        ("standardID", &descriptor.standard_id),
        ("resourceIdentifier", &descriptor.resource_identifier),
        ("accessURL", &descriptor.access_url),
        ("contentType", &descriptor.content_type),
    ];
    let params = params.into_iter().filter_map(|(name, value)| Some((name, value.as_ref()?)));
    let examples = descriptor.example_urls.iter().map(|url| ("exampleURL", url));
    params.chain(examples).for_each(|(name, value)| write_param(&Param::text(name, value), out));
    let group =
        Group { name: Some("inputParams".to_owned()), params: descriptor.input_params.clone(), ..Group::default() };
    write_group(&group, out);
    out.extend_from_slice(b"</RESOURCE>\n");
}

fn description(content: Option<&str>, out: &mut Vec<u8>) {
    if let Some(content) = content {
        out.extend_from_slice(b"<DESCRIPTION>");
        text(content, out);
        out.extend_from_slice(b"</DESCRIPTION>\n");
    }
}
