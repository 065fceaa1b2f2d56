import { openRedisCommands, type RedisCommands } from "../../src/redis/index.ts";

const url = process.env["TEST_REDIS_URL"];

// Redis is given by whoever runs the tests; CI does.
(url === undefined ? describe.skip : describe)("commands to Redis", () => {
  let redis: RedisCommands;

  beforeEach(() => {
    redis = openRedisCommands(url!, () => undefined)!;
  });
  afterEach(() => redis.close());

  it("wait for the first connection", async () => {
    expect(await redis.send("PING")).toBe("PONG");
  });

  it("run a script that Redis has never seen, or has lost, by its hash", async () => {
    const text = `${Date.now()} ${process.pid}`;
    const script = `return "${text}"`;
    const sha = (await redis.send("SCRIPT", "LOAD", script)) as string;
    expect(await redis.send("SCRIPT", "EXISTS", sha)).toEqual([0]);
    expect(await redis.send("EVALSHA", sha, "0")).toBe(text);
  });

  it("tell what Redis says against them", async () => {
    await expect(redis.send("INCR")).rejects.toThrow(/wrong number of arguments/);
  });
});

it("there are none where the queue is on Postgres", () => {
  expect(openRedisCommands("postgres://127.0.0.1/x", () => undefined)).toBeUndefined();
});
