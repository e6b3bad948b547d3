/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#define VENDOR_IMAGE_FEATURE JAILHOUSE_IMAGE_SVM
