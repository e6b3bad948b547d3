/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A machine of files with IVSHMEM devices, in a directory of its own. */
#ifndef TESTS_IVSHMEM_TREE_H
#define TESTS_IVSHMEM_TREE_H

#include <stdint.h>

#include <jailhouse/ivshmem.h>

/*
 * uio0 is 0001:00:0e.0 with two peers, of which this one is 1: the places of its maps in the file are so
 * that the last input section and the output section are the same page.
 */
#define TREE_UIO    "0001:00:0e.0"
#define TREE_MEMORY "0000:00:0f.0" /* no driver; three peers, of which this one is 0; no common section */
#define TREE_PAGE   4096u
#define TREE_BASE   0x8000u /* of the sections in /dev/mem */

/* For cmocka: makes it, with uio0 only; removes it. */
int tree_setup(void **state);
int tree_teardown(void **state);
void tree_add_memory(void);

/* Writes a file below the root, with the directories above it. */
void tree_file(const char *path, const void *data, size_t size);
void tree_text(const char *path, const char *text);
void tree_link(const char *path, const char *target);
void tree_remove(const char *path);
/* What answers the ioctls of the library; NULL: the system */
extern int (*tree_ioctl)(int fd, unsigned long request, void *arg);
/* A page of a file, to be played with. */
void *tree_map(const char *path, unsigned int page);

/* The peer's side of uio0 */
struct jailhouse_ivshmem_regs *tree_regs(void);
uint32_t *tree_states(void);
void *tree_peer_output(void);
void *tree_own_output(void);

#endif /* !TESTS_IVSHMEM_TREE_H */
