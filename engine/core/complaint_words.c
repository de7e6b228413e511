#include "core/complaint_words.h"

#include <stddef.h>
#include <string.h>

static const struct {
    const char *code, *words;
} rows[] = {
    {"abdominal_pain", "sakit perut mulas maag usus buntu"},
    {"allergy", "alergi gatal bengkak tawon lebah ubur"},
    {"animal_bite", "digigit anjing kucing kera"},
    {"assault", "dipukul dikeroyok berkelahi tawuran begal"},
    {"back_pain", "sakit pinggang punggung"},
    {"breathing", "asma ngos sesek susah bernapas nafas"},
    {"burn", "terbakar tersiram air panas minyak"},
    {"gas", "bocor elpiji bau kimia"},
    {"cardiac_arrest", "tidak bernapas nafas meninggal kolaps jantung berhenti"},
    {"chest_pain", "sakit dada serangan jantung angin duduk"},
    {"choking", "keselek kesedak"},
    {"seizure", "ayan epilepsi step kejang"},
    {"diabetes", "gula darah kencing manis insulin"},
    {"electrocution", "kesetrum setrum petir"},
    {"fall", "terjatuh kepleset terpeleset tangga"},
    {"fire", "api terbakar rumah"},
    {"headache", "pusing kepala migrain"},
    {"heart", "berdebar jantung"},
    {"heat_cold", "kepanasan kedinginan hipotermia"},
    {"bleeding", "perdarahan berdarah luka sobek mimisan"},
    {"entrapment", "terjebak tergencet tertimpa mesin"},
    {"poisoning", "racun minum obat overdosis pestisida makanan"},
    {"childbirth", "melahirkan lahir bersalin hamil ketuban bayi"},
    {"psychiatric", "odgj jiwa mengamuk ngamuk"},
    {"sick_person", "lemas sakit tidak enak badan"},
    {"stab_gunshot", "ditusuk tertusuk ditembak bacok"},
    {"stroke", "pelo lumpuh mencong lemah sebelah"},
    {"traffic_accident", "tabrakan laka kecelakaan motor mobil terserempet serempet tertabrak"},
    {"injury", "luka patah tulang terkilir keseleo"},
    {"unconscious", "pingsan semaput tidak sadar"},
    {"person_down", "tergeletak orang di jalan"},
    {"drowning", "hanyut kelelep sungai kolam"},
    {"confused", "bingung linglung mengigau"},
    {"nausea", "mual"},
    {"vomiting", "muntah muntaber diare"},
    {"hanging", "gantung diri tercekik"},
    {"intoxicated", "miras mabuk oplosan"},
    {"fever", "panas badan demam dbd"},
    {"miscarriage", "keguguran"},
    {"snake_bite", "ular digigit"},
    {"explosion", "meledak ledakan tabung"},
    {"suicide_attempt", "bunuh diri loncat"},
    {"transfer", "rujuk pindah rumah sakit"},
};

const char *sgp_complaint_words(const char *code) {
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(rows[i].code, code) == 0)
            return rows[i].words;
    return "";
}
