import { Skeleton } from "@mantine/core";
import classes from "./StructurePage.module.css";

/** The place of an answer, with what is being done meanwhile. */
export function Waiting({ text }: { text: string }) {
  return (
    <div className={classes.waiting} role="status">
      <p>{text}</p>
      {[94, 88, 91, 85, 90].map((width) => (
        <Skeleton key={width} height={14} width={`${width}%`} />
      ))}
    </div>
  );
}
