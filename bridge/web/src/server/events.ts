/** The stream of facts: it says what has changed, and the pages ask anew. Nothing is polled. */
import type { QueryClient } from "@tanstack/react-query";

export type Link = "connecting" | "live" | "lost";

type Fact = { type: string; id: number; data: { resumed?: boolean; journal?: string } };

const AT_MOST = 15_000;
const SETTLED = 300;
const APART = 1000;

/** Which resources each kind of fact touches, by the word before the dot. */
const TOUCHES: Record<string, string[]> = {
  contact: ["interactions", "queues"],
  assignment: ["agents", "interactions", "queues"],
  own_call: ["agents", "queues"],
  seat: ["agents"],
  node: ["interactions"],
  leg: ["interactions"],
  presence: ["agents", "queues"],
  reachability: ["agents", "queues"],
  agent: ["interactions"],
  call: ["interactions"],
  caller: ["interactions"],
  interaction: ["interactions"],
  center: ["configuration", "queues", "agents"],
};

/** How long to wait before the next attempt: growing, and never the same for all screens of a center. */
export function pause(attempt: number, random = Math.random()): number {
  return Math.min(AT_MOST, 500 * 2 ** attempt) * (0.5 + random / 2);
}

export class Events {
  private socket: WebSocket | null = null;
  private last: number | null = null;
  private journal = "";
  private attempt = 0;
  private timer = 0;
  private due = new Map<string, number>();
  private touched = new Map<string, number>();
  private listeners = new Set<() => void>();
  private open = false;
  private queries: QueryClient;
  link: Link = "connecting";

  constructor(queries: QueryClient) {
    this.queries = queries;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  start = (): (() => void) => {
    this.open = true;
    this.connect();
    addEventListener("online", this.hurry);
    return () => {
      this.open = false;
      removeEventListener("online", this.hurry);
      clearTimeout(this.timer);
      this.socket?.close();
    };
  };

  /** Tries at once, when somebody asks for it or the network is back. */
  hurry = (): void => {
    if (this.link !== "lost") return;
    clearTimeout(this.timer);
    this.attempt = 0;
    this.connect();
  };

  private connect(): void {
    const address = new URL("/api/v1/events", location.origin.replace(/^http/, "ws"));
    if (this.last !== null) {
      address.searchParams.set("after", String(this.last));
      address.searchParams.set("journal", this.journal);
    }
    const socket = new WebSocket(address);
    socket.onmessage = (message) => this.heard(JSON.parse(message.data as string) as Fact);
    socket.onclose = () => this.closed(socket);
    this.socket = socket;
  }

  private heard(fact: Fact): void {
    if (fact.type === "hello") this.welcomed(fact);
    else for (const resource of TOUCHES[fact.type.split(".")[0] ?? ""] ?? []) this.refresh(resource);
    this.last = fact.id;
  }

  private welcomed(hello: Fact): void {
    const missed = this.last !== null && !hello.data.resumed;
    const failed = this.queries.getQueryCache().getAll().some((query) => query.state.status === "error");
    this.journal = hello.data.journal ?? "";
    this.attempt = 0;
    this.become("live");
    if (missed || failed) void this.queries.invalidateQueries();
  }

  /** Facts are readable a moment after they are told; many at once cost one question a resource, at most one a second. */
  private refresh(resource: string): void {
    this.touched.set(resource, Date.now());
    if (!this.due.has(resource)) this.askIn(SETTLED, resource);
  }

  private askIn(pause: number, resource: string): void {
    this.due.set(resource, window.setTimeout(() => this.ask(resource), pause));
  }

  private ask(resource: string): void {
    this.due.delete(resource);
    const refetchType = document.hidden ? "none" : "active";
    void this.queries.invalidateQueries({ queryKey: [resource], refetchType });
    if (Date.now() - (this.touched.get(resource) ?? 0) < SETTLED) this.askIn(APART, resource);
  }

  private closed(socket: WebSocket): void {
    if (!this.open || socket !== this.socket) return;
    this.become("lost");
    this.timer = window.setTimeout(() => this.connect(), pause(this.attempt++));
    // A stream that ends may mean that this session has ended elsewhere: then the answer is 401.
    void this.queries.invalidateQueries({ queryKey: ["session"] });
  }

  private become(link: Link): void {
    this.link = link;
    for (const listener of this.listeners) listener();
  }
}
