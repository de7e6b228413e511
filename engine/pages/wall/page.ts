import { create } from '@bufbuild/protobuf';
import { GetStatusSchema, ListRoadClosuresSchema, type Status } from '#proto/admin_pb';
import { AskCoverageSchema, type Coverage } from '#proto/coverage_pb';
import { Diversion } from '#proto/common_pb';
import { WatchSchema } from '#proto/dispatch_pb';
import { ListComplaintsSchema } from '#proto/plan_pb';
import { AskDistrictsSchema, AskFiguresSchema, AskPastSchema } from '#proto/wall_pb';
import { el, setText } from '../lib/dom';
import type { Body, Link } from '../lib/link';
import { CityMap, type AreaShape, type LonLat, type UnitSpot } from '../lib/map';
import { circleOf } from '../lib/map_shapes';
import { language, spanText } from '../lib/words';
import { camerasFor, chosenPanel, type Chosen } from './chosen';
import { Feed } from './feed';
import { ViewLock } from './lock';
import { isStale, Model, type Picture, type PictureUnit } from './model';
import { CityPanel, FiguresPanel, Queue, Units } from './panels';
import { PastShelf, pictureOf } from './past';
import { Scrubber } from './scrubber';
import { nameOf, shapesOf, type Shape } from './shapes';
import { say } from './words';

const FIGURES_EVERY_MS = 5_000;
const COVERAGE_EVERY_MS = 20_000;
const STATE_EVERY_MS = 20_000;
const AGED_EVERY_MS = 1_000; // ages in labels and lists
const DRAWN_EVERY_MS = 250;
const QUEUE_MOST = 12;
/** From none of its streets within reach to all of them; told apart also by lightness. */
const COVERAGE_COLOURS = ['#7a0c12', '#c2491d', '#dca32a', '#8fb545', '#1f8f4e'];

export const coverageColour = (withinPpm: number): string =>
  COVERAGE_COLOURS[Math.min(4, Math.floor(withinPpm / 200_000))]!;

export class WallPage {
  private readonly model = new Model();
  private readonly beganAtMs = Date.now();
  private readonly shelf: PastShelf;
  private readonly scrubber: Scrubber;
  private readonly feed: Feed;
  private readonly map: CityMap;
  private readonly lock: ViewLock;
  private readonly queue: Queue;
  private readonly units = new Units();
  private readonly figures = new FiguresPanel();
  private readonly city = new CityPanel();
  private readonly clock = el('time', { id: 'clock' });
  private readonly sound = el('button', { type: 'button', class: 'plain', id: 'sound', onclick: () => void this.toggleSound() });
  private readonly side = el('div', { class: 'side' });
  private readonly buttons = el('div', { class: 'buttons' });
  private readonly complaints = new Map<string, string>();
  private shapes: Shape[] = [];
  private coverage: Coverage | undefined;
  private showsCoverage = localStorage.getItem('sigap.wall.coverage') !== 'no';
  private status: Status | undefined;
  private picture: Picture = { atMs: 0, units: [], unplaced: [], incidents: [] };
  private chosen: Chosen | undefined;
  private chosenRoot: HTMLElement | undefined;
  private fitted = false;
  private frames = 0;
  private drawing = false;

  constructor(private readonly link: Link, room: HTMLElement) {
    this.shelf = new PastShelf(async (atMs) => link.askFor('past',
      { case: 'askPast', value: create(AskPastSchema, { atMs: BigInt(Math.min(atMs, Number.MAX_SAFE_INTEGER)) }) }));
    this.scrubber = new Scrubber(this.shelf, () => void this.moved());
    this.feed = new Feed(link);
    this.queue = new Queue((id) => this.choose({ what: 'incident', id }), (code) => this.complaints.get(code) ?? code);
    const mapRoom = el('div', { id: 'map', class: 'map-room' });
    this.build(room, mapRoom); // the map takes its size from where it stands
    this.map = new CityMap({
      container: mapRoom, label: say('map'),
      onPick: ({ what, id }) => {
        if (!this.lock.locked && (what === 'incident' || what === 'unit' || what === 'hospital')) this.choose({ what, id });
      },
    });
    this.lock = new ViewLock(this.map, () => this.show());
    this.buttons.prepend(this.lock.button);
    this.map.drawn?.on('style.load', () => this.enlarge());
    addEventListener('resize', () => this.enlarge());
    this.map.drawn?.on('moveend', () => { // for tests
      const { lng, lat } = this.map.drawn!.getCenter();
      document.documentElement.dataset.center = `${lng.toFixed(5)},${lat.toFixed(5)}`;
    });
    link.watchState((state) => state === 'open' && void this.begin());
    link.watchPushed((body) => this.hear(body));
    setInterval(() => this.tick(), AGED_EVERY_MS);
    this.every(FIGURES_EVERY_MS, () => this.askFigures());
    this.every(COVERAGE_EVERY_MS, () => this.askCoverage());
    this.every(STATE_EVERY_MS, () => this.askState());
    document.addEventListener('keydown', (event) => this.key(event));
  }

