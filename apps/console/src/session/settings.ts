/** How people sign in at the identity provider (docs/api.md §6). */
export type OidcSettings = {
  readonly issuer: string;
  readonly clientId: string;
  readonly scope: string;
  readonly audience?: string;
};

type ConsoleSettings = {
  /** Null where there is no identity provider. */
  readonly oidc: OidcSettings | null;
  /** Whether links with a token, such as that of `npm start`, sign in. */
  readonly tokenLinks: boolean;
};

export async function readSettings(): Promise<ConsoleSettings> {
  const response = await fetch("/console.json");
  if (!response.ok) throw new Error(`GET /console.json: ${response.status}`);
  return (await response.json()) as ConsoleSettings;
}
