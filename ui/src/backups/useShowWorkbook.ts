import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { workbookQueryOptions } from "../api/workbooks";

/** Leads to a workbook as it is now: whoever opens a file again wants to see what became of it. */
export function useShowWorkbook() {
  const client = useQueryClient();
  const navigate = useNavigate();
  return (path: string) => {
    client.removeQueries({ queryKey: workbookQueryOptions(path).queryKey });
    void navigate({ to: "/backups", search: { file: path } });
  };
}
