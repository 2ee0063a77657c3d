/** The states of an interaction as the pages name and colour them. */
import type { Interaction } from "../server/resources";

const STATES = ["arrived", "queued", "offered", "connected", "parked", "wrap_up", "closed", "abandoned", "cut_off", "unserved"] as const;
export type State = (typeof STATES)[number];

const TONES: Partial<Record<State, string>> = {
  queued: "wait",
  offered: "wait",
  connected: "busy",
  abandoned: "alarm",
  cut_off: "lost",
  unserved: "lost",
};

/** A matter is open until its agent has finished it, also when the customer has left. */
export function stateOf({ state, contact_state, cut_off }: Pick<Interaction, "state" | "contact_state" | "cut_off">): State {
  if (state === "closed" && cut_off) return cut_off.state === "unserved" ? "unserved" : "cut_off";
  if (state !== "closed" && (contact_state === "closed" || contact_state === "abandoned")) return "wrap_up";
  if (contact_state === null) return "arrived";
  return STATES.find((each) => each === contact_state) ?? "closed";
}

export function toneOf(state: State): string {
  return TONES[state] ?? "quiet";
}
