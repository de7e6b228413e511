// The patient's card: colour in one tap; what was measured and done, sent together; who took over.
import { ColourOfTriage } from '#proto/common_pb';
import { el, setText } from '../lib/dom';
import { clockText } from '../lib/words';
import type { App } from './app';
import { colourText, say, type Word } from './words';

const colours = [ColourOfTriage.COLOUR_RED, ColourOfTriage.COLOUR_YELLOW, ColourOfTriage.COLOUR_GREEN,
  ColourOfTriage.COLOUR_BLACK];
const classes = ['', 'red', 'yellow', 'green', 'black'];

export interface Measure {
  name: 'pulse' | 'breaths' | 'systolic' | 'diastolic' | 'oxygenPercent' | 'temperatureTenths' | 'comaScale' | 'glucose';
  label: Word;
  least: number;
  most: number;
  times: number; // on the wire
}

/** As the engine takes them (proto/sigap/v1/patient.proto). */
export const measures: Measure[] = [
  { name: 'pulse', label: 'pulse', least: 1, most: 300, times: 1 },
  { name: 'breaths', label: 'breaths', least: 1, most: 120, times: 1 },
  { name: 'systolic', label: 'systolic', least: 1, most: 350, times: 1 },
  { name: 'diastolic', label: 'diastolic', least: 1, most: 250, times: 1 },
  { name: 'oxygenPercent', label: 'oxygen', least: 1, most: 100, times: 1 },
  { name: 'temperatureTenths', label: 'temperature', least: 20, most: 46, times: 10 },
  { name: 'comaScale', label: 'coma', least: 3, most: 15, times: 1 },
  { name: 'glucose', label: 'glucose', least: 1, most: 1500, times: 1 },
];

/** What was typed, as it goes on the wire: "36,8" degrees are 368. Undefined: nothing was typed;
 * a text: what is wrong. */
export function readMeasure(measure: Measure, typed: string): number | undefined | string {
  const text = typed.trim().replace(',', '.');
  if (text === '') return undefined;
  const value = Number(text);
  const wire = Math.round(value * measure.times);
  if (!Number.isFinite(value) || value < measure.least || value > measure.most || (measure.times === 1 && wire !== value))
    return say('outOfRange', { field: say(measure.label), least: measure.least, most: measure.most });
  return wire;
}

export class PatientCard {
  private readonly buttons = colours.map((colour) => el('button', { type: 'button', class: `colour ${classes[colour]}`,
    'data-colour': classes[colour], 'aria-pressed': 'false', onclick: () => this.choose(colour) }, colourText(colour)));
  private readonly inputs = new Map(measures.map((measure) => [measure.name, el('input', { id: `card-${measure.name}`,
    inputmode: 'decimal', autocomplete: 'off', maxlength: 6 })]));
  private readonly findings = el('textarea', { id: 'card-findings', rows: 3, maxlength: 600 });
  private readonly handedTo = el('input', { id: 'card-handed-to', maxlength: 60, autocomplete: 'off' });
  private readonly trouble = el('p', { class: 'trouble', role: 'alert' });
  private readonly noted = el('p', { class: 'quiet', id: 'card-noted', role: 'status' });
  private readonly submit = el('button', { type: 'submit', class: 'large', id: 'send-card' }, say('sendVitals'));
  readonly root = el('section', { id: 'patient', class: 'tab', 'aria-label': say('patient') },
    el('h2', {}, say('colour')),
    el('div', { class: 'colours', role: 'group', 'aria-label': say('colour') }, ...this.buttons),
    el('form', { onsubmit: (event: Event) => {
      event.preventDefault();
      this.send();
    } },
      el('div', { class: 'fields' }, ...measures.map((measure) => el('div', {},
        el('label', { for: `card-${measure.name}` }, say(measure.label)), this.inputs.get(measure.name)!))),
      el('label', { for: 'card-findings' }, say('findings')), this.findings,
      el('label', { for: 'card-handed-to' }, say('handedTo')), this.handedTo,
      this.trouble, this.noted, this.submit));
  private of: bigint | undefined;

  constructor(private readonly app: App) {}

  private choose(colour: ColourOfTriage): void {
    this.app.tellColour(colour);
    this.mark(colour);
  }

  private mark(colour: ColourOfTriage): void {
    this.buttons.forEach((button, i) => button.setAttribute('aria-pressed', String(colours[i] === colour)));
  }

  private send(): void {
    const card: Record<string, number | string> = {};
    let wrong = '';
    for (const measure of measures) {
      const value = readMeasure(measure, this.inputs.get(measure.name)!.value);
      if (typeof value === 'string') wrong ||= value;
      else if (value !== undefined) card[measure.name] = value;
    }
    if (this.findings.value.trim()) card['findings'] = this.findings.value.trim();
    if (this.handedTo.value.trim()) card['handedTo'] = this.handedTo.value.trim();
    if (!wrong && Object.keys(card).length === 0) wrong = say('nothingTold');
    setText(this.trouble, wrong);
    if (wrong) return;
    this.app.tellCard(card);
    setText(this.noted, say('vitalsSent', { time: clockText(this.app.link.now()) }));
    this.empty();
  }

  // A patient's data does not stay on the screen for the next one.
  private empty(): void {
    for (const input of this.inputs.values()) input.value = '';
    this.findings.value = this.handedTo.value = '';
  }

  show(): void {
    const job = this.app.crew.job;
    if (this.of !== job?.order.assignmentId) {
      this.of = job?.order.assignmentId;
      this.mark(job?.advice?.colour ?? ColourOfTriage.COLOUR_UNKNOWN);
      this.empty();
      setText(this.noted, '');
      setText(this.trouble, '');
    }
    for (const button of [...this.buttons, this.submit]) button.disabled = !job;
  }
}
