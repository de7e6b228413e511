/* Which source this program was built from. Thread-safe. */
#ifndef SGP_BASE_VERSION_H
#define SGP_BASE_VERSION_H

/* "0.1.0" */
const char *sgp_version(void);
/* The git commit as of the last configuring, 12 hexadecimal digits; "unknown" where the
 * source was no git checkout. Says nothing of changes that were not committed. */
const char *sgp_commit(void);

#endif
