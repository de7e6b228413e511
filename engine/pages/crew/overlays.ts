// What covers the whole screen until a person answers: an order, a move-up, the question whether all
// is well. One at a time, the most urgent first; the focus goes there and comes back afterwards.
import { PremiseKind } from '#proto/common_pb';
import type { Order } from '#proto/crew_pb';
import { el, setText } from '../lib/dom';
import { metresText, spanText } from '../lib/words';
import type { App } from './app';
import { holdButton } from './hold';
import { moveUpRings, orderRings } from './model';
import { premiseText, priorityText, say, type Word } from './words';

const reasons: Word[] = ['reasonVehicle', 'reasonCrew', 'reasonRoad', 'reasonOther'];

export class Overlays {
  readonly root = el('div', { id: 'overlay' });
  private shown = '';
  private back: Element | null = null;
  private deadline: HTMLElement | undefined;
  private silence: HTMLButtonElement | undefined;

  constructor(private readonly app: App) {}

  show(): void {
    const { crew } = this.app;
    const what = crew.welfare ? `welfare${crew.welfare.assignmentId}`
      : orderRings(crew) ? `order${crew.job!.order.assignmentId}:${crew.job!.order.priority}:${placeLabel(crew.job!.order)}`
      : moveUpRings(crew) ? `move${crew.moveUp!.moveUpId}` : '';
    if (what !== this.shown) {
      if (!this.shown) this.back = document.activeElement;
      this.shown = what;
      this.deadline = this.silence = undefined;
      const content = what.startsWith('welfare') ? this.welfare()
        : what.startsWith('order') ? this.order(crew.job!.order) : what ? this.moveUp() : undefined;
      this.root.replaceChildren(...(content ? [content] : []));
      // What is behind can be neither touched nor reached by key or reader.
      for (const behind of document.querySelectorAll('.bar, .crew')) behind.toggleAttribute('inert', what !== '');
      if (content) content.focus();
      else if (this.back instanceof HTMLElement) this.back.focus();
    }
    this.tick();
  }

  private tick(): void {
    const order = this.app.crew.job?.order;
    if (this.deadline && order) {
      const leftMs = Number(order.answerByMs) - this.app.link.now();
      setText(this.deadline, order.answerByMs === 0n ? ''
        : leftMs > 0 ? say('answerWithin', { span: spanText(leftMs) }) : say('answerOverdue'));
    }
    if (this.silence) this.silence.hidden = !this.app.alarm.rings;
  }

  private dialog(name: string, title: string, ...children: (Node | string)[]): HTMLElement {
    return el('section', { class: `overlay ${name}`, id: `${name}-screen`, role: 'alertdialog', 'aria-modal': 'true',
      'aria-labelledby': 'overlay-title', tabindex: '-1' }, el('h1', { id: 'overlay-title' }, title), ...children,
      holdButton(`${name}-distress`, () => say('distress'), () => say('distressHold'), () => this.app.raiseDistress()));
  }

  private order(order: Order): HTMLElement {
    const { app } = this;
    this.deadline = el('p', { class: 'deadline' });
    this.silence = el('button', { type: 'button', class: 'quiet-button', id: 'seen', onclick: () => app.seen() }, say('seen'));
    const place = order.place;
    return this.dialog('order', order.destination ? say('transferOrder') : say('newOrder'),
      el('p', { class: 'priority' }, priorityText(order.priority)),
      el('p', { class: 'complaint' }, app.complaints.get(order.complaint) ?? order.complaint),
      el('p', { class: 'place' }, place ? placeLabel(order) : say('placeUnknown')),
      el('p', {}, [order.travelMs > 0n ? say('byRoad', { span: spanText(Number(order.travelMs)) }) : '',
        walkText(order)].filter(Boolean).join(' · ')),
      ...(order.destination ? [el('p', {}, `→ ${order.destination.name}`)] : []),
      ...order.premises.map((note) => el('p', { class: note.kind === PremiseKind.PREMISE_HAZARD ? 'hazard' : 'note' },
        `${premiseText(note.kind)}: ${note.text}`)),
      this.deadline,
      el('div', { class: 'answers' },
        el('button', { type: 'button', class: 'large accept', id: 'accept', onclick: () => app.answerOrder(true) }, say('accept')),
        this.silence,
        el('p', { class: 'why' }, say('decline')),
        el('div', { class: 'reasons' }, ...reasons.map((reason) => el('button',
          { type: 'button', class: 'decline', 'data-reason': reason, onclick: () => app.answerOrder(false, say(reason)) },
          say(reason))))));
  }

  private moveUp(): HTMLElement {
    const { app } = this;
    return this.dialog('move-up', say('moveUp', { place: app.crew.moveUp!.name }),
      el('div', { class: 'answers' },
        el('button', { type: 'button', class: 'large accept', id: 'move-up-go', onclick: () => app.answerMoveUp(true) }, say('moveUpGo')),
        el('p', { class: 'why' }, say('moveUpNo')),
        el('div', { class: 'reasons' }, ...reasons.map((reason) => el('button',
          { type: 'button', class: 'decline', onclick: () => app.answerMoveUp(false, say(reason)) }, say(reason))))));
  }

  private welfare(): HTMLElement {
    const { app } = this;
    return this.dialog('welfare', say('welfareAsk'),
      el('div', { class: 'answers' },
        el('button', { type: 'button', class: 'large accept', id: 'welfare-well', onclick: () => app.answerWelfare() },
          say('welfareWell'))));
  }
}

export function placeLabel(order: Order): string {
  const place = order.place;
  if (!place) return '';
  return [place.label, place.kelurahan, place.kecamatan].filter(Boolean).join(', ')
    || `${place.point?.lat.toFixed(5)}, ${place.point?.lon.toFixed(5)}`;
}

/** Where the vehicle stops and how far it is from there, where that matters. */
export function walkText(order: Order): string {
  const place = order.place;
  if (!place?.access || place.accessWalkM < 20) return '';
  return say('walkOnly', { street: place.accessStreet || '–', metres: metresText(place.accessWalkM) });
}
