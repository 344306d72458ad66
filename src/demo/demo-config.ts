// The configuration a demo is shown with: its own places and nothing else, and thresholds short enough to watch. Pure.

const quoted = (text: string): string => JSON.stringify(text);

export interface DemoPlaces {
  readonly town: string;
  readonly shop: string;
  /** Port of slot 0. */
  readonly basePort: number;
}

export const SLOT_STRIDE = 10;
export const SLOTS = 4;

/** The port of the slot whose dev server another work tree’s has displaced. */
export const takenPort = ({basePort}: Pick<DemoPlaces, 'basePort'>): number => basePort + 2 * SLOT_STRIDE;

/** TOML; JSON strings are TOML basic strings. */
export const demoConfig = ({town, shop, basePort}: DemoPlaces): string => `# A throw-away fleet. Everything in it ends with it.
interval = "1s"

[thresholds]
orphan_min_age = "0s"
confirm_gap = "500ms"
term_grace = "2s"

[[towns]]
path = ${quoted(town)}

[[rigs]]
name = "shop"
path = ${quoted(shop)}
session = "shop-{slot}"
slots = ${SLOTS}
slot_stride = ${SLOT_STRIDE}
  [[rigs.services]]
  name = "web"
  base_port = ${basePort}
`;
