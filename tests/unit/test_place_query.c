/* What callers say as structured queries, and the names of the map in the same words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "gis/place_query.h"
#include "gis/place_spellings.h"

static const char *wanted_str(sgp_wanted wanted) {
    static const char *const NAMES[] = {"any",   "street",   "gang",     "estate", "area",
                                        "rt/rw", "facility", "junction", "km"};
    return NAMES[wanted];
}

/* One line that tells all: each phrase as role/wanted[words], with '?' behind optional words,
 * '@' behind districts, '~' behind words that no name needs (markers and the like); then what was
 * read beside them. */
static const char *dump(const sgp_place_query *q) {
    static char line[4096];
    static const char *const ROLES[] = {"target", "crossing", "landmark"};
    size_t used = 0;
    line[0] = '\0';
#define SAY(...) used += (size_t)snprintf(line + used, sizeof line - used, __VA_ARGS__)
    for (size_t i = 0; i < q->n_phrases; i++) {
        const sgp_query_phrase *phrase = &q->phrases[i];
        SAY("%s%s", i ? " " : "", ROLES[phrase->role]);
        if (phrase->relation != SGP_RELATION_NONE)
            SAY(" %s", sgp_relation_str(phrase->relation));
        if (phrase->wanted != SGP_WANTED_ANY)
            SAY(" %s", wanted_str(phrase->wanted));
        SAY("[");
        for (size_t j = 0; j < phrase->n_words; j++) {
            const sgp_query_word *word = &q->words[phrase->words[j]];
            bool is_free = word->role != SGP_WORD_NAME && word->role != SGP_WORD_NUMBER;
            SAY("%s%s%s%s%s", j ? " " : "", word->text, is_free ? "~" : "",
                word->is_district ? "@" : "", word->optional ? "?" : "");
        }
        SAY("]");
    }
    if (q->is_junction)
        SAY(" junction%d%s", q->junction_arms, q->is_roundabout ? " roundabout" : "");
    if (q->number[0])
        SAY(" no=%s%s", q->number, q->number_is_certain ? "!" : "");
    if (q->block[0])
        SAY(" block=%s", q->block);
    if (q->gang >= 0)
        SAY(" gang=%d", q->gang);
    if (q->rt >= 0)
        SAY(" rt=%d", q->rt);
    if (q->rw >= 0)
        SAY(" rw=%d", q->rw);
    if (q->km_m >= 0)
        SAY(" km=%d", q->km_m);
    for (size_t i = 0, n = 0; i < q->n_words; i++)
        if (q->words[i].role == SGP_WORD_LEFT_OVER)
            SAY("%s%s", n++ ? " " : " left=", q->words[i].text);
#undef SAY
    return line[0] == ' ' ? line + 1 : line;
}

typedef struct text_row {
    const char *text, *expected;
} text_row;

