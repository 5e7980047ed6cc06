//! Elements of metadata: what their attributes and their ends do to the document.

use crate::error::{Error, Place};
use crate::model::{
    Coosys, FieldDetails, Group, Info, Link, Reference, Resource, Status, TableElement, Timesys, Values,
};
use crate::xml::tag::Tag;

use super::builder::{Builder, limit};
use super::element::Element;
use super::field::Draft;

impl Builder {
    pub(super) fn start_element(
        &mut self,
        element: Element,
        parent: Element,
        mut tag: Tag,
        place: Place,
    ) -> Result<(), Error> {
        match element {
            Element::Resource => self.start_resource(tag),
            Element::Table => self.start_table(tag, place),
            Element::Field | Element::Param => {
                let mut odd = Vec::new();
                let Some(draft) = Draft::of(tag, self.limits.elements, |message| odd.push(message)) else {
                    return Err(limit("the product of an arraysize", self.limits.elements, place));
                };
                odd.into_iter().for_each(|message| self.warn(message, place));
                self.draft = Some(draft);
            }
            Element::Info => {
                self.text.clear();
                self.info = Info {
                    id: tag.take_filled("ID"),
                    name: tag.take("name").unwrap_or_default(),
                    value: tag.take("value").unwrap_or_default(),
                    text: None,
                    ucd: tag.take_filled("ucd"),
                    utype: tag.take_filled("utype"),
                    unit: tag.take_filled("unit"),
                    xtype: tag.take_filled("xtype"),
                    reference: tag.take_filled("ref"),
                };
            }
            Element::Description if parent != Element::Info => self.text.clear(),
            Element::Coosys => self.add_coosys(tag),
            Element::Timesys => self.add_timesys(tag),
            Element::Link => self.add_link(tag, parent),
            Element::Group => self.groups.push(Group {
                id: tag.take_filled("ID"),
                name: tag.take_filled("name"),
                reference: tag.take_filled("ref"),
                ucd: tag.take_filled("ucd"),
                utype: tag.take_filled("utype"),
                ..Group::default()
            }),
            Element::Fieldref | Element::Paramref => self.add_reference(element, tag),
            Element::Values => {
                // A domain may be given once and referred to.
                let null = tag.take_filled("null").or_else(|| self.nulls.get(&tag.take("ref")?).cloned());
                if let (Some(id), Some(null)) = (tag.take_filled("ID"), &null) {
                    self.nulls.insert(id, null.clone());
                }
                if let Some(draft) = &mut self.draft {
                    draft.field.null = null.or(draft.field.null.take());
                }
            }
            Element::Min | Element::Max | Element::Option => self.add_bound(element, tag),
            Element::Data | Element::Tabledata | Element::Binary | Element::Binary2 | Element::Fits => {
                self.start_data(element, place);
            }
            Element::Stream => self.start_stream(tag, parent, place),
            _ => {}
        }
        Ok(())
    }

    pub(super) fn end_element(&mut self, element: Element, place: Place) -> Result<(), Error> {
        match element {
            Element::Votable => self.document.complete = true,
            Element::Resource => {
                self.path.pop();
            }
            Element::Table => self.end_table(place),
            Element::Field => self.add_field(place)?,
            Element::Param => self.add_param(),
            Element::Info => {
                let text = self.take_text(place);
                let mut info = std::mem::take(&mut self.info);
                info.text = text;
                self.add_info(info);
            }
            Element::Description => self.add_description(place),
            Element::Group => self.add_group(),
            Element::Stream => self.end_stream(place),
            _ => {}
        }
        Ok(())
    }

    /// An element that is not ours. Some are known to belong to others; the rest is worth a word.
    pub(super) fn start_other(&mut self, parent: Element, name: &[u8], place: Place) {
        if parent == Element::Other || name == b"VODML" {
            return;
        }
        let name = String::from_utf8_lossy(name).into_owned();
        if parent == Element::Data {
            if let Some(table) = self.table() {
                table.data = Some(crate::model::DataElement::Elsewhere);
            }
            self.warn(format!("the data of the table is in {name}, which is not read"), place);
        } else {
            self.warn(format!("the element {name} does not belong here and is passed over"), place);
        }
    }

