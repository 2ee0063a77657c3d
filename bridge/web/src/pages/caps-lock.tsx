/** Says under a password field that Caps Lock is on, while one types there. */
import { type KeyboardEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import style from "./form.module.css";

export function CapsLock({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const [on, setOn] = useState(false);
  const look = (event: KeyboardEvent) => setOn(event.getModifierState("CapsLock"));
  return (
    <div onKeyUp={look} onKeyDown={look} onBlur={() => setOn(false)}>
      {children}
      <p className={style.caps} role="status">
        {on && t("sign_in.caps")}
      </p>
    </div>
  );
}
