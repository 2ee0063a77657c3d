/** The first administrator chooses a name and a password. The token stands in the fragment, which no server sees. */
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";
import { isProblem, Problem } from "../server/problem";
import { acceptInvitation, type Newcomer } from "../server/resources";
import { CapsLock } from "./caps-lock";
import { Door } from "./door";
import style from "./form.module.css";
import { Refusal } from "./refusal";
import { easy, SHORTEST, Strength, tooShort } from "./strength";
import { useTitle } from "./title";

const USERNAME = /^[a-z][a-z0-9_-]{0,31}$/;

export function Welcome() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [, go] = useLocation();
  const [token] = useState(() => decodeURIComponent(location.hash.slice(1)));
  const [password, setPassword] = useState("");
  const [wrong, setWrong] = useState<Partial<Newcomer>>({});
  const form = useRef<HTMLFormElement>(null);
  useTitle(t("welcome.title"));

  const acceptance = useMutation({
    mutationFn: acceptInvitation,
    onSuccess: (me) => {
      queries.clear();
      queries.setQueryData(["session"], me);
      go("/floor", { replace: true });
    },
    onError: (fault) => {
      if (fault instanceof Problem) show(Object.fromEntries(fault.fields.map((each) => [each.field.split(".").at(-1), each.problem])));
    },
  });

  function show(found: Partial<Newcomer>): void {
    setWrong(found);
    const first = (["title", "username", "password"] as const).find((field) => found[field]);
    if (first) (form.current?.elements.namedItem(first) as HTMLInputElement).focus();
  }

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const title = String(given.get("title")).trim();
    const username = String(given.get("username")).trim();
    const found: Partial<Newcomer> = {
      ...(!title && { title: t("welcome.missing_name") }),
      ...(!USERNAME.test(username) && { username: t("welcome.bad_username") }),
      ...(tooShort(password) && { password: t("welcome.short_password") }),
      ...(!tooShort(password) && easy(password, username) && { password: t("welcome.easy_password") }),
    };
    show(found);
    if (Object.keys(found).length === 0) acceptance.mutate({ token, username, title, password });
  }

  if (!token || isProblem(acceptance.error, "invitation_not_valid")) {
    return (
      <Door>
        <div className={style.form} role="alert">
          <h1>{t(token ? "welcome.not_valid" : "welcome.no_token")}</h1>
          <p className={style.lead}>{t("welcome.not_valid_more")}</p>
          <Button component={Link} href="/sign-in" size="md">
            {t("sign_in.title")}
          </Button>
        </div>
      </Door>
    );
  }

  return (
    <Door>
      <form ref={form} className={style.form} onSubmit={submit} noValidate>
        <h1>{t("welcome.title")}</h1>
        <p className={style.lead}>{t("welcome.lead")}</p>
        <Refusal fault={acceptance.error} words={words(acceptance.error)} />
        <TextInput name="title" label={t("welcome.name")} description={t("welcome.name_hint")} autoComplete="name" size="md" error={wrong.title} autoFocus />
        <TextInput
          name="username"
          label={t("sign_in.username")}
          description={t("welcome.username_hint")}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          size="md"
          error={wrong.username}
        />
        <CapsLock>
          <PasswordInput
            name="password"
            label={t("sign_in.password")}
            visibilityToggleButtonProps={{ "aria-label": t("sign_in.show_password") }}
            description={t("welcome.password_hint", { count: SHORTEST })}
            autoComplete="new-password"
            minLength={SHORTEST}
            size="md"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            error={wrong.password}
          />
        </CapsLock>
        <Strength password={password} />
        <Button type="submit" size="md" loading={acceptance.isPending}>
          {t("welcome.submit")}
        </Button>
      </form>
    </Door>
  );

  function words(fault: unknown): string {
    if (!fault) return "";
    if (!(fault instanceof Problem) || fault.status === 0) return t("failure.unreachable");
    if (fault.code === "weak_password") return t("welcome.easy_password");
    return fault.fields.length ? t("welcome.refused") : fault.detail || t("failure.unexpected");
  }
}
