// The other tabs: hospital, notes, and what is rarely needed.
import { Unfit } from '#proto/common_pb';
import { el, setText } from '../lib/dom';
import { clockText, spanText } from '../lib/words';
import type { App } from './app';
import { placeLabel, walkText } from './overlays';
import { premiseText, say, unfitText } from './words';

/** Shows anew only what changed, so that focus and what is read aloud stay where they are. */
abstract class Card {
  private key = '';
  readonly root: HTMLElement;
  constructor(protected readonly app: App, id: string, label: string) {
    this.root = el('section', { id, class: 'tab', 'aria-label': label });
  }
  protected abstract keyNow(): string;
  protected abstract content(): (Node | string)[];
  protected tick(): void {}
  show(): void {
    const key = this.keyNow();
    if (key !== this.key) {
      this.key = key;
      this.root.replaceChildren(...this.content());
    }
    this.tick();
  }
}

export class HospitalCard extends Card {
  private arrival: HTMLElement | undefined;
  private readonly asked = new Set<bigint>();

  constructor(app: App) {
    super(app, 'hospital', say('hospital'));
  }
  protected keyNow(): string {
    const job = this.app.crew.job;
    const options = job?.advice?.options.map((o) => `${o.hospitalCode}${o.unfit}${o.freeBeds}${o.travelMs / 60000n}`);
    return `${job?.order.assignmentId}|${job?.destination?.hospitalCode}|${options}|${this.app.hospitals.length}`;
  }
  protected content(): Node[] {
    const job = this.app.crew.job;
    this.arrival = el('p', { id: 'hospital-arrival', class: 'big' });
    if (!job) return [el('p', { class: 'quiet' }, say('noJob'))];
    const known = new Map(this.app.hospitals.map((one) => [one.code, one.name]));
    const options = job.advice?.options ?? [];
    return [
      el('h2', {}, job.destination ? say('destination', { name: job.destination.name }) : say('chooseHospital')),
      this.arrival,
      el('div', { class: 'choices', id: 'hospital-choices' }, ...options.slice(0, 12).map((option) => el('button', {
        type: 'button', class: 'choice', 'data-hospital': option.hospitalCode,
        'aria-pressed': String(option.hospitalCode === job.destination?.hospitalCode),
        onclick: () => this.app.chooseHospital(option.hospitalCode) },
        el('strong', {}, known.get(option.hospitalCode) ?? option.hospitalCode),
        el('span', {}, [option.travelMs >= 0n ? spanText(Number(option.travelMs)) : '',
          option.freeBeds >= 0 ? say('bedsFree', { n: option.freeBeds }) : '',
          option.unfit === Unfit.NOT ? '' : unfitText(option.unfit)].filter(Boolean).join(' · '))))),
      ...(options.length ? [] : [el('p', { class: 'quiet' }, say('noAdvice')),
        el('button', { type: 'button', class: 'plain', onclick: () => void this.app.askAdvice() }, say('chooseHospital'))]),
    ];
  }
  /** Asked once by itself when somebody looks. */
  look(): void {
    const id = this.app.crew.job?.order.assignmentId;
    if (id === undefined || this.asked.has(id) || this.app.link.state !== 'open') return;
    this.asked.add(id);
    void this.app.askAdvice();
  }
  protected override tick(): void {
    const destination = this.app.crew.job?.destination;
    const left = Number(destination?.arrivesAtMs ?? 0n) - this.app.link.now();
    if (this.arrival) setText(this.arrival, destination && destination.arrivesAtMs > 0n && left > 0
      ? `${clockText(Number(destination.arrivesAtMs))} (${spanText(left)})` : '');
  }
}

