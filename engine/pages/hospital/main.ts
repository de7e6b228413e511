// The hospital's page: who is coming and when, who waits at the door, what we can take, how long
// handovers took. It asks every few seconds; where no answer comes it says so, loudly.
import '../lib/style.css';
import './hospital.css';
import { create } from '@bufbuild/protobuf';
import { ListHospitalsSchema } from '#proto/dispatch_pb';
import { AskHandoversSchema, AskInboundSchema, SeeInboundSchema, type HandoverPage, type Inbound } from '#proto/hospital_pb';
import { ListComplaintsSchema } from '#proto/plan_pb';
import { openDoor } from '../lib/door';
import { el, setText } from '../lib/dom';
import { Refusal, type Link } from '../lib/link';
import { clockText, language, spanText } from '../lib/words';
import { InboundList, isNewRed } from './inbound';
import { OwnState } from './own_state';
import { Siren } from './siren';
import { say } from './words';

const ASK_EVERY_MS = 3_000;
const DEAD_AFTER_MS = 10_000;
const HANDOVERS_EVERY_MS = 30_000;

class HospitalPage {
  private code = '';
  private inbound: Inbound[] = [];
  private heardAtMs = 0; // by this device's clock: of the newest whole answer
  private handoversAtMs = 0;
  private asking = false;
  private reds = 0; // that nobody has seen yet
  private readonly names = new Map<string, string>();
  private readonly siren = new Siren();
  private readonly list: InboundList;
  private readonly own: OwnState;

  private readonly name = el('h1', { id: 'hospital-name' });
  private readonly feed = el('p', { id: 'feed', class: 'feed', role: 'status' });
  private readonly sound = el('button', { type: 'button', class: 'plain', id: 'sound', onclick: () => void this.unlock() });
  private readonly alarm = el('section', { id: 'alarm', class: 'alarm', role: 'alert', hidden: true });
  private readonly count = el('h2', {});
  private readonly nobody = el('p', { class: 'quiet', hidden: true }, say('nobody'));
  private readonly handovers = el('section', { id: 'handovers', class: 'card' });

  constructor(private readonly link: Link, room: HTMLElement) {
    this.list = new InboundList({
      now: () => this.link.now(),
      complaint: (code) => this.names.get(code) ?? code,
      see: (assignmentId) => void this.see(assignmentId),
    });
    this.own = new OwnState(link, () => void this.askOwn());
    room.replaceChildren(el('main', { class: 'hospital' },
      el('header', { class: 'head' }, this.name, this.feed, this.sound),
      this.alarm,
      el('div', { class: 'columns' },
        el('section', { class: 'coming' }, this.count, this.nobody, this.list.root),
        el('div', { class: 'side' }, this.own.root, this.handovers))));
    const beats = [setInterval(() => this.tick(), 1000), setInterval(() => void this.ask(), ASK_EVERY_MS)];
    this.link.watchState((state) => {
      if (state === 'open') void this.begin();
      if (state !== 'refused') return;
      beats.forEach(clearInterval); // the door has taken the page's place
      this.siren.ring(false);
    });
    document.addEventListener('pointerdown', () => void this.unlock(), { once: true });
    this.showSound();
  }

  private async begin(): Promise<void> {
    const page = await this.link.askFor('complaintPage',
      { case: 'listComplaints', value: create(ListComplaintsSchema, { language: language() }) });
    for (const { code, name } of page.complaints) this.names.set(code, name);
    await this.ask();
  }

  private async unlock(): Promise<void> {
    await this.siren.unlock();
    this.showSound();
  }

  private showSound(): void {
    setText(this.sound, this.siren.audible ? say('soundOn') : say('soundOff'));
    this.sound.classList.toggle('bad', !this.siren.audible);
  }

  // ---- asking ----

  private async ask(): Promise<void> {
    if (this.asking || this.link.state !== 'open') return;
    this.asking = true;
    try {
      const page = await this.link.askFor('inboundPage', { case: 'askInbound', value: create(AskInboundSchema) });
      this.inbound = page.inbound;
      this.heardAtMs = Date.now();
      if (Date.now() - this.handoversAtMs > HANDOVERS_EVERY_MS) await this.askHandovers();
      await this.askOwn();
    } catch (error) {
      if (error instanceof Refusal) setText(this.name, say('noHospital'));
    } finally {
      this.asking = false;
    }
    this.show();
  }

  private async askHandovers(): Promise<void> {
    const page = await this.link.askFor('handoverPage', { case: 'askHandovers', value: create(AskHandoversSchema) });
    this.code = page.hospitalCode;
    this.handoversAtMs = Date.now();
    this.showHandovers(page);
  }

  private async askOwn(): Promise<void> {
    const { hospitals } = await this.link.askFor('hospitalPage',
      { case: 'listHospitals', value: create(ListHospitalsSchema) });
    const own = hospitals.find((one) => one.code === this.code);
    if (!own) return;
    setText(this.name, own.name);
    this.own.show(own);
  }

  private async see(assignmentId: bigint): Promise<void> {
    try {
      await this.link.ask({ case: 'seeInbound', value: create(SeeInboundSchema, { assignmentId }) });
    } catch {
      // it is over, or goes elsewhere; the next answer shows it
    }
    await this.ask();
  }

  // ---- showing ----

  private tick(): void {
    const silent = Date.now() - this.heardAtMs;
    const dead = this.heardAtMs > 0 && silent > DEAD_AFTER_MS;
    this.feed.classList.toggle('dead', dead);
    setText(this.feed, this.heardAtMs === 0 ? '' : dead ? say('feedDead', { since: clockText(this.heardAtMs) })
      : say('fresh', { age: spanText(silent) }));
    document.body.classList.toggle('dead-feed', dead);
    this.list.show(this.inbound); // what was reckoned grows older by itself
    this.own.showTimes();
    this.showSound();
  }

  private show(): void {
    setText(this.count, say('inbound', { n: this.inbound.length }));
    this.nobody.hidden = this.inbound.length > 0;
    const red = this.inbound.filter(isNewRed).length;
    if (this.alarm.hidden !== (red === 0)) this.alarm.hidden = red === 0;
    setText(this.alarm, red ? say('newRed', { n: red }) : '');
    // Its card comes into sight, unless somebody is typing.
    if (red > this.reds && !document.activeElement?.matches('input, select')) scrollTo({ top: 0 });
    this.reds = red;
    this.siren.ring(red > 0);
    document.title = red ? `(${red}) ${say('red')}` : say('title');
    this.tick();
  }

  private showHandovers(page: HandoverPage): void {
    const span = (ms: bigint) => (ms < 0n ? say('none') : spanText(Number(ms)));
    this.handovers.replaceChildren(
      el('h2', {}, say('handovers')),
      el('dl', {}, el('dt', {}, say('handoverCount')), el('dd', { id: 'handover-count' }, String(page.count)),
        el('dt', {}, say('median')), el('dd', { id: 'handover-median' }, span(page.medianMs)),
        el('dt', {}, say('longest')), el('dd', {}, span(page.longestMs))),
      el('ul', {}, ...page.handovers.slice(0, 10).map((one) => el('li', {}, say('handedOver', {
        unit: one.unitCode, wait: spanText(Number(one.handedOverMs - one.atHospitalMs)), at: clockText(Number(one.handedOverMs)) })))),
      page.knownSinceMs > 0n ? el('p', { class: 'quiet' }, say('knownSince', { since: clockText(Number(page.knownSinceMs)) })) : '');
  }
}

openDoor({
  page: 'hospital',
  title: () => say('title'),
  enter: (link, room) => void new HospitalPage(link, room),
});
