/** One agent: what she is, since when, and what ends it; who may, changes her presence here. */
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { Since } from "../parts/since";
import { Until } from "../parts/until";
import { serverNow } from "../server/clock";
import type { Agent, Me } from "../server/resources";
import style from "./agents.module.css";
import { codeOf } from "./line";
import { PresenceMenu } from "./presence-menu";

const TONES: Record<string, string> = {
  free: "free",
  offered: "wait",
  talking: "busy",
  held: "busy",
  own_call: "busy",
  wrap_up: "wait",
  unresponsive: "alarm",
  phone: "alarm",
  resting: "alarm",
};

export const AgentRow = memo(function AgentRow({ agent, me }: { agent: Agent; me: Me }) {
  const { t } = useTranslation();
  const { line } = agent;
  const tone = TONES[line.code] ?? "quiet";
  return (
    <li className={style.agent} data-tone={tone} data-agent={agent.name}>
      <div className={style.who}>
        <span className={style.title}>{agent.title}</span>
        <span className={style.extension} title={t("agent.extension", { number: agent.extension })}>
          {agent.extension}
        </span>
      </div>
      <p className={style.line}>
        <span className={style.what} title={line.text}>
          {t(`line.${codeOf(line.code)}`)}
        </span>
        {line.since && <Since at={line.since} className={style.since} />}
      </p>
      <p className={style.ends}>
        {line.until && Date.parse(line.until) > serverNow() ? (
          <>
            {t("ends.in")} <Until at={line.until} />
          </>
        ) : (
          <>
            {t("ends.label")} {t(`ends.${codeOf(line.code)}`)}
          </>
        )}
      </p>
      <div className={style.menu}>
        <PresenceMenu agent={agent} me={me} />
      </div>
    </li>
  );
});
