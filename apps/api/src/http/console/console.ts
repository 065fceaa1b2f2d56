import { extname } from "node:path";
import type { Logger } from "@docket/platform";
import { downloadOrigin, type StorageConfig } from "@docket/platform/storage";
import type { Request, RequestHandler, Response } from "express";
import { requestContext } from "../request-context.ts";
import { consoleFile, readBuild, type ConsoleFile } from "./files.ts";
import { createPolicy } from "./policy.ts";
import type { ConsoleConfig } from "./settings.ts";

/** The paths of the API. The console has no page below them. */
const API = /^\/(?:v1|docs|openapi\.json|healthz|readyz|metrics)(?:\/|$)/;

/** Vite names these files after the hash of their content. */
const ASSETS = "/assets/";

const CACHE = { asset: "public, max-age=31536000, immutable", other: "no-cache" };

/**
 * Serves the console: the files of its build, `/console.json` with its settings, and `index.html` for every other GET that
 * prefers HTML, outside of the API's paths. Everything else is passed on.
 */
export function createConsole(
  config: ConsoleConfig,
  storage: StorageConfig | undefined,
  logger: Logger,
): RequestHandler {
  const opening = open(config, storage, logger).catch((error: unknown) => {
    logger.error({ err: error }, "console start failed");
    return undefined;
  });
  return async (request, response, next) => {
    const { path, method } = request;
    if ((method !== "GET" && method !== "HEAD") || API.test(path)) return next();
    const { files, policy } = (await opening) ?? {};
    const file = files?.get(path) ?? pageFor(request, files);
    if (file === undefined || policy === undefined) return next();
    requestContext(response).route = "console";
    policy(request, response, () => send(request, response, file));
  };
}

type Files = ReadonlyMap<string, ConsoleFile>;

/** The single page, for a browser that navigates. `Accept: *\/*` is a script or a tool, which expects a 404. */
function pageFor(request: Request, files: Files | undefined): ConsoleFile | undefined {
  if (request.path.startsWith(ASSETS)) return undefined;
  const accepted = request.accepts("application/problem+json", "text/html");
  return accepted === "text/html" ? files?.get("/index.html") : undefined;
}

function send(request: Request, response: Response, file: ConsoleFile): void {
  response.set({
    "Cache-Control": file.path.startsWith(ASSETS) ? CACHE.asset : CACHE.other,
    ETag: file.etag,
  });
  response.vary(file.path === request.path ? "Accept-Encoding" : "Accept, Accept-Encoding");
  response.type(extname(file.path));
  if (file.gzipped === undefined || request.acceptsEncodings("gzip") !== "gzip") {
    response.send(file.body);
    return;
  }
  response.set("Content-Encoding", "gzip").send(file.gzipped);
}

async function open(
  { directory, oidc, tokenLinks = false }: ConsoleConfig,
  storage: StorageConfig | undefined,
  logger: Logger,
): Promise<{ readonly files: Files; readonly policy: RequestHandler }> {
  const storeOrigin = storage === undefined ? null : await downloadOrigin(storage);
  const settings = { oidc: oidc ?? null, storeOrigin, tokenLinks };
  const files = [
    ...(await readOrReport(directory, logger)),
    await consoleFile("/console.json", Buffer.from(JSON.stringify(settings))),
  ];
  const origins = [storeOrigin ?? [], oidc === undefined ? [] : new URL(oidc.issuer).origin];
  return {
    files: new Map(files.map((file) => [file.path, file])),
    policy: createPolicy(origins.flat()),
  };
}

/** Without the build, the API works and the pages of the console are 404. */
async function readOrReport(directory: string, logger: Logger): Promise<readonly ConsoleFile[]> {
  try {
    return await readBuild(directory);
  } catch (error) {
    logger.warn({ err: error, directory }, "build of the console not found, run `npm run build`");
    return [];
  }
}
