import type { Compression, Format, ReportType } from "@docket/domain";

/** What an export writes. */
export type ExportKind = {
  readonly report: ReportType;
  readonly format: Format;
  readonly compression?: Compression;
  /** The tables hold the rows in a random order. */
  readonly shuffled?: true;
};

/** For people: `MATCHED CSV GZIP`. */
export const nameOf = ({ report, format, compression, shuffled }: ExportKind): string =>
  [report, format, compression, shuffled && "shuffled"]
    .filter((part) => part !== undefined)
    .join(" ");
