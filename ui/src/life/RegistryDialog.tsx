import { IconAddressBook, IconHistory, IconLock } from "@tabler/icons-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { usePlanRegistry } from "../api/life";
import { ChangeList } from "../components/plan/ChangeList";
import { LifePlan } from "./LifePlan";

/** Installs Cadastre's own tables in the database, or brings them to the present version. */
export function RegistryDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("life");
  const planning = usePlanRegistry();
  const { mutate } = planning;
  useEffect(() => mutate(), [mutate]);
  return (
    <LifePlan
      onClose={onClose}
      title={t("registry.title")}
      subtitle={t("registry.subtitle")}
      planning={planning}
      request={undefined}
      changes={() => (
        <ChangeList
          changes={[
            { icon: IconAddressBook, text: t("registry.tables"), code: "cadastre" },
            { icon: IconHistory, text: t("registry.versions") },
            { icon: IconLock, text: t("registry.rights") },
          ]}
          note={t("registry.note")}
        />
      )}
      action={t("registry.action")}
    />
  );
}
