/** The foot of a list that comes in pages. */
import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import style from "./interactions.module.css";

type Paged = { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };

export function More({ known, shown }: { known: Paged; shown: number }) {
  const { t } = useTranslation();
  if (shown === 0) return null;
  if (!known.hasNextPage) return <p className={style.foot}>{t("interaction.all_shown")}</p>;
  return (
    <div className={style.foot}>
      <Button variant="default" loading={known.isFetchingNextPage} onClick={() => void known.fetchNextPage()}>
        {t("interaction.more")}
      </Button>
    </div>
  );
}
