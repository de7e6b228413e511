// Elements without strings of HTML: text from outside stays text.

type Child = Node | string | null | undefined | false;
type Properties = Record<string, unknown>;

/** el('button', { class: 'big', onclick: go }, 'Go'): "on…" are listeners, the rest attributes;
 * undefined, null and false leave an attribute out. */
export function el<K extends keyof HTMLElementTagNameMap>(
  name: K, properties: Properties = {}, ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith('on')) made.addEventListener(key.slice(2), value as EventListener);
    else made.setAttribute(key, value === true ? '' : String(value));
  }
  made.append(...children.filter((child): child is Node | string => child instanceof Node || typeof child === 'string'));
  return made;
}

/** The element with this id, which the page's HTML must have. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no element #${id}`);
  return found as T;
}

/** Sets the text only where it changed: what is read aloud is then read once. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
