import type { Logger } from "./logger.ts";

/** The oldest major version of Node that still gets security fixes. */
const OLDEST_SUPPORTED = 22;

/** The part of `process` that `checkNodeVersion` uses. */
type Process = Pick<NodeJS.Process, "env" | "versions">;

/**
 * Logs one warning if Node is past its end of life, and turns off the AWS SDK's own warning, a paragraph on stderr, through the
 * SDK's environment variable. For `main.ts` only, before the first S3 client is created.
 */
export function checkNodeVersion({ env, versions }: Process, logger: Logger): void {
  if (Number.parseInt(versions.node) >= OLDEST_SUPPORTED) return;
  env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";
  logger.warn({ node: versions.node }, "Node.js version is past its end of life, use Node.js 24");
}
