-- What a new practice starts with. Fees are those of the agreement of 2024, mainland France: check them against the
-- current tables of the health insurance before the first invoice. What is there already is left alone.
insert into specialities (code, name, is_medical)
values
    ('01', 'Médecine générale', true),
    ('02', 'Anesthésiologie-réanimation', true),
    ('03', 'Cardiologie', true),
    ('04', 'Chirurgie générale', true),
    ('05', 'Dermatologie et vénéréologie', true),
    ('06', 'Radiodiagnostic et imagerie médicale', true),
    ('07', 'Gynécologie-obstétrique', true),
    ('08', 'Gastro-entérologie et hépatologie', true),
    ('09', 'Médecine interne', true),
    ('10', 'Neurochirurgie', true),
    ('11', 'Oto-rhino-laryngologie', true),
    ('12', 'Pédiatrie', true),
    ('13', 'Pneumologie', true),
    ('14', 'Rhumatologie', true),
    ('15', 'Ophtalmologie', true),
    ('16', 'Chirurgie urologique', true),
    ('17', 'Neuropsychiatrie', true),
    ('18', 'Stomatologie', true),
    ('19', 'Chirurgie dentaire', false),
    ('21', 'Sage-femme', false),
    ('24', 'Infirmier', false),
    ('26', 'Masseur-kinésithérapeute', false),
    ('27', 'Pédicure-podologue', false),
    ('28', 'Orthophoniste', false),
    ('29', 'Orthoptiste', false),
    ('31', 'Médecine physique et de réadaptation', true),
    ('32', 'Neurologie', true),
    ('33', 'Psychiatrie', true),
    ('34', 'Gériatrie', true),
    ('35', 'Néphrologie', true),
    ('42', 'Endocrinologie et métabolismes', true)
on conflict do nothing;

insert into appointment_kinds (code, name, minutes, is_remote, online_booking)
values
    ('CONSULT', 'Consultation', 15, false, true),
    ('PREMIERE', 'Première consultation', 30, false, true),
    ('TELECONSULT', 'Téléconsultation', 15, true, true),
    ('VACCIN', 'Vaccination', 10, false, true),
    ('SUIVI', 'Suivi de maladie chronique', 30, false, true),
    ('ENFANT', 'Examen obligatoire de l''enfant', 30, false, true),
    ('ACTE', 'Acte technique', 30, false, false),
    ('CERTIF', 'Certificat médical', 15, false, true),
    ('URGENCE', 'Urgence du jour', 15, false, false),
    ('VISITE', 'Visite à domicile', 45, false, false)
on conflict do nothing;

insert into measurement_kinds (code, name, unit, loinc, lowest, highest)
values
    ('POIDS', 'Poids', 'kg', '29463-7', 0.3, 400),
    ('TAILLE', 'Taille', 'cm', '8302-2', 20, 250),
    ('PAS', 'Pression artérielle systolique', 'mmHg', '8480-6', 40, 300),
    ('PAD', 'Pression artérielle diastolique', 'mmHg', '8462-4', 20, 200),
    ('FC', 'Fréquence cardiaque', '/min', '8867-4', 20, 300),
    ('TEMP', 'Température corporelle', '°C', '8310-5', 25, 45),
    ('SPO2', 'Saturation en oxygène', '%', '59408-5', 30, 100),
    ('FR', 'Fréquence respiratoire', '/min', '9279-1', 4, 80),
    ('PC', 'Périmètre crânien', 'cm', '9843-4', 20, 70),
    ('GLY', 'Glycémie capillaire', 'g/L', null, 0.1, 10),
    ('EVA', 'Douleur (échelle de 0 à 10)', '/10', '72514-3', 0, 10)
on conflict do nothing;

insert into act_codes (code, nomenclature, name, fee, valid_from)
values
    ('G', 'ngap', 'Consultation au cabinet du médecin généraliste', 30.00, '2024-12-22'),
    ('GS', 'ngap', 'Consultation du spécialiste en médecine générale', 30.00, '2024-12-22'),
    ('CS', 'ngap', 'Consultation au cabinet du médecin spécialiste', 23.00, '2017-05-01'),
    ('APC', 'ngap', 'Avis ponctuel de consultant', 60.00, '2024-12-22'),
    ('TCG', 'ngap', 'Téléconsultation du médecin généraliste', 25.00, '2022-10-01'),
    ('VG', 'ngap', 'Visite à domicile du médecin généraliste', 30.00, '2024-12-22'),
    ('VL', 'ngap', 'Visite longue', 60.00, '2017-05-01'),
    ('MD', 'ngap', 'Majoration de déplacement', 10.00, '2017-05-01'),
    ('COE', 'ngap', 'Consultation obligatoire de l''enfant', null, '2024-12-22'),
    ('CCP', 'ngap', 'Première consultation de contraception et prévention', null, '2024-12-22'),
    ('AMI', 'ngap', 'Acte infirmier (coefficient)', null, '2009-04-27'),
    ('AMS', 'ngap', 'Acte de masso-kinésithérapie (coefficient)', null, '2000-01-01'),
    ('AMO', 'ngap', 'Acte d''orthophonie (coefficient)', null, '2003-03-01'),
    ('DEQP003', 'ccam', 'Électrocardiographie sur au moins 12 dérivations', 14.26, '2005-03-25'),
    ('GLQP002', 'ccam', 'Mesure de la capacité vitale lente et de l''expiration forcée', 37.88, '2005-03-25'),
    ('JKHD001', 'ccam', 'Prélèvement cervicovaginal', 12.46, '2005-03-25'),
    ('QZNP005', 'ccam', 'Destruction de lésions cutanées superficielles par agent chimique ou cryothérapie', null, '2005-03-25')
on conflict do nothing;
