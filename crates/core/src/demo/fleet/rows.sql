-- Functions of one session that invent a firm's rows. Every value follows from the row's number and the salt, so that
-- the same seed gives the same fleet; random() and now() have no place here.

-- A whole number below n.
create or replace function pg_temp.pick(i int8, salt int8, n int4) returns int4 language sql immutable as $$
    select ((pg_catalog.hashint8extended(i, salt) & 2147483647) % n)::int4
$$;

-- A number from 0 up to 1.
create or replace function pg_temp.part(i int8, salt int8) returns float8 language sql immutable as $$
    select (pg_catalog.hashint8extended(i, salt) & 1048575) / 1048576.0::float8
$$;

-- Lower case, without accents and spaces: for addresses and file names.
create or replace function pg_temp.plain(words text) returns text language sql immutable as $$
    select pg_catalog.lower(pg_catalog.translate(
        pg_catalog.replace(pg_catalog.replace(words, ' & ', '-'), 'œ', 'oe'),
        'ÀÂÄÁÇÉÈÊËÎÏÍÔÖÓÙÛÜŸÑàâäáçéèêëîïíôöóùûüÿñ ''',
        'aaaaceeeeiiiooouuuynaaaaceeeeiiiooouuuyn-'
    ))
$$;

-- Some moment between January 2023 and November 2025.
create or replace function pg_temp.moment(i int8, salt int8) returns timestamptz language sql immutable as $$
    select '2023-01-09 07:00:00+00'::timestamptz
        + pg_catalog.make_interval(days => pg_temp.pick(i, salt, 1040), secs => pg_temp.pick(i, salt + 1, 39600))
$$;

create or replace function pg_temp.fill_firm(
    firm text,
    firm_city text,
    firm_country text,
    language text,
    salt int8,
    n_consultants int4,
    n_tenders int4,
    n_matches int4
) returns void language plpgsql as $fill$
declare
    french constant bool := language = 'fr';
    today constant date := '2025-11-28';
    domain constant text := pg_temp.plain(firm) || '.example';
    n_staff constant int4 := 3 + n_consultants / 12;
    n_partners constant int4 := least(2 + n_consultants / 25, 14);
    n_skills constant int4 := (select count(*) from skills);
    first_names text[];
    last_names text[];
    cities text[];
    partners text[];
    clients text[];
    titles text[];
    sentences text[];
    needs text[];
    remarks text[];
    conditions text[];
    put_aside text[];
    made_again text[];
    statement text;
