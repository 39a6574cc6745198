import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, it } from "vitest";
import { axeFindings, renderPart } from "../../testing/render";
import { SearchField } from "./SearchField";

function Search() {
  const [words, setWords] = useState("");
  return <SearchField label="Search tenants" value={words} onChange={setWords} />;
}

it("has one button to clear it, and only when there is something to clear", async () => {
  const person = userEvent.setup();
  renderPart(<Search />);
  const field = screen.getByRole("searchbox", { name: "Search tenants" });
  // The browser draws a button of its own into a field of the type "search".
  expect(field).toHaveAttribute("type", "text");
  expect(screen.queryByRole("button")).not.toBeInTheDocument();
  await person.type(field, "lyc");
  await person.click(screen.getByRole("button", { name: "Clear" }));
  expect(field).toHaveValue("");
  expect(await axeFindings()).toEqual([]);
});
