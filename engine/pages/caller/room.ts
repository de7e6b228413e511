// What the caller sees while help is under way, from top to bottom: whether the phone is connected,
// how far help has come and when it arrives, the newest word of the control room, three large
// buttons, where the phone is, first aid, all words.
import { create } from '@bufbuild/protobuf';
import { CallerSign, CallerStage, type CallerMessage, type CallerView } from '#proto/caller_pb';
import { UnitKind } from '#proto/common_pb';
import { GetGuideSchema, type Guide } from '#proto/plan_pb';
import { el, setText } from '../lib/dom';
import type { Body, Link } from '../lib/link';
import { clockText, language, metresText, spanText } from '../lib/words';
import { icon, type IconName } from './icons';
import { languageButton } from './language';
import { PositionSharer } from './position';
import { WordsQueue, type Unsent } from './words_queue';
import { say } from './words';

const OLD_VIEW_MS = 45_000; // the engine says something every 15 s
const TEXT_MOST = 900; // letters; the engine takes 1,000 bytes

const UNITS: Record<number, Parameters<typeof say>[0]> = {
  [UnitKind.AMBULANCE_BASIC]: 'ambulance',
  [UnitKind.AMBULANCE_ADVANCED]: 'ambulance',
  [UnitKind.MOTORBIKE]: 'motorbike',
  [UnitKind.COMMAND_CAR]: 'car',
  [UnitKind.FIRE_ENGINE]: 'fire',
  [UnitKind.RESCUE]: 'rescue',
};

const STAGES: Record<number, readonly [Parameters<typeof say>[0], IconName]> = {
  [CallerStage.STAGE_WHERE]: ['stageWhere', 'where'],
  [CallerStage.STAGE_SEARCHING]: ['stageSearching', 'search'],
  [CallerStage.STAGE_ASKED]: ['stageAsked', 'unit'],
  [CallerStage.STAGE_COMING]: ['stageComing', 'unit'],
  [CallerStage.STAGE_THERE]: ['stageThere', 'there'],
  [CallerStage.STAGE_LEAVING]: ['stageLeaving', 'unit'],
};

/** When help comes, in words; `nowMs` by the engine's clock. */
export function arrivalText(view: Pick<CallerView, 'earliestAtMs' | 'latestAtMs'>, nowMs: number): string {
  const earliest = Number(view.earliestAtMs);
  const latest = Number(view.latestAtMs);
  if (!earliest) return say('arrivesUnknown');
  if (latest < nowMs) return say('arrivesDue');
  const from = Math.max(0, Math.floor((earliest - nowMs) / 60_000));
  const to = Math.max(1, Math.ceil((latest - nowMs) / 60_000));
  if (to <= 2) return say('arrivesSoon');
  return say('arrivesIn', { from: Math.max(1, from), to });
}

const SIGNS: readonly [CallerSign, Parameters<typeof say>[0], IconName][] = [
  [CallerSign.SIGN_SAFE, 'safe', 'safe'],
  [CallerSign.SIGN_CANNOT_SPEAK, 'cannotSpeak', 'silent'],
  [CallerSign.SIGN_WORSE, 'worse', 'worse'],
];

function signText(sign: CallerSign): string {
  const found = SIGNS.find(([one]) => one === sign);
  return found ? say(found[1]) : '';
}

export class CallerRoom {
  readonly parts: HTMLElement[];

  private view: CallerView | undefined;
  private viewAtMs = 0; // by this phone's clock
  private messages: CallerMessage[] = [];
  private readSeq = 0n; // of the control room's words that were seen
  private guideOf: string | undefined;
  private readonly queue: WordsQueue;
  private readonly position: PositionSharer;
  private readonly clock: ReturnType<typeof setInterval>;

  private readonly line = el('p', { id: 'line', class: 'line', role: 'status' });
  private readonly stageIcon = el('span', { class: 'stage-icon' });
  private readonly stage = el('h1', { id: 'stage', role: 'status' });
  private readonly arrival = el('p', { id: 'arrival', class: 'arrival' });
  private readonly window = el('p', { id: 'window', class: 'window' });
  private readonly unsure = el('p', { id: 'unsure', class: 'unsure' });
  private readonly more = el('p', { class: 'quiet' });
  private readonly age = el('p', { id: 'age', class: 'quiet' });
  private readonly newest = el('section', { id: 'newest', class: 'newest', role: 'alert', hidden: true });
  private readonly signNote = el('p', { id: 'sign-note', class: 'note', role: 'status' });
  private readonly positionText = el('p', { id: 'position', role: 'status' });
  private readonly positionButton = el('button', { type: 'button', class: 'large', id: 'share',
    onclick: () => this.position.start() }, icon('where'), say('sharePosition'));
  private readonly aid = el('section', { id: 'aid', hidden: true });
  private readonly log = el('ol', { id: 'messages', role: 'log', 'aria-live': 'polite', 'aria-label': say('messages') });
  private readonly input = el('textarea', { id: 'write', rows: 2, maxlength: TEXT_MOST });

