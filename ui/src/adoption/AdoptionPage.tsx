import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconArrowLeft } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { adoptionQueryOptions, useForgetRules, useSaveRules } from "../api/adoption";
import type { TenantRules } from "../api/types";
import { ErrorView } from "../components/error/ErrorView";
import { showNotice } from "../components/notice/notice";
import { PageHeader } from "../components/page/PageHeader";
import classes from "./AdoptionPage.module.css";
import { Preview } from "./Preview";
import { RulesForm } from "./RulesForm";

/** Which schemas are tenants: rules on one side, what they come to on the other. */
export function AdoptionPage() {
  const { t } = useTranslation(["adoption", "common"]);
  const navigate = useNavigate();
  const [draft, setDraft] = useState<TenantRules | null>(null);
  const [tried] = useDebouncedValue(draft, 250);
  const picture = useQuery(adoptionQueryOptions(tried));
  const saving = useSaveRules();
  const forgetting = useForgetRules();
  const found = picture.data;
  const rules = draft ?? found?.rules;
  const counted = found && found.tenants.length + found.left_out.length;

  const save = () =>
    draft &&
    saving.mutate(draft, {
      onSuccess: () => {
        setDraft(null);
        showNotice({ message: (say) => say("adoption:saved"), tone: "ok" });
      },
    });
  const forget = () =>
    forgetting.mutate(undefined, {
      onSuccess: () => {
        setDraft(null);
        showNotice({ message: (say) => say("adoption:forgotten"), tone: "ok" });
      },
    });
  return (
    <div className={classes.page}>
      <PageHeader
        title={t("adoption:title")}
        subtitle={found && t("adoption:count", { count: found.tenants.length, all: counted })}
        before={
          <Tooltip label={t("adoption:back")}>
            <ActionIcon
              aria-label={t("adoption:back")}
              onClick={() => void navigate({ to: "/tenants", search: {} })}
            >
              <IconArrowLeft size={16} />
            </ActionIcon>
          </Tooltip>
        }
      >
        {draft !== null && (
          <Button variant="subtle" color="gray" onClick={() => setDraft(null)}>
            {t("adoption:undo")}
          </Button>
        )}
        {found?.saved && (
          <Button loading={forgetting.isPending} onClick={forget}>
            {t("adoption:forget")}
          </Button>
        )}
        <Button
          variant="filled"
          disabled={draft === null || picture.isError}
          loading={saving.isPending}
          onClick={save}
        >
          {t("adoption:save")}
        </Button>
      </PageHeader>
      <div className={classes.content}>
        <div className={classes.rules}>
          <p className={classes.lead}>{t("adoption:lead")}</p>
          {found && rules && <RulesForm rules={rules} picture={found} onChange={setDraft} />}
        </div>
        <div className={classes.preview}>
          {picture.error ? (
            <div className={classes.failure}>
              <ErrorView
                error={picture.error}
                title={t("adoption:failed")}
                onRetry={() => void picture.refetch()}
              />
            </div>
          ) : (
            <Preview picture={found} />
          )}
        </div>
      </div>
    </div>
  );
}
