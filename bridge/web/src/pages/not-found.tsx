/** For an address at which there is nothing. */
import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { Door } from "./door";
import style from "./form.module.css";
import { useTitle } from "./title";

export function NotFound() {
  const { t } = useTranslation();
  useTitle(t("not_found.title"));
  return (
    <Door>
      <div className={style.form}>
        <h1>{t("not_found.title")}</h1>
        <p className={style.lead}>{t("not_found.lead")}</p>
        <Button component={Link} href="/" size="md">
          {t("not_found.home")}
        </Button>
      </div>
    </Door>
  );
}
