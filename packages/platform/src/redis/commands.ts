import { once } from "node:events";
import { isRedis, openRedis } from "../queue/connection.ts";

/** Sends commands to Redis. They reject at once while Redis is unavailable, and after a short timeout if it does not respond. */
export type RedisCommands = {
  readonly send: (name: string, ...args: string[]) => Promise<RedisReply>;
  readonly close: () => void;
};

type RedisReply = boolean | number | string | (boolean | number | string)[];

const TIMEOUT_MS = 250;

/** Opens a connection of its own to the Redis of the queue; undefined if the queue does not run on Redis. */
export function openRedisCommands(
  url: string,
  onError: (error: Error) => void,
): RedisCommands | undefined {
  if (!isRedis(url)) return undefined;
  const options = {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: TIMEOUT_MS,
  };
  const redis = openRedis(url, options, onError);
  // The first commands of a process arrive while it is connecting. They wait, but no longer than for a reply.
  const connected = once(redis, "ready", { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(
    () => undefined,
  );
  return {
    send: async (name, ...args) => {
      await connected;
      try {
        return (await redis.call(name, ...args)) as RedisReply;
      } catch (error) {
        // Replaces a connection that hangs. Until then, commands fail at once.
        if ((error as Error).message === "Command timed out") redis.disconnect(true);
        throw error;
      }
    },
    close: () => redis.disconnect(),
  };
}
