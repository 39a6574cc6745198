//! The cell formats of a workbook: a short fixed list, so that sheets can be streamed before anything else is known.

/// A cell format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// As Excel likes.
    General,
    /// Bold on a tint: the first row of a table.
    Heading,
    /// `@`: stays text when edited.
    Text,
    /// `0`
    Integer,
    /// `yyyy-mm-dd`
    Date,
    /// `yyyy-mm-dd hh:mm:ss`
    Timestamp,
    /// `hh:mm:ss`
    Time,
    /// Large and bold: the title of a sheet.
    Title,
    /// So many decimals, 1–15.
    Decimals(u8),
    /// A link to a sheet.
    Link,
    /// `#,##0`, grouped by the reader's own country.
    Count,
}

impl Style {
    /// Its number in `cellXfs`, as cells name it.
    pub(super) fn index(self) -> u32 {
        match self {
            Self::General => 0,
            Self::Heading => 1,
            Self::Text => 2,
            Self::Integer => 3,
            Self::Date => 4,
            Self::Timestamp => 5,
            Self::Time => 6,
            Self::Title => 7,
            Self::Decimals(scale) => 7 + u32::from(scale.clamp(1, 15)),
            Self::Link => 23,
            Self::Count => 24,
        }
    }
}

/// `xl/styles.xml`.
pub(super) fn styles_xml() -> String {
    let decimals = |scale: usize| format!("0.{}", "0".repeat(scale));
    let mut formats = String::from(
        r#"<numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/><numFmt numFmtId="165" formatCode="yyyy\-mm\-dd\ hh:mm:ss"/><numFmt numFmtId="166" formatCode="hh:mm:ss"/>"#,
    );
    let mut cells = String::new();
    let mut cell = |format: u32, font: u32, fill: u32, border: u32, alignment: &str| {
        let apply = |on: bool, name: &str| if on { format!(r#" apply{name}="1""#) } else { String::new() };
        cells += &format!(
            r#"<xf numFmtId="{format}" fontId="{font}" fillId="{fill}" borderId="{border}" xfId="0"{}{}{}{}"#,
            apply(format > 0, "NumberFormat"),
            apply(font > 0, "Font"),
            apply(fill > 0, "Fill"),
            apply(border > 0, "Border"),
        );
        cells += &match alignment {
            "" => "/>".to_owned(),
            a => format!(r#" applyAlignment="1"><alignment {a}/></xf>"#),
        };
    };
    cell(0, 0, 0, 0, "");
    cell(49, 1, 2, 1, r#"vertical="center""#);
    cell(49, 0, 0, 0, "");
    cell(1, 0, 0, 0, "");
    cell(164, 0, 0, 0, "");
    cell(165, 0, 0, 0, "");
    cell(166, 0, 0, 0, "");
    cell(49, 2, 0, 0, "");
    for scale in 1..=15u32 {
        // 2 is Excel's own 0.00.
        let id = if scale == 2 { 2 } else { 170 + scale };
        if scale != 2 {
            formats += &format!(r#"<numFmt numFmtId="{id}" formatCode="{}"/>"#, decimals(scale as usize));
        }
        cell(id, 0, 0, 0, "");
    }
    cell(49, 3, 0, 0, "");
    cell(3, 0, 0, 0, "");
    format!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="17">{formats}</numFmts><fonts count="4"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font><font><b/><sz val="11"/><color rgb="FF1F3A5F"/><name val="Calibri"/><family val="2"/></font><font><b/><sz val="16"/><color rgb="FF1F3A5F"/><name val="Calibri"/><family val="2"/></font><font><u/><sz val="11"/><color rgb="FF0B6B62"/><name val="Calibri"/><family val="2"/></font></fonts><fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFE3ECF6"/><bgColor indexed="64"/></patternFill></fill></fills><borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border><border><left/><right/><top/><bottom style="thin"><color rgb="FF7F9DB9"/></bottom><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="25">{cells}</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles><dxfs count="0"/><tableStyles count="0" defaultTableStyle="TableStyleMedium9" defaultPivotStyle="PivotStyleLight16"/></styleSheet>"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counts_and_the_indexes_agree() {
        let xml = styles_xml();
        assert_eq!(xml.matches("<numFmt ").count(), 17);
        let cells = &xml[xml.find("<cellXfs").unwrap()..xml.find("</cellXfs>").unwrap()];
        assert_eq!(cells.matches("<xf ").count(), 25);
        assert_eq!(Style::Decimals(15).index(), 22);
    }
}
