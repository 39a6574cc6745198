import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { refuse } from "../platform/mock/refuse";
import { axeFindings, renderWindow } from "../testing/render";

const openPage = async () => {
  const person = userEvent.setup();
  const page = await renderWindow("/tenants");
  await person.click(await screen.findByRole("button", { name: "Which schemas are tenants…" }));
  await screen.findByText("40 of 41 schemas are tenants");
  return { person, ...page };
};

describe("which schemas are tenants", () => {
  it("is noted above the list where registry and schemas differ, and leads to the page", async () => {
    const person = userEvent.setup();
    await renderWindow("/tenants");
    const notice = await screen.findByRole("note");
    expect(notice).toHaveTextContent("django-tenants names 1 tenant without a schema.");
    expect(notice).toHaveTextContent("1 tenant is in no registry.");
    await person.click(within(notice).getByRole("button", { name: "Look" }));
    expect(await screen.findByRole("heading", { name: "Which schemas are tenants" })).toBeInTheDocument();
  });

  it("shows what was found, why, and both kinds of orphans", async () => {
    const { person } = await openPage();
    expect(
      screen.getByText("public.customers_domain holds domains and leads to it by tenant_id."),
    ).toBeVisible();
    expect(screen.getByText("39 of 40 rows name a schema that exists.")).toBeVisible();
    await person.click(screen.getByRole("radio", { name: "Without schema · 1" }));
    expect(await screen.findByRole("row", { name: /ghost/ })).toHaveTextContent("there is no such schema");
    await person.click(screen.getByRole("radio", { name: "Left out · 1" }));
    expect(await screen.findByRole("row", { name: /public/ })).toHaveTextContent("what tenants share");
  });

  it("counts while a pattern is given, keeps the rules on request, and forgets them", async () => {
    const { person } = await openPage();
    const save = screen.getByRole("button", { name: "Keep these rules" });
    expect(save).toBeDisabled();
    await person.type(
      screen.getByLabelText("Leave out", { selector: "input:not([type=hidden])" }),
      "lycee*{Enter}",
    );
    await waitFor(() => expect(screen.queryByText("40 of 41 schemas are tenants")).not.toBeInTheDocument());
    const count = screen.getByText(/of 41 schemas are tenants/).textContent;
    await person.click(save);
    expect(await screen.findByText(/The rules are kept on this computer/)).toBeInTheDocument();
    expect(save).toBeDisabled();
    expect(screen.getByText(/of 41 schemas are tenants/)).toHaveTextContent(count ?? "");
    await person.click(screen.getByRole("button", { name: "Forget the rules" }));
    expect(await screen.findByText("40 of 41 schemas are tenants")).toBeInTheDocument();
  });

  it("takes a suggestion, and undoes it", async () => {
    const { person } = await openPage();
    await person.click(screen.getByText("Leave out lookups: foreign keys of 12 schemas lead there"));
    expect(screen.getByRole("button", { name: "Keep these rules" })).toBeEnabled();
    await person.click(screen.getByRole("button", { name: "Undo the changes" }));
    expect(screen.getByRole("button", { name: "Keep these rules" })).toBeDisabled();
  });

  it("does without a registry, or with only what it names", async () => {
    const { person } = await openPage();
    await person.click(screen.getByRole("checkbox", { name: "Only schemas that a registry names" }));
    expect(await screen.findByText("39 of 41 schemas are tenants")).toBeInTheDocument();
    await person.click(screen.getByRole("checkbox", { name: "Only schemas that a registry names" }));
    await person.click(screen.getByRole("radio", { name: "No registry" }));
    expect(await screen.findByRole("radio", { name: "In no registry · 0" })).toBeInTheDocument();
  });

  it("says what is wrong with rules, and lets them be changed", async () => {
    const person = userEvent.setup();
    const answer = { code: "rules_query_failed", params: { reason: "no table" } } as const;
    await renderWindow(
      "/tenants",
      {},
      {
        adoption_look: async () => {
          throw refuse(answer.code, answer.params);
        },
      },
    );
    await person.click(await screen.findByRole("button", { name: "Which schemas are tenants…" }));
    expect(
      await screen.findByText(/The query that names the tenants cannot be used: no table/),
    ).toBeInTheDocument();
  });

  it("has nothing that axe finds wrong", async () => {
    await openPage();
    expect(await axeFindings()).toEqual([]);
  });

  it("speaks French", async () => {
    const person = userEvent.setup();
    await renderWindow("/tenants", { language: "fr" });
    await person.click(await screen.findByRole("button", { name: "Quels schémas sont des espaces…" }));
    expect(await screen.findByText("40 schémas sur 41 sont des espaces")).toBeInTheDocument();
  });
});
