// Loaded into every process of the stack by `node --import`, before its own main.ts, which knows nothing of it:
// the channel to the supervisor breaks when that one is killed, and then nobody else would stop this process.
// oxlint-disable-next-line no-restricted-properties -- not a signal: the end of the channel
process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
// Hearing is no reason to stay alive.
process.channel?.unref();