  /** Symbols grow with the screen as letters do: a wall is looked at from six metres. */
  private enlarge(): void {
    const map = this.map.drawn;
    const scale = Math.max(1, parseFloat(getComputedStyle(document.documentElement).fontSize) / 14);
    for (const layer of ['units', 'incidents', 'hospitals', 'cameras'])
      if (map?.getLayer(layer)) {
        map.setLayoutProperty(layer, 'icon-size', scale);
        map.setLayoutProperty(layer, 'text-size', 11.5 * scale);
      }
  }

  private build(room: HTMLElement, mapRoom: HTMLElement): void {
    const button = (id: string, text: string, go: () => void) =>
      el('button', { type: 'button', class: 'plain', id, onclick: go }, text);
    this.showSound();
    this.buttons.append(button('whole', say('whole'), () => this.fit()),
      button('coverage', say('coverage'), () => this.toggleCoverage()), button('theme', say('theme'), () => this.toggleTheme()),
      this.sound, el('details', {}, el('summary', {}, say('keys')), el('p', {}, say('keysHelp'))));
    room.classList.add('wall');
    room.replaceChildren(
      this.feed.root, this.scrubber.frame,
      el('div', { class: 'left' }, this.queue.root, this.units.root),
      el('div', { class: 'middle' }, mapRoom, this.clock,
        el('div', { class: 'tools' },
          this.scrubber.root,
          this.buttons)),
      el('div', { class: 'right' }, this.side, this.figures.root, this.city.root));
  }

  // ---- asking ----------------------------------------------------------------------

  private every(ms: number, go: () => Promise<void>): void {
    setInterval(() => this.link.state === 'open' && go().catch(() => undefined), ms);
  }

  private async begin(): Promise<void> {
    this.model.clear();
    const first = await this.link.askFor('update', { case: 'watch', value: create(WatchSchema) });
    this.hear({ case: 'update', value: first });
    const asks = [this.askNames(), this.askShapes(), this.askFigures(), this.askCoverage(), this.askState()];
    await Promise.allSettled(asks);
    this.show();
  }

  private async askNames(): Promise<void> {
    const page = await this.link.askFor('complaintPage',
      { case: 'listComplaints', value: create(ListComplaintsSchema, { language: language() }) });
    for (const { code, name } of page.complaints) this.complaints.set(code, name);
  }

  private async askShapes(): Promise<void> {
    this.shapes = shapesOf(await this.link.askFor('districts', { case: 'askDistricts', value: create(AskDistrictsSchema) }));
    this.showCoverage();
  }

  private async askFigures(): Promise<void> {
    this.figures.show(await this.link.askFor('figures', { case: 'askFigures', value: create(AskFiguresSchema) }));
    await this.shelf.look();
    this.scrubber.bounds();
  }

  private async askCoverage(): Promise<void> {
    this.coverage = await this.link.askFor('coverage', { case: 'askCoverage', value: create(AskCoverageSchema, { moves: 1 }) });
    this.city.showCoverage(this.coverage);
    this.showCoverage();
  }

  private async askState(): Promise<void> {
    this.status = await this.link.askFor('status', { case: 'getStatus', value: create(GetStatusSchema) });
    this.city.showState(this.status, this.model);
    const page = await this.link.askFor('roadClosurePage',
      { case: 'listRoadClosures', value: create(ListRoadClosuresSchema, { limit: 200 }) });
    this.city.showRoads(page.closures);
    this.map.setAccuracy(page.closures.filter(({ inForce, point, radiusM }) => inForce && point && radiusM > 0)
      .map((one) => ({ id: String(one.id), lon: one.point!.lon, lat: one.point!.lat, radiusM: one.radiusM })));
    // Pieces of road, two points each.
    this.map.setClosures(page.closures.filter(({ inForce }) => inForce).flatMap(({ id, line }) =>
      Array.from({ length: Math.floor(line.length / 2) }, (_, i) => ({
        id: `${id}-${i}`, line: line.slice(2 * i, 2 * i + 2).map((at): LonLat => [at.lon, at.lat]),
      }))));
  }

