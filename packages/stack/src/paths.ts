import { fileURLToPath } from "node:url";

// Every path of the repository that the stack needs; `src/` and `dist/` are equally deep.
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The API as its own process: built, for `node`. */
export const API_PROGRAM = here("../../../apps/api/dist/main.js");

/** The worker as its own process. */
export const WORKER_PROGRAM = here("../../../apps/worker/dist/main.js");

/** A small young generation: what streams through is collected sooner (40 MB of memory, and no time), as docker-compose.yml has it. */
export const WORKER_NODE_FLAGS = ["--max-semi-space-size=2"] as const;

/** The embedded object store as its own process. */
export const OBJECT_STORE_PROGRAM = fileURLToPath(
  // Spelled out: knip follows this form to its source.
  new URL("../dist/object-store-process.js", import.meta.url),
);

/** What each of them loads first, so that none outlives the supervisor. */
export const EXIT_WITH_PARENT = new URL("../dist/exit-with-parent.js", import.meta.url).href;
