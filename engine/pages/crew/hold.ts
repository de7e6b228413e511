// A button that must be held: what it does cannot be taken back, and a pocket must not do it.
import { el } from '../lib/dom';

export const HOLD_MS = 1500;

/** `deed` after the button was held for 1.5 s, by finger, mouse, space bar or enter. */
export function holdButton(id: string, label: () => string, holding: () => string, deed: () => void): HTMLButtonElement {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const text = el('span', {}, label());
  const button = el('button', { type: 'button', id, class: 'bad hold' }, text);
  const begin = () => {
    if (timer) return;
    button.classList.add('held');
    text.textContent = holding();
    navigator.vibrate?.(50);
    timer = setTimeout(() => {
      end();
      deed();
    }, HOLD_MS);
  };
  const end = () => {
    clearTimeout(timer);
    timer = undefined;
    button.classList.remove('held');
    text.textContent = label();
  };
  button.addEventListener('pointerdown', (event) => {
    button.setPointerCapture(event.pointerId);
    begin();
  });
  for (const kind of ['pointerup', 'pointercancel', 'blur'] as const) button.addEventListener(kind, end);
  button.addEventListener('keydown', (event) => {
    if (event.key === ' ' || event.key === 'Enter') {
      event.preventDefault();
      begin();
    }
  });
  button.addEventListener('keyup', end);
  button.addEventListener('contextmenu', (event) => event.preventDefault());
  return button;
}
