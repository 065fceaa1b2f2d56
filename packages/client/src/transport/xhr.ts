/** The part of XMLHttpRequest in use, since this package is compiled without the types of browsers. */
type Xhr = {
  status: number;
  responseText: string;
  readonly upload: {
    addEventListener(
      type: "progress",
      listener: (event: { readonly loaded: number }) => void,
    ): void;
  };
  addEventListener(type: "load" | "error" | "abort", listener: () => void): void;
  open(method: string, url: string): void;
  setRequestHeader(name: string, value: string): void;
  getResponseHeader(name: string): string | null;
  send(body: unknown): void;
  abort(): void;
};

const KEPT_HEADERS = ["content-type", "retry-after", "x-request-id"];

/** True in browsers, whose `fetch` reports no progress and sends no streams over HTTP/1.1. */
export const isBrowser = (): boolean => "XMLHttpRequest" in globalThis;

/** Sends a Blob by XMLHttpRequest, the only way in which browsers report the progress of an upload. */
export function sendWithProgress(
  url: string,
  { method, headers, body, signal }: RequestInit,
  onProgress: (sentBytes: number) => void,
): Promise<Response> {
  const xhr = new (globalThis as unknown as { XMLHttpRequest: new () => Xhr }).XMLHttpRequest();
  return new Promise((resolve, reject) => {
    xhr.open(method!, url);
    for (const [name, value] of new Headers(headers)) xhr.setRequestHeader(name, value);
    const abort = (): void => xhr.abort();
    signal?.addEventListener("abort", abort, { once: true });
    const end = (settle: () => void) => (): void => {
      signal?.removeEventListener("abort", abort);
      settle();
    };
    const fail = (): void => reject(new TypeError("the upload broke off"));
    xhr.upload.addEventListener("progress", ({ loaded }) => onProgress(loaded));
    xhr.addEventListener(
      "load",
      end(() => resolve(toResponse(xhr))),
    );
    xhr.addEventListener("error", end(fail));
    xhr.addEventListener("abort", end(fail));
    // Aborting a request that was not sent reports nothing.
    if (signal?.aborted) end(fail)();
    else xhr.send(body);
  });
}

function toResponse(xhr: Xhr): Response {
  const headers = KEPT_HEADERS.flatMap((name) => {
    const value = xhr.getResponseHeader(name);
    return value === null ? [] : [[name, value] as [string, string]];
  });
  const body = xhr.status === 204 ? null : xhr.responseText;
  return new Response(body, { status: xhr.status, headers });
}
