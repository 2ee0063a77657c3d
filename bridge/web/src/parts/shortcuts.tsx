/** The keys of the pages. Single keys can be switched off: speech input and slips of the hand would press them too. */
import { Kbd } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { Fragment, useEffect, useEffectEvent } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "./dialog";
import style from "./shortcuts.module.css";

type Deeds = { search: () => void; help: () => void; escape: () => void };

export function useSingleKeys() {
  return useLocalStorage({ key: "throughline-keys", defaultValue: true });
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");
}

export function useShortcuts({ search, help, escape }: Deeds): void {
  const [single] = useSingleKeys();
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && !document.querySelector("dialog[open], [role=menu]")) return escape();
    if (!single || isTyping(event.target)) return;
    if (event.key === "/") {
      event.preventDefault();
      search();
    } else if (event.key === "?") help();
  });
  useEffect(() => {
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
}

export function Shortcuts({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const [single, setSingle] = useSingleKeys();
  const keys = [
    [["/"], t("keys.search")],
    [["↑", "↓"], t("keys.move")],
    [["Enter"], t("keys.enter")],
    [["Esc"], t("keys.close")],
    [["?"], t("keys.help")],
  ] as const;
  return (
    <Dialog title={t("keys.open")} close={close}>
      <dl className={style.keys}>
        {keys.map(([pressed, does]) => (
          <Fragment key={does}>
            <dt>
              {pressed.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </Fragment>
        ))}
      </dl>
      <label className={style.single}>
        <input type="checkbox" checked={single} onChange={(event) => setSingle(event.currentTarget.checked)} />
        {t("keys.single")}
      </label>
      <button type="button" className={style.close} onClick={close}>
        {t("story.close")}
      </button>
    </Dialog>
  );
}
