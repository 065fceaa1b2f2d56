import { Link } from "wouter";

import { contextPath } from "../app/paths.ts";
import { ExportStatus } from "../exports/export-status.tsx";
import { useExports } from "../exports/queries.ts";
import { reportLabel } from "../exports/words.ts";
import { useAllowed } from "../session/session-context.tsx";

/** The exports that are not finished. Nothing while there are none. */
export function RunningExports({ contextId }: { readonly contextId: string }) {
  return useAllowed("export-job:read") ? <Running contextId={contextId} /> : null;
}

function Running({ contextId }: { readonly contextId: string }) {
  const { data } = useExports({ contextId, status: ["QUEUED", "RUNNING"], limit: 5 });
  if (data === undefined || data.items.length === 0) return null;
  return (
    <section className="card" aria-labelledby="running">
      <h2 id="running">Exports running</h2>
      <ul className="running">
        {data.items.map((job) => (
          <li key={job.id} className="running__row">
            <Link href={contextPath(contextId, "exports", job.id)}>
              {reportLabel(job.reportType)} · {job.format}
            </Link>
            <ExportStatus job={job} />
          </li>
        ))}
      </ul>
    </section>
  );
}
