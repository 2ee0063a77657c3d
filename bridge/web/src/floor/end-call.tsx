/** Hangs up a call that is under way, after a question. */
import { Button } from "@mantine/core";
import { IconPhoneOff } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "../parts/dialog";
import { mayEndCall } from "../server/permissions";
import { Problem } from "../server/problem";
import { endCall, type Me, type Story } from "../server/resources";
import style from "./story.module.css";

const OVER = new Set(["closed", "abandoned"]);

export function EndCall({ story, me, customer }: { story: Story; me: Me; customer: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [asking, ask] = useState(false);
  const end = useMutation({
    mutationFn: () => endCall(story.contact_id ?? ""),
    onSettled: () => {
      ask(false);
      void queries.invalidateQueries({ queryKey: ["interactions"] });
    },
  });
  const live = story.state !== "closed" && story.contact_id !== null && !OVER.has(story.contact_state ?? "");
  const said = end.isSuccess ? t("story.end_done") : end.isError ? words(end.error) : "";
  return (
    <div className={style.deeds}>
      {live && mayEndCall(me, story) && !end.isSuccess && (
        <Button
          variant="default"
          className={style.end}
          leftSection={<IconPhoneOff size={18} stroke={1.6} />}
          onClick={() => ask(true)}
        >
          {t("story.end")}
        </Button>
      )}
      <p role="status" className={style.said}>
        {live || end.isError ? said : ""}
      </p>
      {asking && (
        <Dialog title={t("story.end_title")} close={() => ask(false)}>
          <p>{t("story.end_more", { customer })}</p>
          <div className={style.answers}>
            <Button variant="default" onClick={() => ask(false)}>
              {t("story.end_no")}
            </Button>
            <Button className={style.yes} loading={end.isPending} onClick={() => end.mutate()}>
              {t("story.end_yes")}
            </Button>
          </div>
        </Dialog>
      )}
    </div>
  );

  function words(fault: unknown): string {
    const over = fault instanceof Problem && (fault.status === 404 || fault.status === 409);
    return t(over ? "story.end_over" : "story.end_failed");
  }
}
