import type { ComponentProps } from "react";

import "./Button.css";

export type ButtonKind = "solid" | "outline" | "plain";

/** The classes of a button, for links that look like one. */
export function buttonClass(kind: ButtonKind = "solid"): string {
  return `ui-button ui-button--${kind}`;
}

export interface ButtonProps extends ComponentProps<"button"> {
  readonly kind?: ButtonKind;
}

export function Button({ kind = "solid", className, type = "button", ...rest }: ButtonProps) {
  const classes = className ? `${buttonClass(kind)} ${className}` : buttonClass(kind);
  return <button {...rest} type={type} className={classes} />;
}
