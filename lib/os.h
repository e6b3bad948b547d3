/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Everything that the library asks of the operating system to reach the driver. One file implements
 * it (os.c); the unit tests link their own instead, so that they need neither a driver nor tricks at
 * run time. Errors are returned as negative errno values.
 */
#ifndef LIB_OS_H
#define LIB_OS_H

#include <stddef.h>
#include <sys/types.h>

/* open(), with O_CLOEXEC added. Returns a descriptor. */
int jh_os_open(const char *path, int flags);

/* close(); nothing can be done about an error. */
void jh_os_close(int fd);

/* ioctl(), not repeated after a signal. */
int jh_os_ioctl(int fd, unsigned long request, void *arg);

/* read(), not repeated after a signal. */
ssize_t jh_os_read(int fd, void *buffer, size_t size);

/*
 * poll() of one descriptor; timeout in milliseconds, negative for ever. Returns 1 and the events, or 0
 * when the time is over.
 */
int jh_os_poll(int fd, short events, int timeout_ms, short *ret_revents);

/* The directory below which the files of the machine lie; NULL if there is no machine. Static. */
const char *jh_os_root(void);

/* The machine field of uname(), terminated. */
int jh_os_machine(char *buffer, size_t size);

#endif /* !LIB_OS_H */
