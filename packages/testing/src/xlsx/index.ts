import { readXlsx } from "hucre/xlsx";

/** A cell as a spreadsheet shows it: numbers and times are no texts. An empty cell is null. */
export type CellValue = string | number | Date | null;

export type ReadSheet = {
  readonly name: string;
  readonly rows: readonly (readonly CellValue[])[];
  /** The number of frozen rows, and the cells of the filter. */
  readonly frozenRows: number | undefined;
  readonly filter: string | undefined;
  /** The cells that hold a formula. */
  readonly formulas: number;
};

/** Reads a workbook with hucre, which shares no code with the exports. */
export async function readWorkbook(bytes: Uint8Array): Promise<readonly ReadSheet[]> {
  const { sheets } = await readXlsx(bytes);
  return sheets.map(({ name, rows, freezePane, autoFilter, cells }) => ({
    name,
    rows: rows as CellValue[][],
    frozenRows: freezePane?.rows,
    filter: autoFilter?.range,
    formulas: [...(cells?.values() ?? [])].filter(({ formula }) => formula !== undefined).length,
  }));
}
