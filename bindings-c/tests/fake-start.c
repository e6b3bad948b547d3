/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Makes a shared library of the library and the model of the driver, so that programs in other languages
 * can be run without one.
 */
#include "fake-driver.h"

static void __attribute__((constructor)) start(void)
{
	fake_reset();
}
