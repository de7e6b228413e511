// The city's map with what moves on it. A page makes one CityMap in an element of its own and
// tells it what is where; it never waits for the map.
//
//   const map = new CityMap({ container, label: say('map') });
//   map.setUnits([{ id: 'A-01', lon, lat, kind: 'ambulance_basic', status: 'en_route', label: 'A-01 …', stale: false }]);
//   map.setRoute({ drive: [[lon, lat], …], walk: […] });
//
// Coordinates are [lon, lat] everywhere. Units are told as often as they move: what changed is
// gathered, and a small difference goes to the map's worker four times a second at most and never
// before the last one is drawn, so 500 of them cost the same in one message as in 500. Texts are the page's own:
// a label says in words what the symbol says in colour, and its age where it is old.
import maplibregl from 'maplibre-gl';
import type * as GeoJSON from 'geojson';
import type { GeoJSONSource, LngLatBoundsLike, Map as Drawn } from 'maplibre-gl';
import workerUrl from '#map-worker';
import './map.css';
import { el, setText } from './dom';
import {
  cameraSymbol, drawSymbol, hospitalSymbol, incidentSymbol, unitSymbol,
  type HospitalState, type Priority, type UnitKind, type UnitStatus,
} from './map_symbols';
import { mapStyle, OVERLAYS, type Overlay } from './map_style';
import { circleOf, differenceOf, TILES_ZOOM_MIN, type Box, type Feature, type LonLat } from './map_shapes';
import { wordsOf } from './words';

export type { HospitalState, Priority, UnitKind, UnitStatus } from './map_symbols';
export { boxAround, tileUrls, type Box, type LonLat } from './map_shapes';

interface Spot { id: string; lon: number; lat: number; label: string }
export interface UnitSpot extends Spot { kind: UnitKind; status: UnitStatus; stale: boolean }
export interface IncidentSpot extends Spot { priority: Priority }
export interface HospitalSpot extends Spot { state: HospitalState }
export interface CameraSpot extends Spot { headingDeg?: number }
export interface AccuracyCircle { id: string; lon: number; lat: number; radiusM: number }
export interface RouteLine { drive: LonLat[]; walk?: LonLat[] }
export interface AreaShape { id: string; geometry: GeoJSON.Polygon | GeoJSON.MultiPolygon; colour: string }
export interface ClosureLine { id: string; line: LonLat[] }
/** What was touched on the map. */
export interface Picked { what: 'unit' | 'incident' | 'hospital' | 'camera' | 'area'; id: string }

export interface CityMapOptions {
  container: HTMLElement;
  label: string; // what the map is, for a reader of the screen
  center?: LonLat;
  zoom?: number;
  buttons?: boolean; // zoom in and out; true unless told
  onPick?: (picked: Picked) => void;
  onPoint?: (point: LonLat) => void; // the ground was touched
}

const say = wordsOf({
  zoomIn: ['Perbesar peta', 'Zoom in'],
  zoomOut: ['Perkecil peta', 'Zoom out'],
  source: ['kontributor OpenStreetMap', 'OpenStreetMap contributors'],
  broken: ['Peta belum dapat dimuat', 'The map cannot be loaded yet'],
  noWebgl: ['Perangkat ini tidak dapat menggambar peta', 'This device cannot draw the map'],
});

const REST_MS = 250; // between two differences of one source: each lays its symbols out anew
const MALANG: LonLat = [112.6326, -7.9797];
const PICKS: Partial<Record<string, Picked['what']>> = {
  units: 'unit', incidents: 'incident', hospitals: 'hospital', cameras: 'camera', areas: 'area',
};
const PRIORITY_ORDER: Record<Priority, number> = { p4: 0, p3: 1, unknown: 2, p2: 3, p1: 4 };

const point = (spot: Spot, properties: Record<string, unknown>): Feature => ({
  type: 'Feature', id: spot.id, geometry: { type: 'Point', coordinates: [spot.lon, spot.lat] },
  properties: { id: spot.id, label: spot.label, ...properties },
});

/** One source: what should be there, what the map's worker has, and whether it is at work. */
class Layer {
  private wanted = new Map<string, Feature>();
  private there = new Map<string, Feature>();
  private busy = false;
  private sentAt = -REST_MS;
  private whole = true; // the map has a new style: everything is sent again
  constructor(private readonly source: () => GeoJSONSource | undefined, private readonly wake: () => void) {}

