// Beds and diversion, set by the hospital itself. What is sent says which version was looked at: where
// somebody else was faster the engine refuses, both are shown, and a person decides.
import { create } from '@bufbuild/protobuf';
import { Diversion, type Hospital } from '#proto/common_pb';
import { TellHospitalSchema } from '#proto/hospital_pb';
import { el, setText } from '../lib/dom';
import { Refusal, type Link } from '../lib/link';
import { clockText, spanText } from '../lib/words';
import { ABILITIES, DIVERSIONS, abilitiesText, say } from './words';

const HOURS = [1, 2, 4, 8];

interface Typed {
  beds: number | undefined; // undefined: not touched
  diversion: Diversion;
  diverts: number;
  reason: string;
  hours: number; // 0 = until told anew
}

export class OwnState {
  readonly root: HTMLElement;
  private hospital: Hospital | undefined;
  private looked = 0n; // the version that the form was filled from
  private touched = false;

  private readonly record = el('p', { id: 'beds-now', class: 'figure' });
  private readonly recordAge = el('p', { class: 'quiet' });
  private readonly stale = el('p', { class: 'trouble', role: 'status' });
  private readonly state = el('p', { id: 'diversion-now', class: 'figure' });
  private readonly stateAge = el('p', { class: 'quiet' });
  private readonly beds = el('input', { id: 'beds', type: 'number', min: 0, max: 999, inputmode: 'numeric' });
  private readonly choices: HTMLInputElement[];
  private readonly which: HTMLInputElement[];
  private readonly whichOnes: HTMLElement;
  private readonly reason = el('input', { id: 'reason', maxlength: 60 });
  private readonly until = el('select', { id: 'until' });
  private readonly told = el('p', { id: 'told', role: 'status' });
  private readonly conflict = el('div', { id: 'conflict', class: 'conflict', role: 'alert', hidden: true });

  constructor(private readonly link: Link, private readonly again: () => void) {
    const touch = () => { this.touched = true; this.showWhich(); };
    this.choices = DIVERSIONS.map((_, at) => el('input', { type: 'radio', name: 'diversion', value: at, id: `diversion-${at}` }));
    this.which = ABILITIES.map((_, bit) => el('input', { type: 'checkbox', id: `lacks-${bit}` }));
    this.whichOnes = el('fieldset', { hidden: true }, el('legend', {}, say('whichOnes')),
      ...ABILITIES.map((key, bit) => el('label', { class: 'choice', for: `lacks-${bit}` }, this.which[bit]!, say(key))));
    this.until.append(el('option', { value: 0 }, say('untilToldAnew')),
      ...HOURS.map((n) => el('option', { value: n }, say('forHours', { n }))));
    const step = (by: number) => () => {
      this.beds.value = String(Math.max(0, Number(this.beds.value || 0) + by));
      touch();
    };
    this.root = el('form', { class: 'card', onsubmit: (event: Event) => { event.preventDefault(); void this.save(this.looked); } },
      el('h2', {}, say('ownState')),
      this.record, this.recordAge, this.stale,
      el('label', { for: 'beds' }, say('beds')),
      el('div', { class: 'stepper' },
        el('button', { type: 'button', class: 'plain', 'aria-label': say('fewer'), onclick: step(-1) }, '−'), this.beds,
        el('button', { type: 'button', class: 'plain', 'aria-label': say('moreBeds'), onclick: step(1) }, '+')),
      this.state, this.stateAge,
      el('fieldset', {}, el('legend', {}, say('diversion')),
        ...DIVERSIONS.map((key, at) => el('label', { class: 'choice', for: `diversion-${at}` }, this.choices[at]!, say(key)))),
      this.whichOnes,
      el('label', { for: 'reason' }, say('reason')), this.reason,
      el('label', { for: 'until' }, say('until')), this.until,
      el('button', { type: 'submit', class: 'large', id: 'save' }, say('save')),
      this.told, this.conflict);
    this.root.addEventListener('input', touch);
  }

  /** News from the engine; what somebody is typing is left alone. */
  show(hospital: Hospital): void {
    this.hospital = hospital;
    if (!this.touched) this.fill(hospital);
    this.showTimes();
  }