  private hear(body: Body): void {
    if (body.case !== 'update') return;
    this.model.take(body.value);
    if (!this.model.caughtUp || this.scrubber.atMs !== undefined) return;
    if (body.value.hospitals.length > 0) this.showHospitals();
    this.draw();
  }

  // ---- showing ----------------------------------------------------------------------

  /** A few times a second, however many updates come: a unit moves every few seconds, and each
   * picture costs a drawing of the whole map. */
  private draw(): void {
    if (this.drawing) return;
    this.drawing = true;
    setTimeout(() => {
      this.drawing = false;
      this.show();
    }, DRAWN_EVERY_MS);
  }

  private tick(): void {
    this.feed.look(this.model.caughtUp, this.beganAtMs);
    const now = new Intl.DateTimeFormat(language() === 'id' ? 'id-ID' : 'en-GB',
      { weekday: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(this.link.now());
    setText(this.clock, now);
    if (this.scrubber.atMs === undefined && this.model.caughtUp) this.show();
  }

  private async moved(): Promise<void> {
    const atMs = this.scrubber.atMs;
    if (atMs === undefined) return this.show();
    try {
      const past = await this.shelf.stretch(atMs);
      if (this.scrubber.atMs !== atMs) return; // the slider went on meanwhile
      this.picture = pictureOf(past, atMs, (number) => this.model.units.get(number)) ?? this.picture;
      this.showPicture(this.picture.atMs);
    } catch {
      // the line broke; the feed says so
    }
  }

  private show(): void {
    if (this.scrubber.atMs !== undefined) return;
    const nowMs = this.link.now();
    this.picture = this.model.picture(nowMs);
    this.showPicture(nowMs);
    if (!this.fitted && this.model.caughtUp && this.picture.units.length > 0) {
      this.fitted = true;
      this.fit();
      this.showHospitals();
    }
  }

  private spot(unit: PictureUnit, nowMs: number): UnitSpot {
    const ageMs = unit.positionedAtMs === undefined ? 0 : nowMs - unit.positionedAtMs;
    const old = ageMs >= 60_000 ? ` · ${spanText(ageMs)}` : '';
    return {
      id: unit.code, lon: unit.lon, lat: unit.lat, kind: unit.kind, status: unit.status,
      label: `${unit.distress ? '!! ' : ''}${unit.code}${old}`, stale: isStale(unit, nowMs),
    };
  }

  private showPicture(nowMs: number): void {
    const { units, incidents } = this.picture;
    const onDuty = units.filter(({ status }) => status !== 'off_duty');
    this.map.setUnits(onDuty.map((unit) => this.spot(unit, nowMs)));
    this.map.setIncidents(incidents.filter(({ at }) => at).map((one) => ({
      id: one.id, lon: one.at![0], lat: one.at![1], priority: one.priority,
      label: one.stage === 'assigned' ? '' : `${say('waiting')} · ${spanText(nowMs - one.openedAtMs)}`,
    })));
    const live = this.scrubber.atMs === undefined;
    this.queue.show(this.picture, live ? this.model : undefined, nowMs, this.chosen?.what === 'incident' ? this.chosen.id : '', QUEUE_MOST);
    this.units.show(this.picture, nowMs);
    this.frames++;
    document.documentElement.dataset.pictures = String(this.frames);
    document.documentElement.dataset.shownAt = String(this.picture.atMs);
  }

  private showHospitals(): void {
    this.city.showHospitals(this.model);
    this.map.setHospitals([...this.model.hospitals.values()].filter(({ point }) => point).map((one) => ({
      id: one.code, lon: one.point!.lon, lat: one.point!.lat, label: one.name,
      state: one.diversion === Diversion.OPEN ? 'open'
        : one.diversion === Diversion.SOME ? 'limited' : 'closed',
    })));
  }

  private showCoverage(): void {
    document.documentElement.classList.toggle('coverage-shown', this.showsCoverage);
    if (!this.showsCoverage || !this.coverage) {
      this.map.setAreas([]);
      return;
    }
    const geometry = new Map(this.shapes.map((one) => [one.name, one.geometry]));
    this.map.setAreas(this.coverage.areas.map((area, i): AreaShape => ({
      id: `area-${i}`, colour: coverageColour(area.withinPpm),
      geometry: geometry.get(nameOf(area))
        ?? circleOf(area.point?.lon ?? 0, area.point?.lat ?? 0, 600),
    })));
  }

  // ---- choosing ----------------------------------------------------------------------

  private choose(chosen: Chosen | undefined): void {
    this.chosen = chosen;
    this.chosenRoot?.remove();
    this.chosenRoot = undefined;
    this.map.setCameras([]);
    this.draw();
    if (chosen) void this.showChosen(chosen);
  }

  private linesOf(chosen: Chosen): { title: string; lines: string[]; at?: LonLat } | undefined {
    const nowMs = this.link.now();
    if (chosen.what === 'unit') {
      const unit = this.picture.units.find(({ code }) => code === chosen.id);
      return unit && {
        title: unit.code, at: [unit.lon, unit.lat],
        lines: [say(unit.status), unit.positionedAtMs === undefined ? say('atStation')
          : say('position', { ago: spanText(nowMs - unit.positionedAtMs) })],
      };
    }
    if (chosen.what === 'hospital') {
      const one = this.model.hospitals.get(chosen.id);
      return one && { title: one.name, lines: [one.freeBeds >= 0 ? say('beds', { n: one.freeBeds }) : '', one.divertedReason].filter(Boolean) };
    }
    const one = this.picture.incidents.find(({ id }) => id === chosen.id);
    return one && {
      title: `${one.priority.toUpperCase()} ${this.complaints.get(one.complaint) ?? one.complaint}`,
      lines: [one.place || say('noPlace'), one.units.join(' ') || say('waiting'), spanText(nowMs - one.openedAtMs)],
      ...(one.at ? { at: one.at } : {}),
    };
  }

  private async showChosen(chosen: Chosen): Promise<void> {
    const cameras = this.scrubber.atMs === undefined ? await camerasFor(this.link, chosen) : [];
    const told = this.linesOf(chosen);
    if (this.chosen !== chosen || !told) return;
    this.chosenRoot = chosenPanel(told.title, told.lines, cameras, chosen.what, () => this.choose(undefined));
    this.side.replaceChildren(this.chosenRoot);
    this.map.setCameras(cameras.filter(({ camera }) => camera?.point).map(({ camera }) => ({
      id: camera!.id, lon: camera!.point!.lon, lat: camera!.point!.lat, label: camera!.name,
      ...(camera!.looks.case === 'headingDeg' ? { headingDeg: camera!.looks.value } : {}),
    })));
    if (told.at && !this.lock.locked) this.map.moveTo(told.at, 15);
  }

  // ---- hands ---------------------------------------------------------------------------

  private fit(): void {
    const points = this.picture.units.map(({ lon, lat }): LonLat => [lon, lat]);
    for (const { point } of this.model.hospitals.values()) if (point) points.push([point.lon, point.lat]);
    this.map.fit(points, 60);
  }

  private toggleCoverage(): void {
    this.showsCoverage = !this.showsCoverage;
    localStorage.setItem('sigap.wall.coverage', this.showsCoverage ? 'yes' : 'no');
    this.showCoverage();
  }

  private toggleTheme(): void {
    const theme = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark';
    document.documentElement.dataset.theme = theme;
    localStorage.setItem('sigap.wall.theme', theme);
    this.map.restyle();
  }

  private async toggleSound(): Promise<void> {
    await this.feed.toggleSound().catch(() => undefined);
    this.showSound();
  }
  private showSound(): void {
    setText(this.sound, say(this.feed.audible ? 'soundOn' : 'soundOff'));
    this.sound.setAttribute('aria-pressed', String(this.feed.audible));
  }

  private key(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey || target.matches('input, select, textarea')) return;
    const keys: Record<string, () => void> = {
      l: () => this.lock.press(), f: () => this.fit(), t: () => this.toggleTheme(), m: () => void this.toggleSound(),
      c: () => this.toggleCoverage(), Escape: () => (this.chosen ? this.choose(undefined) : this.scrubber.toNow()),
    };
    if (!target.matches('canvas')) { // there they move the map
      keys.ArrowLeft = () => this.scrubber.step(-60);
      keys.ArrowRight = () => this.scrubber.step(60);
    }
    if (!target.matches('button, summary, a')) keys[' '] = () => this.scrubber.togglePlay();
    const nth = Number(event.key);
    const one = nth >= 1 && nth <= 9 ? this.picture.incidents[nth - 1] : undefined;
    if (one) keys[event.key] = () => this.choose({ what: 'incident', id: one.id });
    const go = keys[event.key] ?? keys[event.key.toLowerCase()];
    if (!go) return;
    event.preventDefault();
    go();
  }
}
