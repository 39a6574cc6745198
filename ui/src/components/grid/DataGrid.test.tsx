import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { axeFindings, renderPart } from "../../testing/render";
import type { GridColumn } from "./columns";
import { DataGrid } from "./DataGrid";
import { useGridModel } from "./useGridModel";
import { nothingSelected, type Selection } from "./useSelection";

type City = { name: string; people: number | null };
const cities: City[] = [
  { name: "Brest", people: 139_000 },
  { name: "Élancourt", people: null },
  { name: "Lyon", people: 522_000 },
  { name: "Eu", people: 6_700 },
];
const columns: GridColumn<City>[] = [
  { id: "name", header: "Name", value: (city) => city.name, width: 200, grow: 1, opens: true },
  { id: "people", header: "People", value: (city) => city.people, align: "end", width: 100 },
];
const nameOf = (city: City) => city.name;

function Cities({ rows = cities, onOpen }: { rows?: City[]; onOpen?: (city: City) => void }) {
  const [selected, select] = useState<Selection>(nothingSelected);
  const model = useGridModel("cities", columns, rows);
  return (
    <>
      <DataGrid
        model={model}
        label="Cities"
        rowId={nameOf}
        selected={selected}
        onSelect={select}
        onOpen={onOpen}
        empty="nothing"
      />
      <output>{[...selected].sort().join(" ")}</output>
    </>
  );
}

const names = () =>
  screen
    .getAllByRole("row")
    .slice(1)
    .map((row) => within(row).getAllByRole("gridcell")[1]?.textContent);
const chosen = () => screen.getByRole("status").textContent;
const grid = () => screen.getByRole("grid", { name: "Cities" });

describe("a grid", () => {
  let copied = "";
  beforeEach(() => {
    copied = "";
  });
  const user = () => {
    const session = userEvent.setup();
    vi.spyOn(navigator.clipboard, "writeText").mockImplementation(async (text) => {
      copied = text;
    });
    return session;
  };

  it("sorts texts as the language does and keeps unknown figures last in both directions", async () => {
    const person = user();
    renderPart(<Cities />);
    await person.click(screen.getByRole("button", { name: "Name" }));
    expect(names()).toEqual(["Brest", "Élancourt", "Eu", "Lyon"]);
    await person.click(screen.getByRole("button", { name: "People" }));
    expect(names()).toEqual(["Lyon", "Brest", "Eu", "Élancourt"]);
    await person.click(screen.getByRole("button", { name: "People" }));
    expect(names()).toEqual(["Eu", "Brest", "Lyon", "Élancourt"]);
    expect(screen.getByRole("columnheader", { name: "People" })).toHaveAttribute("aria-sort", "ascending");
  });

  it("remembers how it was sorted", async () => {
    const person = user();
    const first = renderPart(<Cities />);
    await person.click(screen.getByRole("button", { name: "People" }));
    first.unmount();
    renderPart(<Cities />);
    expect(names()[0]).toBe("Lyon");
  });

  it("is walked through, opened and selected from the keyboard", async () => {
    const person = user();
    const onOpen = vi.fn();
    renderPart(<Cities onOpen={onOpen} />);
    grid().focus();
    await person.keyboard("{ArrowDown}{ArrowDown}{Enter}");
    expect(onOpen).toHaveBeenCalledWith(cities[2]);
    await person.keyboard(" ");
    expect(chosen()).toBe("Lyon");
    await person.keyboard("{Shift>}{ArrowDown}{/Shift}");
    expect(chosen()).toBe("Eu Lyon");
    await person.keyboard("{Control>}a{/Control}");
    expect(chosen()).toBe("Brest Eu Lyon Élancourt");
    await person.keyboard("{Escape}");
    expect(chosen()).toBe("");
  });

  it("names the cell under the cursor to a screen reader", async () => {
    const person = user();
    renderPart(<Cities />);
    grid().focus();
    await person.keyboard("{ArrowDown}{ArrowRight}");
    const active = document.getElementById(grid().getAttribute("aria-activedescendant") ?? "");
    expect(active).toHaveAttribute("aria-colindex", "3");
    expect(active?.closest("[role=row]")).toHaveAttribute("aria-rowindex", "3");
  });

  it("selects a range with shift and the mouse", async () => {
    const person = user();
    renderPart(<Cities />);
    const boxes = screen.getAllByRole("checkbox", { name: /^Select (?!all)/ });
    await person.click(boxes[0] as HTMLElement);
    await person.keyboard("{Shift>}");
    await person.click(boxes[2] as HTMLElement);
    await person.keyboard("{/Shift}");
    expect(chosen()).toBe("Brest Lyon Élancourt");
  });

  it("is opened by a double click, and not by two clicks on a box; the other button copies the cell it was on", async () => {
    const opened: string[] = [];
    const person = user();
    renderPart(<Cities onOpen={(city) => opened.push(city.name)} />);
    await person.dblClick(within(grid()).getByText("522000"));
    expect(opened).toEqual(["Lyon"]);
    await person.dblClick(within(grid()).getByRole("checkbox", { name: "Select Brest" }));
    expect(opened).toEqual(["Lyon"]);
    await person.pointer({ keys: "[MouseRight]", target: within(grid()).getByText("6700") });
    await person.click(await screen.findByRole("menuitem", { name: "Copy the cell" }));
    expect(copied).toBe("6700");
  });

  it("copies a cell, or the selection with its headings", async () => {
    const person = user();
    renderPart(<Cities />);
    grid().focus();
    await person.keyboard("{ArrowRight}{Control>}c{/Control}");
    expect(copied).toBe("139000");
    await person.keyboard(" {ArrowDown} {Control>}c{/Control}");
    expect(copied).toBe("Name\tPeople\nBrest\t139000\nÉlancourt\t");
  });

  it("draws only the visible rows of ten thousand and tells how many there are", () => {
    const many = Array.from({ length: 10_000 }, (_, index) => ({ name: `City ${index}`, people: index }));
    renderPart(<Cities rows={many} />);
    expect(grid()).toHaveAttribute("aria-rowcount", "10001");
    expect(screen.getAllByRole("row").length).toBeLessThan(60);
  });

  it("says what is missing when it is empty", () => {
    renderPart(<Cities rows={[]} />);
    expect(screen.getByText("nothing")).toBeInTheDocument();
  });

  it("has nothing that axe objects to", async () => {
    renderPart(<Cities onOpen={() => {}} />);
    expect(await axeFindings()).toEqual([]);
  });
});
