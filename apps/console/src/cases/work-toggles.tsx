import { useClaims } from "../session/session-context.tsx";
import type { WorkFilters } from "./linked-filters.ts";
import { Toggle } from "./toggle.tsx";

/** The filters by who works on a case, and by whether it is late. */
export function WorkToggles({
  filters: { assignedTo, unassigned, overdue },
  onChange,
}: {
  readonly filters: WorkFilters;
  readonly onChange: (changes: WorkFilters) => void;
}) {
  const { subject } = useClaims();
  return (
    <div className="toggles">
      <Toggle
        label="Assigned to me"
        isOn={assignedTo === subject}
        onChange={(isOn) =>
          onChange({ assignedTo: isOn ? subject : undefined, unassigned: undefined })
        }
      />
      <Toggle
        label="Unassigned"
        isOn={unassigned === true}
        onChange={(isOn) => onChange({ unassigned: isOn || undefined, assignedTo: undefined })}
      />
      <Toggle
        label="Overdue"
        isOn={overdue === true}
        onChange={(isOn) => onChange({ overdue: isOn || undefined })}
      />
    </div>
  );
}
