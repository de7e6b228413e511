/* Texts of `sigap cameras`: a part of texts_table.h. */
#ifndef SGP_APPS_TEXTS_CAMERAS_H
#define SGP_APPS_TEXTS_CAMERAS_H

/* clang-format off */
#define SGP_CAMERA_TEXTS(X)                                                                        \
    X(CAMERA_ID, "Kamera", "Camera")                                                               \
    X(CAMERA_NAME, "Nama", "Name")                                                                 \
    X(CAMERA_DISTANCE, ">Jarak", ">Distance")                                                      \
    X(CAMERA_ALONG, ">Setelah", ">After")                                                          \
    X(CAMERA_LOOKS, "Arah", "Looks")                                                               \
    X(CAMERA_STREAM, "Siaran", "Stream")                                                           \
    X(CAMERA_OWNER, "Pemilik", "Owner")                                                            \
    X(CAMERA_FACES, "ke sini", "this way")                                                         \
    X(CAMERA_AWAY, "ke arah lain", "elsewhere")                                                    \
    X(CAMERA_AROUND, "sekeliling", "around")                                                       \
    X(CAMERA_NONE, "tidak ada kamera di sana ({known} kamera dikenal)",                            \
      "no camera there ({known} cameras are known)")                                               \
    X(CAMERA_MORE, "masih ada lagi; lanjutkan dengan --after {id}", "there are more; go on with --after {id}") \
    X(CAMERA_CHECKED, "{file}: {count} kamera, tidak ada kesalahan", "{file}: {count} cameras, no mistake")
/* clang-format on */

#endif
