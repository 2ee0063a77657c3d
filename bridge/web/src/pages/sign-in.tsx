/** Sign in with a name and a password, then go where one wanted to be. */
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation, useSearchParams } from "wouter";
import { Problem } from "../server/problem";
import { signIn } from "../server/resources";
import { CapsLock } from "./caps-lock";
import { Door } from "./door";
import style from "./form.module.css";
import { Refusal } from "./refusal";
import { useTitle } from "./title";

/** Only a place of ours: what a link made by somebody else names is not gone to. */
function ours(place: string | null): string {
  return place && /^\/(?![/\\])/.test(place) ? place : "/floor";
}

export function SignIn() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [, go] = useLocation();
  const [search] = useSearchParams();
  const form = useRef<HTMLFormElement>(null);
  const [missing, setMissing] = useState<string[]>([]);
  useTitle(t("sign_in.title"));

  const attempt = useMutation({
    mutationFn: ({ username, password }: { username: string; password: string }) => signIn(username, password),
    onSuccess: (me) => {
      queries.clear();
      queries.setQueryData(["session"], me);
      go(ours(search.get("back")), { replace: true });
    },
    onError: () => (form.current?.elements.namedItem("password") as HTMLInputElement).select(),
  });

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const username = String(given.get("username")).trim();
    const password = String(given.get("password"));
    const lacking = [...(username ? [] : ["username"]), ...(password ? [] : ["password"])];
    setMissing(lacking);
    if (lacking[0]) (form.current?.elements.namedItem(lacking[0]) as HTMLInputElement).focus();
    else attempt.mutate({ username, password });
  }

  return (
    <Door>
      <form ref={form} className={style.form} onSubmit={submit} noValidate>
        <h1>{t("sign_in.title")}</h1>
        {search.has("ended") && !attempt.error && <p className={style.notice}>{t("sign_in.ended")}</p>}
        <Refusal fault={attempt.error} words={words(attempt.error)} />
        <TextInput
          name="username"
          label={t("sign_in.username")}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
          size="md"
          error={missing.includes("username") && t("sign_in.missing_username")}
        />
        <CapsLock>
          <PasswordInput
            name="password"
            label={t("sign_in.password")}
            visibilityToggleButtonProps={{ "aria-label": t("sign_in.show_password") }}
            autoComplete="current-password"
            size="md"
            error={missing.includes("password") && t("sign_in.missing_password")}
          />
        </CapsLock>
        <Button type="submit" size="md" loading={attempt.isPending}>
          {t("sign_in.submit")}
        </Button>
      </form>
    </Door>
  );

  function words(fault: unknown): string {
    if (!fault) return "";
    if (!(fault instanceof Problem) || fault.status === 0) return t("failure.unreachable");
    if (fault.code === "wrong_credentials") return t("sign_in.wrong");
    if (fault.code === "too_many_tries") return t("sign_in.wait");
    return fault.detail || t("failure.unexpected");
  }
}
