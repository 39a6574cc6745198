-- What a new shop starts with. Rates of VAT are those of the beginning of 2026: check them before the first invoice. What is there already
-- is left alone.
insert into countries (code, name_en, name_fr, in_eu, currency)
values
    ('AT', 'Austria', 'Autriche', true, 'EUR'),
    ('BE', 'Belgium', 'Belgique', true, 'EUR'),
    ('BG', 'Bulgaria', 'Bulgarie', true, 'EUR'),
    ('CY', 'Cyprus', 'Chypre', true, 'EUR'),
    ('CZ', 'Czechia', 'Tchéquie', true, 'CZK'),
    ('DE', 'Germany', 'Allemagne', true, 'EUR'),
    ('DK', 'Denmark', 'Danemark', true, 'DKK'),
    ('EE', 'Estonia', 'Estonie', true, 'EUR'),
    ('ES', 'Spain', 'Espagne', true, 'EUR'),
    ('FI', 'Finland', 'Finlande', true, 'EUR'),
    ('FR', 'France', 'France', true, 'EUR'),
    ('GR', 'Greece', 'Grèce', true, 'EUR'),
    ('HR', 'Croatia', 'Croatie', true, 'EUR'),
    ('HU', 'Hungary', 'Hongrie', true, 'HUF'),
    ('IE', 'Ireland', 'Irlande', true, 'EUR'),
    ('IT', 'Italy', 'Italie', true, 'EUR'),
    ('LT', 'Lithuania', 'Lituanie', true, 'EUR'),
    ('LU', 'Luxembourg', 'Luxembourg', true, 'EUR'),
    ('LV', 'Latvia', 'Lettonie', true, 'EUR'),
    ('MT', 'Malta', 'Malte', true, 'EUR'),
    ('NL', 'Netherlands', 'Pays-Bas', true, 'EUR'),
    ('PL', 'Poland', 'Pologne', true, 'PLN'),
    ('PT', 'Portugal', 'Portugal', true, 'EUR'),
    ('RO', 'Romania', 'Roumanie', true, 'RON'),
    ('SE', 'Sweden', 'Suède', true, 'SEK'),
    ('SI', 'Slovenia', 'Slovénie', true, 'EUR'),
    ('SK', 'Slovakia', 'Slovaquie', true, 'EUR'),
    ('MC', 'Monaco', 'Monaco', false, 'EUR'),
    ('CH', 'Switzerland', 'Suisse', false, 'CHF'),
    ('GB', 'United Kingdom', 'Royaume-Uni', false, 'GBP'),
    ('NO', 'Norway', 'Norvège', false, 'NOK'),
    ('US', 'United States', 'États-Unis', false, 'USD'),
    ('CA', 'Canada', 'Canada', false, 'CAD')
on conflict do nothing;

