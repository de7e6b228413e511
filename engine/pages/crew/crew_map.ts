// The map of the way. It is loaded beside the page and may fail on its own: orders, steps and
// directions never wait for it.
import { el } from '../lib/dom';
import type { CityMap, LonLat } from '../lib/map';
import type { Spot } from '../lib/place';
import type { App } from './app';
import { goalOf } from './model';
import { say } from './words';

const lonLat = ({ lon, lat }: Spot): LonLat => [lon, lat];

export class CrewMap {
  private readonly place = el('div', { class: 'map', id: 'map' });
  private readonly center = el('button', { type: 'button', id: 'center', class: 'center', hidden: true,
    onclick: () => this.follow() }, say('center'));
  readonly root = el('div', { class: 'map-frame' }, this.place, this.center);
  private map: CityMap | undefined;
  private loading = false;
  private following = true;
  private shown: unknown[] = [];
  private movedAtMs = 0;

  constructor(private readonly app: App) {
    document.addEventListener('themechange', () => this.map?.restyle());
  }

  private async load(): Promise<void> {
    this.loading = true;
    try {
      const { CityMap } = await import('../lib/map');
      const at = this.app.fix ?? this.app.crew.unit?.stationPoint;
      this.map = new CityMap({ container: this.place, label: say('map'), ...(at ? { center: lonLat(at) } : {}), zoom: 14 });
      this.map.drawn?.on('dragstart', () => {
        this.following = false;
        this.center.hidden = false;
      });
      this.show();
    } catch {
      this.place.remove(); // the directions are there all the same
    }
  }

  private follow(): void {
    this.following = true;
    this.center.hidden = true;
    this.movedAtMs = 0;
    this.show();
  }

  show(): void {
    if (!this.map) {
      if (!this.loading) void this.load();
      return;
    }
    const { fix, way, crew } = this.app;
    const goal = goalOf(crew);
    const changed = (slot: number, value: unknown) => {
      const other = this.shown[slot] !== value;
      this.shown[slot] = value;
      return other;
    };
    if (changed(0, fix)) {
      this.map.setSelf(fix ? lonLat(fix) : null);
      this.map.setAccuracy(fix ? [{ id: 'self', lon: fix.lon, lat: fix.lat, radiusM: fix.accuracyM }] : []);
    }
    if (changed(1, way?.track)) {
      const drive = way?.track?.points.map(lonLat) ?? [];
      const end = drive[drive.length - 1];
      this.map.setRoute(drive.length > 1 ? { drive, ...(end && way && way.track!.walkM > 10 ? { walk: [end, lonLat(way.goal)] } : {}) } : null);
      if (drive.length > 1) this.movedAtMs = 0;
    }
    const order = crew.job?.order;
    if (changed(2, order))
      this.map.setIncidents(order?.place?.point ? [{ id: `${order.incidentId}`, ...spotOf(order.place.point), label: '',
        priority: (['unknown', 'p1', 'p2', 'p3', 'p4'] as const)[order.priority] ?? 'unknown' }] : []);
    if (changed(3, crew.job?.destination?.hospitalCode))
      this.map.setHospitals(crew.job?.destination?.point ? [{ id: crew.job.destination.hospitalCode,
        ...spotOf(crew.job.destination.point), label: crew.job.destination.name, state: 'open' }] : []);
    if (this.following && Date.now() - this.movedAtMs > 2000) this.look(fix, goal, way?.progress?.leftM);
  }

  // Driving: close by, the nearer to the end the closer. Else everything that matters.
  private look(fix: Spot | undefined, goal: Spot | undefined, leftM: number | undefined): void {
    this.movedAtMs = Date.now();
    if (fix && goal && leftM !== undefined) this.map!.moveTo(lonLat(fix), leftM > 1500 ? 15 : leftM > 300 ? 16 : 17);
    else if (fix && goal) this.map!.fit([lonLat(fix), lonLat(goal)]);
    else if (fix) this.map!.moveTo(lonLat(fix), 15);
  }
}

function spotOf({ lon, lat }: Spot): Spot {
  return { lon, lat };
}
