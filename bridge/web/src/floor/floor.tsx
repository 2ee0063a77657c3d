/** The floor: queues, agents and interactions as they are now, and one interaction's story beside them. */
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation, useRoute, useSearch } from "wouter";
import { useTitle } from "../pages/title";
import { Connection } from "../parts/connection";
import { Header } from "../parts/header";
import { Shortcuts, useShortcuts } from "../parts/shortcuts";
import type { Me } from "../server/resources";
import { useEvents } from "../server/use-events";
import { Agents } from "./agents";
import style from "./floor.module.css";
import { Interactions } from "./interactions";
import { Queues } from "./queues";
import { focusRow, SEARCH } from "./rows";
import { StoryPanel } from "./story";

type Section = "interactions" | "agents";

export function Floor({ me }: { me: Me }) {
  const { t } = useTranslation();
  const { link, hurry } = useEvents();
  const [, go] = useLocation();
  const search = useSearch();
  const [, opened] = useRoute("/floor/interactions/:id");
  const [keys, showKeys] = useState(false);
  const [section, setSection] = useState<Section>("interactions");
  const id = opened?.id;
  useTitle(t("floor.title"));

  const close = useCallback(() => {
    go(search ? `/floor?${search}` : "/floor");
    if (id) requestAnimationFrame(() => focusRow(id));
  }, [go, id, search]);

  useShortcuts({
    search: () => document.getElementById(SEARCH)?.focus(),
    help: () => showKeys(true),
    escape: () => id && close(),
  });

  return (
    <>
      <Header me={me} stream={link} showKeys={() => showKeys(true)} />
      <Connection link={link} hurry={hurry} />
      <main id="content" tabIndex={-1} className={style.floor} data-story={id ? "" : undefined} data-section={section}>
        <h1 className={style.title}>{t("floor.title")}</h1>
        <div className={style.queues}>
          <Queues />
        </div>
        <div className={style.sections} role="group" aria-label={t("floor.sections")}>
          {(["interactions", "agents"] as const).map((each) => (
            <button key={each} type="button" aria-pressed={section === each} onClick={() => setSection(each)}>
              {t(`floor.${each}`)}
            </button>
          ))}
        </div>
        <div className={style.interactions}>
          <Interactions opened={id} />
        </div>
        <div className={style.agents}>
          <Agents me={me} />
        </div>
        {id && (
          <div className={style.story}>
            <StoryPanel key={id} id={id} me={me} close={close} />
          </div>
        )}
      </main>
      {keys && <Shortcuts close={() => showKeys(false)} />}
    </>
  );
}
