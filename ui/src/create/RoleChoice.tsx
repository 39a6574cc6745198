import { Input, SegmentedControl } from "@mantine/core";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { RoleRequest } from "../api/types";

export type RoleKind = "none" | "group" | "login";

/** What core is asked for. */
export const roleOf = (kind: RoleKind): RoleRequest | null =>
  kind === "none"
    ? null
    : {
        name: null,
        login: kind === "login",
        existing: false,
        may_create: false,
        database_search_path: false,
      };

type RoleChoiceProps = { chosen: RoleKind; onChange: (kind: RoleKind) => void };

/** Whether a new tenant gets a role of its own. */
export function RoleChoice({ chosen, onChange }: RoleChoiceProps) {
  const { t } = useTranslation("life");
  const id = useId();
  return (
    <Input.Wrapper
      label={t("create.role")}
      labelElement="div"
      labelProps={{ id }}
      description={t(
        chosen === "none"
          ? "create.roleNoneHint"
          : chosen === "group"
            ? "create.roleGroupHint"
            : "create.roleLoginHint",
      )}
      descriptionProps={{ mt: 4 }}
      inputWrapperOrder={["label", "input", "description", "error"]}
    >
      <SegmentedControl
        aria-labelledby={id}
        fullWidth
        value={chosen}
        onChange={(value) => onChange(value as RoleKind)}
        data={[
          { value: "none", label: t("create.roleNone") },
          { value: "group", label: t("create.roleGroup") },
          { value: "login", label: t("create.roleLogin") },
        ]}
      />
    </Input.Wrapper>
  );
}
