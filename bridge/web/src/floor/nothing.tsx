/** What a list says when it has no rows: because nothing is there, or because nothing fits. */
import { Button } from "@mantine/core";
import { IconPhone, IconSearchOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Empty } from "../parts/states";
import { type Filters, isNarrowed } from "./filters";
import style from "./interactions.module.css";

export function Nothing({ filters, change }: { filters: Filters; change: (change: Partial<Filters>) => void }) {
  const { t } = useTranslation();
  if (isNarrowed(filters)) {
    return (
      <div className={style.nothing}>
        <Empty icon={<IconSearchOff size={26} stroke={1.6} />} title={t("interaction.none_found")}>
          {t("interaction.none_found_more")}
        </Empty>
        <Button variant="default" onClick={() => change({ words: "", queue: "", agent: "", cutOff: "" })}>
          {t("interaction.clear")}
        </Button>
      </div>
    );
  }
  const past = filters.view === "past";
  return (
    <Empty icon={<IconPhone size={26} stroke={1.6} />} title={t(past ? "interaction.none_past" : "interaction.none_live")}>
      {t(past ? "interaction.none_past_more" : "interaction.none_live_more")}
    </Empty>
  );
}
