/* Plays a scenario and compares every effect with what the file expects.
 *
 *   run_replay FILE.replay...
 *
 * A file is read line by line; README.md in this folder explains the language.
 * Each file is played twice. Beside the played world a second one lives through
 * the same events: it is saved and loaded between all of them and is told the
 * recorded travel times instead of fresh ones. After every event both must have
 * the same effects and the same digest.
 */
#include <assert.h>
#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>

#include "core_check.h"
#include "plan_maker.h"

enum { LINE_BYTES = 512, WORDS_MAX = 48, EXPECTED_MAX = 64, PEOPLE_MAX = 32 };

typedef struct replay {
    const char *file;
    int line;       /* being read */
    int event_line; /* of the last event */
    sgp_world *world, *shadow;
    core_oracle oracle;
    sgp_times_recorder recorder;
    sgp_effects effects;
    int64_t now_ms;
    uint64_t seq;
    sgp_event last;
    char told[EXPECTED_MAX][LINE_BYTES]; /* effects of the last event line, not yet expected */
    size_t n_told, at_told;
    sgp_roster *roster; /* as it was said so far */
    sgp_shift shift;    /* of the last SHIFT_SET */
} replay;

static const int64_t START_MS = 1700000000000;

static void fail(const replay *play, const char *format, ...) SGP_PRINTF(2, 3);
static void fail(const replay *play, const char *format, ...) {
    fprintf(stderr, "%s:%d: ", play->file, play->line);
    va_list args;
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    exit(1);
}

/* ---- effects as lines ------------------------------------------------------ */

static void tell(replay *play, const char *text) {
    if (play->n_told == EXPECTED_MAX)
        fail(play, "too many effects");
    snprintf(play->told[play->n_told++], LINE_BYTES, "%s", text);
}

static void tell_seconds(char *text, int64_t ms) {
    size_t length = strlen(text);
    if (ms % 1000)
        snprintf(text + length, LINE_BYTES - length, "%" PRId64 ".%03d s", ms / 1000,
                 (int)(ms % 1000));
    else
        snprintf(text + length, LINE_BYTES - length, "%" PRId64 " s", ms / 1000);
}

static void tell_recommendation(replay *play, const sgp_world *world,
                                const sgp_recommendation *made) {
    char text[LINE_BYTES];
    snprintf(text, sizeof text, "recommend %" PRIu64 ":", made->incident);
    for (uint32_t i = 0; i < made->n_candidates; i++) {
        const sgp_candidate *candidate = &made->candidates[i];
        const char *code = sgp_world_unit(world, candidate->unit)->code;
        size_t length = strlen(text);
        snprintf(text + length, sizeof text - length, "%s %s ", i ? "," : "", code);
        if (candidate->exclusion != SGP_EXCLUDED_NOT)
            strncat(text, sgp_exclusion_str(candidate->exclusion), sizeof text - strlen(text) - 1);
        if (candidate->exclusion != SGP_EXCLUDED_NOT && candidate->total_ms >= 0)
            strncat(text, " ", sizeof text - strlen(text) - 1);
        if (candidate->total_ms >= 0)
            tell_seconds(text, candidate->total_ms);
        length = strlen(text);
        if (candidate->from)
            snprintf(text + length, sizeof text - length, " from %" PRIu64, candidate->from);
    }
    tell(play, text);
    for (uint32_t i = 0; i < made->n_shortfalls; i++) {
        const sgp_shortfall *shortfall = &made->shortfalls[i];
        snprintf(text, sizeof text, "short %" PRIu64 ":", made->incident);
        for (int kind = 1; kind < SGP_UNIT_KINDS; kind++)
            if (shortfall->kinds >> kind & 1u)
                snprintf(text + strlen(text), sizeof text - strlen(text), " %s",
                         sgp_unit_kind_str((sgp_unit_kind)kind));
        snprintf(text + strlen(text), sizeof text - strlen(text), " within %d s, best ",
                 (int)(shortfall->within_ms / 1000));
        if (shortfall->best_ms < 0)
            strncat(text, "none", sizeof text - strlen(text) - 1);
        else
            tell_seconds(text, shortfall->best_ms);
        if (shortfall->unit)
            snprintf(text + strlen(text), sizeof text - strlen(text), ", %s instead",
                     sgp_world_unit(world, shortfall->unit - 1)->code);
        tell(play, text);
    }
}

/* "hospitals 1: RS-B 100 s, RS-A FULL 50 s; to RS-B": the best first, with what a lacking wish
 * adds. */
static void tell_hospitals(replay *play, const sgp_world *world,
                           const sgp_hospital_advice *advice) {
    char text[LINE_BYTES];
    snprintf(text, sizeof text, "hospitals %" PRIu64 ":", advice->assignment);
    for (uint32_t i = 0; i < advice->n_options; i++) {
        const sgp_hospital_option *option = &advice->options[i];
        size_t length = strlen(text);
        snprintf(text + length, sizeof text - length, "%s %s ", i ? "," : "",
                 sgp_world_hospital(world, option->hospital)->code);
        if (option->unfit) {
            strncat(text, sgp_unfit_str(option->unfit), sizeof text - strlen(text) - 1);
            if (option->total_ms >= 0)
                strncat(text, " ", sizeof text - strlen(text) - 1);
        }
        if (option->total_ms >= 0)
            tell_seconds(text, option->total_ms);
    }
    if (advice->chosen >= 0)
        snprintf(text + strlen(text), sizeof text - strlen(text), "; to %s",
                 sgp_world_hospital(world, (uint32_t)advice->chosen)->code);
    tell(play, text);
}

static void tell_effects(replay *play, const sgp_world *world, const sgp_effects *effects) {
    for (size_t i = 0; i < effects->n; i++) {
        const sgp_effect *effect = &effects->items[i];
        char text[LINE_BYTES] = "";
        const sgp_assignment *assignment = NULL;
        switch (effect->kind) {
        case SGP_EFFECT_RECOMMENDED:
            tell_recommendation(play, world, &effect->u.recommended);
            break;
        case SGP_EFFECT_ORDER:
        case SGP_EFFECT_WITHDRAW:
            assignment = sgp_world_assignment(world, effect->u.order.assignment);
            snprintf(text, sizeof text, "%s %s %" PRIu64 " assignment %" PRIu64,
                     effect->kind == SGP_EFFECT_ORDER ? "order" : "withdraw",
                     sgp_world_unit(world, assignment->unit)->code, assignment->incident,
                     assignment->id);
            tell(play, text);
            break;
        case SGP_EFFECT_FIND_PLACE:
            snprintf(text, sizeof text, "find place of call %" PRIu64, effect->u.find_place.call);
            tell(play, text);
            break;
        case SGP_EFFECT_ALERT:
            snprintf(text, sizeof text, "alert %s %" PRIu64, effect->u.alert.agency,
                     effect->u.alert.incident);
            tell(play, text);
            break;
        case SGP_EFFECT_REPLY:
            if (!effect->u.reply.err)
                break;
            snprintf(text, sizeof text, "refused %s: %s", sgp_err_str(effect->u.reply.err),
                     effect->u.reply.message);
            tell(play, text);
            break;
        case SGP_EFFECT_HOSPITALS:
            tell_hospitals(play, world, &effect->u.hospitals);
            break;
        case SGP_EFFECT_DESTINATION:
            assignment = sgp_world_assignment(world, effect->u.destination.assignment);
            snprintf(text, sizeof text, "destination %s %s",
                     sgp_world_unit(world, assignment->unit)->code,
                     sgp_world_hospital(world, (uint32_t)assignment->hospital)->code);
            tell(play, text);
            break;
        case SGP_EFFECT_TRACK: /* no story has any: tests/unit/test_device.c */
            break;
        case SGP_EFFECT_ALARM:
            snprintf(text, sizeof text, "alarm %s %s",
                     sgp_world_unit(world, effect->u.alarm.unit)->code,
                     effect->u.alarm.absent       ? "nobody has come"
                     : effect->u.alarm.assignment ? "does not answer"
                                                  : "distress");
            tell(play, text);
            break;
        case SGP_EFFECT_OFFLOAD:
            assignment = sgp_world_assignment(world, effect->u.offload.assignment);
            snprintf(text, sizeof text, "offload %s %s alarm %u",
                     sgp_world_unit(world, assignment->unit)->code,
                     assignment->hospital < 0
                         ? "none"
                         : sgp_world_hospital(world, (uint32_t)assignment->hospital)->code,
                     assignment->offload_alarms);
            tell(play, text);
            break;
        case SGP_EFFECT_MOVE_UP: {
            const sgp_unit *unit = sgp_world_unit(world, effect->u.move_up.unit);
            snprintf(text, sizeof text, "move-up %s %s", unit->code,
                     unit->post.state == SGP_POST_NONE ? "ends" : unit->post.name);
            tell(play, text);
            break;
        }
        case SGP_EFFECT_RING_ANSWER:
            snprintf(text, sizeof text, "answer %s",
                     sgp_world_ring(world, effect->u.ring.ring)->channel);
            tell(play, text);
            break;
        case SGP_EFFECT_RING_GONE:
            tell(play, "a ring is forgotten");
            break;
        case SGP_EFFECT_CHANGED:
            break;
        }
    }
}

/* ---- stepping both worlds -------------------------------------------------- */

static void reload(replay *play) {
    sgp_buffer bytes = {0};
    sgp_fault fault = {0};
    sgp_world *loaded;
    if (sgp_world_save(play->shadow, &bytes) != SGP_OK)
        fail(play, "the world cannot be saved");
    if (sgp_world_load(bytes.data, bytes.length, &loaded, &fault) != SGP_OK)
        fail(play, "the world cannot be loaded: %s", fault.text);
    sgp_world_destroy(play->shadow);
    play->shadow = loaded;
    sgp_buffer_free(&bytes);
}

