/** What an agent can be to the router, as the pages name it. */
const CODES = [
  "free",
  "offered",
  "talking",
  "held",
  "wrap_up",
  "own_call",
  "away",
  "offline",
  "unresponsive",
  "phone",
  "resting",
] as const;

export function codeOf(code: string): (typeof CODES)[number] {
  return CODES.find((each) => each === code) ?? "offline";
}
