export { openRedisCommands, type RedisCommands } from "./commands.ts";
