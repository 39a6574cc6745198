import { Button, Group, Modal } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useRemoveProfile } from "../api/profiles";
import type { Profile } from "../api/types";

type RemoveDialogProps = { profile: Profile; onClose: () => void; onRemoved: () => void };

/** Says what is lost with a connection before it is deleted. */
export function RemoveDialog({ profile, onClose, onRemoved }: RemoveDialogProps) {
  const { t } = useTranslation(["connect", "common"]);
  const remove = useRemoveProfile();
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("connect:remove.title", { name: profile.name })}
      closeButtonProps={{ "aria-label": t("common:action.close") }}
      size={460}
    >
      <p style={{ marginTop: 0 }}>{t("connect:remove.text")}</p>
      <Group justify="flex-end" gap={8}>
        <Button size="sm" onClick={onClose} data-autofocus>
          {t("common:action.cancel")}
        </Button>
        <Button
          size="sm"
          variant="filled"
          color="bad"
          loading={remove.isPending}
          onClick={() => remove.mutate(profile.id, { onSuccess: onRemoved })}
        >
          {t("connect:remove.action")}
        </Button>
      </Group>
    </Modal>
  );
}
