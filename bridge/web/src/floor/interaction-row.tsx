/** One interaction in one line. */
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { Since } from "../parts/since";
import { between, clock, shortly } from "../parts/time";
import { begun, type Interaction } from "../server/resources";
import style from "./interactions.module.css";
import { stateOf, toneOf } from "./state";

type Props = {
  interaction: Interaction;
  queue: string | null;
  agent: string | null;
  goal: number | undefined;
  search: string;
  opened: boolean;
  inOrder: boolean;
  past: boolean;
};

export const InteractionRow = memo(function InteractionRow({ interaction, queue, agent, goal, search, opened, inOrder, past }: Props) {
  const { t, i18n } = useTranslation();
  const { id, customer, opened_at, closed_at } = interaction;
  const state = stateOf(interaction);
  const since = begun(interaction);
  return (
    <li>
      <Link
        href={`/floor/interactions/${id}${search ? `?${search}` : ""}`}
        className={style.row}
        data-row={id}
        data-tone={toneOf(state)}
        data-past={past || undefined}
        aria-current={opened || undefined}
        tabIndex={inOrder ? 0 : -1}
      >
        <span className={style.state}>{t(`state.${state}`)}</span>
        <span className={style.customer}>
          <b>{customer?.name || customer?.number || t("interaction.unknown")}</b>
          {customer?.name && <span className={style.number}>{customer.number}</span>}
        </span>
        <span className={style.queue}>{queue || <i>{t("interaction.no_queue")}</i>}</span>
        <span className={style.agent}>{agent || <i>{t(past ? "interaction.nobody" : "interaction.no_agent")}</i>}</span>
        {past && <time className={style.when} dateTime={opened_at}>{shortly(opened_at, i18n.language)}</time>}
        {past && closed_at ? (
          <span className={style.time}>{clock(between(opened_at, closed_at))}</span>
        ) : (
          <Since at={since} warn={goal} alarm={goal && goal * 3} className={style.time} />
        )}
      </Link>
    </li>
  );
});
