/** Measured values at each of the chart's places, from left to right; undefined where nothing was measured. */
export interface Series {
  readonly name: string;
  readonly values: readonly (number | undefined)[];
  readonly ink: 1 | 2 | 3 | 4;
}

/** A dashed line across the whole chart: an aim, or what others came to. */
export interface Level {
  readonly name: string;
  readonly value: number;
}

export interface LineChart {
  readonly title: string;
  /** For those who cannot see it: what it shows, in a sentence. */
  readonly description: string;
  readonly across: { readonly name: string; readonly places: readonly string[] };
  readonly up: { readonly name: string; readonly most: number; readonly step: number };
  readonly series: readonly Series[];
  readonly levels: readonly Level[];
}

const [WIDTH, HEIGHT] = [860, 440];
const [LEFT, RIGHT, TOP, BOTTOM] = [70, 640, 56, 380];

const STYLE = `
    svg { --paper: #fdfcf9; --rim: #dfd9cc; --ink: #23282f; --soft: #5d6671; --grid: #e7e2d7;
      --one: #1c8560; --two: #4d7fbf; --three: #bd8a17; --four: #b0413e; }
    @media (prefers-color-scheme: dark) {
      svg { --paper: #12161c; --rim: #2d343e; --ink: #e9edf2; --soft: #a6b0bc; --grid: #232a34;
        --one: #4fc398; --two: #6ea1e4; --three: #dfae4b; --four: #e8817d; }
    }
    text { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; fill: var(--soft); }
    .title { font-size: 16px; font-weight: 600; fill: var(--ink); }
    .paper { fill: var(--paper); stroke: var(--rim); }
    .grid { stroke: var(--grid); }
    .level { stroke: var(--soft); stroke-dasharray: 6 5; }
    .middle { text-anchor: middle; } .end { text-anchor: end; }
    .line { fill: none; stroke-width: 2.5; stroke-linejoin: round; }
    .line1 { stroke: var(--one); } .line2 { stroke: var(--two); } .line3 { stroke: var(--three); } .line4 { stroke: var(--four); }
    .dot1, .name1 { fill: var(--one); } .dot2, .name2 { fill: var(--two); }
    .dot3, .name3 { fill: var(--three); } .dot4, .name4 { fill: var(--four); }
    .name { font-weight: 600; }`;

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

const label = (x: number, y: number, text: string, style = ''): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}"${style && ` class="${style}"`}>${escaped(text)}</text>`;

/** Draws a chart as an SVG that reads in the light and in the dark. */
export function drawn(chart: LineChart): string {
  const { across, up, series, levels } = chart;
  const x = (place: number): number => LEFT + ((place + 0.5) / across.places.length) * (RIGHT - LEFT);
  const y = (value: number): number => BOTTOM - (Math.min(value, up.most) / up.most) * (BOTTOM - TOP);
  const steps = Array.from({ length: Math.floor(up.most / up.step) + 1 }, (_, step) => step * up.step);
  const names = namesBeside([
    ...levels.map(({ name, value }) => ({ name, at: y(value), style: '' })),
    ...series.map(({ name, values, ink }) => ({
      name,
      at: y(values.findLast(value => value !== undefined) ?? 0),
      style: `name name${ink}`,
    })),
  ]);
  const parts = [
    `<rect class="paper" x="0.5" y="0.5" width="${WIDTH - 1}" height="${HEIGHT - 1}" rx="10"/>`,
    label(24, 32, chart.title, 'title'),
    ...steps.flatMap(value => [
      `<path class="grid" d="M${LEFT} ${y(value).toFixed(1)}H${RIGHT}"/>`,
      label(LEFT - 10, y(value) + 4, String(value), 'end'),
    ]),
    ...across.places.map((place, index) => label(x(index), BOTTOM + 20, place, 'middle')),
    label((LEFT + RIGHT) / 2, BOTTOM + 44, across.name, 'middle'),
    `<text class="middle" transform="translate(22 ${(TOP + BOTTOM) / 2}) rotate(-90)">${escaped(up.name)}</text>`,
    ...levels.map(({ value }) => `<path class="level" d="M${LEFT} ${y(value).toFixed(1)}H${RIGHT}"/>`),
    ...series.flatMap(({ values, ink }) => line(values, ink, x, y)),
    ...names.map(({ name, at, style }) => label(RIGHT + 12, at + 4, name, style)),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="title description">
  <title id="title">${escaped(chart.title)}</title>
  <desc id="description">${escaped(chart.description)}</desc>
  <style>${STYLE}
  </style>
  ${parts.join('\n  ')}
</svg>
`;
}

function line(
  values: readonly (number | undefined)[],
  ink: number,
  x: (place: number) => number,
  y: (value: number) => number,
): readonly string[] {
  const points = values.flatMap((value, place) =>
    value === undefined ? [] : [[x(place).toFixed(1), y(value).toFixed(1)] as const],
  );
  return [
    `<path class="line line${ink}" d="M${points.map(([left, top]) => `${left} ${top}`).join('L')}"/>`,
    ...points.map(([left, top]) => `<circle class="dot${ink}" cx="${left}" cy="${top}" r="3.5"/>`),
  ];
}

/** Names stand where their lines end, pushed apart where they would touch. */
function namesBeside<Name extends { readonly at: number }>(names: readonly Name[]): readonly Name[] {
  let free = 0;
  return names
    .toSorted((a, b) => a.at - b.at)
    .map(name => {
      const at = Math.max(name.at, free);
      free = at + 18;
      return { ...name, at };
    });
}
