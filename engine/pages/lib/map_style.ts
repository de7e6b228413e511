// What the map looks like, light and dark. The tiles are the engine's own (gis/tile_source.h);
// there is no glyph server and no sprite: without `glyphs` MapLibre draws letters from the
// device's own fonts, which costs no byte, knows every script that the device knows, and works
// offline. Widths grow with the zoom so that a gang is still to be seen at 17.
import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from 'maplibre-gl';
import { TILES_ZOOM_MAX, TILES_ZOOM_MIN } from './map_shapes';

interface Colours {
  ground: string; wood: string; grass: string; built: string; grave: string; water: string; waterText: string;
  house: string; houseEdge: string; edge: string; motor: string; main: string; street: string; path: string;
  text: string; quiet: string; halo: string; border: string; route: string; routeEdge: string; good: string;
}
const LIGHT: Colours = {
  ground: '#f2f1ed', wood: '#cfe3c4', grass: '#dcebcf', built: '#eae7e0', grave: '#d5ddcf', water: '#a8cbe8',
  waterText: '#2b5f8a', house: '#dcd6cc', houseEdge: '#bdb5a8', edge: '#b9b4aa', motor: '#e0914a', main: '#f7d98c',
  street: '#ffffff', path: '#a59c8d', text: '#14181f', quiet: '#4a5361', halo: '#ffffff', border: '#8a5fa8',
  route: '#0b5cad', routeEdge: '#ffffff', good: '#0f6b3a',
};
const DARK: Colours = {
  ground: '#14181f', wood: '#1a2b20', grass: '#1b2a22', built: '#191e26', grave: '#1d2622', water: '#16334d',
  waterText: '#7fb4e0', house: '#232a34', houseEdge: '#333d4a', edge: '#0c0f14', motor: '#8a5a2c', main: '#5f5638',
  street: '#343d4a', path: '#4d5866', text: '#eef1f5', quiet: '#b4bdc9', halo: '#0e1116', border: '#8e78a8',
  route: '#6cb4ff', routeEdge: '#06131f', good: '#5fd08f',
};

// The family's name carries the weight; no device has it, so the next one is taken with it.
const PLAIN = ['system-ui', 'Noto Sans'];
const BOLD = ['Sigap Bold', 'system-ui', 'Noto Sans'];

const widths = (...stops: number[]): ExpressionSpecification =>
  ['interpolate', ['exponential', 1.6], ['zoom'], ...stops] as unknown as ExpressionSpecification;
const oneOf = (key: string, ...values: string[]): ExpressionSpecification =>
  ['in', ['get', key], ['literal', values]];
const MOTOR = ['motorway', 'trunk', 'motorway_link', 'trunk_link'];
const MAIN = ['primary', 'secondary', 'primary_link', 'secondary_link'];
const STREET = ['tertiary', 'tertiary_link', 'unclassified', 'residential', 'living_street', 'road', 'busway'];
const NARROW = ['service', 'track', 'pedestrian'];
const FOOT = ['footway', 'path', 'steps', 'cycleway', 'bridleway', 'corridor'];

function roads(c: Colours): LayerSpecification[] {
  const line = (id: string, classes: string[], color: string, width: ExpressionSpecification, more: object = {}) =>
    ({
      id, type: 'line', source: 'city', 'source-layer': 'road', filter: oneOf('class', ...classes),
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': color, 'line-width': width, ...more },
    }) as LayerSpecification;
  return [
    line('foot', FOOT, c.path, widths(14, 0.6, 18, 2.5), { 'line-dasharray': [3, 1.5] }),
    line('narrow-edge', NARROW, c.edge, widths(14, 0.8, 18, 8)),
    line('street-edge', STREET, c.edge, widths(12, 0.8, 14, 2.2, 18, 17)),
    line('main-edge', MAIN, c.edge, widths(9, 1, 14, 5.5, 18, 24)),
    line('motor-edge', MOTOR, c.edge, widths(7, 1, 14, 7, 18, 28)),
    line('narrow', NARROW, c.street, widths(14, 0.4, 18, 6)),
    line('street', STREET, c.street, widths(12, 0.4, 14, 1.4, 18, 14)),
    line('main', MAIN, c.main, widths(9, 0.6, 14, 4, 18, 20)),
    line('motor', MOTOR, c.motor, widths(7, 0.6, 14, 5, 18, 24)),
    line('rail', ['rail', 'tram'], c.quiet, widths(10, 0.6, 18, 3), { 'line-dasharray': [4, 3] }),
  ];
}

