// What the crew page says, in both languages.
import { AssignmentState, ColourOfTriage, PremiseKind, Priority, Unfit } from '#proto/common_pb';
import { wordsOf } from '../lib/words';

export const say = wordsOf({
  title: ['Sigap: kru', 'Sigap: crew'],
  // the order screen
  newOrder: ['PERINTAH BARU', 'NEW ORDER'],
  transferOrder: ['PERINTAH RUJUKAN', 'TRANSFER ORDER'],
  accept: ['TERIMA', 'ACCEPT'],
  decline: ['Tolak, karena…', 'Decline, because…'],
  seen: ['Bungkam, sudah dilihat', 'Silence, I have seen it'],
  answerWithin: ['Jawab dalam {span}', 'Answer within {span}'],
  answerOverdue: ['Jawaban sudah ditunggu', 'Your answer is overdue'],
  byRoad: ['kira-kira {span} lewat jalan', 'about {span} by road'],
  placeUnknown: ['Tempat belum diketahui; akan menyusul', 'Place not known yet; it will follow'],
  reasonVehicle: ['Kendaraan rusak', 'Vehicle trouble'],
  reasonCrew: ['Kru tidak siap', 'Crew not ready'],
  reasonRoad: ['Jalan tidak bisa dilewati', 'Road impassable'],
  reasonOther: ['Alasan lain', 'Another reason'],
  withdrawn: ['Perintah dicabut: {reason}', 'Order withdrawn: {reason}'],
  withdrawnPlain: ['Perintah dicabut', 'Order withdrawn'],
  noticed: ['Mengerti', 'Understood'],
  soundOff: ['SUARA MATI. Ketuk untuk menyalakan', 'SOUND IS OFF. Tap to turn it on'],
  notifyAsk: ['Izinkan pemberitahuan', 'Allow notifications'],
  // the job
  noJob: ['Menunggu perintah', 'Waiting for orders'],
  offDuty: ['Tidak bertugas', 'Off duty'],
  goOnDuty: ['Mulai bertugas', 'Go on duty'],
  goOffDuty: ['Selesai bertugas', 'Go off duty'],
  crewCodes: ['Kode petugas (dipisah spasi)', 'Codes of the crew (with spaces)'],
  signOn: ['Catat petugas', 'Sign on'],
  signedOn: ['Petugas: {crew}', 'Crew: {crew}'],
  shiftUntil: ['Giliran jaga sampai {time}', 'Shift until {time}'],
  shiftOver: ['Giliran jaga sudah habis pukul {time}', 'Shift ended at {time}'],
  incident: ['Kejadian {id}', 'Incident {id}'],
  leaveWaiting: ['{n} laporan belum terkirim dan akan hilang. Tetap keluar?', '{n} reports are not sent yet and would be lost. Log out all the same?'],
  waitingToSend: ['{n} belum terkirim', '{n} waiting to be sent'],
  takenOver: ['Perangkat lain masuk untuk unit ini. Pakai satu perangkat saja.',
    'Another device has logged in for this unit. Use one device only.'],
  lastRefused: ['Pusat menolak: {message}', 'The engine refused: {message}'],
  offered: ['Sepertinya: {step}. Benar?', 'It seems: {step}. Is it so?'],
  treatedHere: ['Selesai di tempat, tanpa dibawa', 'Treated here, nobody taken'],
  stopHere: ['Berhenti di sini', 'Stop here'],
  onFoot: ['{metres} lagi berjalan kaki (kira-kira {span})', '{metres} more on foot (about {span})'],
  walkOnly: ['Kendaraan berhenti di {street}; {metres} berjalan kaki', 'The vehicle stops at {street}; {metres} on foot'],
  // the way
  inDistance: ['{metres}: {instruction}', 'In {metres}: {instruction}'],
  noRoute: ['Tidak ada jalan ke sana', 'No way there by road'],
  routeWaits: ['Rute belum ada: tidak tersambung', 'No route yet: not connected'],
  rerouting: ['Keluar dari rute; mencari jalan lain…', 'Off the route; finding another way…'],
  arrivesAt: ['Tiba {time}, {span} lagi, {metres}', 'There at {time}, in {span}, {metres}'],
  noPosition: ['Posisi belum diketahui', 'Position not known yet'],
  positionOld: ['Posisi sudah {span} lama', 'Position is {span} old'],
  positionDenied: ['Posisi tidak diizinkan di perangkat ini', 'This device does not allow the position'],
  voiceOn: ['Suara petunjuk: nyala', 'Spoken directions: on'],
  voiceOff: ['Suara petunjuk: mati', 'Spoken directions: off'],
  theme: ['Tampilan: {theme}', 'Display: {theme}'],
  themeAuto: ['otomatis', 'automatic'],
  themeLight: ['siang', 'day'],
  themeDark: ['malam', 'night'],
  map: ['Peta', 'Map'],
  center: ['Ke posisi saya', 'To my position'],
  steps: ['Petunjuk jalan', 'Directions'],
  // the hospital
  hospital: ['Rumah sakit', 'Hospital'],
  chooseHospital: ['Pilih rumah sakit', 'Choose a hospital'],
  otherHospital: ['Ganti rumah sakit', 'Another hospital'],
  destination: ['Tujuan: {name}', 'Destination: {name}'],
  noAdvice: ['Saran belum ada', 'No advice yet'],
  bedsFree: ['{n} tempat tidur', '{n} beds'],
  // the patient
  patient: ['Pasien', 'Patient'],
  colour: ['Warna triase', 'Triage colour'],
  pulse: ['Nadi /mnt', 'Pulse /min'],
  breaths: ['Napas /mnt', 'Breaths /min'],
  systolic: ['Sistolik mmHg', 'Systolic mmHg'],
  diastolic: ['Diastolik mmHg', 'Diastolic mmHg'],
  oxygen: ['SpO₂ %', 'SpO₂ %'],
  temperature: ['Suhu °C', 'Temperature °C'],
  coma: ['GCS (3–15)', 'GCS (3–15)'],
  glucose: ['Gula darah mg/dL', 'Glucose mg/dL'],
  findings: ['Keadaan dan tindakan', 'Findings and treatment'],
  handedTo: ['Diserahkan kepada', 'Handed over to'],
  sendVitals: ['Kirim data pasien', 'Send patient data'],
  vitalsSent: ['Data pasien dicatat {time}', 'Patient data noted at {time}'],
  outOfRange: ['{field}: {least} sampai {most}', '{field}: {least} to {most}'],
  nothingTold: ['Belum ada yang diisi', 'Nothing is filled in'],
  // notes and guide
  notes: ['Catatan tempat', 'Notes on the place'],
  guide: ['Yang dikatakan kepada penelepon', 'What the caller is told'],
  draft: ['draf, belum disahkan', 'draft, not signed'],
  // danger
  distress: ['BAHAYA: tahan', 'DANGER: hold'],
  distressHold: ['Tahan terus…', 'Keep holding…'],
  distressRaised: ['BAHAYA TERKIRIM {time}. Pusat sudah tahu', 'DANGER SENT {time}. The center knows'],
  distressWaits: ['BAHAYA belum terkirim: pakai radio!', 'DANGER not sent yet: use the radio!'],
  welfareAsk: ['Apakah kru baik-baik saja?', 'Is all well with the crew?'],
  welfareWell: ['Ya, baik-baik saja', 'Yes, all is well'],
  // move-up
  moveUp: ['PINDAH POS ke {place}', 'MOVE UP to {place}'],
  moveUpGo: ['Berangkat', 'Going'],
  moveUpNo: ['Tidak bisa', 'Cannot'],
  moveUpOn: ['Menuju pos {place}', 'On the way to {place}'],
  moveUpThere: ['Siaga di {place}', 'Waiting at {place}'],
  menu: ['Lainnya', 'More'],
  updated: ['Versi baru tersedia. Ketuk untuk memuat', 'A new version is there. Tap to load it'],
  wrongEngine: ['Perintah dari pusat yang sudah diganti ditolak', 'An order of an engine that was replaced was refused'],
});
export type Word = Parameters<typeof say>[0];

