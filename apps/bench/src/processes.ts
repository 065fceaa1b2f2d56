import type { Lifetime } from "@docket/platform";
import {
  openProcessLog,
  startChild,
  type Child,
  type ChildOptions,
  type Environment,
  type StackEnv,
} from "@docket/stack";

/** A process that listens on this machine. */
export type Server = Child & { readonly address: string };

type ProcessOptions = Pick<ChildOptions, "program" | "nodeFlags" | "environment" | "readyMessage">;

/** Starts Node programs as child processes that log to the stack's home and stop with the lifetime. */
export type Launcher = {
  readonly startProcess: (name: string, options: ProcessOptions) => Promise<Child>;
  /** Starts a server on a free port of 127.0.0.1 and waits for its "listening" message. */
  readonly startServer: (name: string, program: string, settings: Environment) => Promise<Server>;
};

export function createLauncher({ home, onSpawn, signal }: StackEnv, lifetime: Lifetime): Launcher {
  const startProcess: Launcher["startProcess"] = async (name, options) => {
    const log = openProcessLog(home, name);
    const child = await startChild({ ...options, log, onSpawn }, signal);
    // Benchmarks also stop processes themselves; stopping twice is harmless.
    lifetime.onClose(name, child.stop);
    const stop = async (): Promise<void> => {
      await child.stop();
      log.close();
    };
    return { ...child, stop };
  };
  return {
    startProcess,
    startServer: async (name, program, settings) => {
      const environment = { ...settings, HOST: "127.0.0.1", PORT: "0" };
      const child = await startProcess(name, { program, environment, readyMessage: "listening" });
      return { ...child, address: `http://127.0.0.1:${String(child.ready["port"])}` };
    },
  };
}