/* told[begin ..] are the effects that the played world had. */
static void step_shadow(replay *play, const sgp_event *event, sgp_err expected, size_t begin) {
    Sigap__V1__RecordedTimes recorded;
    sgp_times_recorder_to_proto(&play->recorder, &recorded);
    sgp_times_player player = {.times = &recorded};
    sgp_times times = sgp_times_playing(&player);
    sgp_effects effects = {0};
    reload(play);
    sgp_err err = sgp_core_step(play->shadow, event, &times, &effects);
    if (err != expected)
        fail(play, "after a reload the event gives %s", sgp_err_str(err));
    if (player.at_ms != recorded.n_ms || player.at_length != recorded.n_lengths)
        fail(play, "after a reload not all recorded times were used");
    size_t n = play->n_told;
    tell_effects(play, play->shadow, &effects);
    if (play->n_told - n != n - begin)
        fail(play, "after a reload the event has another number of effects");
    for (size_t i = begin; i < n; i++)
        if (strcmp(play->told[i], play->told[i + n - begin]) != 0)
            fail(play, "after a reload '%s' became '%s'", play->told[i], play->told[i + n - begin]);
    play->n_told = n;
    uint8_t here[32], there[32];
    sgp_world_digest(play->world, here);
    sgp_world_digest(play->shadow, there);
    if (memcmp(here, there, sizeof here) != 0)
        fail(play, "after a reload the world differs");
    sgp_effects_free(&effects);
}

static void check_record(replay *play, const sgp_event *event) {
    Sigap__V1__RecordedTimes recorded;
    sgp_times_recorder_to_proto(&play->recorder, &recorded);
    sgp_buffer bytes = {0};
    if (sgp_record_encode(play->world, event, &recorded, &play->effects, &bytes) != SGP_OK)
        fail(play, "the record cannot be encoded");
    Sigap__V1__JournalRecord *record =
        sigap__v1__journal_record__unpack(NULL, bytes.length, bytes.data);
    if (!record || !record->event || !record->changes)
        fail(play, "the record cannot be decoded");
    sigap__v1__journal_record__free_unpacked(record, NULL);
    sgp_buffer_free(&bytes);
}

static void step(replay *play, sgp_event *event) {
    event->seq = ++play->seq;
    event->at_ms = play->now_ms;
    for (int i = 0; i < 8; i++)
        event->request_id[i] = (uint8_t)(event->seq >> (8 * i));
    play->last = *event;
    sgp_times_recorder_clear(&play->recorder);
    sgp_effects_clear(&play->effects);
    sgp_times times = sgp_times_recording(&play->recorder);
    sgp_err err = sgp_core_step(play->world, event, &times, &play->effects);
    const char *wrong = core_check_world(play->world);
    if (!wrong)
        wrong = core_check_effects(play->world, &play->effects);
    if (!wrong && sgp_world_seq(play->world) == event->seq)
        wrong = core_check_event_coding(event);
    if (wrong)
        fail(play, "%s", wrong);
    if (sgp_world_seq(play->world) == event->seq)
        check_record(play, event);
    size_t begin = play->n_told;
    tell_effects(play, play->world, &play->effects);
    step_shadow(play, event, err, begin);
}

/* ---- reading words --------------------------------------------------------- */

typedef struct words {
    char *word[WORDS_MAX];
    int n, at;
} words;

static words split(replay *play, char *line) {
    words list = {.n = 0};
    for (char *at = strtok(line, " \t\r\n"); at; at = strtok(NULL, " \t\r\n")) {
        if (list.n == WORDS_MAX)
            fail(play, "too many words");
        list.word[list.n++] = at;
    }
    return list;
}

static char *take(replay *play, words *list, const char *what) {
    if (list->at == list->n)
        fail(play, "%s is missing", what);
    return list->word[list->at++];
}

static bool take_if(words *list, const char *word) {
    if (list->at == list->n || strcmp(list->word[list->at], word) != 0)
        return false;
    list->at++;
    return true;
}

static int64_t take_number(replay *play, words *list, const char *what) {
    char *word = take(play, list, what), *end;
    long long number = strtoll(word, &end, 10);
    if (*end || end == word)
        fail(play, "%s '%s' is not a number", what, word);
    return number;
}

static sgp_point take_point(replay *play, words *list) {
    char *word = take(play, list, "a point");
    int east_m, north_m, used = 0;
    if (sscanf(word, "%d,%d%n", &east_m, &north_m, &used) != 2 || word[used])
        fail(play, "'%s' is not east,north in metres", word);
    return core_point(east_m, north_m);
}

static sgp_place place_at(sgp_point point) {
    return (sgp_place){.kind = SGP_PLACE_COORDINATES, .point = point, .confidence_permille = 1000};
}

/* A number in an enum by its wire word. */
static int take_word(replay *play, words *list, const char *what, int count,
                     const char *(*str)(int)) {
    char *word = take(play, list, what);
    for (int i = 0; i < count; i++)
        if (strcmp(str(i), word) == 0)
            return i;
    fail(play, "'%s' is not %s", word, what);
    return 0;
}

static const char *skill_word(int i) {
    return sgp_skill_str((sgp_skill)i);
}

static const char *priority_word(int i) {
    return sgp_priority_str((sgp_priority)i);
}
static const char *kind_word(int i) {
    return sgp_unit_kind_str((sgp_unit_kind)i);
}
static const char *assignment_word(int i) {
    return sgp_assignment_state_str((sgp_assignment_state)i);
}
static const char *lending_word(int i) {
    return sgp_lending_str((sgp_lending)i);
}
static const char *policy_word(int i) {
    return sgp_policy_str((sgp_policy)i);
}
static const char *status_word(int i) {
    return sgp_unit_status_str((sgp_unit_status)i);
}
static const char *sgp_call_back_word(int i) {
    return sgp_call_back_str((sgp_call_back)i);
}
static const char *outcome_word(int i) {
    return sgp_outcome_str((sgp_outcome)i);
}

static const char *ability_word(int i) {
    return sgp_ability_str((sgp_ability)i);
}
static const char *colour_word(int i) {
    return sgp_colour_of_triage_str((sgp_colour_of_triage)i);
}

/* Copies a word into a bounded text. */
static void put(replay *play, char *out, size_t bytes, const char *word) {
    if (strlen(word) >= bytes)
        fail(play, "'%s' is too long", word);
    strcpy(out, word);
}

/* The rest of the line, words joined by one space. */
static void take_rest(replay *play, words *list, char *out, size_t bytes) {
    out[0] = '\0';
    while (list->at < list->n) {
        if (strlen(out) + strlen(list->word[list->at]) + 2 > bytes)
            fail(play, "the rest of the line is too long");
        if (out[0])
            strcat(out, " ");
        strcat(out, list->word[list->at++]);
    }
}

/* ---- lines that make events ------------------------------------------------ */

static void line_unit(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_UNIT_REGISTERED};
    sgp_unit *unit = &event.u.unit_registered.unit;
    put(play, unit->code, sizeof unit->code, take(play, list, "a code"));
    unit->kind = take_word(play, list, "a kind of unit", SGP_UNIT_KINDS, kind_word);
    strcpy(unit->name, unit->code);
    strcpy(unit->station, "station");
    unit->station_point = take_point(play, list);
    bool off = false;
    while (list->at < list->n) {
        if (take_if(list, "off")) {
            off = true;
        } else if (take_if(list, "of")) {
            put(play, unit->district, sizeof unit->district, take(play, list, "a district"));
        } else if (take_if(list, "lent")) {
            unit->lending = take_word(play, list, "a way of lending", SGP_LENDINGS, lending_word);
        } else if (take_if(list, "serves")) {
            unit->serves |=
                1u << take_word(play, list, "a priority", SGP_PRIORITIES, priority_word);
        } else if (take_if(list, "with")) {
            unit->skills |= 1u << take_word(play, list, "a skill", SGP_SKILLS, skill_word);
        } else {
            fail(play, "'%s' is not off, of, lent, serves or with", list->word[list->at]);
        }
    }
    step(play, &event);
    if (!off) {
        sgp_event duty = {.kind = SGP_EVENT_UNIT_DUTY, .u.duty = {.on_duty = true}};
        strcpy(duty.u.duty.unit, unit->code);
        step(play, &duty);
    }
}

static void line_hospital(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_HOSPITAL_REGISTERED};
    sgp_hospital *hospital = &event.u.hospital_registered.hospital;
    put(play, hospital->code, sizeof hospital->code, take(play, list, "a code"));
    strcpy(hospital->name, hospital->code);
    hospital->point = take_point(play, list);
    if (take_if(list, "beds"))
        hospital->beds = (int32_t)take_number(play, list, "beds");
    if (take_if(list, "can"))
        while (list->at < list->n)
            hospital->abilities |=
                1u << take_word(play, list, "an ability", SGP_ABILITIES, ability_word);
    step(play, &event);
}

