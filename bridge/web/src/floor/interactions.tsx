/** Interactions, those under way and those that are over, with search, filters and pages. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Bones, Failed } from "../parts/states";
import { agents, type Interaction, live, past, queues } from "../server/resources";
import { FilterBar } from "./filter-bar";
import { type Filters, fits, useFilters } from "./filters";
import style from "./interactions.module.css";
import { More } from "./more";
import { Nothing } from "./nothing";
import { RowList } from "./row-list";
import { Section } from "./section";

/** How queues and agents are called, and within how many seconds each queue wants to answer. */
export type Titles = { queues: Map<string, string>; agents: Map<string, string>; goals: Map<string, number> };

function useTitles(): Titles {
  const known = { queues: useQuery(queues).data, agents: useQuery(agents).data };
  return useMemo(
    () => ({
      queues: new Map(known.queues?.map((queue) => [queue.name, queue.title])),
      goals: new Map(known.queues?.map((queue) => [queue.name, queue.service_level_seconds])),
      agents: new Map(known.agents?.map((agent) => [agent.name, agent.title])),
    }),
    [known.queues, known.agents],
  );
}

export function Interactions({ opened }: { opened: string | undefined }) {
  const { t } = useTranslation();
  const titles = useTitles();
  const [filters, change] = useFilters();
  return (
    <div className={style.panel}>
      <Section title={t("floor.interactions")} hidden>
        <FilterBar filters={filters} change={change} titles={titles} />
        {filters.view === "live" ? (
          <Live {...{ filters, change, titles, opened }} />
        ) : (
          <Past {...{ filters, change, titles, opened }} />
        )}
      </Section>
    </div>
  );
}

export type ListProps = {
  filters: Filters;
  change: (change: Partial<Filters>) => void;
  titles: Titles;
  opened: string | undefined;
};

function Live(props: ListProps) {
  const { t } = useTranslation();
  const known = useQuery(live);
  if (!known.data) return <Waiting fault={known.error} retry={() => void known.refetch()} />;
  return (
    <Rows {...props} items={known.data.items}>
      {known.data.next_cursor && <p className={style.foot}>{t("interaction.first", { count: known.data.items.length })}</p>}
    </Rows>
  );
}

function Past(props: ListProps) {
  const { queue, agent, cutOff } = props.filters;
  const known = useInfiniteQuery(past({ ...(queue && { queue }), ...(agent && { agent }), ...(cutOff && { cut_off: true }) }));
  const items = useMemo(() => known.data?.pages.flatMap((page) => page.items), [known.data]);
  if (!items) return <Waiting fault={known.error} retry={() => void known.refetch()} />;
  return (
    <Rows {...props} items={items}>
      <More known={known} shown={items.length} />
    </Rows>
  );
}

function Rows({ items, children, ...props }: ListProps & { items: Interaction[]; children: React.ReactNode }) {
  const { filters, titles, opened } = props;
  const found = useMemo(() => items.filter((each) => fits(each, filters, titles.agents)), [items, filters, titles]);
  return (
    <>
      {found.length ? (
        <RowList items={found} titles={titles} opened={opened} past={filters.view === "past"} />
      ) : (
        <Nothing filters={filters} change={props.change} />
      )}
      {children}
    </>
  );
}

function Waiting({ fault, retry }: { fault: Error | null; retry: () => void }) {
  const { t } = useTranslation();
  if (fault) return <Failed what={t("failure.interactions")} fault={fault} retry={retry} />;
  return (
    <div className={style.bones}>
      <Bones rows={8} height={40} />
    </div>
  );
}