const priorityWords = wordsOf({
  0: ['Prioritas ?', 'Priority ?'],
  1: ['P1 Gawat darurat', 'P1 Life at risk'],
  2: ['P2 Mendesak', 'P2 Urgent'],
  3: ['P3 Perlu segera', 'P3 Soon'],
  4: ['P4 Bisa menunggu', 'P4 Can wait'],
});
export function priorityText(priority: Priority): string {
  return priorityWords(`${priority <= 4 ? priority : 0}` as '0');
}

/** What a crew says when it enters a state: the words of the one big button. */
const stepWords = wordsOf({
  EN_ROUTE: ['Berangkat', 'Set off'],
  ON_SCENE: ['Tiba di lokasi', 'At the scene'],
  TRANSPORTING: ['Berangkat ke RS', 'Leave for the hospital'],
  AT_HOSPITAL: ['Tiba di RS', 'At the hospital'],
  HANDED_OVER: ['Pasien diserahkan', 'Patient handed over'],
  CLOSED: ['Selesai, siap lagi', 'Done, ready again'],
});
export function stepText(state: AssignmentState): string {
  return stepWords(AssignmentState[state] as 'EN_ROUTE');
}

const stateWords = wordsOf({
  ORDERED: ['Diperintahkan', 'Ordered'],
  ACCEPTED: ['Diterima, bersiap', 'Accepted, turning out'],
  EN_ROUTE: ['Menuju lokasi', 'On the way to the scene'],
  ON_SCENE: ['Di lokasi', 'At the scene'],
  TRANSPORTING: ['Menuju rumah sakit', 'On the way to the hospital'],
  AT_HOSPITAL: ['Di rumah sakit', 'At the hospital'],
  HANDED_OVER: ['Pasien sudah diserahkan', 'Patient handed over'],
  other: ['', ''],
});
export function stateText(state: AssignmentState): string {
  const name = AssignmentState[state] ?? 'other';
  return stateWords((state >= AssignmentState.ORDERED && state <= AssignmentState.HANDED_OVER ? name : 'other') as 'other');
}

const colourWords = wordsOf({
  1: ['Merah', 'Red'],
  2: ['Kuning', 'Yellow'],
  3: ['Hijau', 'Green'],
  4: ['Hitam', 'Black'],
});
export function colourText(colour: ColourOfTriage): string {
  return colour === ColourOfTriage.COLOUR_UNKNOWN ? '–' : colourWords(`${colour}` as '1');
}

const premiseWords = wordsOf({
  0: ['Catatan', 'Note'],
  1: ['AWAS', 'HAZARD'],
  2: ['Jalan masuk', 'Access'],
  3: ['Pasien', 'Patient'],
  4: ['Catatan', 'Note'],
});
export function premiseText(kind: PremiseKind): string {
  return premiseWords(`${kind <= 4 ? kind : 0}` as '0');
}

const unfitWords = wordsOf({
  0: ['cocok', 'fits'],
  1: ['penuh', 'full'],
  2: ['mengalihkan pasien', 'diverts patients'],
  3: ['kurang kemampuan', 'lacks what is needed'],
  4: ['tutup', 'closed'],
  5: ['tidak terjangkau', 'cannot be reached'],
});
export function unfitText(unfit: Unfit): string {
  return unfitWords(`${unfit <= 5 ? unfit : 0}` as '0');
}
