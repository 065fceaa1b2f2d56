/** A response of the API. */
export type ApiResponse<Body> = {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
};

/** Calls the API with a token. Unlike `@docket/client`, it does not throw on errors. */
export const createCaller =
  (address: string, token: string) =>
  async <Body extends { readonly status?: unknown; readonly code?: string }>(
    method: "GET" | "POST",
    path: string,
  ): Promise<ApiResponse<Body>> => {
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`${address}${path}`, { method, headers });
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as Body,
    };
  };
