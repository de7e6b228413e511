import { el } from '../lib/dom';
import { chooseLanguage, language } from '../lib/words';
import { say } from './words';

/** The page is drawn anew in the other language. */
export function languageButton(): HTMLElement {
  return el('button', { type: 'button', class: 'plain', id: 'language', onclick: () => {
    chooseLanguage(language() === 'id' ? 'en' : 'id');
    location.reload();
  } }, say('language'));
}
