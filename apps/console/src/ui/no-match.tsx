import { removal, type ActiveFilter } from "./active-filters.ts";
import { Button } from "./button.tsx";
import { EmptyState } from "./states.tsx";

/** In the place of a list whose filters leave nothing: the filters, each of which a click removes. */
export function NoMatch({
  title,
  hint = "Remove a filter to see more.",
  active,
  onChange,
}: {
  readonly title: string;
  readonly hint?: string;
  readonly active: readonly ActiveFilter[];
  readonly onChange: (changes: Readonly<Record<string, undefined>>) => void;
}) {
  return (
    <EmptyState
      icon="search"
      title={title}
      action={
        <div className="state__actions">
          {active.map((filter) => (
            <Button
              key={filter.label}
              size="small"
              icon="x"
              aria-label={`Remove the filter ${filter.label}`}
              onClick={() => onChange(removal([filter]))}
            >
              <span className="truncate">{filter.label}</span>
            </Button>
          ))}
          {active.length > 1 && (
            <Button size="small" look="quiet" onClick={() => onChange(removal(active))}>
              Clear filters
            </Button>
          )}
        </div>
      }
    >
      {hint}
    </EmptyState>
  );
}
