//! A block of a column as 64-bit floats: what pictures, statistics and expressions read.

use crate::{Column, Data};

impl Column {
    /// The numbers of `out.len()` rows from `start` on, all below [`Column::len`]. NaN stands for null, and for every cell of
    /// a column without numbers (text, arrays, complex). Whole numbers beyond 2^53 are rounded: not for identifiers.
    pub fn numbers(&self, start: usize, out: &mut [f64]) {
        let rows = start..start + out.len();
        match self.data() {
            _ if !self.field().arraysize.is_scalar() => return out.fill(f64::NAN),
            Data::Boolean(vector) | Data::UnsignedByte(vector) => convert(&vector[rows.clone()], out, f64::from),
            Data::Short(vector) => convert(&vector[rows.clone()], out, f64::from),
            Data::Int(vector) => convert(&vector[rows.clone()], out, f64::from),
            Data::Long(vector) => convert(&vector[rows.clone()], out, |value| value as f64),
            Data::Float(vector) => convert(&vector[rows.clone()], out, f64::from),
            Data::Double(vector) => out.copy_from_slice(&vector[rows.clone()]),
            Data::FloatComplex(_) | Data::DoubleComplex(_) | Data::Text(_) => return out.fill(f64::NAN),
        }
        for row in self.mask().nulls_in(rows) {
            out[row - start] = f64::NAN;
        }
    }
}

fn convert<T: Copy>(from: &[T], to: &mut [f64], value: impl Fn(T) -> f64) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = value(*from);
    }
}

#[cfg(test)]
mod tests {
    use crate::{ArraySize, Column, Data, Datatype, Field};

    #[test]
    fn a_block_is_what_the_cells_are() {
        for datatype in [Datatype::Long, Datatype::Short, Datatype::Float, Datatype::Double, Datatype::Int] {
            let mut column = Column::new(Field::new("x", datatype));
            for row in 0..200 {
                if row % 63 == 1 { column.push_null() } else { column.push_integer(row) }
            }
            for start in [0, 1, 63, 64, 100] {
                let mut block = [0.0; 90];
                column.numbers(start, &mut block);
                for (at, value) in block.into_iter().enumerate() {
                    assert_eq!(Some(value).filter(|v| !v.is_nan()), column.number(start + at), "{datatype:?} {at}");
                }
            }
        }
    }

    #[test]
    fn what_is_no_number_is_no_value() {
        let mut name = Column::new(Field::new("name", Datatype::Char));
        name.push_text("5");
        let mut field = Field::new("pair", Datatype::Double);
        field.arraysize = ArraySize::fixed(2);
        let mut pair = Column::new(field);
        if let Data::Double(vector) = pair.data_mut() {
            vector.extend([1.0, 2.0]);
        }
        pair.end_row(true);
        for column in [name, pair] {
            let mut block = [0.0];
            column.numbers(0, &mut block);
            assert!(block[0].is_nan());
        }
    }
}
