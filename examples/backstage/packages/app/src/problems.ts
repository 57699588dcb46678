import { useSyncExternalStore } from "react";

/** What could not be loaded. The application lives on without it, and its front page says so. */
export interface Problem {
  readonly message: string;
  readonly cause: unknown;
}

let problems: readonly Problem[] = [];
const listeners = new Set<() => void>();

export function report(message: string, cause: unknown): void {
  console.error(message, cause);
  problems = [...problems, { message, cause }];
  for (const listener of listeners) listener();
}

export function useProblems(): readonly Problem[] {
  return useSyncExternalStore(subscribe, () => problems);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
