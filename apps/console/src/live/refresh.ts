import type { ExportJob, ExportProgress, Page } from "@docket/client";
import type { QueryClient } from "@tanstack/react-query";

import { itemKey, RESOURCES, type Resource } from "../query/keys.ts";
import { affectedBy } from "./affected.ts";

/** Many events at once, as after a bulk change, cause one refresh. */
const COLLECT_MS = 300;

/** Brings the answers in the cache up to date with the events that arrive. */
export function createRefresh(queryClient: QueryClient) {
  const affected = new Set<Resource>();
  const running = new Set<Resource>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isStopped = false;

  const schedule = (): void => {
    if (!isStopped) timer ??= setTimeout(flush, COLLECT_MS);
  };
  const read = async (resource: Resource): Promise<void> => {
    running.add(resource);
    await queryClient.invalidateQueries({ queryKey: [resource] });
    running.delete(resource);
    if (affected.has(resource)) schedule();
  };
  const flush = (): void => {
    timer = undefined;
    for (const resource of affected) {
      // Reading again cancels what is being read: under steady events, a slow answer would never arrive.
      if (running.has(resource)) continue;
      affected.delete(resource);
      void read(resource);
    }
  };
  return {
    event: (type: string): void => {
      for (const resource of affectedBy(type)) affected.add(resource);
      schedule();
    },
    /** Events may have been missed. */
    all: (): void => void queryClient.invalidateQueries(),
    progress: (progress: ExportProgress): void => showProgress(queryClient, progress),
    stop: (): void => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

/**
 * The numbers of a running export change every second: they are written into the answers instead of asked for. An answer without
 * this export stays as it is, since writing to it would make it count as new.
 */
function showProgress(queryClient: QueryClient, progress: ExportProgress): void {
  const isShown = ({ id, status }: ExportJob): boolean =>
    id === progress.id && status === "RUNNING";
  queryClient.setQueryData<ExportJob>(itemKey("exports", progress.id), (job) =>
    job !== undefined && isShown(job) ? { ...job, ...progress } : undefined,
  );
  queryClient.setQueriesData<Partial<Page<ExportJob>>>(
    { queryKey: [RESOURCES.exports, "list"], type: "active" },
    (page) => {
      const { items } = page ?? {};
      if (items?.some(isShown) !== true) return undefined;
      return {
        ...page,
        items: items.map((job) => (isShown(job) ? { ...job, ...progress } : job)),
      };
    },
  );
}
