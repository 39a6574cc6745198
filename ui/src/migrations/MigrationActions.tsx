import { ActionIcon, Button, Menu, Tooltip } from "@mantine/core";
import { IconArrowBackUp, IconDotsVertical, IconListCheck, IconStack2 } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { connectionQueryOptions } from "../api/connection";
import type { Direction } from "../api/types";
import { MigrateDialog } from "./MigrateDialog";
import { canGoBack, canGoOn, type MatrixRow } from "./matrix";

type MigrationActionsProps = {
  rows: readonly MatrixRow[];
  /** The selected ones. */
  chosen: readonly MatrixRow[];
  source: string | null;
};

/** What can be done with the selection, or with everybody: forwards by a button, backwards in the menu. */
export function MigrationActions({ rows, chosen, source }: MigrationActionsProps) {
  const { t } = useTranslation(["migrations", "tenants"]);
  const navigate = useNavigate();
  const { data: connection } = useQuery(connectionQueryOptions());
  const [direction, setDirection] = useState<Direction | null>(null);
  const readOnly = connection?.server.read_only ?? false;
  // Without a selection, everybody who is behind and can be helped, not who has no history; or everybody who has something to take back.
  const behind =
    chosen.length > 0
      ? chosen
      : rows.filter(({ standing, tenant }) => standing === "behind" || canGoOn(tenant));
  const ahead = chosen.length > 0 ? chosen : rows.filter(({ tenant }) => canGoBack(tenant));
  const unmanaged = rows.some(({ standing }) => standing === "noHistory");
  const refused = readOnly || behind.length === 0;
  const close = () => setDirection(null);
  return (
    <>
      <Tooltip
        label={
          readOnly
            ? t("tenants:newRefused.readOnly")
            : t(unmanaged ? "migrations:nothingBehindSelect" : "migrations:nothingBehind")
        }
        disabled={!refused}
      >
        <Button
          variant="filled"
          leftSection={<IconStack2 size={15} />}
          data-disabled={refused || undefined}
          aria-disabled={refused || undefined}
          onClick={() => !refused && setDirection("up")}
        >
          {behind.length === 0
            ? t("migrations:migrate")
            : t(chosen.length > 0 ? "migrations:migrateSelected" : "migrations:migrateBehind", {
                count: behind.length,
              })}
        </Button>
      </Tooltip>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label={t("migrations:more")}>
            <IconDotsVertical size={17} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconArrowBackUp size={15} />}
            disabled={readOnly || ahead.length === 0}
            onClick={() => setDirection("down")}
          >
            {ahead.length === 0
              ? t("migrations:revert")
              : t(chosen.length > 0 ? "migrations:revertSelected" : "migrations:revertAll", {
                  count: ahead.length,
                })}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconListCheck size={15} />}
            onClick={() => void navigate({ to: "/journal/runs" })}
          >
            {t("migrations:runs")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <MigrateDialog
        key={direction}
        opened={direction !== null}
        direction={direction ?? "up"}
        onClose={close}
        tenants={(direction === "down" ? ahead : behind).map(({ tenant }) => tenant)}
        source={source ?? undefined}
      />
    </>
  );
}
