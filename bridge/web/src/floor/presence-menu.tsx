/** Changes an agent's presence: her own, or anybody's for whoever may. */
import { ActionIcon, Menu } from "@mantine/core";
import { IconDotsVertical } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { announce } from "../parts/announcer";
import { Choices } from "../parts/choices";
import { codeOf } from "./line";
import { maySetPresence } from "../server/permissions";
import { type Agent, type Me, type Presence, setPresence } from "../server/resources";

const PRESENCES: Presence[] = ["available", "away", "offline"];

export function PresenceMenu({ agent, me }: { agent: Agent; me: Me }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: (presence: Presence) => setPresence(agent.name, presence),
    onSuccess: (now) => {
      queries.setQueryData<Agent[]>(["agents"], (all) => all?.map((each) => (each.name === now.name ? now : each)));
      announce(t("agent.changed", { name: now.title, presence: t(`line.${codeOf(now.line.code)}`) }));
    },
    onError: () => announce(t("agent.not_changed", { name: agent.title })),
  });
  if (!maySetPresence(me, agent)) return null;
  const label = t("agent.set", { name: agent.title });
  const choices = PRESENCES.map((value) => ({ value, label: t(`agent.${value}`) }));
  return (
    <Menu position="bottom-end" width={180}>
      <Menu.Target>
        <ActionIcon variant="subtle" c="inherit" aria-label={label} title={label} loading={change.isPending}>
          <IconDotsVertical size={18} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Choices choices={choices} chosen={agent.presence} choose={change.mutate} />
    </Menu>
  );
}
