import { useClaims } from "../session/session-context.tsx";
import { linkedFilters, type LinkFilters } from "./linked-filters.ts";
import { Toggle } from "./toggle.tsx";

/** The filters that a link has set and that no other control shows. A click removes one. */
export function LinkedFilterToggles({
  filters,
  onChange,
}: {
  readonly filters: LinkFilters;
  readonly onChange: (changes: { readonly [Name in keyof LinkFilters]?: undefined }) => void;
}) {
  const { subject } = useClaims();
  const linked = linkedFilters(filters, subject);
  if (linked.length === 0) return null;
  return (
    <div className="toggles">
      {linked.map(({ label, names }) => (
        <Toggle
          key={label}
          label={label}
          isOn
          onChange={() => onChange(Object.fromEntries(names.map((name) => [name, undefined])))}
        />
      ))}
    </div>
  );
}
