//! What a product consists of, whatever the file: values of the source as a whole, and series.

use table::{ArraySize, Column, Data, Datatype, Field};

use super::subject::Subject;
use crate::catalogue::SOLUTION_ID;

/// The content of a product of one source.
pub struct Product {
    /// Values that belong to the source as a whole, one row each.
    pub head: Vec<Column>,
    /// The series: columns of the same number of rows. A product without any is a single row.
    pub series: Vec<Column>,
}

impl Product {
    /// Number of rows where each point of the series is a row.
    pub fn rows(&self) -> usize {
        self.series.first().map_or(1, Column::len)
    }

    /// Each point of the series as a row, the values of the source repeated in each if `with_head`.
    pub fn unfold(self, with_head: bool) -> Vec<Column> {
        let rows = self.rows();
        let head = self.head.iter().filter(|_| with_head).map(|value| {
            let mut column = Column::new(value.field().clone());
            (0..rows).for_each(|_| column.push_from(value, 0));
            column
        });
        let mut columns: Vec<Column> = head.collect();
        columns.extend(self.series);
        columns
    }

    /// The whole as one row, each series as an array; of a fixed size if all products have the same number of points.
    pub fn fold(self, fixed: bool) -> Vec<Column> {
        let arrays = self.series.into_iter().map(|series| {
            let mut field = series.field().clone();
            field.arraysize = if fixed { ArraySize::fixed(series.len()) } else { ArraySize::VARIABLE };
            let mut array = Column::new(field);
            append(array.data_mut(), series.data());
            array.end_row(true);
            array
        });
        self.head.into_iter().chain(arrays).collect()
    }

    /// Without the series of this name.
    pub fn without(mut self, name: &str) -> Product {
        self.series.retain(|column| column.field().name != name);
        self
    }

    /// With the number of points as a further value of the source.
    pub fn counted(mut self, name: &str, description: &str) -> Product {
        let rows = self.rows() as i64;
        self.head.push(integers(field(name, Datatype::Short, "", "meta.number", description), [rows]));
        self
    }
}

/// Appends the elements of one vector to another of the same type.
fn append(to: &mut Data, from: &Data) {
    match (to, from) {
        (Data::Boolean(to), Data::Boolean(from)) => to.extend_from_slice(from),
        (Data::Short(to), Data::Short(from)) => to.extend_from_slice(from),
        (Data::Long(to), Data::Long(from)) => to.extend_from_slice(from),
        (Data::Float(to), Data::Float(from)) => to.extend_from_slice(from),
        (Data::Double(to), Data::Double(from)) => to.extend_from_slice(from),
        // No series of a product is of another type.
        _ => {}
    }
}

/// A field with its metadata; an empty unit or UCD is none.
pub fn field(name: &str, datatype: Datatype, unit: &str, ucd: &str, description: &str) -> Field {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let mut field = Field::new(name, datatype);
    field.unit = some(unit);
    field.ucd = some(ucd);
    field.description = some(description);
    field
}

/// A column of numbers; NaN stays a value.
pub fn numbers(field: Field, values: impl IntoIterator<Item = f64>) -> Column {
    let mut column = Column::new(field);
    for value in values {
        push_element(&mut column, value);
        column.end_row(true);
    }
    column
}

fn push_element(column: &mut Column, value: f64) {
    match column.data_mut() {
        Data::Float(vector) => vector.push(value as f32),
        Data::Double(vector) => vector.push(value),
        _ => {}
    }
}

/// A column of numbers, some of which are missing.
pub fn optional(field: Field, values: impl IntoIterator<Item = Option<f64>>) -> Column {
    let mut column = Column::new(field);
    values.into_iter().for_each(|value| column.push_double(value.unwrap_or(f64::NAN)));
    column
}

/// A column of whole numbers.
pub fn integers(field: Field, values: impl IntoIterator<Item = i64>) -> Column {
    let mut column = Column::new(field);
    values.into_iter().for_each(|value| column.push_integer(value));
    column
}

/// A column of truth values.
pub fn booleans(field: Field, values: impl IntoIterator<Item = bool>) -> Column {
    let mut column = Column::new(field);
    values.into_iter().for_each(|value| column.push_boolean(value));
    column
}

/// A column of text.
pub fn texts<'a>(field: Field, values: impl IntoIterator<Item = &'a str>) -> Column {
    let mut column = Column::new(field);
    values.into_iter().for_each(|value| column.push_text(value));
    column
}

/// An array of varying length as the one value of a column.
pub fn array(mut field: Field, values: impl IntoIterator<Item = f64>) -> Column {
    field.arraysize = ArraySize::VARIABLE;
    let mut column = Column::new(field);
    values.into_iter().for_each(|value| push_element(&mut column, value));
    column.end_row(true);
    column
}

/// The identifiers with which every product begins. `run` tells the processing runs of the products apart.
pub fn identity(subject: &Subject, run: i64) -> Vec<Column> {
    let description = "Identifier of the source, as in gaia_source";
    vec![
        integers(field("source_id", Datatype::Long, "", "meta.id;meta.main", description), [subject.source_id]),
        integers(
            field(
                "solution_id",
                Datatype::Long,
                "",
                "meta.version",
                "Number of the processing run that made the product",
            ),
            [SOLUTION_ID + run],
        ),
    ]
}

/// The position, for spectra.
pub fn position(subject: &Subject) -> Vec<Column> {
    let of = |name, ucd, description, value| numbers(field(name, Datatype::Double, "deg", ucd, description), [value]);
    vec![
        of("ra", "pos.eq.ra;meta.main", "Right ascension at J2016.0, ICRS", subject.ra),
        of("dec", "pos.eq.dec;meta.main", "Declination at J2016.0, ICRS", subject.dec),
    ]
}

#[cfg(test)]
mod tests {
    use table::Cell;

    use super::*;

    #[test]
    fn a_product_is_rows_or_arrays_of_the_same_values() {
        let product = || Product {
            head: vec![integers(Field::new("source_id", Datatype::Long), [1 << 60])],
            series: vec![
                numbers(Field::new("x", Datatype::Double), [1.0, f64::NAN, 3.0]),
                booleans(Field::new("good", Datatype::Boolean), [true, false, true]),
            ],
        };
        let rows = product().unfold(true);
        assert_eq!(rows.iter().map(Column::len).collect::<Vec<_>>(), [3, 3, 3]);
        assert_eq!(rows[0].cell(2), Cell::Integer(1 << 60));
        let folded = product().fold(true);
        assert_eq!(folded.iter().map(Column::len).collect::<Vec<_>>(), [1, 1, 1]);
        assert_eq!(folded[1].field().arraysize.to_string(), "3");
        assert_eq!(product().fold(false)[2].field().arraysize.to_string(), "*");
        assert_eq!(product().without("x").counted("n", "").head[1].cell(0), Cell::Integer(3));
    }
}
