/** What the pages read, each resource under one name, and what they may ask for. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { followPerson } from "../languages";
import { asked, keepCsrfToken, server } from "./client";
import { serverNow } from "./clock";
import { isProblem } from "./problem";
import type { paths } from "./schema";

type Got<P extends keyof paths> = paths[P] extends {
  get: { responses: { 200: { content: { "application/json": infer Body } } } };
}
  ? Body
  : never;

export type Me = Got<"/api/v1/session">;
export type Queue = Got<"/api/v1/queues">["items"][number];
export type Agent = Got<"/api/v1/agents">["items"][number];
export type Interactions = Got<"/api/v1/interactions">;
export type Interaction = Interactions["items"][number];
export type Story = Got<"/api/v1/interactions/{id}">;
export type Presence = "available" | "away" | "offline";
export type Narrowed = { queue?: string; agent?: string; cut_off?: boolean };

function welcome(known: Me): Me {
  keepCsrfToken(known.csrf_token);
  if (known.language) followPerson(known.language);
  return known;
}

/** A queue whose longest wait is told as the moment at which it began. */
export type LiveQueue = Queue & { waiting_since: string | null };

export const LIVE_LIMIT = 200;
const PAGE = 50;

export const me = queryOptions({
  queryKey: ["session"],
  queryFn: async (): Promise<Me | null> => {
    try {
      return welcome(await asked(server.GET("/api/v1/session")));
    } catch (fault) {
      if (isProblem(fault, "not_signed_in")) return null;
      throw fault;
    }
  },
  staleTime: Infinity,
});

export const center = queryOptions({
  queryKey: ["configuration"],
  queryFn: () => asked(server.GET("/api/v1/configuration")),
  staleTime: Infinity,
});

export const queues = queryOptions({
  queryKey: ["queues"],
  queryFn: async (): Promise<LiveQueue[]> => (await asked(server.GET("/api/v1/queues"))).items.map(begunAt),
});

function begunAt(queue: Queue): LiveQueue {
  const seconds = queue.longest_wait_seconds;
  const since = seconds == null ? null : new Date(serverNow() - seconds * 1000).toISOString();
  return { ...queue, waiting_since: since };
}

export const agents = queryOptions({
  queryKey: ["agents"],
  queryFn: async (): Promise<Agent[]> => (await asked(server.GET("/api/v1/agents"))).items,
});

export const live = queryOptions({
  queryKey: ["interactions", "live"],
  queryFn: async (): Promise<Interactions> => {
    const query = { state: "open" as const, limit: LIVE_LIMIT };
    const found = await asked(server.GET("/api/v1/interactions", { params: { query } }));
    return { ...found, items: found.items.toSorted(byNeed) };
  },
});

/** Who waits comes first, the longest wait at the top; then who talks, then all others. */
function byNeed(one: Interaction, other: Interaction): number {
  return rank(one) - rank(other) || Date.parse(begun(one)) - Date.parse(begun(other));
}

function rank({ waiting_since, connected_since }: Interaction): number {
  return waiting_since ? 0 : connected_since ? 1 : 2;
}

export function begun({ waiting_since, connected_since, opened_at }: Interaction): string {
  return connected_since ?? waiting_since ?? opened_at;
}

export const past = (narrowed: Narrowed) =>
  infiniteQueryOptions({
    queryKey: ["interactions", "past", narrowed],
    queryFn: ({ pageParam }): Promise<Interactions> => {
      const query = { state: "closed" as const, limit: PAGE, ...narrowed, ...(pageParam && { cursor: pageParam }) };
      return asked(server.GET("/api/v1/interactions", { params: { query } }));
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });

export const story = (id: string) =>
  queryOptions({
    queryKey: ["interactions", "story", id],
    queryFn: (): Promise<Story> => asked(server.GET("/api/v1/interactions/{id}", { params: { path: { id } } })),
  });

export async function signIn(username: string, password: string): Promise<Me> {
  return welcome(await asked(server.POST("/api/v1/session", { body: { username, password } })));
}

export type Newcomer = { token: string; username: string; title: string; password: string };

export async function acceptInvitation(newcomer: Newcomer): Promise<Me> {
  return welcome(await asked(server.POST("/api/v1/invitation/accept", { body: newcomer })));
}

export function signOut(): Promise<unknown> {
  return asked(server.DELETE("/api/v1/session"));
}

export function setPresence(name: string, presence: Presence): Promise<Agent> {
  return asked(server.PUT("/api/v1/agents/{name}/presence", { params: { path: { name } }, body: { presence } }));
}

export function endCall(contact: string): Promise<unknown> {
  return asked(server.POST("/api/v1/contacts/{id}/end", { params: { path: { id: contact } } }));
}