static void line_told(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_HOSPITAL_TOLD};
    put(play, event.u.hospital_told.hospital, SGP_CODE_BYTES, take(play, list, "a hospital"));
    while (list->at < list->n) {
        static const char *const diversions[] = {"open", "some", "all", "closed"};
        for (int i = 0; i < SGP_DIVERSIONS && list->at < list->n; i++)
            if (take_if(list, diversions[i])) {
                event.u.hospital_told.has_diversion = true;
                event.u.hospital_told.diversion = (sgp_diversion)i;
                if (i == SGP_DIVERSION_SOME)
                    event.u.hospital_told.diverts |=
                        1u << take_word(play, list, "an ability", SGP_ABILITIES, ability_word);
            }
        if (list->at == list->n) {
            break;
        } else if (take_if(list, "beds")) {
            event.u.hospital_told.has_beds = true;
            event.u.hospital_told.beds = (int32_t)take_number(play, list, "beds");
        } else if (take_if(list, "released")) {
            event.u.hospital_told.released = (int32_t)take_number(play, list, "beds");
        } else if (take_if(list, "for")) {
            event.u.hospital_told.until_ms =
                play->now_ms + take_number(play, list, "seconds") * 1000;
        } else if (take_if(list, "version")) {
            event.u.hospital_told.version = (uint64_t)take_number(play, list, "a version");
        } else {
            fail(play, "'%s' cannot be told", list->word[list->at]);
        }
    }
    step(play, &event);
}

static void line_patient(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_PATIENT_TOLD};
    event.u.patient.assignment = (sgp_id)take_number(play, list, "an assignment");
    while (list->at < list->n) {
        if (take_if(list, "colour")) {
            event.u.patient.colour = take_word(play, list, "a colour", SGP_COLOURS, colour_word);
            continue;
        }
        event.u.patient.has_needs = true;
        if (!take_if(list, "nothing"))
            event.u.patient.needs |=
                1u << take_word(play, list, "an ability", SGP_ABILITIES, ability_word);
    }
    step(play, &event);
}

static void line_hospitals(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_HOSPITAL_ASKED};
    event.u.hospital_choice.assignment = (sgp_id)take_number(play, list, "an assignment");
    step(play, &event);
}

static void line_bring(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_HOSPITAL_CHOSEN};
    event.u.hospital_choice.assignment = (sgp_id)take_number(play, list, "an assignment");
    put(play, event.u.hospital_choice.hospital, SGP_CODE_BYTES, take(play, list, "a hospital"));
    step(play, &event);
}

static void line_clocks(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_CONFIGURED,
                       .u.configured = *sgp_world_clocks(play->world)};
    sgp_clocks *clocks = &event.u.configured;
    char *what = take(play, list, "which clock");
    if (strcmp(what, "accept") == 0) {
        int priority = take_word(play, list, "a priority", SGP_PRIORITIES, priority_word);
        clocks->accept_ms[priority] = (int32_t)take_number(play, list, "seconds") * 1000;
    } else if (strcmp(what, "automatic") == 0) {
        memset(clocks->order_without_click, 0, sizeof clocks->order_without_click);
        while (list->at < list->n && !take_if(list, "none"))
            clocks->order_without_click[take_word(play, list, "a priority", SGP_PRIORITIES,
                                                  priority_word)] = true;
    } else if (strcmp(what, "reorder") == 0) {
        clocks->reorder_after_refusal = strcmp(take(play, list, "yes or no"), "yes") == 0;
    } else if (strcmp(what, "position-age") == 0) {
        clocks->position_max_age_ms = (int32_t)take_number(play, list, "seconds") * 1000;
    } else if (strcmp(what, "confident") == 0) {
        clocks->confident_permille = (int32_t)take_number(play, list, "permille");
    } else if (strcmp(what, "phone-place") == 0) {
        clocks->phone_place_m = (int32_t)take_number(play, list, "metres");
    } else if (strcmp(what, "policy") == 0) {
        int priority = take_word(play, list, "a priority", SGP_PRIORITIES, priority_word);
        clocks->policy[priority] = take_word(play, list, "a policy", SGP_POLICIES, policy_word);
    } else {
        fail(play, "there is no clock '%s'", what);
    }
    step(play, &event);
}

static int32_t take_ms(replay *play, words *list) {
    return (int32_t)take_number(play, list, "seconds") * 1000;
}

static void line_rules(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_CONFIGURED,
                       .u.configured = *sgp_world_clocks(play->world)};
    sgp_rules *rules = &event.u.configured.rules;
    while (list->at < list->n) {
        if (take_if(list, "default")) {
            sgp_rules_default(rules);
        } else if (take_if(list, "divert-gain")) {
            rules->divert_gain_ms = take_ms(play, list);
        } else if (take_if(list, "divert-keep")) {
            rules->divert_keep_ms = take_ms(play, list);
        } else if (take_if(list, "divert-times")) {
            rules->divert_times = (int32_t)take_number(play, list, "times");
        } else if (take_if(list, "crew")) {
            int priority = take_word(play, list, "a priority", SGP_PRIORITIES, priority_word);
            rules->crew_ms[priority] = take_ms(play, list);
        } else if (take_if(list, "aid-after")) {
            int priority = take_word(play, list, "a priority", SGP_PRIORITIES, priority_word);
            rules->aid_after_ms[priority] = take_ms(play, list);
        } else if (take_if(list, "age")) {
            int status = take_word(play, list, "a status", SGP_UNIT_STATUSES, status_word);
            rules->position_age_ms[status] = take_ms(play, list);
        } else if (take_if(list, "reserve")) {
            rules->mass_reserve = (int32_t)take_number(play, list, "units");
        } else if (take_if(list, "welfare")) {
            int priority = take_word(play, list, "a priority", SGP_PRIORITIES, priority_word);
            rules->welfare_ms[priority] = take_ms(play, list);
        } else if (take_if(list, "shift-absent")) {
            rules->shift_absent_ms = take_ms(play, list);
        } else if (take_if(list, "shift-end")) {
            rules->shift_end_ms = take_ms(play, list);
        } else if (take_if(list, "transfer-margin")) {
            rules->transfer_margin_ms = take_ms(play, list);
        } else if (take_if(list, "transfer-keep")) {
            rules->transfer_keep_ms = take_ms(play, list);
        } else if (take_if(list, "edition")) {
            rules->edition = (int32_t)take_number(play, list, "number");
        } else if (take_if(list, "by-hand-for")) {
            rules->by_hand_for = take_word(play, list, "a priority", SGP_PRIORITIES, priority_word);
        } else if (take_if(list, "bed-stay")) {
            rules->bed_stay_ms = take_ms(play, list);
        } else if (take_if(list, "beds-stale")) {
            rules->beds_stale_ms = take_ms(play, list);
        } else if (take_if(list, "offload")) {
            rules->offload_ms = take_ms(play, list);
        } else if (take_if(list, "offload-again")) {
            rules->offload_again_ms = take_ms(play, list);
        } else if (take_if(list, "joint-gain")) {
            rules->joint_gain_ms = take_ms(play, list);
        } else if (take_if(list, "weight")) {
            int priority = take_word(play, list, "a priority", SGP_PRIORITIES, priority_word);
            rules->joint_weight[priority] = (int32_t)take_number(play, list, "times");
        } else if (take_if(list, "nuisance")) {
            rules->nuisance_count = (int32_t)take_number(play, list, "calls");
            rules->nuisance_window_h = 24;
            rules->nuisance_mark_h = 48;
            rules->number_keep_h = 240;
            rules->judge_calls = true;
        } else if (take_if(list, "duplicates")) {
            rules->alike_ms = take_ms(play, list);
            rules->alike_m = 150;
            rules->alike_reach_m[SGP_VAGUE_SPOT] = 150;
            rules->alike_reach_m[SGP_VAGUE_LINE] = 400;
            rules->alike_reach_m[SGP_VAGUE_AREA] = 800;
            rules->alike_reach_m[SGP_VAGUE_PHONE] = 600;
        } else {
            fail(play, "there is no rule '%s'", list->word[list->at]);
        }
    }
    step(play, &event);
}

static void line_duty(replay *play, words *list, bool on_duty) {
    sgp_event event = {.kind = SGP_EVENT_UNIT_DUTY, .u.duty = {.on_duty = on_duty}};
    put(play, event.u.duty.unit, SGP_CODE_BYTES, take(play, list, "a unit"));
    step(play, &event);
}

static void line_position(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_UNIT_POSITION};
    put(play, event.u.position.unit, SGP_CODE_BYTES, take(play, list, "a unit"));
    event.u.position.point = take_point(play, list);
    event.u.position.measured_at_ms = play->now_ms;
    if (take_if(list, "age"))
        event.u.position.measured_at_ms -= take_number(play, list, "seconds") * 1000;
    step(play, &event);
}

/* ---- telephones: rings are named by their channels, of one exchange ------------- */

static sgp_id take_ring(replay *play, words *list) {
    char *channel = take(play, list, "a channel");
    sgp_id id = sgp_world_ring_of(play->world, "pabx", channel);
    if (!id)
        fail(play, "the channel %s is no ring's", channel);
    return id;
}

static void line_call(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_CALL_RECEIVED, .u.call = {.channel = "112"}};
    event.u.call.priority = take_word(play, list, "a priority", SGP_PRIORITIES, priority_word);
    put(play, event.u.call.complaint, SGP_CODE_BYTES, take(play, list, "a complaint"));
    while (list->at < list->n) {
        if (take_if(list, "at")) {
            event.u.call.has_point = true;
            event.u.call.place = place_at(take_point(play, list));
            if (take_if(list, "within")) {
                event.u.call.place.uncertainty_m = (int32_t)take_number(play, list, "metres");
                event.u.call.place.confidence_permille = 200;
            }
        } else if (take_if(list, "text")) {
            event.u.call.has_text = true;
        } else if (take_if(list, "from")) { /* a number, by a made-up token */
            event.u.call.number[0] = (uint8_t)take_number(play, list, "a number");
        } else if (take_if(list, "ring")) {
            event.u.call.ring = take_ring(play, list);
            put(play, event.actor, SGP_CODE_BYTES, take(play, list, "who"));
        } else if (take_if(list, "joins")) {
            event.u.call.incident = (sgp_id)take_number(play, list, "an incident");
        } else if (take_if(list, "in")) {
            put(play, event.u.call.place.kabupaten, SGP_NAME_BYTES, take(play, list, "a district"));
        } else if (take_if(list, "on-foot")) {
            event.u.call.place.has_access = true;
            event.u.call.place.access = event.u.call.place.point;
            event.u.call.place.access_walk_m = (int32_t)take_number(play, list, "metres");
        } else {
            fail(play, "'%s' is not at, in, on-foot, text or joins", list->word[list->at]);
        }
    }
    step(play, &event);
}

