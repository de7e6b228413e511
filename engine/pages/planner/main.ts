// Planners' reports, one or two side by side. A report is a page of its own that `sigap replay
// --report` wrote; it is opened by a ticket that is good for that one for ten minutes
// (engine/serve/reports.c), in a frame that can run nothing.
import '../lib/style.css';
import './planner.css';
import { create } from '@bufbuild/protobuf';
import { ListReportsSchema, OpenReportSchema, type Report } from '#proto/wall_pb';
import { openDoor } from '../lib/door';
import { el, setText } from '../lib/dom';
import { Refusal, type Link } from '../lib/link';
import { language } from '../lib/words';
import { say } from './words';

type Side = 'left' | 'right';

class PlannerPage {
  private reports: Report[] = [];
  private readonly list = el('ul', { id: 'reports' });
  private readonly trouble = el('p', { class: 'trouble', role: 'alert' });
  private readonly frames = el('div', { class: 'frames' });
  private readonly shown: Partial<Record<Side, string>> = {};

  constructor(private readonly link: Link, room: HTMLElement) {
    room.classList.add('planner');
    room.replaceChildren(
      el('nav', { 'aria-label': say('reports') },
        el('h1', {}, say('reports')), this.trouble, this.list,
        el('button', { type: 'button', class: 'plain', id: 'refresh', onclick: () => void this.ask() }, say('refresh'))),
      this.frames);
    this.frames.append(el('p', { class: 'quiet' }, say('choose')));
    link.watchState((state) => state === 'open' && void this.ask());
  }

  private async ask(): Promise<void> {
    try {
      const page = await this.link.askFor('reportPage', { case: 'listReports', value: create(ListReportsSchema) });
      this.reports = page.reports;
      setText(this.trouble, '');
    } catch (error) {
      setText(this.trouble, error instanceof Refusal && error.code === 'PERMISSION_DENIED' ? say('notAllowed') : String(error));
      return;
    }
    this.showList();
  }

  private showList(): void {
    const when = new Intl.DateTimeFormat(language() === 'id' ? 'id-ID' : 'en-GB', { dateStyle: 'medium', timeStyle: 'short' });
    const size = new Intl.NumberFormat(language() === 'id' ? 'id-ID' : 'en-GB', { style: 'unit', unit: 'kilobyte' });
    const open = (name: string, side: Side) =>
      el('button', {
        type: 'button', class: 'plain', 'data-report': name, 'data-side': side,
        'aria-pressed': String(this.shown[side] === name), onclick: () => void this.open(name, side),
      }, say(side));
    this.list.replaceChildren(...(this.reports.length === 0 ? [el('li', { class: 'quiet' }, say('none'))]
      : this.reports.map(({ name, bytes, madeAtMs }) => el('li', {},
        el('b', {}, name.replace(/\.html$/, '')),
        el('small', { class: 'quiet' }, `${when.format(Number(madeAtMs))} · ${size.format(Math.ceil(Number(bytes) / 1000))}`),
        el('span', { class: 'sides' }, open(name, 'left'), open(name, 'right'))))));
  }

  private async open(name: string, side: Side): Promise<void> {
    try {
      const { path } = await this.link.askFor('reportOpened',
        { case: 'openReport', value: create(OpenReportSchema, { name }) });
      const frame = el('iframe', { src: path, title: say('frame', { name }), sandbox: '', referrerpolicy: 'no-referrer', 'data-side': side, 'data-shows': name });
      const close = el('button', { type: 'button', class: 'plain', 'aria-label': say('onlyOne'), onclick: () => this.close(side) }, '×');
      this.close(side);
      this.frames.querySelector(':scope > p')?.remove();
      const pane = el('section', { class: 'pane', 'data-side': side }, el('h2', {}, name.replace(/\.html$/, ''), close), frame);
      if (side === 'left') this.frames.prepend(pane);
      else this.frames.append(pane);
      this.shown[side] = name;
    } catch (error) {
      setText(this.trouble, error instanceof Refusal ? say('gone') : String(error));
    }
    this.showList();
  }

  private close(side: Side): void {
    this.frames.querySelector(`section[data-side="${side}"]`)?.remove();
    delete this.shown[side];
    this.showList();
  }
}

openDoor({
  page: 'planner',
  title: () => say('title'),
  enter: (link, room) => void new PlannerPage(link, room),
});
