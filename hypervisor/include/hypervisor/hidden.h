/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Included first by the build: all is linked into one image, so no address needs a global offset table. */
#pragma GCC visibility push(hidden)
