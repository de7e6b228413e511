/* `sigap guide`: what a call-taker asks and tells, by complaint. */
#include <stdio.h>
#include <string.h>

#include "apps/apps.h"
#include "apps/options.h"
#include "serve/proto_json.h"
#include "sigap/core.h"

static const char help[] =
    "sigap guide - what to ask and to tell callers, by complaint\n"
    "\n"
    "USAGE\n"
    "  sigap guide [COMPLAINT]\n"
    "\n"
    "DESCRIPTION\n"
    "  Without COMPLAINT: all complaints with their codes and default priorities. With\n"
    "  one (its code or its NEMSIS code): the questions to ask, what each answer does to\n"
    "  the priority, and what to tell the caller until help is there. Instructions are\n"
    "  drafts until a medical director has signed exactly their words in\n"
    "  instructions.conf; the words' digest to sign is shown with each.\n"
    "\n" SGP_HELP_CONNECTION;

static int list_all(const sgp_options *o) {
    Sigap__V1__ListComplaints ask = SIGAP__V1__LIST_COMPLAINTS__INIT;
    char language[3];
    snprintf(language, sizeof language, "%s", o->language == SGP_ENGLISH ? "en" : "id");
    ask.language = language;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT, *reply;
    request.body_case = SIGAP__V1__FRAME__BODY_LIST_COMPLAINTS;
    request.list_complaints = &ask;
    int exit_code = sgp_options_ask(o, &request, SIGAP__V1__FRAME__BODY_COMPLAINT_PAGE, &reply);
    if (exit_code != 0)
        return exit_code;
    const Sigap__V1__ComplaintPage *page = reply->complaint_page;
    if (o->json)
        exit_code = sgp_print_message_json(&page->base);
    for (size_t i = 0; !o->json && i < page->n_complaints; i++)
        printf("%-2s %-24s %-8s %s\n",
               sgp_priority_str((sgp_priority)page->complaints[i]->priority),
               page->complaints[i]->code, page->complaints[i]->nemsis, page->complaints[i]->name);
    sigap__v1__frame__free_unpacked(reply, NULL);
    return exit_code;
}

static void print_filled(const sgp_options *o, const char *before, sgp_text key, const char *name,
                         const char *value, const char *second, const char *second_value) {
    char text[512];
    printf("%s%s", before,
           sgp_text_fill(text, sizeof text, o->language, key, name, value, second, second_value,
                         NULL));
}

static void print_answer(const sgp_options *o, const Sigap__V1__GuideAnswer *answer) {
    printf("     %-10s %s", answer->code, answer->text);
    if (answer->weight != 0)
        printf("  %+d", answer->weight);
    if (answer->at_least != 0)
        print_filled(o, "  ", SGP_TEXT_GUIDE_AT_LEAST, "priority",
                     sgp_priority_str((sgp_priority)answer->at_least), NULL, NULL);
    if (*answer->becomes != '\0')
        print_filled(o, "  ", SGP_TEXT_GUIDE_BECOMES, "complaint", answer->becomes, NULL, NULL);
    putchar('\n');
}

static void print_instruction(const sgp_options *o, const Sigap__V1__GuideInstruction *told) {
    printf("\n%s\n", told->title);
    for (size_t i = 0; i < told->n_steps; i++)
        printf("  %zu. %s\n", i + 1, told->steps[i]);
    if (told->draft) {
        printf("  [%s]\n", sgp_text_get(o->language, SGP_TEXT_GUIDE_DRAFT));
        print_filled(o, "  ", SGP_TEXT_GUIDE_WORDS, "words", told->words, NULL, NULL);
    } else {
        print_filled(o, "  ", SGP_TEXT_GUIDE_SIGNED, "who", told->signed_by, "when",
                     told->signed_on);
    }
    putchar('\n');
}

static void print_guide(const sgp_options *o, const Sigap__V1__Guide *guide) {
    printf("%s (%s, %s)", guide->name, guide->complaint, guide->nemsis);
    print_filled(o, ", ", SGP_TEXT_GUIDE_PRIORITY, "priority",
                 sgp_priority_str((sgp_priority)guide->priority), NULL, NULL);
    putchar('\n');
    if (guide->n_questions > 0)
        printf("\n%s\n", sgp_text_get(o->language, SGP_TEXT_GUIDE_QUESTIONS));
    for (size_t i = 0; i < guide->n_questions; i++) {
        printf("  %s  (%s)\n", guide->questions[i]->text, guide->questions[i]->code);
        for (size_t k = 0; k < guide->questions[i]->n_answers; k++)
            print_answer(o, guide->questions[i]->answers[k]);
    }
    for (size_t i = 0; i < guide->n_instructions; i++)
        print_instruction(o, guide->instructions[i]);
}

static int show(const sgp_options *o, char *complaint) {
    Sigap__V1__GetGuide ask = SIGAP__V1__GET_GUIDE__INIT;
    char language[3];
    snprintf(language, sizeof language, "%s", o->language == SGP_ENGLISH ? "en" : "id");
    ask.complaint = complaint;
    ask.language = language;
    Sigap__V1__Frame request = SIGAP__V1__FRAME__INIT, *reply;
    request.body_case = SIGAP__V1__FRAME__BODY_GET_GUIDE;
    request.get_guide = &ask;
    int exit_code = sgp_options_ask(o, &request, SIGAP__V1__FRAME__BODY_GUIDE, &reply);
    if (exit_code != 0)
        return exit_code;
    if (o->json)
        exit_code = sgp_print_message_json(&reply->guide->base);
    else
        print_guide(o, reply->guide);
    sigap__v1__frame__free_unpacked(reply, NULL);
    return exit_code;
}

int app_guide(int argc, char **argv) {
    sgp_options o;
    sgp_options_init(&o, "guide", help);
    while (sgp_options_next(&o, argc, argv, NULL) != -1) {
    }
    if (o.ended)
        return o.exit_code;
    if (argc - optind > 1)
        return sgp_usage(&o, "too many operands");
    if (optind == argc)
        return list_all(&o);
    if (!sgp_option_text(&o, "the complaint", argv[optind]))
        return o.exit_code;
    return show(&o, argv[optind]);
}
