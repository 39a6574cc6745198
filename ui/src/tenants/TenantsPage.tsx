/** The fleet. */
export function TenantsPage() {
  return null;
}
