/* What a reader of a report sees, X(KEY, Indonesian, English). Private to the report's pages. */
#ifndef SGP_REPLAY_REPORT_TEXTS_H
#define SGP_REPLAY_REPORT_TEXTS_H

/* clang-format off */
#define SGP_REPORT_TEXTS(X)                                                                        \
    X(LANGUAGE, "id", "en")                                                                        \
    X(TITLE, "Laporan pelayanan ambulans", "Ambulance service report")                             \
    X(SKETCH, "Peta kota ini sketsa yang digambar tangan, bukan peta sebenarnya: waktu tempuhnya hanya contoh.", \
      "This city is a drawn sketch and not a map: its travel times are examples only.")            \
    X(PERIOD, "Kurun waktu", "Period")                                                             \
    X(SCENARIO, "Skenario", "Scenario")                                                            \
    X(CITY, "Kota", "City")                                                                        \
    X(POLICIES, "Kebijakan", "Policies")                                                           \
    X(REPLICATIONS, "Ulangan", "Replications")                                                     \
    X(MADE, "Dibuat", "Made")                                                                      \
    X(HISTORY, "kejadian nyata dari jurnal", "what really happened, from the journal")             \
    X(PAST_CALLS, "panggilan lalu, dimainkan ulang", "past calls, played again")                   \
    X(AT_A_GLANCE, "Sekilas", "At a glance")                                                       \
    X(INCIDENTS, "Kejadian", "Incidents")                                                          \
    X(PER_RUN, "tiap ulangan", "each replication")                                                 \
    X(RESPONSE_P90, "Respons P90", "Response P90")                                                 \
    X(IN_TIME, "Dalam target", "Within target")                                                    \
    X(USE, "Beban unit", "Unit utilisation")                                                       \
    X(NOT_REACHED, "Tidak didatangi", "Not reached")                                               \
    X(ALL, "semua", "all")                                                                         \
    X(ALL_PRIORITIES, "Semua prioritas", "All priorities")                                         \
    X(NONE, "tidak diketahui", "not known")                                                        \
    X(COMPARISON, "Kebijakan dibandingkan", "Policies compared")                                   \
    X(COMPARISON_HOW, "Semua kebijakan menghadapi telepon dan kebetulan yang sama. Angka pertama: rata-rata atas semua ulangan ± setengah lebar selang kepercayaan 95 %. Baris kedua: selisih berpasangan terhadap kolom pertama; ✓ lebih baik, ✗ lebih buruk, ≈ tidak terbedakan.", \
      "All policies meet the same calls and the same chance. First figure: mean over replications ± half-width of the 95 % confidence interval. Second line: paired difference from the first column; ✓ better, ✗ worse, ≈ not distinguishable.") \
    X(MEASURE, "Ukuran", "Measure")                                                                \
    X(RESPONSE_MEAN, "respons rata-rata", "mean response")                                         \
    X(RESPONSE_NINETY, "respons P90", "response P90")                                              \
    X(SHARE_IN_TIME, "dalam target", "within target")                                              \
    X(DIVERSIONS, "pengalihan", "diversions")                                                      \
    X(MOVES, "pemindahan siaga", "move-ups")                                                       \
    X(REACHED, "didatangi", "reached")                                                             \
    X(BETTER, "Lebih baik", "Better")                                                              \
    X(WORSE, "Lebih buruk", "Worse")                                                               \
    X(NOTHING, "tidak ada yang terbedakan", "nothing that can be told apart")                      \
    X(AGAINST, "terhadap", "against")                                                              \
    X(CALL_BY_CALL, "Telepon demi telepon", "Call by call")                                        \
    X(CALLS_BOTH, "telepon di keduanya", "calls in both")                                          \
    X(EARLIER, "lebih cepat", "earlier")                                                           \
    X(LATER, "lebih lambat", "later")                                                              \
    X(EQUAL, "sama (±1 dtk)", "equal (±1 s)")                                                      \
    X(REACHED_ONLY, "didatangi hanya di sini", "reached only here")                                \
    X(MISSED_ONLY, "didatangi hanya di pembanding", "reached only by the other")                   \
    X(MEAN_DIFFERENCE, "selisih rata-rata", "mean difference")                                     \
    X(DIFFERENCE_PLOT, "Selisih waktu respons terhadap kolom pertama, dengan selang 95 %", "Difference of response from the first column, with its 95 % interval") \
    X(FASTER, "← lebih cepat", "← faster")                                                         \
    X(SLOWER, "lebih lambat →", "slower →")                                                        \
    X(DISTRIBUTION, "Waktu respons: bagian yang didatangi dalam … menit", "Response: share reached within … minutes") \
    X(OF_REACHED, "dari kejadian yang didatangi, semua ulangan bersama", "of the incidents reached, all replications together") \
    X(MINUTES, "menit", "minutes")                                                                 \
    X(TARGET, "target", "target")                                                                  \
    X(INTERVALS, "Selang waktu", "Intervals")                                                      \
    X(INTERVAL, "Selang", "Interval")                                                              \
    X(COUNT, "banyak", "count")                                                                    \
    X(MEAN, "rata-rata", "mean")                                                                   \
    X(BY_PRIORITY, "Menurut prioritas", "By priority")                                             \
    X(BY_HOUR, "Menurut jam", "By hour")                                                           \
    X(BY_STATION, "Menurut pos", "By station")                                                     \
    X(BY_KECAMATAN, "Menurut kecamatan", "By kecamatan")                                           \
    X(BY_KELURAHAN, "Menurut kelurahan", "By kelurahan")                                           \
    X(PRIORITY, "Prioritas", "Priority")                                                           \
    X(HOUR, "Jam", "Hour")                                                                         \
    X(STATION, "Pos", "Station")                                                                   \
    X(KECAMATAN, "Kecamatan", "Kecamatan")                                                         \
    X(KELURAHAN, "Kelurahan", "Kelurahan")                                                         \
    X(CALLS_BY_HOUR, "Kejadian tiap jam (batang) dan P90 respons (garis)", "Incidents by hour (bars) and response P90 (lines)") \
    X(MAPS, "Peta", "Maps")                                                                        \
    X(MAP_BASE, "P90 respons tiap kelurahan", "Response P90 by kelurahan")                         \
    X(MAP_DIFFERENCE, "Selisih P90 respons", "Difference of response P90")                         \
    X(MAP_WHERE, "wilayah kejadian", "where incidents are:")                                       \
    X(MAP_UNSURE, "tidak terbedakan dari nol", "not distinguishable from zero")                     \
    X(MAP_FEW, "kurang dari 10 kejadian", "fewer than 10 incidents")                               \
    X(STATIONS, "pos ambulans", "stations")                                                        \
    X(HOSPITALS, "rumah sakit", "hospitals")                                                       \
    X(MAP_PRIVACY, "Peta hanya menunjukkan kelurahan, tidak pernah titik sebuah kejadian.", "Maps show kelurahan only, never the point of an incident.") \
    X(UNITS, "Unit", "Units")                                                                      \
    X(UNIT, "Unit", "Unit")                                                                        \
    X(JOBS, "tugas", "jobs")                                                                       \
    X(BUSY, "bertugas", "on jobs")                                                                 \
    X(HOSPITAL, "Rumah sakit", "Hospital")                                                         \
    X(PATIENTS, "pasien diantar", "patients brought")                                              \
    X(OUTCOMES, "Hasil kejadian", "Outcomes")                                                      \
    X(OUTCOME, "Hasil", "Outcome")                                                                 \
    X(ORDERS, "Perintah", "Orders")                                                                \
    X(DECLINED, "ditolak", "declined")                                                             \
    X(TIMED_OUT, "tidak dijawab", "not answered")                                                  \
    X(DIVERTED, "dialihkan", "diverted")                                                           \
    X(STOOD_DOWN, "ditarik", "stood down")                                                         \
    X(HOW_TO_READ, "Cara membaca", "How to read this")                                             \
    X(READ_PERCENTILE, "P90 adalah waktu terpendek yang tidak dilampaui oleh sedikitnya 90 % kejadian: waktu yang benar-benar terjadi, tanpa interpolasi. Waktu ditulis menit:detik.", \
      "P90 is the smallest time that at least 90 % of the incidents do not exceed: a time that really occurred, never interpolated. Times are minutes:seconds.") \
    X(READ_RESPONSE, "Respons dihitung dari telepon dijawab sampai unit pertama tiba di lokasi.", "Response is counted from answering the call to the arrival of the first unit on scene.") \
    X(READ_IN_TIME, "\"Dalam target\": dari semua kejadian yang didatangi atau yang menunggu lebih lama dari target tanpa didatangi. Iseng, kosong, hening, informasi, dan ganda yang tidak didatangi tidak dihitung.", \
      "\"Within target\" is the share of all incidents that were reached, or that waited longer than the target without being reached. Pranks, ghosts, silent calls, information and duplicates that nobody reached do not count.") \
    X(READ_HALF_WIDTH, "± adalah setengah lebar selang kepercayaan 95 % (t Student) atas ulangan yang saling bebas. Satu ulangan saja tidak memberi ±; kejadian di dalam satu ulangan tidak saling bebas dan tidak pernah dipakai untuk itu. Tidak dikoreksi untuk banyaknya perbandingan: dari 20 selisih yang sebenarnya nol, kira-kira satu tampak terbedakan.", \
      "± is the half-width of the 95 % confidence interval (Student's t) over independent replications. A single replication gives none; incidents of one replication are not independent and are never used for it. There is no correction for many comparisons: of 20 differences that are truly zero, about one will look distinguishable.") \
    X(READ_PAST_CALLS, "Semua ulangan memainkan panggilan lalu yang sama: ± hanya menunjukkan seberapa jauh kebetulan dalam hal yang tidak tercatat (siap-siap, waktu di lokasi, serah terima) menggeser angka. ± tidak mengatakan bagaimana angka itu dengan panggilan minggu atau tahun yang lain; untuk itu tarik panggilan dari pola yang dicocokkan (sigap replay --fit).", \
      "All replications play the same past calls: ± tells only how far the chance in what was not recorded (turnout, time on scene, handover) moves the figures. It does not say what they would be with the calls of another week or year; for that, draw calls from a fitted pattern (sigap replay --fit).") \
    X(READ_STATION, "Pos adalah pos unit yang pertama tiba. Beban adalah bagian waktu tugas sejak diperintah sampai bebas.", "A station is that of the unit that came first. Utilisation is the share of duty from order to free.") \
    X(OFFLINE, "Berkas ini utuh: tidak memuat apa pun dari jaringan.", "This file is complete: it loads nothing from any network.") \
    X(SHOW_TABLE, "Tampilkan tabel", "Show the table")                                             \
    X(HANDOVERS, "Rumah sakit: perjalanan dan serah terima", "Hospitals: the way there and handover") \
    X(TARGETS, "Target pelayanan", "Service targets")                                              \
    X(TARGETS_HOW, "Target dari rencana (clocks.conf): yang diminta, dan yang tercapai. ✓ tercapai, ✗ tidak. Kejadian yang menunggu lebih lama dari target dengan sia-sia dihitung terlambat.", \
      "The targets of the plan (clocks.conf): what is asked, and what was reached. ✓ met, ✗ missed. Incidents that waited longer than the target in vain count as late.") \
    X(SERVICE_TARGET, "Target", "Target")                                                                \
    X(TARGET_MET, "tercapai", "met")                                                               \
    X(TARGET_MISSED, "tidak tercapai", "missed")                                                   \
    X(ON_AVERAGE, "rata-rata", "on average")                                                       \
    X(MOMENT_RING, "dering", "ring")                                                               \
    X(MOMENT_ANSWER, "dijawab", "answered")                                                        \
    X(MOMENT_PLACE, "tempat diketahui", "placed")                                                  \
    X(MOMENT_ORDER, "perintah", "order")                                                           \
    X(MOMENT_EN_ROUTE, "berangkat", "en route")                                                    \
    X(MOMENT_ON_SCENE, "di lokasi", "on scene")                                                    \
    X(MOMENT_LEAVING, "meninggalkan lokasi", "leaving")                                            \
    X(MOMENT_HOSPITAL, "di rumah sakit", "at hospital")                                            \
    X(MOMENT_FREE, "bebas", "free")                                                                \
    X(COVERAGE, "Cakupan oleh unit yang siap", "Coverage by free units")                           \
    X(COVERAGE_HOW, "Tiap jam pada menit ke-30: dari pos mana ambulans yang siap paling cepat tiba, dengan jalan pada jam itu dan waktu siap-siap. Unit yang siap dihitung di posnya; tiap bagian kota dihitung menurut banyaknya panggilan dari sana. Target adalah target P1.", \
      "Every hour on the half hour: from which station a free ambulance is there first, on the roads of that hour and with the turnout. Free units count at their station; each part of the city counts by the calls that come from it. The target is that of a P1.") \
    X(COVERED, "waktu dalam target", "time within target")                                         \
    X(NEAREST, "terdekat, rata-rata", "nearest, mean")                                             \
    X(UNCOVERED, "tanpa unit siap", "nobody free")                                                 \
    X(COVERAGE_AREAS, "Menurut kelurahan", "By kelurahan")                                         \
    X(INTERVAL_ANSWER, "jawab (dering → dijawab)", "answer (ring → answered)")                     \
    X(INTERVAL_LOCATE, "lokasi (dijawab → tempat diketahui)", "locate (answered → placed)")        \
    X(INTERVAL_DECIDE, "putusan (tempat → perintah)", "decide (placed → order)")                   \
    X(INTERVAL_TURNOUT, "siap-siap (perintah → berangkat)", "turnout (order → en route)")          \
    X(INTERVAL_TRAVEL, "perjalanan (berangkat → di lokasi)", "travel (en route → on scene)")       \
    X(INTERVAL_RESPONSE, "respons (dijawab → di lokasi)", "response (answered → on scene)")        \
    X(INTERVAL_SCENE, "di lokasi (tiba → berangkat lagi)", "scene (on scene → leaving)")           \
    X(INTERVAL_TRANSPORT, "pengantaran (berangkat → rumah sakit)", "transport (leaving → hospital)") \
    X(INTERVAL_HANDOVER, "serah terima (rumah sakit → bebas)", "handover (hospital → free)")       \
    X(INTERVAL_WHOLE, "seluruhnya (dijawab → bebas)", "whole (answered → free)")                   \
    X(INTERVAL_LATE, "terlambat (jemput yang dijanjikan → di rumah sakit asal)", "late (pick-up as promised → at the hospital it is from)") \
    X(OUTCOME_NONE, "masih terbuka", "still open")                                                 \
    X(OUTCOME_SERVED, "dilayani", "served")                                                        \
    X(OUTCOME_CANCELLED, "dibatalkan", "cancelled")                                                \
    X(OUTCOME_DUPLICATE, "ganda", "duplicate")                                                     \
    X(OUTCOME_PRANK, "iseng", "prank")                                                             \
    X(OUTCOME_SILENT, "hening", "silent")                                                          \
    X(OUTCOME_GHOST, "kosong", "ghost")                                                            \
    X(OUTCOME_INFORMATION, "informasi", "information") \
    X(OUTCOME_ABANDONED, "diputus penelepon", "abandoned")                                         \
    X(OUTCOME_REAL, "nyata", "real")                                                               \
    X(TRANSFERS, "Rujukan antar rumah sakit", "Transfers between hospitals")                       \
    X(TRANSFERS_HOW, "Menurut rumah sakit asal. Rujukan punya jam jemput yang dijanjikan dan tidak punya respons: dinilai dari keterlambatannya, dan tidak ikut dalam tabel lain kecuali beban unit dan serah terima.", \
      "By the hospital they are from. A transfer has a promised pick-up and no response: it is judged by how late its unit was, and is in no other table but the use of units and the handovers.") \
    X(CALL_OUTCOMES, "Telepon: nyata atau bukan, menurut hari dan jam", "Calls: real or not, by day and hour") \
    X(CALL_OUTCOMES_HOW, "Yang dihitung telepon, bukan kejadian: telepon yang dinilai sendiri menurut penilaiannya, yang lain menurut kejadiannya. \"Bukan darurat\" adalah iseng, kosong, hening, dan diputus penelepon. Hari dan jam setempat, menurut kebijakan pertama.", \
      "Calls are counted, not incidents: a call that was judged by itself is what it was judged to be, any other is what its incident was. \"No emergency\" is prank, ghost, silent and abandoned. Local day and hour, under the first policy.") \
    X(CALLS, "telepon", "calls")                                                                   \
    X(FALSE_CALLS, "bukan darurat", "no emergency")                                                \
    X(FALSE_CALLS_PLOT, "Bagian telepon yang bukan darurat tiap jam dalam seminggu", "Share of calls without an emergency in each hour of the week") \
    X(FEW_CALLS, "kurang dari 10 telepon", "fewer than 10 calls")                                  \
    X(DAY, "Hari", "Day")                                                                          \
    X(MONDAY, "Senin", "Monday")                                                                   \
    X(TUESDAY, "Selasa", "Tuesday")                                                                \
    X(WEDNESDAY, "Rabu", "Wednesday")                                                              \
    X(THURSDAY, "Kamis", "Thursday")                                                               \
    X(FRIDAY, "Jumat", "Friday")                                                                   \
    X(SATURDAY, "Sabtu", "Saturday")                                                               \
    X(SUNDAY, "Minggu", "Sunday")
/* clang-format on */

typedef enum sgp_report_text {
#define SGP_REPORT_TEXT_ENUM(key, indonesian, english) SGP_SAY_##key,
    SGP_REPORT_TEXTS(SGP_REPORT_TEXT_ENUM)
#undef SGP_REPORT_TEXT_ENUM
        SGP_SAYS
} sgp_report_text;

#endif
