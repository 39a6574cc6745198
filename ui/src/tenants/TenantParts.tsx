import { SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { quarantineQueryOptions } from "../api/quarantine";
import { useFormat } from "../i18n/format";

type TenantPart = "use" | "quarantine";

/** The tenants that are in use, and those that were dropped and are still there. */
export function TenantParts({ part }: { part: TenantPart }) {
  const { t } = useTranslation("tenants");
  const format = useFormat();
  const navigate = useNavigate();
  const { data } = useQuery(quarantineQueryOptions());
  const count = data?.length ?? 0;
  return (
    <SegmentedControl
      aria-label={t("part.label")}
      value={part}
      onChange={(next) =>
        void navigate({ to: "/tenants", search: next === "quarantine" ? { quarantine: true } : {} })
      }
      data={[
        { value: "use", label: t("part.use") },
        {
          value: "quarantine",
          label: count > 0 ? t("part.quarantineOf", { number: format.number(count) }) : t("part.quarantine"),
        },
      ]}
    />
  );
}