static const char *news_word(int i) {
    static const char *const all[] = {"",      "answered", "held",    "resumed",
                                      "ended", "lost",     "recorded"};
    return all[i];
}

static void line_ring(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_RING_CAME,
                       .u.ring_came = {.exchange = "pabx", .line = "112"}};
    put(play, event.u.ring_came.channel, SGP_CHANNEL_BYTES, take(play, list, "a channel"));
    if (take_if(list, "from"))
        event.u.ring_came.number[0] = (uint8_t)take_number(play, list, "a number");
    step(play, &event);
}

static void line_exchange(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_RING_TOLD, .u.ring_told = {.exchange = "pabx"}};
    put(play, event.u.ring_told.channel, SGP_CHANNEL_BYTES, take(play, list, "a channel"));
    event.u.ring_told.news = take_word(play, list, "news", SGP_RING_NEWS, news_word);
    if (event.u.ring_told.news == SGP_NEWS_RECORDED)
        put(play, event.u.ring_told.recording, SGP_NAME_BYTES, take(play, list, "a name"));
    step(play, &event);
}

static void line_take(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_RING_TAKEN};
    put(play, event.actor, SGP_CODE_BYTES, take(play, list, "who"));
    event.u.ring_taken.give_back = take_if(list, "gives-back");
    event.u.ring_taken.ring = take_ring(play, list);
    step(play, &event);
}

static void line_call_back(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_RING_CALL_BACK};
    put(play, event.actor, SGP_CODE_BYTES, take(play, list, "who"));
    event.u.ring_back.ring = take_ring(play, list);
    event.u.ring_back.outcome =
        take_word(play, list, "an outcome", SGP_CALL_BACKS, sgp_call_back_word);
    step(play, &event);
}

static void line_hold(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_INCIDENT_TAKEN};
    put(play, event.actor, SGP_CODE_BYTES, take(play, list, "who"));
    event.u.taken.release = take_if(list, "releases");
    event.u.taken.take_over = take_if(list, "over");
    event.u.taken.incident = (sgp_id)take_number(play, list, "an incident");
    step(play, &event);
}

static void line_hand_over(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_DESK_HANDED_OVER};
    put(play, event.u.handed_over.from, SGP_CODE_BYTES, take(play, list, "who"));
    event.u.handed_over.gone = take_if(list, "gone");
    if (!event.u.handed_over.gone)
        memcpy(event.actor, event.u.handed_over.from, SGP_CODE_BYTES);
    if (take_if(list, "to"))
        put(play, event.u.handed_over.to, SGP_CODE_BYTES, take(play, list, "to whom"));
    step(play, &event);
}

static void line_placed(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_CALL_PLACED};
    event.u.placed.call = (sgp_id)take_number(play, list, "a call");
    event.u.placed.away = take_if(list, "away");
    event.u.placed.provisional = take_if(list, "provisional");
    while (list->at < list->n && !take_if(list, "nowhere")) {
        sgp_place place = place_at(take_point(play, list));
        place.kind = SGP_PLACE_STREET;
        place.confidence_permille = (int32_t)take_number(play, list, "a confidence");
        if (take_if(list, "phone"))
            place.kind = SGP_PLACE_PHONE;
        if (take_if(list, "within"))
            place.uncertainty_m = (int32_t)take_number(play, list, "metres");
        strcpy(place.label, "Jalan Ijen");
        event.u.placed.places[event.u.placed.n_places++] = place;
    }
    step(play, &event);
}

static void line_judge(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_CALL_JUDGED};
    event.u.judged.call = (sgp_id)take_number(play, list, "a call");
    event.u.judged.outcome = take_word(play, list, "an outcome", SGP_OUTCOMES, outcome_word);
    step(play, &event);
}

static void line_mark(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_NUMBER_MARKED, .actor = "dewi"};
    event.u.marked.call = (sgp_id)take_number(play, list, "a call");
    event.u.marked.lifted = take_if(list, "no");
    if (take_if(list, "hours"))
        event.u.marked.hours = (int32_t)take_number(play, list, "hours");
    step(play, &event);
}

static void line_note(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_NOTE_ADDED, .actor = "dewi"};
    event.u.noted.incident = (sgp_id)take_number(play, list, "an incident");
    step(play, &event);
}

static void line_premise(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_PREMISE_SET, .actor = "dewi"};
    event.u.premise.kind = SGP_PREMISE_HAZARD;
    if (take_if(list, "of"))
        event.u.premise.id = (sgp_id)take_number(play, list, "a premise note");
    event.u.premise.point = take_point(play, list);
    event.u.premise.radius_m = (int32_t)take_number(play, list, "metres");
    while (list->at < list->n) {
        if (take_if(list, "for"))
            event.u.premise.until_ms = play->now_ms + take_number(play, list, "seconds") * 1000;
        else if (take_if(list, "version"))
            event.u.premise.version = (uint64_t)take_number(play, list, "a version");
        else
            fail(play, "'%s' is not for or version", list->word[list->at]);
    }
    step(play, &event);
}

static void line_no_premise(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_PREMISE_REMOVED};
    event.u.premise.id = (sgp_id)take_number(play, list, "a premise note");
    step(play, &event);
}

/* "broken UNIT REASON...", "repaired UNIT" */
static void line_service(replay *play, words *list, bool out) {
    sgp_event event = {.kind = SGP_EVENT_FLEET_SET, .actor = "dewi"};
    event.u.fleet.what = SGP_FLEET_SERVICE;
    event.u.fleet.u.service.out = out;
    put(play, event.u.fleet.u.service.unit, SGP_CODE_BYTES, take(play, list, "a unit"));
    if (out)
        take_rest(play, list, event.u.fleet.u.service.reason,
                  sizeof event.u.fleet.u.service.reason);
    step(play, &event);
}

static void line_broken(replay *play, words *list) {
    line_service(play, list, true);
}

static void line_repaired(replay *play, words *list) {
    line_service(play, list, false);
}

static void line_not_alike(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_ALIKE_DISMISSED};
    event.u.dismissed.call = (sgp_id)take_number(play, list, "a call");
    event.u.dismissed.incident = (sgp_id)take_number(play, list, "an incident");
    step(play, &event);
}

static void line_narrow(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_CALL_NARROWED};
    event.u.narrowed.call = (sgp_id)take_number(play, list, "a call");
    step(play, &event);
}

/* A token or a holder is named by one number, of which its hash is made. */
static void take_hash(replay *play, words *list, uint8_t hash[SGP_HASH_BYTES]) {
    memset(hash, (int)take_number(play, list, "a number"), SGP_HASH_BYTES);
}

static void line_phone(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_PHONE_POSITION};
    event.u.phone.call = (sgp_id)take_number(play, list, "a call");
    event.u.phone.fix.place = place_at(take_point(play, list));
    event.u.phone.fix.measured_at_ms = play->now_ms;
    while (list->at < list->n) {
        if (take_if(list, "within")) {
            event.u.phone.fix.place.uncertainty_m = (int32_t)take_number(play, list, "metres");
        } else if (take_if(list, "age")) {
            event.u.phone.fix.measured_at_ms -= take_number(play, list, "seconds") * 1000;
        } else if (take_if(list, "token")) {
            event.u.phone.by_token = true;
            take_hash(play, list, event.u.phone.token);
        } else if (take_if(list, "holder")) {
            take_hash(play, list, event.u.phone.holder);
        } else {
            fail(play, "'%s' is not within, age, token or holder", list->word[list->at]);
        }
    }
    step(play, &event);
}

static void line_locate(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_LOCATE_ASKED};
    event.u.locate.call = (sgp_id)take_number(play, list, "a call");
    event.u.locate.valid_ms = 600000;
    event.u.locate.updates_ms = 300000;
    if (take_if(list, "token"))
        take_hash(play, list, event.u.locate.token);
    step(play, &event);
}

static void line_page(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_CALLER_CAME};
    event.u.came.call = (sgp_id)take_number(play, list, "a call");
    while (list->at < list->n) {
        if (take_if(list, "token"))
            take_hash(play, list, event.u.came.token);
        else if (take_if(list, "holder"))
            take_hash(play, list, event.u.came.holder);
        else
            fail(play, "'%s' is not token or holder", list->word[list->at]);
    }
    step(play, &event);
}

static const char *sign_word(int sign) {
    static const char *const all[] = {"none", "safe", "cannot-speak", "worse"};
    return all[sign];
}

static void line_say(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_MESSAGE_SAID, .actor = "dewi"};
    event.u.message.call = (sgp_id)take_number(play, list, "a call");
    while (list->at < list->n) {
        if (take_if(list, "token")) {
            event.u.message.by_caller = true;
            strcpy(event.actor, "phone");
            take_hash(play, list, event.u.message.token);
        } else if (take_if(list, "holder")) {
            take_hash(play, list, event.u.message.holder);
        } else {
            event.u.message.sign = take_word(play, list, "a sign", SGP_SIGNS, sign_word);
        }
    }
    step(play, &event);
}

