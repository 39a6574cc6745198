import { useSearch } from "@tanstack/react-router";
import { AdoptionPage } from "../adoption/AdoptionPage";
import { QuarantinePage } from "../quarantine/QuarantinePage";
import { TenantsPage } from "./TenantsPage";

/** The place of the tenants: those in use, those in quarantine, or which schemas they are. */
export function TenantsPlace() {
  const { quarantine, adopt } = useSearch({ from: "/frame/database/tenants" });
  if (adopt) return <AdoptionPage />;
  return quarantine ? <QuarantinePage /> : <TenantsPage />;
}
