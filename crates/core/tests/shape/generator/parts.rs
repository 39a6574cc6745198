//! What stands on tables and columns: indexes, constraints, policies, rules, comments, grants.

use super::{COLUMNS, Generator, TABLES, number};
use cadastre_core::sql::{Ident, literal};

impl Generator<'_> {
    pub(super) fn on_column(&mut self, table: &str, column: &str, data_type: &str) {
        let of = |part: &str| format!("{table}.{column}.{part}");
        let (name, quoted) = (Ident::new(table).unwrap(), Ident::new(column).unwrap());
        let place = COLUMNS.iter().position(|name| *name == column).unwrap();
        let tag = format!("{}_{place}", number(table));
        match (data_type, self.pick(&of("extra"), 4)) {
            ("text" | "varchar(20)" | "varchar(40)", 1) => {
                self.add(&format!(
                    "alter table %.{name} add constraint \"In {tag}\" check ({quoted} in ('a', 'it''s ]', 'c'))"
                ));
            }
            ("text" | "varchar(20)" | "varchar(40)", 2) => {
                self.add(&format!("create index \"Lower {tag}\" on %.{name} (lower({quoted})) where {quoted} <> ''"));
            }
            ("%.mood", 1) => {
                self.add(&format!("create index \"Mood {tag}\" on %.{name} ({quoted}) where {quoted} = 'a'"));
            }
            ("%.mood", 2) => {
                self.add(&format!("alter table %.{name} add constraint \"Mood {tag}\" check ({quoted} <> 'c')"));
            }
            ("tstzrange" | "%.span", 1 | 2) => {
                self.add(&format!(
                    "alter table %.{name} add constraint \"No {tag}\" exclude using gist ({quoted} with &&)"
                ));
            }
            ("jsonb" | "integer[]" | "text[]", 1) => {
                self.add(&format!("create index \"Gin {tag}\" on %.{name} using gin ({quoted})"));
            }
            ("text" | "jsonb", 3) => {
                self.add(&format!("alter table %.{name} alter column {quoted} set storage external"));
            }
            ("integer" | "date", 3) => {
                self.add(&format!("alter table %.{name} alter column {quoted} set statistics 300, alter column {quoted} set (n_distinct = 7)"));
            }
            _ => {}
        }
        match self.pick(&of("comment"), 5) {
            1 => self.add(&format!("comment on column %.{name}.{quoted} is 'It''s \\ a column'")),
            2 => self.add(&format!("grant select ({quoted}), update ({quoted}) on %.{name} to pg_monitor")),
            _ => {}
        }
    }

    pub(super) fn references(&mut self, at: usize, table: &str) {
        let name = Ident::new(table).unwrap();
        let to = TABLES[self.pick(&format!("{table}.to"), at + 1)];
        if !self.has_key(to) {
            return;
        }
        let to = Ident::new(to).unwrap();
        let how = [
            "",
            " on delete cascade",
            " on update set null deferrable initially deferred",
            " not valid",
            " match full",
        ];
        let how = how[self.pick(&format!("{table}.how"), how.len())];
        match self.pick(&format!("{table}.reference"), 3) {
            1 => self.add(&format!("alter table %.{name} add foreign key (id) references %.{to} (id){how}")),
            2 => self.add(&format!(
                "alter table %.{name} add column ref bigint constraint \"To.\" references %.{to}{how}",
                how = if how == " not valid" { "" } else { how }
            )),
            _ => {}
        }
    }

    pub(super) fn decorate(&mut self, table: &str, name: &Ident) {
        match self.pick(&format!("{table}.more"), 8) {
            1 => self.add(&format!("alter table %.{name} set (fillfactor = 80, toast.autovacuum_enabled = off)")),
            2 => self.add(&format!("alter table %.{name} replica identity full")),
            3 => self.add(&format!("comment on table %.{name} is {}", literal("a 'b' \\ \"c\""))),
            4 => self.add(&format!("grant select, insert on %.{name} to pg_monitor; grant all on %.{name} to pg_read_all_data with grant option")),
            5 => self.add(&format!("create statistics %.\"Stat {}\" (ndistinct, dependencies) on id, made2 from %.{name}", number(table))
                .replace("id, made2", "(id + 1), (id % 2)").replace("id % 2", "id - 2")),
            6 => self.add(&format!("grant select on %.{name} to public")),
            _ => {}
        }
        match self.pick(&format!("{table}.policy"), 5) {
            1 => self.add(&format!("alter table %.{name} enable row level security; create policy own on %.{name} using (id > 1)")),
            2 => self.add(&format!(
                "alter table %.{name} enable row level security, force row level security;
                 create policy own on %.{name} as restrictive for update to pg_monitor, public using (%.twice(id) > 1) with check (true)"
            ).replace("pg_monitor, public", "pg_monitor, pg_read_all_data")),
            3 => self.add(&format!("create policy own on %.{name} for insert with check (exists (select from %.person p where p.id = {name}.id))")),
            _ => {}
        }
        match self.pick(&format!("{table}.rule"), 6) {
            1 => self.add(&format!("create rule quiet as on delete to %.{name} where old.id < 0 do instead nothing")),
            2 => self.add(&format!("create rule quiet as on update to %.{name} do also select new.id, %.twice(old.id); alter table %.{name} disable rule quiet")),
            _ => {}
        }
    }
}
