#include "base/random.h"
#include "apps/crew_driver.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Delays in simulated milliseconds: least and most. */
typedef struct delay {
    int64_t least_ms, most_ms;
} delay;

static const delay decide_delay = {4000, 15000};
static const delay turnout_delay = {20000, 50000};
static const delay scene_delay = {150000, 360000};
static const delay handover_delay = {120000, 260000};
static const delay tidy_delay = {30000, 60000};

static uint64_t draw(sgp_crew_driver *driver) {
    return sgp_random_next(&driver->random);
}

static int64_t real_us(const sgp_crew_driver *driver, int64_t simulated_ms) {
    return (int64_t)((double)simulated_ms * 1000.0 / driver->options.speed);
}

static void start_delay(sgp_crew_driver *driver, int64_t now_us, delay d) {
    int64_t ms = d.least_ms + (int64_t)(draw(driver) % (uint64_t)(d.most_ms - d.least_ms + 1));
    driver->until_us = now_us + real_us(driver, ms);
}

void sgp_crew_init(sgp_crew_driver *driver, const sgp_crew_options *options) {
    memset(driver, 0, sizeof *driver);
    driver->options = *options;
    assert(options->speed >= 1 && options->speed <= SGP_CREW_SPEED_MAX);
    /* FNV-1a of the code, so that crews of one seed differ. */
    driver->random = options->seed ^ 0xcbf29ce484222325u;
    for (const char *p = options->unit; *p != '\0'; p++)
        driver->random = (driver->random ^ (unsigned char)*p) * 0x100000001b3u;
    driver->phase = SGP_CREW_OFF_DUTY;
}

static void drop_leg(sgp_crew_driver *driver) {
    free(driver->leg.points);
    free(driver->leg.at_ms);
    driver->leg = (sgp_crew_leg){0};
    driver->has_leg = false;
}

void sgp_crew_deinit(sgp_crew_driver *driver) {
    drop_leg(driver);
}

void sgp_crew_place(sgp_crew_driver *driver, sgp_point station, bool has_position,
                    sgp_point position) {
    driver->station = station;
    driver->has_station = true;
    /* While driving, the crew knows better than the engine. */
    if (!driver->has_position) {
        driver->position = has_position ? position : station;
        driver->has_position = true;
    }
}

sgp_point sgp_crew_leg_position(const sgp_crew_leg *leg, int64_t elapsed_ms) {
    if (elapsed_ms <= 0)
        return leg->points[0];
    if (elapsed_ms >= leg->at_ms[leg->n - 1])
        return leg->points[leg->n - 1];
    size_t low = 0, high = leg->n - 1; /* at_ms[low] <= elapsed < at_ms[high] */
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (leg->at_ms[middle] <= elapsed_ms)
            low = middle;
        else
            high = middle;
    }
    double part =
        (double)(elapsed_ms - leg->at_ms[low]) / (double)(leg->at_ms[high] - leg->at_ms[low]);
    sgp_point a = leg->points[low], b = leg->points[high];
    return (sgp_point){a.lon_e7 + (int32_t)lround(part * ((double)b.lon_e7 - a.lon_e7)),
                       a.lat_e7 + (int32_t)lround(part * ((double)b.lat_e7 - a.lat_e7))};
}

/* ---- orders ------------------------------------------------------------------- */

static void enter(sgp_crew_driver *driver, int64_t now_us, sgp_crew_phase phase) {
    drop_leg(driver);
    driver->phase = phase;
    switch (phase) {
    case SGP_CREW_DECIDING:
        start_delay(driver, now_us, decide_delay);
        break;
    case SGP_CREW_TURNING_OUT:
        start_delay(driver, now_us, turnout_delay);
        break;
    case SGP_CREW_ON_SCENE:
        driver->has_hospital = false;
        driver->treated = driver->options.no_transport ||
                          (int32_t)(draw(driver) % 1000) < driver->options.treated_permille;
        start_delay(driver, now_us, scene_delay);
        break;
    case SGP_CREW_AT_HOSPITAL:
        start_delay(driver, now_us, handover_delay);
        break;
    case SGP_CREW_TIDYING:
        start_delay(driver, now_us, tidy_delay);
        break;
    default:
        break;
    }
}

