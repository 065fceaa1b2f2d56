import { fileURLToPath } from "node:url";

// `src/processes` and `dist/processes` are equally deep, so these paths hold for sources under jest, too.
const inRepository = (path: string): string =>
  fileURLToPath(new URL(`../../../../${path}`, import.meta.url));

/** The compiled API. */
export const API_PROGRAM = inRepository("apps/api/dist/main.js");

/** Half of Node's default young generation: 30 MB less memory under many requests, at the same speed. As in .docker/Dockerfile. */
export const API_NODE_FLAGS = ["--max-semi-space-size=8"] as const;

/** The compiled worker. */
export const WORKER_PROGRAM = inRepository("apps/worker/dist/main.js");

/** A small young generation collects streamed data sooner: 40 MB less memory at the same speed. As in docker-compose.yml. */
export const WORKER_NODE_FLAGS = ["--max-semi-space-size=2"] as const;

/** The compiled object store. */
export const OBJECT_STORE_PROGRAM = fileURLToPath(
  // A literal path, because knip follows this form to its source.
  new URL("../../dist/services/object-store-process.js", import.meta.url),
);

/**
 * V8 adds the bodies of requests to the size of the heap. The store's heap is small (12 MB), so V8 ran a full collection for every
 * 17 MB received, which took half of the store's CPU time. With this growth, it collects the young generation instead. The peak memory
 * is the same.
 */
export const OBJECT_STORE_NODE_FLAGS = ["--heap-growing-percent=500"] as const;

/** Makes a process exit when the supervisor is gone. */
export const EXIT_WITH_PARENT = new URL("../../dist/processes/exit-with-parent.js", import.meta.url)
  .href;
