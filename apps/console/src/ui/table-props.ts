import type { ReactNode } from "react";

export type Column<T> = {
  readonly id: string;
  readonly header: string;
  readonly cell: (row: T) => ReactNode;
  readonly align?: "end";
  /** The field to sort by, as the API names it. */
  readonly sort?: string;
  /** Hidden where there is no room for it. */
  readonly priority?: "low" | "lowest";
  /** The header is only for assistive technology. */
  readonly isHeaderHidden?: boolean;
};

export type TableProps<T> = {
  /** Names the table. */
  readonly label: string;
  /** The first column is the link to the row's details. */
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly rowKey: (row: T) => string;
  readonly rowHref: (row: T) => string;
  /** The row whose details are open. */
  readonly openKey?: string | undefined;
  /** The rows that are selected; without it, rows cannot be selected. */
  readonly selection?: {
    readonly keys: ReadonlySet<string>;
    readonly onChange: (keys: ReadonlySet<string>) => void;
    readonly rowLabel: (row: T) => string;
  };
  /** `amount` or `-amount`. */
  readonly sort?: string | undefined;
  readonly onSort?: (sort: string) => void;
};
