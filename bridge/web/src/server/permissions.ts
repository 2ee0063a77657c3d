/** What somebody may do, as the server has told it; the server decides again when it is done. */
import type { Agent, Me, Story } from "./resources";

type Permission = Me["permissions"][number];

export function may(me: Me, permission: Permission): boolean {
  return me.permissions.includes(permission);
}

export function mayEndCall(me: Me, story: Story): boolean {
  return may(me, "contacts:end") || (may(me, "contacts:end-own") && me.agent !== null && me.agent === story.agent);
}

export function maySetPresence(me: Me, agent: Agent): boolean {
  return may(me, "presence:write") || (may(me, "presence:write-own") && me.agent === agent.name);
}
