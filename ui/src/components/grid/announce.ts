import { notifications } from "@mantine/notifications";
import i18next from "i18next";

/** Says that something was copied: `null` for a cell, otherwise how many rows. */
export function announceCopy(rows: number | null): void {
  notifications.show({
    id: "copied",
    message: rows === null ? i18next.t("grid.copiedCell") : i18next.t("grid.copiedRows", { count: rows }),
    autoClose: 1500,
    withCloseButton: false,
    color: "accent",
  });
}

/** Says that a picture was copied, or that the system does not take any. */
export function announcePicture(copied: boolean): void {
  notifications.show({
    id: "copied",
    message: i18next.t(copied ? "chart.copiedImage" : "chart.notCopied"),
    withCloseButton: false,
  });
}
