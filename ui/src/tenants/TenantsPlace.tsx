import { useSearch } from "@tanstack/react-router";
import { QuarantinePage } from "../quarantine/QuarantinePage";
import { TenantsPage } from "./TenantsPage";

/** The place of the tenants: those in use, or those in quarantine. */
export function TenantsPlace() {
  const { quarantine } = useSearch({ from: "/frame/database/tenants" });
  return quarantine ? <QuarantinePage /> : <TenantsPage />;
}
