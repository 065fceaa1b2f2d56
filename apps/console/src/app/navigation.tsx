import { Link, useLocation } from "wouter";

import { isAllowed } from "../session/claims.ts";
import { useClaims } from "../session/session-context.tsx";
import { Icon } from "../ui/icon.tsx";
import { useContextId } from "./contexts.ts";
import type { Area } from "./area.ts";
import { contextPath, tenantPath } from "./paths.ts";
import { AREAS } from "./routes.tsx";

/** The areas that the person may see. */
export function Navigation() {
  const [path] = useLocation();
  const links = useAreaLinks().filter(({ area }) => area.isLinkedOnly !== true);
  return (
    <nav className="navigation" aria-label="Main">
      <ul className="navigation__list">
        {links.map(({ area, href }) => (
          <li key={area.name}>
            <Link
              href={href}
              className="navigation__link"
              aria-current={path === href || path.startsWith(`${href}/`) ? "page" : undefined}
              title={area.label}
            >
              <Icon name={area.icon} />
              <span className="navigation__label">{area.label}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** The allowed areas with their addresses. Those of a context are left out while there is no context. */
export function useAreaLinks(): readonly AreaLink[] {
  const claims = useClaims();
  const contextId = useContextId();
  const allowed = AREAS.filter((area) => isAllowed(claims, area.permission));
  return allowed.flatMap((area): readonly AreaLink[] => {
    if (area.scope === "tenant") return [{ area, href: tenantPath(area.name) }];
    return contextId === undefined ? [] : [{ area, href: contextPath(contextId, area.name) }];
  });
}

type AreaLink = { readonly area: Area; readonly href: string };
