import type { ReactNode } from "react";

import "./EmptyState.css";

// The form that needs no loader: the address of a file beside this module.
const tray = new URL("./empty-tray.svg", import.meta.url).href;

export interface EmptyStateProps {
  readonly title: string;
  /** What to do next: a sentence, a link, a button. */
  readonly children: ReactNode;
}

export function EmptyState({ title, children }: EmptyStateProps) {
  return (
    <div className="ui-empty" data-testid="empty-state">
      <img src={tray} alt="" width={220} height={160} />
      <h2>{title}</h2>
      {children}
    </div>
  );
}
