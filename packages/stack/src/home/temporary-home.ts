import { chmod, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Creates an empty directory for a stack that is thrown away. The caller removes it. */
export async function createTemporaryHome(name: string): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), `docket-${name}-`));
  // Started by root, Postgres runs as another user, who must be able to enter.
  await chmod(home, 0o711);
  return home;
}
