/** Environment variables. An empty variable counts as absent. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The stack cannot start with these settings. The message is one line for the person who started it. */
export class StartError extends Error {
  override readonly name = "StartError";
}

/** The environment without some of its variables. */
export function omitVariables(environment: Environment, ...names: readonly string[]): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !names.includes(name)));
}

/** The environment without its `S3_*` variables. */
export function omitStorageVariables(environment: Environment): Environment {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !name.startsWith("S3_")),
  );
}