/* Nothing to do any more: home, unless it stands there already. */
static void go_home(sgp_crew_driver *driver, int64_t now_us) {
    driver->order = (sgp_crew_order){0};
    bool home = !driver->has_station || !driver->has_position ||
                sgp_distance_m(driver->position, driver->station) < 30;
    enter(driver, now_us, home ? SGP_CREW_FREE : SGP_CREW_RETURNING);
}

void sgp_crew_wait_at(sgp_crew_driver *driver, int64_t now_us, sgp_point place) {
    driver->station = place;
    driver->has_station = true;
    if (driver->phase != SGP_CREW_FREE && driver->phase != SGP_CREW_RETURNING)
        return;
    drop_leg(driver);
    go_home(driver, now_us);
}

static sgp_crew_phase phase_of(sgp_assignment_state state) {
    switch (state) {
    case SGP_ASSIGNMENT_ACCEPTED:
        return SGP_CREW_TURNING_OUT;
    case SGP_ASSIGNMENT_EN_ROUTE:
        return SGP_CREW_TO_SCENE;
    case SGP_ASSIGNMENT_ON_SCENE:
        return SGP_CREW_ON_SCENE;
    case SGP_ASSIGNMENT_TRANSPORTING:
        return SGP_CREW_TO_HOSPITAL;
    case SGP_ASSIGNMENT_AT_HOSPITAL:
        return SGP_CREW_AT_HOSPITAL;
    case SGP_ASSIGNMENT_HANDED_OVER:
        return SGP_CREW_TIDYING;
    default:
        return SGP_CREW_DECIDING;
    }
}

void sgp_crew_hear_order(sgp_crew_driver *driver, int64_t now_us, const sgp_crew_order *order) {
    if (order->assignment == driver->order.assignment) {
        /* Told again: after a reconnect, or because the place was changed. */
        bool moved = order->has_place && (!driver->order.has_place ||
                                          !sgp_point_equal(order->place, driver->order.place));
        driver->order.has_place |= order->has_place;
        if (order->has_place)
            driver->order.place = order->place;
        if (moved && driver->phase == SGP_CREW_TO_SCENE)
            drop_leg(driver);
        return;
    }
    driver->order = *order;
    enter(driver, now_us, phase_of(order->state));
}

bool sgp_crew_hear_withdrawal(sgp_crew_driver *driver, int64_t now_us, sgp_id assignment) {
    if (assignment == 0 || assignment != driver->order.assignment)
        return false;
    go_home(driver, now_us);
    return true;
}

/* ---- the next deed --------------------------------------------------------------- */

static void wait_until(sgp_crew_action *action, int64_t at_us) {
    action->deed = SGP_CREW_WAIT;
    action->at_us = at_us;
}

static void advance_to(const sgp_crew_driver *driver, sgp_crew_action *action,
                       sgp_assignment_state state) {
    action->deed = SGP_CREW_ADVANCE;
    action->assignment = driver->order.assignment;
    action->state = state;
    if (state == SGP_ASSIGNMENT_TRANSPORTING)
        memcpy(action->hospital, driver->hospital, sizeof action->hospital);
}

/* Drives, reporting positions on the way; true when it has arrived at `to`. */
static bool drive(sgp_crew_driver *driver, int64_t now_us, sgp_point to, sgp_crew_action *action) {
    if (!driver->has_leg) {
        action->deed = SGP_CREW_ROUTE;
        action->point = driver->position;
        action->to = to;
        return false;
    }
    int64_t elapsed_ms =
        (int64_t)((double)(now_us - driver->leg_from_us) * driver->options.speed / 1000.0);
    int64_t duration_ms = driver->leg.at_ms[driver->leg.n - 1];
    driver->position = sgp_crew_leg_position(&driver->leg, elapsed_ms);
    int64_t arrival_us = driver->leg_from_us + real_us(driver, duration_ms);
    if (now_us >= driver->report_at_us) {
        action->deed = SGP_CREW_REPORT;
        action->point = driver->position;
        return false;
    }
    if (now_us >= arrival_us)
        return true;
    wait_until(action, driver->report_at_us < arrival_us ? driver->report_at_us : arrival_us);
    return false;
}