begin
    if french then
        first_names := array['Camille', 'Léa', 'Manon', 'Chloé', 'Inès', 'Jade', 'Élodie', 'Aurélie', 'Céline', 'Maëlle', 'Zoé',
            'Noémie', 'Anaïs', 'Hélène', 'Françoise', 'Marie-Laure', 'Fatima', 'Nadia', 'Aïcha', 'Mei', 'Lucas', 'Hugo', 'Théo',
            'Jérôme', 'François', 'Benoît', 'Rémi', 'Loïc', 'Mickaël', 'Jean-Baptiste', 'Étienne', 'Gaël', 'Yann', 'Karim',
            'Mehdi', 'Samir', 'Ousmane', 'Tiago', 'Paul', 'Mathieu'];
        last_names := array['Martin', 'Bernard', 'Dubois', 'Thomas', 'Robert', 'Petit', 'Durand', 'Leroy', 'Moreau', 'Simon', 'Laurent',
            'Lefèvre', 'Roux', 'Fournier', 'Girard', 'Bonnet', 'Dupont', 'Lambert', 'Fontaine', 'Rousseau', 'Guérin', 'Boyer',
            'Garnier', 'Chevalier', 'François', 'Legrand', 'Gauthier', 'Perrin', 'Le Goff', 'Kervadec', 'Bénard', 'Müller',
            'Nguyen', 'Benali', 'Diallo', 'Da Silva', 'Traoré', 'D''Angelo', 'Cœur', 'de La Tour'];
        cities := array['Paris', 'Lyon', 'Nantes', 'Rennes', 'Lille', 'Bordeaux', 'Toulouse', 'Grenoble', 'Strasbourg', 'Nice',
            'Montpellier', 'Orléans', 'Saint-Étienne', 'Besançon'];
        partners := array['Atlantique Conseil', 'Delta Systèmes', 'Hexagone IT', 'Kaizen Ingénierie', 'Lumière Numérique',
            'Mistral Consulting', 'Novalia', 'Opaline Services', 'Pixel & Cie', 'Quartz Technologies', 'Rivage Data',
            'Sillage Conseil', 'Tramontane', 'Vauban Informatique'];
        clients := array['Banque de l''Ouest', 'Mutuelle Saint-Gildas', 'Région Bretagne', 'Ferroviaire du Rhône', 'Éditions du Cèdre',
            'Assurances Vauban', 'Centre hospitalier de la Vallée', 'Énergies du Littoral', 'Laiterie des Monts', 'Port de l''Estuaire',
            'Transports Armor', 'Verrerie Royale', 'Ministère des Territoires', 'Grande Distribution du Nord'];
        titles := array['Développeuse back-end Java', 'Développeur front-end', 'Ingénieure DevOps', 'Architecte logiciel', 'Cheffe de projet',
            'Administrateur de bases de données', 'Analyste métier', 'Scrum Master', 'Ingénieur données', 'Consultante SAP',
            'Experte cybersécurité', 'Testeur QA', 'Product Owner', 'Ingénieur cloud'];
        sentences := array['Aime les systèmes simples et les équipes qui durent.', 'A conduit trois migrations sans interruption de service.',
            'Habituée des environnements bancaires et de leurs contraintes.', 'Anime des ateliers avec les métiers.',
            'Certification obtenue en 2024.', 'Anglais courant, allemand scolaire.', 'Préfère les missions longues.',
            'Intervient aussi en formation : « transmettre, c''est vérifier ».'];
        needs := array['Refonte du portail client', 'Migration vers le cloud', 'Entrepôt de données', 'Maintien en conditions opérationnelles',
            'Mise en conformité RGPD', 'Industrialisation des tests', 'Application mobile des agents', 'Reprise d''un existant COBOL',
            'Supervision et astreintes', 'Accompagnement agile'];
        conditions := array['Démarrage souhaité dès que possible.', 'Deux jours de présence par semaine.', 'Équipe de six personnes.',
            'Habilitation nécessaire.', 'Reconductible une fois.', 'Astreintes rémunérées.'];
        remarks := array['Très bon contact', 'À rappeler en janvier', '+2 jours de télétravail demandés', 'TJM à négocier', 'Ne connaît pas le secteur',
            '- à revoir après la soutenance', 'Client enthousiaste 👍', E'Deux entretiens :\n1. technique\n2. direction'];
    else
        first_names := array['Olivia', 'Amelia', 'Isla', 'Ava', 'Grace', 'Freya', 'Charlotte', 'Siobhán', 'Niamh', 'Priya', 'Aisha', 'Zoë',
            'Hannah', 'Mei-Ling', 'Chiamaka', 'Abigail', 'Ruth', 'Eleanor', 'Katherine', 'Megan', 'Oliver', 'George', 'Harry', 'Noah',
            'Jack', 'Arthur', 'Finlay', 'Callum', 'Rhys', 'Seán', 'Mohammed', 'Arjun', 'Kwame', 'Mateo', 'Daniel', 'Samuel',
            'Thomas', 'William', 'Ethan', 'Ben'];
        last_names := array['Smith', 'Jones', 'Taylor', 'Brown', 'Williams', 'Wilson', 'Johnson', 'Davies', 'Patel', 'Robinson', 'Wright',
            'Thompson', 'Evans', 'Walker', 'White', 'Roberts', 'Green', 'Hall', 'Wood', 'Harris', 'Lewis', 'Martin', 'Jackson', 'Clarke',
            'O''Neill', 'O''Sullivan', 'MacDonald', 'Campbell', 'Stewart', 'Ó Briain', 'Murphy', 'Khan', 'Singh', 'Chen', 'Okafor',
            'García', 'Kowalski', 'Fitzgerald', 'Ashworth-Hughes', 'Lee'];
        cities := array['London', 'Manchester', 'Leeds', 'Bristol', 'Glasgow', 'Edinburgh', 'Cardiff', 'Belfast', 'Dublin', 'Cork',
            'Birmingham', 'Sheffield', 'Toronto', 'Boston'];
        partners := array['Albion Systems', 'Beacon & Lowe', 'Copperfield IT', 'Dovetail Digital', 'Eastgate Partners', 'Fenwick Data',
            'Greyfriars Consulting', 'Highfield Labs', 'Ironbridge Software', 'Juniper Row', 'Kestrel Cloud', 'Lantern Analytics',
            'Moorland Tech', 'Nightingale Services'];
        clients := array['Harbour Bank', 'Northern Rail Freight', 'St Aidan''s Hospital', 'County Council of Westmere', 'Bluebell Insurance',
            'Ashdown Retail Group', 'Severn Water', 'Caledonian Energy', 'Fleet Street Press', 'Kingfisher Foods', 'Trinity College Press',
            'Department for Regions', 'Merchant Mutual', 'Longship Logistics'];
        titles := array['Back-end developer', 'Front-end developer', 'DevOps engineer', 'Software architect', 'Project manager',
            'Database administrator', 'Business analyst', 'Scrum master', 'Data engineer', 'SAP consultant', 'Security specialist',
            'QA engineer', 'Product owner', 'Cloud engineer'];
        sentences := array['Likes simple systems and teams that last.', 'Led three migrations without downtime.',
            'At home in banking and its constraints.', 'Runs workshops with the business.', 'Certified in 2024.',
            'Fluent French, some German.', 'Prefers long assignments.', 'Also teaches: "if you can''t explain it, you don''t know it".'];
        needs := array['Customer portal rebuild', 'Move to the cloud', 'Data warehouse', 'Run and maintain', 'GDPR compliance',
            'Test automation', 'Field agents'' mobile app', 'Taking over a COBOL estate', 'Monitoring and on-call', 'Agile coaching'];
        conditions := array['To start as soon as possible.', 'Two days a week on site.', 'A team of six.', 'Clearance required.',
            'Renewable once.', 'On-call duty is paid.'];
        remarks := array['Very good interview', 'Call back in January', '+2 days remote requested', 'Rate to be negotiated', 'New to the sector',
            '- revisit after the presentation', 'Client keen 👍', E'Two interviews:\n1. technical\n2. board'];
    end if;

    update skills set created_at = pg_temp.moment(0, salt);

    if n_consultants = 0 then
        return;
    end if;

    if n_matches >= 10000 then
        -- Checking foreign keys row by row and keeping indexes up to date is most of the work of many rows. Both are made
        -- again from the server's own description of them, which checks all rows at once.
        select array_agg(d.put_aside), array_agg(d.made_again) into put_aside, made_again
        from (
            select
                format('alter table %s drop constraint %I', c.conrelid::regclass, c.conname) as put_aside,
                format('alter table %s add constraint %I %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid)) as made_again
            from pg_constraint c
            where c.connamespace = current_schema()::regnamespace and c.contype = 'f'
            union all
            select format('drop index %s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid)
            from pg_index i
            join pg_class t on t.oid = i.indrelid
            where t.relnamespace = current_schema()::regnamespace and not i.indisunique
        ) d;
        foreach statement in array put_aside loop
            execute statement;
        end loop;
    end if;

    insert into companies (name, description, website, address, city, postal_code, country, is_active, created_at, updated_at)
    select
        case i when 0 then firm else partners[i] end,
        case when i = 0 then sentences[1] when i % 3 = 0 then sentences[3] end,
        'https://' || case i when 0 then domain else pg_temp.plain(partners[i]) || '.example' end,
        (1 + pg_temp.pick(i, salt + 2, 180)) || case when french then ', rue des Tanneurs' else ' Mill Lane' end,
        case i when 0 then firm_city else cities[1 + pg_temp.pick(i, salt + 3, 14)] end,
        lpad((1000 + pg_temp.pick(i, salt + 4, 94000))::text, 5, '0'),
        firm_country,
        i % 9 <> 8,
        pg_temp.moment(i, salt + 5),
        case when i % 2 = 0 then pg_temp.moment(i, salt + 5) + interval '40 days' end
    from generate_series(0, n_partners) i;

    insert into users (email, hashed_password, first_name, last_name, role, company_id, is_active, created_at, updated_at)
    select
        pg_temp.plain(p.first || '.' || p.last) || p.i || '@' || domain,
        '$2b$12$' || substr(md5(p.i::text || salt) || md5(salt::text || p.i), 1, 53),
        p.first,
        p.last,
        case
            when p.i = 1 then 'admin'
            when p.i > n_staff then 'consultant'
            else (array['manager', 'recruiter', 'sales'])[1 + p.i % 3]
        end::user_role,
        1,
        pg_temp.pick(p.i, salt + 6, 20) > 0,
        pg_temp.moment(p.i, salt + 7),
        case when p.i % 3 = 0 then pg_temp.moment(p.i, salt + 7) + interval '90 days' end
    from (
        select
            i,
            first_names[1 + pg_temp.pick(i, salt + 8, 40)] as first,
            last_names[1 + pg_temp.pick(i, salt + 9, 40)] as last
        from generate_series(1, n_staff + n_consultants) i
    ) p;

    insert into consultants (
        user_id, company_id, title, experience_years, availability_status, availability_date, hourly_rate, daily_rate, bio,
        location, remote_work, max_travel_distance, profile_picture_url, created_at, updated_at
    )
    select
        -- Some were entered by a colleague and never signed in.
        case when pg_temp.pick(i, salt + 10, 17) > 0 then n_staff + i end,
        case when pg_temp.pick(i, salt + 11, 6) = 0 then 1 + pg_temp.pick(i, salt + 12, n_partners + 1) else 1 end,
        titles[1 + pg_temp.pick(i, salt + 13, 14)],
        pg_temp.pick(i, salt + 14, 28),
        s.status::availability_status,
        case when s.status <> 'available' then today + pg_temp.pick(i, salt + 16, 200) end,
        case when i % 5 = 0 then 40 + pg_temp.pick(i, salt + 17, 120) / 2.0 end,
        case when i % 11 <> 0 then 320 + 5 * pg_temp.pick(i, salt + 18, 110) end,
        case
            when pg_temp.pick(i, salt + 19, 4) > 0
                then sentences[1 + pg_temp.pick(i, salt + 20, 8)] || case when i % 4 = 0 then E'\n\n' else ' ' end
                    || sentences[1 + pg_temp.pick(i, salt + 21, 8)]
        end,
        cities[1 + pg_temp.pick(i, salt + 22, 14)],
        pg_temp.pick(i, salt + 23, 5) < 3,
        case when i % 3 > 0 then 10 * (1 + pg_temp.pick(i, salt + 24, 30)) end,
        case when pg_temp.pick(i, salt + 25, 5) < 2 then 'https://cdn.' || domain || '/pictures/' || i || '.webp' end,
        pg_temp.moment(i, salt + 26),
        case when i % 2 = 0 then pg_temp.moment(i, salt + 26) + interval '30 days' end
    from generate_series(1, n_consultants) i
    cross join lateral (
        select (array['available', 'on_mission', 'on_mission', 'on_mission', 'partially_available', 'unavailable'])[
            1 + pg_temp.pick(i, salt + 15, 6)
        ] as status
    ) s;

    -- Neighbours in the catalogue are kin, and its first entries are the most frequent.
    insert into consultant_skills (consultant_id, skill_id, proficiency_level, years_experience, details, created_at)
    select
        i,
        1 + (floor(power(pg_temp.part(i, salt + 27), 1.6) * n_skills)::int4 + k * 5) % n_skills,
        (array['beginner', 'intermediate', 'advanced', 'expert'])[1 + pg_temp.pick(i * 16 + k, salt + 28, 4)]::proficiency_level,
        case when k % 4 > 0 then pg_temp.pick(i * 16 + k, salt + 29, 15) end,
        case when (i + k) % 9 = 0 then sentences[5] end,
        pg_temp.moment(i, salt + 26)
    from generate_series(1, n_consultants) i
    cross join lateral generate_series(1, 3 + pg_temp.pick(i, salt + 30, 5)) k;

    insert into resumes (consultant_id, file_path, file_type, version, extracted_data, created_at)
    select
        i,
        'resumes/' || i || '/cv-v' || v || case when i % 6 = 0 then '.docx' else '.pdf' end,
        case when i % 6 = 0 then 'docx' else 'pdf' end,
        v,
        case
            when pg_temp.pick(i, salt + 31, 4) > 0
                then format(
                    '{"pages": %s, "languages": ["%s"%s], "last_position": "%s", "score": %s}',
                    1 + pg_temp.pick(i, salt + 32, 6),
                    language,
                    case when i % 2 = 0 then ', "de"' else '' end,
                    titles[1 + pg_temp.pick(i, salt + 13, 14)],
                    round(pg_temp.part(i, salt + 33)::numeric, 3)
                )
        end,
        pg_temp.moment(i, salt + 26) + v * interval '1 day'
    from generate_series(1, n_consultants) i
    cross join lateral generate_series(1, 1 + (pg_temp.pick(i, salt + 34, 4) = 0)::int4) v;

    insert into tenders (
        company_id, title, client_name, description, start_date, end_date, status, location, remote_work, budget,
        required_consultants, created_at, updated_at
    )
    select
        case when i % 7 = 0 then 1 + pg_temp.pick(i, salt + 35, n_partners + 1) else 1 end,
        t.need || case when i % 3 = 0 then ' (' || titles[1 + pg_temp.pick(i, salt + 36, 14)] || ')' else '' end,
        t.client,
        t.client || case when french then ' recherche : ' else ' is looking for: ' end || t.need || '. '
            || conditions[1 + pg_temp.pick(i, salt + 37, 6)],
        t.start,
        case when i % 5 > 0 then t.start + 60 + pg_temp.pick(i, salt + 38, 500) end,
        case
            when t.start > today then (array['open', 'open', 'open', 'cancelled'])[1 + pg_temp.pick(i, salt + 39, 4)]
            else (array['closed', 'closed', 'in_progress', 'cancelled'])[1 + pg_temp.pick(i, salt + 39, 4)]
        end::tender_status,
        cities[1 + pg_temp.pick(i, salt + 40, 14)],
        i % 2 = 0,
        case when i % 4 > 0 then 1000 * (5 + pg_temp.pick(i, salt + 41, 400)) end,
        1 + pg_temp.pick(i, salt + 42, 5),
        pg_temp.moment(i, salt + 44),
        case when i % 2 = 0 then pg_temp.moment(i, salt + 44) + interval '12 days' end
    from (
        select
            i,
            needs[1 + pg_temp.pick(i, salt + 45, 10)] as need,
            clients[1 + pg_temp.pick(i, salt + 46, 14)] as client,
            (pg_temp.moment(i, salt + 44) at time zone 'UTC')::date + 20 + pg_temp.pick(i, salt + 47, 120) as start
        from generate_series(1, n_tenders) i
    ) t;

    insert into tender_skills (tender_id, skill_id, importance, details, created_at)
    select
        i,
        1 + (floor(power(pg_temp.part(i, salt + 48), 1.6) * n_skills)::int4 + k * 5) % n_skills,
        (array['required', 'required', 'preferred', 'nice_to_have'])[1 + pg_temp.pick(i * 16 + k, salt + 49, 4)],
        case when (i + k) % 8 = 0 then remarks[1 + pg_temp.pick(i, salt + 50, 8)] end,
        pg_temp.moment(i, salt + 44)
    from generate_series(1, n_tenders) i
    cross join lateral generate_series(1, 2 + pg_temp.pick(i, salt + 51, 4)) k;

    insert into matches (consultant_id, tender_id, match_score, status, notes, created_at, updated_at)
    select
        1 + pg_temp.pick(i, salt + 52, n_consultants),
        1 + pg_temp.pick(i, salt + 53, n_tenders),
        floor((1 - power(pg_temp.part(i, salt + 54), 2)) * 10000) / 10000,
        (array['suggested', 'suggested', 'suggested', 'submitted', 'accepted', 'rejected', 'rejected'])[
            1 + pg_temp.pick(i, salt + 55, 7)
        ]::match_status,
        case when i % 13 = 0 then remarks[1 + pg_temp.pick(i, salt + 56, 8)] end,
        pg_temp.moment(i, salt + 57),
        case when i % 3 = 0 then pg_temp.moment(i, salt + 57) + interval '3 days' end
    from generate_series(1, n_matches) i;

    insert into skill_portfolios (
        consultant_id, tender_id, file_path, version, status, content, generated_date, created_at
    )
    select
        m.consultant_id,
        m.tender_id,
        case when m.id % 20 > 0 then 'portfolios/' || m.tender_id || '/' || m.consultant_id || '.pdf' end,
        1 + (m.id % 40 = 0)::int4,
        case when m.status in ('submitted', 'accepted') then 'final' else 'draft' end::portfolio_status,
        sentences[1 + pg_temp.pick(m.id, salt + 58, 8)] || E'\n' || sentences[1 + pg_temp.pick(m.id, salt + 59, 8)],
        m.created_at + interval '2 hours',
        m.created_at + interval '2 hours'
    from matches m
    where m.id % 10 = 0
    order by m.id;

    insert into collaborations (
        initiator_company_id, partner_company_id, status, start_date, end_date, terms, created_at
    )
    select
        1,
        1 + i,
        (array['pending', 'active', 'active', 'inactive'])[1 + pg_temp.pick(i, salt + 60, 4)]::collaboration_status,
        c.start,
        case when i % 3 = 0 then c.start + 365 end,
        case when french then 'Commission de ' else 'Commission of ' end || (5 + pg_temp.pick(i, salt + 62, 10)) || ' %',
        pg_temp.moment(i, salt + 61)
    from generate_series(1, n_partners) i
    cross join lateral (select (pg_temp.moment(i, salt + 61) at time zone 'UTC')::date as start) c;

    if made_again is not null then
        foreach statement in array made_again loop
            execute statement;
        end loop;
    end if;
end
$fill$;

-- What the newer migrations made room for.
create or replace function pg_temp.fill_references(salt int8) returns void language plpgsql as $fill$
begin
    update tenders set reference = 'AO-' || extract(year from created_at) || '-' || lpad(id::text, 5, '0')
    where pg_temp.pick(id, salt + 63, 3) > 0;
end
$fill$;
