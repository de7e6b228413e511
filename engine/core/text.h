/* Texts from outside. Private to the engine; the commands ask it before they send. */
#ifndef SGP_CORE_TEXT_H
#define SGP_CORE_TEXT_H

#include <stdbool.h>

/* Well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates, at most
 * U+10FFFF) without control characters. The journal, PostgreSQL and JSON all
 * take such a text as it is; anything else would stop one of them later. */
bool sgp_text_is_plain(const char *text);

#endif
