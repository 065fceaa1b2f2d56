import {
  checkNodeVersion,
  configOrExit,
  createLogger,
  runUntilSignal,
  secretsIn,
} from "@docket/platform";
import { createApp } from "./app.ts";
import { apiConfig } from "./config.ts";
import { createContext, serveOperationsOf } from "./context.ts";
import { listen } from "./http/server.ts";

const config = configOrExit(process, apiConfig);
const logger = createLogger("docket-api", config.logLevel, { secrets: secretsIn(process.env) });
checkNodeVersion(process, logger);

await runUntilSignal(process, logger, async (lifetime) => {
  const context = createContext(config, logger, lifetime);
  await context.role.tried;
  await serveOperationsOf(context, lifetime);
  // apps/local reads the port from this line: PORT=0 asks for a free one.
  logger.info({ port: await listen(createApp(context), config, lifetime) }, "listening");
  // A login that row-level security does not bind ends the process here, however late the database came up.
  await context.role.known;
});
