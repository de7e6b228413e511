import { wordsOf } from '../lib/words';

export const say = wordsOf({
  title: ['Sigap: perencana', 'Sigap: planner'],
  reports: ['Laporan', 'Reports'],
  none: ['Belum ada laporan. Tulis satu dengan `sigap replay … --html` ke map yang ada di konfigurasi (wall.reports).',
    'There is no report yet. Write one with `sigap replay … --html` into the configured folder (wall.reports).'],
  left: ['Kiri', 'Left'],
  right: ['Kanan', 'Right'],
  onlyOne: ['Satu saja', 'Only one'],
  choose: ['Pilih laporan', 'Choose a report'],
  gone: ['Laporan itu tidak ada lagi', 'That report is gone'],
  notAllowed: ['Halaman ini untuk perencana', 'This page is for planners'],
  refresh: ['Muat ulang daftar', 'Refresh the list'],
  frame: ['Laporan {name}', 'Report {name}'],
});
