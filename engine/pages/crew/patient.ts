// The patient's card: colour in one tap; what was measured and done, sent together.
import { ColourOfTriage } from '#proto/common_pb';
import { el } from '../lib/dom';
import type { App } from './app';
import { colourText, say } from './words';

const colours = [ColourOfTriage.COLOUR_RED, ColourOfTriage.COLOUR_YELLOW, ColourOfTriage.COLOUR_GREEN,
  ColourOfTriage.COLOUR_BLACK];
const classes = ['', 'red', 'yellow', 'green', 'black'];

export class PatientCard {
  private readonly buttons = colours.map((colour) => el('button', { type: 'button', class: `colour ${classes[colour]}`,
    'data-colour': classes[colour], 'aria-pressed': 'false', onclick: () => this.choose(colour) }, colourText(colour)));
  readonly root = el('section', { id: 'patient', class: 'tab', 'aria-label': say('patient') },
    el('h2', {}, say('colour')),
    el('div', { class: 'colours', role: 'group', 'aria-label': say('colour') }, ...this.buttons));
  private of: bigint | undefined;

  constructor(private readonly app: App) {}

  private choose(colour: ColourOfTriage): void {
    this.app.tellColour(colour);
    this.mark(colour);
  }

  private mark(colour: ColourOfTriage): void {
    this.buttons.forEach((button, i) => button.setAttribute('aria-pressed', String(colours[i] === colour)));
  }

  show(): void {
    const job = this.app.crew.job;
    if (this.of !== job?.order.assignmentId) {
      this.of = job?.order.assignmentId;
      this.mark(job?.advice?.colour ?? ColourOfTriage.COLOUR_UNKNOWN);
    }
    for (const button of this.buttons) button.disabled = !job;
  }
}
