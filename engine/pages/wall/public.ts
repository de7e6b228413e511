// What everybody may see, without a login: GET /v1/public, which knows no person, no house and no
// crew, and is some time old. The page says so, and says when it cannot be had.
import { fromBinary } from '@bufbuild/protobuf';
import { PublicPictureSchema, type PublicGroup, type PublicPicture } from '#proto/wall_pb';
import { byId, el, setText } from '../lib/dom';
import { CityMap, type AreaShape, type LonLat } from '../lib/map';
import { chooseLanguage, clockText, language, rememberLanguage, say as sayAll, spanText } from '../lib/words';
import { minutesText } from './panels';
import { say } from './words';

const ASK_EVERY_MS = 15_000;
const DEAD_AFTER_MS = 60_000;
const HALF_SQUARE = 0.01; // degree

class PublicPage {
  private readonly map: CityMap;
  private heardAtMs = 0;
  private fitted = false;
  private shown = false;
  private readonly beganAtMs = Date.now();
  private readonly time = el('p', { id: 'public-time', class: 'big-line', role: 'status' });
  private readonly note = el('p', { class: 'quiet' });
  private readonly figures = el('div', { id: 'public-figures' });
  private readonly trouble = el('div', { id: 'dead-feed', role: 'alert', hidden: true });

  constructor() {
    const mapRoom = el('div', { id: 'map', class: 'map-room' });
    const change = () => {
      chooseLanguage(language() === 'id' ? 'en' : 'id');
      location.reload();
    };
    byId('app').replaceChildren(el('main', { class: 'wall public' },
      this.trouble,
      el('div', { class: 'middle' }, mapRoom),
      el('div', { class: 'right' },
        el('section', { class: 'panel' }, el('h1', {}, say('publicTitle')), this.time, this.note,
          el('p', { class: 'emergency' }, say('emergency')),
          el('button', { type: 'button', class: 'plain', id: 'language', onclick: change }, sayAll('otherLanguage'))),
        el('section', { class: 'panel', 'aria-label': say('today') }, el('h2', {}, say('today')), this.figures))));
    this.map = new CityMap({ container: mapRoom, label: say('map') });
    void this.ask();
    setInterval(() => void this.ask(), ASK_EVERY_MS);
    setInterval(() => this.look(), 1000);
  }

  private async ask(): Promise<void> {
    try {
      const answer = await fetch('/v1/public', { headers: { Accept: 'application/x-protobuf' }, credentials: 'omit' });
      if (answer.status === 404) return setText(this.time, say('publicOff'));
      if (answer.status === 503 && !this.shown) { // later it would make an old picture look like a fresh one
        this.heardAtMs = Date.now();
        return setText(this.time, say('publicSoon'));
      }
      if (!answer.ok) return;
      this.show(fromBinary(PublicPictureSchema, new Uint8Array(await answer.arrayBuffer())));
      this.heardAtMs = Date.now();
    } catch {
      // the line is broken; `look` says since when
    }
  }

  private look(): void {
    const quiet = Date.now() - (this.heardAtMs || this.beganAtMs);
    this.trouble.hidden = quiet < DEAD_AFTER_MS;
    if (quiet >= DEAD_AFTER_MS)
      this.trouble.replaceChildren(el('strong', {}, say('dead')), el('span', {},
        this.heardAtMs ? say('deadSince', { since: clockText(this.heardAtMs), ago: spanText(quiet) }) : say('deadNever')));
  }

  private show(picture: PublicPicture): void {
    this.shown = true;
    setText(this.time, clockText(Number(picture.atMs)));
    setText(this.note, say('publicNote', { delay: spanText(Number(picture.delayMs)) }));
    this.map.setIncidents(picture.areas.map((area, i) => ({
      id: `area-${i}`, lon: area.point?.lon ?? 0, lat: area.point?.lat ?? 0, priority: 'unknown',
      label: [area.kelurahan, area.waiting ? say('publicWaiting', { n: area.waiting }) : '',
        area.attended ? say('publicAttended', { n: area.attended }) : ''].filter(Boolean).join('\n'),
    })));
    this.map.setAreas(picture.units.map((one, i): AreaShape => {
      const [lon, lat] = [one.point?.lon ?? 0, one.point?.lat ?? 0];
      const [w, e, s, n] = [lon - HALF_SQUARE, lon + HALF_SQUARE, lat - HALF_SQUARE, lat + HALF_SQUARE];
      return {
        id: `units-${i}`, colour: one.free > 0 ? '#1f8f4e' : '#c2491d',
        geometry: { type: 'Polygon', coordinates: [[[w, s], [e, s], [e, n], [w, n], [w, s]]] },
      };
    }));
    if (!this.fitted && picture.units.length > 0) {
      this.fitted = true;
      this.map.fit(picture.units.map(({ point }): LonLat => [point?.lon ?? 0, point?.lat ?? 0]), 90);
    }
    this.showFigures(picture);
    document.documentElement.dataset.shownAt = String(picture.atMs);
  }

  private showFigures(picture: PublicPicture): void {
    const { figures } = picture;
    if (!figures) return this.figures.replaceChildren(el('p', { class: 'quiet' }, say('noFigures')));
    const sum = picture.units.reduce((all, one) => ({ free: all.free + one.free, busy: all.busy + one.busy }), { free: 0, busy: 0 });
    const row = (group: PublicGroup) => el('tr', {},
      el('th', { scope: 'row' }, group.grouping === 'all' ? say('city') : group.name),
      el('td', {}, String(group.incidents)),
      el('td', {}, group.responseMedianMs >= 0n ? minutesText(Number(group.responseMedianMs)) : '–'),
      el('td', {}, group.counted > 0 ? `${Math.round((100 * group.inTime) / group.counted)} %` : '–'));
    this.figures.replaceChildren(
      el('p', { class: 'big-line' }, say('publicUnits', sum)),
      el('p', { class: 'quiet' }, say('publicSquares')),
      el('p', {}, `${figures.calls} ${say('calls')}${figures.falseCalls ? ` · ${figures.falseCalls} ${say('falseShare')}` : ''}`),
      el('table', {}, el('thead', {}, el('tr', {}, el('th', {}, ''), el('th', { scope: 'col' }, say('incidents')),
        el('th', { scope: 'col' }, say('median')), el('th', { scope: 'col' }, say('inTime')))),
      el('tbody', {}, ...figures.groups.map(row))));
  }
}

export function openPublic(): void {
  rememberLanguage();
  document.title = say('publicTitle');
  void new PublicPage();
}
