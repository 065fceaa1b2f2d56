import {
  checkNodeVersion,
  configOrExit,
  createLogger,
  runUntilSignal,
  secretsIn,
} from "@docket/platform";
import { createApp } from "./app.ts";
import { apiConfig } from "./config.ts";
import { createContext, startOperations } from "./context.ts";
import { listen } from "./http/server.ts";

const config = configOrExit(process, apiConfig);
const logger = createLogger("docket-api", config.logLevel, { secrets: secretsIn(process.env) });
checkNodeVersion(process, logger);

await runUntilSignal(process, logger, async (lifetime) => {
  const context = createContext(config, logger, lifetime);
  await context.role.attempted;
  await startOperations(context, lifetime);
  // Parsed by packages/stack, which starts the API with PORT=0.
  logger.info({ port: await listen(createApp(context), config, lifetime) }, "listening");
  // Closed before the server, which waits for its responses to end.
  lifetime.onClose("streams", context.streams.close);
  // Ends the process if row-level security does not bind the login, however late the database comes up.
  await context.role.known;
  context.sequencer.start();
});
