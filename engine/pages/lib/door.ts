// The way in, the same on every page: a token or a login code comes in the address's fragment
// (#token=…, #code=…), where no server and no log sees it, or is typed; it leaves the address bar at
// once. For a code the engine gives this device a token of its own. The token stays on this device
// until somebody logs out. Above the page stands, always, whether it is connected.
import { create } from '@bufbuild/protobuf';
import { RemoveDevicesSchema } from '#proto/account_pb';
import { byId, el, setText } from './dom';
import { Link, type LinkState } from './link';
import { chooseLanguage, clockText, language, rememberLanguage, say } from './words';

export interface Door {
  page: string; // "crew": its own token on this device
  title: () => string;
  /** Once, when somebody is let in; the link is open or about to be. */
  enter: (link: Link, room: HTMLElement) => void;
  /** Whether logging out is meant, where something would be lost by it. */
  mayLeave?: () => boolean;
  /** Before the token is forgotten. */
  leave?: (link: Link) => Promise<void>;
  /** Of a crew: the engine tells what was missed while the line was broken. */
  resumes?: boolean;
}

const keptAs = (page: string) => `sigap.${page}.token`;

/** The token or code of the fragment, if there is one; it is taken out of the address bar. */
export function takeFragment(): string | undefined {
  const said = new URLSearchParams(location.hash.slice(1));
  const token = said.get('token') ?? said.get('code') ?? undefined;
  if (location.hash) history.replaceState(null, '', location.pathname + location.search);
  return token;
}

/** What the bar says; `state` as a class gives the colour. */
export function connectionText(link: Link): string {
  if (link.state === 'open') return say('connected');
  if (link.state === 'refused') return say('refused');
  if (link.state === 'connecting' && link.heardAtMs === 0) return say('connecting');
  return link.heardAtMs === 0 ? say('neverConnected') : say('notConnected', { since: clockText(link.heardAtMs) });
}

export function openDoor(door: Door): void {
  rememberLanguage();
  const token = takeFragment();
  const kept = token ?? localStorage.getItem(keptAs(door.page));
  document.title = door.title();
  if (kept) letIn(door, kept);
  else askForToken(door, '');
}

function languageButton(): HTMLElement {
  const change = () => {
    chooseLanguage(language() === 'id' ? 'en' : 'id');
    location.reload();
  };
  return el('button', { type: 'button', class: 'plain', id: 'language', 'aria-label': say('otherLanguage'), onclick: change },
    language() === 'id' ? 'EN' : 'ID');
}

function askForToken(door: Door, trouble: string): void {
  const input = el('input', { id: 'token', name: 'token', autocomplete: 'one-time-code', autocapitalize: 'off',
    spellcheck: 'false', required: true });
  const enter = (event: Event) => {
    event.preventDefault();
    const token = input.value.trim();
    if (!token) return;
    letIn(door, token);
  };
  byId('app').replaceChildren(el('main', { class: 'door' },
    el('h1', {}, door.title()),
    el('form', { onsubmit: enter },
      el('label', { for: 'token' }, say('codeOrToken')),
      input,
      el('p', { class: 'trouble', role: 'alert' }, trouble),
      el('button', { type: 'submit', class: 'large' }, say('logIn'))),
    languageButton()));
  input.focus();
}

/** Eight digits are a login code; people like to write them in two groups. */
export function codeOf(typed: string): string | undefined {
  const digits = typed.replace(/[\s-]/g, '');
  return /^\d{8}$/.test(digits) ? digits : undefined;
}

function letIn(door: Door, typed: string): void {
  const code = codeOf(typed);
  const keep = (token: string) => localStorage.setItem(keptAs(door.page), token);
  if (!code) keep(typed);
  const link = new Link({ token: code ? '' : typed, ...(code ? { code } : {}), onToken: keep,
    ...(door.resumes ? { resumes: true } : {}), client: `sigap-${door.page}-page` });
  const state = el('output', { id: 'connection', role: 'status' });
  const user = el('span', { id: 'user' });
  const room = el('div', { id: 'room' });
  const leave = async () => {
    if (door.mayLeave && !door.mayLeave()) return;
    await door.leave?.(link);
    // A token of the configuration is no device's: the engine says so, and it is forgotten here.
    const away = link.askOnce({ case: 'removeDevices', value: create(RemoveDevicesSchema) }).catch(() => undefined);
    await Promise.race([away, new Promise((go) => setTimeout(go, 2000))]);
    localStorage.removeItem(keptAs(door.page));
    link.close();
    location.reload();
  };
  byId('app').replaceChildren(
    el('header', { class: 'bar' }, state, user, languageButton(),
      el('button', { type: 'button', class: 'plain', id: 'log-out', onclick: () => void leave() }, say('logOut'))),
    room);
  const show = (now: LinkState) => {
    state.className = `connection ${now}`;
    setText(state, connectionText(link));
    if (link.welcome) setText(user, link.welcome.unitCode || link.welcome.user);
    if (now !== 'refused') return;
    localStorage.removeItem(keptAs(door.page));
    askForToken(door, say('refused'));
  };
  link.watchState(show);
  show(link.state);
  addEventListener('online', () => link.hurry());
  addEventListener('offline', () => link.drop());
  document.addEventListener('visibilitychange', () => document.hidden || link.hurry());
  door.enter(link, room);
  link.open();
}
