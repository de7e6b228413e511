/* Commands about desks: having an incident in hand, handing over, supervisors, marked numbers. */
#include <string.h>

#include "apps/options.h"
#include "console/command_parts.h"

static void see(sgp_reader *r, sgp_command_see what) {
    r->command->kind = SGP_COMMAND_SEE;
    r->command->number = (uint64_t)what;
}

static void do_hold(sgp_reader *r) {
    if (!sgp_reader_incident(r, 0) || !sgp_reader_ends(r))
        return;
    sgp_request_hold(r->request, r->incident, false);
    sgp_reader_done(r);
}

static void do_release(sgp_reader *r) {
    if (!sgp_reader_incident(r, 0) || !sgp_reader_ends(r))
        return;
    sgp_request_hold(r->request, r->incident, true);
    sgp_reader_done(r);
}

static void do_hand_over(sgp_reader *r) {
    const char *to = sgp_reader_next(r);
    if (to == NULL) {
        see(r, SGP_SEE_HAND_OVER);
        return;
    }
    sgp_request_hand_over(r->request, strcmp(to, "-") == 0 ? "" : to, sgp_reader_rest(r));
    sgp_reader_done(r);
}

static void do_supervisor(sgp_reader *r) {
    see(r, SGP_SEE_SUPERVISOR);
}

static void do_marks(sgp_reader *r) {
    see(r, SGP_SEE_MARKS);
}

static const sgp_known_command commands[] = {
    {{"pegang", "hold"}, "", {"pegang [N]", "hold [N]"}, "I", SGP_TEXT_CON_HELP_HOLD, do_hold},
    {{"lepaskan", "release"},
     "",
     {"lepaskan [N]", "release [N]"},
     "I",
     SGP_TEXT_CON_HELP_RELEASE,
     do_release},
    {{"serahkan", "handover"},
     "hand-over",
     {"serahkan [NAMA|- [PESAN]]", "handover [NAME|- [NOTE]]"},
     "W-",
     SGP_TEXT_CON_HELP_HAND_OVER,
     do_hand_over},
    {{"penyelia", "supervisor"},
     "",
     {"penyelia", "supervisor"},
     "",
     SGP_TEXT_CON_HELP_SUPERVISOR,
     do_supervisor},
    {{"tanda", "marks"}, "marked", {"tanda", "marks"}, "", SGP_TEXT_CON_HELP_MARKS, do_marks},
};

const sgp_known_command *sgp_desk_commands(size_t nth) {
    return nth < N(commands) ? &commands[nth] : sgp_chat_commands(nth - N(commands));
}