/* All of it, or up to the nth that is remembered. */
static void line_read(replay *play, words *list) {
    const sgp_message *messages;
    sgp_event event = {.kind = SGP_EVENT_MESSAGES_READ, .actor = "dewi"};
    event.u.messages_read.call = (sgp_id)take_number(play, list, "a call");
    uint32_t n = sgp_world_messages(play->world, event.u.messages_read.call, &messages);
    uint32_t nth = list->at < list->n ? (uint32_t)take_number(play, list, "which") : n;
    event.u.messages_read.seq = nth && nth <= n ? messages[nth - 1].seq : 0;
    step(play, &event);
}

static void line_seen(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_INBOUND_SEEN, .actor = "igd"};
    put(play, event.u.seen.hospital, SGP_CODE_BYTES, take(play, list, "a hospital"));
    event.u.seen.assignment = (sgp_id)take_number(play, list, "an assignment");
    step(play, &event);
}

static void line_choose(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_PLACE_CHOSEN};
    event.u.chosen.incident = (sgp_id)take_number(play, list, "an incident");
    event.u.chosen.place = place_at(take_point(play, list));
    step(play, &event);
}

static void line_link(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_CALL_LINKED};
    event.u.linked.call = (sgp_id)take_number(play, list, "a call");
    event.u.linked.incident = (sgp_id)take_number(play, list, "an incident");
    step(play, &event);
}

static void line_triage(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_INCIDENT_TRIAGED};
    event.u.triaged.incident = (sgp_id)take_number(play, list, "an incident");
    while (list->at < list->n) {
        if (take_if(list, "units"))
            event.u.triaged.units_wanted = (uint32_t)take_number(play, list, "units");
        else if (take_if(list, "alarm"))
            event.u.triaged.alarm = (uint32_t)take_number(play, list, "an alarm level");
        else if (take_if(list, "complaint"))
            put(play, event.u.triaged.complaint, SGP_CODE_BYTES, take(play, list, "a complaint"));
        else
            event.u.triaged.priority =
                take_word(play, list, "a priority", SGP_PRIORITIES, priority_word);
    }
    step(play, &event);
}

static void line_ask(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_RECOMMENDATION_ASKED};
    event.u.asked.incident = (sgp_id)take_number(play, list, "an incident");
    step(play, &event);
}

static void line_order(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_UNIT_ORDERED};
    char *code = take(play, list, "a unit or 'best'");
    put(play, event.u.ordered.unit, SGP_CODE_BYTES, strcmp(code, "best") == 0 ? "" : code);
    event.u.ordered.incident = (sgp_id)take_number(play, list, "an incident");
    event.u.ordered.divert = take_if(list, "divert");
    step(play, &event);
}

/* move-up CODE E,N [again] | move-up CODE accepts|declines|ends [REASON] */
static void line_move_up(replay *play, words *list) {
    const char *code = take(play, list, "a unit");
    const sgp_unit *unit = sgp_world_unit_by_code(play->world, code);
    sgp_event event = {.kind = SGP_EVENT_MOVE_UP_ORDERED};
    bool accepts = take_if(list, "accepts"), declines = !accepts && take_if(list, "declines");
    if (accepts || declines) {
        event.kind = SGP_EVENT_MOVE_UP_ANSWERED;
        event.u.move_up_answer.id = unit && unit->post.id ? unit->post.id : 1;
        event.u.move_up_answer.accepted = accepts;
        put(play, event.u.move_up_answer.unit, SGP_CODE_BYTES, code);
    } else if (take_if(list, "ends")) {
        event.kind = SGP_EVENT_MOVE_UP_ENDED;
        put(play, event.u.move_up_end.unit, SGP_CODE_BYTES, code);
    } else {
        put(play, event.u.move_up.unit, SGP_CODE_BYTES, code);
        put(play, event.u.move_up.name, SGP_NAME_BYTES, list->word[list->at]);
        event.u.move_up.point = take_point(play, list);
        event.u.move_up.gain_ppm = 1000;
        event.u.move_up.again = take_if(list, "again");
    }
    step(play, &event);
}

static void line_plan(replay *play, words *list) {
    sgp_plan *plan = plan_make();
    if (take_if(list, "without-fire-engine"))
        plan->responses[1].n_seats--, plan->n_seats--;
    sgp_event event = {.kind = SGP_EVENT_PLANNED, .u.planned.plan = plan};
    step(play, &event);
    free(plan);
}

static void line_answered(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_QUESTION_ANSWERED};
    event.u.question.incident = (sgp_id)take_number(play, list, "an incident");
    put(play, event.u.question.question, SGP_CODE_BYTES, take(play, list, "a question"));
    if (list->at < list->n)
        put(play, event.u.question.answer, SGP_CODE_BYTES, take(play, list, "an answer"));
    step(play, &event);
}

static void line_alert(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_AGENCY_ALERTED};
    event.u.alerted.incident = (sgp_id)take_number(play, list, "an incident");
    put(play, event.u.alerted.agency, SGP_CODE_BYTES, take(play, list, "an agency"));
    step(play, &event);
}

static void line_agency(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_AGENCY_ANSWERED};
    put(play, event.u.agency_answered.agency, SGP_CODE_BYTES, take(play, list, "an agency"));
    event.u.agency_answered.accepted = !take_if(list, "declines");
    (void)take_if(list, "accepts");
    event.u.agency_answered.incident = (sgp_id)take_number(play, list, "an incident");
    step(play, &event);
}

static void line_backup(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_BACKUP_ASKED};
    event.u.backup.incident = (sgp_id)take_number(play, list, "an incident");
    event.u.backup.units = (uint32_t)take_number(play, list, "units");
    while (list->at < list->n)
        event.u.backup.seat.kinds |=
            1u << take_word(play, list, "a kind of unit", SGP_UNIT_KINDS, kind_word);
    step(play, &event);
}

static void line_aid(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_AID_ASKED};
    event.u.aid.incident = (sgp_id)take_number(play, list, "an incident");
    event.u.aid.asked = !take_if(list, "no");
    step(play, &event);
}

static void line_mass(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_MASS_CASUALTY};
    event.u.mass.incident = (sgp_id)take_number(play, list, "an incident");
    while (list->at < list->n) {
        if (take_if(list, "end")) {
            event.u.mass.ended = true;
        } else if (take_if(list, "patients")) {
            event.u.mass.patients = (uint32_t)take_number(play, list, "patients");
        } else if (take_if(list, "staging")) {
            event.u.mass.has_staging = true;
            event.u.mass.staging = place_at(take_point(play, list));
        } else {
            fail(play, "'%s' is not end, patients or staging", list->word[list->at]);
        }
    }
    step(play, &event);
}

static void line_answer(replay *play, words *list, bool accepted) {
    sgp_event event = {.kind = SGP_EVENT_ORDER_ANSWERED, .u.answered = {.accepted = accepted}};
    event.u.answered.assignment = (sgp_id)take_number(play, list, "an assignment");
    take_rest(play, list, event.u.answered.reason, sizeof event.u.answered.reason);
    step(play, &event);
}

/* "by radio [N s ago]" */
static void take_said(replay *play, words *list, int64_t *said_at_ms, bool *for_crew) {
    if (!take_if(list, "radio"))
        return;
    *for_crew = true;
    if (list->at < list->n)
        *said_at_ms = play->now_ms - take_number(play, list, "seconds ago") * 1000;
}

static void line_advance(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_ASSIGNMENT_ADVANCED};
    event.u.advanced.assignment = (sgp_id)take_number(play, list, "an assignment");
    event.u.advanced.state =
        take_word(play, list, "a state", SGP_ASSIGNMENT_STATES, assignment_word);
    if (take_if(list, "to"))
        put(play, event.u.advanced.hospital, SGP_CODE_BYTES, take(play, list, "a hospital"));
    take_said(play, list, &event.u.advanced.said_at_ms, &event.u.advanced.for_crew);
    step(play, &event);
}

static void line_stand_down(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_ASSIGNMENT_STOOD_DOWN};
    event.u.stood_down.assignment = (sgp_id)take_number(play, list, "an assignment");
    take_rest(play, list, event.u.stood_down.reason, sizeof event.u.stood_down.reason);
    step(play, &event);
}

/* "min 30" or "s 20" from now on. */
static int64_t take_later(replay *play, words *list) {
    int64_t amount = take_number(play, list, "an amount");
    return play->now_ms +
           amount * (strcmp(take(play, list, "s or min"), "min") == 0 ? 60000 : 1000);
}

static int64_t take_minute(replay *play, words *list) {
    return play->now_ms + take_number(play, list, "minutes") * 60000;
}

/* person CODE [SKILL]…; in order of codes, before the shifts */
static void line_person(replay *play, words *list) {
    sgp_crew_member *member = &play->roster->members[play->roster->n_members++];
    put(play, member->code, SGP_CODE_BYTES, take(play, list, "a code"));
    while (list->at < list->n)
        member->skills |= 1u << take_word(play, list, "a skill", SGP_SKILLS, skill_word);
}

/* UNIT MIN MIN [daily] PERSON… */
static void take_shift(replay *play, words *list, sgp_shift *shift) {
    put(play, shift->unit, SGP_CODE_BYTES, take(play, list, "a unit"));
    shift->from_ms = take_minute(play, list);
    shift->until_ms = take_minute(play, list);
    shift->every_days = take_if(list, "daily");
    while (list->at < list->n && shift->n_members < SGP_CREW_PER_UNIT)
        put(play, shift->members[shift->n_members++], SGP_CODE_BYTES,
            take(play, list, "one of the crew"));
}