function labels(c: Colours, dark: boolean): LayerSpecification[] {
  const halo = { 'text-color': c.text, 'text-halo-color': c.halo, 'text-halo-width': 1.6 };
  const text = (id: string, layer: string, minzoom: number, filter: unknown, layout: object, paint: object = {}) =>
    ({
      id, type: 'symbol', source: 'city', 'source-layer': layer, minzoom, ...(filter ? { filter } : {}),
      layout: { 'text-field': ['get', 'name'], 'text-font': PLAIN, 'text-max-width': 8, ...layout },
      paint: { ...halo, ...paint },
    }) as LayerSpecification;
  const along = { 'symbol-placement': 'line', 'text-max-angle': 35, 'symbol-spacing': 320 };
  return [
    {
      id: 'oneway', type: 'symbol', source: 'city', 'source-layer': 'road', minzoom: 16, filter: ['has', 'oneway'],
      layout: { 'symbol-placement': 'line', 'symbol-spacing': 90, 'icon-image': `arrow:${dark ? 'dark' : 'light'}` },
    },
    text('number-text', 'number', 17, null, { 'text-field': ['get', 'number'], 'text-size': 10.5, 'text-padding': 1 },
      { 'text-color': c.quiet, 'text-halo-width': 1 }),
    text('poi-text', 'poi', 15, ['!', oneOf('kind', 'hospital', 'km_post')],
      { 'text-size': 11, 'text-padding': 6 }, { 'text-color': c.quiet }),
    text('km-text', 'poi', 15, oneOf('kind', 'km_post'), { 'text-size': 10 }, { 'text-color': c.quiet }),
    text('street-text', 'road', 13, oneOf('class', ...STREET, ...NARROW, ...FOOT),
      { ...along, 'text-size': widths(13, 10, 18, 14) }, { 'text-halo-width': 1.8 }),
    text('main-text', 'road', 11, oneOf('class', ...MOTOR, ...MAIN),
      { ...along, 'text-size': widths(11, 10, 18, 15) }, { 'text-halo-width': 1.8 }),
    text('water-text', 'water', 12, null, { ...along, 'text-size': 11 }, { 'text-color': c.waterText }),
    text('hamlet-text', 'place', 14, oneOf('kind', 'hamlet', 'neighbourhood', 'estate', 'locality', 'isolated_dwelling'),
      { 'text-size': 11 }, { 'text-color': c.quiet }),
    text('rw-text', 'place', 16, oneOf('kind', 'rw', 'rt'), { 'text-size': 10 }, { 'text-color': c.quiet }),
    text('hospital-text', 'poi', 12, oneOf('kind', 'hospital'), { 'text-size': 11.5, 'text-font': BOLD },
      { 'text-color': c.route }),
    text('kelurahan-text', 'place', 12, oneOf('kind', 'kelurahan', 'village', 'suburb', 'quarter', 'borough'),
      { 'text-size': widths(12, 10.5, 16, 15) }),
    text('kecamatan-text', 'place', 10, oneOf('kind', 'kecamatan', 'town'),
      { 'text-size': widths(10, 11, 14, 16), 'text-transform': 'uppercase', 'text-letter-spacing': 0.06 }),
    { ...text('city-text', 'place', 5, oneOf('kind', 'kabupaten', 'city', 'municipality'),
      { 'text-size': widths(5, 11, 12, 19), 'text-font': BOLD }), maxzoom: 13 } as LayerSpecification,
  ];
}

function ground(c: Colours): LayerSpecification[] {
  return [
    { id: 'ground', type: 'background', paint: { 'background-color': c.ground } },
    {
      id: 'landuse', type: 'fill', source: 'city', 'source-layer': 'landuse',
      paint: {
        'fill-color': ['match', ['get', 'kind'],
          ['forest', 'wood'], c.wood,
          ['grass', 'park', 'meadow', 'recreation_ground', 'village_green', 'farmland', 'orchard', 'garden'], c.grass,
          ['cemetery'], c.grave, c.built],
      },
    },
    {
      id: 'water', type: 'fill', source: 'city', 'source-layer': 'water', filter: ['==', ['geometry-type'], 'Polygon'],
      paint: { 'fill-color': c.water },
    },
    {
      id: 'river', type: 'line', source: 'city', 'source-layer': 'water',
      filter: ['==', ['geometry-type'], 'LineString'],
      paint: { 'line-color': c.water, 'line-width': widths(9, 1, 14, 3, 18, 14) },
    },
    {
      id: 'building', type: 'fill', source: 'city', 'source-layer': 'building', minzoom: 14,
      paint: { 'fill-color': c.house, 'fill-outline-color': c.houseEdge },
    },
  ];
}

function borders(c: Colours): LayerSpecification[] {
  return (['kelurahan', 'kecamatan', 'kabupaten'] as const).map((kind, i) => ({
    id: `border-${kind}`, type: 'line', source: 'city', 'source-layer': 'boundary',
    filter: ['==', ['get', 'kind'], kind],
    paint: {
      'line-color': c.border, 'line-width': [0.8, 1.4, 2.4][i]!, 'line-opacity': 0.7,
      'line-dasharray': [[2, 2], [4, 2], [8, 2, 2, 2]][i]!,
    },
  }));
}

