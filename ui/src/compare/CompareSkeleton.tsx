import { Skeleton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import classes from "./ComparePage.module.css";

/** The comparison before it was read. */
export function CompareSkeleton() {
  const { t } = useTranslation();
  return (
    <div className={classes.skeleton} role="status">
      <span className="visually-hidden">{t("loading")}</span>
      {[94, 88, 91, 85, 90].map((width) => (
        <Skeleton key={width} height={14} width={`${width}%`} />
      ))}
    </div>
  );
}
