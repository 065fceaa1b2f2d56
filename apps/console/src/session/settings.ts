/** How people sign in at the identity provider (docs/api.md §6). */
export type OidcSettings = {
  readonly issuer: string;
  readonly clientId: string;
  readonly scope: string;
  readonly audience?: string;
};

/** The identity provider of this installation; undefined where people sign in by the link of `npm start`. */
export async function readOidcSettings(): Promise<OidcSettings | undefined> {
  const response = await fetch("/console.json");
  if (!response.ok) throw new Error(`GET /console.json: ${response.status}`);
  const { oidc } = (await response.json()) as { readonly oidc: OidcSettings | null };
  return oidc ?? undefined;
}
