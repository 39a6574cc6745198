import { CloneDialog } from "../clone/CloneDialog";
import { ActivateDialog } from "../life/ActivateDialog";
import { DeactivateDialog } from "../life/DeactivateDialog";
import { RenameDialog } from "../life/RenameDialog";
import { MoveBackDialog, MoveDialog } from "../misplaced/MoveDialog";
import { DropDialog } from "../quarantine/DropDialog";
import { PurgeDialog } from "../quarantine/PurgeDialog";
import { UndropDialog } from "../quarantine/UndropDialog";
import { closeLifeStep, useLifeStep } from "./life";

/** The dialog that `openLifeStep` opens. Once in the window. */
export function LifeDialogs() {
  const open = useLifeStep();
  if (!open) return null;
  const key = `${open.step} ${open.tenant.schema}`;
  switch (open.step) {
    case "clone":
      return <CloneDialog key={key} tenant={open.tenant} onClose={closeLifeStep} />;
    case "drop":
      return <DropDialog key={key} tenant={open.tenant} onClose={closeLifeStep} />;
    case "rename":
      return <RenameDialog key={key} tenant={open.tenant} onClose={closeLifeStep} />;
    case "deactivate":
      return <DeactivateDialog key={key} tenants={open.tenants} onClose={closeLifeStep} />;
    case "activate":
      return <ActivateDialog key={key} tenants={open.tenants} onClose={closeLifeStep} />;
    case "move":
      return <MoveDialog key={key} tenant={open.tenant} objects={open.objects} onClose={closeLifeStep} />;
    case "moveBack":
      return <MoveBackDialog key={key} tenant={open.tenant} run={open.run} onClose={closeLifeStep} />;
    case "undrop":
      return <UndropDialog key={key} tenant={open.tenant} onClose={closeLifeStep} />;
    case "purge":
      return <PurgeDialog key={key} tenant={open.tenant} onClose={closeLifeStep} />;
  }
}