void sgp_crew_next(sgp_crew_driver *driver, int64_t now_us, sgp_crew_action *action) {
    memset(action, 0, sizeof *action);
    bool due = now_us >= driver->until_us;
    switch (driver->phase) {
    case SGP_CREW_OFF_DUTY:
        action->deed = SGP_CREW_SIGN_ON;
        return;
    case SGP_CREW_FREE:
        wait_until(action, INT64_MAX);
        return;
    case SGP_CREW_DECIDING:
        if (!due) {
            wait_until(action, driver->until_us);
            return;
        }
        action->deed = SGP_CREW_ANSWER;
        action->assignment = driver->order.assignment;
        action->accept = !driver->options.decline_first || driver->declined_once;
        if (!action->accept)
            memcpy(action->reason, driver->options.decline_reason, sizeof action->reason);
        return;
    case SGP_CREW_TURNING_OUT:
        if (due)
            advance_to(driver, action, SGP_ASSIGNMENT_EN_ROUTE);
        else
            wait_until(action, driver->until_us);
        return;
    case SGP_CREW_TO_SCENE:
        /* An order whose place nobody knows yet waits for it. */
        if (!driver->order.has_place)
            wait_until(action, INT64_MAX);
        else if (drive(driver, now_us, driver->order.place, action))
            advance_to(driver, action, SGP_ASSIGNMENT_ON_SCENE);
        return;
    case SGP_CREW_ON_SCENE:
        if (!due)
            wait_until(action, driver->until_us);
        else if (driver->treated)
            advance_to(driver, action, SGP_ASSIGNMENT_CLOSED);
        else if (!driver->has_hospital)
            *action = (sgp_crew_action){.deed = SGP_CREW_HOSPITAL, .point = driver->position};
        else
            advance_to(driver, action, SGP_ASSIGNMENT_TRANSPORTING);
        return;
    case SGP_CREW_TO_HOSPITAL:
        if (!driver->has_hospital)
            *action = (sgp_crew_action){.deed = SGP_CREW_HOSPITAL, .point = driver->position};
        else if (drive(driver, now_us, driver->hospital_point, action))
            advance_to(driver, action, SGP_ASSIGNMENT_AT_HOSPITAL);
        return;
    case SGP_CREW_AT_HOSPITAL:
        if (due)
            advance_to(driver, action, SGP_ASSIGNMENT_HANDED_OVER);
        else
            wait_until(action, driver->until_us);
        return;
    case SGP_CREW_TIDYING:
        if (due)
            advance_to(driver, action, SGP_ASSIGNMENT_CLOSED);
        else
            wait_until(action, driver->until_us);
        return;
    case SGP_CREW_RETURNING:
        if (drive(driver, now_us, driver->station, action)) {
            enter(driver, now_us, SGP_CREW_FREE);
            wait_until(action, INT64_MAX);
        }
        return;
    }
    assert(!"a crew phase without a deed");
}

void sgp_crew_done(sgp_crew_driver *driver, int64_t now_us, const sgp_crew_action *action) {
    switch (action->deed) {
    case SGP_CREW_SIGN_ON:
        driver->signed_on = true;
        if (driver->phase == SGP_CREW_OFF_DUTY)
            go_home(driver, now_us);
        return;
    case SGP_CREW_REPORT: {
        /* At high speeds the engine is spared: at most ten reports a second. */
        int64_t every_us = real_us(driver, SGP_CREW_REPORT_EVERY_MS);
        driver->report_at_us = now_us + (every_us < 100000 ? 100000 : every_us);
        int64_t arrival_us = driver->leg_from_us;
        if (driver->has_leg)
            arrival_us += real_us(driver, driver->leg.at_ms[driver->leg.n - 1]);
        /* The last report is made on arrival. */
        if (driver->has_leg && now_us < arrival_us && driver->report_at_us > arrival_us)
            driver->report_at_us = arrival_us;
        return;
    }
    case SGP_CREW_ANSWER:
        if (action->assignment != driver->order.assignment)
            return;
        if (action->accept) {
            enter(driver, now_us, SGP_CREW_TURNING_OUT);
        } else {
            driver->declined_once = true;
            go_home(driver, now_us);
        }
        return;
    case SGP_CREW_ADVANCE:
        /* An order may have been withdrawn while the request was on its way. */
        if (action->assignment != driver->order.assignment)
            return;
        if (action->state == SGP_ASSIGNMENT_CLOSED)
            go_home(driver, now_us);
        else
            enter(driver, now_us, phase_of(action->state));
        return;
    case SGP_CREW_WAIT:
    case SGP_CREW_ROUTE:
    case SGP_CREW_HOSPITAL:
        return;
    }
}

