-- What a new programme starts with. What is there already is left alone.
insert into criteres_eligibilite (code, libelle, description, eliminatoire, position)
values
    ('majorite', 'Être majeur à l''entrée en formation', null, true, 1),
    ('territoire', 'Résider ou entreprendre sur le territoire du programme', 'Adresse du candidat ou siège de l''entreprise', true, 2),
    ('entreprise_active', 'Entreprise immatriculée ou projet formalisé', 'SIRET, ou dossier de création', true, 3),
    ('anciennete', 'Entreprise de moins de huit ans', null, false, 4),
    ('effectif', 'Effectif de moins de 50 salariés', 'Seuil européen des petites entreprises', false, 5),
    ('chiffre_affaires', 'Chiffre d''affaires inférieur à 10 M€', 'Seuil européen des petites entreprises', false, 6),
    ('qpv', 'Siège en quartier prioritaire (QPV)', 'Priorité à égalité de dossier', false, 7),
    ('disponibilite', 'Disponible pour toute la durée du programme', null, true, 8),
    ('francais', 'Français professionnel (B1 au moins)', null, false, 9)
on conflict do nothing;

insert into types_document (code, libelle, obligatoire, duree_conservation, position)
values
    ('piece_identite', 'Pièce d''identité', true, interval '1 year', 1),
    ('cv', 'Curriculum vitæ', true, interval '2 years', 2),
    ('lettre_motivation', 'Lettre de motivation', true, interval '2 years', 3),
    ('kbis', 'Extrait Kbis ou avis de situation SIRENE', false, interval '3 years', 4),
    ('justificatif_domicile', 'Justificatif de domicile', false, interval '1 year', 5),
    ('bilan', 'Dernier bilan ou prévisionnel', false, interval '3 years', 6),
    ('attestation_france_travail', 'Attestation France Travail', false, interval '3 years', 7),
    ('convention', 'Convention de formation signée', true, interval '5 years', 8),
    ('attestation_fin', 'Attestation de fin de formation', false, interval '10 years', 9),
    ('droit_image', 'Autorisation de droit à l''image', false, interval '5 years', 10)
on conflict do nothing;

insert into modules_formation (code, intitule, objectifs, duree_minutes, position)
values
    ('ACC', 'Accueil et diagnostic', 'Situer le projet et fixer les objectifs du parcours', 210, 1),
    ('STR', 'Stratégie et modèle économique', 'Formaliser l''offre, les clients et la création de valeur', 420, 2),
    ('MKT', 'Marketing et communication', 'Construire un plan d''action commercial', 420, 3),
    ('VTE', 'Techniques de vente', 'Mener un entretien de vente et négocier', 420, 4),
    ('FIN', 'Gestion et finances', 'Lire un bilan, établir un plan de trésorerie', 420, 5),
    ('JUR', 'Cadre juridique et social', 'Statuts, contrats, première embauche', 210, 6),
    ('NUM', 'Outils numériques', 'Site, réseaux sociaux, facturation électronique', 420, 7),
    ('RGPD', 'Protection des données', 'Tenir un registre et répondre aux droits des personnes', 105, 8),
    ('PIT', 'Pitch et prise de parole', 'Présenter son projet en cinq minutes', 210, 9),
    ('BIL', 'Bilan et suite du parcours', 'Mesurer les résultats et préparer l''après', 210, 10)
on conflict do nothing;