  set(features: Iterable<Feature>): void {
    this.wanted = new Map([...features].map((feature) => [feature.id, feature]));
    this.wake();
  }
  put(feature: Feature): void {
    this.wanted.set(feature.id, feature);
    this.wake();
  }
  remove(id: string): void {
    if (this.wanted.delete(id)) this.wake();
  }
  restart(): void {
    this.whole = true;
    this.wake();
  }
  /** Sends what changed, unless the worker still has the last of it; wakes when that is done. */
  send(): void {
    const source = this.source();
    if (this.busy || !source) return;
    const rest = this.sentAt + REST_MS - performance.now();
    if (rest > 0) {
      this.busy = true;
      setTimeout(() => {
        this.busy = false;
        this.wake();
      }, rest);
      return;
    }
    const after = new Map(this.wanted);
    let done: Promise<void>;
    if (this.whole) {
      done = source.setData({ type: 'FeatureCollection', features: [...after.values()] }, true);
      this.whole = false;
    } else {
      const diff = differenceOf(this.there, after);
      if (!diff) return;
      done = source.updateData(diff, true);
    }
    this.there = after;
    this.busy = true;
    this.sentAt = performance.now();
    done.catch(() => { this.whole = true; }).finally(() => {
      this.busy = false;
      this.wake();
    });
  }
}

export class CityMap {
  /** MapLibre's own, for what is not here; undefined where the device cannot draw it. */
  readonly drawn: Drawn | undefined;
  private readonly layers = new Map<Overlay, Layer>();
  private readonly trouble: HTMLElement;
  private readonly darkness = window.matchMedia('(prefers-color-scheme: dark)');
  private readonly calm = window.matchMedia('(prefers-reduced-motion: reduce)');
  private readonly stop = new AbortController();
  private frame = 0;
  private ready = false;

  constructor(private readonly options: CityMapOptions) {
    const { container } = options;
    container.classList.add('map');
    this.trouble = el('div', { class: 'map-trouble', role: 'status' });
    for (const name of OVERLAYS)
      this.layers.set(name, new Layer(() => this.source(name), () => this.wake()));
    this.drawn = this.make();
    container.append(this.trouble, el('div', { class: 'map-source' }, '© ',
      el('a', { href: 'https://www.openstreetmap.org/copyright', target: '_blank', rel: 'noopener noreferrer' },
        say('source'))));
    if (!this.drawn) {
      setText(this.trouble, say('noWebgl'));
      return;
    }
    if (options.buttons !== false) this.addButtons(this.drawn);
    this.listen(this.drawn);
  }

  private make(): Drawn | undefined {
    maplibregl.setWorkerUrl(new URL(workerUrl, import.meta.url).href);
    try {
      const map = new maplibregl.Map({
        container: this.options.container, style: mapStyle(this.isDark(), location.origin),
        center: this.options.center ?? MALANG, zoom: this.options.zoom ?? 12, minZoom: TILES_ZOOM_MIN, maxZoom: 20,
        attributionControl: false, dragRotate: false, pitchWithRotate: false, touchPitch: false, fadeDuration: 0,
        refreshExpiredTiles: false, maxTileCacheSize: 200, trackResize: true,
      });
      map.touchZoomRotate.disableRotation();
      map.keyboard.disableRotation();
      map.getCanvas().setAttribute('aria-label', this.options.label);
      return map;
    } catch {
      return undefined;
    }
  }

  private addButtons(map: Drawn): void {
    const button = (key: 'zoomIn' | 'zoomOut', sign: string, by: number) =>
      el('button', {
        type: 'button', title: say(key), 'aria-label': say(key),
        onclick: () => map.easeTo({ zoom: map.getZoom() + by, duration: this.duration() }),
      }, sign);
    this.options.container.append(
      el('div', { class: 'map-buttons' }, button('zoomIn', '+', 1), button('zoomOut', '−', -1)));
  }

  private listen(map: Drawn): void {
    const { signal } = this.stop;
    map.on('styleimagemissing', ({ id }) => { drawSymbol(map, id); });
    map.on('style.load', () => {
      this.ready = true;
      for (const layer of this.layers.values()) layer.restart();
    });
    // Tiles that do not come: said until one comes again.
    map.on('error', () => setText(this.trouble, say('broken')));
    map.on('sourcedata', ({ sourceId, tile }) => {
      if (sourceId === 'city' && tile) setText(this.trouble, '');
    });
    this.darkness.addEventListener('change', () => this.restyle(), { signal });
    map.on('click', ({ point: at, lngLat }) => {
      const reach = 8;
      const layers = Object.keys(PICKS).filter((name) => map.getLayer(name)).reverse();
      const found = map.queryRenderedFeatures([[at.x - reach, at.y - reach], [at.x + reach, at.y + reach]], { layers });
      const first = found[0];
      const what = first && PICKS[first.layer.id];
      if (what) this.options.onPick?.({ what, id: String(first.properties.id) });
      else this.options.onPoint?.([lngLat.lng, lngLat.lat]);
    });
  }