  constructor(private readonly link: Link) {
    this.queue = new WordsQueue(link, () => this.showWords());
    this.position = new PositionSharer(link, () => this.showPosition());
    this.parts = [
      el('header', { class: 'top' }, this.line, languageButton()),
      el('section', { class: 'card state', id: 'state' },
        this.stageIcon, this.stage, this.arrival, this.window, this.unsure, this.more, this.age),
      this.newest,
      el('section', { class: 'signs' },
        el('h2', {}, say('sendsTo')),
        ...SIGNS.map(([sign, word, drawing]) => el('button', { type: 'button', class: `large sign-${word}`,
          'data-sign': sign, onclick: () => void this.sayByButton(sign) }, icon(drawing), say(word))),
        this.signNote),
      el('section', { class: 'card' }, el('h2', {}, icon('where'), say('position')), this.positionText, this.positionButton),
      this.aid,
      el('section', { class: 'card words' },
        el('h2', {}, icon('words'), say('messages')),
        this.log,
        el('form', { onsubmit: (event: Event) => this.write(event) },
          el('label', { for: 'write' }, say('write')),
          this.input,
          el('button', { type: 'submit', class: 'large', id: 'send' }, say('send')))),
      el('footer', {}, el('a', { class: 'call', href: 'tel:112' }, icon('phone'), say('callAgain'))),
    ];
    this.clock = setInterval(() => this.showTimes(), 1000);
    this.showLine();
    this.showWords();
    this.showPosition();
    void this.position.startIfAllowed();
  }

  stop(): void {
    clearInterval(this.clock);
    this.position.stop();
  }

  hear(body: Body): void {
    if (body.case === 'callerView') {
      this.view = body.value;
      this.viewAtMs = Date.now();
      this.showView();
    } else if (body.case === 'conversation') {
      this.messages = body.value.messages;
      this.showWords();
    } else if (body.case === 'callerMessage') {
      if (!this.messages.some((one) => one.seq === body.value.seq)) this.messages.push(body.value);
      this.showWords();
    }
  }

  // ---- how far help has come ----

  showLine(): void {
    const open = this.link.state === 'open';
    this.line.className = open ? 'line open' : 'line away';
    setText(this.line, open ? say('title') : say('notConnected'));
    this.showTimes();
  }

  private showView(): void {
    const view = this.view!;
    const [text, drawing] = STAGES[view.stage] ?? ['stageSearching', 'search'];
    setText(this.stage, say(text, { unit: say(UNITS[view.unitKind] ?? 'help') }));
    this.stageIcon.replaceChildren(icon(drawing));
    this.stage.closest('#state')?.setAttribute('data-stage', CallerStage[view.stage] ?? '');
    setText(this.more, view.units > 1 ? say('moreUnits', { n: view.units }) : '');
    this.showTimes();
    this.showPosition();
    if (view.complaint !== this.guideOf) void this.askGuide(view.complaint);
  }

  /** Every second: what was true goes stale by itself. */
  private showTimes(): void {
    const view = this.view;
    const coming = view?.stage === CallerStage.STAGE_COMING;
    const old = Date.now() - this.viewAtMs > OLD_VIEW_MS || this.link.state !== 'open';
    if (!view) return;
    setText(this.arrival, coming ? arrivalText(view, this.link.now()) : '');
    setText(this.window, coming && view.earliestAtMs
      ? say('clockWindow', { from: clockText(Number(view.earliestAtMs)), to: clockText(Number(view.latestAtMs)) }) : '');
    setText(this.unsure, !coming ? '' : old ? say('unsureLine') : view.unsure ? say('unsure') : '');
    this.arrival.classList.toggle('stale', coming && (old || view.unsure));
    // The age is looked at, not read aloud: it changes all the time.
    const age = spanText(this.link.now() - Number(coming && view.reckonedAtMs ? view.reckonedAtMs : view.atMs));
    setText(this.age, say('updated', { age }));
  }

