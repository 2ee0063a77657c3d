/** One timer for all counters of a page; each writes its own text, and nothing is rendered anew. */
import { serverNow } from "../server/clock";

type Counter = (now: number) => void;

const counters = new Set<Counter>();
let timer = 0;

function tick(): void {
  const now = serverNow();
  for (const counter of counters) counter(now);
  timer = window.setTimeout(tick, 1000 - (Date.now() % 1000) + 5);
}

export function count(counter: Counter): () => void {
  counters.add(counter);
  counter(serverNow());
  if (counters.size === 1) timer = window.setTimeout(tick, 1000 - (Date.now() % 1000) + 5);
  return () => {
    counters.delete(counter);
    if (counters.size === 0) clearTimeout(timer);
  };
}
