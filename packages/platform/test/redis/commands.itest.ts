import { waitFor } from "@docket/testing";
import { openRedisCommands, type RedisCommands } from "../../src/redis/index.ts";

const url = process.env["TEST_REDIS_URL"];

/** A connection whose first command was sent before it had connected. On a busy machine, connecting may take longer than a command waits. */
const open = (): Promise<RedisCommands> =>
  waitFor(async () => {
    const redis = openRedisCommands(url!, () => undefined)!;
    const reply = await redis.send("PING").catch(() => undefined);
    if (reply === "PONG") return redis;
    redis.close();
    return false;
  });

// CI provides a Redis.
(url === undefined ? describe.skip : describe)("commands to Redis", () => {
  it("wait for the first connection, and reject with the error of Redis", async () => {
    const redis = await open();
    await expect(redis.send("INCR")).rejects.toThrow(/wrong number of arguments/);
    redis.close();
  });
});

it("does not open a connection if the queue runs on Postgres", () => {
  expect(openRedisCommands("postgres://127.0.0.1/x", () => undefined)).toBeUndefined();
});
