/** The agents, each with the one line that says what she is to the router. */
import { IconUsers } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useEffectEvent } from "react";
import { useTranslation } from "react-i18next";
import { Bones, Empty, Failed } from "../parts/states";
import { serverNow } from "../server/clock";
import { type Agent, agents, type Me } from "../server/resources";
import { AgentRow } from "./agent-row";
import style from "./agents.module.css";
import { Section } from "./section";

export function Agents({ me }: { me: Me }) {
  const { t } = useTranslation();
  const known = useQuery(agents);
  const all = inOrder(known.data ?? [], me);
  useNextLook(all, () => void known.refetch());
  const summary = t("agent.summary", { free: all.filter((agent) => agent.fit).length, total: all.length });
  return (
    <Section title={t("floor.agents")} aside={all.length > 1 && <span className={style.summary}>{summary}</span>}>
      {known.data ? (
        all.length ? (
          <ul>
            {all.map((agent) => (
              <AgentRow key={agent.name} agent={agent} me={me} />
            ))}
          </ul>
        ) : (
          <Empty icon={<IconUsers size={26} stroke={1.6} />} title={t("agent.none")}>
            {t("agent.none_more")}
          </Empty>
        )
      ) : known.isError ? (
        <Failed what={t("failure.agents")} fault={known.error} retry={() => void known.refetch()} />
      ) : (
        <div className={style.bones}>
          <Bones rows={5} height={48} />
        </div>
      )}
    </Section>
  );
}

/** Who is an agent herself stands first. */
function inOrder(all: Agent[], me: Me): Agent[] {
  return me.agent ? all.toSorted((one, other) => Number(other.name === me.agent) - Number(one.name === me.agent)) : all;
}

/** A line that time ends is asked anew when it has ended: there need not be a fact about that. */
function useNextLook(all: Agent[], look: () => void): void {
  const ends = all.flatMap(({ line }) => (line.until ? [Date.parse(line.until)] : []));
  const next = ends.length ? Math.min(...ends) : 0;
  const again = useEffectEvent(look);
  useEffect(() => {
    if (!next) return;
    const timer = setTimeout(() => again(), Math.max(1000, next - serverNow() + 300));
    return () => clearTimeout(timer);
  }, [next]);
}
