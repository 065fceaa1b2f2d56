import { createHash } from "node:crypto";
import { once } from "node:events";
import { isRedis, openRedis } from "../queue/connection.ts";

/** Sends one command to Redis, as rate-limit-redis asks for it. Rejects at once when Redis is away, and soon when it hangs. */
export type RedisCommands = {
  readonly send: (...command: string[]) => Promise<RedisAnswer>;
  readonly close: () => void;
};

/** A number, a text, a truth, or a list of them. */
type RedisAnswer = boolean | number | string | (boolean | number | string)[];

const DEADLINE_MS = 250;

/** A connection of its own to the queue's Redis; undefined when the queue is not on Redis. */
export function openRedisCommands(
  url: string,
  onError: (error: Error) => void,
): RedisCommands | undefined {
  if (!isRedis(url)) return undefined;
  const options = {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: DEADLINE_MS,
  };
  const redis = openRedis(url, options, onError);
  // The first requests of a process come while it still connects: they wait for that, but no longer than for a command.
  const opened = once(redis, "ready", { signal: AbortSignal.timeout(DEADLINE_MS) }).catch(
    () => undefined,
  );
  const scripts = new Map<string, string>();

  const call = async (name: string, ...args: string[]): Promise<RedisAnswer> => {
    await opened;
    try {
      return (await redis.call(name, ...args)) as RedisAnswer;
    } catch (error) {
      // A connection that hangs is replaced, and until there is another commands fail at once.
      if ((error as Error).message === "Command timed out") redis.disconnect(true);
      throw error;
    }
  };

  return {
    send: async (name, ...args) => {
      const [first = "", second = ""] = args;
      // Its SHA-1 is all that is wanted of it, also while Redis is away.
      if (name === "SCRIPT" && first === "LOAD") {
        const sha = createHash("sha1").update(second).digest("hex");
        scripts.set(sha, second);
        return sha;
      }
      try {
        return await call(name, ...args);
      } catch (error) {
        const script = name === "EVALSHA" ? scripts.get(first) : undefined;
        if (script === undefined || !(error as Error).message.startsWith("NOSCRIPT")) throw error;
        return call("EVAL", script, ...args.slice(1));
      }
    },
    close: () => redis.disconnect(),
  };
}
