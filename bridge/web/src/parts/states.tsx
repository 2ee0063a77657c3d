/** What stands where there is nothing, nothing yet, or a failure. */
import { Button, Skeleton } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "../server/problem";
import style from "./states.module.css";

export function Empty({ icon, title, children }: { icon: ReactNode; title: string; children?: ReactNode }) {
  return (
    <div className={style.place}>
      <span className={style.icon}>{icon}</span>
      <p className={style.title}>{title}</p>
      {children && <p className={style.words}>{children}</p>}
    </div>
  );
}

export function Failed({ what, fault, retry }: { what: string; fault: unknown; retry: () => void }) {
  const { t, i18n } = useTranslation();
  const problem = fault instanceof Problem ? fault : null;
  // The server explains itself in English.
  const told = i18n.language === "en" ? problem?.detail : "";
  const why = problem?.status ? told || t("failure.unexpected") : t("failure.unreachable");
  return (
    <div className={style.place} role="alert">
      <span className={style.icon} data-tone="alarm">
        <IconPlugConnectedX size={26} stroke={1.6} />
      </span>
      <p className={style.title}>{what}</p>
      <p className={style.words}>{why}</p>
      <Button variant="default" size="compact-md" onClick={retry}>
        {t("failure.retry")}
      </Button>
    </div>
  );
}

export function Bones({ rows, height }: { rows: number; height: number }) {
  return (
    <div className={style.bones} aria-hidden="true">
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={height} radius="md" />
      ))}
    </div>
  );
}
