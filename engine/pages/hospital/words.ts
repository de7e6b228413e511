// What the hospital's page says.
import { wordsOf } from '../lib/words';

export const say = wordsOf({
  title: ['Sigap: rumah sakit', 'Sigap: hospital'],
  noHospital: ['Akun ini tidak mewakili rumah sakit mana pun.', 'This login speaks for no hospital.'],

  fresh: ['Data {age} yang lalu', 'Data {age} old'],
  feedDead: ['DATA BERHENTI sejak {since}. Jangan andalkan halaman ini: telepon 112.',
    'NO DATA since {since}. Do not rely on this page: call 112.'],
  soundOff: ['Suara mati. Sentuh untuk menyalakan alarm.', 'Sound is off. Touch to switch the alarm on.'],
  soundOn: ['Alarm menyala', 'The alarm is on'],

  newRed: ['MERAH datang: {n}', 'RED is coming: {n}'],
  inbound: ['Dalam perjalanan dan menunggu ({n})', 'On the way and waiting ({n})'],
  nobody: ['Tidak ada pasien dalam perjalanan.', 'No patient is on the way.'],
  red: ['MERAH', 'RED'],
  yellow: ['KUNING', 'YELLOW'],
  green: ['HIJAU', 'GREEN'],
  black: ['HITAM', 'BLACK'],
  notTriaged: ['BELUM DINILAI', 'NOT TRIAGED'],
  priority: ['Prioritas {n}', 'Priority {n}'],
  meant: ['Masih di lokasi; direncanakan ke sini', 'Still on scene; meant for here'],
  underWay: ['Menuju ke sini', 'On the way here'],
  waits: ['Menunggu serah terima {age} (sejak {since})', 'Waiting for handover for {age} (since {since})'],
  overdue: ['TERLAMBAT', 'OVERDUE'],
  dueIn: ['batas {age} lagi', 'due in {age}'],
  arrives: ['{age} lagi (pukul {at})', 'in {age} (at {at})'],
  arrivesNow: ['segera tiba', 'arriving now'],
  arrivalUnknown: ['waktu tiba belum diketahui', 'arrival not known'],
  reckoned: ['dihitung {age} yang lalu; posisi unit {position} yang lalu',
    'reckoned {age} ago; unit heard of {position} ago'],
  stale: ['Belum pasti: unit tidak terdengar {age}', 'Not certain: unit not heard of for {age}'],
  needs: ['Perlu: {what}', 'Needs: {what}'],
  noNeeds: ['tidak ada kebutuhan khusus', 'nothing special'],
  unit: ['Unit {code}', 'Unit {code}'],
  see: ['Kami tahu', 'We know'],
  seen: ['Diketahui pukul {at}', 'Seen at {at}'],

  ownState: ['Keadaan kami', 'How we are'],
  beds: ['Tempat tidur IGD kosong', 'Free emergency beds'],
  bedsNow: ['Sekarang tercatat {n}', 'Now on record: {n}'],
  bedsUnknown: ['Belum diketahui', 'Not known'],
  bedsStale: ['Hitungan sudah lama; isi lagi', 'The count is old; please count again'],
  toldBy: ['diisi {who}, {age} yang lalu', 'told by {who}, {age} ago'],
  takenSince: ['{n} pasien kami antar sejak itu', '{n} patients brought by us since'],
  fewer: ['Kurangi satu', 'One fewer'],
  moreBeds: ['Tambah satu', 'One more'],
  diversion: ['Penerimaan', 'Whom we take'],
  open: ['Menerima semua', 'We take everybody'],
  some: ['Tidak bisa menangani sebagian', 'Not those who need…'],
  all: ['Mohon jangan diantar ke sini', 'Please bring nobody'],
  closed: ['Tutup', 'Closed'],
  whichOnes: ['Yang tidak bisa kami tangani', 'What we cannot do at present'],
  reason: ['Alasan', 'Reason'],
  until: ['Berlaku', 'In force'],
  untilToldAnew: ['sampai diubah', 'until changed'],
  forHours: ['{n} jam', '{n} h'],
  diversionBy: ['diubah {who}, {age} yang lalu', 'changed by {who}, {age} ago'],
  save: ['Simpan', 'Save'],
  saved: ['Tersimpan pukul {at}', 'Saved at {at}'],
  notSaved: ['Tidak tersimpan: {why}', 'Not saved: {why}'],
  conflict: ['Sudah diubah orang lain sementara Anda mengisi. Tidak ada yang ditimpa.',
    'Somebody else changed it while you were typing. Nothing was overwritten.'],
  conflictNow: ['Sekarang tercatat: {now}', 'Now on record: {now}'],
  conflictYours: ['Isian Anda: {yours}', 'What you typed: {yours}'],
  keepMine: ['Simpan isian saya', 'Save mine'],
  takeTheirs: ['Pakai yang tercatat', 'Keep what is on record'],
  bedsAre: ['{n} tempat tidur; {state}', '{n} beds; {state}'],

  handovers: ['Serah terima 24 jam terakhir', 'Handovers of the last 24 hours'],
  handoverCount: ['Jumlah', 'Count'],
  median: ['Median menunggu', 'Median wait'],
  longest: ['Terlama', 'Longest'],
  none: ['–', '–'],
  knownSince: ['Lengkap sejak {since}', 'Complete since {since}'],
  handedOver: ['{unit}: {wait}, selesai {at}', '{unit}: {wait}, done {at}'],

  trauma: ['trauma', 'trauma'],
  stroke: ['stroke', 'stroke'],
  stemi: ['serangan jantung (kateterisasi)', 'heart attack (catheter)'],
  obstetric: ['persalinan', 'childbirth'],
  paediatric: ['anak', 'children'],
  neonatal: ['bayi baru lahir', 'newborn'],
  burn: ['luka bakar', 'burns'],
  dialysis: ['cuci darah', 'dialysis'],
  psychiatric: ['jiwa', 'psychiatric'],
  intensiveCare: ['ICU', 'intensive care'],
  surgery: ['bedah', 'surgery'],
  isolation: ['isolasi', 'isolation'],
});

type Key = Parameters<typeof say>[0];

/** In the order of the bits (include/sigap/hospital.h). */
export const ABILITIES: readonly Key[] = ['trauma', 'stroke', 'stemi', 'obstetric', 'paediatric', 'neonatal',
  'burn', 'dialysis', 'psychiatric', 'intensiveCare', 'surgery', 'isolation'];

export function abilitiesText(bits: number): string {
  return ABILITIES.filter((_, bit) => bits & (1 << bit)).map((key) => say(key)).join(', ');
}

/** In the order of the contract's enum. */
export const DIVERSIONS: readonly Key[] = ['open', 'some', 'all', 'closed'];
export const COLOURS: readonly Key[] = ['notTriaged', 'red', 'yellow', 'green', 'black'];
