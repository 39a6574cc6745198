import type { TenantSummary } from "../api/types";

type ExportDialogProps = {
  opened: boolean;
  onClose: () => void;
  /** One workbook each. */
  tenants: readonly TenantSummary[];
};

/** Asks where to, and which tables; starts the export. */
export function ExportDialog(_props: ExportDialogProps) {
  return null;
}
