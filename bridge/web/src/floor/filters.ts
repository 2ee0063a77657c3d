/** What is looked for, kept in the address so that it can be shared and come back to. */
import { useSearchParams } from "wouter";
import type { Interaction } from "../server/resources";

export type Filters = { view: "live" | "past"; words: string; queue: string; agent: string; cutOff: string };

const NAMES = { view: "view", words: "q", queue: "queue", agent: "agent", cutOff: "cut_off" } as const;

export function useFilters(): [Filters, (change: Partial<Filters>) => void] {
  const [params, set] = useSearchParams();
  const filters: Filters = {
    view: params.get("view") === "past" ? "past" : "live",
    words: params.get("q") ?? "",
    queue: params.get("queue") ?? "",
    agent: params.get("agent") ?? "",
    cutOff: params.get("cut_off") ?? "",
  };
  function change(changed: Partial<Filters>): void {
    set(
      (before) => {
        const after = new URLSearchParams(before);
        for (const [key, value] of Object.entries(changed)) {
          const name = NAMES[key as keyof Filters];
          if (value && value !== "live") after.set(name, value);
          else after.delete(name);
        }
        return after;
      },
      { replace: true },
    );
  }
  return [filters, change];
}

export function isNarrowed({ view, words, queue, agent, cutOff }: Filters): boolean {
  return Boolean(words || queue || agent || (view === "past" && cutOff));
}

/** Numbers are found however they are spaced. */
export function fits(interaction: Interaction, { words, queue, agent }: Filters, agents: Map<string, string>): boolean {
  if (queue && interaction.queue !== queue) return false;
  if (agent && interaction.agent !== agent) return false;
  const looked = words.trim().toLocaleLowerCase();
  if (!looked) return true;
  const { name, number } = interaction.customer ?? {};
  const title = agents.get(interaction.agent ?? "") ?? interaction.agent;
  const told = [name, number, number?.replace(/[^\d+]/g, ""), title, interaction.id];
  return told.some((each) => each?.toLocaleLowerCase().includes(looked));
}
