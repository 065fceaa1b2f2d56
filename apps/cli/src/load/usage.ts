import { UsageError } from "@docket/terminal";

export const LOAD_USAGE =
  "npm run load -- --context NAME --kind KIND FILE [--tenant UUID] [--url URL, with DOCKET_TOKEN]";

export function usageError(reason: string): UsageError {
  return new UsageError(`${reason}. Usage: ${LOAD_USAGE}`);
}
