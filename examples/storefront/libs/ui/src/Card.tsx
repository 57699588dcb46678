import type { ComponentProps } from "react";

import "./Card.css";

/** A framed section of a page. */
export function Card({ className, ...rest }: ComponentProps<"section">) {
  return <section {...rest} className={className ? `ui-card ${className}` : "ui-card"} />;
}
