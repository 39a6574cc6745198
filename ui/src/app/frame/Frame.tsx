import { useQuery } from "@tanstack/react-query";
import { Outlet, useLocation, useMatches, useNavigate } from "@tanstack/react-router";
import { type CSSProperties, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { connectionQueryOptions } from "../../api/connection";
import { Pane } from "../../components/error/Pane";
import { setWindowTitle } from "../../platform/window";
import { InterruptedRuns } from "../../runs/InterruptedRuns";
import { RevisitDialog } from "../../runs/RevisitDialog";
import { RunDock } from "../../runs/RunDock";
import { LifeDialogs } from "../../tenants/LifeDialogs";
import { environmentLook } from "./environment";
import classes from "./Frame.module.css";
import { Header } from "./Header";
import { Rail } from "./Rail";
import { Search } from "./Search";
import { Shortcuts } from "./Shortcuts";
import { useGoingBack } from "./useGoingBack";

/** The route that all places of an open database are under. */
const databaseRoute = "/frame/database";

/** Header, places, content, runs; the environment's colour around it all. */
export function Frame() {
  const { t } = useTranslation();
  const { data: connection = null, isSuccess } = useQuery(connectionQueryOptions());
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const needsDatabase = useMatches({
    select: (matches) => matches.some((match) => match.routeId === databaseRoute),
  });
  const lost = isSuccess && connection === null && needsDatabase;
  useEffect(() => {
    if (lost) void navigate({ to: "/" });
  }, [lost, navigate]);
  useGoingBack(connection !== null);
  const look = connection && environmentLook(connection);
  const title = connection ? `${connection.server.database} – Cadastre` : "Cadastre";
  useEffect(() => void setWindowTitle(title), [title]);

  return (
    <div
      className={classes.frame}
      data-framed={look?.framed || undefined}
      style={
        look ? ({ "--environment": look.colour, "--on-label": look.onColour } as CSSProperties) : undefined
      }
    >
      <a className={classes.skip} href="#content">
        {t("frame.skip")}
      </a>
      <Header connection={connection} />
      <Rail connected={connection !== null} />
      <main id="content" className={classes.content} tabIndex={-1}>
        {/* The page of the runs says it itself. */}
        {!pathname.startsWith("/journal/runs") && (
          <Pane>
            <InterruptedRuns passing />
          </Pane>
        )}
        {/* Without a connection there is nothing to read on the way out. */}
        <Pane resetKey={pathname}>{!lost && <Outlet />}</Pane>
      </main>
      <div className={classes.dock}>
        <Pane>
          <RunDock />
        </Pane>
      </div>
      <Pane>
        <RevisitDialog />
      </Pane>
      <Pane>
        <LifeDialogs />
      </Pane>
      <Search connection={connection} />
      <Shortcuts />
    </div>
  );
}
