-- What a new school starts with: collège and lycée. What is there already is left alone.
insert into levels (code, name, cycle, position)
values
    ('6E', 'Sixième', 'cycle_3', 1),
    ('5E', 'Cinquième', 'cycle_4', 2),
    ('4E', 'Quatrième', 'cycle_4', 3),
    ('3E', 'Troisième', 'cycle_4', 4),
    ('3PM', 'Troisième prépa-métiers', 'cycle_4', 5),
    ('2GT', 'Seconde générale et technologique', 'lycee_general', 6),
    ('1G', 'Première générale', 'lycee_general', 7),
    ('1STMG', 'Première STMG', 'lycee_general', 8),
    ('1STI2D', 'Première STI2D', 'lycee_general', 9),
    ('1ST2S', 'Première ST2S', 'lycee_general', 10),
    ('TG', 'Terminale générale', 'lycee_general', 11),
    ('TSTMG', 'Terminale STMG', 'lycee_general', 12),
    ('TSTI2D', 'Terminale STI2D', 'lycee_general', 13),
    ('TST2S', 'Terminale ST2S', 'lycee_general', 14),
    ('CAP1', 'Première année de CAP', 'lycee_professionnel', 15),
    ('CAP2', 'Seconde année de CAP', 'lycee_professionnel', 16),
    ('2PRO', 'Seconde professionnelle', 'lycee_professionnel', 17),
    ('1PRO', 'Première professionnelle', 'lycee_professionnel', 18),
    ('TPRO', 'Terminale professionnelle', 'lycee_professionnel', 19),
    ('BTS1', 'Première année de BTS', 'post_bac', 20),
    ('BTS2', 'Seconde année de BTS', 'post_bac', 21)
on conflict do nothing;

insert into subjects (code, name, colour, is_optional)
values
    ('FRA', 'Français', '#1F6FEB', false),
    ('MATH', 'Mathématiques', '#D1242F', false),
    ('HG', 'Histoire-géographie', '#9A6700', false),
    ('EMC', 'Enseignement moral et civique', '#BC8C00', false),
    ('ANG', 'Anglais', '#8250DF', false),
    ('ESP', 'Espagnol', '#E36209', false),
    ('ALL', 'Allemand', '#57606A', false),
    ('ITA', 'Italien', '#1A7F37', false),
    ('SVT', 'Sciences de la vie et de la Terre', '#2DA44E', false),
    ('PC', 'Physique-chimie', '#0969DA', false),
    ('TECH', 'Technologie', '#6E7781', false),
    ('SNT', 'Sciences numériques et technologie', '#0550AE', false),
    ('ES', 'Enseignement scientifique', '#116329', false),
    ('SES', 'Sciences économiques et sociales', '#CF222E', false),
    ('PHILO', 'Philosophie', '#6639BA', false),
    ('EPS', 'Éducation physique et sportive', '#FB8F44', false),
    ('ARTS', 'Arts plastiques', '#BF3989', false),
    ('MUS', 'Éducation musicale', '#A475F9', false),
    ('NSI', 'Numérique et sciences informatiques', '#033D8B', true),
    ('HGGSP', 'Histoire-géographie, géopolitique et sciences politiques', '#7D4E00', true),
    ('HLP', 'Humanités, littérature et philosophie', '#512A97', true),
    ('LLCE', 'Langues, littératures et cultures étrangères', '#8250A0', true),
    ('LAT', 'Latin', '#953800', true),
    ('GREC', 'Grec ancien', '#762C00', true),
    ('DGEMC', 'Droit et grands enjeux du monde contemporain', '#A40E26', true),
    ('EURO', 'Section européenne', '#0A3069', true)
on conflict do nothing;

insert into absence_reasons (code, name, is_valid)
values
    ('MAL', 'Maladie', true),
    ('RDVMED', 'Rendez-vous médical', true),
    ('FAM', 'Événement familial', true),
    ('TRANSP', 'Retard de transport', true),
    ('SORTIE', 'Sortie ou voyage scolaire', true),
    ('STAGE', 'Stage en entreprise', true),
    ('INF', 'Passage à l''infirmerie', true),
    ('CONV', 'Convocation administrative ou examen', true),
    ('REL', 'Fête religieuse', true),
    ('PANNE', 'Panne de réveil', false),
    ('SANS', 'Sans motif', false),
    ('NONREC', 'Motif non recevable', false)
on conflict do nothing;

insert into academic_years (name, starts_on, ends_on, is_current)
values
    ('2025-2026', '2025-09-01', '2026-07-03', false),
    ('2026-2027', '2026-09-01', '2027-07-02', true)
on conflict do nothing;

insert into terms (academic_year_id, name, starts_on, ends_on)
select y.id, t.name, t.starts_on, t.ends_on
from academic_years y
join (
    values
        ('2025-2026', 'Premier trimestre', date '2025-09-01', date '2025-11-28'),
        ('2025-2026', 'Deuxième trimestre', date '2025-11-29', date '2026-03-06'),
        ('2025-2026', 'Troisième trimestre', date '2026-03-07', date '2026-07-03'),
        ('2026-2027', 'Premier trimestre', date '2026-09-01', date '2026-11-27'),
        ('2026-2027', 'Deuxième trimestre', date '2026-11-28', date '2027-03-05'),
        ('2026-2027', 'Troisième trimestre', date '2027-03-06', date '2027-07-02')
) as t (year, name, starts_on, ends_on) on t.year = y.name
on conflict do nothing;
