import { startChild, type Child } from "../processes/child-process.ts";
import { OBJECT_STORE_NODE_FLAGS, OBJECT_STORE_PROGRAM } from "../processes/programs.ts";
import { supervise, type Supervised } from "../processes/supervisor.ts";
import type { Environment } from "../settings.ts";
import { openProcessLog, type StackEnv } from "./stack-env.ts";

const REGION = "us-east-1";
const BUCKET = "docket";
/** Short, because requests in flight may be cut off: the store has stored nothing that it has not confirmed. */
const STOP_TIMEOUT_MS = 1_000;

/**
 * Keeps the embedded object store running, with its bucket. A restart reuses the port. `settings` are the `S3_*`
 * variables for it.
 */
export async function superviseObjectStore({
  home,
  secrets,
  log,
  onSpawn,
  signal,
}: StackEnv): Promise<{
  readonly supervised: Supervised<Child>;
  readonly settings: Environment;
}> {
  const file = openProcessLog(home, "object-store");
  let port = "0";
  const start = async (startSignal: AbortSignal): Promise<Child> => {
    const options = {
      program: OBJECT_STORE_PROGRAM,
      nodeFlags: OBJECT_STORE_NODE_FLAGS,
      args: ["--home", home, "--port", port, "--region", REGION, "--bucket", BUCKET],
      environment: {},
      readyMessage: "listening",
      log: file,
      onSpawn,
      stopTimeoutMs: STOP_TIMEOUT_MS,
    };
    const child = await startChild(options, startSignal);
    port = String(child.ready["port"]);
    return child;
  };
  const supervised = await supervise({ name: "The object store", start, log }, signal);
  return {
    supervised,
    settings: {
      S3_ENDPOINT: `http://127.0.0.1:${port}`,
      S3_REGION: REGION,
      S3_BUCKET: BUCKET,
      S3_ACCESS_KEY_ID: secrets.s3AccessKeyId,
      S3_SECRET_ACCESS_KEY: secrets.s3SecretAccessKey,
      S3_FORCE_PATH_STYLE: "true",
    },
  };
}
