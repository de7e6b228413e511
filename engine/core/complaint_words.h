/* What callers say for a complaint, beside its names: "melahirkan" is childbirth, "tabrakan" a traffic
 * accident. For those who look a complaint up by a few letters; decides nothing. Any thread. */
#ifndef SGP_CORE_COMPLAINT_WORDS_H
#define SGP_CORE_COMPLAINT_WORDS_H

/* Words between spaces, in small letters; "" where there are none. `code` is a readable code. */
const char *sgp_complaint_words(const char *code);

#endif
