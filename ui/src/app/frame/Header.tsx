import { ActionIcon, Badge, Menu, Popover, Tooltip } from "@mantine/core";
import {
  IconDotsVertical,
  IconKeyboard,
  IconLock,
  IconLockOpen,
  IconPlugConnectedX,
  IconSearch,
} from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useDemoStop, useDisconnect } from "../../api/connection";
import type { OpenConnection, ServerInfo } from "../../api/types";
import { modifierName } from "../../platform/keys";
import { encryptionOf, isSocket } from "./encryption";
import { environmentLook } from "./environment";
import classes from "./Header.module.css";
import { openSearch } from "./Search";
import { ServerCard } from "./ServerCard";
import { openShortcuts } from "./Shortcuts";

/** Where you are: environment, database, server, role, what the session may do; and the search. */
export function Header({ connection }: { connection: OpenConnection | null }) {
  const { t } = useTranslation();
  return (
    <section className={classes.header} aria-label={t("frame.where")}>
      {connection ? (
        <Where connection={connection} />
      ) : (
        <span className={classes.none}>{t("frame.notConnected")}</span>
      )}
      <button
        type="button"
        className={classes.search}
        onClick={openSearch}
        aria-keyshortcuts="Control+K Meta+K"
      >
        <IconSearch size={14} aria-hidden="true" />
        <span>{t("search.placeholder")}</span>
        <kbd>{modifierName} K</kbd>
      </button>
      {connection && <ConnectionMenu demo={connection.demo} />}
    </section>
  );
}

function Where({ connection }: { connection: OpenConnection }) {
  const { t } = useTranslation();
  const { server, profile } = connection;
  const look = environmentLook(connection);
  return (
    <>
      <span className={classes.environment}>{t(look.label)}</span>
      <Popover position="bottom-start" width={440} returnFocus shadow="none">
        <Popover.Target>
          <button type="button" className={classes.where} title={t("server.title")}>
            <b>{server.database}</b>
            <span className={classes.host}> {address(server, t("frame.socket"))}</span>
            <span> {t("frame.as", { role: server.role })}</span>
            <span className={classes.version}> · {t("frame.server", { version: server.version })}</span>
          </button>
        </Popover.Target>
        <Popover.Dropdown className={classes.card} aria-label={t("server.title")}>
          <ServerCard connection={connection} />
        </Popover.Dropdown>
      </Popover>
      {encryptionOf(profile, server).kind === "clear" && (
        <Tooltip label={t("frame.clearHint", { host: server.host })} multiline maw={360}>
          <Badge className={classes.badge} color="warn" leftSection={<IconLockOpen size={11} />} tt="none">
            {t("frame.clear")}
          </Badge>
        </Tooltip>
      )}
      {server.read_only && (
        <Tooltip label={t("frame.readOnlyHint")}>
          <Badge className={classes.badge} color="info" leftSection={<IconLock size={11} />} tt="none">
            {t("frame.readOnly")}
          </Badge>
        </Tooltip>
      )}
      {server.standby && (
        <Tooltip label={t("frame.standbyHint")}>
          <Badge className={classes.badge} color="warn" tt="none">
            {t("frame.standby")}
          </Badge>
        </Tooltip>
      )}
    </>
  );
}

/** Where the server is, as it stands after the database; the folder of a socket is told in the card. */
function address({ host, port }: ServerInfo, socket: string): string {
  if (!isSocket(host)) return `@ ${host}:${port}`;
  return port === 5432 ? `· ${socket}` : `· ${socket} :${port}`;
}

function ConnectionMenu({ demo }: { demo: boolean }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const disconnect = useDisconnect();
  const stopDemo = useDemoStop();
  const leave = (demo ? stopDemo : disconnect).mutate;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon aria-label={t("frame.connection")}>
          <IconDotsVertical size={17} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconKeyboard size={15} />} onClick={openShortcuts}>
          {t("frame.shortcuts")}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconPlugConnectedX size={15} />}
          onClick={() => leave(undefined, { onSuccess: () => void navigate({ to: "/" }) })}
        >
          {t("frame.disconnect")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