insert into vat_rates (country_code, kind, rate, valid_from)
values
    ('FR', 'standard', 20.00, '2014-01-01'),
    ('FR', 'intermediate', 10.00, '2014-01-01'),
    ('FR', 'reduced', 5.50, '2014-01-01'),
    ('FR', 'super_reduced', 2.10, '2014-01-01'),
    ('MC', 'standard', 20.00, '2014-01-01'),
    ('AT', 'standard', 20.00, '1984-01-01'),
    ('BE', 'standard', 21.00, '1996-01-01'),
    ('BE', 'reduced', 6.00, '2000-01-01'),
    ('BG', 'standard', 20.00, '1999-01-01'),
    ('CY', 'standard', 19.00, '2014-01-13'),
    ('CZ', 'standard', 21.00, '2013-01-01'),
    ('DE', 'standard', 19.00, '2021-01-01'),
    ('DE', 'reduced', 7.00, '2021-01-01'),
    ('DK', 'standard', 25.00, '1992-01-01'),
    ('EE', 'standard', 24.00, '2025-07-01'),
    ('ES', 'standard', 21.00, '2012-09-01'),
    ('ES', 'reduced', 10.00, '2012-09-01'),
    ('ES', 'super_reduced', 4.00, '1995-01-01'),
    ('FI', 'standard', 25.50, '2024-09-01'),
    ('GR', 'standard', 24.00, '2016-06-01'),
    ('HR', 'standard', 25.00, '2012-03-01'),
    ('HU', 'standard', 27.00, '2012-01-01'),
    ('IE', 'standard', 23.00, '2021-03-01'),
    ('IT', 'standard', 22.00, '2013-10-01'),
    ('IT', 'reduced', 10.00, '1995-02-24'),
    ('LT', 'standard', 21.00, '2009-09-01'),
    ('LU', 'standard', 17.00, '2024-01-01'),
    ('LV', 'standard', 21.00, '2012-07-01'),
    ('MT', 'standard', 18.00, '2004-01-01'),
    ('NL', 'standard', 21.00, '2012-10-01'),
    ('NL', 'reduced', 9.00, '2019-01-01'),
    ('PL', 'standard', 23.00, '2011-01-01'),
    ('PT', 'standard', 23.00, '2011-01-01'),
    ('RO', 'standard', 21.00, '2025-08-01'),
    ('SE', 'standard', 25.00, '1990-07-01'),
    ('SI', 'standard', 22.00, '2013-07-01'),
    ('SK', 'standard', 23.00, '2025-01-01'),
    ('CH', 'zero', 0.00, '2000-01-01'),
    ('GB', 'zero', 0.00, '2021-01-01'),
    ('NO', 'zero', 0.00, '2000-01-01'),
    ('US', 'zero', 0.00, '2000-01-01'),
    ('CA', 'zero', 0.00, '2000-01-01')
on conflict do nothing;

insert into order_states (state, label_en, label_fr, is_final, tells_customer)
values
    ('pending_payment', 'Waiting for payment', 'En attente de paiement', false, true),
    ('paid', 'Paid', 'Payée', false, true),
    ('in_preparation', 'In preparation', 'En préparation', false, false),
    ('partly_shipped', 'Partly shipped', 'Expédiée en partie', false, true),
    ('shipped', 'Shipped', 'Expédiée', false, true),
    ('delivered', 'Delivered', 'Livrée', false, true),
    ('cancelled', 'Cancelled', 'Annulée', false, true),
    ('return_requested', 'Return requested', 'Retour demandé', false, true),
    ('returned', 'Returned', 'Retournée', false, true),
    ('refunded', 'Refunded', 'Remboursée', true, true)
on conflict do nothing;

insert into order_transitions (from_state, to_state)
values
    ('pending_payment', 'paid'),
    ('pending_payment', 'cancelled'),
    ('paid', 'in_preparation'),
    ('paid', 'cancelled'),
    ('in_preparation', 'partly_shipped'),
    ('in_preparation', 'shipped'),
    ('in_preparation', 'cancelled'),
    ('partly_shipped', 'shipped'),
    ('shipped', 'delivered'),
    ('shipped', 'return_requested'),
    ('delivered', 'return_requested'),
    ('return_requested', 'returned'),
    ('return_requested', 'delivered'),
    ('returned', 'refunded'),
    ('cancelled', 'refunded')
on conflict do nothing;

insert into categories (slug, position)
values
    ('clothing', 1), ('shoes', 2), ('accessories', 3), ('home', 4), ('books', 5), ('food', 6), ('gift-cards', 7)
on conflict do nothing;

insert into category_translations (category_id, language, name)
select c.id, t.language, t.name
from categories c
join (
    values
        ('clothing', 'en', 'Clothing'), ('clothing', 'fr', 'Vêtements'),
        ('shoes', 'en', 'Shoes'), ('shoes', 'fr', 'Chaussures'),
        ('accessories', 'en', 'Accessories'), ('accessories', 'fr', 'Accessoires'),
        ('home', 'en', 'Home'), ('home', 'fr', 'Maison'),
        ('books', 'en', 'Books'), ('books', 'fr', 'Livres'),
        ('food', 'en', 'Food'), ('food', 'fr', 'Épicerie'),
        ('gift-cards', 'en', 'Gift cards'), ('gift-cards', 'fr', 'Cartes cadeaux')
) as t (slug, language, name) on t.slug = c.slug
on conflict do nothing;
