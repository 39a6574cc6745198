//! Schemas by choice: the same slots, names and kinds of objects, each present or not and made in one way or another.

mod parts;

use cadastre_core::sql::Ident;
use std::fmt::Write;

const TABLES: &[&str] = &["person", "Order", "a b.c", "été \"q\""];
const COLUMNS: &[&str] = &["name", "Select", "x'y", "é.\"1\""];

const TYPES: &[&str] = &[
    "integer",
    "text",
    "varchar(20)",
    "varchar(40)",
    "bigint",
    "numeric(8,2)",
    "boolean",
    "date",
    "timestamptz",
    "timestamp(3)",
    "uuid",
    "jsonb",
    "bytea",
    "integer[]",
    "text[]",
    "tstzrange",
    "inet",
    "char(3)",
    "double precision",
    "interval",
    "%.mood",
    "%.mood[]",
    "%.\"Price\"",
    "%.place",
    "%.span",
    "smallint",
    "%.feeling",
];

/// A default for some of them.
fn default(data_type: &str, variant: usize) -> Option<&'static str> {
    let choices: &[&str] = match data_type {
        "integer" | "bigint" | "smallint" | "numeric(8,2)" | "double precision" => &["0", "-1", "1 + 1"],
        "text" | "varchar(20)" | "varchar(40)" => &["'a'", "'it''s \\ %'", "lower('A')", "current_user"],
        "boolean" => &["true", "false"],
        "date" => &["current_date", "'2024-01-01'"],
        "timestamptz" | "timestamp(3)" => &["now()", "'2024-01-01 00:00'"],
        "uuid" => &["gen_random_uuid()"],
        "jsonb" => &["'{}'", "'{\"a\": [1]}'"],
        "integer[]" => &["'{}'", "array[1, 2]"],
        "text[]" => &["'{}'", "array['a', 'b']"],
        "%.mood" | "%.feeling" => &["'a'", "'c'"],
        "%.\"Price\"" => &["1"],
        "interval" => &["'1 day'"],
        _ => return None,
    };
    choices.get(variant % (choices.len() * 2)).copied()
}

struct Generator<'a> {
    schema: String,
    in_text: String,
    choices: &'a [u8],
    sql: String,
}

fn number(table: &str) -> usize {
    TABLES.iter().position(|name| *name == table).unwrap()
}

/// The statements that make the schema that the choices describe.
pub fn script(schema: &Ident, choices: &[u8]) -> String {
    let schema = schema.to_string();
    let in_text = schema.replace('\'', "''");
    let mut generator = Generator { schema, in_text, choices, sql: String::new() };
    generator.types();
    generator.tables();
    generator.partitions();
    generator.views();
    generator.behaviour();
    generator.sql
}

