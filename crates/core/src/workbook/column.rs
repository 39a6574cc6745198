//! How the values of a column become cells, decided by the column's type alone.

use super::style::Style;
use crate::content::TableColumn;
use std::borrow::Cow;

/// What the cells of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CellKind {
    /// Text, whatever it looks like. Everything without a counterpart in Excel.
    Text,
    /// Whole numbers.
    Integer,
    /// Decimal numbers, with the decimals of the type where it names them.
    Numeric {
        /// Decimals to show.
        scale: Option<u8>,
    },
    /// Doubles.
    Float,
    /// TRUE and FALSE.
    Boolean,
    /// Days.
    Date,
    /// Time of day.
    Time,
    /// Date and time of a wall clock.
    Timestamp,
    /// A moment, shown in UTC.
    TimestampUtc,
}

impl CellKind {
    /// The kind of a base type (domains resolved) by its OID in `pg_type`, fixed for built-in types, and its modifier.
    pub(super) fn of(type_oid: u32, typmod: i32) -> Self {
        match type_oid {
            16 => Self::Boolean,
            20 | 21 | 23 | 26 => Self::Integer,
            700 | 701 => Self::Float,
            1700 => Self::Numeric { scale: numeric_scale(typmod) },
            1082 => Self::Date,
            1083 => Self::Time,
            1114 => Self::Timestamp,
            1184 => Self::TimestampUtc,
            _ => Self::Text,
        }
    }

    /// A date, a time, or both.
    pub(super) fn is_moment(self) -> bool {
        matches!(self, Self::Date | Self::Time | Self::Timestamp | Self::TimestampUtc)
    }

    /// Reads [`CellKind::word`].
    pub(super) fn of_word(word: &str) -> Option<Self> {
        Some(match word {
            "text" => Self::Text,
            "integer" => Self::Integer,
            "numeric" => Self::Numeric { scale: None },
            scaled if scaled.starts_with("numeric(") => {
                let scale = scaled.strip_prefix("numeric(")?.strip_suffix(')')?.parse().ok()?;
                Self::Numeric { scale: Some(scale) }
            }
            "float" => Self::Float,
            "boolean" => Self::Boolean,
            "date" => Self::Date,
            "time" => Self::Time,
            "timestamp" => Self::Timestamp,
            "timestamptz" => Self::TimestampUtc,
            _ => return None,
        })
    }

    /// How its cells look.
    pub(super) fn style(self) -> Style {
        match self {
            Self::Text => Style::Text,
            Self::Integer => Style::Integer,
            Self::Numeric { scale: Some(0) } => Style::Integer,
            Self::Numeric { scale: Some(scale) } => Style::Decimals(scale),
            Self::Numeric { scale: None } | Self::Float | Self::Boolean => Style::General,
            Self::Date => Style::Date,
            Self::Time => Style::Time,
            Self::Timestamp | Self::TimestampUtc => Style::Timestamp,
        }
    }

    /// The word for it in the manifest's machine part; numbers with their decimals, where the type has them.
    pub(super) fn word(self) -> Cow<'static, str> {
        match self {
            Self::Numeric { scale: Some(scale) } => format!("numeric({scale})").into(),
            plain => plain.plain_word().into(),
        }
    }

    /// The word without decimals.
    pub(super) fn plain_word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Integer => "integer",
            Self::Numeric { .. } => "numeric",
            Self::Float => "float",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::Time => "time",
            Self::Timestamp => "timestamp",
            Self::TimestampUtc => "timestamptz",
        }
    }
}

/// `numeric(p, s)`: the modifier holds the scale in its lower 11 bits, as a signed number, after the header's 4
/// (PostgreSQL, `numeric.c`, `make_numeric_typmod`). More decimals than Excel shows are left to it.
fn numeric_scale(typmod: i32) -> Option<u8> {
    let scale = ((typmod - 4) & 0x7ff ^ 1024) - 1024;
    (typmod >= 4 && scale <= 15).then_some(scale.max(0) as u8)
}

/// One column of an exported table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    /// Bare name.
    pub(super) name: String,
    /// `format_type` of the declared type.
    pub(super) data_type: String,
    /// What its cells are.
    pub(super) kind: CellKind,
    /// The type's own length limit in characters, for `varchar(n)`.
    pub(super) characters: Option<u32>,
    /// GENERATED ALWAYS AS (…): COPY does not name such columns, a query does.
    pub(super) generated: bool,
}

impl Column {
    /// Decides by what the catalog says about a column.
    pub(super) fn new(column: TableColumn) -> Self {
        let TableColumn { name, data_type, base_type: type_oid, base_typmod: typmod, generated } = column;
        // varchar 1043, char 1042: the modifier is the length plus the header's 4.
        let characters = (matches!(type_oid, 1042 | 1043) && typmod >= 4).then(|| (typmod - 4) as u32);
        Self { name, data_type, kind: CellKind::of(type_oid, typmod), characters, generated }
    }

    /// What stands above the column.
    pub(super) fn heading(&self) -> String {
        match self.kind {
            CellKind::TimestampUtc => format!("{} (UTC)", self.name),
            _ => self.name.clone(),
        }
    }

    /// Width in characters: by type, and never narrower than the heading with its filter button.
    pub(super) fn width(&self) -> u32 {
        let by_type = match self.kind {
            CellKind::Boolean => 8,
            CellKind::Integer => 11,
            CellKind::Numeric { .. } => 14,
            CellKind::Float => 18,
            CellKind::Date | CellKind::Time => 12,
            CellKind::Timestamp | CellKind::TimestampUtc => 20,
            CellKind::Text => match (self.characters, self.data_type.as_str()) {
                (Some(characters), _) => characters.clamp(6, 40),
                (None, "uuid") => 38,
                (None, "json" | "jsonb" | "xml") => 50,
                _ => 30,
            },
        };
        by_type.max(self.heading().chars().count() as u32 + 4).min(60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_of_a_numeric_is_read_from_its_modifier() {
        let typmod = |precision: i32, scale: i32| ((precision << 16) | (scale & 0x7ff)) + 4;
        assert_eq!(numeric_scale(typmod(10, 2)), Some(2));
        assert_eq!(numeric_scale(typmod(10, 0)), Some(0));
        assert_eq!(numeric_scale(typmod(10, -3)), Some(0));
        assert_eq!(numeric_scale(typmod(30, 20)), None);
        assert_eq!(numeric_scale(-1), None);
    }

    #[test]
    fn types_without_a_counterpart_are_text() {
        for oid in [25, 2950, 3802, 114, 17, 1186, 790, 1266, 1007, 3904] {
            assert_eq!(CellKind::of(oid, -1), CellKind::Text, "{oid}");
        }
    }
}
