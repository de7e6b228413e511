// A wall that nobody can pan by accident: while it is locked the map takes no touch and nothing can
// be chosen; unlocking takes two presses.
import { el, setText } from '../lib/dom';
import type { CityMap } from '../lib/map';
import { say } from './words';

const KEPT_AS = 'sigap.wall.locked';
const SECOND_PRESS_MS = 3_000;

export class ViewLock {
  locked = localStorage.getItem(KEPT_AS) === 'yes';
  readonly button: HTMLButtonElement;
  private askedAtMs = 0;

  constructor(private readonly map: CityMap, private readonly changed: () => void) {
    this.button = el('button', { type: 'button', class: 'plain', id: 'lock', onclick: () => this.press() });
    map.drawn?.on('load', () => this.apply());
    this.apply();
  }

  press(): void {
    if (!this.locked) this.set(true);
    else if (Date.now() - this.askedAtMs < SECOND_PRESS_MS) this.set(false);
    else {
      this.askedAtMs = Date.now();
      setText(this.button, say('unlockAgain'));
      setTimeout(() => this.apply(), SECOND_PRESS_MS);
    }
  }

  private set(locked: boolean): void {
    this.locked = locked;
    this.askedAtMs = 0;
    localStorage.setItem(KEPT_AS, locked ? 'yes' : 'no');
    this.apply();
    this.changed();
  }

  private apply(): void {
    setText(this.button, say(this.locked ? 'locked' : 'lock'));
    this.button.setAttribute('aria-pressed', String(this.locked));
    document.documentElement.classList.toggle('view-locked', this.locked);
    const map = this.map.drawn;
    if (!map) return;
    for (const hand of [map.dragPan, map.scrollZoom, map.doubleClickZoom, map.touchZoomRotate, map.keyboard, map.boxZoom])
      if (this.locked) hand.disable();
      else hand.enable();
    map.touchZoomRotate.disableRotation();
    map.keyboard.disableRotation();
  }
}
