/* The console's part of the table of texts (texts_table.h): X(KEY, Indonesian, English). Its own
 * file, since a screen has as many texts as all commands together. */
#ifndef SGP_APPS_TEXTS_CONSOLE_H
#define SGP_APPS_TEXTS_CONSOLE_H

/* clang-format off */
#define SGP_CONSOLE_TEXTS(X)                                                                       \
    /* The top lines. */                                                                           \
    X(CON_UP, "● tersambung", "● connected")                                                       \
    X(CON_CONNECTING, "○ menyambung …", "○ connecting …")                                          \
    X(CON_CATCHING_UP, "◐ memuat …", "◐ loading …")                                                \
    X(CON_LOST_SHORT, "✖ PUTUS", "✖ LOST")                                                         \
    X(CON_LOST, "SAMBUNGAN PUTUS {time} · semua di bawah ini berumur {time} · mencoba lagi · {reason}", \
      "CONNECTION LOST {time} · everything below is {time} old · trying again · {reason}")         \
    X(CON_NOT_YET, "belum tersambung: {reason} · mencoba lagi", "not connected yet: {reason} · trying again") \
    X(CON_REFUSED, "MESIN MENOLAK SAMBUNGAN: {reason}", "THE ENGINE REFUSES THE CONNECTION: {reason}") \
    X(CON_UNANSWERED, "{n} perintah belum dijawab; disimpan, dikirim lagi saat tersambung",        \
      "{n} requests unanswered; kept, sent again when connected")                                  \
    X(CON_HELD, "{n} perintah lama tidak dikirim lagi sendiri: ketik  kirim  atau  buang",         \
      "{n} old requests are not sent again by themselves: type  resend  or  drop")                 \
    X(CON_COUNT_WAITING, "{n} MENUNGGU", "{n} WAITING")                                            \
    X(CON_COUNT_NONE, "tidak ada yang menunggu", "nobody waits")                                   \
    X(CON_OLDEST, "terlama {time}", "oldest {time}")                                               \
    X(CON_OVERDUE, "{n} LEWAT TARGET", "{n} OVER TARGET")                                          \
    X(CON_FREE, "{free}/{duty} unit siap", "{free}/{duty} units free")                             \
    X(CON_DATABASE_AWAY, "basis data putus", "database away")                                      \
    /* Boards. */                                                                                  \
    X(CON_ATTENTION_TITLE, "PERLU PERHATIAN", "NEED ATTENTION")                                    \
    X(CON_RUNNING_TITLE, "BERJALAN", "RUNNING")                                                    \
    X(CON_UNITS_TITLE, "UNIT", "UNITS")                                                            \
    X(CON_LOG_TITLE, "CATATAN", "LOG")                                                             \
    X(CON_DETAIL_TITLE, "KEJADIAN", "INCIDENT")                                                    \
    X(CON_HELP_TITLE, "BANTUAN", "HELP")                                                           \
    X(CON_FORM_TITLE, "TELEPON BARU", "NEW CALL")                                                  \
    X(CON_MAP_TITLE, "PETA", "MAP")                                                                \
    X(CON_MAP_NO_ROADS, "tanpa jalan: --graph FILE", "no roads: --graph FILE")                       \
    X(CON_MAP_OTHER, "PETA JALAN KOTA LAIN ATAU IMPOR LAMA", "ROADS OF ANOTHER CITY OR AN OLD IMPORT") \
    X(CON_NOBODY, "tidak ada kejadian terbuka", "no open incidents")                               \
    X(CON_NOTHING_FOUND, "tidak ada yang cocok dengan “{letters}”", "nothing matches “{letters}”") \
    X(CON_MORE_ABOVE, "▲ {n} lagi", "▲ {n} more")                                                  \
    X(CON_MORE_BELOW, "▼ {n} lagi", "▼ {n} more")                                                  \
    X(CON_PLACE_MISSING, "TEMPAT BELUM ADA", "NO PLACE YET")                                       \
    X(CON_PLACE_LOOKING, "tempat dicari …", "looking for the place …")                             \
    X(CON_NO_UNIT, "BELUM ADA UNIT", "NO UNIT YET")                                                \
    X(CON_CHOOSE_PLACE, "PILIH TEMPAT", "CHOOSE PLACE")                                            \
    X(CON_AT_STATION, "pangkalan", "station")                                                      \
    X(CON_NO_POSITION, "tanpa posisi", "no position")                                              \
    X(CON_POSITION_AGE, "posisi {time}", "position {time}")                                        \
    /* The chosen incident. */                                                                     \
    X(CON_TARGET, "target {time}", "target {time}")                                                \
    X(CON_LATE, "LEWAT {time}", "LATE BY {time}")                                                  \
    X(CON_CLOSED, "ditutup: {outcome}", "closed: {outcome}")                                       \
    X(CON_PLACE, "Tempat", "Place")                                                                \
    X(CON_PLACE_FACTS, "{kind} · {precision} · ±{metres} m · yakin {sure}%",                       \
      "{kind} · {precision} · ±{metres} m · {sure}% sure")                                         \
    X(CON_PLACE_FACTS_FEW, "{kind} · ±{metres} m · yakin {sure}%", "{kind} · ±{metres} m · {sure}% sure") \
    X(CON_CONFIRMED, "dipastikan", "confirmed")                                                    \
    X(CON_UNCONFIRMED, "BELUM DIPASTIKAN", "NOT CONFIRMED")                                        \
    X(CON_SAID, "Kata penelepon", "Caller said")                                                   \
    X(CON_CALLER, "Penelepon", "Caller")                                                           \
    X(CON_CALLS, "{n} telepon", "{n} calls")                                                       \
    X(CON_CANDIDATES, "Calon tempat (F6, atau ketik  tempat N)", "Candidate places (F6, or type  place N)")        \
    X(CON_ON_IT, "Unit", "Units")                                                                  \
    X(CON_SINCE, "{state} {time}", "{state} {time}")                                               \
    X(CON_RECOMMENDED, "Saran ({policy}, {age} lalu)", "Recommended ({policy}, {age} ago)")        \
    X(CON_NO_RECOMMENDATION, "belum ada saran; ketik  saran", "no recommendation yet; type  advise") \
    X(CON_CANDIDATE_TIME, "{total} = jalan {travel} + siap {turnout}", "{total} = drive {travel} + turnout {turnout}") \
    X(CON_CANDIDATE_WAIT, "+ bebas dalam {time}", "+ free in {time}")                              \
    X(CON_CANDIDATE_WALK, "+ jalan kaki {time}", "+ on foot {time}")                               \
    X(CON_CANDIDATE_POLICY, "+ kebijakan {time}", "+ policy {time}")                               \
    X(CON_CANDIDATE_FROM, "DIALIHKAN dari #{incident}", "DIVERTED from #{incident}")               \
    X(CON_CANDIDATE_AGE, "posisi {time} lalu", "position {time} ago")                              \
    X(CON_EXCLUDED, "Tidak disarankan", "Not recommended")                                         \
    X(CON_SHORTFALL, "Kurang", "Short of")                                                         \
    X(CON_ALERTS, "Instansi", "Agencies")                                                          \
    X(CON_WANTED, "{n} unit diminta", "{n} units wanted")                                          \
    X(CON_MASS, "KORBAN MASSAL: {n} pasien", "MASS CASUALTY: {n} patients")                        \
    X(CON_AID, "bantuan tetangga diminta", "neighbours are asked")                                 \
    /* Why a unit is not recommended, by the wire's numbers. */                                    \
    X(CON_EXCL_NONE, "bisa pergi", "can go")                                                       \
    X(CON_EXCL_OFF_DUTY, "lepas tugas", "off duty")                                                \
    X(CON_EXCL_BUSY, "bertugas", "busy")                                                           \
    X(CON_EXCL_WRONG_KIND, "bukan jenis yang diminta", "of another kind")                          \
    X(CON_EXCL_NO_POSITION, "tanpa posisi", "without position")                                    \
    X(CON_EXCL_STALE, "posisi usang", "position too old")                                          \
    X(CON_EXCL_UNREACHABLE, "tak terjangkau", "cannot get there")                                  \
    X(CON_EXCL_DECLINED, "sudah menolak", "declined already")                                      \
    X(CON_EXCL_ALREADY_ON, "sudah di kejadian ini", "is on it already")                            \
    X(CON_EXCL_NOT_YET_FREE, "segera bebas", "free soon")                                          \
    X(CON_EXCL_NOT_DIVERTIBLE, "tidak dialihkan", "not to be diverted")                            \
    X(CON_EXCL_SKILLS, "kurang keahlian", "lacks the skills")                                      \
    X(CON_EXCL_AGENCY, "pemiliknya tidak mengizinkan", "not lent by its owner")                    \
    X(CON_EXCL_NEIGHBOUR, "milik tetangga", "a neighbour's")                                       \
    X(CON_EXCL_CREW_HOURS, "kru terlalu lama bertugas", "crew too long on duty")                   \
    X(CON_EXCL_TOO_WIDE, "terlalu lebar", "too wide")                                              \
    X(CON_EXCL_NEEDED_ELSEWHERE, "lebih dibutuhkan di tempat lain", "needed more elsewhere")       \
    X(CON_EXCL_PENCILLED_IN, "dicadangkan untuk rujukan", "kept for a transfer") \
    X(CON_EXCL_DISTRESS, "awaknya minta tolong", "its crew calls for help") \
    X(CON_EXCL_CREW_SKILLS, "awaknya kurang keahlian", "its crew lacks a skill") \
    X(CON_EXCL_SHIFT_ENDS, "dinas awaknya hampir selesai", "its crew's shift ends soon") \
    X(CON_EXCL_SHIFT_OVER, "dinas awaknya sudah selesai", "its crew's shift is over") \
    X(CON_SHIFT_UNTIL, "dinas s/d {clock}", "shift to {clock}") \
    X(CON_SHIFT_OVER, "DINAS LEWAT {time}", "SHIFT OVER BY {time}") \
    X(CON_NOBODY_CAME, "AWAK BERIKUT BELUM DATANG", "NEXT CREW IS ABSENT") \
    X(CON_CONFLICT, "{what} · TIDAK JADI: {reason} · lihat lagi, Ctrl-P mengulang", "{what} · NOT DONE: {reason} · look again, Ctrl-P repeats") \
    X(CON_PHONE_TOKEN, "token untuk ponsel penelepon: {what}", "token for the caller's phone: {what}") \
    X(CON_LINE_DRAFT, "baris yang belum selesai dari konsol sebelumnya dipulihkan", "the unfinished line of the console before is back") \
    X(CON_LINE_ASIDE, "baris disisihkan; Ctrl-P memanggilnya lagi", "the line is put aside; Ctrl-P brings it back") \
    X(CON_FORM_BUSY, "masih ada konsep telepon: F2 membukanya; kirim atau kosongkan dulu", "there is a draft of a call already: F2 opens it; send or empty it first") \
    X(CON_DISTRESS, "AWAK {unit} MEMINTA TOLONG {time}{where}{more} · ketik  aman {unit} ALASAN", "THE CREW OF {unit} CALLS FOR HELP {time}{where}{more} · type  safe {unit} REASON") \
    X(CON_SILENT, "AWAK {unit} TIDAK MENJAWAB ({n}x): hubungi lewat radio · ketik  u {unit} aman", "THE CREW OF {unit} DOES NOT ANSWER ({n} times): call by radio · type  u {unit} well") \
    X(CON_SOS, "MINTA TOLONG", "CALLS FOR HELP") \
    X(CON_NO_ANSWER, "TAK MENJAWAB", "NO ANSWER") \
    X(CON_POST_ORDERED, "? siaga {place}", "? wait at {place}") \
    X(CON_POST_ACCEPTED, "→ siaga {place}", "→ wait at {place}") \
    X(CON_POST_THERE, "siaga {place}", "waits at {place}") \
    X(CON_POST_DECLINED, "menolak {place}", "declined {place}") \
    X(CON_ALIKE, "Mungkin kejadian yang sama (F9 lalu d: gabung; ketik  lain N: bukan)", "Perhaps the same (F9 then d: link; type  other N: it is not)") \
    X(CON_ANSWERS, "Jawaban penelepon", "The caller's answers") \
    X(CON_NOTES, "Catatan", "Notes") \
    X(CON_COVERED, "· cakupan kota {share}%", "· city covered {share}%") \
    X(CON_CANDIDATE_LOSS, "· cakupan −{loss}%", "· cover −{loss}%") \
    X(CON_PATIENT_OF, "Pasien {unit}: {needs}", "Patient of {unit}: {needs}") \
    X(CON_HOSPITAL_FACTS, "{beds} bed, {inbound} menuju", "{beds} beds, {inbound} inbound") \
    X(CON_STORY_TITLE, "RIWAYAT #{incident}", "LOG OF #{incident}") \
    X(CON_SCRIPT_TITLE, "TANYA #{incident} {complaint} {priority}", "ASK #{incident} {complaint} {priority}") \
    X(CON_SCRIPT_NONE, "tidak ada pertanyaan untuk keluhan ini", "no questions for this complaint") \
    X(CON_SCRIPT_DRAFT, "RANCANGAN, belum disahkan dokter", "DRAFT, not signed by a physician") \
    X(CON_HOSPITALS_TITLE, "RUMAH SAKIT · bed bebas, sejak", "HOSPITALS · free beds, told") \
    X(CON_RECEIPT_WAITING, "… belum sampai di perangkat kru", "… not on the crew's device yet")    \
    X(CON_RECEIPT_RECEIVED, "✓ sudah di perangkat kru, belum dijawab", "✓ on the crew's device, not answered yet") \
    X(CON_RECEIPT_REFUSED, "✗ perangkat kru menolak: mesin ini sudah digantikan", "✗ the crew's device refuses: this engine has been replaced") \
    X(CON_NEVER_TOLD, "belum", "never") \
    X(CON_ARRIVES, "tiba dalam {time} (dihitung {age} lalu)", "arrives in {time} (reckoned {age} ago)") \
    X(CON_WAITS_THERE, "menunggu di sana {time}", "waits there {time}") \
    X(CON_TRANSFERS_TITLE, "RUJUKAN · nomor, jam, sisa waktu", "TRANSFERS · number, clock, time left") \
    X(CON_TRANSFERS_NONE, "tidak ada rujukan", "no transfers") \
    X(CON_TRANSFER_DUE, "menjadi kejadian pukul {clock} (dalam {time})", "becomes an incident at {clock} (in {time})") \
    X(CON_COVERAGE, "cakupan kota {now}; dengan semua saran {then}", "city covered {now}; with all advice {then}") \
    X(CON_COVERAGE_MOVE, "saran: siaga {unit} {station}  +{gain}", "advice: moveup {unit} {station}  +{gain}") \
    X(CON_KEYS_SCRIPT, "1-9 menjawab · ↑↓ pertanyaan · ⌫ batal jawab · PgUp/PgDn · Esc selesai", "1-9 answer · ↑↓ question · ⌫ take back · PgUp/PgDn · Esc done") \
    X(CON_BAD_WORD, "“{word}” tidak dikenal: {known}", "“{word}” is not known: {known}") \
    X(CON_BAD_HOSPITAL, "tidak ada rumah sakit “{word}”, atau lebih dari satu", "no hospital “{word}”, or more than one") \
    X(CON_BAD_TRANSFER, "tidak ada rujukan “{word}”", "no transfer “{word}”") \
    X(CON_BAD_ROAD, "“{word}” bukan nomor jalan OSM atau lon,lat", "“{word}” is no OSM way and no lon,lat") \
    X(CON_WHAT_HOSPITAL, "rumah sakit", "hospital") \
    X(CON_WHAT_BEDS, "jumlah bed, +bed, alih, tutup, atau buka", "number of beds, +beds, divert, closed or open") \
    X(CON_WHAT_PATIENT, "warna atau kebutuhan", "colour or needs") \
    X(CON_WHAT_YES_NO, "terima atau tolak", "accept or decline") \
    X(CON_WHAT_REASON, "alasan", "reason") \
    X(CON_WHAT_STATION, "nama pos", "name of a station") \
    X(CON_WHAT_ROAD, "nomor jalan OSM atau lon,lat", "OSM way or lon,lat") \
    X(CON_DO_WELL, "awak {unit} aman", "the crew of {unit} is well") \
    X(CON_DO_DISTRESS, "{unit} minta tolong", "{unit} calls for help") \
    X(CON_DO_SAFE, "{unit} aman kembali", "{unit} is safe again") \
    X(CON_DO_MOVE_UP, "{unit} siaga di {what}", "{unit} to wait at {what}") \
    X(CON_DO_MOVE_UP_END, "siaga {unit}", "waiting of {unit}") \
    X(CON_DO_JUDGE, "telepon {number}: {what}", "call {number}: {what}") \
    X(CON_DO_MARK, "nomor telepon {number} ditandai", "the number of call {number} marked") \
    X(CON_DO_UNMARK, "tanda nomor telepon {number} dihapus", "the mark of call {number}'s number lifted") \
    X(CON_DO_DISMISS, "bukan kejadian #{number}", "not the same as #{number}") \
    X(CON_DO_ANSWER, "jawaban untuk #{number}", "answer for #{number}") \
    X(CON_DO_REPLY, "{what} menjawab (#{number})", "{what} has answered (#{number})") \
    X(CON_DO_NOTE, "catatan untuk #{number}", "note for #{number}") \
    X(CON_DO_PREMISE, "catatan tempat #{number}", "premise note at #{number}") \
    X(CON_DO_NO_PREMISE, "catatan tempat {number} dihapus", "premise note {number} removed") \
    X(CON_DO_LOCATE, "ponsel penelepon {number} dilacak", "phone of call {number} located") \
    X(CON_DO_HOSPITAL, "keadaan {unit}", "state of {unit}") \
    X(CON_DO_PATIENT, "pasien {unit}", "patient of {unit}") \
    X(CON_DO_ASK_HOSPITAL, "saran RS untuk pasien {unit}", "hospital advice for the patient of {unit}") \
    X(CON_DO_BRING, "pasien {unit} ke {what}", "patient of {unit} to {what}") \
    X(CON_DO_TRANSFER, "rujukan {unit} → {what}", "transfer {unit} → {what}") \
    X(CON_DO_CHANGE_TRANSFER, "rujukan {number} diubah", "transfer {number} changed") \
    X(CON_DO_CANCEL_TRANSFER, "rujukan {number} dibatalkan", "transfer {number} cancelled") \
    X(CON_DO_CLOSE_ROAD, "jalan ditutup", "road closed") \
    X(CON_DO_OPEN_ROAD, "jalan dibuka", "road opened") \
    X(CON_DO_RELOAD, "rencana dimuat ulang", "plans reloaded") \
    X(CON_HELP_NOTE, "tulis di riwayat kejadian", "write into the incident's log") \
    X(CON_HELP_PREMISE, "catatan tempat ini: bahaya akses pasien", "a note on the place: hazard access patient") \
    X(CON_HELP_MARK, "tandai nomornya (- cabut)", "mark its number as a nuisance (- lifts it)") \
    X(CON_HELP_OTHER, "bukan kejadian yang sama dengan N", "it is not the same as incident N") \
    X(CON_HELP_ASK, "pertanyaan keluhan (F4 dua kali)", "the complaint's questions (F4 twice)") \
    X(CON_HELP_REPLY, "jawaban instansi lewat telepon", "what an agency answered by telephone") \
    X(CON_HELP_LOCATE, "lacak ponsel penelepon", "ask the caller's phone where it is") \
    X(CON_HELP_BRING, "daftar RS; saran RS untuk pasien unit; bawa ke RS", "hospitals; advice for a unit's patient; bring it there") \
    X(CON_HELP_HOSPITAL, "bed bebas, bed lepas, pengalihan IGD", "free beds, beds released, diversion") \
    X(CON_HELP_PATIENT, "pasien: merah kuning hijau hitam, trauma,stroke,…", "patient: red yellow green black, trauma,stroke,…") \
    X(CON_HELP_TRANSFER, "rujukan; N JAM ubah, - N batal, tanpa kata: daftar", "transfers; N TIME changes, - N cancels, alone: the list") \
    X(CON_HELP_MOVE_UP, "suruh unit bebas siaga di pos lain; - selesai", "let a free unit wait at another station; - ends it") \
    X(CON_HELP_DISTRESS, "awak minta tolong", "a crew calls for help") \
    X(CON_HELP_SAFE, "awak aman kembali, dengan alasan", "the crew is safe again, with a reason") \
    X(CON_HELP_ROAD, "tutup jalan; - N membuka", "close a road; - N opens it") \
    X(CON_HELP_STORY, "riwayat kejadian (F8 dua kali)", "the incident's log (F8 twice)") \
    X(CON_HELP_COVERAGE, "cakupan kota dan saran siaga, di catatan", "coverage and move-up advice, into the log") \
    X(CON_HELP_RELOAD, "muat ulang rencana dan batas waktu", "read plans and clocks anew") \
    X(CON_HELP_CITY, "buka impor kota terbaru", "open the newest import of the city") \
    X(CON_HELP_HELP, "bantuan ini (F1)", "this help (F1)") \
    X(CON_RINGING, "☎ {n} BERDERING {time} {caller} · Ctrl-T MENGANGKAT {missed}", "☎ {n} RINGING {time} {caller} · Ctrl-T TAKES IT {missed}") \
    X(CON_MISSED, "☎ {n} tak terjawab menunggu ditelepon balik · ketik  dering", "☎ {n} missed, to be called back · type  rings") \
    X(CON_NO_RING, "tidak ada telepon berdering", "no telephone rings") \
    X(CON_RINGS_TITLE, "TELEPON · nomor, jam, lama · angkat N, dering N takdijawab", "TELEPHONES · number, clock, time · take N, rings N noanswer") \
    X(CON_DO_TAKE, "telepon berdering {number} diangkat", "ring {number} taken") \
    X(CON_DO_GIVE_BACK, "telepon berdering {number} dilepas", "ring {number} given back") \
    X(CON_DO_CALL_BACK, "telepon balik {number}", "call back {number}") \
    X(CON_HELP_TAKE, "angkat telepon yang berdering (Ctrl-T)", "take the telephone that rings (Ctrl-T)") \
    X(CON_HELP_RINGS, "telepon; menelepon balik N: tersambung takdijawab takperlu", "telephones; call N back: reached noanswer notneeded") \
    /* The call form. */                                                                           \
    X(CON_FIELD_PLACE, "Di mana", "Where")                                                         \
    X(CON_FIELD_COMPLAINT, "Apa", "What")                                                          \
    X(CON_FIELD_PRIORITY, "Prioritas", "Priority")                                                 \
    X(CON_FIELD_NUMBER, "Nomor", "Number")                                                         \
    X(CON_FIELD_NAME, "Nama", "Name")                                                              \
    X(CON_FIELD_NOTE, "Cerita", "Story")                                                           \
    X(CON_FORM_NO_CANDIDATE, "belum ada calon: kata penelepon tetap dikirim dan dicari mesin",     \
      "no candidate yet: the caller's words are sent all the same, and the engine looks")          \
    X(CON_FORM_LOOKING, "mencari …", "looking …")                                                  \
    X(CON_FORM_WHICH, "↑↓ memilih calon; Enter memakai yang disorot", "↑↓ choose; Enter takes the marked one") \
    X(CON_FORM_EMPTY, "isi dulu tempatnya atau nomor peneleponnya", "give the place or the caller's number first") \
    X(CON_FORM_NO_COMPLAINT, "isi dulu keluhannya, atau prioritas", "give the complaint or a priority first") \
    X(CON_FORM_KEYS, "Enter lanjut · Tab/⇧Tab pindah · F2 KIRIM · F9 iseng dll · Esc konsep",      \
      "Enter next · Tab/⇧Tab move · F2 SEND · F9 prank etc · Esc draft")                                  \
    X(CON_FORM_DRAFT, "konsep telepon disimpan; F2 membukanya lagi", "the draft of the call is kept; F2 opens it again") \
    X(CON_PLACE_BY_HAND, "hanya kata-kata", "words only")                                          \
    /* The bottom lines. */                                                                        \
    X(CON_KEYS, "F1 bantuan F2 TELEPON F5 KIRIM F6 pilih F7 peta F8 papan F9 hasil F10 keluar", \
      "F1 help F2 NEW CALL F5 SEND F6 choose F7 map F8 boards F9 outcome F10 quit")                \
    X(CON_KEYS_OUTCOME, "#{incident}: [i]seng [b]isu [h]antu [p]utus in[f]o [d]ganda [n]yata [t]untas [x]", \
      "#{incident}: [p]rank [s]ilent [g]host [a]bandoned [i]nfo [d]up rea[l] se[r]ved [x]")  \
    X(CON_KEYS_CANDIDATES, "↑↓ memilih unit · Enter MENGIRIMNYA · Esc kembali", "↑↓ choose a unit · Enter SENDS IT · Esc back") \
    X(CON_KEYS_PLACES, "↑↓ memilih tempat · Enter MEMAKAINYA · Esc kembali", "↑↓ choose a place · Enter TAKES IT · Esc back") \
    X(CON_KEYS_MAP, "panah menggeser · + − zoom · 0 seluruh kota · c ke kejadian · Esc kembali",   \
      "arrows move · + − zoom · 0 whole city · c to the incident · Esc back")                      \
    X(CON_CONFIRM, "{what}? Enter = ya, Esc = tidak", "{what}? Enter = yes, Esc = no")             \
    X(CON_QUIT, "keluar dari konsol", "leave the console")                                         \
    X(CON_SENT, "{what} · dikirim …", "{what} · sent …")                                           \
    X(CON_KEPT, "{what} · DISIMPAN, dikirim saat tersambung", "{what} · KEPT, sent when connected") \
    X(CON_DONE, "{what} · jadi", "{what} · done")                                                  \
    X(CON_DONE_REPEATED, "{what} · sudah jadi sebelum sambungan putus", "{what} · was done before the line broke") \
    X(CON_ENGINE_REFUSES, "{what} · MESIN MENOLAK: {reason}", "{what} · THE ENGINE REFUSES: {reason}") \
    X(CON_DISK, "{what} · tidak dapat disimpan di disk: {reason}", "{what} · cannot be kept on disk: {reason}") \
    X(CON_FULL, "terlalu banyak perintah belum dijawab; tunggu sambungan", "too many requests are unanswered; wait for the line") \
    X(CON_NOTICE_LEFT, "{n} perintah dari konsol sebelumnya ditemukan", "{n} requests of a console before were found") \
    /* What a request does, in words. */                                                           \
    X(CON_DO_CALL, "telepon: {place}", "call: {place}")                                            \
    X(CON_DO_ORDER, "{unit} ke #{incident}", "{unit} to #{incident}")                              \
    X(CON_DO_ORDER_BEST, "unit terbaik ke #{incident}", "the best unit to #{incident}")            \
    X(CON_DO_DIVERT, "{unit} dialihkan ke #{incident}", "{unit} diverted to #{incident}")          \
    X(CON_DO_STAND_DOWN, "{unit} ditarik", "{unit} stood down")                                    \
    X(CON_DO_CLOSE, "#{incident} ditutup: {outcome}", "#{incident} closed: {outcome}")             \
    X(CON_DO_TRIAGE, "#{incident} triase {what}", "#{incident} triage {what}")                     \
    X(CON_DO_STATUS, "{unit} {state}", "{unit} {state}")                                           \
    X(CON_DO_DUTY_ON, "{unit} masuk tugas", "{unit} on duty")                                      \
    X(CON_DO_DUTY_OFF, "{unit} lepas tugas", "{unit} off duty")                                    \
    X(CON_DO_PLACE, "tempat #{incident}: {place}", "place of #{incident}: {place}")                \
    X(CON_DO_NARROW, "tempat #{incident} diperjelas", "more on the place of #{incident}")          \
    X(CON_DO_LINK, "telepon {call} digabung ke #{incident}", "call {call} linked to #{incident}")  \
    X(CON_DO_BACKUP, "{n} unit tambahan untuk #{incident}", "{n} more units for #{incident}")      \
    X(CON_DO_AID, "bantuan tetangga untuk #{incident}", "neighbours asked for #{incident}")        \
    X(CON_DO_MASS, "korban massal #{incident}", "mass casualty #{incident}")                       \
    X(CON_DO_ALERT, "{agency} diberi tahu tentang #{incident}", "{agency} alerted to #{incident}") \
    X(CON_DO_ADVISE, "saran baru untuk #{incident}", "a fresh recommendation for #{incident}")     \
    X(CON_DO_OTHER, "permintaan", "a request")                                                     \
    /* Why a command line is not understood. */                                                    \
    X(CON_BAD_COMMAND, "tidak ada perintah “{word}”; F1 menunjukkan semuanya", "no command “{word}”; F1 shows them all") \
    X(CON_BAD_UNIT, "tidak ada unit “{word}”", "no unit “{word}”")                                 \
    X(CON_MANY_UNITS, "“{word}” bisa {units}", "“{word}” may be {units}")                          \
    X(CON_BAD_INCIDENT, "tidak ada kejadian “{word}”", "no incident “{word}”")                     \
    X(CON_NO_INCIDENT, "pilih dulu satu kejadian", "choose an incident first")                     \
    X(CON_BAD_STATUS, "“{word}” bukan status: {known}", "“{word}” is no status: {known}")          \
    X(CON_BAD_OUTCOME, "“{word}” bukan hasil: {known}", "“{word}” is no outcome: {known}")         \
    X(CON_BAD_NUMBER, "“{word}” bukan bilangan yang mungkin", "“{word}” is no number that can be") \
    X(CON_BAD_TRIAGE, "“{word}” bukan prioritas, keluhan, atau jumlah unit", "“{word}” is no priority, complaint or number of units") \
    X(CON_BAD_KIND, "“{word}” bukan jenis unit", "“{word}” is no kind of unit")                    \
    X(CON_MISSING, "kurang: {what}", "missing: {what}")                                            \
    X(CON_TOO_MUCH, "“{word}” terlalu banyak di sini", "“{word}” is too much here")                \
    X(CON_NO_JOB, "{unit} sedang tidak bertugas di kejadian mana pun", "{unit} is on no incident")  \
    X(CON_NO_CHOICE, "tidak ada calon tempat nomor {n}", "there is no candidate place {n}")        \
    X(CON_NO_CALL, "kejadian ini tanpa telepon", "the incident has no call")                       \
    X(CON_WHAT_UNIT, "unit", "unit")                                                               \
    X(CON_WHAT_STATUS, "status", "status")                                                         \
    X(CON_WHAT_OUTCOME, "hasil", "outcome")                                                        \
    X(CON_WHAT_TEXT, "teks", "text")                                                               \
    X(CON_WHAT_NUMBER, "nomor", "number")                                                          \
    X(CON_WHAT_TRIAGE, "prioritas, keluhan, atau +unit", "priority, complaint or +units")          \
    X(CON_WHAT_AGENCY, "kode instansi", "the agency's code")                                       \
    /* Help: the commands. */                                                                      \
    X(CON_HELP_UNIT, "status unit dicatat petugas: terima jalan lokasi bawa [RS] rs serah bebas tolak masuk lepas aman, [JAM]", \
      "a unit's status told by radio: ac er os tr [HOSPITAL] ah ho free decline on off well, [TIME]")           \
    X(CON_HELP_ORDER, "kirim unit ke kejadian; tanpa unit: yang terbaik", "send a unit to an incident; without a unit: the best") \
    X(CON_HELP_DIVERT, "alihkan unit dari kejadiannya", "take a unit from what it is on")          \
    X(CON_HELP_STAND_DOWN, "tarik unit, dengan alasan", "call a unit off, with a reason")          \
    X(CON_HELP_CLOSE, "hasil: iseng bisu hantu putus ganda info nyata tertangani batal", "outcome: prank silent ghost abandoned dup info real served cancel") \
    X(CON_HELP_TRIAGE, "ubah prioritas, keluhan, +N unit, atau *N alarm", "change priority, complaint, +N units or *N alarm") \
    X(CON_HELP_PLACE, "pakai calon tempat N", "take candidate place N")                            \
    X(CON_HELP_SAY, "tambah kata penelepon tentang tempatnya", "add what the caller says of the place") \
    X(CON_HELP_LINK, "gabungkan telepon kejadian terpilih ke kejadian N", "link the chosen incident's call to incident N") \
    X(CON_HELP_BACKUP, "minta unit tambahan", "ask for more units")                                \
    X(CON_HELP_AID, "minta bantuan tetangga", "ask the neighbours")                                \
    X(CON_HELP_MASS, "nyatakan korban massal", "declare a mass casualty")                          \
    X(CON_HELP_ALERT, "beri tahu instansi lain", "alert another agency")                           \
    X(CON_HELP_ADVISE, "minta saran baru", "ask for a fresh recommendation")                       \
    X(CON_HELP_NEW, "telepon baru (F2)", "new call (F2)")                                          \
    X(CON_HELP_INCIDENT, "pilih kejadian N", "choose incident N")                                  \
    X(CON_HELP_FIND, "tampilkan hanya yang cocok; Esc semua", "show only what matches; Esc all")   \
    X(CON_HELP_RESEND, "kirim lagi perintah lama", "send old requests again")                      \
    X(CON_HELP_DROP, "buang perintah lama", "drop old requests")                                   \
    X(CON_HELP_QUIT, "keluar (F10)", "leave (F10)")                                                \
    X(CON_HELP_ARG_UNIT, "UNIT", "UNIT")                                                           \
    X(CON_HELP_INTRO, "Huruf apa pun masuk ke baris perintah; Tab melengkapi, Enter menjalankan. Kejadian tanpa nomor = yang disorot.", \
      "Any letter goes to the command line; Tab completes, Enter does it. An incident that is not named is the marked one.") \
    X(CON_HELP_KEYS, "↑↓ kejadian · ⇧Tab/Tab papan berikut · Enter rincian · F5 kirim unit terbaik · F6 pilih tempat, lalu unit dari saran · F9 lalu satu huruf: hasil · F3 unit · F4 rincian, lagi: tanya · F7 peta · F8 catatan, riwayat, RS, rujukan, telepon · Ctrl-T angkat telepon · Ctrl-G pegang kejadian, lepas · F11 serah terima · F12 penyelia · Ctrl-P Ctrl-N baris sebelumnya · Ctrl-L gambar ulang", \
      "↑↓ incident · ⇧Tab/Tab next board · Enter detail · F5 send the best unit · F6 choose the place, then a unit of the recommendation · F9 then a letter: outcome · F3 units · F4 detail, again: questions · F7 map · F8 log, incident log, hospitals, transfers, telephones · Ctrl-T take the telephone · Ctrl-G take the incident in hand, release it · F11 hand-over · F12 supervisor · Ctrl-P Ctrl-N earlier lines · Ctrl-L redraw")
/* clang-format on */

#endif
