// The caller's page: how far help has come, first aid, words with the control room, nothing else.
//
// It makes no sound and does not vibrate: whoever writes instead of speaking may be hiding. What it
// keeps on the phone (the link's token, what the phone made up for itself, words that are not sent
// yet) is forgotten when the conversation ends.
import '../lib/style.css';
import './caller.css';
import { CallerStage, type CallerView } from '#proto/caller_pb';
import { byId, el } from '../lib/dom';
import { Link } from '../lib/link';
import { rememberLanguage } from '../lib/words';
import { CallerRoom } from './room';
import { showEnd } from './end';
import { WordsQueue } from './words_queue';
import { say } from './words';

const TOKEN = 'sigap.caller.token';
const HOLDER = 'sigap.caller.holder';

/** The token of `#TOKEN` or `#token=TOKEN`; it leaves the address bar at once. A new link is a new
 * conversation: nothing of the one before is left. */
function takeToken(): string {
  const text = location.hash.slice(1);
  const token = new URLSearchParams(text).get('token') ?? decodeURIComponent(text);
  if (location.hash) history.replaceState(null, '', location.pathname + location.search);
  if (token && token !== localStorage.getItem(TOKEN)) {
    forget();
    localStorage.setItem(TOKEN, token);
  }
  return localStorage.getItem(TOKEN) ?? '';
}

function takeHolder(): Uint8Array<ArrayBuffer> {
  const kept = localStorage.getItem(HOLDER);
  if (kept) return Uint8Array.from(atob(kept), (letter) => letter.charCodeAt(0));
  const made = crypto.getRandomValues(new Uint8Array(24));
  localStorage.setItem(HOLDER, btoa(String.fromCharCode(...made)));
  return made;
}

function forget(): void {
  localStorage.removeItem(TOKEN);
  localStorage.removeItem(HOLDER);
  WordsQueue.forget();
}

function begin(): void {
  rememberLanguage();
  document.title = say('title');
  const token = takeToken();
  if (!token) return showEnd('refused');
  const link = new Link({ token, holder: takeHolder(), client: 'sigap-caller-page', endsOn: ['WRONG_STATE'] });
  const room = new CallerRoom(link);
  byId('app').replaceChildren(el('main', { id: 'room' }, ...room.parts));
  const end = (why: 'closed' | 'replaced' | 'refused') => {
    room.stop();
    link.close();
    forget();
    showEnd(why);
  };
  link.watchPushed((body) => {
    if (body.case === 'callerView' && body.value.stage === CallerStage.STAGE_ENDED) end(whyOf(body.value));
    else room.hear(body);
  });
  link.watchState((state) => {
    room.showLine();
    if (state === 'refused') end(link.refusal === 'WRONG_STATE' ? 'closed' : 'refused');
  });
  addEventListener('online', () => link.hurry());
  addEventListener('offline', () => link.drop());
  document.addEventListener('visibilitychange', () => document.hidden || link.hurry());
  link.open();
}

function whyOf(view: CallerView): 'closed' | 'replaced' {
  return view.ended === 'REPLACED' ? 'replaced' : 'closed';
}

begin();
