import type { TenantSummary } from "../../api/types";
import { createRandom } from "./random";

const known: readonly [string, string][] = [
  ["Lycée Victor Hugo", "lycee_victor_hugo"],
  ["Collège Jean Moulin", "college_jean_moulin"],
  ["ESN Bretagne Conseil", "esn_bretagne_conseil"],
  ["Académie de musique de Saint-Étienne", "academie_musique_saint_etienne"],
  ["Programme ACD – cohorte 2026", "programme_acd_2026"],
  ["Northwind Consulting", "northwind_consulting"],
  ["Clinique du Parc", "clinique_du_parc"],
  ["École des métiers de l’eau", "ecole_metiers_eau"],
  ["Institut Marie Curie", "institut_marie_curie"],
  ["TalentMatch Lyon", "talentmatch_lyon"],
  ["مدرسة الأندلس", "madrasat_al_andalus"],
  ["Centre Aura Formation", "centre_aura_formation"],
  ["Université ouverte de Brest", "universite_ouverte_brest"],
  ["Thames Valley Staffing", "thames_valley_staffing"],
  ["O'Brien & Sons, Dublin", "obrien_sons_dublin"],
  [
    "Groupement d’intérêt public pour la formation continue et l’insertion professionnelle du Grand Est",
    "gip_formation_continue_insertion_professionnelle_du_grand_est_1",
  ],
  ["東京タレント", "tokyo_talent"],
  ["Harbour & Field", "harbour_field"],
];
const kinds = ["Lycée", "Collège", "Cabinet", "Agence", "Institut", "Studio", "Atelier", "Groupe", "École"];
const people = [
  "Simone Veil",
  "Louise Michel",
  "Jules Verne",
  "Ada Lovelace",
  "Jean Jaurès",
  "Sophie Germain",
  "Évariste Galois",
  "Rosa Parks",
  "Alan Turing",
  "Colette",
  "Émile Zola",
  "Frida Kahlo",
  "George Sand",
  "Hannah Arendt",
  "Irène Joliot-Curie",
  "Katherine Johnson",
  "Marc Chagall",
  "Nelson Mandela",
  "Olympe de Gouges",
  "Paul Éluard",
];
const cities = [
  "Brest",
  "Lyon",
  "Nantes",
  "Lille",
  "Toulouse",
  "Dijon",
  "Metz",
  "Pau",
  "Tours",
  "Nice",
  "Leeds",
  "Cork",
  "Bath",
  "Ghent",
  "Turin",
  "Rennes",
  "Angers",
  "Rouen",
  "Caen",
  "Nîmes",
];

const plain = (name: string) =>
  name
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");

/** A schema name as core derives it; empty when nothing of the name can be kept. */
export const schemaNameOf = (name: string) => plain(name).slice(0, 63);

/** A fleet of this many tenants, of very different sizes; some behind, one deactivated, one of another origin. */
export function createFleet(count: number): TenantSummary[] {
  const random = createRandom(20_261_120);
  const taken = new Set<string>();
  const fleet: TenantSummary[] = [];
  for (let index = 0; index < count; index += 1) {
    let [name, schema] = known[index] ?? [
      `${random.pick(kinds)} ${random.pick(people)}, ${random.pick(cities)}`,
      "",
    ];
    schema ||= plain(name);
    if (taken.has(schema)) {
      name = `${name} ${index}`;
      schema = `${schema}_${index}`.slice(-63);
    }
    taken.add(schema);
    fleet.push(createTenant(name, schema, index, random));
  }
  return fleet.sort((a, b) => (a.schema < b.schema ? -1 : 1));
}

function createTenant(
  name: string,
  schema: string,
  index: number,
  random: ReturnType<typeof createRandom>,
): TenantSummary {
  // Sizes spread over four orders of magnitude, as fleets do.
  const rows = Math.round(10 ** (2.4 + random.next() * 2.6 + (index % 37 === 9 ? 0.6 : 0)));
  const behind = index % 11 === 6 ? 2 : index % 5 === 1 ? 1 : 0;
  const foreign = index % 97 === 11;
  const never = random.chance(0.03);
  return {
    oid: 24_576 + index * 41,
    schema,
    name,
    state: index % 23 === 6 ? "inactive" : "active",
    domains: [],
    template: foreign ? null : "talentmatch",
    version: foreign ? null : 7 - behind,
    pending: foreign ? null : behind,
    shape: null,
    tables: foreign ? 4 : 11,
    rows: never ? 0 : rows,
    rows_estimated: !never,
    size_bytes: never ? 630_784 : 630_784 + rows * random.between(180, 420),
    size_estimated: true,
    last_activity: never ? null : new Date(Date.now() - 10 ** (random.next() * 5.4 + 4)).toISOString(),
    last_backup: null,
    quota: null,
    owner: "cadastre_admin",
    readable: index % 61 !== 40,
  };
}

/** A tenant that was just created. */
export function newTenant(name: string, schema: string, template: string | null): TenantSummary {
  return {
    oid: 900_000 + Math.floor(Math.random() * 90_000),
    schema,
    name,
    state: "active",
    domains: [],
    template,
    version: template ? 7 : null,
    pending: template ? 0 : null,
    shape: null,
    tables: template ? 11 : 0,
    rows: 0,
    rows_estimated: true,
    size_bytes: template ? 630_784 : 0,
    size_estimated: true,
    last_activity: new Date().toISOString(),
    last_backup: null,
    quota: null,
    owner: "cadastre_admin",
    readable: true,
  };
}
