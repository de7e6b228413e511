/* The random scenario simulator: days of a made-up town around the very same sgp_core_step, with
 * every invariant of ledger.h held after each step. See README.md beside this file. */
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "town.h"

static const int64_t START_MS = INT64_C(1767225600000); /* 2026-01-01 07:00 in Malang */

typedef struct options {
    uint64_t first, seeds;
    size_t events;
    bool from_commit, verbose, keep_long;
} options;

typedef struct totals {
    uint64_t seeds, events, refused, orders, crashes, recovered, checks, incidents, by_hand;
} totals;

/* ---- where an assertion struck ------------------------------------------------------ */

static uint64_t seed_now;
static size_t deed_now;

static void on_abort(int number) {
    char text[160];
    int n = snprintf(text, sizeof text,
                     "ABORTED (signal %d): seed %" PRIu64 ", deed %zu; again: simulator --seed "
                     "%" PRIu64 "\n",
                     number, seed_now, deed_now, seed_now);
    if (n > 0)
        (void)!write(STDERR_FILENO, text, (size_t)n);
    signal(number, SIG_DFL);
    raise(number);
}

/* ---- one day -------------------------------------------------------------------------- */

typedef struct life {
    sim_ledger ledger;
    sim_shell shell;
    size_t at; /* deed that broke it */
} life;

static void life_begin(life *one) {
    sim_ledger_init(&one->ledger);
    sim_shell_init(&one->shell, &one->ledger, START_MS);
}

static void life_end(life *one) {
    sim_shell_free(&one->shell);
    sim_ledger_free(&one->ledger);
}

/* Lives the day of a seed, and writes down its deeds. */
static void live(uint64_t seed, size_t events, life *one, sim_deeds *deeds, sim_town *people) {
    town_init(people, seed, events);
    life_begin(one);
    sim_deed deed;
    for (;;) {
        memset(&deed, 0, sizeof deed);
        town_hear(people, &one->shell);
        if (!town_next(people, &one->shell, &deed))
            break;
        *sim_deeds_add(deeds) = deed;
        deed_now = one->at = deeds->n;
        sim_shell_do(&one->shell, &deed);
        if (one->ledger.broken != SIM_N_INVARIANTS)
            return;
    }
    sim_ledger_end(&one->ledger, one->shell.world);
}

/* ---- making a failure short --------------------------------------------------------------- */

static void print_effects(const sim_shell *shell) {
    for (size_t i = 0; i < shell->effects.n; i++) {
        const sgp_effect *effect = &shell->effects.items[i];
        if (effect->kind != SGP_EFFECT_ORDER && effect->kind != SGP_EFFECT_WITHDRAW)
            continue;
        const sgp_assignment *on = sgp_world_assignment(shell->world, effect->u.order.assignment);
        printf("            %s: unit %u, assignment %" PRIu64 " of incident %" PRIu64 ", %s\n",
               effect->kind == SGP_EFFECT_ORDER ? "order" : "withdrawal", on->unit, on->id,
               on->incident, sgp_assignment_state_str(on->state));
    }
}

/* Which invariant these deeds break; `skip` marks those that are left out. */
static sim_invariant play(const sim_deeds *deeds, const bool *skip, bool at_end, bool tell,
                          life *one) {
    life_begin(one);
    for (size_t i = 0; i < deeds->n && one->ledger.broken == SIM_N_INVARIANTS; i++)
        if (!skip[i]) {
            one->at = i + 1;
            if (tell)
                sim_deed_print(&deeds->items[i], i + 1, stdout);
            sgp_effects_clear(&one->shell.effects);
            sim_shell_do(&one->shell, &deeds->items[i]);
            if (tell)
                print_effects(&one->shell);
        }
    if (at_end && one->ledger.broken == SIM_N_INVARIANTS)
        sim_ledger_end(&one->ledger, one->shell.world);
    return one->ledger.broken;
}

static bool still_breaks(const sim_deeds *deeds, const bool *skip, bool at_end,
                         sim_invariant which) {
    life one;
    bool breaks = play(deeds, skip, at_end, false, &one) == which;
    life_end(&one);
    return breaks;
}

/* Leaves out ever smaller runs of deeds as long as the same invariant breaks, for some seconds. */
static void shorten(const sim_deeds *deeds, bool at_end, sim_invariant which, bool *skip) {
    enum { SECONDS_MAX = 20 };
    clock_t until = clock() + SECONDS_MAX * CLOCKS_PER_SEC;
    for (size_t run = deeds->n / 2; run >= 1 && clock() < until; run /= 2)
        for (size_t from = 0; from < deeds->n && clock() < until; from += run) {
            size_t to = from + run < deeds->n ? from + run : deeds->n;
            bool *before = malloc(run * sizeof *before), any = false;
            if (!before)
                abort();
            for (size_t i = from; i < to; i++) {
                before[i - from] = skip[i];
                any = any || !skip[i];
                skip[i] = true;
            }
            if (any && !still_breaks(deeds, skip, at_end, which))
                memcpy(skip + from, before, (to - from) * sizeof *before);
            free(before);
        }
}

