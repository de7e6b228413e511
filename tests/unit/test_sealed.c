/* Sealing and the master key file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "journal/sealed.h"

static const uint8_t text[] = "a text that only the control room may read";
static uint8_t key[SGP_KEY_BYTES] = {1, 2, 3};
static const sgp_seal_label label = {
    .purpose = SGP_SEAL_PERSONAL, .journal_id = {9, 8}, .call = 5, .incident = 7};

static void test_sealed_opens_with_key_and_label(void **state) {
    (void)state;
    uint8_t sealed[sizeof text + SGP_SEAL_EXTRA_BYTES], plain[sizeof text];
    sgp_seal(key, &label, text, sizeof text, sealed);
    assert_null(memmem(sealed, sizeof sealed, text, 8));
    assert_int_equal(sgp_unseal(key, &label, sealed, sizeof sealed, plain), SGP_OK);
    assert_memory_equal(plain, text, sizeof text);
    uint8_t again[sizeof sealed];
    sgp_seal(key, &label, text, sizeof text, again);
    assert_memory_not_equal(again, sealed, sizeof sealed);
}

static void test_sealed_refuses_everything_else(void **state) {
    (void)state;
    uint8_t sealed[sizeof text + SGP_SEAL_EXTRA_BYTES], plain[sizeof sealed];
    sgp_seal(key, &label, text, sizeof text, sealed);
    sgp_seal_label others[4] = {label, label, label, label};
    others[0].call++;
    others[1].incident++;
    others[2].purpose = SGP_SEAL_INCIDENT_KEY;
    others[3].journal_id[15]++;
    for (int i = 0; i < 4; i++)
        assert_int_equal(sgp_unseal(key, &others[i], sealed, sizeof sealed, plain), SGP_E_CRYPTO);
    uint8_t wrong[SGP_KEY_BYTES] = {0};
    assert_int_equal(sgp_unseal(wrong, &label, sealed, sizeof sealed, plain), SGP_E_CRYPTO);
    for (size_t i = 0; i < sizeof sealed; i++) {
        sealed[i] ^= 0x40;
        assert_int_equal(sgp_unseal(key, &label, sealed, sizeof sealed, plain), SGP_E_CRYPTO);
        sealed[i] ^= 0x40;
    }
    for (size_t length = 0; length < sizeof sealed; length++)
        assert_int_equal(sgp_unseal(key, &label, sealed, length, plain), SGP_E_CRYPTO);
}

static void test_sealed_key_file(void **state) {
    (void)state;
    char dir[] = "/tmp/sgp-sealed.XXXXXX", path[64];
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/key", dir);
    uint8_t made[SGP_KEY_BYTES], read_back[SGP_KEY_BYTES];
    sgp_fault fault;
    assert_int_equal(sgp_key_file_read(path, read_back, &fault), SGP_E_NOT_FOUND);
    assert_int_equal(sgp_key_file_make(path, made, &fault), SGP_OK);
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(sgp_key_file_read(path, read_back, &fault), SGP_OK);
    assert_memory_equal(made, read_back, sizeof made);
    /* A key is never overwritten: whatever it sealed would be lost. */
    assert_int_equal(sgp_key_file_make(path, read_back, &fault), SGP_E_IO);

    assert_int_equal(chmod(path, 0644), 0);
    assert_int_equal(sgp_key_file_read(path, read_back, &fault), SGP_E_CRYPTO);
    assert_non_null(strstr(fault.text, "chmod 600"));
    assert_int_equal(chmod(path, 0600), 0);
    assert_int_equal(truncate(path, 31), 0);
    assert_int_equal(sgp_key_file_read(path, read_back, &fault), SGP_E_CRYPTO);
    unlink(path);
    rmdir(dir);
}

int main(void) {
    if (sodium_init() < 0)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sealed_opens_with_key_and_label),
        cmocka_unit_test(test_sealed_refuses_everything_else),
        cmocka_unit_test(test_sealed_key_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
