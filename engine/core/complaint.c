/* Chief complaints: NEMSIS v3 eDispatch.01 codes, each with the readable code
 * that callers' programs and dispatchers type, a default triage priority and the
 * names that people read.
 *
 * The default priority stands until somebody triages. It errs on the quick side:
 * what may be a matter of life is P1 or P2, and an unknown complaint is P2.
 * Some readable codes share a NEMSIS code; the first row of a NEMSIS code is the
 * one that names it.
 */
#include <string.h>

#include "sigap/core.h"

typedef struct complaint {
    const char *code;   /* readable, at most SGP_CODE_BYTES - 1 */
    const char *nemsis; /* eDispatch.01 */
    sgp_priority priority;
    const char *indonesian;
    const char *english;
} complaint;

static const complaint complaints[] = {
    {"abdominal_pain", "2301001", SGP_P3, "Nyeri perut", "Abdominal pain"},
    {"allergy", "2301003", SGP_P2, "Reaksi alergi atau sengatan", "Allergic reaction or sting"},
    {"animal_bite", "2301005", SGP_P3, "Gigitan hewan", "Animal bite"},
    {"assault", "2301007", SGP_P2, "Korban penganiayaan", "Assault"},
    {"crash_alarm", "2301009", SGP_P2, "Alarm tabrakan otomatis", "Automated crash notification"},
    {"back_pain", "2301011", SGP_P4, "Nyeri punggung", "Back pain"},
    {"breathing", "2301013", SGP_P1, "Sesak napas", "Breathing problem"},
    {"burn", "2301015", SGP_P2, "Luka bakar atau ledakan", "Burns or explosion"},
    {"gas", "2301017", SGP_P1, "Keracunan gas atau bahan berbahaya",
     "Gas, inhalation or dangerous substance"},
    {"cardiac_arrest", "2301019", SGP_P1, "Henti jantung", "Cardiac arrest"},
    {"chest_pain", "2301021", SGP_P1, "Nyeri dada", "Chest pain"},
    {"choking", "2301023", SGP_P1, "Tersedak", "Choking"},
    {"seizure", "2301025", SGP_P2, "Kejang", "Convulsions or seizure"},
    {"diabetes", "2301027", SGP_P2, "Masalah diabetes", "Diabetic problem"},
    {"electrocution", "2301029", SGP_P1, "Tersengat listrik atau petir",
     "Electrocution or lightning"},
    {"eye_injury", "2301031", SGP_P4, "Cedera mata", "Eye problem or injury"},
    {"fall", "2301033", SGP_P3, "Jatuh", "Fall"},
    {"fire", "2301035", SGP_P1, "Kebakaran", "Fire"},
    {"headache", "2301037", SGP_P3, "Sakit kepala", "Headache"},
    {"admission", "2301039", SGP_P4, "Permintaan tenaga kesehatan",
     "Healthcare professional or admission"},
    {"heart", "2301041", SGP_P2, "Masalah jantung", "Heart problem"},
    {"heat_cold", "2301043", SGP_P3, "Paparan panas atau dingin", "Heat or cold exposure"},
    {"bleeding", "2301045", SGP_P2, "Pendarahan", "Bleeding or laceration"},
    {"entrapment", "2301047", SGP_P1, "Terjepit atau kecelakaan kerja",
     "Entrapment or industrial accident"},
    {"medical_alarm", "2301049", SGP_P3, "Alarm medis", "Medical alarm"},
    {"other", "2301051", SGP_P2, "Lain-lain", "Other"},
    {"poisoning", "2301053", SGP_P2, "Keracunan atau kelebihan obat", "Overdose or poisoning"},
    {"outbreak", "2301055", SGP_P3, "Wabah", "Pandemic, epidemic or outbreak"},
    {"childbirth", "2301057", SGP_P2, "Persalinan atau kehamilan", "Pregnancy or childbirth"},
    {"psychiatric", "2301059", SGP_P3, "Gangguan jiwa atau percobaan bunuh diri",
     "Psychiatric problem or suicide attempt"},
    {"sick_person", "2301061", SGP_P3, "Orang sakit", "Sick person"},
    {"stab_gunshot", "2301063", SGP_P1, "Luka tusuk atau tembak", "Stab or gunshot wound"},
    {"standby", "2301065", SGP_P4, "Siaga", "Standby"},
    {"stroke", "2301067", SGP_P1, "Stroke", "Stroke"},
    {"traffic_accident", "2301069", SGP_P2, "Kecelakaan lalu lintas", "Traffic accident"},
    {"transfer", "2301071", SGP_P4, "Rujukan antar rumah sakit", "Transfer between hospitals"},
    {"injury", "2301073", SGP_P3, "Cedera", "Traumatic injury"},
    {"well_person_check", "2301075", SGP_P4, "Pemeriksaan orang sehat", "Well person check"},
    {"unconscious", "2301077", SGP_P1, "Tidak sadar atau pingsan", "Unconscious or fainting"},
    {"person_down", "2301079", SGP_P2, "Orang tergeletak, sebab tidak diketahui",
     "Unknown problem, person down"},
    {"drowning", "2301081", SGP_P1, "Tenggelam", "Drowning"},
    {"air_transport", "2301083", SGP_P3, "Evakuasi udara", "Air transport"},
    {"confused", "2301085", SGP_P2, "Penurunan kesadaran", "Altered mental status"},
    {"intercept", "2301087", SGP_P2, "Penjemputan di jalan", "Intercept"},
    {"nausea", "2301089", SGP_P4, "Mual", "Nausea"},
    {"vomiting", "2301091", SGP_P4, "Muntah", "Vomiting"},
    {"hanging", "2301093", SGP_P1, "Gantung diri atau tercekik", "Hanging or strangulation"},
    {"intoxicated", "2301095", SGP_P3, "Mabuk", "Intoxicated person"},
    {"police_request", "2301097", SGP_P3, "Permintaan polisi", "Requested by the police"},
    {"active_shooter", "2301099", SGP_P1, "Penembakan massal", "Active shooter"},
    /* Further readable codes for what callers say most. */
    {"fever", "2301061", SGP_P4, "Demam", "Fever"},
    {"miscarriage", "2301057", SGP_P2, "Keguguran", "Miscarriage"},
    {"snake_bite", "2301005", SGP_P2, "Gigitan ular", "Snake bite"},
    {"explosion", "2301015", SGP_P1, "Ledakan", "Explosion"},
    {"suicide_attempt", "2301059", SGP_P1, "Percobaan bunuh diri", "Suicide attempt"},
};
enum { N_COMPLAINTS = sizeof complaints / sizeof *complaints };