/** Districts in colours lie under roads and names, which stay readable. */
function areas(c: Colours): LayerSpecification[] {
  return [
    {
      id: 'areas', type: 'fill', source: 'areas',
      paint: { 'fill-color': ['coalesce', ['get', 'colour'], c.route], 'fill-opacity': 0.35 },
    },
    {
      id: 'areas-edge', type: 'line', source: 'areas',
      paint: { 'line-color': c.quiet, 'line-width': 1, 'line-opacity': 0.6 },
    },
  ];
}

/** What lies over the map: sources that lib/map.ts fills, and how each is drawn. */
function overlays(c: Colours): LayerSpecification[] {
  const over = { 'icon-allow-overlap': true, 'text-font': BOLD, 'text-size': 11.5, 'text-anchor': 'top' } as const;
  const halo = { 'text-color': c.text, 'text-halo-color': c.halo, 'text-halo-width': 2 };
  return [
    {
      id: 'accuracy', type: 'fill', source: 'accuracy',
      paint: { 'fill-color': c.route, 'fill-opacity': 0.15, 'fill-outline-color': c.route },
    },
    {
      id: 'route-edge', type: 'line', source: 'route', filter: ['==', ['get', 'part'], 'drive'],
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': c.routeEdge, 'line-width': widths(10, 5, 18, 15) },
    },
    {
      id: 'route', type: 'line', source: 'route', filter: ['==', ['get', 'part'], 'drive'],
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': c.route, 'line-width': widths(10, 3, 18, 10) },
    },
    {
      id: 'route-walk', type: 'line', source: 'route', filter: ['==', ['get', 'part'], 'walk'],
      layout: { 'line-cap': 'round' },
      paint: { 'line-color': c.route, 'line-width': 5, 'line-dasharray': [0.2, 2] },
    },
    {
      id: 'closures', type: 'line', source: 'closures',
      paint: { 'line-color': '#c4161c', 'line-width': 5, 'line-dasharray': [1, 1] },
    },
    {
      id: 'cameras', type: 'symbol', source: 'cameras', minzoom: 12,
      layout: {
        'icon-image': ['get', 'symbol'], 'icon-rotate': ['coalesce', ['get', 'heading'], 0],
        'icon-rotation-alignment': 'map', 'icon-allow-overlap': true,
      },
    },
    {
      id: 'hospitals', type: 'symbol', source: 'hospitals',
      layout: { ...over, 'icon-image': ['get', 'symbol'], 'text-field': ['get', 'label'], 'text-offset': [0, 1.2],
        'text-optional': true },
      paint: halo,
    },
    {
      id: 'incidents', type: 'symbol', source: 'incidents',
      layout: { ...over, 'icon-image': ['get', 'symbol'], 'icon-anchor': 'bottom', 'text-field': ['get', 'label'],
        'text-offset': [0, 0.3], 'text-optional': true, 'symbol-sort-key': ['get', 'order'] },
      paint: halo,
    },
    {
      id: 'units', type: 'symbol', source: 'units',
      layout: { ...over, 'icon-image': ['get', 'symbol'], 'icon-ignore-placement': true, 'text-field': ['get', 'label'],
        'text-offset': [0, 1.4], 'text-optional': true, 'text-size': 11 },
      paint: halo,
    },
    {
      id: 'self', type: 'circle', source: 'self',
      paint: { 'circle-radius': 9, 'circle-color': c.route, 'circle-stroke-width': 3, 'circle-stroke-color': c.halo },
    },
  ];
}

/** The sources that lib/map.ts fills. */
export const OVERLAYS = ['areas', 'accuracy', 'route', 'closures', 'cameras', 'hospitals', 'incidents', 'units',
  'self'] as const;
export type Overlay = (typeof OVERLAYS)[number];

export function mapStyle(dark: boolean, origin: string): StyleSpecification {
  const c = dark ? DARK : LIGHT;
  const empty = { type: 'FeatureCollection' as const, features: [] };
  return {
    version: 8,
    sources: {
      city: {
        type: 'vector', tiles: [`${origin}/tiles/{z}/{x}/{y}.mvt`], minzoom: TILES_ZOOM_MIN, maxzoom: TILES_ZOOM_MAX,
      },
      ...Object.fromEntries(OVERLAYS.map((name) =>
        [name, { type: 'geojson' as const, data: empty, promoteId: 'id', ...(name === 'units' ? { buffer: 64 } : {}) }])),
    },
    layers: [...ground(c), ...areas(c), ...roads(c), ...borders(c), ...labels(c, dark), ...overlays(c)],
  };
}
