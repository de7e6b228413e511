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
    X(CON_FORM_KEYS, "Enter lanjut · Tab/⇧Tab pindah · F2 KIRIM · Esc simpan sebagai konsep",      \
      "Enter next · Tab/⇧Tab move · F2 SEND · Esc keep as draft")                                  \
    X(CON_FORM_DRAFT, "konsep telepon disimpan; F2 membukanya lagi", "the draft of the call is kept; F2 opens it again") \
    X(CON_PLACE_BY_HAND, "hanya kata-kata", "words only")                                          \
    /* The bottom lines. */                                                                        \
    X(CON_KEYS, "F1 bantuan F2 TELEPON F5 KIRIM F6 pilih F7 peta F8 catatan F9 tutup F10 keluar", \
      "F1 help F2 NEW CALL F5 SEND F6 choose F7 map F8 log F9 close F10 quit")                \
    X(CON_KEYS_OUTCOME, "HASIL #{incident}: [i]seng [b]isu [h]antu [d]ganda in[f]o [t]ertangani [x]batal  Esc", \
      "OUTCOME #{incident}: [p]rank [s]ilent [g]host [d]uplicate [i]nfo se[r]ved cancel[x]  Esc")  \
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
    X(CON_HELP_UNIT, "status unit dicatat petugas: terima jalan lokasi bawa [RS] rs serah bebas tolak masuk lepas", \
      "a unit's status told by radio: ac er os tr [HOSPITAL] ah ho free decline on off")           \
    X(CON_HELP_ORDER, "kirim unit ke kejadian; tanpa unit: yang terbaik", "send a unit to an incident; without a unit: the best") \
    X(CON_HELP_DIVERT, "alihkan unit dari kejadiannya", "take a unit from what it is on")          \
    X(CON_HELP_STAND_DOWN, "tarik unit, dengan alasan", "call a unit off, with a reason")          \
    X(CON_HELP_CLOSE, "tutup kejadian: iseng bisu hantu ganda info tertangani batal", "close an incident: prank silent ghost dup info served cancel") \
    X(CON_HELP_TRIAGE, "ubah prioritas, keluhan, atau +N unit", "change priority, complaint or +N units") \
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
    X(CON_HELP_KEYS, "↑↓ kejadian · ⇧Tab/Tab papan berikut · Enter rincian · F5 kirim unit terbaik · F6 pilih tempat, lalu unit dari saran · F9 lalu satu huruf: tutup dengan hasil · F3 unit F4 rincian F7 peta F8 catatan · Ctrl-L gambar ulang", \
      "↑↓ incident · ⇧Tab/Tab next board · Enter detail · F5 send the best unit · F6 choose the place, then a unit of the recommendation · F9 then a letter: close with this outcome · F3 units F4 detail F7 map F8 log · Ctrl-L redraw")
/* clang-format on */

#endif
