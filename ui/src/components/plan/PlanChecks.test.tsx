import { screen } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import type { Check } from "../../api/types";
import { changeLanguage } from "../../i18n/i18n";
import { renderPart } from "../../testing/render";
import { PlanChecks } from "./PlanChecks";

const lint = (rule: string, finding: string): Check => ({
  level: "warning",
  code: "lint",
  message: `a.sql, line 3: ${finding}.`,
  params: { file: "a.sql", line: "3", rule, finding },
});

const small = (tenants: number): Check => ({
  level: "ok",
  code: "lint_rewrite_small",
  message: "…",
  params: { file: "a.sql", line: "3", table: "people", tenants: String(tenants) },
});

afterEach(() => changeLanguage("en"));

describe("the checks of a plan", () => {
  it("say in the window's language what a rule has found", async () => {
    await changeLanguage("fr");
    renderPart(
      <PlanChecks checks={[lint("renaming-column", "Renaming a column may break existing clients")]} />,
    );
    expect(screen.getByRole("listitem").textContent).toContain(
      "a.sql, ligne 3\u00a0: des programmes en service connaissent encore l’ancien nom de la colonne.",
    );
  });

  it("say it in English where a rule is not known", async () => {
    await changeLanguage("fr");
    renderPart(<PlanChecks checks={[lint("brand-new-rule", "Something new")]} />);
    expect(screen.getByRole("listitem").textContent).toContain("a.sql, ligne 3\u00a0: Something new.");
  });

  it("know one tenant from several", () => {
    renderPart(<PlanChecks checks={[small(1), small(2)]} />);
    const [one, several] = screen.getAllByRole("listitem").map((item) => item.textContent);
    expect(one).toContain("under 100 MB in the tenant.");
    expect(several).toContain("under 100 MB in all 2 tenants.");
  });
});
