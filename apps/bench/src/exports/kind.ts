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

/** Printed beside the figures. A missed limit is not a failure, because machines differ. */
export const LIMITS = {
  rssMb: 230,
  postgresCpuSeconds: 3,
  firstPartMs: 300,
  expectedMs: 500,
} as const;

/** What is exported, with the limit of its ratio. */
export const KINDS: readonly (ExportKind & { readonly maxRatio: number })[] = [
  { report: "MATCHED", format: "CSV", maxRatio: 0.75 },
  { report: "MATCHED", format: "JSON", maxRatio: 0.85 },
  { report: "MATCHED", format: "XML", maxRatio: 0.95 },
  { report: "MATCHED", format: "NDJSON", maxRatio: 0.85 },
  { report: "MATCHED", format: "XLSX", maxRatio: 2 },
  { report: "MATCHED", format: "CSV", compression: "GZIP", maxRatio: 1.3 },
  { report: "MATCHED", format: "CSV", shuffled: true, maxRatio: 1.2 },
  { report: "UNMATCHED", format: "CSV", maxRatio: 1 },
  { report: "EXCEPTIONS", format: "CSV", maxRatio: 1 },
  { report: "VARIANCE", format: "CSV", maxRatio: 1 },
];
