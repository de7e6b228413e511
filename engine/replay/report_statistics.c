#include "replay/report_statistics.h"

#include <assert.h>
#include <math.h>

int64_t sgp_percentile(const int64_t *sorted_ms, size_t n, uint32_t permille) {
    assert(n > 0 && permille > 0 && permille <= 1000);
    size_t rank = (n * permille + 999) / 1000; /* from 1 */
    return sorted_ms[rank - 1];
}

sgp_spread sgp_spread_of_sorted(const int64_t *ms, size_t n) {
    sgp_spread spread = {.n = (uint32_t)n};
    if (n == 0)
        return spread;
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (double)ms[i];
    spread.mean_ms = sum / (double)n;
    spread.p50_ms = sgp_percentile(ms, n, 500);
    spread.p90_ms = sgp_percentile(ms, n, 900);
    spread.p95_ms = sgp_percentile(ms, n, 950);
    spread.max_ms = ms[n - 1];
    return spread;
}

sgp_estimate sgp_estimate_of_differences(const double *left, const double *right, size_t n) {
    sgp_estimate estimate = {.half_width = NAN};
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        double value = left[i] - (right != NULL ? right[i] : 0);
        if (isnan(value))
            continue;
        estimate.n++;
        sum += value;
    }
    if (estimate.n == 0)
        return estimate;
    estimate.mean = sum / estimate.n;
    if (estimate.n < 2)
        return estimate;
    double squares = 0;
    for (size_t i = 0; i < n; i++) {
        double value = left[i] - (right != NULL ? right[i] : 0);
        if (!isnan(value))
            squares += (value - estimate.mean) * (value - estimate.mean);
    }
    double deviation = sqrt(squares / (estimate.n - 1));
    estimate.half_width = sgp_student_95(estimate.n - 1) * deviation / sqrt(estimate.n);
    return estimate;
}

sgp_estimate sgp_estimate_of(const double *values, size_t n) {
    return sgp_estimate_of_differences(values, NULL, n);
}

double sgp_student_within(double t, uint32_t degrees) {
    assert(t >= 0 && degrees >= 1);
    double angle = atan(t / sqrt(degrees)), cosine = cos(angle), sine = sin(angle);
    double square = cosine * cosine, term, sum;
    if (degrees % 2 == 1) {
        /* 2/pi (angle + sin (cos + 2/3 cos^3 + (2 4)/(3 5) cos^5 + ...)), up to cos^(degrees-2) */
        term = cosine;
        sum = degrees > 1 ? term : 0;
        for (uint32_t power = 3; power + 2 <= degrees; power += 2) {
            term *= square * (power - 1) / power;
            sum += term;
        }
        return 2 / M_PI * (angle + sine * sum);
    }
    /* sin (1 + 1/2 cos^2 + (1 3)/(2 4) cos^4 + ...), up to cos^(degrees-2) */
    term = sum = 1;
    for (uint32_t power = 2; power + 2 <= degrees; power += 2) {
        term *= square * (power - 1) / power;
        sum += term;
    }
    return sine * sum;
}

double sgp_student_95(uint32_t degrees) {
    double low = 0, high = 13; /* one degree, the widest, has 12.706 */
    for (int i = 0; i < 60; i++) {
        double middle = (low + high) / 2;
        if (sgp_student_within(middle, degrees) < 0.95)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}
