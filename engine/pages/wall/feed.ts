// Whether what is on the wall is true: a wall that shows an old picture as if it were the present
// is worse than a dark one. So a dead feed covers everything, says since when, and is heard where
// sound is on.
import { el, setText } from '../lib/dom';
import type { Link } from '../lib/link';
import { clockText, spanText } from '../lib/words';
import { say } from './words';

/** The link asks for a sign of life every 10 s; two of them may be missing. */
const DEAD_AFTER_MS = 22_000;
/** And so long a picture may be on its way again after the line broke. */
const BROKEN_AFTER_MS = 4_000;
const BEEP_EVERY_MS = 4_000;

export class Feed {
  readonly root: HTMLElement;
  dead = false;
  private readonly title = el('strong', {}, say('dead'));
  private readonly since = el('span', {});
  private audio: AudioContext | undefined;
  private beepAtMs = 0;
  private brokenAtMs = 0;

  constructor(private readonly link: Link) {
    this.root = el('div', { id: 'dead-feed', role: 'alert', hidden: true }, this.title, this.since);
  }

  get audible(): boolean {
    return this.audio?.state === 'running';
  }

  /** From within a touch or a key: a browser lets no page be heard before. */
  async toggleSound(): Promise<void> {
    if (!this.audio) this.audio = new AudioContext();
    else if (this.audio.state === 'running') return void (await this.audio.suspend());
    await this.audio.resume();
  }

  /** `caughtUp`: the picture is whole. `beganAtMs`: of this page. */
  look(caughtUp: boolean, beganAtMs: number): void {
    const heard = this.link.heardAtMs;
    const quietMs = Date.now() - (heard || beganAtMs);
    const whole = this.link.state === 'open' && caughtUp;
    // A line that is broken for a moment is not told across the whole wall; the bar says it at once.
    if (whole) this.brokenAtMs = 0;
    else this.brokenAtMs ||= Date.now();
    this.dead = quietMs > DEAD_AFTER_MS || (!whole && Date.now() - this.brokenAtMs > BROKEN_AFTER_MS);
    this.root.hidden = !this.dead;
    document.documentElement.classList.toggle('feed-dead', this.dead);
    if (!this.dead) return;
    setText(this.since, heard ? say('deadSince', { since: clockText(heard), ago: spanText(Date.now() - heard) }) : say('deadNever'));
    this.beep();
  }

  private beep(): void {
    const audio = this.audio;
    if (!audio || audio.state !== 'running' || Date.now() - this.beepAtMs < BEEP_EVERY_MS) return;
    this.beepAtMs = Date.now();
    const tone = audio.createOscillator();
    const loudness = audio.createGain();
    tone.frequency.setValueAtTime(880, audio.currentTime);
    tone.frequency.setValueAtTime(660, audio.currentTime + 0.25);
    loudness.gain.setValueAtTime(0.4, audio.currentTime);
    loudness.gain.setValueAtTime(0, audio.currentTime + 0.5);
    tone.connect(loudness).connect(audio.destination);
    tone.start();
    tone.stop(audio.currentTime + 0.5);
  }
}