  private isDark(): boolean {
    const wish = document.documentElement.dataset.theme;
    return wish === 'dark' || (wish !== 'light' && this.darkness.matches);
  }

  /** Draws in the colours that the page has now; call it where data-theme was changed. */
  restyle(): void {
    this.ready = false;
    this.drawn?.setStyle(mapStyle(this.isDark(), location.origin), { diff: false });
  }

  private source(name: Overlay): GeoJSONSource | undefined {
    return this.ready ? this.drawn?.getSource<GeoJSONSource>(name) : undefined;
  }

  private wake(): void {
    if (this.frame === 0 && this.drawn) this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      for (const layer of this.layers.values()) layer.send();
    });
  }

  private duration(): number {
    return this.calm.matches ? 0 : 400;
  }

  private put(name: Overlay, features: Iterable<Feature>): void {
    this.layers.get(name)!.set(features);
  }

  private static unit(unit: UnitSpot): Feature {
    return point(unit, { symbol: unitSymbol(unit.kind, unit.status, unit.stale) });
  }

  /** All units; those that are not named are taken away. */
  setUnits(units: Iterable<UnitSpot>): void {
    this.put('units', [...units].map(CityMap.unit));
  }
  /** One unit that is new or changed. */
  putUnit(unit: UnitSpot): void {
    this.layers.get('units')!.put(CityMap.unit(unit));
  }
  removeUnit(id: string): void {
    this.layers.get('units')!.remove(id);
  }
  setIncidents(incidents: Iterable<IncidentSpot>): void {
    this.put('incidents', [...incidents].map((incident) => point(incident,
      { symbol: incidentSymbol(incident.priority), order: PRIORITY_ORDER[incident.priority] })));
  }
  setHospitals(hospitals: Iterable<HospitalSpot>): void {
    this.put('hospitals', [...hospitals].map((hospital) => point(hospital, { symbol: hospitalSymbol(hospital.state) })));
  }
  setCameras(cameras: Iterable<CameraSpot>): void {
    this.put('cameras', [...cameras].map((camera) => point(camera, {
      symbol: cameraSymbol(camera.headingDeg !== undefined),
      ...(camera.headingDeg !== undefined ? { heading: camera.headingDeg } : {}),
    })));
  }
  /** How sure points are. */
  setAccuracy(circles: Iterable<AccuracyCircle>): void {
    this.put('accuracy', [...circles].map(({ id, lon, lat, radiusM }) =>
      ({ type: 'Feature', id, geometry: circleOf(lon, lat, radiusM), properties: { id } })));
  }
  /** Where to drive, and the last metres on foot; null: nowhere. */
  setRoute(route: RouteLine | null): void {
    const line = (part: 'drive' | 'walk', coordinates: LonLat[]): Feature =>
      ({ type: 'Feature', id: part, geometry: { type: 'LineString', coordinates }, properties: { id: part, part } });
    this.put('route', [
      ...(route && route.drive.length > 1 ? [line('drive', route.drive)] : []),
      ...(route?.walk && route.walk.length > 1 ? [line('walk', route.walk)] : []),
    ]);
  }
  setClosures(closures: Iterable<ClosureLine>): void {
    this.put('closures', [...closures].map(({ id, line }) =>
      ({ type: 'Feature', id, geometry: { type: 'LineString', coordinates: line }, properties: { id } })));
  }
  /** Districts in colours, such as how well they are covered. */
  setAreas(areas: Iterable<AreaShape>): void {
    this.put('areas', [...areas].map(({ id, geometry, colour }) =>
      ({ type: 'Feature', id, geometry, properties: { id, colour } })));
  }
  /** Where this device is; null: not known. */
  setSelf(at: LonLat | null): void {
    this.put('self', at ? [point({ id: 'self', lon: at[0], lat: at[1], label: '' }, {})] : []);
  }

  moveTo(center: LonLat, zoom?: number): void {
    this.drawn?.easeTo({ center, ...(zoom !== undefined ? { zoom } : {}), duration: this.duration() });
  }
  /** Shows all of these points. */
  fit(points: LonLat[], padding = 48): void {
    if (points.length === 0) return;
    const bounds = new maplibregl.LngLatBounds(points[0]!, points[0]!);
    for (const one of points) bounds.extend(one);
    this.drawn?.fitBounds(bounds as LngLatBoundsLike, { padding, maxZoom: 17, duration: this.duration() });
  }
  /** What is to be seen. */
  box(): Box | undefined {
    const bounds = this.drawn?.getBounds();
    return bounds && [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
  }
  destroy(): void {
    this.stop.abort();
    cancelAnimationFrame(this.frame);
    this.drawn?.remove();
  }
}