    fn start_resource(&mut self, mut tag: Tag) {
        let resource = Resource {
            kind: tag.take_filled("type"),
            name: tag.take_filled("name"),
            id: tag.take_filled("ID"),
            utype: tag.take_filled("utype"),
            ..Resource::default()
        };
        let resources = match self.resource() {
            Some(outer) => &mut outer.resources,
            None => &mut self.document.resources,
        };
        resources.push(resource);
        let at = resources.len() - 1;
        self.path.push(at);
    }

    fn start_table(&mut self, mut tag: Tag, place: Place) {
        let nrows = tag.take_filled("nrows");
        let mut table = TableElement {
            id: tag.take_filled("ID"),
            reference: tag.take_filled("ref"),
            ucd: tag.take_filled("ucd"),
            utype: tag.take_filled("utype"),
            nrows: nrows.as_deref().and_then(|nrows| nrows.trim().parse().ok()),
            ..TableElement::default()
        };
        table.table.name = tag.take_filled("name");
        if table.nrows.is_none()
            && let Some(nrows) = nrows
        {
            self.warn(format!("nrows {nrows} is no number"), place);
        }
        if let Some(resource) = self.resource() {
            resource.tables.push(table);
            self.table_is_open = true;
        }
    }

    fn end_table(&mut self, place: Place) {
        self.take_structure();
        let announced = self.table().and_then(|table| Some((table.nrows?, table.table.rows() as u64, table.data?)));
        if let Some((announced, rows, data)) = announced
            && announced != rows
            && data != crate::model::DataElement::Elsewhere
        {
            self.warn(format!("the table announces {announced} rows and has {rows}"), place);
        }
        self.memory += self.table().map_or(0, |table| table.table.memory());
        self.table_is_open = false;
    }

    /// `TABLE ref`: the columns are those of another table.
    pub(super) fn take_structure(&mut self) {
        let wanted =
            self.table().filter(|table| table.table.columns.is_empty()).and_then(|table| table.reference.clone());
        let Some(wanted) = wanted else { return };
        let found = self.document.tables().find(|table| table.id.as_ref() == Some(&wanted)).map(|table| {
            let fields = table.table.columns.iter().map(|column| column.field().clone());
            (fields.collect::<Vec<_>>(), table.details.clone(), table.params.clone(), table.groups.clone())
        });
        if let (Some((fields, details, params, groups)), Some(table)) = (found, self.table()) {
            table.table.columns = fields.into_iter().map(table::Column::new).collect();
            table.details = details;
            table.params.extend(params);
            table.groups.extend(groups);
        }
    }

    fn add_field(&mut self, place: Place) -> Result<(), Error> {
        let most = self.limits.columns;
        let Some(draft) = self.draft.take() else { return Ok(()) };
        let Some(table) = self.table() else { return Ok(()) };
        if table.data.is_some() {
            let name = draft.field.name;
            self.warn(format!("column {name} comes after the data and is passed over"), place);
            return Ok(());
        }
        if table.table.columns.len() >= most {
            return Err(limit("the number of columns", most, place));
        }
        table.table.columns.push(table::Column::new(draft.field));
        table.details.push(FieldDetails { values: draft.values, links: draft.links });
        Ok(())
    }

    fn add_param(&mut self) {
        let Some(draft) = self.draft.take() else { return };
        let param = draft.into_param();
        // Simple Cone Search 1.03, section 2.3: an error may be a PARAM as well.
        let is_error = param.field.name.eq_ignore_ascii_case("error") && param.field.is_text();
        if is_error && self.groups.is_empty() && !self.table_is_open {
            self.document.status = Status::Error(param.value.clone());
        }
        if let Some(group) = self.groups.last_mut() {
            group.params.push(param);
        } else if let Some(table) = self.table() {
            table.params.push(param);
        } else if let Some(resource) = self.resource() {
            resource.params.push(param);
        } else {
            self.document.params.push(param);
        }
    }

    fn add_info(&mut self, info: Info) {
        if let Some(status) = status(&info) {
            self.document.status = status;
        }
        if let Some(table) = self.table() {
            table.infos.push(info);
        } else if let Some(resource) = self.resource() {
            resource.infos.push(info);
        } else {
            self.document.infos.push(info);
        }
    }

