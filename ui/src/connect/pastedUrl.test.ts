import { describe, expect, it } from "vitest";
import { noUrl, passwordOf, typedUrl, wholeUrl } from "./pastedUrl";

const pasted = (url: string) => typedUrl(url, noUrl);

describe("a pasted URL", () => {
  it.each([
    ["postgres://ada:s3cret@db.example/lycees", "postgres://ada:••••••••@db.example/lycees"],
    ["postgresql://ada:s%20e@db:6543/x?a=b@c", "postgresql://ada:••••••••@db:6543/x?a=b@c"],
    ["postgres://ada:s3/c#r@t@db/x", "postgres://ada:••••••••@t@db/x"],
    [
      "postgres://db/x?user=ada&password=s3cret&sslmode=require",
      "postgres://db/x?user=ada&password=••••••••&sslmode=require",
    ],
  ])("covers the password, and loses nothing of %s", (url, shown) => {
    expect(pasted(url).shown).toBe(shown);
    expect(wholeUrl(pasted(url))).toBe(url);
  });

  it.each([
    "postgres://db:5432/x?options=a@b",
    "postgres://ada@db/x",
    "postgres://ada:@db/x",
    "postgres://db:5432",
  ])("leaves %s as it is", (url) => {
    expect(pasted(url)).toEqual({ shown: url, hidden: [] });
  });

  it("keeps what is behind the dots while the rest is edited, and drops it with a dot", () => {
    const before = pasted("postgres://ada:s3cret@db/x");
    const edited = typedUrl(`${before.shown}y`, before);
    expect(wholeUrl(edited)).toBe("postgres://ada:s3cret@db/xy");
    expect(typedUrl("postgres://ada:•••••••@db/x", before)).toEqual({
      shown: "postgres://ada:@db/x",
      hidden: [],
    });
  });

  it("gives its password to the form", () => {
    expect(passwordOf("postgres://ada:s%20e@db/x")).toBe("s e");
    expect(passwordOf("postgres://db/x?user=ada&password=s%20e")).toBe("s e");
    expect(passwordOf("postgres://ada@db/x")).toBe("");
  });
});