static void tell_failure(const options *asked, uint64_t seed, const life *one,
                         const sim_deeds *deeds) {
    printf("\nBROKEN %s: %s\n  %s\n  seed %" PRIu64 ", deed %zu of %zu; again: simulator --seed "
           "%" PRIu64 " --events %zu\n",
           sim_invariant_name(one->ledger.broken), sim_invariant_sentence(one->ledger.broken),
           one->ledger.detail, seed, one->at, deeds->n, seed, asked->events);
    if (asked->keep_long)
        return;
    bool *skip = calloc(deeds->n, sizeof *skip), at_end = one->at == deeds->n;
    if (!skip)
        abort();
    if (!still_breaks(deeds, skip, at_end, one->ledger.broken)) {
        printf("  the same deeds did not break it again\n");
        free(skip);
        return;
    }
    shorten(deeds, at_end, one->ledger.broken, skip);
    size_t n = 0;
    for (size_t i = 0; i < deeds->n; i++)
        n += !skip[i];
    printf("  shortened to %zu deeds:\n", n);
    life again;
    play(deeds, skip, at_end, true, &again);
    printf("  %s\n", again.ledger.detail);
    life_end(&again);
    free(skip);
}

/* ---- all seeds ------------------------------------------------------------------------------ */

static bool run_seed(const options *asked, uint64_t seed, totals *sum) {
    static sim_town people;
    life one;
    sim_deeds deeds = {0};
    seed_now = seed;
    live(seed, asked->events, &one, &deeds, &people);
    bool good = one.ledger.broken == SIM_N_INVARIANTS;
    if (!good)
        tell_failure(asked, seed, &one, &deeds);
    sum->seeds++;
    sum->events += one.shell.events;
    sum->refused += one.shell.refused;
    sum->orders += one.shell.orders;
    sum->crashes += one.shell.crashes;
    sum->recovered += one.shell.recovered;
    sum->checks += one.ledger.checks;
    sum->incidents += one.ledger.n_incidents - 1;
    sum->by_hand += people.closed_by_hand;
    if (asked->verbose)
        printf("seed %" PRIu64 ": %" PRIu64 " events, %" PRIu64 " orders, %" PRIu64 " crashes\n",
               seed, one.shell.events, one.shell.orders, one.shell.crashes);
    life_end(&one);
    town_free(&people);
    sim_deeds_free(&deeds);
    return good;
}

/* The first seed from the commit that is checked out, as git says now; a tree without git has a
 * fixed one. */
static uint64_t seed_of_commit(void) {
    char text[64] = "";
    FILE *git = popen("git -C '" SIGAP_SOURCE_DIR "' rev-parse HEAD 2>/dev/null", "r");
    if (git) {
        if (!fgets(text, sizeof text, git))
            text[0] = '\0';
        pclose(git);
    }
    text[strcspn(text, "\n")] = '\0';
    if (strlen(text) < 12) {
        printf("not a git checkout: the seeds are fixed\n");
        return 112119;
    }
    char start[13];
    snprintf(start, sizeof start, "%.12s", text);
    printf("seeds from commit %s\n", start);
    return strtoull(start, NULL, 16) % UINT64_C(1000000000000);
}

static void usage(void) {
    puts("simulator: random days of a town; every invariant after every event\n"
         "  --seed N        that one alone\n"
         "  --first N       the first seed (1)\n"
         "  --seeds N       how many (20)\n"
         "  --events N      deeds of a day before its evening (1000)\n"
         "  --from-commit   the first seed from the commit that is checked out\n"
         "  --long          a failure is not made short\n"
         "  --verbose       a line for each seed\n"
         "Exit: 0 nothing broken, 1 an invariant broken, 2 wrong use.");
}

static bool read_options(int argc, char **argv, options *asked) {
    *asked = (options){.first = 1, .seeds = 20, .events = 1000};
    for (int i = 1; i < argc; i++) {
        const char *name = argv[i];
        if (strcmp(name, "--from-commit") == 0) {
            asked->from_commit = true;
        } else if (strcmp(name, "--verbose") == 0) {
            asked->verbose = true;
        } else if (strcmp(name, "--long") == 0) {
            asked->keep_long = true;
        } else if (i + 1 == argc) {
            return false;
        } else {
            char *end;
            uint64_t number = strtoull(argv[++i], &end, 10);
            if (*end || end == argv[i])
                return false;
            if (strcmp(name, "--seed") == 0) {
                asked->first = number;
                asked->seeds = 1;
            } else if (strcmp(name, "--first") == 0) {
                asked->first = number;
            } else if (strcmp(name, "--seeds") == 0) {
                asked->seeds = number;
            } else if (strcmp(name, "--events") == 0) {
                asked->events = number;
            } else {
                return false;
            }
        }
    }
    return true;
}

int main(int argc, char **argv) {
    options asked;
    if (!read_options(argc, argv, &asked)) {
        usage();
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    signal(SIGABRT, on_abort);
    signal(SIGSEGV, on_abort);
    if (asked.from_commit)
        asked.first = seed_of_commit();
    totals sum = {0};
    uint64_t broken = 0;
    for (uint64_t i = 0; i < asked.seeds && broken == 0; i++)
        broken += !run_seed(&asked, asked.first + i, &sum);
    printf("seeds %" PRIu64 " from %" PRIu64 ": %" PRIu64 " events (%" PRIu64 " refused), %" PRIu64
           " incidents, %" PRIu64 " orders told, %" PRIu64 " crashes, %" PRIu64
           " events stepped again, %" PRIu64 " checks, %" PRIu64
           " incidents closed by hand in the evening, %s\n",
           sum.seeds, asked.first, sum.events, sum.refused, sum.incidents, sum.orders, sum.crashes,
           sum.recovered, sum.checks, sum.by_hand,
           broken ? "an invariant BROKEN" : "no invariant broken");
    return broken ? 1 : 0;
}
