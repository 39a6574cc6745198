import { ActionIcon, Tooltip, useComputedColorScheme } from "@mantine/core";
import { useReducedMotion } from "@mantine/hooks";
import { IconChartBar, IconPhoto, IconTable } from "@tabler/icons-react";
import type { ECharts, EChartsCoreOption } from "echarts/core";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { copyPicture } from "../../platform/clipboard";
import { releaseCanvases } from "../canvas/release";
import { announcePicture } from "../grid/announce";
import classes from "./Chart.module.css";
import { type Palette, readPalette } from "./palette";

type ChartProps = {
  /** What the picture shows, with units. */
  title: string;
  /** The picture in one sentence, for who cannot see it. */
  description: string;
  /** The picture; called again when the colours change. Keep it stable with useCallback. */
  option: (palette: Palette) => EChartsCoreOption;
  /** The same figures as a table. */
  table: ReactNode;
  height?: number;
  onPick?: (name: string) => void;
};

/** A picture of figures, with its title, its table, and a way to take it along. */
export function Chart({ title, description, option, table, height = 280, onPick }: ChartProps) {
  const { t } = useTranslation();
  const [asTable, setAsTable] = useState(false);
  const [engine, setEngine] = useState<ECharts | null>(null);
  const host = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme("light");
  const still = useReducedMotion();

  useEffect(() => {
    const element = host.current;
    if (asTable || !element || element.clientWidth === 0) return;
    let chart: ECharts | null = null;
    let gone = false;
    const observer = new ResizeObserver(() => chart?.resize());
    const draw = async () => {
      const { echarts } = await import("./engine");
      if (gone) return;
      chart = echarts.init(element, null, { renderer: "canvas" });
      observer.observe(element);
      setEngine(chart);
    };
    // A picture holds megabytes: one that nobody has scrolled to waits.
    const near = new IntersectionObserver(
      (seen) => {
        if (!seen.some((one) => one.isIntersecting)) return;
        near.disconnect();
        void draw();
      },
      { rootMargin: "200px" },
    );
    near.observe(element);
    return () => {
      gone = true;
      near.disconnect();
      observer.disconnect();
      releaseCanvases(element.querySelectorAll("canvas"));
      chart?.dispose();
      setEngine(null);
    };
  }, [asTable]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the scheme changes the colours that are read
  useEffect(() => {
    const palette = readPalette();
    engine?.setOption(
      {
        animation: !still,
        animationDuration: 150,
        textStyle: { fontFamily: "Inter Variable, sans-serif", color: palette.text },
        color: palette.series,
        ...option(palette),
      },
      { notMerge: true },
    );
  }, [engine, option, scheme, still]);

  useEffect(() => {
    if (!engine || !onPick) return;
    const pick = (event: { name?: string }) => {
      if (event.name) onPick(event.name);
    };
    engine.on("click", pick);
    return () => void engine.off("click", pick);
  }, [engine, onPick]);

  const copyImage = async () => {
    if (!engine) return;
    const url = engine.getDataURL({ pixelRatio: 2, backgroundColor: readPalette().surface });
    announcePicture(await copyPicture(toBlob(url)));
  };

  return (
    <figure className={classes.chart}>
      <figcaption className={classes.caption}>
        <span className={classes.title}>{title}</span>
        <Tooltip label={t(asTable ? "chart.asChart" : "chart.asTable")}>
          <ActionIcon
            aria-label={t(asTable ? "chart.asChart" : "chart.asTable")}
            onClick={() => setAsTable((shown) => !shown)}
          >
            {asTable ? <IconChartBar size={16} /> : <IconTable size={16} />}
          </ActionIcon>
        </Tooltip>
        {!asTable && (
          <Tooltip label={t("chart.copyImage")}>
            <ActionIcon aria-label={t("chart.copyImage")} onClick={() => void copyImage()} disabled={!engine}>
              <IconPhoto size={16} />
            </ActionIcon>
          </Tooltip>
        )}
      </figcaption>
      {asTable ? (
        <div className={classes.table} style={{ maxHeight: height }}>
          {table}
        </div>
      ) : (
        <div ref={host} role="img" aria-label={description} style={{ height }} />
      )}
    </figure>
  );
}

function toBlob(url: string): Blob {
  const [head = "", data = ""] = url.split(",");
  const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
  return new Blob([bytes], { type: head.slice(5, head.indexOf(";")) });
}