export class NotesCard extends Card {
  constructor(app: App) {
    super(app, 'notes', say('notes'));
  }
  protected keyNow(): string {
    const { crew, guide } = this.app;
    const order = crew.job?.order;
    return `${order?.assignmentId}|${order?.premises.map((note) => note.version)}|${order?.place?.label}|${guide?.complaint}|${this.app.complaints.size}`;
  }
  protected content(): Node[] {
    const order = this.app.crew.job?.order;
    if (!order) return [el('p', { class: 'quiet' }, say('noJob'))];
    return [
      el('h2', {}, this.app.complaints.get(order.complaint) ?? order.complaint),
      el('p', {}, order.place ? placeLabel(order) : say('placeUnknown')),
      el('p', {}, walkText(order)),
      el('p', { class: 'quiet' }, say('incident', { id: `${order.incidentId}` })),
      ...order.premises.map((note) => el('p', { class: note.kind === 1 ? 'hazard' : 'note' },
        `${premiseText(note.kind)}: ${note.text}`)),
      ...(this.app.guide?.instructions ?? []).flatMap((told, i) => [
        ...(i === 0 ? [el('h2', {}, say('guide'))] : []),
        el('h3', {}, told.title + (told.draft ? ` (${say('draft')})` : '')),
        el('ol', {}, ...told.steps.map((step) => el('li', {}, step)))]),
    ];
  }
}

export class MoreCard extends Card {
  constructor(app: App) {
    super(app, 'more', say('menu'));
  }
  protected keyNow(): string {
    const { crew, shift, voice, alarm } = this.app;
    return [crew.onDuty, crew.job?.order.assignmentId, shift?.signedOn?.version, shift?.signedOn?.untilAtMs, voice,
      alarm.audible, document.documentElement.dataset['theme']].join('|');
  }
  protected content(): Node[] {
    const { app } = this;
    const codes = el('input', { id: 'crew-codes', autocomplete: 'off', autocapitalize: 'characters' });
    const on = app.crew.onDuty;
    const signed = app.shift?.signedOn;
    const until = Number(signed?.untilAtMs ?? 0n);
    return [
      el('h2', {}, app.crew.unit?.name || app.link.welcome?.unitCode || ''),
      ...(signed?.crew.length ? [el('p', {}, say('signedOn', { crew: signed.crew.map((one) => one.code).join(', ') }))] : []),
      ...(until > 0 ? [el('p', {}, say(until > app.link.now() ? 'shiftUntil' : 'shiftOver', { time: clockText(until) }))] : []),
      el('button', { type: 'button', class: 'large', id: 'duty', disabled: app.crew.job !== undefined,
        onclick: () => app.setDuty(!on) }, say(on ? 'goOffDuty' : 'goOnDuty')),
      el('form', { onsubmit: (event: Event) => {
        event.preventDefault();
        const list = codes.value.trim().split(/\s+/).filter(Boolean);
        if (list.length) app.signOn(list);
      } }, el('label', { for: 'crew-codes' }, say('crewCodes')), codes, el('button', { type: 'submit' }, say('signOn'))),
      el('button', { type: 'button', class: 'plain', id: 'voice', 'aria-pressed': String(app.voice),
        onclick: () => app.setVoice(!app.voice) }, say(app.voice ? 'voiceOn' : 'voiceOff')),
      el('button', { type: 'button', class: 'plain', id: 'theme', onclick: () => nextTheme(app) },
        say('theme', { theme: say(themeWord()) })),
      ...(typeof Notification !== 'undefined' && Notification.permission === 'default'
        ? [el('button', { type: 'button', class: 'plain', onclick: () => void Notification.requestPermission() }, say('notifyAsk'))]
        : []),
    ];
  }
}

const THEMES = ['auto', 'light', 'dark'] as const;

function themeNow(): (typeof THEMES)[number] {
  return THEMES.find((theme) => theme === document.documentElement.dataset['theme']) ?? 'auto';
}
function themeWord(): 'themeAuto' | 'themeLight' | 'themeDark' {
  return ({ auto: 'themeAuto', light: 'themeLight', dark: 'themeDark' } as const)[themeNow()];
}
export function setTheme(theme: string): void {
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset['theme'] = theme;
  else delete document.documentElement.dataset['theme'];
  localStorage.setItem('sigap.crew.theme', theme);
}
function nextTheme(app: App): void {
  setTheme(THEMES[(THEMES.indexOf(themeNow()) + 1) % THEMES.length]!);
  document.dispatchEvent(new Event('themechange'));
  app.setVoice(app.voice);
}
