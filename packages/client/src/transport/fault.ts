import { DocketError } from "../error.ts";
import { TimeLimitError, type Deadline } from "./deadline.ts";

/** Names the server and the reason when there is no answer. */
export function toFault(
  request: string,
  origin: string,
  error: unknown,
  { signal }: Deadline,
): unknown {
  if (error instanceof DocketError) return error;
  if (signal.aborted && !(signal.reason instanceof TimeLimitError)) return signal.reason;
  if (signal.aborted) {
    const detail = `${origin} did not answer in time`;
    return new DocketError(request, { code: "timeout", detail, cause: error });
  }
  const { cause, message } = (error ?? {}) as Partial<Error> & {
    readonly cause?: { readonly code?: string; readonly message?: string };
  };
  const reason = cause?.code ?? cause?.message ?? message ?? String(error);
  const detail = `${origin} does not answer (${reason})`;
  return new DocketError(request, { code: "network_error", detail, cause: error });
}
