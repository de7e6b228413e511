// The tab of the way: what to do next in letters that are read at arm's length, the map, the list of
// directions, and the last metres on foot.
import { el, setText } from '../lib/dom';
import { clockText, metresText, spanText } from '../lib/words';
import type { App } from './app';
import { CrewMap } from './crew_map';
import { goalOf } from './model';
import { say } from './words';

export class Road {
  private readonly next = el('p', { class: 'next', id: 'instruction', 'aria-live': 'polite' });
  private readonly arrival = el('p', { id: 'arrival' });
  private readonly foot = el('p', { class: 'foot', id: 'on-foot' });
  private readonly steps = el('ol', { class: 'steps', id: 'steps' });
  private readonly where = el('p', { class: 'quiet', id: 'position-state', role: 'status' });
  private readonly map: CrewMap;
  readonly root: HTMLElement;
  private stepsOf: unknown;

  constructor(private readonly app: App) {
    this.map = new CrewMap(app);
    this.root = el('section', { id: 'road', class: 'tab', 'aria-label': say('map') },
      el('div', { class: 'guidance' }, this.next, this.arrival, this.foot, this.where),
      this.map.root,
      el('details', { class: 'directions' }, el('summary', {}, say('steps')), this.steps));
  }

  show(): void {
    this.map.show();
    const { way, fix, crew, link } = this.app;
    const track = way?.track;
    const progress = way?.progress;
    this.root.classList.toggle('idle', goalOf(crew) === undefined);
    setText(this.next, !goalOf(crew) ? '' : this.app.finding ? say('rerouting')
      : track && progress ? this.nextText() : way && !track ? say('noRoute')
      : link.state !== 'open' ? say('routeWaits') : '');
    setText(this.arrival, progress && progress.leftM > 15 ? say('arrivesAt', { time: clockText(link.now() + progress.leftMs),
      span: spanText(progress.leftMs), metres: metresText(progress.leftM) }) : '');
    setText(this.foot, track && track.walkM >= 10
      ? (progress && progress.leftM < 60 ? `${say('stopHere')}. ` : '') +
        say('onFoot', { metres: metresText(track.walkM), span: spanText(track.walkMs) }) : '');
    setText(this.where, this.app.positionDenied ? say('positionDenied') : !fix ? say('noPosition')
      : Date.now() - fix.atMs > 30_000 ? say('positionOld', { span: spanText(Date.now() - fix.atMs) }) : '');
    if (this.stepsOf !== track) {
      this.stepsOf = track;
      this.steps.replaceChildren(...(track?.steps ?? []).map((step) => el('li', {}, step.instruction)));
    }
    [...this.steps.children].forEach((item, i) => item.toggleAttribute('data-next', i === progress?.next));
  }

  private nextText(): string {
    const { track, progress } = this.app.way!;
    const step = track!.steps[progress!.next];
    if (!step) return '';
    return progress!.toNextM > 40 ? say('inDistance', { metres: metresText(progress!.toNextM), instruction: step.instruction })
      : step.instruction;
  }
}
