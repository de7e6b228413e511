#include "console/dossier.h"

#include <string.h>

static void drop(Sigap__V1__Frame **frame) {
    if (*frame != NULL)
        sigap__v1__frame__free_unpacked(*frame, NULL);
    *frame = NULL;
}

void sgp_dossier_open(sgp_dossier *d, uint64_t incident) {
    if (d->incident == incident)
        return;
    d->incident = incident;
    drop(&d->detail);
    drop(&d->log);
    drop(&d->route);
    d->route_unit = 0;
}

void sgp_dossier_free(sgp_dossier *d) {
    drop(&d->detail);
    drop(&d->log);
    drop(&d->guide);
    drop(&d->left);
    drop(&d->route);
    *d = (sgp_dossier){0};
}

void sgp_dossier_take(sgp_dossier *d, Sigap__V1__Frame *frame) {
    Sigap__V1__Frame **place = NULL;
    switch (frame->body_case) {
    case SIGAP__V1__FRAME__BODY_INCIDENT_DETAIL:
        if (frame->incident_detail->incident != NULL &&
            frame->incident_detail->incident->id == d->incident)
            place = &d->detail;
        break;
    case SIGAP__V1__FRAME__BODY_LOG:
        if (frame->log->incident_id == d->incident)
            place = &d->log;
        break;
    case SIGAP__V1__FRAME__BODY_GUIDE:
        place = &d->guide;
        break;
    case SIGAP__V1__FRAME__BODY_COVERAGE_LEFT:
        place = &d->left;
        break;
    case SIGAP__V1__FRAME__BODY_ROUTE:
        place = &d->route;
        break;
    default:
        break;
    }
    if (place == NULL) {
        sigap__v1__frame__free_unpacked(frame, NULL);
        return;
    }
    drop(place);
    *place = frame;
}

const Sigap__V1__History *sgp_dossier_history(const sgp_dossier *d) {
    return d->detail != NULL ? d->detail->incident_detail->history : NULL;
}

const Sigap__V1__Guide *sgp_dossier_guide(const sgp_dossier *d, const char *complaint) {
    return d->guide != NULL && strcmp(d->guide->guide->complaint, complaint) == 0 ? d->guide->guide
                                                                                  : NULL;
}

const Sigap__V1__Log *sgp_dossier_log(const sgp_dossier *d) {
    return d->log != NULL ? d->log->log : NULL;
}

int sgp_dossier_loss_ppm(const sgp_dossier *d, const char *unit) {
    const Sigap__V1__CoverageLeft *left = d->left != NULL ? d->left->coverage_left : NULL;
    for (size_t i = 0; left != NULL && i < left->n_units; i++)
        if (strcmp(left->units[i]->unit_code, unit) == 0)
            return left->units[i]->loss_ppm;
    return -1;
}