static void line_shift(replay *play, words *list) {
    take_shift(play, list, &play->roster->shifts[play->roster->n_shifts++]);
}

static void line_roster(replay *play, words *list) {
    (void)list;
    sgp_event event = {.kind = SGP_EVENT_ROSTER_LOADED, .u.roster.roster = play->roster};
    step(play, &event);
}

static void line_set_shift(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_SHIFT_SET, .actor = "dewi", .u.shift = &play->shift};
    play->shift = (sgp_shift){0};
    if (take_if(list, "of"))
        play->shift.id = (sgp_id)take_number(play, list, "a shift");
    if (take_if(list, "version"))
        play->shift.version = (uint64_t)take_number(play, list, "a version");
    take_shift(play, list, &play->shift);
    step(play, &event);
}

static void line_remove_shift(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_SHIFT_REMOVED};
    event.u.shift_removed.id = (sgp_id)take_number(play, list, "a shift");
    step(play, &event);
}

static void line_sign_on(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_CREW_SIGNED_ON};
    put(play, event.u.signed_on.unit, SGP_CODE_BYTES, take(play, list, "a unit"));
    while (list->at < list->n) {
        if (take_if(list, "until"))
            event.u.signed_on.until_ms = take_minute(play, list);
        else if (take_if(list, "version"))
            event.u.signed_on.version = (uint64_t)take_number(play, list, "a version");
        else
            put(play, event.u.signed_on.members[event.u.signed_on.n_members++], SGP_CODE_BYTES,
                take(play, list, "one of the crew"));
    }
    step(play, &event);
}

static void line_distress(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_DISTRESS};
    put(play, event.u.distress.unit, SGP_CODE_BYTES, take(play, list, "a unit"));
    event.u.distress.cleared = take_if(list, "cleared");
    take_rest(play, list, event.u.distress.reason, sizeof event.u.distress.reason);
    step(play, &event);
}

static void line_well(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_WELFARE_ANSWERED};
    event.u.welfare.assignment = (sgp_id)take_number(play, list, "an assignment");
    step(play, &event);
}

static void line_transfer(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_TRANSFER_ASKED};
    put(play, event.u.transfer_asked.from, SGP_CODE_BYTES, take(play, list, "a hospital"));
    put(play, event.u.transfer_asked.to, SGP_CODE_BYTES, take(play, list, "a hospital"));
    while (list->at < list->n) {
        if (take_if(list, "in"))
            event.u.transfer_asked.pick_up_at_ms = take_later(play, list);
        else if (take_if(list, "back"))
            event.u.transfer_asked.return_at_ms = take_later(play, list);
        else if (take_if(list, "unit"))
            put(play, event.u.transfer_asked.unit, SGP_CODE_BYTES, take(play, list, "a unit"));
        else if (take_if(list, "by"))
            event.u.transfer_asked.seat.kinds |=
                1u << take_word(play, list, "a kind of unit", SGP_UNIT_KINDS, kind_word);
        else
            event.u.transfer_asked.priority =
                take_word(play, list, "a priority", SGP_PRIORITIES, priority_word);
    }
    step(play, &event);
}

static void line_transfer_change(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_TRANSFER_CHANGED};
    event.u.transfer_changed.transfer = (sgp_id)take_number(play, list, "a transfer");
    while (list->at < list->n) {
        if (take_if(list, "in")) {
            event.u.transfer_changed.pick_up_at_ms = take_later(play, list);
        } else if (take_if(list, "unit")) {
            event.u.transfer_changed.other_unit = true;
            if (!take_if(list, "nobody"))
                put(play, event.u.transfer_changed.unit, SGP_CODE_BYTES,
                    take(play, list, "a unit"));
        } else if (take_if(list, "seen")) {
            event.u.transfer_changed.version = (uint64_t)take_number(play, list, "a version");
        } else {
            fail(play, "'%s' is not in, unit or seen", list->word[list->at]);
        }
    }
    step(play, &event);
}

static void line_transfer_cancel(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_TRANSFER_CANCELLED};
    event.u.transfer_cancelled.transfer = (sgp_id)take_number(play, list, "a transfer");
    take_rest(play, list, event.u.transfer_cancelled.reason,
              sizeof event.u.transfer_cancelled.reason);
    step(play, &event);
}

static void line_close(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_INCIDENT_CLOSED};
    event.u.closed.incident = (sgp_id)take_number(play, list, "an incident");
    event.u.closed.outcome = take_word(play, list, "an outcome", SGP_OUTCOMES, outcome_word);
    step(play, &event);
}

/* Time passes; what falls due meanwhile fires at its own time. */
static void line_pass(replay *play, words *list) {
    int64_t amount = take_number(play, list, "an amount");
    char *unit = take(play, list, "s or min");
    int64_t until_ms = play->now_ms + amount * (strcmp(unit, "min") == 0 ? 60000 : 1000);
    while (sgp_world_next_timer_ms(play->world) <= until_ms) {
        sgp_event event = {.kind = SGP_EVENT_TIMER};
        play->now_ms = sgp_world_next_timer_ms(play->world);
        step(play, &event);
    }
    play->now_ms = until_ms;
}

static void line_graph(replay *play, words *list) {
    sgp_event event = {.kind = SGP_EVENT_GRAPH_SWITCHED};
    event.u.switched.metric = (uint64_t)take_number(play, list, "a metric");
    step(play, &event);
}

static void line_wall(replay *play, words *list) {
    play->oracle.has_wall = !take_if(list, "none");
    if (play->oracle.has_wall)
        play->oracle.wall_m = (int32_t)take_number(play, list, "metres east");
}

/* The last request once more: the same answer, and nothing else. */
static void line_again(replay *play) {
    uint8_t before[32], after[32];
    sgp_reply first = play->effects.items[play->effects.n - 1].u.reply;
    sgp_world_digest(play->world, before);
    sgp_effects_clear(&play->effects);
    play->last.at_ms = play->now_ms;
    sgp_times times = core_times(&play->oracle);
    sgp_err err = sgp_core_step(play->world, &play->last, &times, &play->effects);
    sgp_world_digest(play->world, after);
    const sgp_reply *again = &play->effects.items[0].u.reply;
    if (play->effects.n != 1 || play->effects.items[0].kind != SGP_EFFECT_REPLY ||
        err != first.err || again->err != first.err || again->call != first.call ||
        again->incident != first.incident || again->assignment != first.assignment ||
        again->recommendation != first.recommendation || strcmp(again->message, first.message) != 0)
        fail(play, "the repeated request was answered otherwise");
    if (memcmp(before, after, sizeof before) != 0)
        fail(play, "the repeated request changed the world");
}

/* ---- lines that look at the world ------------------------------------------ */

static void same(replay *play, const char *what, const char *is, const char *should) {
    if (strcmp(is, should) != 0)
        fail(play, "%s is %s, not %s", what, is, should);
}

static void same_number(replay *play, const char *what, int64_t is, int64_t should) {
    if (is != should)
        fail(play, "%s is %" PRId64 ", not %" PRId64, what, is, should);
}

/* "alike 3 FAMILY 120 m 240 s", one after the other in their order; "alike none". */
static void look_alike(replay *play, words *list, const sgp_incident *incident, uint32_t *nth) {
    if (take_if(list, "none")) {
        same_number(play, "incidents alike", incident->n_alike, 0);
        return;
    }
    if (*nth >= incident->n_alike)
        fail(play, "only %u incidents are alike", incident->n_alike);
    const sgp_alike *alike = &incident->alike[(*nth)++];
    same_number(play, "the incident alike", (int64_t)alike->incident,
                take_number(play, list, "an incident"));
    same(play, "the likeness", sgp_likeness_str(alike->likeness), take(play, list, "a likeness"));
    if (take_if(list, "same-number"))
        same_number(play, "the same number", alike->same_number, 1);
    same_number(play, "the distance in m", alike->distance_m, take_number(play, list, "metres"));
    if (!take_if(list, "m"))
        fail(play, "m is missing");
    same_number(play, "the time apart in s", alike->apart_ms / 1000,
                take_number(play, list, "seconds"));
    if (!take_if(list, "s"))
        fail(play, "s is missing");
    same_number(play, "dismissed", alike->dismissed, take_if(list, "dismissed"));
}

