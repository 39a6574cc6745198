import { SegmentedControl } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

const places = ["data", "structure"] as const;
type ComparePlace = (typeof places)[number];

type ComparePlacesProps = {
  place: ComparePlace;
  /** Two tenants that are compared already, to go on with. */
  pair?: readonly [string, string];
};

/** What of the tenants is compared: what they hold, or how they are made. */
export function ComparePlaces({ place, pair }: ComparePlacesProps) {
  const { t } = useTranslation("compare");
  const navigate = useNavigate();
  const go = (next: string) => {
    if (next === "data") void navigate({ to: "/compare" });
    else
      void navigate({
        to: "/compare/structure",
        search: pair ? { reference: pair[0], tenant: pair[1] } : {},
      });
  };
  return (
    <SegmentedControl
      aria-label={t("place.label")}
      value={place}
      onChange={go}
      data={places.map((value) => ({ value, label: t(`place.${value}`) }))}
    />
  );
}
