import type { ExportJob, ExportProgress, Page } from "@docket/client";
import type { QueryClient } from "@tanstack/react-query";

import { itemKey, RESOURCES, type Resource } from "../query/keys.ts";
import { affectedBy } from "./affected.ts";

/** Many events at once, as after a bulk change, cause one refresh. */
const COLLECT_MS = 300;

/** Brings the answers in the cache up to date with the events that arrive. */
export function createRefresh(queryClient: QueryClient) {
  const affected = new Set<Resource>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const flush = (): void => {
    timer = undefined;
    for (const resource of affected) {
      void queryClient.invalidateQueries({ queryKey: [resource] });
    }
    affected.clear();
  };
  return {
    event: (type: string): void => {
      for (const resource of affectedBy(type)) affected.add(resource);
      timer ??= setTimeout(flush, COLLECT_MS);
    },
    /** Events may have been missed. */
    all: (): void => void queryClient.invalidateQueries(),
    progress: (progress: ExportProgress): void => showProgress(queryClient, progress),
    stop: (): void => clearTimeout(timer),
  };
}

/** The numbers of a running export change every second: they are written into the answers instead of asked for. */
function showProgress(queryClient: QueryClient, progress: ExportProgress): void {
  const update = (job: ExportJob): ExportJob =>
    job.id === progress.id && job.status === "RUNNING" ? { ...job, ...progress } : job;
  queryClient.setQueryData<ExportJob>(itemKey("exports", progress.id), (job) => job && update(job));
  queryClient.setQueriesData<Partial<Page<ExportJob>>>(
    { queryKey: [RESOURCES.exports, "list"] },
    (page) => (page?.items === undefined ? page : { ...page, items: page.items.map(update) }),
  );
}
