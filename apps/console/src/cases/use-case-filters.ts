import { useClaims } from "../session/session-context.tsx";
import type { ActiveFilter } from "../ui/active-filters.ts";
import {
  linkedFilters,
  workFilters,
  type DayLabels,
  type LinkFilters,
  type WorkFilters,
} from "./linked-filters.ts";

/** The filters that are set by the toggles of a list, and by links. */
export function useCaseFilters(
  filters: LinkFilters & WorkFilters,
  days?: DayLabels,
): readonly ActiveFilter[] {
  const { subject } = useClaims();
  return [...workFilters(filters, subject), ...linkedFilters(filters, subject, days)];
}
