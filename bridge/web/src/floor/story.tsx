/** One interaction's whole story, beside the floor, at an address of its own. */
import { CloseButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Since } from "../parts/since";
import { Bones, Failed } from "../parts/states";
import { dayAndTime } from "../parts/time";
import { agents, type Me, queues, story, type Story } from "../server/resources";
import { EndCall } from "./end-call";
import { stateOf, toneOf } from "./state";
import style from "./story.module.css";
import { Timeline } from "./timeline";

export function StoryPanel({ id, me, close }: { id: string; me: Me; close: () => void }) {
  const { t } = useTranslation();
  const known = useQuery(story(id));
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const customer = known.data?.customer;
  const name = known.data ? customer?.name || customer?.number || t("interaction.unknown") : "…";
  return (
    <aside aria-labelledby="story" className={style.story}>
      <div className={style.head}>
        <h2 id="story" ref={heading} tabIndex={-1}>
          {known.isError && !known.data ? t("failure.story") : name}
        </h2>
        <CloseButton size="lg" onClick={close} aria-label={t("story.close")} title={t("story.close")} />
      </div>
      {known.data ? (
        <>
          <Facts story={known.data} />
          <EndCall story={known.data} me={me} customer={name} />
          <Timeline lines={known.data.timeline} />
        </>
      ) : known.isError ? (
        <Failed what={t("failure.story")} fault={known.error} retry={() => void known.refetch()} />
      ) : (
        <Bones rows={7} height={36} />
      )}
    </aside>
  );
}

function Facts({ story }: { story: Story }) {
  const { t, i18n } = useTranslation();
  const queue = useQuery(queues).data?.find((each) => each.name === story.queue)?.title ?? story.queue;
  const agent = useQuery(agents).data?.find((each) => each.name === story.agent)?.title ?? story.agent;
  const state = stateOf(story);
  return (
    <dl className={style.facts}>
      <Fact term={t("interaction.state")}>
        <span className={style.state} data-tone={toneOf(state)}>
          {t(`state.${state}`)}
        </span>
      </Fact>
      {story.connected_since ? (
        <Fact term={t("story.talking")}>
          <Since at={story.connected_since} />
        </Fact>
      ) : (
        story.waiting_since && (
          <Fact term={t("story.waiting")}>
            <Since at={story.waiting_since} />
          </Fact>
        )
      )}
      {story.customer?.name && story.customer.number && <Fact term={t("interaction.customer")}>{story.customer.number}</Fact>}
      <Fact term={t("story.reached")}>{story.address || "–"}</Fact>
      <Fact term={t("interaction.queue")}>{queue || "–"}</Fact>
      <Fact term={t("interaction.agent")}>{agent || "–"}</Fact>
      <Fact term={t("story.opened")}>{dayAndTime(story.opened_at, i18n.language)}</Fact>
      {story.closed_at && <Fact term={t("story.ended")}>{dayAndTime(story.closed_at, i18n.language)}</Fact>}
    </dl>
  );
}

function Fact({ term, children }: { term: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}
