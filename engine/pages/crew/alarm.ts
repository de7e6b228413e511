// What cannot be missed: a siren and the phone's motor, again and again until a person has seen why.
// A browser lets a page be heard only after somebody has touched it; whether it may is told, so that
// nobody trusts a phone that is mute.

const EVERY_MS = 2400;

export class Alarm {
  private audio: AudioContext | undefined;
  private timer: ReturnType<typeof setInterval> | undefined;
  private notices: Notification | undefined;
  /** How often it has sounded since it began; tests and the screen look at it. */
  rounds = 0;

  constructor(private readonly changed: () => void) {}

  get rings(): boolean {
    return this.timer !== undefined;
  }

  get audible(): boolean {
    return this.audio?.state === 'running';
  }

  /** From within a touch: the browser then lets us be heard later on. */
  async unlock(): Promise<void> {
    try {
      this.audio ??= new AudioContext();
      this.audio.onstatechange = () => this.changed();
      await this.audio.resume();
    } catch {
      // no sound on this device; the screen says so
    }
    this.changed();
  }

  start(text: string): void {
    if (this.timer) return;
    this.rounds = 0;
    this.sound();
    this.timer = setInterval(() => this.sound(), EVERY_MS);
    this.notify(text);
    this.changed();
  }

  stop(): void {
    if (!this.timer) return;
    clearInterval(this.timer);
    this.timer = undefined;
    navigator.vibrate?.(0);
    this.notices?.close();
    this.notices = undefined;
    this.changed();
  }

  private sound(): void {
    this.rounds++;
    navigator.vibrate?.([600, 150, 600, 150, 600]);
    const audio = this.audio;
    if (!audio || audio.state !== 'running') return;
    const tone = audio.createOscillator();
    const loudness = audio.createGain();
    tone.type = 'square';
    const from = audio.currentTime;
    // Two tones that stand out over an engine and rain: 880 and 1320 Hz, by turns.
    for (let i = 0; i < 6; i++) tone.frequency.setValueAtTime(i % 2 ? 1320 : 880, from + i * 0.3);
    loudness.gain.setValueAtTime(0.9, from);
    loudness.gain.setValueAtTime(0, from + 1.8);
    tone.connect(loudness).connect(audio.destination);
    tone.start(from);
    tone.stop(from + 1.85);
  }

  // For a phone that shows something else just now.
  private notify(text: string): void {
    if (typeof Notification === 'undefined' || Notification.permission !== 'granted') return;
    try {
      this.notices = new Notification(text, { tag: 'sigap-order', requireInteraction: true });
      this.notices.onclick = () => window.focus();
    } catch {
      // phones want it from the service worker
      void navigator.serviceWorker?.ready.then((worker) => {
        if (this.rings) void worker.showNotification(text, { tag: 'sigap-order', requireInteraction: true });
      });
    }
  }
}
