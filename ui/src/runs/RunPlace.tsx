import { useQuery } from "@tanstack/react-query";
import { connectionQueryOptions } from "../api/connection";
import { databaseOf } from "./followUp";
import classes from "./RunDock.module.css";

/** Where a run is, when that is not the open database: runs go on after one has left. */
export function RunPlace({ database }: { database: string }) {
  const { data: connection } = useQuery(connectionQueryOptions());
  if (connection && databaseOf(connection) === database) return null;
  return <code className={classes.place}>{database}</code>;
}
