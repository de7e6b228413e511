// Texts in Indonesian and English. A table gives both for every key, so that one that is missing
// does not compile; "{name}" in a text is replaced by the value of that name.

export type Language = 'id' | 'en';
const KEPT_AS = 'sigap.language';

let chosen: Language = 'id';

/** The language of this page: Indonesian, until somebody chooses English. */
export function language(): Language {
  return chosen;
}

/** Takes what was chosen on this device before. Call once, before the first text is shown. */
export function rememberLanguage(): void {
  chooseLanguage(localStorage.getItem(KEPT_AS) === 'en' ? 'en' : 'id');
}

export function chooseLanguage(wanted: Language): void {
  chosen = wanted;
  if (typeof document === 'undefined') return;
  document.documentElement.lang = wanted;
  localStorage.setItem(KEPT_AS, wanted);
}

export type Table = Record<string, readonly [indonesian: string, english: string]>;
type Key<T extends Table> = `${keyof T & (string | number)}`;
export type Values = Record<string, string | number>;

/** `const say = wordsOf({ open: ['Terbuka', 'Open'] })`; `say('open')`. */
export function wordsOf<T extends Table>(table: T): (key: Key<T>, values?: Values) => string {
  return (key, values = {}) =>
    table[key]![chosen === 'id' ? 0 : 1].replace(/\{(\w+)\}/g, (all, name: string) => `${values[name] ?? all}`);
}

/** What every page says. */
export const say = wordsOf({
  connecting: ['Menyambung…', 'Connecting…'],
  connected: ['Tersambung', 'Connected'],
  notConnected: ['TIDAK TERSAMBUNG sejak {since}', 'NOT CONNECTED since {since}'],
  neverConnected: ['BELUM TERSAMBUNG', 'NOT CONNECTED YET'],
  refused: ['Kode atau token ditolak', 'The code or token was refused'],
  logIn: ['Masuk', 'Log in'],
  logOut: ['Keluar', 'Log out'],
  codeOrToken: ['Kode masuk atau token', 'Login code or token'],
  otherLanguage: ['English', 'Bahasa Indonesia'],
  loggedInAs: ['Masuk sebagai {user}', 'Logged in as {user}'],
  sketch: ['Kota contoh, bukan kota sebenarnya', 'A made-up city, not the real one'],
});

/** A length of time as people say it: "40 dtk", "3 mnt", "2 j 5 mnt". */
export function spanText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const minutes = Math.round(seconds / 60);
  const [s, m, h] = chosen === 'id' ? ['dtk', 'mnt', 'j'] : ['s', 'min', 'h'];
  if (seconds < 60) return `${seconds} ${s}`;
  if (minutes < 60) return `${minutes} ${m}`;
  return minutes % 60 === 0 ? `${minutes / 60} ${h}` : `${Math.floor(minutes / 60)} ${h} ${minutes % 60} ${m}`;
}

/** The time of day on this device: "14.05" in Indonesian, "14:05" in English. */
export function clockText(atMs: number): string {
  return new Intl.DateTimeFormat(chosen === 'id' ? 'id-ID' : 'en-GB', { hour: '2-digit', minute: '2-digit' })
    .format(atMs);
}

/** A distance: "350 m", "2,4 km". */
export function metresText(metres: number): string {
  if (metres < 1000) return `${Math.round(metres / 10) * 10} m`;
  const km = new Intl.NumberFormat(chosen === 'id' ? 'id-ID' : 'en-GB', { maximumFractionDigits: 1 });
  return `${km.format(metres / 1000)} km`;
}