  showTimes(): void {
    const hospital = this.hospital;
    if (!hospital) return;
    const now = this.link.now();
    setText(this.record, hospital.freeBeds < 0 ? say('bedsUnknown') : say('bedsNow', { n: hospital.freeBeds }));
    const taken = hospital.takenAtMs.length;
    setText(this.recordAge, [
      hospital.toldBedsAtMs ? say('toldBy', { who: hospital.toldBedsBy, age: spanText(now - Number(hospital.toldBedsAtMs)) }) : '',
      taken ? say('takenSince', { n: taken }) : '',
    ].filter(Boolean).join(' · '));
    setText(this.stale, hospital.bedsStale ? say('bedsStale') : '');
    setText(this.state, this.stateText(hospital.diversion, hospital.diverts, hospital.divertedReason));
    setText(this.stateAge, hospital.divertedAtMs
      ? say('diversionBy', { who: hospital.divertedBy, age: spanText(now - Number(hospital.divertedAtMs)) }) : '');
    this.root.dataset.diversion = Diversion[hospital.diversion] ?? '';
  }

  private stateText(diversion: Diversion, diverts: number, reason: string): string {
    return [say(DIVERSIONS[diversion] ?? 'open'), diversion === Diversion.SOME ? abilitiesText(diverts) : '', reason]
      .filter(Boolean).join(' · ');
  }

  private fill(hospital: Hospital): void {
    this.looked = hospital.version;
    this.beds.value = hospital.freeBeds < 0 ? '' : String(hospital.freeBeds);
    this.choices.forEach((one, at) => (one.checked = at === hospital.diversion));
    this.which.forEach((one, bit) => (one.checked = (hospital.diverts & (1 << bit)) !== 0));
    this.reason.value = hospital.divertedReason;
    this.showWhich();
  }

  private showWhich(): void {
    this.whichOnes.hidden = !this.choices[Diversion.SOME]!.checked;
  }

  private typed(): Typed {
    return {
      beds: this.beds.value === '' ? undefined : Math.max(0, Math.round(Number(this.beds.value))),
      diversion: Math.max(0, this.choices.findIndex((one) => one.checked)),
      diverts: this.which.reduce((bits, one, bit) => bits | (one.checked ? 1 << bit : 0), 0),
      reason: this.reason.value.trim(),
      hours: Number(this.until.value),
    };
  }

  private async save(version: bigint): Promise<void> {
    const typed = this.typed();
    const known = this.hospital;
    const sameDiversion = known && typed.diversion === known.diversion && typed.reason === known.divertedReason &&
      (typed.diversion !== Diversion.SOME || typed.diverts === known.diverts) && typed.hours === 0;
    this.conflict.hidden = true;
    setText(this.told, '');
    try {
      await this.link.ask({ case: 'tellHospital', value: create(TellHospitalSchema, {
        version, reason: typed.reason, diverts: typed.diversion === Diversion.SOME ? typed.diverts : 0,
        untilAtMs: typed.hours ? BigInt(Math.round(this.link.now() + typed.hours * 3_600_000)) : 0n,
        count: typed.beds === undefined ? { case: undefined } : { case: 'beds', value: typed.beds },
        who: sameDiversion ? { case: undefined } : { case: 'diversion', value: typed.diversion },
      }) });
      this.touched = false;
      setText(this.told, say('saved', { at: clockText(this.link.now()) }));
      this.again();
    } catch (error) {
      if (!(error instanceof Refusal)) return;
      if (error.code === 'WRONG_STATE' || error.code === 'MISMATCH') this.showConflict(typed);
      else setText(this.told, say('notSaved', { why: error.message }));
      this.again();
    }
  }

  /** Both, side by side; nothing happens by itself. */
  private showConflict(typed: Typed): void {
    const now = el('p', {});
    const tell = () => {
      const is = this.hospital!;
      setText(now, say('conflictNow', { now: say('bedsAre', { n: is.freeBeds < 0 ? '?' : is.freeBeds,
        state: this.stateText(is.diversion, is.diverts, is.divertedReason) }) }));
    };
    tell();
    const refresh = setInterval(tell, 500); // the newest version is on its way
    const done = () => {
      clearInterval(refresh);
      this.conflict.hidden = true;
    };
    this.conflict.replaceChildren(
      el('p', {}, say('conflict')), now,
      el('p', {}, say('conflictYours', { yours: say('bedsAre', { n: typed.beds ?? '?',
        state: this.stateText(typed.diversion, typed.diverts, typed.reason) }) })),
      el('button', { type: 'button', id: 'keep-mine', onclick: () => { done(); void this.save(this.hospital!.version); } }, say('keepMine')),
      el('button', { type: 'button', class: 'plain', id: 'take-theirs', onclick: () => {
        done();
        this.touched = false;
        this.fill(this.hospital!);
      } }, say('takeTheirs')));
    this.conflict.hidden = false;
    this.conflict.scrollIntoView({ block: 'nearest' });
  }
}