impl Generator<'_> {
    /// One of `n`, always the same for a slot.
    fn pick(&self, slot: &str, n: usize) -> usize {
        let hash = slot.bytes().fold(2_166_136_261u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(16_777_619));
        usize::from(self.choices[hash as usize % self.choices.len()]) % n
    }

    fn is(&self, slot: &str) -> bool {
        self.pick(slot, 2) == 1
    }

    /// Appends a statement in which `%` is the schema, and `§` the schema inside a text.
    fn add(&mut self, statement: &str) {
        let statement = statement.replace('%', &self.schema).replace('§', &self.in_text);
        writeln!(self.sql, "{statement};").unwrap();
    }

    fn one(&mut self, slot: &str, variants: &[&str]) {
        let variant = variants[self.pick(slot, variants.len())];
        if !variant.is_empty() {
            self.add(variant);
        }
    }

    fn types(&mut self) {
        self.one(
            "mood",
            &[
                "create type %.mood as enum ('a', 'b', 'c')",
                "create type %.mood as enum ('a', 'c')",
                "create type %.mood as enum ('c', 'it''s, x', 'a', 'd')",
                "create type %.mood as enum ('a', 'b', 'é', 'c', 'd')",
            ],
        );
        self.one("Price", &["create domain %.\"Price\" as numeric(10,2)", "create domain %.\"Price\" as numeric(10,2) default 2 check (value > 0)",
            "create domain %.\"Price\" as integer not null", "create domain %.\"Price\" as numeric(10,2) constraint \"Pos.\" check (value >= 0) constraint more check (value < 9)"]);
        self.one(
            "feeling",
            &[
                "create domain %.feeling as %.mood",
                "create domain %.feeling as %.mood default 'a' check (value in ('a', 'c'))",
            ],
        );
        self.one(
            "place",
            &[
                "create type %.place as (street text, number integer)",
                "create type %.place as (street text, number bigint, mood %.mood)",
            ],
        );
        self.one(
            "span",
            &[
                "create type %.span as range (subtype = float8, subtype_diff = float8mi)",
                "create type %.span as range (subtype = bigint)",
            ],
        );
        self.one("single", &["", "create type %.single as enum ()", "create type %.single as enum ('x')"]);
        self.one(
            "tickets",
            &[
                "create sequence %.tickets",
                "create sequence %.tickets as integer increment by -2 maxvalue 100 minvalue -50 cycle cache 3",
            ],
        );
        self.one("loose", &["", "create sequence %.loose"]);
        // Used by columns, so there always.
        self.one("twice", &["create function %.twice(n bigint) returns bigint language sql immutable as $$ select n * 2 $$",
            "create function %.twice(n bigint) returns bigint language sql immutable begin atomic select n * 3; end",
            "create function %.twice(m bigint) returns bigint language plpgsql immutable strict as $$ begin return m; end $$"]);
    }

    /// Whether other tables may refer to its key, and its columns with their types.
    fn has_key(&self, table: &str) -> bool {
        self.is_table(table) && self.pick(&format!("{table}.key"), 4) > 1
    }

    fn is_table(&self, table: &str) -> bool {
        table == TABLES[0] || self.pick(&format!("{table}.there"), 4) > 0
    }

    fn columns(&self, table: &str) -> Vec<(&'static str, &'static str)> {
        let there = COLUMNS.iter().filter(|column| self.pick(&format!("{table}.{column}.there"), 3) > 0);
        there.map(|column| (*column, TYPES[self.pick(&format!("{table}.{column}.type"), TYPES.len())])).collect()
    }

    fn tables(&mut self) {
        let there: Vec<(usize, &str)> =
            TABLES.iter().copied().enumerate().filter(|(_, table)| self.is_table(table)).collect();
        for (_, table) in &there {
            self.table(table);
        }
        for (at, table) in there {
            self.references(at, table);
        }
        self.one("scratch", &["", "create unlogged table %.scratch (a int)", "create table %.scratch (a int) with (fillfactor = 50, autovacuum_enabled = false)",
            "create table %.scratch (a int, b int generated always as (a + 1) stored) with (fillfactor = 60, toast.autovacuum_enabled = false)", "create table %.scratch ()"]);
        self.one("base", &["", "create table %.base (a int, b text default 'x'); create table %.derived (c int) inherits (%.base)",
            "create table %.base (a int not null, d date); create table %.derived (c int, e text) inherits (%.base)",
            "create table %.base (a int, b text); create table %.derived (b text default 'y', a bigint, c int, check (a > 0))"]);
    }

    fn table(&mut self, table: &str) {
        let slot = |part: &str| format!("{table}.{part}");
        let name = Ident::new(table).unwrap();
        let id = [
            "id integer",
            "id bigint not null",
            "id bigint generated always as identity",
            "id serial",
            "id bigserial",
            "id integer generated by default as identity (start with 10 increment by 3)",
            "id bigint default nextval('§.tickets')",
            "id bigint default %.twice(2)",
        ][self.pick(&slot("id"), 8)];
        let mut columns = vec![id.to_owned()];
        for (column, data_type) in self.columns(table) {
            let of = |part: &str| format!("{table}.{column}.{part}");
            let mut line = format!("{} {data_type}", Ident::new(column).unwrap());
            if matches!(data_type, "text" | "varchar(20)") && self.is(&of("collation")) {
                line.push_str(" collate \"C\"");
            }
            if let Some(default) = default(data_type, self.pick(&of("default"), 8)) {
                write!(line, " default {}", default.replace('%', "percent")).unwrap();
            }
            if self.pick(&of("null"), 3) == 0 {
                line.push_str(" not null");
            }
            columns.push(line);
        }
        match self.pick(&slot("generated"), 6) {
            1 => columns.push("made bigint generated always as (id * 2) stored".into()),
            2 => columns.push("made bigint generated always as (%.twice(id)) stored".into()),
            3 => columns.push("made bigint".into()),
            _ => {}
        }
        match self.pick(&slot("key"), 4) {
            1 => columns.push("unique (id) deferrable".into()),
            2 => columns.push("primary key (id)".into()),
            3 => columns.push(format!("constraint \"Key {}.\" primary key (id) with (fillfactor = 70)", number(table))),
            _ => {}
        }
        self.add(&format!("create table %.{name} (\n    {}\n)", columns.join(",\n    ")));
        match self.pick(&slot("check"), 5) {
            1 => self.add(&format!("alter table %.{name} add constraint positive check (id > 0)")),
            2 => self.add(&format!("alter table %.{name} add constraint positive check (%.twice(id) > 0) not valid")),
            3 => self.add(&format!("alter table %.{name} add check (id in (1, 2, 3) or id between 5 and 9)")),
            _ => {}
        }
        for (column, data_type) in self.columns(table) {
            self.on_column(table, column, data_type);
        }
        match self.pick(&slot("index"), 6) {
            1 => self.add(&format!("create index \"Ix {0}\" on %.{name} (id)", number(table))),
            2 => self.add(&format!(
                "create unique index \"Ix {0}\" on %.{name} (id desc nulls last) where id > 5",
                number(table)
            )),
            3 => self.add(&format!(
                "create index \"Ix {0}\" on %.{name} (%.twice(id), (id + 1)) include (id)",
                number(table)
            )),
            4 => self.add(&format!(
                "create index \"Ix {0}\" on %.{name} using hash (id) with (fillfactor = 60)",
                number(table)
            )),
            _ => {}
        }
        self.decorate(table, &name);
    }

    fn partitions(&mut self) {
        if self.pick("part", 4) == 0 {
            return;
        }
        self.one("part.columns", &["create table %.part (id int, at date not null, mood %.mood default 'a') partition by range (at)",
            "create table %.part (id bigint not null, at date not null, kind text, mood %.mood) partition by range (at)"]);
        self.one("part.1", &["create table %.part_1 partition of %.part for values from ('2024-01-01') to ('2025-01-01')",
            "create table %.part_1 partition of %.part for values from ('2024-01-01') to ('2024-07-01') with (fillfactor = 50)", "",
            "create table %.part_1 (like %.part including defaults)"]);
        self.one("part.2", &["", "create table %.part_2 partition of %.part for values from ('2026-01-01') to ('2027-01-01') partition by hash (at);
            create table %.part_2a partition of %.part_2 for values with (modulus 2, remainder 0)"]);
        self.one(
            "part.default",
            &[
                "",
                "create table %.part_rest partition of %.part default",
                "create table %.part_rest partition of %.part (mood default 'c') default",
            ],
        );
        self.one(
            "part.key",
            &[
                "",
                "alter table %.part add primary key (id, at)",
                "alter table %.part add constraint \"Part\" unique (at, id)",
            ],
        );
        self.one(
            "part.index",
            &["", "create index part_id on %.part (id)", "create index part_id on %.part (id desc) where id > 3"],
        );
        self.one("part.check", &["", "alter table %.part add constraint part_check check (id > 0)"]);
        self.one(
            "part.trigger",
            &[
                "",
                "create function %.on_part() returns trigger language plpgsql as $$ begin return new; end $$;
            create trigger on_part after insert on %.part for each row execute function %.on_part()",
            ],
        );
    }

    fn views(&mut self) {
        let columns = self.columns(TABLES[0]);
        let list: String = columns.iter().map(|(column, _)| format!(", p.{}", Ident::new(*column).unwrap())).collect();
        match self.pick("view", 5) {
            1 => self.add(&format!("create view %.\"People.\" as select p.id{list} from %.person p")),
            2 => self.add(&format!("create view %.\"People.\" with (security_barrier = true) as select p.id as \"Id\", %.twice(p.id) as two{list} from %.person as p where p.id in (1, 2)")),
            3 => self.add("create view %.\"People.\" as with recursive n(i) as (select 1 union all select i + 1 from n where i < 5) select i as id, 'a'::%.mood as m from n"),
            4 => self.add("create view %.\"People.\" as select count(*) as id, max(p.id) as top from %.person p left join (select id from %.person) q using (id) group by p.id having count(*) > 1"),
            _ => return,
        }
        let column = if self.pick("view", 5) == 2 { "\"Id\"" } else { "id" };
        self.one(
            "view.more",
            &["", "comment on view %.\"People.\" is 'View'", "grant select on %.\"People.\" to pg_monitor"],
        );
        match self.pick("view2", 4) {
            1 => self.add(&format!("create view %.above as select {column} as i, 1 as one from %.\"People.\"; comment on column %.above.i is 'C'")),
            2 => self.add(&format!("create view %.above as select {column} as i from %.\"People.\" union select id from %.person")),
            3 => self.add(&format!("create materialized view %.above as select {column} as i from %.\"People.\"; create unique index above_i on %.above (i)")),
            _ => {}
        }
        self.one(
            "view3",
            &[
                "",
                "create materialized view %.counts with (fillfactor = 80) as select count(*) as n from %.person",
                "create view %.counts as select count(*)::text as n from %.person",
            ],
        );
    }

    fn behaviour(&mut self) {
        self.one("greet", &["", "create function %.greet(mood %.mood default 'a') returns text language plpgsql as $$ begin return 'it''s' || (select count(*) from %.person); end $$",
            "create function %.greet(mood %.mood default 'c', variadic rest text[] default '{}') returns setof %.person language sql stable security definer set search_path to 'public' as $f$ select * from %.person where '$$' <> '' $f$",
            "create function %.greet(mood %.mood) returns table (a int, b %.place) language plpgsql cost 50 rows 10 as 'begin return; end'"]);
        self.one("greet.more", &["", "create function %.welcome(n int, out a int, out b text) language sql begin atomic select n, 'b'; end; revoke execute on function %.welcome from public",
            "create function %.welcome(n int, out a int, out b text) language sql begin atomic select n, 'c'; end; comment on function %.welcome is 'W'"]);
        self.one(
            "tidy",
            &[
                "",
                "create procedure %.tidy(inout n int) language plpgsql as $$ begin n := 1; end $$",
                "create procedure %.tidy(p %.person) language plpgsql as $$ begin null; end $$",
            ],
        );
        self.one(
            "total",
            &[
                "",
                "create aggregate %.total(bigint) (sfunc = int8pl, stype = bigint, initcond = '0')",
                "create aggregate %.total(bigint) (sfunc = int8larger, stype = bigint, parallel = safe)",
            ],
        );
        if self.is("trigger") {
            self.add("create function %.touch() returns trigger language plpgsql as $$ begin return new; end $$");
            self.one("trigger.how", &["create trigger \"Touch.\" before update of id on %.person for each row when (old.id is distinct from new.id) execute function %.touch()",
                "create trigger \"Touch.\" after insert or delete on %.person for each statement execute function %.touch('x', 'it''s'); alter table %.person disable trigger \"Touch.\"",
                "create constraint trigger \"Touch.\" after insert on %.person deferrable initially deferred for each row execute function %.touch()"]);
        }
        self.one(
            "schema",
            &[
                "",
                "grant usage on schema % to pg_monitor",
                "grant usage, create on schema % to pg_monitor with grant option",
            ],
        );
        self.one(
            "types",
            &[
                "",
                "revoke usage on type %.mood from public",
                "comment on type %.mood is 'Mood'",
                "comment on domain %.\"Price\" is 'Price'",
            ],
        );
    }
}
