// Small drawings beside words, never instead of them. Drawn here, because old phones lack the
// newer letters and a picture of others may not be loaded.
const NS = 'http://www.w3.org/2000/svg';

const PATHS = {
  // A van with a cross.
  unit: 'M2 6h12v10H2zM14 9h4l3 4v3h-7zM6 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM17 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM8 8v4M6 10h4',
  where: 'M12 21s7-6.5 7-11.5A7 7 0 0 0 5 9.5C5 14.500 12 21 12 21zM12 12a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z',
  search: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM15.500 15.500L21 21',
  there: 'M4 12.500l5 5L20 6.500',
  safe: 'M12 3l8 3v6c0 5-3.500 8-8 9-4.500-1-8-4-8-9V6zM8.500 12l2.500 2.500 4.500-5',
  silent: 'M9 9V6a3 3 0 0 1 6 0v5M5 11a7 7 0 0 0 11 5.700M12 18v3M4 4l16 16',
  worse: 'M12 3l10 18H2zM12 10v5M12 17.500v.5',
  words: 'M3 4h18v12H9l-5 4v-4H3zM7 8h10M7 12h6',
  aid: 'M4 7h16v13H4zM9 7V4h6v3M12 10v7M8.500 13.500h7',
  phone: 'M6 3l3 5-2 2c1 3 3 5 6 7l2-2 5 3c-1 3-3 4-5 3C9 19 5 15 3 8c0-3 1-4 3-5z',
} as const;

export type IconName = keyof typeof PATHS;

export function icon(name: IconName): SVGElement {
  const drawn = document.createElementNS(NS, 'svg');
  drawn.setAttribute('viewBox', '0 0 24 24');
  drawn.setAttribute('class', 'icon');
  drawn.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(NS, 'path');
  path.setAttribute('d', PATHS[name]);
  drawn.append(path);
  return drawn;
}
