/** Live or past, a search, and the two filters. */
import { Kbd } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { SEARCH } from "./rows";
import type { Filters } from "./filters";
import style from "./filter-bar.module.css";
import type { Titles } from "./interactions";

type Props = { filters: Filters; change: (change: Partial<Filters>) => void; titles: Titles };

export function FilterBar({ filters, change, titles }: Props) {
  const { t } = useTranslation();
  return (
    <div className={style.bar} role="search">
      <div className={style.views} role="group" aria-label={t("floor.interactions")}>
        {(["live", "past"] as const).map((view) => (
          <button key={view} type="button" aria-pressed={filters.view === view} onClick={() => change({ view })}>
            {t(`interaction.${view}`)}
          </button>
        ))}
      </div>
      <div className={style.search}>
        <IconSearch size={17} stroke={1.8} aria-hidden="true" />
        <Words key={filters.view} words={filters.words} look={(words) => change({ words })} />
        <Kbd size="xs" aria-hidden="true">
          /
        </Kbd>
      </div>
      <Choice
        label={t("interaction.queue")}
        all={t("interaction.all_queues")}
        titles={titles.queues}
        value={filters.queue}
        choose={(queue) => change({ queue })}
      />
      <Choice
        label={t("interaction.agent")}
        all={t("interaction.all_agents")}
        titles={titles.agents}
        value={filters.agent}
        choose={(agent) => change({ agent })}
      />
      {filters.view === "past" && (
        <button
          type="button"
          className={style.choice}
          aria-pressed={Boolean(filters.cutOff)}
          data-chosen={filters.cutOff || undefined}
          onClick={() => change({ cutOff: filters.cutOff ? "" : "yes" })}
        >
          {t("interaction.only_cut_off")}
        </button>
      )}
    </div>
  );
}

/** What is typed stands at once; the address, and with it the list, follows when one pauses. */
function Words({ words, look }: { words: string; look: (words: string) => void }) {
  const { t } = useTranslation();
  const [typed, type] = useState(words);
  const [sent, send] = useState(words);
  const lookSoon = useDebouncedCallback((text: string) => {
    send(text);
    look(text);
  }, 120);
  if (words !== sent) {
    // Somebody else has changed it: the button that shows all, or the browser's way back.
    send(words);
    type(words);
  }
  return (
    <input
      id={SEARCH}
      type="search"
      aria-label={t("interaction.search")}
      placeholder={t("interaction.search_hint")}
      value={typed}
      onChange={(event) => {
        type(event.currentTarget.value);
        lookSoon(event.currentTarget.value);
      }}
    />
  );
}

type ChoiceProps = { label: string; all: string; titles: Map<string, string>; value: string; choose: (value: string) => void };

function Choice({ label, all, titles, value, choose }: ChoiceProps) {
  return (
    <select
      className={style.choice}
      aria-label={label}
      value={value}
      data-chosen={value || undefined}
      onChange={(event) => choose(event.currentTarget.value)}
    >
      <option value="">{all}</option>
      {[...titles].map(([name, title]) => (
        <option key={name} value={name}>
          {title}
        </option>
      ))}
    </select>
  );
}
