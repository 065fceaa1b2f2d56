// Preloaded into every process of the stack with `node --import`. When the supervisor is killed, its IPC channel closes;
// nothing else would stop this process.
// oxlint-disable-next-line no-restricted-properties -- an event of the channel, not a signal
process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
// The channel alone must not keep the process alive.
process.channel?.unref();
