import { Button } from "@mantine/core";
import { IconFolderOpen, IconShieldCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useRevealArchive } from "../api/archives";
import { useRevealExport } from "../api/exports";
import { useShowWorkbook } from "../backups/useShowWorkbook";
import { Bytes, Figure } from "../components/figures/Figure";
import { Status } from "../components/status/Status";
import { verifiedWord } from "./columns";
import type { WrittenFile } from "./outcomes";
import classes from "./RunPanel.module.css";

/** A file that a run has written, and where it leads. */
export function WrittenFileView({ file }: { file: WrittenFile }) {
  const { t } = useTranslation(["runs", "common"]);
  const revealWorkbook = useRevealExport();
  const revealArchive = useRevealArchive();
  const verify = useShowWorkbook();
  const reveal = file.kind === "workbook" ? revealWorkbook : revealArchive;
  return (
    <div className={classes.file}>
      <code>{file.path}</code>
      <span>
        <Figure value={file.rows} /> {t("runs:file.rows", { count: file.rows })} ·{" "}
        <Bytes value={file.bytes} />
      </span>
      <Status tone={file.verified ? "ok" : "warn"} label={verifiedWord(t, file)} />
      <div className={classes.fileButtons}>
        <Button leftSection={<IconFolderOpen size={15} />} onClick={() => reveal.mutate(file.path)}>
          {t("runs:reveal")}
        </Button>
        {file.kind === "workbook" && file.path.endsWith(".xlsx") && (
          <Button leftSection={<IconShieldCheck size={15} />} onClick={() => verify(file.path)}>
            {t("runs:file.verify")}
          </Button>
        )}
      </div>
    </div>
  );
}
