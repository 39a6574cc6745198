-- Constraints of the copy that are deferred from the beginning of each transaction are so again.
do $cadastre$
declare
    names text;
begin
    select pg_catalog.string_agg(pg_catalog.format('%I.%I', {schema}, k.conname), ', ')
    into names
    from pg_catalog.pg_constraint k
    where k.connamespace = pg_catalog.to_regnamespace(pg_catalog.quote_ident({schema})) and k.condeferred;
    if names is not null then
        execute 'set constraints ' || names || ' deferred';
    end if;
end
$cadastre$;