    fn add_description(&mut self, place: Place) {
        let parent = self.parent();
        if parent == Some(Element::Info) {
            return;
        }
        let text = self.take_text(place);
        match parent {
            Some(Element::Field | Element::Param) => {
                if let Some(draft) = &mut self.draft {
                    draft.field.description = text;
                }
            }
            Some(Element::Group) => {
                if let Some(group) = self.groups.last_mut() {
                    group.description = text;
                }
            }
            Some(Element::Table) => {
                if let Some(table) = self.table() {
                    table.table.description = text;
                }
            }
            Some(Element::Resource) => {
                if let Some(resource) = self.resource() {
                    resource.description = text;
                }
            }
            _ => self.document.description = text,
        }
    }

    fn add_group(&mut self) {
        let Some(group) = self.groups.pop() else { return };
        if let Some(outer) = self.groups.last_mut() {
            outer.groups.push(group);
        } else if let Some(table) = self.table() {
            table.groups.push(group);
        } else if let Some(resource) = self.resource() {
            resource.groups.push(group);
        } else {
            self.document.groups.push(group);
        }
    }

    fn add_reference(&mut self, element: Element, mut tag: Tag) {
        let Some(group) = self.groups.last_mut() else { return };
        let reference = Reference {
            reference: tag.take("ref").unwrap_or_default(),
            ucd: tag.take_filled("ucd"),
            utype: tag.take_filled("utype"),
        };
        match element {
            Element::Fieldref => group.fieldrefs.push(reference),
            _ => group.paramrefs.push(reference),
        }
    }

    fn add_bound(&mut self, element: Element, mut tag: Tag) {
        let Some(draft) = &mut self.draft else { return };
        let values = draft.values.get_or_insert_with(Values::default);
        let value = tag.take("value").unwrap_or_default();
        let inclusive = tag.take("inclusive").is_none_or(|inclusive| inclusive != "no");
        match element {
            Element::Min => values.min = Some((value, inclusive)),
            Element::Max => values.max = Some((value, inclusive)),
            _ => values.options.push((tag.take_filled("name"), value)),
        }
    }

    fn add_coosys(&mut self, mut tag: Tag) {
        let coosys = Coosys {
            id: tag.take_filled("ID"),
            system: tag.take_filled("system"),
            equinox: tag.take_filled("equinox"),
            epoch: tag.take_filled("epoch"),
            refposition: tag.take_filled("refposition"),
        };
        match self.resource() {
            Some(resource) => resource.coosys.push(coosys),
            None => self.document.coosys.push(coosys),
        }
    }

    fn add_timesys(&mut self, mut tag: Tag) {
        let timesys = Timesys {
            id: tag.take_filled("ID"),
            timeorigin: tag.take_filled("timeorigin"),
            timescale: tag.take_filled("timescale"),
            refposition: tag.take_filled("refposition"),
        };
        match self.resource() {
            Some(resource) => resource.timesys.push(timesys),
            None => self.document.timesys.push(timesys),
        }
    }

    fn add_link(&mut self, mut tag: Tag, parent: Element) {
        let link = Link {
            id: tag.take_filled("ID"),
            content_role: tag.take_filled("content-role"),
            content_type: tag.take_filled("content-type"),
            title: tag.take_filled("title"),
            value: tag.take_filled("value"),
            href: tag.take_filled("href"),
            action: tag.take_filled("action"),
        };
        match parent {
            Element::Field | Element::Param => {
                if let Some(draft) = &mut self.draft {
                    draft.links.push(link);
                }
            }
            Element::Table => {
                if let Some(table) = self.table() {
                    table.links.push(link);
                }
            }
            _ => {
                if let Some(resource) = self.resource() {
                    resource.links.push(link);
                }
            }
        }
    }
}

/// The status that an INFO gives: QUERY_STATUS of DALI 1.1, section 4.4, or the `Error` of Simple Cone Search 1.03.
fn status(info: &Info) -> Option<Status> {
    let words = || info.text.clone().unwrap_or_else(|| info.value.clone());
    if info.name.eq_ignore_ascii_case("error") {
        return Some(Status::Error(words()));
    }
    if !info.name.eq_ignore_ascii_case("QUERY_STATUS") {
        return None;
    }
    match info.value.trim().to_ascii_uppercase().as_str() {
        "OK" | "COMPLETED" => Some(Status::Ok),
        "OVERFLOW" => Some(Status::Overflow),
        "ERROR" => Some(Status::Error(info.text.clone().unwrap_or_default())),
        _ => None,
    }
}
