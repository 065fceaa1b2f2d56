import { useClaims } from "../session/session-context.tsx";
import { removal } from "../ui/active-filters.ts";
import { linkedFilters, type DayLabels, type LinkFilters } from "./linked-filters.ts";
import { Toggle } from "./toggle.tsx";

/** The filters that a link has set and that no other control shows. A click removes one. */
export function LinkedFilterToggles({
  filters,
  days,
  onChange,
}: {
  readonly filters: LinkFilters;
  /** Default: the days of creation. */
  readonly days?: DayLabels;
  readonly onChange: (changes: Readonly<Record<string, undefined>>) => void;
}) {
  const { subject } = useClaims();
  const linked = linkedFilters(filters, subject, days);
  if (linked.length === 0) return null;
  return (
    <div className="toggles">
      {linked.map((filter) => (
        <Toggle
          key={filter.label}
          label={filter.label}
          isOn
          onChange={() => onChange(removal([filter]))}
        />
      ))}
    </div>
  );
}
