import type { ExportSpec } from "@docket/domain";
import type { ArchiveEntry } from "../format.ts";

/** The parts of a workbook besides its sheets (ECMA-376, Part 1, 12 and 18). */

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
export const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
const SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/** The style of a cell, as an attribute: its place in `cellXfs` below. */
export const STYLES = { header: ' s="1"', date: ' s="2"', percent: ' s="3"' } as const;

const xf = (numberFormat: number, font: number, apply: string): string =>
  `<xf numFmtId="${numberFormat}" fontId="${font}" fillId="0" borderId="0" xfId="0"${apply}/>`;

const styles = [
  `${XML}<styleSheet xmlns="${MAIN}">`,
  '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd hh:mm:ss"/></numFmts>',
  '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>',
  '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>',
  '<fills count="2"><fill><patternFill patternType="none"/></fill>',
  '<fill><patternFill patternType="gray125"/></fill></fills>',
  '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>',
  '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>',
  `<cellXfs count="4">${xf(0, 0, "")}${xf(0, 1, ' applyFont="1"')}`,
  `${xf(164, 0, ' applyNumberFormat="1"')}${xf(2, 0, ' applyNumberFormat="1"')}</cellXfs>`,
  '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>',
  "</styleSheet>",
].join("");

const relation = (id: number, type: string, target: string): string =>
  `<Relationship Id="rId${id}" Type="${RELATIONS}/${type}" Target="${target}"/>`;

const relations = (content: string): string =>
  `${XML}<Relationships xmlns="${PACKAGE}/relationships">${content}</Relationships>`;

/** The parts that do not depend on the rows. */
export const firstParts: readonly ArchiveEntry[] = [
  {
    name: "_rels/.rels",
    content: relations(relation(1, "officeDocument", "xl/workbook.xml")),
  },
  { name: "xl/styles.xml", content: styles },
];

export const sheetPart = (number: number): string => `xl/worksheets/sheet${number}.xml`;

const sheetName = ({ reportType }: ExportSpec, number: number): string =>
  number === 1 ? reportType : `${reportType} ${number}`;

/** @param ranges the cells of each sheet, e.g. `A1:K20`. */
export function lastParts(spec: ExportSpec, ranges: readonly string[]): readonly ArchiveEntry[] {
  const sheets = ranges.map((range, index) => ({
    range,
    index,
    number: index + 1,
    name: sheetName(spec, index + 1),
  }));
  const all = (content: (sheet: (typeof sheets)[number]) => string): string =>
    sheets.map(content).join("");
  const workbook = [
    `${XML}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><bookViews><workbookView/></bookViews>`,
    `<sheets>${all(({ name, number }) => `<sheet name="${name}" sheetId="${number}" r:id="rId${number}"/>`)}</sheets>`,
    // Excel names the range of each filter in this way.
    `<definedNames>${all(({ name, index, range }) => `<definedName name="_xlnm._FilterDatabase" localSheetId="${index}" hidden="1">'${name}'!${absolute(range)}</definedName>`)}</definedNames>`,
    "</workbook>",
  ].join("");
  const part = (name: string, type: string): string =>
    `<Override PartName="/${name}" ContentType="${SPREADSHEET}.${type}+xml"/>`;
  const types = [
    `${XML}<Types xmlns="${PACKAGE}/content-types">`,
    `<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>`,
    '<Default Extension="xml" ContentType="application/xml"/>',
    part("xl/workbook.xml", "sheet.main"),
    part("xl/styles.xml", "styles"),
    all(({ number }) => part(sheetPart(number), "worksheet")),
    "</Types>",
  ].join("");
  const targets = all(({ number }) =>
    relation(number, "worksheet", `worksheets/sheet${number}.xml`),
  );
  return [
    { name: "xl/workbook.xml", content: workbook },
    {
      name: "xl/_rels/workbook.xml.rels",
      content: relations(targets + relation(sheets.length + 1, "styles", "styles.xml")),
    },
    { name: "[Content_Types].xml", content: types },
  ];
}

const absolute = (range: string): string => range.replaceAll(/([A-Z]+)(\d+)/g, "$$$1$$$2");
