export type PageSettings = {
  readonly baseUrl: string;
  readonly token: string;
  readonly contextId: string;
  readonly exceptionId: string;
};

export type PageResult = {
  readonly streamed: number;
  readonly sizeBytes: number;
  readonly rows: number;
  readonly evidence: number;
  readonly lastProgress: number | undefined;
  readonly inserted: number;
  readonly isRefused: boolean;
};

/** An export of all that `seedContext` makes. */
export const EXPORT = {
  reportType: "UNMATCHED",
  format: "CSV",
  dateFrom: "2026-01-01",
  dateTo: "2026-01-31",
} as const;