  // ---- first aid ----

  private async askGuide(complaint: string): Promise<void> {
    this.guideOf = complaint;
    if (!complaint) return this.showGuide(undefined);
    try {
      this.showGuide(await this.link.askFor('guide', { case: 'getGuide',
        value: create(GetGuideSchema, { complaint, language: language() }) }));
    } catch {
      this.showGuide(undefined);
    }
  }

  private showGuide(guide: Guide | undefined): void {
    const told = guide?.instructions ?? [];
    this.aid.hidden = told.length === 0;
    this.aid.className = 'card';
    this.aid.replaceChildren(
      el('h2', {}, icon('aid'), say('firstAid')),
      ...told.flatMap((one) => [
        el('h3', {}, one.title),
        el('ol', { class: 'steps' }, ...one.steps.map((step) => el('li', {}, step))),
        one.draft ? el('p', { class: 'quiet' }, say('firstAidDraft')) : null,
      ]).filter((part) => part !== null),
      el('p', { class: 'quiet' }, say('firstAidNote')));
  }

  // ---- where the phone is ----

  private showPosition(): void {
    const state = this.position.state;
    const known = this.view && this.view.phoneAtMs > 0n;
    setText(this.positionText, state === 'denied' ? say('positionDenied')
      : known ? say('positionKnown', { radius: metresText(Math.max(10, this.view!.phoneRadiusM)) })
        : state === 'failed' ? say('positionFails')
          : state === 'off' ? '' : say('positionWaits'));
    this.positionButton.hidden = state !== 'off' && state !== 'denied';
  }

  // ---- words ----

  private async sayByButton(sign: CallerSign): Promise<void> {
    if (await this.queue.say('', sign)) setText(this.signNote, say('told', { what: signText(sign) }));
  }

  private write(event: Event): void {
    event.preventDefault();
    const text = this.input.value.trim();
    if (!text) return;
    this.input.value = '';
    void this.queue.say(text, CallerSign.SIGN_NONE);
  }

  private showWords(): void {
    const stood = this.messages.map((one) => this.row(one.byCaller, Number(one.atMs),
      one.erased ? say('erased') : [signText(one.sign), one.text].filter(Boolean).join('. '), one.byCaller ? say('sent') : ''));
    const waits = this.queue.list.map((one) => this.row(true, one.atMs + this.link.aheadMs,
      [signText(one.sign), one.text].filter(Boolean).join('. '), this.fate(one), one.refused ? 'refused' : 'waits'));
    this.log.replaceChildren(...stood, ...waits,
      ...(stood.length + waits.length ? [] : [el('li', { class: 'quiet' }, say('noMessages'))]));
    this.showNewest();
  }

  private fate(one: Unsent): string {
    if (!one.refused) return say('sending');
    return say('notSent', { why: one.refused === 'FULL' ? say('tooFast') : one.refused === 'INVALID_ARGUMENT' ? say('tooLong') : one.refused });
  }

  private row(mine: boolean, atMs: number, text: string, fate: string, more = ''): HTMLElement {
    return el('li', { class: `word ${mine ? 'mine' : 'theirs'} ${more}` },
      el('span', { class: 'who' }, `${mine ? say('you') : say('desk')} · ${clockText(atMs)}`),
      el('span', { class: 'text' }, text),
      fate ? el('span', { class: 'fate' }, fate) : null);
  }

  /** The control room's newest word stands at the top until it is answered or touched. */
  private showNewest(): void {
    const newest = [...this.messages].reverse().find((one) => !one.byCaller);
    const answered = newest && this.messages.some((one) => one.byCaller && one.seq > newest.seq);
    const shows = newest !== undefined && !answered && newest.seq > this.readSeq && !newest.erased;
    this.newest.hidden = !shows;
    if (!shows || this.newest.dataset.seq === String(newest.seq)) return;
    this.newest.dataset.seq = String(newest.seq);
    this.newest.replaceChildren(
      el('h2', {}, icon('words'), say('newWord')),
      el('p', { class: 'text' }, newest.text),
      el('button', { type: 'button', class: 'large', onclick: () => {
        this.readSeq = newest.seq;
        this.newest.hidden = true;
        this.input.focus();
        this.input.scrollIntoView({ block: 'center' });
      } }, say('reply')));
  }
}
