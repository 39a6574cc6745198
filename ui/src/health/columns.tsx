import type { DoctorFinding } from "../api/types";
import type { GridColumn } from "../components/grid/columns";
import { Status } from "../components/status/Status";
import type { Format } from "../i18n/format";
import { checkTitle, findingText, levels, type Translate, tones } from "./words";

/** The columns of the list of findings; in a small window what is wrong stands in the panel alone. */
export function findingColumns(t: Translate, format: Format, narrow: boolean): GridColumn<DoctorFinding>[] {
  return [
    {
      id: "level",
      header: t("health:column.level"),
      value: (finding) => levels.indexOf(finding.level),
      text: (finding) => t(`health:level.${finding.level}`),
      render: (finding) => <Status tone={tones[finding.level]} label={t(`health:level.${finding.level}`)} />,
      width: 112,
      hideable: false,
    },
    {
      id: "tenant",
      header: t("health:column.tenant"),
      value: (finding) => finding.schema ?? "",
      render: (finding) =>
        finding.schema === null ? (
          <i>{t("health:wholeDatabase")}</i>
        ) : (
          <bdi title={finding.schema}>{finding.schema}</bdi>
        ),
      width: 130,
      minWidth: 90,
      grow: 2,
      opens: true,
    },
    {
      id: "object",
      header: t("health:column.object"),
      value: (finding) => finding.object,
      render: (finding) => <bdi title={finding.object}>{finding.object}</bdi>,
      width: 140,
      minWidth: 90,
      grow: 3,
      code: true,
      hidden: narrow,
    },
    {
      id: "check",
      header: t("health:column.check"),
      value: (finding) => checkTitle(t, finding.check),
      width: 150,
      grow: 2,
      hidden: true,
    },
    {
      id: "message",
      header: t("health:column.message"),
      value: (finding) => findingText(t, format, finding),
      render: (finding) => {
        const text = findingText(t, format, finding);
        return <span title={text}>{text}</span>;
      },
      width: 260,
      grow: 5,
    },
  ];
}
