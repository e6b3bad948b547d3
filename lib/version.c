/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which library is this? */
#include <jailhouse/types.h>

#include "internal.h"

#define STRING(x)	  #x
#define TEXT(a, b, c)	  STRING(a) "." STRING(b) "." STRING(c)
#define VERSION_FROM_HEADER                                                                        \
	TEXT(JAILHOUSE_VERSION_MAJOR, JAILHOUSE_VERSION_MINOR, JAILHOUSE_VERSION_PATCH)

/* The build says what it builds, in the same form. */
JAILHOUSE_STATIC_ASSERT(JAILHOUSE_VERSION_NUMBER == JH_BUILD_VERSION_NUMBER);

uint32_t jailhouse_get_version(void)
{
	return JAILHOUSE_VERSION_NUMBER;
}

const char *jailhouse_get_version_string(void)
{
	return VERSION_FROM_HEADER;
}

uint32_t jailhouse_get_api_version(void)
{
	return JAILHOUSE_API_VERSION;
}
