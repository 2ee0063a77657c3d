/** Rows of interactions by keyboard: one is in the tab order, arrows move. */
import type { KeyboardEvent } from "react";

export const SEARCH = "search";
const ROW = "a[data-row]";

export function focusRow(id: string): void {
  document.querySelector<HTMLElement>(`${ROW}[data-row="${CSS.escape(id)}"]`)?.focus();
}

function target(rows: HTMLElement[], at: number, key: string): HTMLElement | undefined {
  const last = rows.length - 1;
  const places: Record<string, number> = { ArrowDown: Math.min(at + 1, last), ArrowUp: Math.max(at - 1, 0), Home: 0, End: last };
  return rows[places[key] ?? -1];
}

export function moveByKeys(event: KeyboardEvent<HTMLElement>): void {
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>(ROW)];
  const next = target(rows, rows.indexOf(document.activeElement as HTMLElement), event.key);
  if (!next) return;
  event.preventDefault();
  next.focus();
}
