import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** Stands between the API and a server, so that a test can take the server away and give it back. */
export type TcpProxy = {
  /** `url` by way of the proxy. */
  readonly through: (url: string) => string;
  /** Breaks all connections and refuses new ones; `hang` accepts them and says nothing. */
  readonly stop: (how?: "refuse" | "hang") => void;
  readonly resume: () => void;
  readonly close: () => Promise<void>;
};

export async function createTcpProxy(target: string): Promise<TcpProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let mode: "pass" | "refuse" | "hang" = "pass";
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on("error", () => undefined).once("close", () => sockets.delete(socket));
  };
  const server = createServer((near) => {
    keep(near);
    if (mode === "refuse") near.destroy();
    if (mode !== "pass") return;
    const far = connect(Number(port), hostname.replaceAll(/[[\]]/g, ""));
    keep(far);
    near.pipe(far).pipe(near);
    near.once("close", () => far.destroy());
    far.once("close", () => near.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    through: (url) => {
      const changed = new URL(url);
      changed.hostname = "127.0.0.1";
      changed.port = String((server.address() as AddressInfo).port);
      return changed.href;
    },
    stop: (how = "refuse") => {
      mode = how;
      for (const socket of sockets) socket.destroy();
    },
    resume: () => {
      mode = "pass";
      for (const socket of sockets) socket.destroy();
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
