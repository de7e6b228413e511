// Two tones, again and again, until somebody has said that he knows. A browser lets a page be heard
// only after somebody has touched it; whether it may is told.
const EVERY_MS = 2500;

export class Siren {
  rounds = 0;
  private audio: AudioContext | undefined;
  private timer: ReturnType<typeof setInterval> | undefined;

  get audible(): boolean {
    return this.audio?.state === 'running';
  }

  /** From within a touch. */
  async unlock(): Promise<void> {
    try {
      this.audio ??= new AudioContext();
      await this.audio.resume();
    } catch {
      // no sound on this device; the page says so
    }
  }

  ring(wanted: boolean): void {
    if (wanted === (this.timer !== undefined)) return;
    clearInterval(this.timer);
    this.timer = undefined;
    if (!wanted) return;
    this.sound();
    this.timer = setInterval(() => this.sound(), EVERY_MS);
  }

  private sound(): void {
    this.rounds++;
    const audio = this.audio;
    if (!audio || audio.state !== 'running') return;
    const tone = audio.createOscillator();
    const loudness = audio.createGain();
    const from = audio.currentTime;
    for (let i = 0; i < 4; i++) tone.frequency.setValueAtTime(i % 2 ? 740 : 988, from + i * 0.35);
    loudness.gain.setValueAtTime(0.6, from);
    loudness.gain.setValueAtTime(0, from + 1.4);
    tone.connect(loudness).connect(audio.destination);
    tone.start(from);
    tone.stop(from + 1.45);
  }
}
