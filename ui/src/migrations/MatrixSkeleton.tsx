import { Skeleton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import classes from "./MigrationsPage.module.css";

/** The matrix before it was read. */
export function MatrixSkeleton() {
  const { t } = useTranslation();
  return (
    <div className={classes.skeleton} role="status">
      <span className="visually-hidden">{t("loading")}</span>
      {Array.from({ length: 14 }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all alike and never move
        <div key={line} className={classes.skeletonLine}>
          <Skeleton height={11} width={150 + ((line * 37) % 90)} />
          <Skeleton height={20} style={{ flex: 1 }} />
        </div>
      ))}
    </div>
  );
}
