/* Texts of rings: telephones that ring, missed ones, exchanges. Part of texts_table.h. */
#ifndef SGP_APPS_TEXTS_RING_H
#define SGP_APPS_TEXTS_RING_H

/* clang-format off */
#define SGP_RING_TEXTS(X)                                                                          \
    X(RING_UNKNOWN, "tidak diketahui", "unknown")                                                  \
    X(RING_RINGING, "BERDERING", "RINGING")                                                        \
    X(RING_CLAIMED, "disambungkan", "being connected")                                             \
    X(RING_ANSWERED, "bicara", "talking")                                                          \
    X(RING_HELD, "ditahan", "on hold")                                                             \
    X(RING_ENDED, "selesai", "over")                                                               \
    X(RING_ABANDONED, "tak terjawab", "missed")                                                    \
    X(BACK_NONE, "belum ditelepon kembali", "not called back yet")                                 \
    X(BACK_CLAIMED, "sedang ditelepon kembali", "being called back")                               \
    X(BACK_REACHED, "sudah ditelepon kembali", "called back")                                      \
    X(BACK_NO_ANSWER, "ditelepon kembali, tidak diangkat", "called back, no answer")               \
    X(BACK_NOT_NEEDED, "tidak perlu ditelepon", "needs no call back")                              \
    X(BACK_RANG_AGAIN, "menelepon lagi dan terjawab", "rang again and was answered")               \
    X(COLUMN_RING, ">dering", ">ring")                                                             \
    X(COLUMN_LINE, "saluran", "line")                                                              \
    X(COLUMN_CALLER, "nomor", "number")                                                            \
    X(COLUMN_RANG, "berdering", "rang")                                                            \
    X(COLUMN_WAITED, ">menunggu", ">waited")                                                       \
    X(COLUMN_WHO, "oleh", "by")                                                                    \
    X(COLUMN_CALL, ">telepon", ">call")                                                            \
    X(COLUMN_BACK, "telepon kembali", "call back")                                                 \
    X(COLUMN_ALL_RINGS, ">masuk", ">came")                                                         \
    X(COLUMN_RINGING, ">berdering", ">ringing")                                                    \
    X(COLUMN_LONGEST, ">terlama", ">longest")                                                      \
    X(COLUMN_ANSWERED, ">dijawab", ">answered")                                                    \
    X(COLUMN_IN_TARGET, ">dalam target", ">in target")                                             \
    X(COLUMN_MEDIAN, ">median", ">median")                                                         \
    X(COLUMN_P90, ">90%", ">90%")                                                                  \
    X(COLUMN_MISSED, ">tak terjawab", ">missed")                                                   \
    X(COLUMN_TO_CALL_BACK, ">perlu ditelepon", ">to call back")                                    \
    X(NO_RINGS, "Tidak ada telepon yang berdering.", "No telephone rings.")                        \
    X(NO_MISSED, "Tidak ada yang perlu ditelepon kembali.", "Nobody needs to be called back.")     \
    X(NO_RINGS_YET, "Belum ada telepon dalam ingatan mesin.", "The engine remembers no telephone calls.") \
    X(RING_WITHHELD, "nomor disembunyikan", "number withheld")                                     \
    X(RING_MARK, "AWAS, nomor ditandai: {n} kali iseng, bisu atau kosong; tanda sampai {until}",   \
      "CAREFUL, the number is marked: {n} pranks, silent or ghost calls; marked until {until}")    \
    X(RING_POSITION, "posisi ponsel penelepon: {point}, ±{uncertainty} m",                         \
      "the caller's phone is at {point}, ±{uncertainty} m")                                        \
    X(RING_TARGET, "target: {percent}% dijawab dalam {time}", "target: {percent}% answered within {time}") \
    X(RING_RECORDING, "rekaman telepon {call}: {name}", "recording of call {call}: {name}")        \
    X(RING_TAKEN, "dering {ring} Anda ambil; sentral menyambungkan", "ring {ring} is yours; the exchange connects it") \
    X(RING_CONNECTED, "tersambung, {time} setelah berdering", "connected, {time} after it rang")   \
    X(RING_HUNG_UP, "penelepon menutup sebelum tersambung", "the caller hung up before he was connected") \
    X(RING_NOT_CONNECTED, "sentral tidak menyambungkan dering {ring}; ia berdering lagi untuk semua", \
      "the exchange did not connect ring {ring}; it rings for everybody again")                    \
    X(RING_GIVEN_BACK, "dering {ring} berdering lagi untuk semua", "ring {ring} rings for everybody again") \
    X(RING_DIAL, "dering {ring}: hubungi {number}, lalu `sigap call-back {ring} --outcome reached|no-answer`", \
      "ring {ring}: dial {number}, then `sigap call-back {ring} --outcome reached|no-answer`")     \
    X(RING_BACK_NOTED, "dering {ring}: {outcome}", "ring {ring}: {outcome}")                       \
    X(TOLD_RING, "TELEPON BERDERING di {line}: dering {ring}{mark}", "TELEPHONE RINGS on {line}: ring {ring}{mark}") \
    X(TOLD_RING_MARKED, ", nomor ditandai ({n})", ", marked number ({n})")                         \
    X(TOLD_RING_TAKEN, "dering {ring} diambil {who}", "ring {ring} is taken by {who}")             \
    X(TOLD_RING_AGAIN, "DERING {ring} BELUM TERJAWAB, berdering lagi untuk semua",                 \
      "RING {ring} IS STILL NOT ANSWERED, it rings for everybody again")                           \
    X(TOLD_RING_ANSWERED, "{who} berbicara dengan dering {ring}, {time} setelah berdering",        \
      "{who} talks to ring {ring}, {time} after it rang")                                          \
    X(TOLD_RING_HELD, "dering {ring} ditahan", "ring {ring} is on hold")                           \
    X(TOLD_RING_ENDED, "dering {ring} selesai", "ring {ring} is over")                             \
    X(TOLD_RING_MISSED, "DERING {ring} TAK TERJAWAB, ditutup setelah {time}: telepon kembali",     \
      "RING {ring} WAS MISSED, it hung up after {time}: call back")                                \
    X(TOLD_RING_BACK, "dering {ring}: {outcome} ({who})", "ring {ring}: {outcome} ({who})")        \
    X(EXCHANGE_AWAY, "SENTRAL TELEPON {name} TERPUTUS sejak {time} ({reason}): TIDAK ADA TELEPON MASUK LEWAT SENTRAL ITU", \
      "TELEPHONE EXCHANGE {name} IS AWAY since {time} ({reason}): NO CALL COMES IN BY IT")         \
    X(EXCHANGE_HERE, "sentral telepon {name} tersambung sejak {time}", "telephone exchange {name} is connected since {time}") \
    X(AWAY_CONNECTING, "sedang menyambung", "connecting")                                          \
    X(AWAY_UNREACHABLE, "tidak ada yang menjawab di alamatnya", "nobody answers at its address")   \
    X(AWAY_REFUSED, "nama atau sandi ditolak", "it refuses user and password")                     \
    X(AWAY_STRANGE, "yang menjawab bukan sentral, atau jawabannya kacau", "what answers is no exchange, or breaks the protocol") \
    X(AWAY_BROKEN, "sambungannya putus", "the line to it broke")                                   \
    X(AWAY_SILENT, "tidak memberi tanda hidup", "it gives no sign of life")                        \
    X(AWAY_REPLACED, "program lain mengambil nama aplikasi kita", "another program has taken our application's name")
/* clang-format on */

#endif
