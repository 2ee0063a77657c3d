/** The stream of facts while a page is open. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, useSyncExternalStore } from "react";
import { Events, type Link } from "./events";

export function useEvents(): { link: Link; hurry: () => void } {
  const queries = useQueryClient();
  const [events] = useState(() => new Events(queries));
  useEffect(() => events.start(), [events]);
  const link = useSyncExternalStore(events.subscribe, () => events.link);
  return { link, hurry: events.hurry };
}
