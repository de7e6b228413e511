/* Texts of administration: users, codes, units, stations, hospitals, closures, and the console's
 * pages for them. Part of texts_table.h. */
#ifndef SGP_APPS_TEXTS_ADMIN_H
#define SGP_APPS_TEXTS_ADMIN_H

/* clang-format off */
#define SGP_ADMIN_TEXTS(X)                                                                         \
    X(COLUMN_USER, "pengguna", "user")                                                             \
    X(COLUMN_ROLE, "peran", "role")                                                                \
    X(COLUMN_SPEAKS_FOR, "untuk", "for")                                                           \
    X(COLUMN_DEVICES, ">perangkat", ">devices")                                                    \
    X(COLUMN_CHANGED_BY, "diubah oleh", "changed by")                                              \
    X(COLUMN_VERSION, ">versi", ">version")                                                        \
    X(USER_DISABLED, "nonaktif", "disabled")                                                       \
    X(USER_HERE, "masuk", "logged in")                                                             \
    X(USER_CONFIGURED, "sigap.conf", "sigap.conf")                                                 \
    X(USER_DEVICE, "perangkat {number} sejak {since}", "device {number} since {since}")            \
    X(DONE_USER_ADDED, "pengguna {changes} ditambahkan; biarkan ia masuk dengan: sigap login-code {changes}", \
      "user {changes} is added; let him in with: sigap login-code {changes}")                      \
    X(DONE_USER_CHANGED, "pengguna {changes} diubah", "user {changes} is changed")                 \
    X(DONE_USER_DISABLED, "pengguna {changes} dinonaktifkan; sesi dan perangkatnya berakhir",      \
      "user {changes} is disabled; his sessions and devices have ended")                           \
    X(DONE_USER_ENABLED, "pengguna {changes} aktif lagi", "user {changes} is enabled again")       \
    X(DONE_REVOKED, "akses perangkat {changes} dicabut", "the devices of {changes} are revoked")   \
    X(DONE_LOGGED_OUT, "perangkat ini keluar", "this device is logged out")                        \
    X(LOGIN_CODE, "kode masuk {user}: {code} (sekali pakai, sampai {until})",                      \
      "login code of {user}: {code} (once, until {until})")                                        \
    X(DONE_ENTRY, "{changes} disimpan dan berlaku", "{changes} is kept and in force")              \
    X(DONE_GIVEN_BACK, "{changes} kembali seperti dalam sigap.conf", "{changes} is again as sigap.conf says") \
    X(DONE_OUT_OF_SERVICE, "{unit} tidak beroperasi: {changes}", "{unit} is out of service: {changes}") \
    X(DONE_IN_SERVICE, "{unit} beroperasi lagi", "{unit} is in service again")                     \
    X(STRETCH_AWAY, ", {away} m dari sini", ", {away} m from here")                                \
    X(STRETCH_TOO_LONG, "{street} terlalu panjang untuk satu penutupan; sebut antara dua jalan",   \
      "{street} is too long for one closure; name two streets to close between")                   \
    X(UNIT_OUT_OF_SERVICE, "tidak beroperasi: {reason}", "out of service: {reason}") \
    X(CON_ADMIN_TITLE, "KELOLA", "ADMIN") \
    X(CON_ADMIN_UNITS, "unit", "units") \
    X(CON_ADMIN_CREWS, "kru", "crews") \
    X(CON_ADMIN_STATIONS, "pos", "stations") \
    X(CON_ADMIN_HOSPITALS, "rs", "hospitals") \
    X(CON_ADMIN_USERS, "pengguna", "users") \
    X(CON_ADMIN_PLANS, "rencana", "plans") \
    X(CON_ADMIN_CLOSURES, "penutupan", "closures") \
    X(CON_ADMIN_NOT_KNOWN, "belum diberitahukan mesin, atau peran ini tidak boleh melihatnya", \
      "the engine has not told it yet, or this role may not see it") \
    X(CON_HINT_UNITS, "armada PSC-09 jenis=ambulans pos=Pos Dua nama=Ambulans 9 (baru atau diubah)\nrusak PSC-03 ALASAN · pulih PSC-03", \
      "entry PSC-09 kind=ambulance station=Pos Dua name=Ambulance 9 (new or changed)\nbroken PSC-03 REASON · repaired PSC-03") \
    X(CON_HINT_STATIONS, "pos Pos Dua titik=112.64,-7.95 nama=Pos Baru (titik=sini: tengah peta)", \
      "station Pos Dua at=112.64,-7.95 name=New (at=here: the middle of the map)") \
    X(CON_HINT_HOSPITALS, "rumahsakit RSBARU nama=RS Baru titik=112.62,-7.96 bed=8 mampu=trauma · igd RSBARU 4", \
      "facility RSNEW name=New at=112.62,-7.96 beds=8 skills=trauma · ed RSNEW 4") \
    X(CON_HINT_CREWS, "u PSC-01 masuk · giliran PSC-01 07:00 15:00 KRU,KRU|kosong · giliran - NOMOR · daftarnya dibaca ulang dengan muat", \
      "u PSC-01 on · shift PSC-01 07:00 15:00 CREW,CREW|nobody · shift - NUMBER · the roster is read anew with reload") \
    X(CON_HINT_USERS, "kode NAMA|UNIT · pengguna NAMA PERAN [UNIT|RS] · pengguna NAMA - ALASAN · pengguna NAMA + · cabut NAMA|NOMOR", \
      "code NAME|UNIT · user NAME ROLE [UNIT|HOSPITAL] · user NAME - REASON · user NAME + · revoke NAME|NUMBER") \
    X(CON_HINT_PLANS, "muat: baca ulang rencana, batas waktu dan giliran", "reload: read plans, clocks and roster anew") \
    X(CON_HINT_CLOSURES, "tutup Jalan Semeru antara Jalan Ijen dan Jalan Kawi sampai 18:00 alasan pasar\ngambar: tutup yang digambar di peta · buka NOMOR", \
      "shut Jalan Semeru between Jalan Ijen and Jalan Kawi until 18:00 because market\ndraw: close what is drawn on the map · unshut NUMBER") \
    X(CON_CODE_OPEN, "kode terbuka", "code open") \
    X(CON_ROSTER, "daftar giliran: {name}", "roster: {name}") \
    X(CON_COLUMN_NAME, "nama", "name") \
    X(CON_COLUMN_BEDS, "bed", "beds") \
    X(CON_COLUMN_ABILITIES, "kemampuan", "abilities") \
    X(CON_COLUMN_NUMBER, "no", "no") \
    X(CON_COLUMN_ROAD, "jalan", "road") \
    X(CON_COLUMN_STRETCHES, "ruas", "parts") \
    X(CON_COLUMN_UNTIL, "sampai", "until") \
    X(CON_COLUMN_REASON, "alasan", "reason") \
    X(CON_UNTIL_OPENED, "dibuka", "opened") \
    X(CON_NO_CLOSURES, "tidak ada jalan yang ditutup", "no road is closed") \
    X(CON_RELOADED, "{at} rencana dibaca ulang", "{at} the plans were read anew") \
    X(CON_RELOAD_WRONG, "{at} TIDAK dibaca ulang; yang lama tetap berlaku:", "{at} NOT read anew; the old ones stay in force:") \
    X(CON_ROADS_NOW, "jalan kini", "the roads now") \
    X(CON_NO_PICTURE, "tidak ada gambaran lalu lintas; waktu menurut jam", "no traffic picture; times by the hour") \
    X(CON_PICTURE, "gambaran lalu lintas dari {who}: {roads} ruas, umur {age}", "traffic picture of {who}: {roads} roads, {age} old") \
    X(CON_IN_FORCE, "{n} penutupan berlaku", "{n} closures in force") \
    X(CON_METRIC, "waktu tempuh {profile}: dibuat {age} lalu", "times for {profile}: made {age} ago") \
    X(CON_STRETCH, "{street}{area}: {length} m, {roads} ruas{away}", "{street}{area}: {length} m, {roads} parts{away}") \
    X(CON_NAMELESS, "jalan tanpa nama", "a road without a name") \
    X(CON_WHICH_STRETCH, "yang mana? angka memilih, Enter menutup, Esc batal", "which one? a digit chooses, Enter closes, Esc leaves it") \
    X(CON_SURE_CLOSE, "TUTUP{until}? {what}", "CLOSE{until}? {what}") \
    X(CON_UNTIL, " sampai {until}", " until {until}") \
    X(CON_DRAW_KEYS, "panah gerak  Spasi titik  o lingkaran  Backspace hapus  +-  Enter TUTUP  Esc", \
      "arrows move  Space point  o circle  Backspace undo  +-  Enter CLOSE  Esc") \
    X(CON_STRETCH_KEYS, "1-8 pilih  Enter TUTUP  Esc batal", "1-8 choose  Enter CLOSE  Esc leave") \
    X(CON_DRAW_MORE, "dua titik atau lebih, atau lingkaran (o)", "two points or more, or a circle (o)") \
    X(CON_CLOSE_ASKED, "ruas jalan dicari …", "looking for the stretches …") \
    X(CON_USERS_FIRST, "daftar pengguna belum ada; coba lagi sebentar", "the list of users is not here yet; try again in a moment") \
    X(CON_BAD_USER, "tidak ada pengguna bernama {word}", "no user is called {word}") \
    X(CON_BAD_ROLE, "{word} bukan peran: {known}", "{word} is no role: {known}") \
    X(CON_BAD_PAGE, "{word} bukan halaman: {known}", "{word} is no page: {known}") \
    X(CON_WHAT_USER, "pengguna", "the user") \
    X(CON_WHAT_ROLE, "peran", "the role") \
    X(CON_WHAT_CODE, "kode", "the code") \
    X(CON_WHAT_STREET, "nama jalan", "the name of the street") \
    X(CON_HELP_ADMIN, "halaman pengelolaan (juga Ctrl-O)", "pages of administration (also Ctrl-O)") \
    X(CON_HELP_USER, "pengguna baru, diubah, dinonaktifkan (-), aktif lagi (+)", "a user new, changed, disabled (-), enabled (+)") \
    X(CON_HELP_CODE, "kode masuk sekali pakai", "a code to log in once") \
    X(CON_HELP_REVOKE, "cabut akses perangkat", "revoke devices") \
    X(CON_HELP_ENTRY, "unit baru atau diubah", "a unit new or changed") \
    X(CON_HELP_STATION, "pindahkan atau ganti nama pos", "move or rename a station") \
    X(CON_HELP_FACILITY, "rumah sakit baru atau diubah", "a hospital new or changed") \
    X(CON_HELP_BROKEN, "unit tidak beroperasi", "a unit is out of service") \
    X(CON_HELP_SHIFT, "giliran kru satu unit; kosong: tanpa kru; - N mencabut", "a unit's shift; nobody: not manned; - N removes it") \
    X(CON_WHAT_TIMES, "dari jam berapa sampai jam berapa", "from when and until when") \
    X(CON_WHAT_CREW, "kode kru dengan koma, atau kosong", "codes of the crew with commas, or nobody") \
    X(CON_TOO_MANY, "“{word}”: paling banyak delapan orang", "“{word}”: eight people at most") \
    X(CON_DO_SHIFT, "giliran {name}", "shift of {name}") \
    X(CON_DO_NO_SHIFT, "giliran {name} dicabut", "shift {name} removed") \
    X(CON_HELP_REPAIRED, "unit beroperasi lagi", "a unit is in service again") \
    X(CON_HELP_SHUT, "tutup jalan menurut nama", "close a street by its name") \
    X(CON_HELP_DRAW, "tutup jalan dengan menggambar di peta", "close roads by drawing on the map") \
    X(CON_HELP_UNSHUT, "buka jalan lagi", "open a road again") \
    X(CON_BAD_TIME, "{word} bukan jam: 18:00, +90", "{word} is no time: 18:00, +90") \
    X(CON_DO_USER, "pengguna {name}", "user {name}") \
    X(CON_DO_DEVICES, "cabut perangkat {name}", "revoke the devices of {name}") \
    X(CON_DO_ENTRY, "data {name}", "entry {name}") \
    X(CON_DO_SERVICE, "{name} tidak beroperasi", "{name} out of service") \
    X(CON_DO_BACK, "{name} beroperasi lagi", "{name} in service again")
/* clang-format on */

#endif
