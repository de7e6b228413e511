// What stands beside the map: what waits, what the day was like, how the city is covered. Each
// panel is made once and told anew; nothing here asks the engine.
import type { Coverage } from '#proto/coverage_pb';
import { Diversion, Outcome, type RoadClosure } from '#proto/common_pb';
import type { Status as EngineStatus } from '#proto/admin_pb';
import type { Figures, GroupFigures, IntervalFigures } from '#proto/wall_pb';
import { el, setText } from '../lib/dom';
import { clockText, language, spanText } from '../lib/words';
import { isStale, type Model, type Picture, type PictureIncident, type Status } from './model';
import { say } from './words';

const percent = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${new Intl.NumberFormat(language() === 'id' ? 'id-ID' : 'en-GB', { maximumFractionDigits: 0 }).format((100 * part) / whole)} %`;

/** Minutes and seconds, as the board of a control room: "7.05". */
export function minutesText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const mark = language() === 'id' ? '.' : ':';
  return `${Math.floor(seconds / 60)}${mark}${String(seconds % 60).padStart(2, '0')}`;
}

const panel = (id: string, title: string, ...content: (Node | null)[]): HTMLElement =>
  el('section', { id, class: 'panel', 'aria-label': title }, el('h2', {}, title), ...content);

// ---- what waits ------------------------------------------------------------------

export class Queue {
  readonly root: HTMLElement;
  private readonly count = el('span', { class: 'count' });
  private readonly ringing = el('p', { class: 'ringing', role: 'status', hidden: true });
  private readonly list = el('ol', { id: 'incidents' });
  private readonly rest = el('p', { class: 'quiet' });
  private shown = '';

  constructor(private readonly pick: (id: string) => void, private readonly complaintName: (code: string) => string) {
    this.root = panel('queue', say('queue'), this.ringing, this.list, this.rest);
    this.root.querySelector('h2')!.append(' ', this.count);
  }

  private row(one: PictureIncident, n: number, nowMs: number, chosen: string): HTMLElement {
    const state = one.stage === 'assigned' ? one.units.join(' ') : say(one.stage === 'locating' ? 'locating' : 'waiting');
    return el('li', {},
      el('button', {
        type: 'button', class: `incident ${one.priority} ${one.stage}`, 'data-incident': one.id,
        'aria-pressed': String(one.id === chosen), onclick: () => this.pick(one.id),
      },
      el('b', { class: 'mark' }, one.priority === 'unknown' ? '?' : one.priority.toUpperCase()),
      el('span', { class: 'what' }, this.complaintName(one.complaint), one.suspect ? ` (${say('suspect')})` : ''),
      el('span', { class: 'age' }, spanText(nowMs - one.openedAtMs)),
      el('span', { class: 'where' }, one.place || say('noPlace')),
      el('span', { class: 'who' }, state),
      n < 9 ? el('kbd', {}, String(n + 1)) : null));
  }

  show(picture: Picture, model: Model | undefined, nowMs: number, chosen: string, most: number): void {
    const waiting = picture.incidents.filter(({ stage }) => stage !== 'assigned').length;
    setText(this.count, `${picture.incidents.length}${waiting ? ` · ${say('waitingN', { n: waiting })}` : ''}`);
    const rows = picture.incidents.slice(0, most);
    const key = JSON.stringify([rows.map((one) => [one, spanText(nowMs - one.openedAtMs)]), chosen]);
    if (key !== this.shown) { // a focus is not lost to a list that says the same
      const focused = (document.activeElement as HTMLElement | null)?.dataset.incident;
      this.list.replaceChildren(...rows.map((one, n) => this.row(one, n, nowMs, chosen)));
      if (focused) this.list.querySelector<HTMLElement>(`[data-incident="${focused}"]`)?.focus();
      this.shown = key;
    }
    setText(this.rest, rows.length === 0 ? say('noIncidents')
      : picture.incidents.length > rows.length ? say('more', { n: picture.incidents.length - rows.length }) : '');
    const rings = model?.ringing() ?? [];
    this.ringing.hidden = rings.length === 0;
    if (rings[0]) setText(this.ringing, say('ringing', { n: rings.length, longest: spanText(nowMs - Number(rings[0].rangAtMs)) }));
  }
}

// ---- units ------------------------------------------------------------------------

const SHOWN: Status[] = ['available', 'ordered', 'en_route', 'on_scene', 'transporting', 'at_hospital', 'off_duty'];

export class Units {
  readonly root: HTMLElement;
  private readonly counts = new Map<Status, HTMLElement>();
  private readonly silent = el('p', { id: 'stale-units', class: 'warning', hidden: true });
  private readonly distress = el('p', { id: 'distress', class: 'alarm', role: 'alert', hidden: true });

  constructor() {
    const tiles = SHOWN.map((status) => {
      const count = el('b', {}, '0');
      this.counts.set(status, count);
      return el('div', { class: `tile ${status}`, 'data-status': status }, count, el('span', {}, say(status)));
    });
    this.root = panel('units', say('units'), this.distress, el('div', { class: 'tiles' }, ...tiles), this.silent);
  }

  show(picture: Picture, nowMs: number): void {
    for (const [status, count] of this.counts)
      setText(count, String(picture.units.filter((unit) => unit.status === status).length
        + picture.unplaced.filter((one) => one === status).length));
    const stale = picture.units.filter((unit) => isStale(unit, nowMs));
    this.silent.hidden = stale.length === 0;
    setText(this.silent, `${say('silentUnits')}: ${stale.slice(0, 12).map(({ code }) => code).join(', ')}${stale.length > 12 ? ' …' : ''}`);
    const calling = picture.units.filter((unit) => unit.distress).map(({ code }) => code);
    this.distress.hidden = calling.length === 0;
    if (calling.length > 0) setText(this.distress, say('distress', { units: calling.join(', ') }));
  }
}

// ---- figures of the day ---------------------------------------------------------------

const INTERVALS = ['locate', 'decide', 'turnout', 'travel', 'response', 'scene', 'transport', 'handover'] as const;
const FALSE: [Outcome, 'prank' | 'silent' | 'ghost' | 'abandoned'][] = [
  [Outcome.PRANK, 'prank'], [Outcome.SILENT, 'silent'], [Outcome.GHOST, 'ghost'], [Outcome.ABANDONED, 'abandoned'],
];

const groupOf = (figures: Figures, grouping: string, name = ''): GroupFigures | undefined =>
  figures.groups.find((one) => one.grouping === grouping && one.name === name);
const intervalOf = (group: GroupFigures | undefined, name: string): IntervalFigures | undefined =>
  group?.intervals.find(({ interval }) => interval === name);

function responseTile(figures: Figures, p: number): HTMLElement {
  const group = groupOf(figures, 'priority', `P${p}`);
  const response = intervalOf(group, 'response');
  const targetMs = Number(figures.targetMs[p] ?? 0n);
  const share = group && group.counted > 0 ? group.inTime / group.counted : undefined;
  const look = share === undefined ? '' : share >= 0.9 ? 'good' : share >= 0.75 ? 'fair' : 'poor';
  return el('div', { class: `response ${look}`, 'data-priority': `p${p}` },
    el('b', { class: `mark p${p}` }, `P${p}`),
    el('span', { class: 'big' }, response ? minutesText(Number(response.medianMs)) : '–'),
    el('span', { class: 'p90' }, response ? `P90 ${minutesText(Number(response.p90Ms))}` : ''),
    el('span', { class: 'share' }, share === undefined ? '–' : `${percent(group!.inTime, group!.counted)} ${say('inTime')}`),
    el('span', { class: 'quiet' }, targetMs ? say('target', { min: Math.round(targetMs / 60000) }) : '',
      group ? ` · n ${group.counted}` : ''));
}

function intervalTable(figures: Figures): HTMLElement {
  const all = groupOf(figures, 'all');
  const row = (name: 'answer' | (typeof INTERVALS)[number], one: IntervalFigures | undefined) =>
    el('tr', { 'data-interval': name }, el('th', { scope: 'row' }, say(name)),
      el('td', {}, String(one?.n ?? 0)),
      el('td', {}, one && one.n > 0 ? minutesText(Number(one.medianMs)) : '–'),
      el('td', {}, one && one.n > 0 ? minutesText(Number(one.p90Ms)) : '–'));
  return el('table', {},
    el('thead', {}, el('tr', {}, ...(['interval', 'n', 'median', 'p90'] as const).map((key) => el('th', { scope: 'col' }, say(key))))),
    el('tbody', {}, row('answer', figures.rings), ...INTERVALS.map((name) => row(name, intervalOf(all, name)))));
}

function hourBars(figures: Figures): HTMLElement {
  const real = new Array<number>(24).fill(0);
  const untrue = new Array<number>(24).fill(0);
  for (const { outcome, byHour } of figures.calls) {
    const into = FALSE.some(([one]) => one === outcome) ? untrue : real;
    byHour.forEach((n, hour) => { into[hour]! += n; });
  }
  const most = Math.max(1, ...real.map((n, hour) => n + untrue[hour]!));
  const bars = real.map((n, hour) => {
    const bar = el('span', { class: 'bar-of-hour', title: `${hour}: ${n} + ${untrue[hour]}` });
    const [good, bad] = [el('i', { class: 'real' }), el('i', { class: 'false' })];
    good.style.height = `${(100 * n) / most}%`;
    bad.style.height = `${(100 * untrue[hour]!) / most}%`;
    bar.append(bad, good);
    return bar;
  });
  return el('div', { class: 'hours', role: 'img', 'aria-label': say('byHour') }, ...bars);
}

export class FiguresPanel {
  readonly root: HTMLElement;
  private readonly body = el('div', { class: 'figures' }, el('p', { class: 'quiet' }, say('noFigures')));

  constructor() {
    this.root = panel('figures', say('today'), this.body);
  }

  show(figures: Figures): void {
    const calls = figures.calls.reduce((sum, one) => sum + one.calls, 0);
    const sorts = FALSE.map(([outcome, name]) => ({ name, n: figures.calls.find((one) => one.outcome === outcome)?.calls ?? 0 }))
      .filter(({ n }) => n > 0).map(({ name, n }) => `${say(name)} ${n}`).join(' · ');
    const whole = figures.wholeFromAtMs > figures.fromAtMs;
    this.body.replaceChildren(
      el('div', { class: 'headline' },
        el('div', { class: 'number', 'data-figure': 'calls' }, el('b', {}, String(calls)), el('span', {}, say('calls'))),
        el('div', { class: 'number', 'data-figure': 'false' },
          el('b', {}, percent(figures.falseCalls, figures.judgedCalls)), el('span', {}, say('falseShare'), ' ', el('small', {}, sorts))),
        hourBars(figures)),
      el('div', { class: 'responses' }, ...[1, 2, 3, 4].map((p) => responseTile(figures, p))),
      intervalTable(figures),
      el('p', { class: 'quiet' },
        whole ? `${say('wholeFrom', { time: clockText(Number(figures.wholeFromAtMs)) })} · ` : '',
        figures.ringsMissed ? say('missed', { n: figures.ringsMissed }) : ''));
  }
}

// ---- the city ---------------------------------------------------------------------------

export class CityPanel {
  readonly root: HTMLElement;
  private readonly covered = el('p', { class: 'big-line', id: 'covered' });
  private readonly key = el('div', { class: 'coverage-key' }, el('i', {}), el('small', {}, say('coverageKey')));
  private readonly hospitals = el('ul', { id: 'hospitals' });
  private readonly roads = el('ul', { id: 'closures' });
  private readonly state = el('p', { class: 'warning' });

  constructor() {
    this.root = panel('city', say('city'), this.covered, this.key, this.hospitals, this.roads, this.state);
  }

  showCoverage(coverage: Coverage): void {
    setText(this.covered, say('covered', {
      share: percent(coverage.reachedPpm, 1_000_000), min: Math.round(Number(coverage.targetMs) / 60000),
    }));
  }

  showHospitals(model: Model): void {
    const closed = [...model.hospitals.values()].filter(({ diversion }) => diversion !== Diversion.OPEN);
    this.hospitals.replaceChildren(...(closed.length === 0 ? [el('li', { class: 'good' }, say('allOpen'))]
      : closed.map((one) => el('li', { class: 'bad' }, `${one.name}: ${one.divertedReason || say('hospitalsClosed')}`,
        one.divertedAtMs ? el('small', {}, ` ${say('since', { time: clockText(Number(one.divertedAtMs)), ago: spanText(Date.now() - Number(one.divertedAtMs)) })}`) : null))));
  }

  showRoads(closures: RoadClosure[]): void {
    const now = closures.filter(({ inForce }) => inForce);
    this.roads.replaceChildren(el('li', { class: now.length ? 'warn' : 'quiet' },
      now.length ? say('closures', { n: now.length }) : say('noClosures')),
    ...now.slice(0, 3).map((one) => el('li', {}, [one.street, one.reason].filter(Boolean).join(': '))));
  }

  showState(status: EngineStatus | undefined, model: Model): void {
    const lines: string[] = [];
    if (status?.databaseAway && !status.noDatabase) lines.push(say('databaseAway'));
    for (const one of model.exchanges.values()) if (one.away) lines.push(say('exchangeAway', { name: one.name }));
    const metric = status?.roadMetrics[0];
    if (metric) lines.push(say('traffic', { ago: spanText(Number(metric.ageMs)) }));
    setText(this.state, lines.join(' · '));
  }
}
