/** The head of every page for those who are inside. */
import { ActionIcon, Menu, VisuallyHidden } from "@mantine/core";
import { useMutation, useQueryClient, useQuery } from "@tanstack/react-query";
import { IconKeyboard, IconLogout } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { center, type Me, signOut } from "../server/resources";
import { may } from "../server/permissions";
import type { Link as Stream } from "../server/events";
import { Mark } from "./brand";
import style from "./header.module.css";
import { LanguageMenu, SchemeMenu } from "./preferences";

type Props = { me: Me; stream: Stream; showKeys: () => void };

export function Header({ me, stream, showKeys }: Props) {
  const { t } = useTranslation();
  const told = useQuery({ ...center, enabled: may(me, "configuration:read") });
  const name = String((told.data?.center as { name?: string } | undefined)?.name ?? "Throughline");
  return (
    <header className={style.header}>
      <a className={style.skip} href="#content">
        {t("page.skip")}
      </a>
      <Link href="/floor" className={style.center}>
        <Mark size={26} />
        <span className={style.name}>{name}</span>
      </Link>
      <span className={style.stream} data-link={stream}>
        {t(stream === "live" ? "link.live" : stream === "lost" ? "link.lost_short" : "link.connecting")}
      </span>
      <div className={style.tools}>
        <ActionIcon
          className={style.keys}
          variant="subtle"
          c="inherit"
          size="lg"
          aria-label={t("keys.open")}
          title={t("keys.open")}
          onClick={showKeys}
        >
          <IconKeyboard size={20} stroke={1.6} />
        </ActionIcon>
        <LanguageMenu />
        <SchemeMenu />
        <Account me={me} />
      </div>
    </header>
  );
}

function Account({ me }: { me: Me }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const leaving = useMutation({
    mutationFn: signOut,
    onSuccess: () => {
      queries.clear();
      location.assign("/sign-in");
    },
  });
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <button type="button" className={style.account}>
          <VisuallyHidden>{t("account.menu")}</VisuallyHidden>
          <span className={style.self}>
            <span>{me.title}</span>
            <span className={style.role}>{t(`role.${me.role}`)}</span>
          </span>
          <span className={style.initials} aria-hidden="true">
            {initials(me.title)}
          </span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label className={style.who}>
          <strong>{me.title}</strong>
          <span>{t(`role.${me.role}`)}</span>
        </Menu.Label>
        <Menu.Item leftSection={<IconLogout size={18} stroke={1.6} />} onClick={() => leaving.mutate()}>
          {t("account.sign_out")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  return [words[0], words.length > 1 ? words.at(-1) : ""].map((word) => word?.[0]?.toUpperCase() ?? "").join("");
}
