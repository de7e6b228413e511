/* Texts of the words between the control room and a caller's own page. Part of texts_table.h. */
#ifndef SGP_APPS_TEXTS_CHAT_H
#define SGP_APPS_TEXTS_CHAT_H

/* clang-format off */
#define SGP_CHAT_TEXTS(X)                                                                          \
    X(SIGN_SAFE, "SAYA AMAN", "I AM SAFE")                                                         \
    X(SIGN_CANNOT_SPEAK, "TIDAK BISA BICARA", "CANNOT SPEAK")                                      \
    X(SIGN_WORSE, "KEADAAN MEMBURUK", "IT IS WORSE")                                               \
    X(CHAT_FROM, "penelepon menulis: {text}", "the caller writes: {text}")                         \
    X(CHAT_TO, "kepada penelepon: {text}", "to the caller: {text}")                                \
    X(CHAT_NEWS, "telepon {call}, {text}", "call {call}, {text}")                                  \
    X(CHAT_TOP, "PESAN PENELEPON {n}  #{incident}  {time}  {text}  · `pesan #{incident} …`  `baca #{incident}`", \
      "WORDS OF A CALLER {n}  #{incident}  {time}  {text}  · `text #{incident} …`  `read #{incident}`") \
    X(CHAT_UNREAD_TEXT, "(buka kejadian untuk membacanya)", "(open the incident to read it)")      \
    X(CHAT_HEADING, "Pesan dengan penelepon ({n} belum dibaca)", "Words with the caller ({n} not read)") \
    X(CHAT_QUICK, "jawaban cepat: {text}", "quick answers: {text}")                                \
    X(QUICK_1, "Kami membaca pesan Anda. Ketik saja, tidak perlu bicara.", "We read your messages. Just type, you need not speak.") \
    X(QUICK_2, "Bantuan sedang menuju Anda. Tetap di tempat bila aman.", "Help is on the way. Stay where you are if it is safe.") \
    X(QUICK_3, "Di mana Anda tepatnya? Sebut lantai, warna pagar, atau patokan.", "Where exactly are you? Tell the floor, the colour of the fence, a landmark.") \
    X(QUICK_4, "Apakah Anda aman? Tekan tombol “Saya aman” bila ya.", "Are you safe? Touch “I am safe” if so.") \
    X(QUICK_5, "Apakah pasien bernapas? Balas YA atau TIDAK.", "Is the patient breathing? Answer YES or NO.") \
    X(QUICK_6, "Bila bisa, buka pagar dan nyalakan lampu depan.", "If you can, open the gate and switch the front light on.") \
    X(CHAT_NOTHING, "belum ada pesan", "nothing was said yet")                                      \
    X(DONE_TEXT, "pesan dikirim ke halaman penelepon", "sent to the caller's page")                 \
    X(CON_HELP_TEXT, "tulis ke halaman penelepon; 1–6: jawaban cepat", "write to the caller's page; 1-6: quick answers") \
    X(CON_HELP_READ, "pesan penelepon sudah dibaca", "the caller's words were read")               \
    X(CON_DO_TEXT, "pesan kepada penelepon {number}", "words to the caller of call {number}")      \
    X(CON_DO_READ, "pesan penelepon {number} dibaca", "words of call {number} read")               \
    X(CON_NOTHING_UNREAD, "tidak ada pesan yang belum dibaca di #{name}", "nothing of #{name} is unread") \
    X(CON_LINK, "tautan untuk ponsel penelepon: {what}", "link for the caller's phone: {what}")    \
    X(PHONE_LINK, "tautan untuk telepon {call}: satu ponsel, dibuka sebelum {time}, berlaku sampai kejadiannya selesai", \
      "link for call {call}: one phone, to be opened before {time}, good until its incident is over")
/* clang-format on */

#endif
