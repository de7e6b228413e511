// The last picture: what ended, and whom to call. Nothing of the conversation is left on the page.
import { byId, el } from '../lib/dom';
import { icon } from './icons';
import { languageButton } from './language';
import { say } from './words';

export function showEnd(why: 'closed' | 'replaced' | 'refused'): void {
  byId('app').replaceChildren(el('main', { id: 'ended', class: 'end', 'data-why': why },
    el('h1', { role: 'alert' }, say(why === 'refused' ? 'refusedTitle' : 'endedTitle')),
    el('p', {}, say(why === 'refused' ? 'refusedText' : why === 'replaced' ? 'replacedText' : 'endedText')),
    el('a', { class: 'call large', href: 'tel:112' }, icon('phone'), say('callAgain')),
    languageButton()));
}
