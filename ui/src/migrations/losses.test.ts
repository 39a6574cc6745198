import { expect, it } from "vitest";
import { lossesOf } from "./losses";

it("finds tables, columns and rows that a script takes away, also several in one statement", () => {
  expect(
    lossesOf([
      `drop table if exists "Matches", public.skills cascade;
       alter table only consultants drop column if exists photo, drop badge, add column x int, drop constraint c_fk;
       truncate table logs; delete from users where id = 1;`,
    ]),
  ).toEqual({
    tables: ["Matches", "public.skills"],
    columns: ["consultants.photo", "consultants.badge"],
    rows: ["logs", "users"],
  });
});

it("does not take comments, texts, defaults and the history for a loss", () => {
  expect(
    lossesOf([
      `-- drop table a;
       /* drop table b; */
       insert into notes values ('; drop table c;');
       alter table d alter column e drop default, alter column f drop not null;
       delete from "acme"."_sqlx_migrations" where version = 7;
       drop index g;`,
    ]),
  ).toEqual({ tables: [], columns: [], rows: [] });
});

it("names what several groups of tenants lose once", () => {
  expect(lossesOf(["drop table a;", "drop table a;"]).tables).toEqual(["a"]);
});
