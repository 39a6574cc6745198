//! Who is in the demo fleet. Firms and domains are invented; `.example` belongs to nobody.

use Language::{English, French};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    English,
    French,
}

/// A tenant of the demo.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tenant {
    pub schema: &'static str,
    pub name: &'static str,
    pub city: &'static str,
    pub country: &'static str,
    pub language: Language,
    pub consultants: u32,
    pub tenders: u32,
    pub matches: u32,
    /// So many of the newest migrations are missing.
    pub behind: usize,
    pub state: State,
}

/// What is particular about a tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Normal,
    /// Somebody changed it by hand: an index is missing, a column is too many.
    Drifted,
    /// Nobody may use its schema.
    Deactivated,
}

const fn tenant(
    schema: &'static str,
    name: &'static str,
    place: (&'static str, &'static str, Language),
    rows: (u32, u32, u32),
) -> Tenant {
    let (city, country, language) = place;
    let (consultants, tenders, matches) = rows;
    let state = State::Normal;
    Tenant { schema, name, city, country, language, consultants, tenders, matches, behind: 0, state }
}

impl Tenant {
    const fn behind(mut self, migrations: usize) -> Self {
        self.behind = migrations;
        self
    }

    const fn state(mut self, state: State) -> Self {
        self.state = state;
        self
    }
}

/// Rows are consultants, tenders and matches; the other tables follow from them.
pub(super) const FLEET: &[Tenant] = &[
    // The big one first: it takes as long as all the others together.
    tenant("talentmatch_lyon", "TalentMatch Lyon", ("Lyon", "France", French), (3200, 2600, 168_000)),
    tenant("northwind_consulting", "Northwind Consulting", ("London", "United Kingdom", English), (1150, 640, 21_000)),
    tenant("groupe_mercure", "Groupe Mercure", ("Paris", "France", French), (980, 700, 14_500)),
    tenant("esn_bretagne", "ESN Bretagne", ("Rennes", "France", French), (420, 260, 6200)),
    tenant("thames_digital", "Thames Digital", ("Reading", "United Kingdom", English), (510, 300, 5100)),
    tenant("idf_services", "Île-de-France Services numériques", ("Saint-Denis", "France", French), (640, 410, 4800))
        .behind(1),
    tenant("maple_leaf_consulting", "Maple Leaf Consulting", ("Toronto", "Canada", English), (390, 240, 3900)),
    tenant("nord_numerique", "Nord Numérique", ("Lille", "France", French), (350, 190, 3100)),
    tenant("alpes_ingenierie", "Alpes Ingénierie", ("Grenoble", "France", French), (300, 170, 2800)),
    tenant("meridian_people", "Meridian People", ("Manchester", "United Kingdom", English), (280, 150, 2500)).behind(2),
    tenant("conseil_aquitaine", "Conseil Aquitaine", ("Bordeaux", "France", French), (260, 140, 2300))
        .state(State::Drifted),
    tenant("blue_ridge_systems", "Blue Ridge Systems", ("Asheville", "United States", English), (240, 130, 2000)),
    tenant("occitanie_digital", "Occitanie Digital", ("Toulouse", "France", French), (230, 120, 1900)),
    tenant("quebec_competences", "Québec Compétences", ("Québec", "Canada", French), (210, 115, 1700)),
    tenant("clyde_engineering", "Clyde Engineering", ("Glasgow", "United Kingdom", English), (190, 95, 1500)),
    tenant("provence_data", "Provence Data", ("Aix-en-Provence", "France", French), (180, 90, 1400)),
    tenant("geneve_expertise", "Genève Expertise", ("Genève", "Suisse", French), (165, 85, 1250)),
    tenant("redwood_staffing", "Redwood Staffing", ("Sacramento", "United States", English), (160, 80, 1150)),
    tenant("strasbourg_systemes", "Strasbourg Systèmes", ("Strasbourg", "France", French), (150, 72, 1000)),
    tenant("wallonie_talents", "Wallonie Talents", ("Liège", "Belgique", French), (140, 70, 900)).behind(1),
    tenant("pennine_software", "Pennine Software", ("Leeds", "United Kingdom", English), (125, 60, 800)),
    tenant("atelier_logiciel_nantes", "Atelier Logiciel Nantes", ("Nantes", "France", French), (120, 58, 760)),
    tenant("oxbow_data", "Oxbow Data", ("Cambridge", "United Kingdom", English), (110, 52, 640)),
    tenant("cote_azur_technologies", "Côte d'Azur Technologies", ("Nice", "France", French), (95, 46, 560)),
    tenant("cork_city_developers", "Cork City Developers", ("Cork", "Ireland", English), (90, 40, 480)),
    tenant("normandie_informatique", "Normandie Informatique", ("Rouen", "France", French), (80, 38, 420)),
    tenant("lakeside_talent", "Lakeside Talent Partners", ("Chicago", "United States", English), (75, 36, 380)),
    tenant("savoie_conseil", "Savoie Conseil", ("Chambéry", "France", French), (60, 30, 300)),
    tenant("silverline_cloud", "Silverline Cloud", ("Dublin", "Ireland", English), (58, 26, 260)),
    tenant("tasman_advisory", "Tasman Advisory", ("Wellington", "New Zealand", English), (50, 24, 210)),
    tenant("champagne_developpement", "Champagne Développement", ("Reims", "France", French), (44, 20, 180)),
    tenant("aberdeen_energy_it", "Aberdeen Energy IT", ("Aberdeen", "United Kingdom", English), (40, 18, 150))
        .behind(3),
    tenant("cabinet_lefevre", "Cabinet Lefèvre & Associés", ("Dijon", "France", French), (32, 15, 110)),
    tenant("granite_state_tech", "Granite State Tech", ("Concord", "United States", English), (28, 12, 90))
        .state(State::Deactivated),
    tenant("ocean_indien_numerique", "Océan Indien Numérique", ("Saint-Denis", "La Réunion", French), (24, 10, 70)),
    tenant("artisans_du_code", "Les Artisans du Code", ("Angers", "France", French), (12, 6, 30)),
    tenant("cedar_analytics", "Cedar Analytics", ("Bristol", "United Kingdom", English), (8, 4, 14)),
    tenant("perigord_solutions", "Périgord Solutions", ("Périgueux", "France", French), (5, 2, 6)),
    tenant("harbour_finch", "Harbour & Finch", ("Plymouth", "United Kingdom", English), (3, 1, 2)),
    // Made this morning: nothing but the skills that every firm starts with.
    tenant("cap_transition", "Cap Transition", ("Brest", "France", French), (0, 0, 0)),
];
