import { Outlet } from "@tanstack/react-router";
import { useKeepFigures } from "../../history/useKeepFigures";
import { LostConnection } from "./LostConnection";

/** A place of the open database, under the word that its server went away. */
export function OpenDatabase() {
  useKeepFigures();
  return (
    <>
      <LostConnection />
      <Outlet />
    </>
  );
}
