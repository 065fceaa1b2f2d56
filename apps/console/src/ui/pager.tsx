import { Button } from "./button.tsx";
import { formatUnit } from "./format.ts";

/** The pages of a list by cursor. The browser's Back returns to the page before. */
export function Pager({
  count,
  unit,
  units,
  cursor,
  nextCursor,
  onChange,
}: {
  /** Rows of this page. */
  readonly count: number;
  /** What a row is, such as "export". */
  readonly unit: string;
  readonly units?: string;
  readonly cursor: string | undefined;
  readonly nextCursor: string | undefined;
  readonly onChange: (cursor: string | undefined) => void;
}) {
  const isOnly = cursor === undefined && nextCursor === undefined;
  return (
    <nav className="pager" aria-label="Pages">
      <span className="small secondary">
        {formatUnit(count, unit, units)}
        {isOnly ? "" : " on this page"}
      </span>
      {!isOnly && (
        <span className="pager__links">
          <Button size="small" disabled={cursor === undefined} onClick={() => onChange(undefined)}>
            First page
          </Button>
          <Button
            size="small"
            disabled={nextCursor === undefined}
            onClick={() => onChange(nextCursor)}
          >
            Next page
          </Button>
        </span>
      )}
    </nav>
  );
}
