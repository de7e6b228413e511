#include <openssl/err.h>
#include <openssl/ssl.h>

#include "serve/engine_parts.h"

static const char *reason(void) {
    const char *text = ERR_reason_error_string(ERR_peek_last_error());
    return text != NULL ? text : "unknown reason";
}

sgp_err sgp_tls_create(const sgp_settings *settings, SSL_CTX **tls, sgp_fault *fault) {
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    if (context == NULL)
        return sgp_fail(fault, SGP_E_CRYPTO, "TLS cannot start: %s", reason());
    sgp_err err = SGP_OK;
    /* A renegotiation would let a client keep the loop busy with handshakes. */
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    /* Thousands of telephones are silent most of the time: what a record needs is given back. */
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    if (SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1)
        err = sgp_fail(fault, SGP_E_CRYPTO, "TLS 1.2 cannot be required: %s", reason());
    else if (SSL_CTX_use_certificate_chain_file(context, settings->certificate) != 1)
        err = sgp_fail(fault, SGP_E_CONFIG, "the certificate %s cannot be used: %s",
                       settings->certificate, reason());
    else if (SSL_CTX_use_PrivateKey_file(context, settings->private_key, SSL_FILETYPE_PEM) != 1)
        err = sgp_fail(fault, SGP_E_CONFIG, "the key %s cannot be used: %s", settings->private_key,
                       reason());
    else if (SSL_CTX_check_private_key(context) != 1)
        err = sgp_fail(fault, SGP_E_CONFIG, "the key %s does not belong to the certificate %s",
                       settings->private_key, settings->certificate);
    if (err != SGP_OK) {
        SSL_CTX_free(context);
        return err;
    }
    *tls = context;
    return SGP_OK;
}
