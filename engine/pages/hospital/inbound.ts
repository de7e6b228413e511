// Who is on the way or waits at the door: one card each. The cards are made once and filled anew, so
// that a finger on a button does not miss it and a reader of the screen is not thrown back.
import { AssignmentState, ColourOfTriage } from '#proto/common_pb';
import type { Inbound } from '#proto/hospital_pb';
import { el, setText } from '../lib/dom';
import { clockText, spanText } from '../lib/words';
import { abilitiesText, COLOURS, say } from './words';

const SILENT_MS = 90_000; // a unit that was not heard of for so long may be anywhere

export interface InboundListener {
  now: () => number; // by the engine's clock
  complaint: (code: string) => string;
  see: (assignmentId: bigint) => void;
}

export function isNewRed(one: Inbound): boolean {
  return one.colour === ColourOfTriage.COLOUR_RED && one.seenAtMs === 0n && one.sinceMs === 0n;
}

/** Who waits first, longest first; then who comes, soonest first; who is only meant for here last. */
export function inOrder(list: Inbound[]): Inbound[] {
  const rank = (one: Inbound) => (one.state === AssignmentState.AT_HOSPITAL ? 0 : one.state === AssignmentState.TRANSPORTING ? 1 : 2);
  const at = (one: Inbound) => Number(one.sinceMs || one.arrivesAtMs || 2n ** 52n);
  return [...list].sort((a, b) => rank(a) - rank(b) || at(a) - at(b) || Number(a.assignmentId - b.assignmentId));
}

/** What is said of when, and whether it may be believed. */
export function whenText(one: Inbound, now: number): { text: string; note: string; loud: boolean; unsure: boolean } {
  if (one.state === AssignmentState.AT_HOSPITAL) {
    const due = Number(one.offloadDueMs) - now;
    const late = one.offloadAlarms > 0 || (one.offloadDueMs > 0n && due <= 0);
    return {
      text: say('waits', { age: spanText(now - Number(one.sinceMs)), since: clockText(Number(one.sinceMs)) }),
      note: late ? say('overdue') : one.offloadDueMs > 0n ? say('dueIn', { age: spanText(due) }) : '',
      loud: late, unsure: false,
    };
  }
  if (one.state !== AssignmentState.TRANSPORTING) return { text: say('meant'), note: '', loud: false, unsure: false };
  const silent = one.positionAtMs ? now - Number(one.positionAtMs) : Infinity;
  const unsure = silent > SILENT_MS;
  if (!one.arrivesAtMs) return { text: `${say('underWay')}: ${say('arrivalUnknown')}`, note: '', loud: false, unsure: true };
  const left = Number(one.arrivesAtMs) - now;
  const when = left < 30_000 ? say('arrivesNow')
    : say('arrives', { age: spanText(left), at: clockText(Number(one.arrivesAtMs)) });
  const note = unsure ? (silent === Infinity ? say('arrivalUnknown') : say('stale', { age: spanText(silent) }))
    : say('reckoned', { age: spanText(now - Number(one.reckonedAtMs)), position: spanText(silent) });
  return { text: `${say('underWay')}: ${when}`, note, loud: false, unsure };
}

class Card {
  readonly root: HTMLElement;
  private readonly colour = el('strong', { class: 'colour' });
  private readonly what = el('h3', {});
  private readonly when = el('p', { class: 'when' });
  private readonly note = el('p', { class: 'note' });
  private readonly needs = el('p', {});
  private readonly unit = el('p', { class: 'quiet' });
  private readonly seen = el('p', { class: 'quiet' });
  private readonly button: HTMLButtonElement;

  constructor(readonly id: bigint, private readonly listener: InboundListener) {
    this.button = el('button', { type: 'button', class: 'large', onclick: () => this.listener.see(this.id) }, say('see'));
    this.root = el('li', { class: 'inbound', 'data-assignment': String(id) }, this.colour,
      el('div', { class: 'facts' }, this.what, this.when, this.note, this.needs, this.unit),
      el('div', { class: 'answer' }, this.button, this.seen));
  }

  fill(one: Inbound): void {
    const now = this.listener.now();
    const when = whenText(one, now);
    this.root.dataset.colour = ColourOfTriage[one.colour]?.replace('COLOUR_', '').toLowerCase() ?? '';
    this.root.dataset.state = AssignmentState[one.state] ?? '';
    this.root.classList.toggle('new-red', isNewRed(one));
    this.root.classList.toggle('overdue', when.loud);
    setText(this.colour, say(COLOURS[one.colour] ?? 'notTriaged'));
    setText(this.what, `${this.listener.complaint(one.complaint)} · ${say('priority', { n: one.priority })}`);
    setText(this.when, when.text);
    this.when.classList.toggle('unsure', when.unsure);
    setText(this.note, when.note);
    this.note.classList.toggle('loud', when.loud || when.unsure);
    setText(this.needs, say('needs', { what: abilitiesText(one.needs) || say('noNeeds') }));
    setText(this.unit, say('unit', { code: one.unitCode }));
    this.button.hidden = one.seenAtMs !== 0n || one.sinceMs !== 0n;
    setText(this.seen, one.seenAtMs ? say('seen', { at: clockText(Number(one.seenAtMs)) }) : '');
  }
}

export class InboundList {
  readonly root = el('ol', { id: 'inbound', class: 'inbound-list' });
  private readonly cards = new Map<bigint, Card>();

  constructor(private readonly listener: InboundListener) {}

  show(list: Inbound[]): void {
    const order = inOrder(list);
    for (const [id, card] of this.cards) {
      if (order.some((one) => one.assignmentId === id)) continue;
      card.root.remove();
      this.cards.delete(id);
    }
    order.forEach((one, at) => {
      let card = this.cards.get(one.assignmentId);
      if (!card) this.cards.set(one.assignmentId, (card = new Card(one.assignmentId, this.listener)));
      card.fill(one);
      if (this.root.children[at] !== card.root) this.root.insertBefore(card.root, this.root.children[at] ?? null);
    });
  }
}
