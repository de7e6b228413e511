// The slider under the map: from what the engine keeps to now. While it is not at its end the whole
// wall is framed and says which moment it shows.
import { el, setText } from '../lib/dom';
import { clockText } from '../lib/words';
import { PastShelf } from './past';
import { say } from './words';

const SPEEDS = [30, 120, 600] as const;
const TICK_MS = 500;

export class Scrubber {
  readonly root: HTMLElement;
  readonly frame = el('div', { id: 'past-frame', role: 'status', hidden: true });
  /** The moment that is wanted; undefined: now. */
  atMs: number | undefined;
  private readonly slider = el('input', { type: 'range', id: 'moment', min: '0', max: '1', step: '1', 'aria-label': say('history') });
  private readonly from = el('span', { class: 'quiet' });
  private readonly at = el('output', { id: 'moment-text' }, say('now'));
  private readonly playButton = el('button', { type: 'button', class: 'plain', id: 'play', onclick: () => this.togglePlay() }, say('play'));
  private readonly nowButton = el('button', { type: 'button', id: 'back-to-now', hidden: true, onclick: () => this.toNow() }, say('backToNow'));
  private readonly speed = el('select', { id: 'speed', 'aria-label': say('play') },
    ...SPEEDS.map((one) => el('option', { value: one }, say('speed', { n: one }))));
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly shelf: PastShelf, private readonly changed: () => void) {
    this.root = el('div', { id: 'scrubber' }, this.from, this.slider, this.at, this.playButton, this.speed, this.nowButton);
    this.speed.value = '120';
    this.slider.addEventListener('input', () => {
      this.stop();
      this.go(Number(this.slider.value) * 1000);
    });
    this.bounds();
  }

  /** What is kept grows and is forgotten. */
  bounds(): void {
    const { fromMs, untilMs } = this.shelf;
    this.slider.disabled = fromMs === 0;
    this.slider.min = String(Math.floor(fromMs / 1000));
    this.slider.max = String(Math.ceil(untilMs / 1000));
    if (this.atMs === undefined) this.slider.value = this.slider.max;
    setText(this.from, fromMs ? say('keptFrom', { time: clockText(fromMs) }) : '');
  }

  /** By so many seconds; forward beyond the end is now. */
  step(seconds: number): void {
    this.stop();
    this.go((this.atMs ?? this.shelf.untilMs) + seconds * 1000);
  }

  toNow(): void {
    this.stop();
    this.set(undefined);
  }

  togglePlay(): void {
    if (this.timer) return this.stop();
    if (this.atMs === undefined) this.go(this.shelf.fromMs);
    this.timer = setInterval(() => this.go((this.atMs ?? 0) + Number(this.speed.value) * TICK_MS), TICK_MS);
    setText(this.playButton, say('pause'));
  }

  private stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    setText(this.playButton, say('play'));
  }

  private go(atMs: number): void {
    if (this.shelf.fromMs === 0) return;
    if (atMs >= this.shelf.untilMs) {
      this.stop();
      return this.set(undefined);
    }
    this.set(Math.max(atMs, this.shelf.fromMs));
  }

  private set(atMs: number | undefined): void {
    this.atMs = atMs;
    const past = atMs !== undefined;
    this.slider.value = past ? String(Math.round(atMs / 1000)) : this.slider.max;
    setText(this.at, past ? clockText(atMs) : say('now'));
    this.slider.setAttribute('aria-valuetext', past ? clockText(atMs) : say('now'));
    this.nowButton.hidden = !past;
    this.frame.hidden = !past;
    this.frame.replaceChildren(el('strong', {}, say('past')), ' ', past ? say('pastAt', { time: clockText(atMs) }) : '');
    document.documentElement.classList.toggle('in-the-past', past);
    this.changed();
  }
}