static void look_incident(replay *play, words *list) {
    sgp_id id = (sgp_id)take_number(play, list, "an incident");
    const sgp_incident *incident = sgp_world_incident(play->world, id);
    if (take_if(list, "forgotten")) {
        if (incident)
            fail(play, "incident %" PRIu64 " is still there", id);
        return;
    }
    if (!incident)
        fail(play, "there is no incident %" PRIu64, id);
    same(play, "the incident", sgp_incident_state_str(incident->state),
         take(play, list, "a state"));
    uint32_t n_alike = 0;
    while (list->at < list->n) {
        if (take_if(list, "alike"))
            look_alike(play, list, incident, &n_alike);
        else if (take_if(list, "held"))
            same(play, "who has it", incident->taken_by[0] ? incident->taken_by : "nobody",
                 take(play, list, "who has it"));
        else if (take_if(list, "notes"))
            same_number(play, "notes", incident->n_notes, take_number(play, list, "notes"));
        else if (take_if(list, "logged")) {
            const sgp_log_entry *entries;
            same_number(play, "entries of the log", sgp_world_log(play->world, id, &entries),
                        take_number(play, list, "entries"));
        } else if (take_if(list, "premises")) {
            int64_t concern = 0;
            for (uint32_t i = 0; i < sgp_world_premises(play->world); i++)
                concern +=
                    sgp_premise_concerns(sgp_world_premise(play->world, i), incident, play->now_ms);
            same_number(play, "premise notes", concern, take_number(play, list, "notes"));
        } else if (take_if(list, "suspect"))
            same_number(play, "doubted", incident->suspect, 1);
        else if (take_if(list, "trusted"))
            same_number(play, "doubted", incident->suspect, 0);
        else if (take_if(list, "calls"))
            same_number(play, "calls", incident->n_calls, take_number(play, list, "calls"));
        else if (take_if(list, "wanted"))
            same_number(play, "units wanted", incident->units_wanted,
                        take_number(play, list, "units"));
        else if (take_if(list, "complaint"))
            same(play, "the complaint", incident->complaint, take(play, list, "a complaint"));
        else if (take_if(list, "alerts")) {
            uint32_t nth = (uint32_t)take_number(play, list, "an alert");
            if (nth == 0 || nth > incident->n_alerts)
                fail(play, "incident %" PRIu64 " has %u alerts", id, incident->n_alerts);
            same(play, "the agency", incident->alerts[nth - 1].agency,
                 take(play, list, "an agency"));
            same(play, "the alert", sgp_alert_state_str(incident->alerts[nth - 1].state),
                 take(play, list, "a state"));
        } else if (take_if(list, "diverted"))
            same_number(play, "units taken from it", incident->diverted,
                        take_number(play, list, "units"));
        else if (take_if(list, "backup"))
            same_number(play, "seats asked for", incident->n_backup,
                        take_number(play, list, "seats"));
        else if (take_if(list, "unconfirmed"))
            same_number(play, "confirmed", incident->has_place && !incident->place_confirmed, 1);
        else if (take_if(list, "nowhere"))
            same_number(play, "has a place", incident->has_place, 0);
        else if (take_if(list, "at"))
            same_number(play, "at the place",
                        sgp_point_equal(incident->place.point, take_point(play, list)), 1);
        else if (list->word[list->at][0] == 'P' && isdigit((unsigned char)list->word[list->at][1]))
            same(play, "the priority", sgp_priority_str(incident->priority),
                 take(play, list, "a priority"));
        else
            same(play, "the outcome", sgp_outcome_str(incident->outcome),
                 take(play, list, "an outcome"));
    }
}

static void look_call(replay *play, words *list) {
    const sgp_call *call = sgp_world_call(play->world, (sgp_id)take_number(play, list, "a call"));
    if (!call)
        fail(play, "there is no such call");
    while (list->at < list->n) {
        if (take_if(list, "candidates"))
            same_number(play, "candidates", call->n_places, take_number(play, list, "candidates"));
        else if (take_if(list, "phone"))
            same_number(play, "at the phone's position",
                        call->phone &&
                            sgp_point_equal(call->phone->place.point, take_point(play, list)),
                        1);
        else if (take_if(list, "outcome"))
            same(play, "the call", sgp_outcome_str(call->outcome), take(play, list, "an outcome"));
        else if (take_if(list, "marked"))
            same_number(play, "calls that marked its number",
                        call->nuisance.until_ms ? (int64_t)call->nuisance.calls : -1,
                        take_if(list, "no") ? -1 : take_number(play, list, "calls"));
        else if (take_if(list, "messages"))
            same_number(play, "messages", call->chat.messages, take_number(play, list, "messages"));
        else if (take_if(list, "unread"))
            same_number(play, "unread messages", call->chat.unread,
                        take_number(play, list, "messages"));
        else if (take_if(list, "sign"))
            same_number(play, "the caller's sign", call->chat.last_sign,
                        take_word(play, list, "a sign", SGP_SIGNS, sign_word));
        else if (take_if(list, "opened"))
            same_number(play, "its page was opened", call->chat.opened_at_ms != 0, 1);
        else if (take_if(list, "near"))
            same_number(play, "looked up near the point",
                        call->has_near && sgp_point_equal(call->near, take_point(play, list)), 1);
        else if (take_if(list, "within"))
            same_number(play, "metres of the circle", call->near_m,
                        take_number(play, list, "metres"));
        else
            fail(play, "'%s' cannot be looked at", list->word[list->at]);
    }
}

static void look_assignment(replay *play, words *list) {
    sgp_id id = (sgp_id)take_number(play, list, "an assignment");
    const sgp_assignment *assignment = sgp_world_assignment(play->world, id);
    if (!assignment)
        fail(play, "there is no assignment %" PRIu64, id);
    same(play, "the assignment", sgp_assignment_state_str(assignment->state),
         take(play, list, "a state"));
    while (list->at < list->n) {
        if (take_if(list, "seen")) {
            char *code = take(play, list, "a hospital");
            same(play, "the hospital that has seen it",
                 assignment->seen_by == 0
                     ? "none"
                     : sgp_world_hospital(play->world, assignment->seen_by - 1)->code,
                 code);
        } else if (take_if(list, "to")) {
            char *code = take(play, list, "a hospital");
            same(play, "the hospital",
                 assignment->hospital < 0
                     ? "none"
                     : sgp_world_hospital(play->world, (uint32_t)assignment->hospital)->code,
                 code);
        } else if (take_if(list, "travel")) {
            same_number(play, "the travel time in s", assignment->travel_ms / 1000,
                        take_number(play, list, "seconds"));
        } else if (take_if(list, "unknown-travel")) {
            same_number(play, "the travel time", assignment->travel_ms, -1);
        } else if (take_if(list, "asked")) {
            same_number(play, "when the crew is asked", assignment->welfare_due_ms != 0, 1);
        } else if (take_if(list, "unanswered")) {
            same_number(play, "alarms not answered", assignment->welfare_alarms,
                        take_number(play, list, "alarms"));
        } else if (take_if(list, "by-radio")) {
            int state = take_word(play, list, "a state", SGP_ASSIGNMENT_STATES, assignment_word);
            same_number(play, "by radio", assignment->by_radio >> state & 1u, 1);
        } else if (take_if(list, "by-dispatcher")) {
            same_number(play, "by a dispatcher", assignment->by_dispatcher, 1);
        } else if (take_if(list, "by-itself")) {
            same_number(play, "by a dispatcher", assignment->by_dispatcher, 0);
        } else if (take_if(list, "alarms")) {
            same_number(play, "alarms of its wait", assignment->offload_alarms,
                        take_number(play, list, "alarms"));
        } else if (take_if(list, "stamp")) {
            int state = take_word(play, list, "a state", SGP_ASSIGNMENT_STATES, assignment_word);
            int64_t at_ms = assignment->at_ms[state];
            if (take_if(list, "never"))
                same_number(play, "the stamp", at_ms, 0);
            else
                same_number(play, "the stamp in s", (at_ms - START_MS) / 1000,
                            take_number(play, list, "seconds"));
        } else {
            fail(play, "'%s' cannot be looked at", list->word[list->at]);
        }
    }
}

static void look_conflicts(replay *play, words *list, const sgp_transfer *transfer) {
    char found[LINE_BYTES] = "";
    uint32_t bits = sgp_transfer_conflicts(play->world, transfer, play->now_ms);
    for (int i = 0; i < SGP_CONFLICTS; i++)
        if (bits >> i & 1u)
            snprintf(found + strlen(found), sizeof found - strlen(found), "%s%s",
                     found[0] ? "," : "", sgp_transfer_conflict_str(i));
    same(play, "what speaks against it", found[0] ? found : "none", take(play, list, "conflicts"));
}

static void look_ring(replay *play, words *list) {
    sgp_id id = take_ring(play, list);
    const sgp_ring *ring = sgp_world_ring(play->world, id);
    same(play, "the ring", sgp_ring_state_str(ring->state), take(play, list, "a state"));
    while (list->at < list->n) {
        if (take_if(list, "by"))
            same(play, "who has it", ring->claimed_by, take(play, list, "who"));
        else if (take_if(list, "call"))
            same_number(play, "its call", (int64_t)ring->call, take_number(play, list, "a call"));
        else if (take_if(list, "back"))
            same(play, "calling back", sgp_call_back_str(ring->back), take(play, list, "a word"));
        else if (take_if(list, "recording"))
            same(play, "its recording", ring->recording, take(play, list, "a name"));
        else if (take_if(list, "marked"))
            same_number(play, "a mark", ring->nuisance.until_ms != 0, 1);
        else
            fail(play, "'%s' cannot be looked at", list->word[list->at]);
    }
}

static void look_transfer(replay *play, words *list) {
    sgp_id id = (sgp_id)take_number(play, list, "a transfer");
    const sgp_transfer *transfer = sgp_world_transfer(play->world, id);
    if (!transfer)
        fail(play, "there is no transfer %" PRIu64, id);
    same(play, "the transfer", sgp_transfer_state_str(transfer->state),
         take(play, list, "a state"));
    while (list->at < list->n) {
        if (take_if(list, "lead"))
            same_number(play, "the lead in s", transfer->lead_ms / 1000,
                        take_number(play, list, "seconds"));
        else if (take_if(list, "ride"))
            same_number(play, "the ride in s", transfer->ride_ms / 1000,
                        take_number(play, list, "seconds"));
        else if (take_if(list, "looked-at"))
            same_number(play, "the look in s", (transfer->look_at_ms - START_MS) / 1000,
                        take_number(play, list, "seconds"));
        else if (take_if(list, "incident"))
            same_number(play, "the incident", (int64_t)transfer->incident,
                        take_number(play, list, "an incident"));
        else if (take_if(list, "conflicts"))
            look_conflicts(play, list, transfer);
        else
            fail(play, "'%s' cannot be looked at", list->word[list->at]);
    }
}

