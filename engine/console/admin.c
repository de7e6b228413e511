#include "console/admin.h"

#include <stdio.h>
#include <string.h>

static void drop(Sigap__V1__Frame **frame) {
    if (*frame != NULL)
        sigap__v1__frame__free_unpacked(*frame, NULL);
    *frame = NULL;
}

static void drop_all(Sigap__V1__Frame **frames, size_t *n) {
    for (size_t i = 0; i < *n; i++)
        drop(&frames[i]);
    *n = 0;
}

void sgp_admin_free(sgp_admin *admin) {
    sgp_admin_list *lists[] = {&admin->users, &admin->closures};
    for (int i = 0; i < 2; i++) {
        drop_all(lists[i]->frames, &lists[i]->n);
        drop_all(lists[i]->coming, &lists[i]->n_coming);
    }
    drop(&admin->shifts);
    drop(&admin->stretches);
    drop(&admin->status);
}

/* ---- lists ------------------------------------------------------------------------------ */

/* `first`: a new list begins. */
static void list_take(sgp_admin_list *list, Sigap__V1__Frame *frame, bool last) {
    if (list->n_coming == SGP_ADMIN_FRAMES) {
        sigap__v1__frame__free_unpacked(frame, NULL);
        last = true;
    } else {
        list->coming[list->n_coming++] = frame;
    }
    if (!last)
        return;
    drop_all(list->frames, &list->n);
    memcpy(list->frames, list->coming, list->n_coming * sizeof list->coming[0]);
    list->n = list->n_coming;
    list->n_coming = 0;
    list->known = true;
}

bool sgp_admin_take_users(sgp_admin *admin, Sigap__V1__Frame *frame, char after[64]) {
    snprintf(after, 64, "%s", frame->user_page->next_after_name);
    bool more = after[0] != '\0' && admin->users.n_coming + 1 < SGP_ADMIN_FRAMES;
    list_take(&admin->users, frame, !more);
    return more;
}

bool sgp_admin_take_closures(sgp_admin *admin, Sigap__V1__Frame *frame, uint64_t *after) {
    *after = frame->road_closure_page->next_after_id;
    bool more = *after != 0 && admin->closures.n_coming + 1 < SGP_ADMIN_FRAMES;
    list_take(&admin->closures, frame, !more);
    return more;
}

size_t sgp_admin_n_users(const sgp_admin *admin) {
    size_t n = 0;
    for (size_t i = 0; i < admin->users.n; i++)
        n += admin->users.frames[i]->user_page->n_users;
    return n;
}

const Sigap__V1__User *sgp_admin_user(const sgp_admin *admin, size_t nth) {
    for (size_t i = 0; i < admin->users.n; i++) {
        const Sigap__V1__UserPage *page = admin->users.frames[i]->user_page;
        if (nth < page->n_users)
            return page->users[nth];
        nth -= page->n_users;
    }
    return NULL;
}

const Sigap__V1__User *sgp_admin_user_by_name(const sgp_admin *admin, const char *name) {
    const Sigap__V1__User *user;
    for (size_t i = 0; (user = sgp_admin_user(admin, i)) != NULL; i++)
        if (strcmp(user->name, name) == 0)
            return user;
    return NULL;
}

size_t sgp_admin_n_closures(const sgp_admin *admin) {
    size_t n = 0;
    for (size_t i = 0; i < admin->closures.n; i++)
        n += admin->closures.frames[i]->road_closure_page->n_closures;
    return n;
}

const Sigap__V1__RoadClosure *sgp_admin_closure(const sgp_admin *admin, size_t nth) {
    for (size_t i = 0; i < admin->closures.n; i++) {
        const Sigap__V1__RoadClosurePage *page = admin->closures.frames[i]->road_closure_page;
        if (nth < page->n_closures)
            return page->closures[nth];
        nth -= page->n_closures;
    }
    return NULL;
}

/* ---- other answers ------------------------------------------------------------------------ */

void sgp_admin_take(sgp_admin *admin, Sigap__V1__Frame *frame, int64_t now_ms) {
    switch (frame->body_case) {
    case SIGAP__V1__FRAME__BODY_SHIFT_PAGE:
        drop(&admin->shifts);
        admin->shifts = frame;
        return;
    case SIGAP__V1__FRAME__BODY_STRETCHES:
        drop(&admin->stretches);
        admin->stretches = frame;
        admin->chosen = 0;
        admin->closing = SGP_CLOSING_CHOICE;
        return;
    case SIGAP__V1__FRAME__BODY_STATUS:
        drop(&admin->status);
        admin->status = frame;
        admin->status_at_ms = now_ms;
        return;
    case SIGAP__V1__FRAME__BODY_LOGIN_CODE:
        snprintf(admin->code, sizeof admin->code, "%s", frame->login_code->code);
        snprintf(admin->code_user, sizeof admin->code_user, "%s", frame->login_code->user);
        admin->code_until_ms = frame->login_code->until_at_ms;
        break;
    default:
        break;
    }
    sigap__v1__frame__free_unpacked(frame, NULL);
}

const Sigap__V1__Stretch *sgp_admin_stretch(const sgp_admin *admin) {
    if (admin->closing != SGP_CLOSING_CHOICE || admin->stretches == NULL ||
        admin->chosen >= admin->stretches->stretches->n_stretches)
        return NULL;
    return admin->stretches->stretches->stretches[admin->chosen];
}

void sgp_admin_end_closing(sgp_admin *admin) {
    admin->closing = SGP_CLOSING_NOT;
    admin->n_drawn = 0;
    admin->circle_m = 0;
    drop(&admin->stretches);
}
