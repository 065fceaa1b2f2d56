import type { ComponentProps } from "react";
import { Link } from "wouter";

import "./button.css";
import { Icon, type IconName } from "./icon.tsx";

type Look = {
  /** One primary button a screen. */
  readonly look?: "primary" | "secondary" | "quiet" | "danger";
  readonly size?: "small" | "medium";
  readonly icon?: IconName;
};

/**
 * `busy`: the server works on it; a further click does nothing. A `disabled` button does nothing either, but stays in reach: a
 * button that a click disables would lose the focus.
 */
export type ButtonProps = ComponentProps<"button"> & Look & { readonly busy?: boolean };

export function Button({
  look,
  size,
  icon,
  busy = false,
  disabled = false,
  className,
  ...props
}: ButtonProps) {
  const { children, onClick, ...rest } = props;
  const isInert = busy || disabled;
  return (
    <button
      type="button"
      {...rest}
      className={buttonClass({ look, size }, className)}
      aria-busy={busy || undefined}
      aria-disabled={isInert || undefined}
      onClick={isInert ? (event) => event.preventDefault() : onClick}
    >
      {icon !== undefined && <Icon name={icon} />}
      {children}
    </button>
  );
}

/** A link that looks like a button. */
export function ButtonLink({
  look,
  size,
  icon,
  href,
  children,
}: Look & { readonly href: string; readonly children: React.ReactNode }) {
  return (
    <Link href={href} className={buttonClass({ look, size })}>
      {icon !== undefined && <Icon name={icon} />}
      {children}
    </Link>
  );
}

/** A button that shows only its icon. The label is its name and its tooltip. */
export function IconButton({
  label,
  icon,
  ...props
}: Omit<ButtonProps, "children" | "look"> & { readonly label: string; readonly icon: IconName }) {
  return (
    <Button {...props} look="quiet" size="small" icon={icon} aria-label={label} title={label} />
  );
}

/** The classes of a button, for elements that other components render. */
export const buttonClass = (
  { look = "secondary", size = "medium" }: { look?: Look["look"]; size?: Look["size"] },
  more = "",
): string => `button button--${look} button--${size} ${more}`.trim();