static void look_unit(replay *play, words *list) {
    char *code = take(play, list, "a unit");
    const sgp_unit *unit = sgp_world_unit_by_code(play->world, code);
    if (!unit)
        fail(play, "there is no unit %s", code);
    same(play, "the unit", sgp_unit_status_str(sgp_world_unit_status(play->world, unit->index)),
         take(play, list, "a status"));
    while (list->at < list->n) {
        if (take_if(list, "at-station"))
            same_number(play, "at its station", unit->at_station, 1);
        else if (take_if(list, "away"))
            same_number(play, "at its station", unit->at_station, 0);
        else if (take_if(list, "crew"))
            same_number(play, "its crew", unit->crew.n_members, take_number(play, list, "people"));
        else if (take_if(list, "ends"))
            same_number(play, "the end of its shift in min",
                        unit->shift_until_ms ? (unit->shift_until_ms - START_MS) / 60000 : -1,
                        take_number(play, list, "minutes"));
        else if (take_if(list, "absent"))
            same_number(play, "its crew is missed", unit->crew.absent_until_ms != 0, 1);
        else if (take_if(list, "present"))
            same_number(play, "its crew is missed", unit->crew.absent_until_ms != 0, 0);
        else if (take_if(list, "can"))
            same_number(play, "a skill", 1,
                        unit->skills >> take_word(play, list, "a skill", SGP_SKILLS, skill_word) &
                            1u);
        else if (take_if(list, "cannot"))
            same_number(play, "a skill", 0,
                        unit->skills >> take_word(play, list, "a skill", SGP_SKILLS, skill_word) &
                            1u);
        else
            fail(play, "'%s' cannot be asked of a unit", list->word[list->at]);
    }
}

static void look_hospital(replay *play, words *list) {
    char *code = take(play, list, "a hospital");
    const sgp_hospital *hospital = sgp_world_hospital_by_code(play->world, code);
    if (!hospital)
        fail(play, "there is no hospital %s", code);
    while (list->at < list->n) {
        if (take_if(list, "free"))
            same_number(play, "free beds", sgp_world_free_beds(play->world, hospital->index),
                        take_number(play, list, "beds"));
        else if (take_if(list, "unknown"))
            same_number(play, "free beds", sgp_world_free_beds(play->world, hospital->index), -1);
        else if (take_if(list, "stale"))
            same_number(play, "the count is stale",
                        sgp_world_beds_are_stale(play->world, hospital->index), 1);
        else
            same(play, "the diversion", sgp_diversion_str(hospital->told.diversion),
                 take(play, list, "a diversion"));
    }
}

static void line_is(replay *play, words *list) {
    char *what = take(play, list, "what to look at");
    if (strcmp(what, "incident") == 0) {
        look_incident(play, list);
    } else if (strcmp(what, "call") == 0) {
        look_call(play, list);
    } else if (strcmp(what, "assignment") == 0) {
        look_assignment(play, list);
    } else if (strcmp(what, "unit") == 0) {
        look_unit(play, list);
    } else if (strcmp(what, "hospital") == 0) {
        look_hospital(play, list);
    } else if (strcmp(what, "ring") == 0) {
        look_ring(play, list);
    } else if (strcmp(what, "transfer") == 0) {
        look_transfer(play, list);
    } else if (strcmp(what, "timer") == 0) {
        int64_t next_ms = sgp_world_next_timer_ms(play->world);
        if (take_if(list, "none"))
            same_number(play, "the timer", next_ms == INT64_MAX, 1);
        else
            same_number(play, "the timer in s", (next_ms - START_MS) / 1000,
                        take_number(play, list, "seconds"));
    } else {
        fail(play, "'%s' cannot be looked at", what);
    }
}

/* ---- a file ---------------------------------------------------------------- */

static void expect(replay *play, const char *text) {
    if (play->at_told == play->n_told)
        fail(play, "expected '%s', but nothing more happened", text);
    if (strcmp(play->told[play->at_told], text) != 0)
        fail(play, "expected '%s'\n  but it was '%s'", text, play->told[play->at_told]);
    play->at_told++;
}

static void nothing_left(replay *play) {
    if (play->at_told < play->n_told) {
        play->line = play->event_line;
        fail(play, "not expected: '%s'", play->told[play->at_told]);
    }
    play->n_told = play->at_told = 0;
}

static void run_line(replay *play, char *line) {
    char *hash = strstr(line, " #");
    if (hash)
        *hash = '\0';
    line[strcspn(line, "\r\n")] = '\0';
    for (size_t n = strlen(line); n && line[n - 1] == ' '; n--)
        line[n - 1] = '\0';
    line += strspn(line, " ");
    if (*line == '\0' || *line == '#')
        return;
    if (*line == '>') {
        expect(play, line + 1 + strspn(line + 1, " "));
        return;
    }
    nothing_left(play);
    words list = split(play, line);
    char *verb = take(play, &list, "a verb");
    if (strcmp(verb, "is") == 0) {
        line_is(play, &list);
    } else {
        static const struct {
            const char *verb;
            void (*run)(struct replay *play, words *list);
        } verbs[] = {
            {"unit", line_unit},
            {"hospital", line_hospital},
            {"clocks", line_clocks},
            {"position", line_position},
            {"call", line_call},
            {"placed", line_placed},
            {"narrow", line_narrow},
            {"choose", line_choose},
            {"link", line_link},
            {"triage", line_triage},
            {"ask", line_ask},
            {"order", line_order},
            {"advance", line_advance},
            {"stand-down", line_stand_down},
            {"close", line_close},
            {"pass", line_pass},
            {"graph", line_graph},
            {"wall", line_wall},
            {"phone", line_phone},
            {"locate", line_locate},
            {"page", line_page},
            {"say", line_say},
            {"read", line_read},
            {"seen", line_seen},
            {"rules", line_rules},
            {"backup", line_backup},
            {"aid", line_aid},
            {"mass", line_mass},
            {"plan", line_plan},
            {"answered", line_answered},
            {"move-up", line_move_up},
            {"alert", line_alert},
            {"agency", line_agency},
            {"not-alike", line_not_alike},
            {"told", line_told},
            {"patient", line_patient},
            {"hospitals", line_hospitals},
            {"bring", line_bring},
            {"distress", line_distress},
            {"person", line_person},
            {"shift", line_shift},
            {"roster", line_roster},
            {"set-shift", line_set_shift},
            {"remove-shift", line_remove_shift},
            {"sign-on", line_sign_on},
            {"well", line_well},
            {"ring", line_ring},
            {"exchange", line_exchange},
            {"take", line_take},
            {"call-back", line_call_back},
            {"hold", line_hold},
            {"hand-over", line_hand_over},
            {"transfer", line_transfer},
            {"transfer-change", line_transfer_change},
            {"transfer-cancel", line_transfer_cancel},
            {"note", line_note},
            {"premise", line_premise},
            {"no-premise", line_no_premise},
            {"broken", line_broken},
            {"repaired", line_repaired},
            {"judge", line_judge},
            {"mark", line_mark},
        };
        play->event_line = play->line;
        bool found = false;
        for (size_t i = 0; i < sizeof verbs / sizeof *verbs && !found; i++)
            if ((found = strcmp(verbs[i].verb, verb) == 0))
                verbs[i].run(play, &list);
        if (found)
            return;
        if (strcmp(verb, "on") == 0 || strcmp(verb, "off") == 0)
            line_duty(play, &list, verb[1] == 'n');
        else if (strcmp(verb, "accept") == 0 || strcmp(verb, "decline") == 0)
            line_answer(play, &list, verb[0] == 'a');
        else if (strcmp(verb, "again") == 0)
            line_again(play);
        else if (strcmp(verb, "oracle") == 0)
            play->oracle.fails = take_if(&list, "fails");
        else
            fail(play, "'%s' is no verb", verb);
    }
}

static void run_file(const char *path, uint8_t digest[32]) {
    FILE *file = fopen(path, "r");
    if (!file) {
        fprintf(stderr, "%s cannot be read\n", path);
        exit(2);
    }
    replay play = {.file = path, .now_ms = START_MS};
    sgp_times inner = core_times(&play.oracle);
    play.recorder.inner = &inner;
    play.roster = sgp_roster_create(PEOPLE_MAX, PEOPLE_MAX);
    play.roster->n_members = play.roster->n_shifts = 0;
    if (sgp_world_create(&play.world) != SGP_OK || sgp_world_create(&play.shadow) != SGP_OK)
        fail(&play, "out of memory");
    char line[LINE_BYTES];
    while (fgets(line, sizeof line, file)) {
        play.line++;
        run_line(&play, line);
    }
    nothing_left(&play);
    fclose(file);
    sgp_world_digest(play.world, digest);
    sgp_world_destroy(play.world);
    sgp_world_destroy(play.shadow);
    free(play.roster);
    sgp_times_recorder_free(&play.recorder);
    sgp_effects_free(&play.effects);
}

int main(int argc, char **argv) {
    for (int i = 1; i < argc; i++) {
        uint8_t first[32], second[32];
        run_file(argv[i], first);
        run_file(argv[i], second);
        if (memcmp(first, second, sizeof first) != 0) {
            fprintf(stderr, "%s: played twice, the world differs\n", argv[i]);
            return 1;
        }
        printf("%s: as expected\n", argv[i]);
    }
    return argc > 1 ? 0 : 2;
}
