import { Outlet } from "@tanstack/react-router";
import { LostConnection } from "./LostConnection";

/** A place of the open database, under the word that its server went away. */
export function OpenDatabase() {
  return (
    <>
      <LostConnection />
      <Outlet />
    </>
  );
}
