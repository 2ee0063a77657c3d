/** The rows of a list. Each is a link by itself; only one is in the tab order. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearch } from "wouter";
import type { Interaction } from "../server/resources";
import { InteractionRow } from "./interaction-row";
import type { Titles } from "./interactions";
import style from "./interactions.module.css";
import { moveByKeys } from "./rows";

type Props = { items: Interaction[]; titles: Titles; opened: string | undefined; past: boolean };

export function RowList({ items, titles, opened, past }: Props) {
  const { t } = useTranslation();
  const search = useSearch();
  const [touched, touch] = useState("");
  const inOrder = [touched, opened].find((id) => items.some((each) => each.id === id)) ?? items[0]?.id;
  return (
    <>
      <div className={style.heads} data-past={past || undefined} aria-hidden="true">
        <span>{t("interaction.state")}</span>
        <span>{t("interaction.customer")}</span>
        <span>{t("interaction.queue")}</span>
        <span>{t("interaction.agent")}</span>
        {past && <span>{t("interaction.when")}</span>}
        <span className={style.right}>{t(past ? "interaction.length" : "interaction.time")}</span>
      </div>
      <ul
        className={style.rows}
        onKeyDown={moveByKeys}
        onFocus={(event) => touch((event.target as HTMLElement).dataset.row ?? "")}
      >
        {items.map((each) => (
          <InteractionRow
            key={each.id}
            interaction={each}
            queue={titles.queues.get(each.queue ?? "") ?? each.queue}
            agent={titles.agents.get(each.agent ?? "") ?? each.agent}
            goal={each.waiting_since ? titles.goals.get(each.queue ?? "") : undefined}
            search={search}
            opened={each.id === opened}
            inOrder={each.id === inOrder}
            past={past}
          />
        ))}
      </ul>
    </>
  );
}
