/* The table of texts: X(KEY, Indonesian, English). Read through texts.h. */
#ifndef SGP_APPS_TEXTS_TABLE_H
#define SGP_APPS_TEXTS_TABLE_H

#include "apps/texts_cameras.h"
#include "apps/texts_chat.h"
#include "apps/texts_admin.h"
#include "apps/texts_console.h"
#include "apps/texts_desk.h"
#include "apps/texts_ring.h"

/* clang-format off */
#define SGP_TEXTS(X)                                                                               \
    SGP_CAMERA_TEXTS(X)                                                                            \
    SGP_CHAT_TEXTS(X)                                                                              \
    SGP_CONSOLE_TEXTS(X)                                                                           \
    SGP_DESK_TEXTS(X)                                                                              \
    SGP_ADMIN_TEXTS(X)                                                                             \
    SGP_RING_TEXTS(X)                                                                              \
    /* Words of the wire, in the order of their numbers. */                                        \
    X(STATUS_UNKNOWN, "tidak diketahui", "unknown")                                                \
    X(STATUS_OFF_DUTY, "lepas tugas", "off duty")                                                  \
    X(STATUS_AVAILABLE, "siap", "available")                                                       \
    X(STATUS_ORDERED, "diperintah", "ordered")                                                     \
    X(STATUS_EN_ROUTE, "menuju lokasi", "en route")                                                \
    X(STATUS_ON_SCENE, "di lokasi", "on scene")                                                    \
    X(STATUS_TRANSPORTING, "membawa pasien", "transporting")                                       \
    X(STATUS_AT_HOSPITAL, "di rumah sakit", "at hospital")                                         \
    X(KIND_UNKNOWN, "unit", "unit")                                                                \
    X(KIND_BASIC, "ambulans", "ambulance")                                                         \
    X(KIND_ADVANCED, "ambulans gawat darurat", "advanced ambulance")                               \
    X(KIND_MOTORBIKE, "motor", "motorbike")                                                        \
    X(KIND_COMMAND, "mobil komando", "command car")                                                \
    X(KIND_FIRE, "mobil pemadam", "fire engine")                                                   \
    X(KIND_RESCUE, "mobil penyelamat", "rescue vehicle")                                           \
    X(INCIDENT_UNKNOWN, "tidak diketahui", "unknown")                                              \
    X(INCIDENT_LOCATING, "mencari tempat", "locating")                                             \
    X(INCIDENT_WAITING, "menunggu unit", "waiting")                                                \
    X(INCIDENT_ASSIGNED, "ditangani", "assigned")                                                  \
    X(INCIDENT_CLOSED, "selesai", "closed")                                                        \
    X(ASSIGNMENT_UNKNOWN, "tidak diketahui", "unknown")                                            \
    X(ASSIGNMENT_PROPOSED, "diusulkan", "proposed")                                                \
    X(ASSIGNMENT_ORDERED, "diperintah", "ordered")                                                 \
    X(ASSIGNMENT_ACCEPTED, "diterima", "accepted")                                                 \
    X(ASSIGNMENT_EN_ROUTE, "menuju lokasi", "en route")                                            \
    X(ASSIGNMENT_ON_SCENE, "di lokasi", "on scene")                                                \
    X(ASSIGNMENT_TRANSPORTING, "membawa pasien", "transporting")                                   \
    X(ASSIGNMENT_AT_HOSPITAL, "di rumah sakit", "at hospital")                                     \
    X(ASSIGNMENT_HANDED_OVER, "serah terima", "handed over")                                       \
    X(ASSIGNMENT_CLOSED, "selesai", "closed")                                                      \
    X(ASSIGNMENT_DECLINED, "ditolak", "declined")                                                  \
    X(ASSIGNMENT_TIMED_OUT, "tidak dijawab", "timed out")                                          \
    X(ASSIGNMENT_DIVERTED, "dialihkan", "diverted")                                                \
    X(ASSIGNMENT_STOOD_DOWN, "ditarik", "stood down")                                              \
    X(PLACE_UNKNOWN, "tempat", "place")                                                            \
    X(PLACE_COORDINATES, "koordinat", "coordinates")                                               \
    X(PLACE_ADDRESS, "alamat", "address")                                                          \
    X(PLACE_STREET, "jalan", "street")                                                             \
    X(PLACE_JUNCTION, "simpang", "junction")                                                       \
    X(PLACE_FACILITY, "fasilitas", "facility")                                                     \
    X(PLACE_AREA, "wilayah", "area")                                                               \
    X(PLACE_GANG, "gang", "gang")                                                                  \
    X(PLACE_ESTATE, "perumahan", "housing estate")                                                 \
    X(PLACE_RT_RW, "RT/RW", "RT/RW")                                                               \
    X(PLACE_RELATIVE, "dekat patokan", "by a landmark")                                            \
    X(PLACE_KM_POST, "patok km", "km post")                                                        \
    X(PLACE_PLUS_CODE, "Plus Code", "Plus Code")                                                   \
    X(PLACE_PHONE, "posisi telepon", "phone's position")                                           \
    X(PRECISION_UNKNOWN, "-", "-")                                                                 \
    X(PRECISION_EXACT, "tepat", "exact")                                                           \
    X(PRECISION_INTERPOLATED, "antara nomor", "between numbers")                                   \
    X(PRECISION_NEAREST, "terdekat", "nearest known")                                              \
    X(PRECISION_WHOLE, "titik tengah", "middle of it")                                             \
    X(WORD_NAME, "nama", "name")                                                                   \
    X(WORD_MARKER, "penanda", "marker")                                                            \
    X(WORD_NUMBER, "nomor", "number")                                                              \
    X(WORD_RELATION, "hubungan", "relation")                                                       \
    X(WORD_JUNCTION, "persimpangan", "junction")                                                   \
    X(WORD_FILLER, "pelengkap", "filler")                                                          \
    X(WORD_LEFT_OVER, "tak dimengerti", "not understood")                                          \
    X(PHRASE_TARGET, "tujuan", "target")                                                           \
    X(PHRASE_CROSSING, "jalan simpang", "crossing street")                                         \
    X(PHRASE_LANDMARK, "patokan", "landmark")                                                      \
    X(WANTED_ANY, "apa saja", "anything")                                                          \
    X(WANTED_STREET, "jalan", "street")                                                            \
    X(WANTED_GANG, "gang", "gang")                                                                 \
    X(WANTED_ESTATE, "perumahan", "housing estate")                                                \
    X(WANTED_AREA, "wilayah", "area")                                                              \
    X(WANTED_RT_RW, "RT/RW", "RT/RW")                                                              \
    X(WANTED_FACILITY, "fasilitas", "facility")                                                    \
    X(WANTED_JUNCTION, "simpang", "junction")                                                      \
    X(WANTED_KM_POST, "patok km", "km post")                                                       \
    X(RELATION_NONE, "patokan", "landmark")                                                        \
    X(RELATION_IN_FRONT, "di depan", "in front of")                                                \
    X(RELATION_BEHIND, "di belakang", "behind")                                                    \
    X(RELATION_BESIDE, "di sebelah", "beside")                                                     \
    X(RELATION_ACROSS, "di seberang", "across from")                                               \
    X(RELATION_NEAR, "dekat", "near")                                                              \
    X(RELATION_NORTH, "di utara", "north of")                                                      \
    X(RELATION_EAST, "di timur", "east of")                                                        \
    X(RELATION_SOUTH, "di selatan", "south of")                                                    \
    X(RELATION_WEST, "di barat", "west of")                                                        \
    X(RELATION_BETWEEN, "di antara", "between")                                                    \
    X(RELATION_INTO, "masuk ke", "into")                                                           \
    X(OUTCOME_NONE, "belum selesai", "open")                                                       \
    X(OUTCOME_SERVED, "tertangani", "served")                                                      \
    X(OUTCOME_CANCELLED, "dibatalkan", "cancelled")                                                \
    X(OUTCOME_DUPLICATE, "kejadian ganda", "duplicate")                                            \
    X(OUTCOME_PRANK, "telepon iseng", "prank")                                                     \
    X(OUTCOME_SILENT, "telepon bisu", "silent call")                                               \
    X(OUTCOME_GHOST, "telepon hantu", "ghost call")                                                \
    X(OUTCOME_INFORMATION, "minta informasi", "information")                                       \
    X(OUTCOME_ABANDONED, "diputus penelepon", "abandoned")                                         \
    X(OUTCOME_REAL, "nyata", "real")                                                               \
    /* Durations. */                                                                               \
    X(UNREACHABLE, "tak terjangkau", "unreachable")                                                \
    X(SECONDS, "{seconds} dtk", "{seconds} s")                                                     \
    X(MINUTES, "{minutes} mnt {seconds} dtk", "{minutes} min {seconds} s")                         \
    X(HOURS, "{hours} jam {minutes} mnt", "{hours} h {minutes} min")                               \
    X(DECIMAL_POINT, ",", ".")                                                                     \
    /* The stream. */                                                                              \
    X(SKETCH, "SKETSA", "SKETCH")                                                                  \
    X(WATCH_HEADER, "Sigap {version} · {city} · {units} unit, {free} siap · {incidents} kejadian terbuka", \
      "Sigap {version} · {city} · {units} units, {free} available · {incidents} open incidents")   \
    X(RECONNECTING, "sambungan ke mesin putus ({reason}); mencoba lagi",                           \
      "lost the engine ({reason}); trying again")                                                  \
    X(RECONNECTED, "tersambung lagi", "connected again")                                           \
    X(CLOSED_MEANWHILE, "selesai selagi sambungan putus", "closed while the connection was lost")  \
    X(CALL_LOCATING, "telepon masuk, tempatnya dicari", "call came in, looking for the place")     \
    X(CALL_ANOTHER, "telepon lain (telepon {call}) untuk kejadian ini",                            \
      "another call (call {call}) for this incident")                                              \
    X(CALL_LINKED, "telepon {call} digabung ke kejadian ini", "call {call} was linked to this incident") \
    X(ALIKE, "mungkin sama dengan #{other}: berjarak {metres} m, {time} setelah telepon terakhirnya, {why}; gabung: sigap link {call} {other}", \
      "perhaps the same as #{other}: {metres} m away, {time} after its last call, {why}; link: sigap link {call} {other}") \
    X(ALIKE_NUMBER, "mungkin sama dengan #{other}: nomor yang sama menelepon {time} sebelumnya; gabung: sigap link {call} {other}", \
      "perhaps the same as #{other}: the same number called {time} before; link: sigap link {call} {other}") \
    X(NUISANCE, "telepon {call}: nomor ini tercatat {n} kali iseng, bisu atau hantu ({first} - {last}), ditandai sampai {until}; tetap dilayani", \
      "call {call}: {n} pranks, silent or ghost calls came from this number ({first} - {last}), marked until {until}; it is served all the same") \
    X(SUSPECT, "belum dipastikan: menunggu di belakang kejadian lain yang sama prioritasnya; pastikan: sigap real {incident}", \
      "not confirmed: it waits behind others of its priority; confirm: sigap real {incident}")     \
    X(NOTE, "catatan {who}: {text}", "note by {who}: {text}")                                      \
    X(PREMISE_UNKNOWN, "catatan", "note")                                                          \
    X(PREMISE_HAZARD, "bahaya", "hazard")                                                          \
    X(PREMISE_ACCESS, "akses", "access")                                                           \
    X(PREMISE_PATIENT, "pasien dikenal", "known patient")                                          \
    X(PREMISE_OTHER, "catatan", "note")                                                            \
    X(PREMISE_NONE, "tidak ada catatan tempat", "there is no premise note")                        \
    X(PREMISE_AT, "catatan tempat {id} ({kind}): {text}", "premise note {id} ({kind}): {text}")    \
    X(PREMISE_ROW, "{id}  {kind}  {where} ({metres} m)  sampai {until}  {text}",                   \
      "{id}  {kind}  {where} ({metres} m)  until {until}  {text}")                                 \
    X(LOG_ENGINE, "mesin", "engine")                                                               \
    X(LOG_ERASED, "(terhapus)", "(erased)")                                                        \
    X(LOG_CALL, "telepon {call} masuk", "call {call} came in")                                     \
    X(LOG_PLACED, "tempat telepon {call} dicari", "the place of call {call} was looked up")        \
    X(LOG_NARROWED, "telepon {call}: keterangan tempat ditambah", "call {call}: more said about the place") \
    X(LOG_LINKED, "telepon {call} digabung", "call {call} was linked")                             \
    X(LOG_CHOSEN, "tempat dipilih", "the place was chosen")                                        \
    X(LOG_TRIAGED, "triase {priority}", "triage {priority}")                                       \
    X(LOG_QUESTION, "jawaban pertanyaan dicatat", "an answer of the script was noted")             \
    X(LOG_ALERTED, "layanan lain diberi tahu", "another service was alerted")                      \
    X(LOG_AGENCY, "layanan lain menjawab", "another service answered")                             \
    X(LOG_BACKUP, "unit tambahan diminta", "more units were asked for")                            \
    X(LOG_AID, "bantuan tetangga", "mutual aid")                                                   \
    X(LOG_MASS, "korban massal", "mass casualty")                                                  \
    X(LOG_NOT_ALIKE, "telepon {call}: bukan kejadian yang sama", "call {call}: not the same incident") \
    X(LOG_MARKED, "tanda nomor telepon {call} diubah", "the mark of the number of call {call} was changed") \
    X(LOG_JUDGED, "telepon {call}: {outcome}", "call {call}: {outcome}")                           \
    X(LOG_CLOSED, "selesai: {outcome}", "closed: {outcome}")                                       \
    X(LOG_UNIT, "{unit} {state}", "{unit} {state}")                                                \
    X(HISTORY_NUMBER, "nomor yang sama:", "the same number:")                                      \
    X(HISTORY_PLACE, "di tempat ini ({metres} m):", "at this place ({metres} m):")                 \
    X(HISTORY_NONE, "belum pernah ada telepon dari nomor atau tempat ini",                         \
      "nothing was heard from this number or place before")                                        \
    X(NUISANCE_NONE, "tidak ada nomor yang ditandai", "no number is marked")                       \
    X(NUISANCE_ROW, "{number}: {n} kali, {first} - {last}; ditandai {who} sampai {until}; telepon terakhir {call}", \
      "{number}: {n} times, {first} - {last}; marked by {who} until {until}; latest call {call}")  \
    X(NUISANCE_RULES, "mesin", "the engine")                                                       \
    X(NUISANCE_UNKNOWN, "(nomor terhapus)", "(number erased)")                                     \
    X(ALIKE_MORE, " (dan {n} lainnya)", " (and {n} others)")                                       \
    X(LIKE_SAME, "keluhan sama", "same complaint")                                                 \
    X(LIKE_FAMILY, "keluhan serupa", "similar complaint")                                          \
    X(LIKE_NOT_SAID, "keluhan belum jelas", "complaint not clear")                                 \
    X(LIKE_OTHER, "keluhan lain", "another complaint")                                             \
    X(PLACE_UNSURE, "tempat belum pasti: {candidates}", "place not certain: {candidates}")         \
    X(PLACE_NONE, "tempat tidak ditemukan, perlu petugas", "place not found, needs a dispatcher")  \
    X(PLACE_CHANGED, "tempat kini {place}", "place now {place}")                                   \
    X(TRIAGED, "kini {priority}, {complaint}", "now {priority}, {complaint}")                      \
    X(UNIT_SENT, "{unit} dikirim, {travel}", "{unit} sent, {travel}")                              \
    X(UNIT_SENT_TURNOUT, "{unit} dikirim, {total} = jalan {travel} + siap-siap {turnout}",         \
      "{unit} sent, {total} = travel {travel} + turnout {turnout}")                                \
    X(NEXT_BEST, "(berikutnya: {unit} {travel})", "(next: {unit} {travel})")                       \
    X(NO_NEXT, "(tidak ada unit lain yang siap)", "(no other unit available)")                     \
    X(REASON_FASTEST, "tercepat dari {n} unit siap", "fastest of {n} available")                   \
    X(REASON_CHOSEN, "pilihan petugas; saran: {unit} {travel}",                                    \
      "dispatcher's choice; recommended: {unit} {travel}")                                         \
    X(REASON_PLANNED, "menurut rencana dan kebijakan; tercepat dari semua: {unit} {travel}",       \
      "by plan and policy; fastest of all: {unit} {travel}")                                       \
    X(REASON_BUSY, "{n} bertugas", "{n} busy")                                                     \
    X(REASON_OFF_DUTY, "{n} lepas tugas", "{n} off duty")                                          \
    X(REASON_WRONG_KIND, "{n} bukan ambulans", "{n} of the wrong kind")                            \
    X(REASON_NO_POSITION, "{n} tanpa posisi", "{n} without position")                              \
    X(REASON_STALE, "{n} posisinya usang", "{n} with a stale position")                            \
    X(REASON_UNREACHABLE, "{n} tak terjangkau", "{n} unreachable")                                 \
    X(REASON_DECLINED, "{n} sudah menolak", "{n} declined already")                                \
    X(REASON_NOT_YET_FREE, "{n} segera bebas", "{n} free soon")                                    \
    X(REASON_NOT_DIVERTIBLE, "{n} tidak dialihkan", "{n} not to be diverted")                      \
    X(REASON_SKILLS, "{n} kurang keahlian", "{n} without the skills")                              \
    X(REASON_AGENCY, "{n} tidak diizinkan pemiliknya", "{n} not lent by the owner")                \
    X(REASON_NEIGHBOUR, "{n} milik tetangga", "{n} of neighbours")                                 \
    X(REASON_CREW_HOURS, "{n} krunya terlalu lama bertugas", "{n} with a crew too long on duty")   \
    X(REASON_TOO_WIDE, "{n} terlalu lebar", "{n} too wide")                                        \
    X(REASON_NEEDED_ELSEWHERE, "{n} lebih dibutuhkan di tempat lain", "{n} needed more elsewhere") \
    X(RECOMMENDED, "saran: {unit} {travel}", "recommended: {unit} {travel}")                       \
    X(RECOMMENDED_NONE, "tidak ada unit yang bisa dikirim", "no unit can be sent")                 \
    X(BY_ENGINE, "otomatis", "without a click")                                                    \
    X(BY_DISPATCHER, "oleh petugas", "by the dispatcher")                                          \
    X(UNIT_ACCEPTED, "{unit} menerima perintah (dijawab dalam {time})",                            \
      "{unit} accepts the order (answered in {time})")                                             \
    X(UNIT_DECLINED, "{unit} menolak: {reason}", "{unit} declines: {reason}")                      \
    X(UNIT_TIMED_OUT, "{unit} tidak menjawab selama {time}", "{unit} did not answer for {time}")   \
    X(UNIT_EN_ROUTE, "{unit} berangkat (sejak diperintah {time})",                                 \
      "{unit} en route (turnout {time})")                                                          \
    X(UNIT_ON_SCENE, "{unit} tiba di lokasi (perjalanan {time}; respons sejak telepon dijawab {response})", \
      "{unit} on scene (travel {time}; response since the call was answered {response})")          \
    X(UNIT_TRANSPORTING, "{unit} membawa pasien ke {hospital} (di lokasi {time})",                 \
      "{unit} transporting to {hospital} (on scene {time})")                                       \
    X(UNIT_AT_HOSPITAL, "{unit} tiba di {hospital} (perjalanan {time})",                           \
      "{unit} at {hospital} (transport {time})")                                                   \
    X(UNIT_HANDED_OVER, "{unit} serah terima pasien selesai ({time})",                             \
      "{unit} handed over ({time})")                                                               \
    X(UNIT_FREE, "{unit} bebas kembali (tugas {time})", "{unit} free again (assignment {time})")   \
    X(UNIT_STOOD_DOWN, "{unit} ditarik: {reason}", "{unit} stood down: {reason}")                  \
    X(UNIT_DIVERTED, "{unit} dialihkan: {reason}", "{unit} diverted: {reason}")                    \
    X(UNIT_DIVERTED_BY_HAND, "PERHATIAN: {unit}, yang dikirim petugas, DIALIHKAN: {reason}",       \
      "NOTE: {unit}, which a dispatcher had sent, was DIVERTED: {reason}")                         \
    X(NO_REASON, "tanpa alasan", "no reason given")                                                \
    X(A_HOSPITAL, "rumah sakit", "hospital")                                                       \
    X(INCIDENT_ENDED, "selesai: {outcome} (seluruhnya {time})", "closed: {outcome} (in all {time})") \
    X(UNIT_ON_DUTY, "{unit} masuk tugas", "{unit} on duty")                                        \
    X(UNIT_OFF_DUTY, "{unit} lepas tugas", "{unit} off duty")                                      \
    /* Tables. */                                                                                  \
    X(COLUMN_KIND, "jenis", "kind")                                                                \
    X(COLUMN_PLACE, "tempat", "place")                                                             \
    X(COLUMN_KELURAHAN, "kelurahan", "kelurahan")                                                  \
    X(COLUMN_UNCERTAINTY, "ketidakpastian", "uncertainty")                                         \
    X(COLUMN_CONFIDENCE, "keyakinan", "confidence")                                                \
    X(COLUMN_POINT, "titik (bujur,lintang)", "point (lon,lat)")                                    \
    X(COLUMN_UNIT, "unit", "unit")                                                                 \
    X(COLUMN_STATUS, "status", "status")                                                           \
    X(COLUMN_STATION, "pangkalan", "station")                                                      \
    X(COLUMN_AGE, "umur posisi", "position age")                                                   \
    X(COLUMN_INCIDENT, "kejadian", "incident")                                                     \
    X(COLUMN_PRIORITY, "prio", "prio")                                                             \
    X(COLUMN_COMPLAINT, "keluhan", "complaint")                                                    \
    X(COLUMN_STATE, "keadaan", "state")                                                            \
    X(COLUMN_OPENED, "dijawab", "answered")                                                        \
    X(COLUMN_LOCATE, "cari tempat", "locate")                                                      \
    X(COLUMN_DECIDE, "putuskan", "decide")                                                         \
    X(COLUMN_TURNOUT, "berangkat", "turnout")                                                      \
    X(COLUMN_TRAVEL, "perjalanan", "travel")                                                       \
    X(COLUMN_SCENE, "di lokasi", "scene")                                                          \
    X(COLUMN_TRANSPORT, "ke RS", "transport")                                                      \
    X(COLUMN_HANDOVER, "serah terima", "handover")                                                 \
    X(COLUMN_RESPONSE, "respons", "response")                                                      \
    X(COLUMN_OUTCOME, "hasil", "outcome")                                                          \
    X(COLUMNS_LEFT_OUT, "layar terlalu sempit, tidak ditampilkan: {columns}",                      \
      "the screen is too narrow, left out: {columns}")                                             \
    X(AT_STATION, "di pangkalan", "at station")                                                    \
    X(POST_ORDERED, "diminta siaga di {place} (#{number})", "asked to wait at {place} (#{number})") \
    X(POST_ACCEPTED, "menuju siaga {place}", "moving up to {place}")                               \
    X(POST_THERE, "siaga di {place}", "waiting at {place}")                                        \
    X(POST_DECLINED, "menolak siaga di {place}", "declined to wait at {place}")                    \
    X(DONE_MOVE_UP, "{unit}: diminta siaga di {place}", "{unit}: asked to wait at {place}")        \
    X(DONE_MOVE_UP_END, "{unit}: siaga selesai", "{unit}: need not wait there any more")           \
    X(DONE_MOVE_UP_YES, "{unit}: bersedia siaga", "{unit}: moves up")                              \
    X(DONE_MOVE_UP_NO, "{unit}: tidak bersedia siaga", "{unit}: does not move up")                 \
    X(CREW_MOVE_UP, "{unit} diminta siaga di {place}", "{unit} is asked to wait at {place}")       \
    X(CREW_MOVE_UP_END, "{unit}: siaga selesai, kembali ke pangkalan",                             \
      "{unit}: need not wait there any more, back to the station")                                 \
    X(NOTHING_FOUND, "tidak ada yang ditemukan", "nothing found")                                  \
    X(DATABASE_AWAY, "basis data sedang tidak terjangkau: tempat dari teks belum bisa dicari",     \
      "the database is away: places cannot be looked up by text now")                              \
    X(NO_INCIDENTS, "tidak ada kejadian terbuka", "no open incidents")                             \
    X(NO_UNITS, "mesin belum mengenal satu unit pun", "the engine knows no units")                 \
    /* Hospitals. */                                                                               \
    X(ABILITY_TRAUMA, "trauma",                                                                    \
      "trauma")                                                                                    \
    X(ABILITY_STROKE, "stroke",                                                                    \
      "stroke")                                                                                    \
    X(ABILITY_STEMI, "serangan jantung (kateterisasi)",                                            \
      "heart attack (catheter)")                                                                   \
    X(ABILITY_OBSTETRIC, "persalinan",                                                             \
      "obstetric")                                                                                 \
    X(ABILITY_PAEDIATRIC, "anak",                                                                  \
      "paediatric")                                                                                \
    X(ABILITY_NEONATAL, "bayi baru lahir",                                                         \
      "neonatal")                                                                                  \
    X(ABILITY_BURN, "luka bakar",                                                                  \
      "burns")                                                                                     \
    X(ABILITY_DIALYSIS, "cuci darah",                                                              \
      "dialysis")                                                                                  \
    X(ABILITY_PSYCHIATRIC, "jiwa",                                                                 \
      "psychiatric")                                                                               \
    X(ABILITY_INTENSIVE_CARE, "ICU",                                                               \
      "intensive care")                                                                            \
    X(ABILITY_SURGERY, "bedah",                                                                    \
      "surgery")                                                                                   \
    X(ABILITY_ISOLATION, "isolasi",                                                                \
      "isolation")                                                                                 \
    X(DIVERSION_OPEN, "menerima",                                                                  \
      "open")                                                                                      \
    X(DIVERSION_SOME, "mengalihkan sebagian",                                                      \
      "diverts some")                                                                              \
    X(DIVERSION_ALL, "mengalihkan semua",                                                          \
      "diverts all")                                                                               \
    X(DIVERSION_CLOSED, "tutup",                                                                   \
      "closed")                                                                                    \
    X(COLOUR_RED, "merah",                                                                         \
      "red")                                                                                       \
    X(COLOUR_YELLOW, "kuning",                                                                     \
      "yellow")                                                                                    \
    X(COLOUR_GREEN, "hijau",                                                                       \
      "green")                                                                                     \
    X(COLOUR_BLACK, "hitam",                                                                       \
      "black")                                                                                     \
    X(UNFIT_NOT, "cocok",                                                                          \
      "fits")                                                                                      \
    X(UNFIT_FULL, "penuh",                                                                         \
      "full")                                                                                      \
    X(UNFIT_DIVERTS, "mengalihkan",                                                                \
      "diverts")                                                                                   \
    X(UNFIT_LACKS, "tidak mampu",                                                                  \
      "lacks")                                                                                     \
    X(UNFIT_CLOSED, "tutup",                                                                       \
      "closed")                                                                                    \
    X(UNFIT_UNREACHABLE, "tak terjangkau",                                                         \
      "unreachable")                                                                               \
    X(COLUMN_HOSPITAL, "rumah sakit",                                                              \
      "hospital")                                                                                  \
    X(COLUMN_FREE_BEDS, ">bed kosong",                                                             \
      ">free beds")                                                                                \
    X(COLUMN_TOLD, "umur laporan",                                                                 \
      "told")                                                                                      \
    X(COLUMN_ABILITIES, "kemampuan",                                                               \
      "abilities")                                                                                 \
    X(COLUMN_HOSPITAL_NAME, "nama",                                                                \
      "name")                                                                                      \
    X(COLUMN_ARRIVES, "tiba",                                                                      \
      "arrives")                                                                                   \
    X(COLUMN_LEFT, "sisa",                                                                         \
      "left")                                                                                      \
    X(COLUMN_TRIAGE, "triase",                                                                     \
      "triage")                                                                                    \
    X(COLUMN_NEEDS, "kebutuhan",                                                                   \
      "needs")                                                                                     \
    X(COLUMN_INBOUND, ">menuju",                                                                   \
      ">inbound")                                                                                  \
    X(COLUMN_LACKS, "kurang",                                                                      \
      "lacks")                                                                                     \
    X(NEVER_TOLD, "belum lapor",                                                                   \
      "never told")                                                                                \
    X(WAITS_SINCE, "menunggu",                                                                     \
      "waits")                                                                                     \
    X(NO_HOSPITALS, "mesin belum mengenal satu rumah sakit pun",                                   \
      "the engine knows no hospitals")                                                             \
    X(NO_INBOUND, "tidak ada pasien yang menuju rumah sakit",                                      \
      "no patient is on the way to a hospital")                                                    \
    X(HOSPITAL_FOR, "{unit}, kejadian #{incident}: perlu {needs}; baik bila ada {wishes} ({source})", \
      "{unit}, incident #{incident}: needs {needs}; would be good: {wishes} ({source})")           \
    X(NEEDS_BY_CREW, "kata awak",                                                                  \
      "by the crew")                                                                               \
    X(NEEDS_BY_COMPLAINT, "dari keluhan",                                                          \
      "by the complaint")                                                                          \
    X(HOSPITAL_NONE_FITS, "tidak ada rumah sakit yang cocok; yang pertama adalah jalan terakhir ({reason})", \
      "no hospital fits; the first is the last resort ({reason})")                                 \
    X(DONE_HOSPITAL_TOLD, "{place}: dicatat",                                                      \
      "{place}: noted")                                                                            \
    X(DONE_PATIENT, "pasien perintah {assignment}: {changes}",                                     \
      "patient of assignment {assignment}: {changes}")                                             \
    X(DONE_HOSPITAL_CHOSEN, "pasien {unit} (perintah {assignment}) dibawa ke {place}",             \
      "the patient of {unit} (assignment {assignment}) goes to {place}")                           \
    X(CREW_DESTINATION, "tujuan: {place}",                                                         \
      "destination: {place}")                                                                      \
    X(WATCH_OFFLOAD, "{unit} menunggu serah terima di {place} sudah {time}",                       \
      "{unit} has waited {time} to hand over at {place}")                                          \
    X(WATCH_DESTINATION, "pasien {unit} kini dibawa ke {place}", "{unit}'s patient now goes to {place}") \
    X(WATCH_UNFIT, "pasien {unit} (perlu {needs}): tidak ada rumah sakit yang cocok, {place} jalan terakhir ({reason})", \
      "{unit}'s patient (needs {needs}): no hospital fits, {place} is the last resort ({reason})") \
    X(WATCH_DIVERSION, "{place}: {changes}",                                                       \
      "{place}: {changes}")                                                                        \
    /* A place. */                                                                                 \
    X(COLUMN_RADIUS, "radius", "radius")                                                           \
    X(COLUMN_SURE, "yakin", "sure")                                                                \
    X(COLUMN_PRECISION, "ketepatan", "precision")                                                  \
    X(COLUMN_DISTRICT, "wilayah", "district")                                                      \
    X(ACCESS, "masuk dari {street}, {metres} m jalan kaki", "enter from {street}, {metres} m on foot") \
    X(ACCESS_AT_DOOR, "kendaraan sampai di depan, {street}", "vehicles reach the door, {street}") \
    X(ACCESS_NO_NAME, "jalan tanpa nama", "a road without a name")                                 \
    X(FROM_GRAPH, "basis data sedang tidak terjangkau: dicari dengan nama di peta jalan saja",     \
      "the database is away: looked up by the road map's names only")                              \
    X(NOT_UNDERSTOOD, "tidak dimengerti: {words}", "not understood: {words}")                      \
    X(NOT_USED, "tidak dipakai untuk calon pertama: {words}", "not used for the first candidate: {words}") \
    X(WORDS_CUT, "{words} kata terakhir tidak dibaca", "the last {words} words were not read")     \
    X(PLACE_PROMPT, "tempat> ", "place> ")                                                         \
    X(PLACE_PROMPT_MORE, "lagi> ", "more> ")                                                       \
    X(PLACE_INTRO, "Ketik tempat. Baris berikutnya mempersempit; baris kosong memulai lagi; ? menjelaskan; Ctrl-D selesai.", \
      "Type a place. The next line narrows it; an empty line starts anew; ? explains; Ctrl-D ends.") \
    X(EXPLAIN_WORD, "kata", "word")                                                                \
    X(EXPLAIN_WRITTEN, "lengkapnya", "written out")                                                \
    X(EXPLAIN_ROLE, "peran", "role")                                                               \
    X(EXPLAIN_PART, "bagian", "part")                                                              \
    X(EXPLAIN_NOTHING, "dikenali tanpa kata: koordinat atau kode", "recognised without words: coordinates or a code") \
    /* One call. */                                                                                \
    X(CALL_TAKEN, "telepon {call} menjadi kejadian #{incident}", "call {call} became incident #{incident}") \
    X(CALL_PLACED, "tempat: {place} ({kind}, ±{uncertainty} m, keyakinan {confidence}%)",          \
      "place: {place} ({kind}, ±{uncertainty} m, confidence {confidence}%)")                       \
    X(CALL_OTHERS, "kemungkinan lain:", "other candidates:")                                       \
    X(CALL_WAITS_DISPATCHER, "menunggu keputusan petugas", "waiting for a dispatcher's decision")  \
    X(CALL_PLACE_UNSURE, "tempat belum pasti, menunggu petugas",                                   \
      "place not certain yet, waiting for a dispatcher")                                           \
    X(CALL_NO_ORDER, "belum ada unit yang dikirim", "no unit was sent yet")                        \
    X(DONE_ORDERED, "{unit} diperintahkan ke kejadian #{incident} (perintah {assignment})",        \
      "{unit} was ordered to incident #{incident} (assignment {assignment})")                      \
    X(DONE_STOOD_DOWN, "{unit} ditarik dari kejadian #{incident} (perintah {assignment})",         \
      "{unit} was stood down from incident #{incident} (assignment {assignment})")                 \
    X(DONE_BACKUP, "{changes} unit tambahan diminta untuk kejadian #{incident}",                   \
      "{changes} more units asked for incident #{incident}")                                       \
    X(DONE_AID, "bantuan tetangga diminta untuk kejadian #{incident}",                             \
      "neighbours asked for incident #{incident}")                                                 \
    X(DONE_AID_ENDED, "bantuan tetangga tidak diminta lagi untuk kejadian #{incident}",            \
      "neighbours no longer asked for incident #{incident}")                                       \
    X(DONE_MASS, "kejadian #{incident} kini kejadian korban massal",                               \
      "incident #{incident} is now a mass-casualty incident")                                      \
    X(DONE_MASS_ENDED, "kejadian #{incident} bukan lagi kejadian korban massal",                   \
      "incident #{incident} is no longer a mass-casualty incident")                                \
    X(DONE_CLOSED, "kejadian #{incident} ditutup: {outcome}", "incident #{incident} closed: {outcome}") \
    X(DONE_LOCATED, "tempat kejadian #{incident} kini {place}",                                    \
      "the place of incident #{incident} is now {place}")                                          \
    X(DONE_TRIAGED, "triase kejadian #{incident} kini {changes}",                                  \
      "triage of incident #{incident} is now {changes}")                                           \
    X(NARROW_KEEPS, "kejadian #{incident} tetap di {place}; `sigap locate {incident} --choice N` memilih yang baru", \
      "incident #{incident} stays at {place}; `sigap locate {incident} --choice N` takes a new one") \
    X(CALL_WORDS, "kata penelepon: {words}", "the caller's words: {words}")                        \
    X(CALL_WORDS_ADDED, "telepon {call} menambahkan: {words}", "call {call} adds: {words}")        \
    X(CALL_NEAR, "posisi penelepon: {point}, ±{uncertainty} m",                                    \
      "the caller's position: {point}, ±{uncertainty} m")                                          \
    X(CALL_PROVISIONAL, "tempat sementara dari peta jalan; dicari lagi bila basis data kembali",   \
      "provisional place from the road map; looked up again when the database is back")            \
    X(CALL_CANDIDATES, "telepon {call}:", "call {call}:")                                          \
    X(PHONE_TAKEN, "posisi telepon masuk ke telepon {call} (kejadian #{incident})",                \
      "the phone's position is with call {call} (incident #{incident})")                           \
    X(PHONE_HELD, "belum ada telepon terbuka dari nomor itu, atau pesannya tanpa posisi",          \
      "no call of that number is open yet, or the message has no position")                        \
    X(PHONE_TOKEN, "token untuk ponsel penelepon {call}; posisi pertamanya ditunggu sampai {time}", \
      "token for the phone of call {call}; its first position is awaited until {time}")            \
    X(DONE_LINKED, "telepon {call} digabung ke kejadian #{incident}",                              \
      "call {call} was linked to incident #{incident}")                                            \
    X(DONE_TRANSFER, "rujukan {transfer} ({changes}) menjadi kejadian #{incident}",                \
      "transfer {transfer} ({changes}) became incident #{incident}")                               \
    X(DONE_TRANSFER_PLANNED, "rujukan {transfer} direncanakan: {changes}",                         \
      "transfer {transfer} is planned: {changes}")                                                 \
    X(DONE_TRANSFER_CHANGED, "rujukan {transfer} diubah", "transfer {transfer} was changed")       \
    X(DONE_TRANSFER_CANCELLED, "rujukan {transfer} dibatalkan", "transfer {transfer} was cancelled") \
    X(DONE_RADIO, "{unit}: {changes}, dicatat lewat radio", "{unit}: {changes}, entered by radio") \
    X(DONE_SIGNED_ON, "{unit} kini diawaki {changes}", "{changes} signed on to {unit}")            \
    X(DONE_STAYS_ON, "kru {unit} bertugas lebih lama", "the crew of {unit} stays on")              \
    X(DONE_SHIFT_SET, "{unit}: {changes} (giliran {shift})", "{unit}: {changes} (shift {shift})")  \
    X(DONE_SHIFT_REMOVED, "giliran {shift} dihapus; berlaku yang di berkas",                       \
      "shift {shift} was removed; what the file says holds")                                       \
    X(COLUMN_SHIFT, "giliran", "shift")                                                            \
    X(COLUMN_CREW, "kru", "crew")                                                                  \
    X(COLUMN_SINCE, "sejak", "since")                                                              \
    X(COLUMN_UNTIL, "sampai", "until")                                                             \
    X(COLUMN_PLANNED, "jadwal kini", "planned now")                                                \
    X(COLUMN_NEXT, "berikutnya", "next")                                                           \
    X(COLUMN_REMARK, "catatan", "remark")                                                          \
    X(CREW_UNNAMED, "tanpa nama kode", "not named")                                                \
    X(SHIFT_MINUTES, "{n} mnt", "{n} min")                                                         \
    X(SHIFT_OWN, "{unit}: kru {crew}, sampai {time}", "{unit}: crew {crew}, until {time}")         \
    X(SHIFT_THEN, "; berikutnya {changes}", "; next {changes}")                                    \
    X(SHIFT_NEXT, "{unit}: giliran berikutnya {changes}", "{unit}: next shift {changes}")          \
    X(SHIFT_NOBODY, "tidak diawaki", "not manned")                                                 \
    X(SHIFT_ENDS, "kru selesai {duration} lagi", "shift ends in {duration}")                       \
    X(SHIFT_OVER, "lembur {duration}", "overtime {duration}")                                      \
    X(SHIFT_ABSENT, "belum ada kru sejak {time}", "nobody has come since {time}")                  \
    X(SHIFT_EXPECTED, "ditunggu", "expected")                                                      \
    X(SHIFT_LATE, "terlambat {duration}", "{duration} late")                                       \
    X(NO_SHIFTS, "Tidak ada unit yang diawaki atau dijadwalkan.",                                  \
      "No unit is manned or planned.")                                                             \
    X(CREW_ABSENT, "KRU {unit} BELUM DATANG untuk giliran jam {time}",                             \
      "NOBODY HAS COME for the shift of {unit} at {time}")                                         \
    X(UNIT_SIGNED_ON, "{unit}: kru {changes}", "{unit}: crew {changes}")                           \
    X(REASON_CREW_SKILLS, "{n} krunya kurang keahlian", "{n} whose crew lacks a skill")            \
    X(REASON_SHIFT_ENDS, "{n} krunya hampir selesai", "{n} near the end of the shift")             \
    X(REASON_SHIFT_OVER, "{n} krunya sudah selesai", "{n} past the end of the shift")              \
    X(DISTRESS_RAISED, "AWAK {unit} MEMINTA TOLONG", "THE CREW OF {unit} CALLS FOR HELP")          \
    X(DISTRESS_CLEARED, "awak {unit} sudah aman", "the crew of {unit} is safe")                    \
    X(CREW_SILENT, "AWAK {unit} TIDAK MENJAWAB ({n}x): apakah aman?",                              \
      "THE CREW OF {unit} DOES NOT ANSWER ({n}x): is all well?")                                   \
    X(STATUS_UNANSWERED, "{state}, AWAK TIDAK MENJAWAB {n}x", "{state}, CREW DOES NOT ANSWER {n}x")  \
    X(STATUS_OFFLOAD, "{state}, serah terima tertunda {n}x", "{state}, handover overdue {n}x")     \
    X(AGE_SILENT, "{age}, tidak ada kabar", "{age}, silent")                                       \
    X(STATUS_DISTRESS, "DARURAT AWAK", "CREW IN DISTRESS")                                         \
    X(REASON_DISTRESS, "{n} awaknya dalam bahaya", "{n} with a crew in distress")                  \
    X(NO_TRANSFERS, "Tidak ada rujukan.", "There are no transfers.")                               \
    X(COLUMN_NUMBER, ">nomor", ">number")                                                          \
    X(COLUMN_FROM, "dari", "from")                                                                 \
    X(COLUMN_TO, "ke", "to")                                                                       \
    X(COLUMN_READY, "pasien siap", "patient ready")                                                \
    X(COLUMN_LEAVE_BY, "berangkat", "leave by")                                                    \
    X(COLUMN_AGAINST, "kendala", "against it")                                                     \
    X(TRANSFER_UNKNOWN, "tidak diketahui", "unknown")                                              \
    X(TRANSFER_PLANNED, "direncanakan", "planned")                                                 \
    X(TRANSFER_DUE, "berjalan", "due")                                                             \
    X(TRANSFER_DONE, "selesai", "done")                                                            \
    X(TRANSFER_UNDONE, "tidak terlaksana", "not carried out")                                      \
    X(TRANSFER_CANCELLED, "dibatalkan", "cancelled")                                               \
    X(CONFLICT_OFF_DUTY, "unit lepas tugas", "unit off duty")                                      \
    X(CONFLICT_BUSY, "unit sedang bertugas", "unit is on a job")                                   \
    X(CONFLICT_OVERLAP, "unit juga dicatat untuk rujukan lain", "unit is pencilled in twice")      \
    X(CONFLICT_UNFIT, "unit tidak memenuhi syarat", "unit does not fit")                           \
    X(CONFLICT_LATE, "terlambat", "late")                                                          \
    X(TOLD_TRANSFER_PLANNED, "rujukan {transfer} {from} → {to}, pasien siap {time}{unit}",         \
      "transfer {transfer} {from} → {to}, patient ready {time}{unit}")                             \
    X(TOLD_TRANSFER_DUE, "rujukan {transfer} {from} → {to}: saatnya berangkat",                    \
      "transfer {transfer} {from} → {to}: time to leave")                                          \
    X(TOLD_TRANSFER_DONE, "rujukan {transfer} selesai", "transfer {transfer} is done")             \
    X(TOLD_TRANSFER_UNDONE, "rujukan {transfer} tidak terlaksana", "transfer {transfer} was not carried out") \
    X(TOLD_TRANSFER_CANCELLED, "rujukan {transfer} dibatalkan: {reason}",                          \
      "transfer {transfer} cancelled: {reason}")                                                   \
    X(REASON_PENCILLED_IN, "{n} dicadangkan untuk rujukan", "{n} kept for a transfer")             \
    X(DONE_NOTED, "dicatat di kejadian #{incident}", "noted for incident #{incident}")             \
    X(DONE_PREMISE, "catatan tempat {changes} disimpan", "premise note {changes} is kept")         \
    X(DONE_PREMISE_GONE, "catatan tempat {changes} dihapus", "premise note {changes} is removed")  \
    X(DONE_JUDGED, "telepon {call} dicatat: {outcome}", "call {call} is noted: {outcome}")         \
    X(DONE_MARKED, "nomor telepon {call} ditandai", "the number of call {call} is marked")         \
    X(DONE_LIFTED, "tanda pada nomor telepon {call} dihapus", "the mark on the number of call {call} is lifted") \
    X(DONE_NOT_ALIKE, "telepon {call} tidak lagi ditawarkan sebagai kejadian #{changes}",          \
      "call {call} is not offered as incident #{changes} any more")                                \
    X(DONE_SWITCHED, "mesin kini memakai hasil impor terbaru", "the engine now uses the newest import") \
    X(DONE_RELOADED, "rencana dan jam baru berlaku", "the new plans and clocks are in force")      \
    X(DONE_ANSWERED, "kejadian #{incident}: jawaban dicatat", "incident #{incident}: the answer is noted") \
    X(DONE_ALERTED, "kejadian #{incident}: {changes} diberi tahu", "incident #{incident}: {changes} is alerted") \
    X(DONE_ALERT_YES, "kejadian #{incident}: {changes} menerima", "incident #{incident}: {changes} has acknowledged") \
    X(DONE_ALERT_NO, "kejadian #{incident}: {changes} menolak", "incident #{incident}: {changes} has declined") \
    X(ALARM_LEVEL, "tingkat alarm {level}", "alarm level {level}")                                 \
    X(ALERT_UNKNOWN, "diberi tahu", "alerted")                                                     \
    X(ALERT_GIVEN, "diberi tahu", "alerted")                                                       \
    X(ALERT_ACKNOWLEDGED, "menerima", "acknowledged")                                              \
    X(ALERT_DECLINED, "menolak", "declined")                                                       \
    X(ALERT_OVERDUE, "TERLAMBAT menjawab", "OVERDUE")                                              \
    X(SHORT_WITHIN, "tidak ada {kinds} dalam {within}", "no {kinds} within {within}")              \
    X(SHORT_EVER, "tidak ada {kinds}", "no {kinds}")                                               \
    X(SHORT_BEST, "paling cepat {best}", "the first in {best}")                                    \
    X(SHORT_INSTEAD, "{unit} sebagai gantinya", "{unit} instead")                                  \
    X(OR_WORD, "atau", "or")                                                                       \
    X(GUIDE_PRIORITY, "prioritas {priority}", "priority {priority}")                               \
    X(GUIDE_QUESTIONS, "Pertanyaan", "Questions")                                                  \
    X(GUIDE_BECOMES, "menjadi {complaint}", "becomes {complaint}")                                 \
    X(GUIDE_AT_LEAST, "paling rendah {priority}", "at least {priority}")                           \
    X(GUIDE_DRAFT, "DRAF: belum ditandatangani direktur medis", "DRAFT until a medical director signs") \
    X(GUIDE_WORDS, "untuk ditandatangani: words = \"{words}\"", "to sign: words = \"{words}\"")    \
    X(GUIDE_SIGNED, "ditandatangani {who}, {when}", "signed by {who}, {when}")                     \
    X(UNITS_WANTED, "{units} unit diminta", "{units} units wanted")                                \
    X(STATUS_LINE, "Sigap {version} · {city} · {sessions} sambungan · hidup sejak {since}",        \
      "Sigap {version} · {city} · {sessions} sessions · up since {since}")                         \
    X(STATUS_JOURNAL, "jurnal: peristiwa {seq}; PostgreSQL: {projected} ({behind} tertinggal)",    \
      "journal: event {seq}; PostgreSQL: {projected} ({behind} behind)")                           \
    X(STATUS_AWAY, "basis data sedang tidak terjangkau", "the database is away")                   \
    X(STATUS_NO_DATABASE, "tidak ada basis data yang diatur", "no database is configured")         \
    /* Crews. */                                                                                   \
    X(CREW_ORDER, "{unit} mendapat perintah: {priority} #{incident} {complaint}, {place}",         \
      "{unit} is ordered: {priority} #{incident} {complaint}, {place}")                            \
    X(CREW_ORDER_CHANGED,                                                                          \
      "{unit}, PERINTAH BERUBAH: {priority} #{incident} {complaint}, {place}",                     \
      "{unit}, THE ORDER HAS CHANGED: {priority} #{incident} {complaint}, {place}")                \
    X(CREW_WALK, "turun di sini, {metres} m jalan kaki", "get out here, {metres} m on foot")           \
    X(CREW_WITHDRAWN, "{unit}: perintah dicabut ({reason})", "{unit}: order withdrawn ({reason})") \
    X(CREW_LOST, "{unit}: sambungan putus ({reason}); mencoba lagi",                               \
      "{unit}: connection lost ({reason}); trying again")                                          \
    X(CREW_BACK, "{unit}: tersambung lagi", "{unit}: connected again")                             \
    X(CREW_STATE, "{unit}: {state}", "{unit}: {state}")                                            \
    X(CREW_RETURNING, "kembali ke pangkalan", "returning to the station")                          \
    X(CREW_DECLINES, "{unit} menolak: {reason}", "{unit} declines: {reason}")                      \
    X(CREW_REFUSED, "{unit}: mesin menolak: {reason}", "{unit}: the engine refused: {reason}")     \
    X(DECLINE_DEFAULT, "jalan ke sana tertutup", "the way there is blocked")                          \
    X(FLEET_MADE, "{file}: {units} ambulans di {hospitals} rumah sakit, {fire} pos pemadam, {clinics} klinik, {streets} tempat di jalan; {targets} rumah sakit tujuan", \
      "{file}: {units} ambulances at {hospitals} hospitals, {fire} fire stations, {clinics} clinics, {streets} places along streets; {targets} hospitals to go to") \
    X(FLEET_NO_HOSPITAL, "peta ini tidak punya rumah sakit: tempat lain dipakai sebagai tujuan",   \
      "this map has no hospital: other places stand in for one")                                   \
    /* The demo. */                                                                                \
    X(DEMO_HEADER, "{title}: {calls} telepon dalam {minutes} menit, {crews} awak, seed {seed}",    \
      "{title}: {calls} calls in {minutes} minutes, {crews} crews, seed {seed}")                   \
    X(DEMO_CLOCK_1, "Sandiwara dipercepat {speed} kali: telepon, keputusan petugas dan gerak awak; jam mesin tidak.", \
      "Played {speed} times faster: calls, dispatcher's decisions and crews; the engine's clock is not.") \
    X(DEMO_CLOCK_2, "Waktu tempuh saat unit dikirim adalah waktu jalan sesungguhnya. Selang dalam kurung dan tabel penutup diukur mesin dengan jam dinding; kalikan {speed} untuk waktu kota.", \
      "Travel times told when a unit is sent are true road times. Intervals in brackets and in the closing table are the engine's own, by the wall clock; times {speed} gives the city's time.") \
    X(DEMO_SKETCH, "Peta ini SKETSA: bukan data resmi, jangan dipakai menolong orang.",            \
      "This map is a SKETCH: not official data, do not use it to help people.")                    \
    X(DEMO_CALL, "☎ {place}: {complaint}{note}", "☎ {place}: {complaint}{note}")                   \
    X(DEMO_CHOOSES, "petugas bertanya dan memilih tempat ke-{nth}: {place}", "the dispatcher asks and chooses place {nth}: {place}") \
    X(DEMO_CALLS_BACK, "petugas menelepon balik; tempatnya {place}",                               \
      "the dispatcher rings back; the place is {place}")                                           \
    X(DEMO_NO_PLACE, "petugas tidak mendapat tempat; kejadian ditutup",                            \
      "the dispatcher got no place; the incident is closed")                                       \
    X(DEMO_LINKS, "petugas: telepon {call} tentang kejadian yang sama, digabung ke #{incident}",   \
      "the dispatcher: call {call} is about the same incident, linked to #{incident}")             \
    X(DEMO_ASKS, "petugas bertanya: {question} — {answer}",                                        \
      "the call-taker asks: {question} — {answer}")                                                \
    X(NARRATED_ALERT, "{agency} dipanggil", "{agency} is called")                                  \
    X(NARRATED_ACKNOWLEDGED, "{agency} datang", "{agency} is coming")                              \
    X(DEMO_CANCELS, "petugas membatalkan: {reason}", "the dispatcher cancels: {reason}")           \
    X(DEMO_RANDOM, "Seperempat jam selesai; telepon acak berlanjut sampai Ctrl-C.",                \
      "The quarter of an hour is over; random calls go on until Ctrl-C.")                          \
    X(DEMO_TABLE, "Semua kejadian (selang diukur mesin, jam dinding; dipercepat {speed} kali):",   \
      "All incidents (intervals by the engine's wall clock; played {speed} times faster):")        \
    X(DEMO_SUM, "{followed} kejadian diikuti sampai akhir, {cancelled} dibatalkan, {linked} telepon digabung, {open} masih terbuka; {orders} perintah, {declined} ditolak; respons median {median} ({city} waktu kota).", \
      "{followed} incidents followed to their end, {cancelled} cancelled, {linked} calls linked, {open} still open; {orders} orders, {declined} declined; median response {median} ({city} of city time).") \
    X(DEMO_MISSING_FEW, "Kurang: hanya {followed} kejadian diikuti sampai akhir, seharusnya sedikitnya {wanted}.", \
      "Missing: only {followed} incidents were followed to their end, at least {wanted} are needed.") \
    X(DEMO_MISSING_OPEN, "Kurang: {open} kejadian masih terbuka (yang pertama #{incident}).",      \
      "Missing: {open} incidents are still open (the first is #{incident}).")                      \
    /* A route, told street by street. */                                                          \
    X(MATCH_SUMMARY, "{matched} dari {positions} posisi cocok dengan jalan di {city}",             \
      "{matched} of {positions} positions fit the roads of {city}")                                \
    X(MATCH_PIECE,                                                                                 \
      "Bagian {piece}: posisi {from} sampai {to}, {metres} m, {travel}, keyakinan {percent} %",    \
      "Piece {piece}: positions {from} to {to}, {metres} m, {travel}, {percent} % sure")           \
    X(AREA_LINE, "{minutes} menit: {square_km} km2 di {city} ({profile})",                           \
      "{minutes} minutes: {square_km} km2 in {city} ({profile})")                                   \
    X(ROUTE_SUMMARY, "{travel}, {metres} m lewat jalan di {city}",                                 \
      "{travel}, {metres} m on the roads of {city}")                                               \
    X(ROUTE_WEIGHT, "bobot {weight}", "weight {weight}")                                           \
    X(ROUTE_ENDS, "dari {from} m di samping jalan ke {to} m di samping jalan",                     \
      "from {from} m beside the road to {to} m beside the road")                                   \
    X(ROUTE_NONE, "Tidak ada jalan dari {from} ke {to} di {city}.",                                \
      "There is no way by road from {from} to {to} in {city}.")                                    \
    X(ROUTE_SKETCH_NOTE, "SKETSA: peta ini digambar, bukan hasil survei.",                         \
      "SKETCH: this map is drawn, not surveyed.")                                                  \
    X(ROUTE_COLUMN_AFTER, "setelah", "after")                                                      \
    X(ROUTE_COLUMN_WEIGHT, "bobot", "weight")                                                      \
    X(ROUTE_COLUMN_INSTRUCTION, "petunjuk", "instruction")                                         \
    X(ROUTE_OTHER, "Pilihan {number}: {travel}, {metres} m", "Choice {number}: {travel}, {metres} m") \
    X(ROUTE_COLUMN_STREET, "jalan", "street")                                                      \
    X(ROUTE_NO_NAME, "(jalan tanpa nama)", "(road without a name)")                                \
    X(ROUTE_COLUMN_METRES, "meter", "metres")                                                      \
    /* How the roads are. */                                                                       \
    X(PICTURE_TAKEN, "{roads} keterangan lalu lintas diterima, {unknown} tidak dikenal kota ini",  \
      "{roads} entries taken, {unknown} of roads that this city does not know")                    \
    X(ROAD_CLOSED, "Penutupan jalan #{closure} dicatat", "Road closure #{closure} is kept")        \
    X(ROAD_OPENED, "Jalan dibuka lagi (penutupan #{closure})",                                     \
      "The road is open again (closure #{closure})")                                               \
    X(CLOSURE_NOW, "tutup", "closed")                                                              \
    X(CLOSURE_LATER, "nanti", "later")                                                             \
    X(NO_CLOSURE, "Tidak ada jalan yang ditutup", "No road is closed")                             \
    /* Stations and coverage. */                                                                   \
    X(COLUMN_UNITS, ">unit", ">units")                                                             \
    X(COLUMN_NEAREST_SHARE, ">bagian terdekat", ">nearest to")                                     \
    X(COLUMN_MEAN_MINUTES, ">rata-rata mnt", ">mean min")                                          \
    X(COLUMN_WORST_MINUTES, ">terjauh mnt", ">furthest min")                                       \
    X(COLUMN_PLAN, "rencana", "plan")                                                              \
    X(COLUMN_WITHIN, ">dalam {minutes} mnt", ">within {minutes} min")                              \
    X(COLUMN_EXPECTED, ">harapan (sibuk {busy} %)", ">expected (busy {busy} %)")                   \
    X(PLAN_CHOSEN, "terpilih", "chosen")                                                           \
    X(STATION_STAYS, " (tetap)", " (stays)")                                                       \
    X(STATIONS_BEST, "Ini jawaban terbaik, terbukti ({seconds} s).",                               \
      "This is the best answer, proven ({seconds} s).")                                            \
    X(STATIONS_GAP, "Jawaban ini paling jauh {gap} % dari yang terbaik (pencari berhenti setelah {seconds} s).",\
      "This answer is within {gap} % of the best (the solver stopped after {seconds} s).")         \
    X(STATIONS_BY_STREETS, "{zones} zona (sel {cell} m), dihitung menurut panjang jalan, bukan penduduk.",\
      "{zones} zones (cells of {cell} m), counted by metres of street, not by people.")            \
    X(STATIONS_BY_CALLS, "{zones} zona (sel {cell} m), dihitung menurut panggilan.",               \
      "{zones} zones (cells of {cell} m), counted by calls.")                                      \
    X(COVERAGE_NOW,                                                                                \
      "{units} unit bebas menjangkau {reached} % jalan kota dalam {minutes} menit; "               \
      "cakupan harapan {expected} %.",                                                             \
      "{units} free units reach {reached} % of the city's streets within {minutes} "               \
      "minutes; expected coverage {expected} %.")                                                  \
    X(COVERAGE_STALE,                                                                              \
      "{units} unit bebas tidak dihitung: posisinya terlalu lama.",                                \
      "{units} free units do not count: their positions are too old.")                             \
    X(COVERAGE_MOVE,                                                                               \
      "Saran: {unit} dari {from} ke {to} ({minutes} mnt): +{gain} % cakupan harapan.",             \
      "Advice: {unit} from {from} to {to} ({minutes} min): +{gain} % of expected "                 \
      "coverage.")                                                                                 \
    X(COVERAGE_AFTER,                                                                              \
      "Sesudahnya cakupan harapan {expected} %. Tidak ada yang diperintah.",                       \
      "Expected coverage is then {expected} %. Nothing has been ordered.")                         \
    X(COVERAGE_TOLD,                                                                               \
      "Sudah disarankan {time} yang lalu: {unit} dari {from} ke {to} (+{gain} %).",                \
      "Told {time} ago: {unit} from {from} to {to} (+{gain} %).")                                  \
    X(WATCH_ADVICE,                                                                                \
      "cakupan turun ke {expected} % (penuh: {full} %): sebaiknya {unit} dari {from} menunggu di {to}, {minutes} mnt, +{gain} %; tidak ada yang diperintah", \
      "coverage has fallen to {expected} % (full: {full} %): {unit} from {from} would better wait at {to}, {minutes} min, +{gain} %; nothing is ordered") \
    X(WATCH_ADVICE_OVER, "saran {unit} ke {to} tidak berlaku lagi: {reason}",                      \
      "the advice of {unit} to {to} is over: {reason}")                                            \
    X(ADVICE_FOLLOWED, "diikuti", "followed")                                                      \
    X(ADVICE_TAKEN, "unit tidak lagi siap", "the unit is not free any more")                       \
    X(ADVICE_NOT_WORTH_IT, "manfaatnya tinggal sedikit", "it gains too little now")                \
    X(ADVICE_LAPSED, "tidak diikuti", "nobody followed it")                                        \
    X(COVERAGE_NO_MOVE, "Tidak ada perpindahan yang cukup berarti.", "No move is worth it.")       \
    X(STATIONS_SKETCH, "Kota ini SKETSA, bukan hasil survei.",                                     \
      "This city is a drawn SKETCH, not a survey.")                                                \
    /* What callers say in a made-up scenario. */                                                  \
    X(NOTE_A, "lansia jatuh di kamar mandi", "elderly person fell in the bathroom")                \
    X(NOTE_B, "tidak bernapas, sedang dipijat jantung", "not breathing, being resuscitated")       \
    X(NOTE_C, "dua motor bertabrakan", "two motorbikes collided")                                  \
    X(NOTE_C2, "ada kecelakaan motor", "there is a motorbike accident")                            \
    X(NOTE_D, "asma kambuh", "asthma attack")                                                      \
    X(NOTE_E, "ketuban sudah pecah", "the waters have broken")                                     \
    X(NOTE_F, "wajah miring, bicara pelo", "face droops, slurred speech")                          \
    X(NOTE_G, "demam tinggi tiga hari", "high fever for three days")                               \
    X(NOTE_H, "nyeri dada menjalar ke lengan", "chest pain running into the arm")                  \
    X(NOTE_I, "kejang, belum berhenti", "seizure that does not stop")                              \
    X(NOTE_J, "mobil menabrak pohon", "a car hit a tree")                                          \
    X(NOTE_K, "orang tergeletak di trotoar", "somebody lies on the pavement")                      \
    X(NOTE_L, "tersiram minyak panas", "scalded by hot oil")                                       \
    X(NOTE_M, "luka terkena mesin", "cut by a machine")                                            \
    X(NOTE_N, "keracunan makanan, tiga orang", "food poisoning, three people")                     \
    X(NOTE_O, "gula darah sangat rendah", "blood sugar very low")                                  \
    X(NOTE_P, "nyeri perut hebat", "severe abdominal pain")                                        \
    X(NOTE_Q, "terjatuh dari tangga", "fell from a ladder")                                        \
    X(NOTE_CANCEL, "sudah dibawa keluarga", "the family took the patient")                         \
    X(COMPLAINT_UNKNOWN, "keluhan belum jelas", "unknown problem") \
    /* Reports. A '>' before a column's name: right-aligned. */                                    \
    X(REPORT_ALL, "semua", "all")                                                                  \
    X(REPORT_NOT_KNOWN, "tidak diketahui", "not known")                                            \
    X(REPORT_PRIORITY, "Prioritas", "Priority")                                                    \
    X(REPORT_HOUR, "Jam", "Hour")                                                                  \
    X(REPORT_KECAMATAN, "Kecamatan", "Kecamatan")                                                  \
    X(REPORT_KELURAHAN, "Kelurahan", "Kelurahan")                                                  \
    X(REPORT_POLICY, "Kebijakan", "Policy")                                                        \
    X(REPORT_INCIDENTS, ">Kejadian", ">Incidents")                                                 \
    X(REPORT_REACHED, ">Didatangi", ">Reached")                                                    \
    X(REPORT_MEAN, ">Rata-rata", ">Mean")                                                          \
    X(REPORT_IN_TIME, ">Dalam target", ">Within target")                                           \
    X(REPORT_ANONYMOUS,                                                                            \
      "{file}: {published} dari {calls} kejadian, masing-masing serupa dengan sedikitnya {k} kejadian di {k} tempat; {left} tidak dapat disamarkan dan ditinggalkan, {without} tanpa tempat, {withheld} keluhan dikosongkan", \
      "{file}: {published} of {calls} incidents, each like at least {k} at {k} places; {left} could not be rounded to that and are left out, {without} had no place, {withheld} complaints are withheld")
/* clang-format on */

#endif
