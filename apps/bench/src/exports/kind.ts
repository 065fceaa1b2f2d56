import type { Compression, Format, ReportType } from "@docket/domain";

/** What an export writes. */
export type ExportKind = {
  readonly report: ReportType;
  readonly format: Format;
  readonly compression?: Compression;
};

/** For people: `MATCHED CSV GZIP`. */
export const nameOf = ({ report, format, compression }: ExportKind): string =>
  [report, format, compression].filter((part) => part !== undefined).join(" ");