static void check_rows(const text_row *rows, size_t n) {
    size_t wrong = 0;
    for (size_t i = 0; i < n; i++) {
        sgp_place_query query;
        assert_int_equal(sgp_place_query_parse(rows[i].text, NULL, 0, &query), SGP_OK);
        if (strcmp(dump(&query), rows[i].expected) != 0) {
            print_error("%s\n  expected %s\n  was      %s\n", rows[i].text, rows[i].expected,
                        dump(&query));
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

static const text_row CALLERS[] = {
    {"jln sukarno hata depan politeknik",
     "target street[sukarno hata] landmark IN_FRONT facility[politeknik]"},
    {"gg 5 sumbersari dekat masjid",
     "target gang[gang~ 5 sumbersari] landmark NEAR facility[masjid] gang=5"},
    {"perempatan ITN", "crossing[itn] junction4"},
    {"perum araya blok C2 no 7", "target estate[araya blok~ c2] no=7! block=c2"},
    {"sebelahnya RSSA", "landmark BESIDE[rssa]"},
    {"lor e alun-alun", "landmark NORTH facility[alun alun]"},
    {"Jl. Veteran 5, Ketawanggede", "target street[veteran 5? ketawanggede] no=5"},
    {"jalan veteran no 5", "target street[veteran] no=5!"},
    {"Jln Veteran nomor 5A", "target street[veteran] no=5a!"},
    {"Jl. Veteran No.5 a, Lowokwaru", "target street[veteran lowokwaru] no=5a!"},
    {"Jl Veteran no5", "target street[veteran] no=5!"},
    {"jl veteran no 12-14 lowokwaru", "target street[veteran lowokwaru] no=12!"},
    {"jl veteran 12-14 lowokwaru", "target street[veteran 12? lowokwaru] no=12"},
    {"Jl MT. Haryono 10 B", "target street[mt haryono 10b?] no=10b"},
    {"Jl. W.R. Supratman No.10", "target street[wr supratman] no=10!"},
    {"Jl. 17 Agustus no 5", "target street[17 agustus] no=5!"},
    {"Gg 3 Jl Kertorejo", "target gang[gang~ 3 kertorejo] gang=3"},
    {"RSSA", "target[rssa]"},
    {"R.S. Lavalette", "target facility[rs lavalette]"},
    {"Rumah Sakit Lavalette", "target facility[rs lavalette]"},
    {"RSUD Dr. Saiful Anwar", "target facility[rs umum~ daerah~ dr~ saiful anwar]"},
    {"Pkm Dinoyo", "target facility[puskesmas dinoyo]"},
    {"SMAN 3 Malang", "target facility[sma negeri~ 3 malang]"},
    {"di depan RS Panti Waluya", "landmark IN_FRONT facility[rs panti waluya]"},
    {"dekat Masjid Jami'", "landmark NEAR facility[masjid jami]"},
    {"sebelah utara dari MOG", "landmark NORTH[mog]"},
    {"Jl. Merdeka Utara", "target street[merdeka utara]"},
    {"Kel. Dinoyo Kec. Lowokwaru Kota Malang", "target area[dinoyo@ lowokwaru@ kota~ malang@]"},
    {"jl. kawi rt 03 rw 05 65111", "target street[kawi rt~ 3? rw~ 5?] rt=3 rw=5"},
    {"12 Rue Grimaldi", "target[12? rue grimaldi] no=12"},
    {"kecelakaan di depan Pasar Blimbing", "landmark IN_FRONT facility[pasar blimbing]"},
    {"warung depan rs lavalette",
     "target facility[warung] landmark IN_FRONT facility[rs lavalette]"},
    {"saya di jalan raya langsep no 12", "target street[raya~ langsep] no=12!"},
    {"Jl. Belakang Terminal", "target street[belakang terminal]"},
    {"perempatan Kawi", "crossing[kawi] junction4"},
    {"pertigaan dinoyo", "crossing[dinoyo] junction3"},
    {"Ds. Pendem", "target area[pendem@]"},
    {"Balai Desa Pendem", "target facility[balai desa pendem]"},
    {"saya", ""},
    {"depan", "target[depan]"},
    {"???", ""},
    {"perempatan veteran sumbersari", "crossing[veteran sumbersari] junction4"},
    {"pojok jl kawi dan jl ijen", "crossing street[kawi] crossing street[ijen] junction0"},
    {"antara matos dan mog", "landmark BETWEEN[matos] landmark BETWEEN[mog]"},
    {"tolong ada kecelakaan di depan RSSA motor sama mobil", "landmark IN_FRONT[rssa]"},
    {"jlveteran5", "target street[veteran 5?] no=5"},
    {"gg5", "target gang[gang~ 5] gang=5"},
    {"no5", "no=5!"},
    {"RT 03 RW 05 kelurahan sumbersari", "target rt/rw[rt~ 3 rw~ 5 sumbersari@] rt=3 rw=5"},
    {"RT.03/RW.05 sumbersari", "target rt/rw[rt~ 3 rw~ 5 sumbersari] rt=3 rw=5"},
    {"RT/RW 3/5 dinoyo", "target rt/rw[rt~ rw~ 3 5 dinoyo] rt=3 rw=5"},
    {"rt3rw5", "target rt/rw[rt~ 3 rw~ 5] rt=3 rw=5"},
    {"erte tiga erwe lima sumbersari", "target rt/rw[rt~ 3 rw~ 5 sumbersari] rt=3 rw=5"},
    {"km 12,5 jl raya lawang", "target km[km~ 12 500? raya~ lawang] km=12500"},
    {"jl raya lawang kilometer 12", "target km[raya~ lawang km~ 12] km=12000"},
    {"Gang V", "target gang[gang~ 5] gang=5"},
    {"Jalan Bendungan Sigura-gura V", "target street[bendungan sigura gura 5]"},
    {"jl bendungan sigura-gura V no 2", "target street[bendungan sigura gura 5] no=2!"},
    {"nomor dua belas a jalan veteran", "target street[veteran] no=12a!"},
    {"jalan veteran nomor dua belas a", "target street[veteran] no=12a!"},
    {"masuk gang 5 dari jl veteran", "target gang[gang~ 5 veteran] gang=5"},
    {"jl veteran masuk gang 5", "target gang[veteran gang~ 5] gang=5"},
    {"sekitar 100 meter dari RSSA", "landmark NEAR[rssa]"},
    {"samping kiri masjid sabilillah", "landmark BESIDE facility[masjid sabilillah]"},
    {"100 meter utara alun-alun", "landmark NORTH[utara~ alun alun]"},
    {"Jl Simpang Borobudur", "target street[simpang borobudur]"},
    {"simpang balapan", "crossing[balapan] junction0"},
    {"simpang empat blimbing", "crossing[blimbing] junction4"},
    {"bundaran tugu", "crossing[tugu] junction0 roundabout"},
    {"lampu merah dinoyo", "crossing[dinoyo] junction0"},
    {"bangjo kawi", "crossing[kawi] junction0"},
    {"per4an ITN", "crossing[itn] junction4"},
    {"kidul pasar", "landmark SOUTH[kidul~ pasar]"},
    {"jl kidul pasar", "target street[kidul pasar]"},
    {"Jl. Raya Singosari Utara", "target street[raya~ singosari utara]"},
    {"blok c 2 no 7 araya", "target estate[blok~ c araya] no=7! block=c"},
    {"araya C2/7", "target[araya c2] no=7! block=c2"},
    {"araya c-12", "target[araya c] no=12! block=c"},
    {"kavling 5 villa puncak tidar", "target estate[villa puncak tidar] no=5!"},
    {"alun2 merdeka", "target[alun alun merdeka]"},
    {"S. Parman", "target[s parman]"},
    {"letnan jenderal s parman", "target[letjen~ s parman]"},
    {"Letjend. S.Parman", "target[letjen~ s parman]"},
    {"jl letjen s parman depan carefour",
     "target street[letjen~ s parman] landmark IN_FRONT[carefour]"},
    {"K.H. Ahmad Dahlan", "target[kh~ ahmad dahlan]"},
    {"perumahan sawojajar 1 blok d no 3 rt 2 rw 4",
     "target estate[sawojajar 1? blok~ d rt~ 2? rw~ 4?] no=3! block=d rt=2 rw=4"},
    {"SMA N 3", "target facility[sma negeri~ 3]"},
    {"sma negeri 3 malang", "target facility[sma negeri~ 3 malang]"},
    {"gang setunggal", "target gang[gang~ 1] gang=1"},
    {"jl kawi no seratus dua puluh lima", "target street[kawi] no=125!"},
    {"jalan veteran arah timur", "target street[veteran]"},
    {"RSSA sebelah timur", "landmark EAST[rssa]"},
    {"jl veteran jl sumbersari", "crossing street[veteran] crossing street[sumbersari] junction0"},
    {"jembatan suhat", "target facility[jembatan soekarno hatta]"},
};

static void test_place_query_of_callers_texts(void **state) {
    (void)state;
    check_rows(CALLERS, sizeof CALLERS / sizeof *CALLERS);
}

static void test_place_query_tables_are_sorted(void **state) {
    (void)state;
    size_t n;
    for (size_t i = 0; sgp_place_lexicon(i, &n); i++) {
        const sgp_lexeme *lines = sgp_place_lexicon(i, &n);
        for (size_t j = 1; j < n; j++)
            assert_true(strcmp(lines[j - 1].written, lines[j].written) < 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_place_query_of_callers_texts),
        cmocka_unit_test(test_place_query_tables_are_sorted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