void sgp_crew_refused(sgp_crew_driver *driver, int64_t now_us, const sgp_crew_action *action) {
    switch (action->deed) {
    case SGP_CREW_ANSWER:
        if (action->assignment == driver->order.assignment)
            go_home(driver, now_us);
        return;
    case SGP_CREW_ADVANCE:
        if (action->assignment != driver->order.assignment)
            return;
        if (action->state == SGP_ASSIGNMENT_TRANSPORTING)
            driver->treated = true; /* nowhere to bring the patient */
        else
            go_home(driver, now_us);
        return;
    default:
        /* A position or a duty that the engine does not want is not insisted on. */
        sgp_crew_done(driver, now_us, action);
        return;
    }
}

sgp_err sgp_crew_take_route(sgp_crew_driver *driver, int64_t now_us, const sgp_point *points,
                            const int64_t *at_ms, size_t n, int64_t walk_ms) {
    bool to_scene = driver->phase == SGP_CREW_TO_SCENE;
    bool to_hospital = driver->phase == SGP_CREW_TO_HOSPITAL;
    if (!to_scene && !to_hospital && driver->phase != SGP_CREW_RETURNING)
        return SGP_OK; /* asked for in a phase that is over */
    sgp_point to = to_scene      ? driver->order.place
                   : to_hospital ? driver->hospital_point
                                 : driver->station;
    /* Two more than the road's: from where it stands to the road, and for the walk to the door. */
    size_t n_all = n < 2 ? 2 : n + 2;
    sgp_crew_leg leg = {.points = malloc(n_all * sizeof *leg.points),
                        .at_ms = malloc(n_all * sizeof *leg.at_ms),
                        .n = n_all};
    if (leg.points == NULL || leg.at_ms == NULL) {
        free(leg.points);
        free(leg.at_ms);
        return SGP_E_MEMORY;
    }
    leg.points[0] = driver->position;
    leg.at_ms[0] = 0;
    leg.points[n_all - 1] = to;
    if (n < 2) {
        double metres_per_ms = 30.0 / 3600.0;
        leg.at_ms[1] = 1000 + (int64_t)(sgp_distance_m(driver->position, to) / metres_per_ms);
    } else {
        for (size_t i = 0; i < n; i++) {
            leg.points[i + 1] = points[i];
            int64_t at = at_ms[i] < 0 ? 0 : at_ms[i];
            leg.at_ms[i + 1] = at < leg.at_ms[i] ? leg.at_ms[i] : at;
        }
        leg.at_ms[n_all - 1] = leg.at_ms[n_all - 2] + 1 + (walk_ms > 0 ? walk_ms : 0);
        if (to_scene) /* the vehicle waits at the gate, or at the gang's mouth */
            leg.points[n_all - 1] = points[n - 1];
    }
    drop_leg(driver);
    driver->leg = leg;
    driver->has_leg = true;
    driver->leg_from_us = now_us;
    driver->report_at_us = now_us;
    return SGP_OK;
}

void sgp_crew_take_hospital(sgp_crew_driver *driver, const char *code, sgp_point point) {
    if (code[0] == '\0') {
        /* On the way to a hospital nobody knows: it is reached at once. */
        driver->treated = true;
        driver->hospital_point = driver->position;
        driver->hospital[0] = '\0';
        driver->has_hospital = true;
        return;
    }
    strncpy(driver->hospital, code, sizeof driver->hospital - 1);
    driver->hospital[sizeof driver->hospital - 1] = '\0';
    driver->hospital_point = point;
    driver->has_hospital = true;
}

bool sgp_crew_hear_destination(sgp_crew_driver *driver, sgp_id assignment, const char *code,
                               sgp_point point) {
    if (assignment != driver->order.assignment ||
        (driver->phase != SGP_CREW_ON_SCENE && driver->phase != SGP_CREW_TO_HOSPITAL) ||
        (driver->has_hospital && strcmp(driver->hospital, code) == 0))
        return false;
    sgp_crew_take_hospital(driver, code, point);
    if (driver->phase == SGP_CREW_TO_HOSPITAL)
        drop_leg(driver);
    return true;
}