static const complaint *find(const char *code) {
    for (int i = 0; i < N_COMPLAINTS; i++)
        if (strcmp(complaints[i].code, code) == 0 || strcmp(complaints[i].nemsis, code) == 0)
            return &complaints[i];
    return NULL;
}

sgp_priority sgp_complaint_priority(const char *code) {
    const complaint *found = find(code);
    return found ? found->priority : SGP_P2;
}

const char *sgp_complaint_name(const char *code, const char *language) {
    const complaint *found = find(code);
    if (!found)
        return code;
    return strcmp(language, "en") == 0 ? found->english : found->indonesian;
}

bool sgp_complaint_is_dangerous(const char *code) {
    static const char *const dangerous[] = {"assault",         "stab_gunshot", "psychiatric",
                                            "suicide_attempt", "intoxicated",  "police_request",
                                            "active_shooter"};
    const complaint *found = find(code);
    for (size_t i = 0; found && i < sizeof dangerous / sizeof *dangerous; i++)
        if (strcmp(found->code, dangerous[i]) == 0)
            return true;
    return false;
}

const char *sgp_complaint_code(uint32_t nth, const char **nemsis) {
    if (nth >= N_COMPLAINTS)
        return NULL;
    if (nemsis)
        *nemsis = complaints[nth].nemsis;
    return complaints[nth].code;
}

/* What several callers may say of one thing; a complaint may belong to several. */
enum {
    ACCIDENT = 1u << 0,
    FIRE = 1u << 1,
    VIOLENCE = 1u << 2,
    COLLAPSE = 1u << 3,
    BIRTH = 1u << 4,
    SICKNESS = 1u << 5,
    POISON = 1u << 6,
    BITE = 1u << 7,
    WATER = 1u << 8,
    HARM = 1u << 9 /* to oneself */
};

static const struct {
    const char *code;
    uint32_t families;
} families[] = {
    {"abdominal_pain", SICKNESS},
    {"allergy", SICKNESS | BITE},
    {"animal_bite", BITE},
    {"assault", VIOLENCE},
    {"crash_alarm", ACCIDENT},
    {"back_pain", SICKNESS},
    {"breathing", COLLAPSE | SICKNESS},
    {"burn", FIRE},
    {"gas", FIRE | POISON},
    {"cardiac_arrest", COLLAPSE | WATER | HARM},
    {"chest_pain", COLLAPSE | SICKNESS},
    {"choking", COLLAPSE},
    {"seizure", COLLAPSE | SICKNESS},
    {"diabetes", COLLAPSE | SICKNESS},
    {"electrocution", FIRE | ACCIDENT | COLLAPSE},
    {"eye_injury", ACCIDENT},
    {"fall", ACCIDENT},
    {"fire", FIRE},
    {"headache", SICKNESS},
    {"heart", COLLAPSE | SICKNESS},
    {"heat_cold", SICKNESS | COLLAPSE},
    {"bleeding", ACCIDENT | VIOLENCE | BIRTH},
    {"entrapment", ACCIDENT},
    {"medical_alarm", SICKNESS | COLLAPSE},
    {"poisoning", POISON | HARM},
    {"outbreak", SICKNESS},
    {"childbirth", BIRTH},
    {"psychiatric", HARM},
    {"sick_person", SICKNESS},
    {"stab_gunshot", VIOLENCE},
    {"stroke", COLLAPSE},
    {"traffic_accident", ACCIDENT},
    {"injury", ACCIDENT | VIOLENCE},
    {"unconscious", COLLAPSE | ACCIDENT | WATER | HARM | POISON},
    {"person_down", COLLAPSE | ACCIDENT | VIOLENCE | POISON},
    {"drowning", WATER},
    {"confused", COLLAPSE | SICKNESS | POISON},
    {"nausea", SICKNESS | POISON},
    {"vomiting", SICKNESS | POISON},
    {"hanging", HARM},
    {"intoxicated", POISON},
    {"active_shooter", VIOLENCE},
    {"fever", SICKNESS},
    {"miscarriage", BIRTH},
    {"snake_bite", BITE},
    {"explosion", FIRE},
    {"suicide_attempt", HARM},
};

uint32_t sgp_complaint_families(const char *code) {
    const complaint *found = find(code);
    for (size_t i = 0; found && i < sizeof families / sizeof *families; i++)
        if (strcmp(families[i].code, found->code) == 0)
            return families[i].families;
    return 0;
}
