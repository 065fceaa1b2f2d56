/** What a command prints, and its exit code: 0 for success, 1 for a failure, 2 for a wrong command line. */
export type Outcome = { readonly exitCode: 0 | 1 | 2; readonly text: string };

export const OWNER_URL_MISSING: Outcome = {
  exitCode: 2,
  text: "MIGRATE_DATABASE_URL must be set to the URL of the tables' owner",
};

/** True for a UUID in either case. */
export const isUuid = (text: string): boolean =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

/** Runs a command, prints its outcome and sets the exit code of the process. `advice` follows the message of an error. */
export async function report(run: () => Promise<Outcome>, advice = ""): Promise<void> {
  try {
    const { exitCode, text } = await run();
    (exitCode === 0 ? process.stdout : process.stderr).write(`${text}\n`);
    process.exitCode = exitCode;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${advice}`);
    process.exitCode = 1;
  }
}
