/** The queues as they are now: who waits and for how long, who talks, who is free. */
import { IconStack2 } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { memo, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { announce } from "../parts/announcer";
import { Since } from "../parts/since";
import { Bones, Empty, Failed } from "../parts/states";
import { type LiveQueue, queues } from "../server/resources";
import style from "./queues.module.css";
import { Section } from "./section";

export function Queues() {
  const { t } = useTranslation();
  const known = useQuery(queues);
  useAnnouncements(known.data);
  return (
    <Section title={t("queue.heading")} hidden>
      {known.data ? (
        known.data.length ? (
          <ul className={style.queues}>
            {known.data.map((queue) => (
              <Card key={queue.name} queue={queue} />
            ))}
          </ul>
        ) : (
          <div className={style.card}>
            <Empty icon={<IconStack2 size={26} stroke={1.6} />} title={t("queue.none")}>
              {t("queue.none_more")}
            </Empty>
          </div>
        )
      ) : known.isError ? (
        <div className={style.card}>
          <Failed what={t("failure.queues")} fault={known.error} retry={() => void known.refetch()} />
        </div>
      ) : (
        <div className={style.queues}>
          <Bones rows={1} height={116} />
          <Bones rows={1} height={116} />
        </div>
      )}
    </Section>
  );
}

const Card = memo(function Card({ queue }: { queue: LiveQueue }) {
  const { t, i18n } = useTranslation();
  const goal = queue.service_level_seconds;
  const number = (value: number) => value.toLocaleString(i18n.language);
  return (
    <li className={style.card} data-waiting={queue.waiting > 0 || undefined}>
      <div className={style.name}>
        <h3>{queue.title}</h3>
        <span className={style.goal}>{t("queue.goal", { seconds: number(goal) })}</span>
        <span className={style.door} data-open={queue.open || undefined}>
          {t(queue.open ? "queue.open" : "queue.closed")}
        </span>
      </div>
      <dl className={style.figures}>
        <div className={style.main}>
          <dt>{t("queue.waiting")}</dt>
          <dd>{number(queue.waiting)}</dd>
        </div>
        <div>
          <dt>{t("queue.longest")}</dt>
          <dd className={style.longest}>
            {queue.waiting_since ? <Since at={queue.waiting_since} warn={goal} alarm={goal * 3} /> : <span>–</span>}
          </dd>
        </div>
        <div>
          <dt>{t("queue.talking")}</dt>
          <dd>{number(queue.talking)}</dd>
        </div>
        <div>
          <dt>{t("queue.free")}</dt>
          <dd>{t("queue.free_of", { free: number(queue.agents_free), total: number(queue.agents_total) })}</dd>
        </div>
      </dl>
    </li>
  );
});

/** Tells a screen reader when more callers wait in a queue than before. */
function useAnnouncements(known: LiveQueue[] | undefined): void {
  const { t } = useTranslation();
  const before = useRef<Map<string, number> | null>(null);
  useEffect(() => {
    if (!known) return;
    const grown = known.filter((queue) => queue.waiting > (before.current?.get(queue.name) ?? queue.waiting));
    if (grown.length) announce(grown.map((queue) => t("queue.announce", { count: queue.waiting, queue: queue.title })).join(" "));
    before.current = new Map(known.map((queue) => [queue.name, queue.waiting]));
  }, [known, t]);
}
