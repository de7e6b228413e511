// The crew's page: a bar, what is loud, one tab, and at the bottom, always in reach of the thumb, the
// next step and the distress button.
import { PostState } from '#proto/common_pb';
import { AssignmentState } from '#proto/common_pb';
import '../lib/style.css';
import './crew.css';
import { openDoor } from '../lib/door';
import { el, setText } from '../lib/dom';
import type { Link } from '../lib/link';
import { clockText } from '../lib/words';
import { App } from './app';
import { HospitalCard, MoreCard, NotesCard, setTheme } from './cards';
import { holdButton } from './hold';
import { nextStep, takesPatients } from './model';
import { Overlays } from './overlays';
import { PatientCard } from './patient';
import { Road } from './road';
import { priorityText, say, stateText, stepText } from './words';

function enter(link: Link, room: HTMLElement): App {
  let view: View | undefined;
  let asked = false;
  // Many changes in one turn are shown once.
  const app = new App(link, () => {
    if (asked) return;
    asked = true;
    queueMicrotask(() => {
      asked = false;
      view?.show();
    });
  });
  view = new View(app, room);
  addEventListener('pointerdown', () => void app.alarm.unlock());
  addEventListener('keydown', () => void app.alarm.unlock());
  return app;
}

class View {
  private readonly waiting = el('p', { id: 'waiting', class: 'line warn', role: 'status' });
  private readonly trouble = el('button', { type: 'button', id: 'trouble', class: 'line loud', onclick: () => this.app.noticed() });
  private readonly sound = el('button', { type: 'button', id: 'sound', class: 'line loud',
    onclick: () => void this.app.alarm.unlock() }, say('soundOff'));
  private readonly distress = el('p', { id: 'distress-state', class: 'line loud', role: 'alert' });
  private readonly offer = el('button', { type: 'button', id: 'offer', class: 'line offer' });
  private readonly state = el('p', { id: 'state', role: 'status' });
  private readonly step = el('button', { type: 'button', id: 'next-step', class: 'large' });
  private readonly treated = el('button', { type: 'button', id: 'treated', class: 'plain' }, say('treatedHere'));
  private readonly overlays: Overlays;
  private readonly tabs: { id: string; root: HTMLElement; show: () => void; button: HTMLButtonElement }[];
  private readonly hospital: HospitalCard;
  private current = 'road';

  constructor(private readonly app: App, room: HTMLElement) {
    this.overlays = new Overlays(app);
    this.hospital = new HospitalCard(app);
    const cards = { road: new Road(app), patient: new PatientCard(app), hospital: this.hospital, notes: new NotesCard(app),
      more: new MoreCard(app) };
    const labels = { road: say('map'), patient: say('patient'), hospital: say('hospital'), notes: say('notes'), more: say('menu') };
    this.tabs = Object.entries(cards).map(([id, card]) => ({
      id, root: card.root, show: () => card.show(),
      button: el('button', { type: 'button', role: 'tab', id: `tab-${id}`, 'aria-controls': id, onclick: () => this.open(id) },
        labels[id as keyof typeof labels]),
    }));
    for (const { root, id } of this.tabs) {
      root.setAttribute('role', 'tabpanel');
      root.setAttribute('aria-labelledby', `tab-${id}`);
    }
    this.step.addEventListener('click', () => {
      const next = nextStep(app.crew);
      if (next !== undefined) app.advance(next);
    });
    this.offer.addEventListener('click', () => {
      if (app.offer !== undefined) app.advance(app.offer);
    });
    this.treated.addEventListener('click', () => app.advance(AssignmentState.CLOSED));
    const danger = holdButton('distress', () => say('distress'), () => say('distressHold'), () => app.raiseDistress());
    room.replaceChildren(
      el('div', { class: 'crew' },
        el('div', { class: 'lines' }, this.distress, this.sound, this.trouble, this.waiting, this.offer),
        el('main', {}, ...this.tabs.map((tab) => tab.root)),
        el('div', { class: 'deed' }, this.state,
          el('div', { class: 'deed-row' }, this.step, danger), this.treated),
        el('nav', { role: 'tablist' }, ...this.tabs.map((tab) => tab.button))),
      this.overlays.root);
    this.open('road');
  }

  private open(id: string): void {
    this.current = id;
    for (const tab of this.tabs) {
      tab.root.hidden = tab.id !== id;
      tab.button.setAttribute('aria-selected', String(tab.id === id));
    }
    this.tabs[0]!.root.parentElement?.scrollTo(0, 0);
    if (id === 'hospital') this.hospital.look();
    this.show();
  }

  show(): void {
    const { app } = this;
    const { crew } = app;
    const line = (element: HTMLElement, text: string) => {
      setText(element, text);
      element.hidden = text === '';
    };
    const all = app.waiting + app.fixesWaiting;
    line(this.waiting, app.waiting > 0 || (all > 0 && app.link.state !== 'open') ? say('waitingToSend', { n: all }) : '');
    line(this.trouble, crew.withdrawn !== undefined
      ? `${crew.withdrawn ? say('withdrawn', { reason: crew.withdrawn }) : say('withdrawnPlain')} · ${say('noticed')}`
      : app.trouble ? `${app.trouble.text} · ${say('noticed')}` : '');
    this.sound.hidden = app.alarm.audible;
    // Only the engine's answer says that somebody knows.
    line(this.distress, app.distressWaits ? say('distressWaits')
      : crew.distressAtMs > 0 ? say('distressRaised', { time: clockText(crew.distressAtMs) }) : '');
    const next = nextStep(crew);
    const offered = app.offer;
    line(this.offer, offered !== undefined ? say('offered', { step: stepText(offered) }) : '');
    line(this.state, this.stateLine());
    line(this.step, next === undefined ? '' : stepText(next));
    this.step.classList.toggle('offered', offered !== undefined && offered === next);
    this.treated.hidden = crew.job?.state !== AssignmentState.ON_SCENE || !takesPatients(crew.unit);
    for (const tab of this.tabs) if (tab.id === this.current) tab.show();
    this.overlays.show();
  }

  private stateLine(): string {
    const { crew } = this.app;
    if (crew.job) return [stateText(crew.job.state), priorityText(crew.job.order.priority),
      this.app.complaints.get(crew.job.order.complaint) ?? crew.job.order.complaint].filter(Boolean).join(' · ');
    if (!crew.onDuty) return say('offDuty');
    if (crew.moveUp) return say(crew.moveUp.state === PostState.POST_THERE ? 'moveUpThere' : 'moveUpOn', { place: crew.moveUp.name });
    return say('noJob');
  }
}

setTheme(localStorage.getItem('sigap.crew.theme') ?? 'auto');
let app: App | undefined;
openDoor({
  page: 'crew',
  resumes: true,
  title: () => say('title'),
  enter: (link, room) => (app = enter(link, room)),
  mayLeave: () => !app || app.waiting === 0 || confirm(say('leaveWaiting', { n: app.waiting })),
  leave: async () => app?.leave(),
});
if ('serviceWorker' in navigator && (location.protocol === 'https:' || location.hostname === 'localhost' || location.hostname === '127.0.0.1'))
  void navigator.serviceWorker.register('/crew/worker.js', { scope: '/crew/' }).catch(() => undefined);
