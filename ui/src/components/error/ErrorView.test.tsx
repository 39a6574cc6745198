import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import type { WireError } from "../../api/types";
import { changeLanguage } from "../../i18n/i18n";
import { renderPart } from "../../testing/render";
import { ErrorView } from "./ErrorView";
import { Pane } from "./Pane";

const refused: WireError = {
  code: "connection_refused",
  params: { host: "db.example", port: "5432" },
  message: "db.example does not accept connections on port 5432.",
  detail: "from the server",
  hint: null,
  sqlstate: "08001",
  causes: ["Connection refused (os error 111)"],
};

describe("an error", () => {
  it("says what happened and what to do in the window's language", async () => {
    await changeLanguage("fr");
    renderPart(<ErrorView error={refused} />);
    expect(screen.getByText("db.example n’accepte pas de connexion sur le port 5432.")).toBeInTheDocument();
    expect(screen.getByText(/Vérifiez l’hôte et le port/)).toBeInTheDocument();
    await changeLanguage("en");
  });

  it("says what core said when the window does not know the code", () => {
    renderPart(
      <ErrorView
        error={{ ...refused, code: "from_the_future", message: "Something new.", hint: "Do this." }}
      />,
    );
    expect(screen.getByText("Something new.")).toBeInTheDocument();
    expect(screen.getByText("Do this.")).toBeInTheDocument();
  });

  it("copies everything that is known, for who repairs", async () => {
    const person = userEvent.setup();
    const write = vi.spyOn(navigator.clipboard, "writeText");
    renderPart(<ErrorView error={refused} />);
    await person.click(screen.getByRole("button", { name: "Details" }));
    await person.click(await screen.findByRole("button", { name: "Copy the details" }));
    await waitFor(() => expect(write).toHaveBeenCalled());
    expect(write.mock.calls[0]?.[0]).toContain("SQLSTATE: 08001");
    expect(write.mock.calls[0]?.[0]).toContain("Caused by: Connection refused");
  });
});

describe("a pane that fails", () => {
  it("fails alone and can be shown again", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const person = userEvent.setup();
    let broken = true;
    const Fragile = () => {
      if (broken) throw new Error("boom");
      return <p>well again</p>;
    };
    renderPart(
      <>
        <p>beside it</p>
        <Pane>
          <Fragile />
        </Pane>
      </>,
    );
    expect(screen.getByText("beside it")).toBeInTheDocument();
    broken = false;
    await person.click(screen.getByRole("button", { name: "Try again" }));
    expect(screen.getByText("well again")).toBeInTheDocument();
  });
});
