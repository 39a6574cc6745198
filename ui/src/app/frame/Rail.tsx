import { Tooltip } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import {
  IconArchive,
  IconArrowsRightLeft,
  IconBuildingCommunity,
  IconHeartbeat,
  IconHistory,
  IconSettings,
  IconStack2,
  type TablerIcon,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useAlertWatch } from "../../alerts/useAlertWatch";
import { aboutQueryOptions } from "../../api/system";
import { tenantListQueryOptions } from "../../api/tenants";
import classes from "./Rail.module.css";

type Place = "tenants" | "migrations" | "compare" | "backups" | "health" | "journal" | "settings";
const places: readonly { place: Place; icon: TablerIcon; database: boolean }[] = [
  { place: "tenants", icon: IconBuildingCommunity, database: true },
  { place: "migrations", icon: IconStack2, database: true },
  { place: "compare", icon: IconArrowsRightLeft, database: true },
  { place: "backups", icon: IconArchive, database: false },
  { place: "health", icon: IconHeartbeat, database: true },
  { place: "journal", icon: IconHistory, database: false },
  { place: "settings", icon: IconSettings, database: false },
];

/** The places of the window. */
export function Rail({ connected }: { connected: boolean }) {
  const { t } = useTranslation();
  const narrow = useMediaQuery("(max-width: 940px)") ?? false;
  const { data: about } = useQuery(aboutQueryOptions());
  const { data: list } = useQuery({ ...tenantListQueryOptions(), enabled: connected });
  const alerts = useAlertWatch(connected).filter((alert) => alert.level !== "note").length;
  const behind = list?.tenants.filter((tenant) => (tenant.pending ?? 0) > 0).length ?? 0;
  return (
    <nav className={classes.rail} aria-label={t("frame.places")}>
      {places
        .filter(({ database }) => connected || !database)
        .map(({ place, icon: Icon }) => (
          <Tooltip key={place} label={t(`place.${place}`)} position="right" disabled={!narrow}>
            <Link
              to={`/${place}`}
              className={classes.place}
              activeProps={{ "data-current": true, "aria-current": "page" }}
              aria-label={narrow ? t(`place.${place}`) : undefined}
            >
              <Icon size={17} stroke={1.7} aria-hidden="true" />
              <span className={classes.name}>{t(`place.${place}`)}</span>
              {place === "migrations" && behind > 0 && <Behind count={behind} />}
              {place === "health" && alerts > 0 && <Alerted count={alerts} />}
            </Link>
          </Tooltip>
        ))}
      {about && <p className={classes.foot}>{t("frame.version", { version: about.version })}</p>}
    </nav>
  );
}

function Alerted({ count }: { count: number }) {
  const { t } = useTranslation("alerts");
  const words = t("badge", { count });
  return (
    <span className={classes.alerts} title={words}>
      <span aria-hidden="true">{count}</span>
      <span className="visually-hidden">{words}</span>
    </span>
  );
}

function Behind({ count }: { count: number }) {
  const { t } = useTranslation("tenants");
  return (
    <span className={classes.count} title={t("behind", { count })}>
      {count > 999 ? "999+" : count}
    </span>
  );
}
