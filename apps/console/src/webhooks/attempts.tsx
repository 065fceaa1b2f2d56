import type { WebhookDelivery } from "@docket/client";

import { formatInstant } from "../ui/format.ts";

type Attempt = WebhookDelivery["attempts"][number];

/** What the endpoint answered, attempt by attempt. Its answers are shown as text. */
export function Attempts({ attempts }: { readonly attempts: readonly Attempt[] }) {
  return (
    <details className="attempts">
      <summary className="small">Show attempts</summary>
      <ol>
        {attempts.toReversed().map((attempt) => (
          <li key={attempt.at}>
            <p className="small">
              {formatInstant(attempt.at)} · {attempt.durationMs} ms ·{" "}
              <strong className="text">{outcome(attempt)}</strong>
            </p>
            {attempt.responseBody !== undefined && attempt.responseBody !== "" && (
              <pre className="mono">{attempt.responseBody}</pre>
            )}
          </li>
        ))}
      </ol>
    </details>
  );
}

const outcome = ({ responseStatus, error }: Attempt): string =>
  [responseStatus === undefined ? undefined : `HTTP ${responseStatus}`, error]
    .filter((each) => each !== undefined)
    .join(", ") || "No answer";
