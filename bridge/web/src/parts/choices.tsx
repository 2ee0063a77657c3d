/** A menu of which one entry is chosen. */
import { Menu } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";

export type Choice<T> = { value: T; label: string; lang?: string };
type Props<T> = { choices: Choice<T>[]; chosen: string; choose: (value: T) => void };

export function Choices<T extends string>({ choices, chosen, choose }: Props<T>) {
  return (
    <Menu.Dropdown>
      <Menu.RadioGroup value={chosen} onChange={(value) => choose(value as T)}>
        {choices.map(({ value, label, lang }) => (
          <Menu.RadioItem key={value} value={value} lang={lang} closeMenuOnClick checkIcon={<IconCheck size={16} />}>
            {label}
          </Menu.RadioItem>
        ))}
      </Menu.RadioGroup>
    </Menu.Dropdown>
  );
}
