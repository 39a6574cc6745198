import { Button, Progress } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useDemoStart } from "../api/connection";
import type { DemoEvent } from "../api/types";
import { ErrorView } from "../components/error/ErrorView";
import classes from "./Welcome.module.css";

/** How far along each step is, in percent; filling counts its tenants. */
const reached = { searching: 4, initialising: 12, starting: 22, filling: 30, ready: 100 };

/** The demo in one click, with what it is doing. */
export function DemoCard() {
  const { t } = useTranslation("connect");
  const navigate = useNavigate();
  const [event, setEvent] = useState<DemoEvent | null>(null);
  const demo = useDemoStart(setEvent);
  const start = () => {
    setEvent(null);
    demo.mutate(undefined, { onSuccess: () => void navigate({ to: "/tenants" }) });
  };
  return (
    <section className={`${classes.way} ${classes.demo}`}>
      <h3>{t("welcome.demo")}</h3>
      <p>{t("welcome.demoText")}</p>
      {demo.isPending ? (
        <div className={classes.progress} role="status">
          <p className={classes.step}>{words(event, t)}</p>
          <Progress value={percent(event)} aria-label={t("demo.running")} transitionDuration={120} />
        </div>
      ) : (
        <Button variant="filled" leftSection={<IconPlayerPlay size={15} />} onClick={start}>
          {t("demo.start")}
        </Button>
      )}
      {demo.error && (
        <div className={classes.progress}>
          <ErrorView error={demo.error} title={t("demo.failed")} onRetry={start} />
        </div>
      )}
    </section>
  );
}

function percent(event: DemoEvent | null): number {
  if (!event) return 1;
  if (event.step !== "filling") return reached[event.step];
  return reached.filling + (68 * event.done) / Math.max(1, event.total);
}

type Translate = ReturnType<typeof useTranslation<"connect">>["t"];

function words(event: DemoEvent | null, t: Translate): string {
  if (!event) return t("demo.searching");
  if (event.step === "filling") return t("demo.filling", { done: event.done, total: event.total });
  return t(`demo.${event.step}`);
}
