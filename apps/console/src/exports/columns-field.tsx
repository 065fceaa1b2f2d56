import { Button } from "../ui/button.tsx";
import { Checkbox } from "../ui/field.tsx";
import { Icon } from "../ui/icon.tsx";
import type { FieldsProps } from "./order.ts";
import { useReportColumns } from "./queries.ts";

/** The columns of the file. All of them unless some are taken out. */
export function ColumnsField({ contextId, order, onChange }: FieldsProps) {
  const all = useReportColumns(contextId, order.reportType);
  const chosen = order.columns.length === 0 ? all : order.columns;
  const toggle = (column: string): void => {
    const next = all.filter((each) => (each === column) !== chosen.includes(each));
    // A file has at least one column.
    if (next.length > 0) onChange({ columns: next.length === all.length ? [] : next });
  };
  if (all.length === 0) return null;
  const summary = order.columns.length === 0 ? "all" : "some";
  return (
    <details className="columns-field">
      <summary>
        <Icon name="chevron-right" size={14} />
        Columns
        <span className="secondary">
          {summary === "all" ? `All ${all.length}` : `${chosen.length} of ${all.length}`}
        </span>
      </summary>
      <div className="columns-field__list">
        {all.map((column) => (
          <Checkbox
            key={column}
            label={<span className="mono">{column}</span>}
            checked={chosen.includes(column)}
            onChange={() => toggle(column)}
          />
        ))}
      </div>
      <Button size="small" disabled={summary === "all"} onClick={() => onChange({ columns: [] })}>
        Choose all
      </Button>
    </details>
  );
}
