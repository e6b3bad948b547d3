/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Messages for the application's callback. */
#include <stdio.h>

#include "internal.h"

void jailhouse_set_log_callback(struct jailhouse *jh, int max_level, jailhouse_log_func callback,
				void *user)
{
	if (!jh)
		return;
	pthread_mutex_lock(&jh->log_lock);
	jh->log_level = max_level;
	jh->log_callback = callback;
	jh->log_user = user;
	pthread_mutex_unlock(&jh->log_lock);
}

void jh_log(struct jailhouse *jh, int level, const char *format, ...)
{
	jailhouse_log_func callback;
	char line[512];
	void *user;
	va_list args;
	int max;

	pthread_mutex_lock(&jh->log_lock);
	callback = jh->log_callback;
	user = jh->log_user;
	max = jh->log_level;
	pthread_mutex_unlock(&jh->log_lock);
	if (!callback || level > max)
		return;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	/* Without the lock: the callback may use this handle. */
	callback(user, level, line);
}
