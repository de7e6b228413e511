/* Texts of the console about desks: who has what in hand, supervisors, hand-overs, marked numbers.
 * X(KEY, Indonesian, English), as in texts_table.h. */
#ifndef SGP_APPS_TEXTS_DESK_H
#define SGP_APPS_TEXTS_DESK_H

/* clang-format off */
#define SGP_DESK_TEXTS(X)                                                                          \
    X(DESK_MINE, "SAYA", "MINE")                                                                   \
    X(DESK_HAS, "DIPEGANG {who} {time} · Ctrl-G mengambil alih", "{who} HAS IT {time} · Ctrl-G takes it over") \
    X(DESK_I_HAVE, "Anda pegang {time} · Ctrl-G melepas", "you have it {time} · Ctrl-G releases it") \
    X(DESK_NOBODY_HAS, "belum dipegang siapa pun · Ctrl-G memegang", "in nobody's hands · Ctrl-G takes it") \
    X(DESK_TALKS, "☎ {who} bicara dengan penelepon {time}", "☎ {who} talks to the caller {time}")   \
    X(DESK_OTHERS, "DIPEGANG {who}", "{who} HAS IT")                                               \
    X(DESK_TAKEN_FROM_ME, "{who} MENGAMBIL ALIH #{incident} dari Anda", "{who} HAS TAKEN #{incident} OVER from you") \
    X(DESK_ACTED, "{who} {what} di #{incident}, yang Anda pegang", "{who} {what} on #{incident}, which you have") \
    X(DESK_GIVEN_TO_ME, "{who} MENYERAHKAN {n} kejadian kepada Anda{note}", "{who} HAS HANDED {n} incidents over to you{note}") \
    X(DESK_GIVEN, "{who} menyerahkan {n} kejadian kepada {to}{note}", "{who} has handed {n} incidents over to {to}{note}") \
    X(DESK_GIVEN_BACK, "{who} menyerahkan {n} kejadian ke antrean{note}", "{who} has handed {n} incidents back to the queue{note}") \
    X(DESK_GONE, "sambungan {who} putus terlalu lama: {n} kejadian kembali ke antrean", "{who} was away too long: {n} incidents are back in the queue") \
    X(DESK_WHO_DID, "{who} {what} {time} lalu", "{who} {what} {time} ago")                        \
    X(DESK_EXCHANGE_AWAY, "SENTRAL TELEPON {name} PUTUS {time}: dering baru TIDAK terlihat · {reason}", "TELEPHONE EXCHANGE {name} IS AWAY {time}: new calls are NOT seen · {reason}") \
    /* What somebody did, after the name. */                                                       \
    X(DID_PLACE, "memilih tempat", "chose the place")                                              \
    X(DID_TRIAGE, "mengubah triase {priority}", "changed the triage {priority}")                   \
    X(DID_ORDER, "mengirim {unit}", "sent {unit}")                                                 \
    X(DID_STAND_DOWN, "menarik {unit}", "stood {unit} down")                                       \
    X(DID_CLOSE, "menutup: {outcome}", "closed it: {outcome}")                                     \
    X(DID_LINK, "menggabungkan telepon", "linked a call")                                          \
    X(DID_JUDGE, "menilai telepon: {outcome}", "judged the call: {outcome}")                       \
    X(DID_MARK, "menandai nomornya", "marked its number")                                          \
    X(DID_ANSWER, "mencatat jawaban penelepon", "entered the caller's answer")                     \
    X(DID_ALERT, "memberi tahu instansi", "alerted an agency")                                     \
    X(DID_REPLY, "mencatat jawaban instansi", "entered an agency's answer")                        \
    X(DID_BACKUP, "meminta unit tambahan", "asked for more units")                                 \
    X(DID_AID, "meminta bantuan tetangga", "asked the neighbours")                                 \
    X(DID_MASS, "menyatakan korban massal", "declared a mass casualty")                            \
    X(DID_TAKE, "memegangnya", "took it")                                                          \
    X(DID_HAND_OVER, "menyerahkannya", "handed it over")                                           \
    X(DID_STATUS, "mencatat {unit} {state}", "entered {unit} {state}")                             \
    X(DID_PATIENT, "mencatat keadaan pasien", "entered the patient's needs")                       \
    X(DID_HOSPITAL, "memilih rumah sakit", "chose the hospital")                                   \
    X(DID_DUTY, "mengubah dinas {unit}", "changed the duty of {unit}")                             \
    X(DID_CREW, "mengubah awak {unit}", "changed the crew of {unit}")                              \
    X(DID_POST, "mengubah siaga {unit}", "changed where {unit} waits")                             \
    X(DID_DISTRESS, "mengubah tanda bahaya {unit}", "changed the distress of {unit}")              \
    X(DID_HOSPITAL_TOLD, "mencatat keadaan rumah sakit", "entered the hospital's state")           \
    X(DID_SHIFT, "mengubah jadwal dinas", "changed the shift")                                     \
    X(DID_PREMISE, "mengubah catatan tempat", "changed the premise note")                          \
    X(DID_TRANSFER, "mengubah rujukan", "changed the transfer")                                    \
    X(DID_ROAD, "membuka jalan", "opened the road")                                                \
    X(DID_USER, "mengubah pengguna itu", "changed that user")                                     \
    X(DID_FLEET, "mengubah data armada itu", "changed that entry of the fleet")                   \
    X(DID_RING, "mengangkatnya", "took it")                                                        \
    X(DID_CALL_BACK, "menelepon balik", "is calling back")                                         \
    X(DID_SOMETHING, "mengubahnya", "changed it")                                                  \
    /* Requests and commands. */                                                                   \
    X(CON_DO_HOLD, "memegang #{number}", "take #{number} in hand")                                 \
    X(CON_DO_RELEASE, "melepas #{number}", "release #{number}")                                    \
    X(CON_DO_HAND_OVER, "serah terima", "hand-over")                                               \
    X(CON_HELP_HOLD, "pegang kejadian, juga dari orang lain (Ctrl-G)", "take an incident in hand, also from another (Ctrl-G)") \
    X(CON_HELP_RELEASE, "lepaskan kejadian yang Anda pegang", "release an incident that you have") \
    X(CON_HELP_HAND_OVER, "serahkan semua yang Anda pegang; - ke antrean; tanpa nama: halaman serah terima", "hand all that you have over; - to the queue; without a name: the page for who comes") \
    X(CON_HELP_SUPERVISOR, "penyelia: siapa bekerja, antrean, waktu, beban (F12)", "supervisor: who is at work, queues, times, load (F12)") \
    X(CON_HELP_MARKS, "nomor yang ditandai, riwayat dan masa berlakunya", "marked numbers, their history and expiry") \
    /* Supervisors. */                                                                             \
    X(SUP_TITLE, "PENYELIA", "SUPERVISOR")                                                         \
    X(SUP_LOADING, "menunggu laporan mesin …", "waiting for the engine's report …")                \
    X(SUP_FOR_DISPATCHERS, "mesin tidak memberi laporan penyelia kepada peran ini", "the engine gives no supervisor's report to this role") \
    X(SUP_QUEUES, "ANTREAN", "QUEUES")                                                             \
    X(SUP_RINGING, "dering menunggu", "telephones ringing")                                        \
    X(SUP_NO_PLACE, "tanpa tempat pasti", "without a sure place")                                  \
    X(SUP_NO_UNIT, "{priority} tanpa unit", "{priority} without a unit")                           \
    X(SUP_ALERTS, "instansi belum menjawab", "agencies not answered")                              \
    X(SUP_MISSED, "belum ditelepon balik", "not called back")                                      \
    X(SUP_OVERDUE, "lewat target di lokasi", "over target on scene")                               \
    X(SUP_DISTRESS, "awak minta tolong", "crews calling for help")                                 \
    X(SUP_NOT_TAKEN, "belum dipegang", "in nobody's hands")                                        \
    X(SUP_ALL_CLEAR, "tidak ada yang menunggu", "nothing waits")                                   \
    X(SUP_PEOPLE, "BEKERJA {n}", "AT WORK {n}")                                                    \
    X(SUP_NOBODY, "tidak ada orang di meja", "nobody is at a desk")                                \
    X(SUP_LINE_LOST, "PUTUS {time}", "LOST {time}")                                                \
    X(SUP_TALKS, "☎ bicara {time}", "☎ talks {time}")                                              \
    X(SUP_HOLDS, "☎ ditahan {time}", "☎ on hold {time}")                                           \
    X(SUP_TAKING, "☎ mengangkat {time}", "☎ takes it {time}")                                      \
    X(SUP_CALLS_BACK, "☎ menelepon balik {time}", "☎ calls back {time}")                           \
    X(SUP_WRITES, "mengisi telepon", "writes a call")                                              \
    X(SUP_LOOKS, "melihat #{incident}", "looks at #{incident}")                                    \
    X(SUP_HAS, "pegang {list}", "has {list}")                                                      \
    X(SUP_HAS_NOTHING, "tidak memegang apa pun", "has nothing")                                    \
    X(SUP_IDLE, "diam {time}", "idle {time}")                                                      \
    X(SUP_SINCE, "sejak {clock}", "since {clock}")                                                 \
    X(SUP_LINE, "{ms} ms", "{ms} ms")                                                              \
    X(SUP_TIMES, "WAKTU", "TIMES")                                                                 \
    X(SUP_HOUR, "sejam: tepat tengah p90", "hour: met median p90") \
    X(SUP_DAY, "hari ini", "today") \
    X(SUP_ANSWER, "dering → dijawab", "ring → answered")                                           \
    X(SUP_DECIDE, "tempat → perintah", "place → order")                                            \
    X(SUP_PACE_NONE, "belum ada", "none yet")                                                      \
    X(SUP_LOAD, "BEBAN", "LOAD")                                                                   \
    X(SUP_CALLS, "{n} telepon dalam sejam; jam ini biasanya {usual} ({days} hari)", "{n} calls in an hour; usually {usual} at this hour ({days} days)") \
    X(SUP_CALLS_ONLY, "{n} telepon dalam sejam; biasanya belum diketahui", "{n} calls in an hour; what is usual is not known yet") \
    X(SUP_AREAS, "unit siap: {areas}", "units free: {areas}")                                      \
    /* The page for who comes. */                                                                  \
    X(HAND_TITLE, "SERAH TERIMA · untuk yang baru datang", "HAND-OVER · for who comes")            \
    X(HAND_NOTES, "Pesan serah terima", "Notes of hand-overs")                                     \
    X(HAND_NOTE, "{clock} {from} → {to} ({n} kejadian) {note}", "{clock} {from} → {to} ({n} incidents) {note}") \
    X(HAND_QUEUE, "antrean", "the queue")                                                          \
    X(HAND_MINE, "Yang Anda pegang", "What you have")                                              \
    X(HAND_OPEN, "Kejadian terbuka", "Open incidents")                                             \
    X(HAND_RINGS, "Telepon", "Telephones")                                                         \
    X(HAND_RINGING, "{n} berdering", "{n} ringing")                                                \
    X(HAND_MISSED, "{n} belum ditelepon balik", "{n} not called back")                             \
    X(HAND_UNITS, "Unit yang tidak siap", "Units out of order")                                    \
    X(HAND_OUT, "RUSAK: {reason}", "OUT OF SERVICE: {reason}")                                     \
    X(HAND_CLOSURES, "Jalan ditutup", "Roads closed")                                              \
    X(HAND_HOSPITALS, "Rumah sakit yang mengalihkan", "Hospitals that divert")                     \
    X(HAND_MARKS, "Nomor yang ditandai", "Marked numbers")                                         \
    X(HAND_MARKED, "{n} nomor; ketik  tanda", "{n} numbers; type  marks")                          \
    X(HAND_NOTHING, "tidak ada", "none")                                                           \
    X(HAND_NEXT_PLACE, "berikut: PILIH TEMPAT", "next: CHOOSE THE PLACE")                          \
    X(HAND_NEXT_UNIT, "berikut: KIRIM UNIT", "next: SEND A UNIT")                                  \
    X(HAND_NEXT_ANSWER, "berikut: {unit} menjawab perintah", "next: {unit} answers its order")     \
    X(HAND_NEXT_SCENE, "berikut: {unit} di lokasi, target {time}", "next: {unit} on scene, target {time}") \
    X(HAND_NEXT_LATE, "berikut: {unit} di lokasi, LEWAT {time}", "next: {unit} on scene, LATE BY {time}") \
    X(HAND_NEXT_WELFARE, "berikut: tanya keadaan {unit} dalam {time}", "next: ask {unit} whether all is well in {time}") \
    X(HAND_NEXT_HOSPITAL, "berikut: {unit} ke {hospital}", "next: {unit} to {hospital}")           \
    X(HAND_NEXT_FREE, "berikut: {unit} menyerahkan pasien, {time}", "next: {unit} hands its patient over, {time}") \
    X(HAND_UNTIL, "s/d {clock}", "until {clock}")                                                  \
    /* Marked numbers. */                                                                          \
    X(MARKS_TITLE, "NOMOR YANG DITANDAI · tidak pernah diblokir", "MARKED NUMBERS · never blocked") \
    X(MARKS_NONE, "tidak ada nomor yang ditandai", "no numbers are marked")                        \
    X(MARKS_ROW, "{number} · {calls} kali iseng · s/d {until} · oleh {by}", "{number} · {calls} nuisance calls · until {until} · by {by}") \
    X(MARKS_RULES, "aturan", "the rules")                                                          \
    X(MARKS_UNKNOWN, "(nomor sudah dihapus)", "(number erased)")                                   \
    X(DONE_HELD, "kejadian #{incident} Anda pegang", "you have incident #{incident} in hand")       \
    X(DONE_RELEASED, "kejadian #{incident} dilepas", "incident #{incident} is in nobody's hands") \
    X(DONE_HANDED_OVER, "semua yang Anda pegang diserahkan kepada {place}", "all that you had in hand goes to {place}") \
    X(LOG_TAKEN, "dipegang{other}", "taken in hand{other}")                                        \
    X(LOG_TAKEN_FROM, ", dari {who}", ", from {who}")                                              \
    X(LOG_RELEASED, "dilepas", "released")                                                         \
    X(LOG_HANDED_OVER, "diserahkan kepada {who}", "handed over to {who}")                          \
    X(LOG_HANDED_BACK, "diserahkan ke antrean", "handed back to the queue")                        \
    X(LOG_PATIENT, "keadaan pasien dicatat", "patient's needs entered")                            \
    X(LOG_HOSPITAL_CHOSEN, "rumah sakit dipilih", "hospital chosen")
/* clang-format on */

#endif
