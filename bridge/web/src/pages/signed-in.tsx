/** Shows what is within to somebody who is signed in, and leads everybody else to the sign-in page and back. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Redirect, useLocation, useSearch } from "wouter";
import { Bones, Failed } from "../parts/states";
import { wasSignedIn } from "../server/client";
import { me, type Me } from "../server/resources";
import style from "./signed-in.module.css";

export function SignedIn({ children }: { children: (me: Me) => ReactNode }) {
  const { t } = useTranslation();
  const known = useQuery(me);
  const [place] = useLocation();
  const search = useSearch();
  if (known.data) return children(known.data);
  if (known.data === null) {
    const back = new URLSearchParams({ back: search ? `${place}?${search}` : place });
    if (wasSignedIn()) back.set("ended", "");
    return <Redirect to={`/sign-in?${back}`} replace />;
  }
  return (
    <main className={style.waiting} aria-busy={known.isPending} aria-label={t("page.loading")}>
      {known.isError ? (
        <Failed what={t("failure.who")} fault={known.error} retry={() => void known.refetch()} />
      ) : (
        <Bones rows={6} height={64} />
      )}
    </main>
  );
}
