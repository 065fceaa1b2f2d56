import { openRedisCommands, type RedisCommands } from "../../src/redis/index.ts";

const url = process.env["TEST_REDIS_URL"];

// CI provides a Redis.
(url === undefined ? describe.skip : describe)("commands to Redis", () => {
  let redis: RedisCommands;

  beforeEach(() => {
    redis = openRedisCommands(url!, () => undefined)!;
  });
  afterEach(() => redis.close());

  it("wait for the first connection", async () => {
    expect(await redis.send("PING")).toBe("PONG");
  });

  it("reject with the error of Redis", async () => {
    await expect(redis.send("INCR")).rejects.toThrow(/wrong number of arguments/);
  });
});

it("does not open a connection if the queue runs on Postgres", () => {
  expect(openRedisCommands("postgres://127.0.0.1/x", () => undefined)).toBeUndefined();
});
