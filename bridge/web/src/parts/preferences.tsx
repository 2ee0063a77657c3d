/** Language and appearance, each a menu behind one button. */
import { ActionIcon, Menu, useMantineColorScheme } from "@mantine/core";
import { IconDeviceDesktop, IconLanguage, IconMoon, IconSun } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { chooseLanguage, LANGUAGES, type Language } from "../languages";
import { Choices } from "./choices";

function Preference({ label, icon, children }: { label: string; icon: ReactNode; children: ReactNode }) {
  return (
    <Menu position="bottom-end" width={190}>
      <Menu.Target>
        <ActionIcon variant="subtle" c="inherit" size="lg" aria-label={label} title={label}>
          {icon}
        </ActionIcon>
      </Menu.Target>
      {children}
    </Menu>
  );
}

export function LanguageMenu() {
  const { t, i18n } = useTranslation();
  const chosen = i18n.language as Language;
  const choices = (Object.entries(LANGUAGES) as [Language, string][]).map(([value, label]) => ({ value, label, lang: value }));
  return (
    <Preference label={t("language.menu", { name: LANGUAGES[chosen] })} icon={<IconLanguage size={20} stroke={1.6} />}>
      <Choices choices={choices} chosen={chosen} choose={chooseLanguage} />
    </Preference>
  );
}

const ICONS = { light: IconSun, dark: IconMoon, auto: IconDeviceDesktop };

export function SchemeMenu() {
  const { t } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const Icon = ICONS[colorScheme];
  const choices = (["light", "dark", "auto"] as const).map((value) => ({ value, label: t(`scheme.${value}`) }));
  return (
    <Preference label={t("scheme.menu")} icon={<Icon size={20} stroke={1.6} />}>
      <Choices choices={choices} chosen={colorScheme} choose={setColorScheme} />
    </Preference>
  );
}
