import type { TenantSummary } from "../api/types";

type MigrateDialogProps = {
  opened: boolean;
  onClose: () => void;
  /** Who to migrate. */
  tenants: readonly TenantSummary[];
};

/** Asks for source, version and care; shows the plan; starts the run. */
export function MigrateDialog(_props: MigrateDialogProps) {
  return null;
}
