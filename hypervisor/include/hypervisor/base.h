/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What every hypervisor file needs: types, error numbers, small helpers, memory functions, locks. */
#ifndef HYPERVISOR_BASE_H
#define HYPERVISOR_BASE_H

#include <jailhouse/types.h>
#include <asm/barrier.h>

#define PAGE_SHIFT     12
#define PAGE_SIZE      4096UL
#define PAGE_OFFS_MASK (PAGE_SIZE - 1)
#define PAGE_MASK      (~(u64)PAGE_OFFS_MASK) /* also of physical addresses on 32-bit machines */
#define PAGES(size)    (((size) + PAGE_SIZE - 1) >> PAGE_SHIFT)

#ifndef NULL
#define NULL ((void *)0)
#endif

/* Only used negative. Values as in Linux, see spec of the hypercalls. */
#define EPERM  1
#define ENOENT 2
#define EIO    5
#define E2BIG  7
#define EAGAIN 11
#define ENOMEM 12
#define EBUSY  16
#define EEXIST 17
#define ENODEV 19
#define EINVAL 22
#define ERANGE 34
#define ENOSYS 38

#define BIT(n)		    (1UL << (n))
#define ALIGN_DOWN(x, a)    ((x) & ~((__typeof__(x))(a) - 1))
#define ALIGN_UP(x, a)	    ALIGN_DOWN((x) + (a) - 1, a)
#define IS_ALIGNED(x, a)    (((x) & ((__typeof__(x))(a) - 1)) == 0)
#define MIN(a, b)	    ((a) < (b) ? (a) : (b))
#define MAX(a, b)	    ((a) > (b) ? (a) : (b))
#define ARRAY_LEN(a)	    (sizeof(a) / sizeof((a)[0]))
#define container_of(p, t, m) ((t *)((char *)(p) - __builtin_offsetof(t, m)))
#define likely(x)	    __builtin_expect(!!(x), 1)
#define unlikely(x)	    __builtin_expect(!!(x), 0)
#define __noreturn	    __attribute__((noreturn))
#define __printf_like(f, a) __attribute__((format(printf, f, a)))

/* A word that others read at any time without a lock, as the root cell does the info page: in one piece. */
#define publish(word, value) __atomic_store_n((word), (value), __ATOMIC_RELAXED)

void *memset(void *dst, int value, unsigned long size);
void *memcpy(void *dst, const void *src, unsigned long size);
int memcmp(const void *a, const void *b, unsigned long size);
int strncmp(const char *a, const char *b, unsigned long n);

/* True if [a, a + a_size) and [b, b + b_size) have a byte in common; neither may wrap. */
static inline bool ranges_overlap(u64 a, u64 a_size, u64 b, u64 b_size)
{
	return a_size && b_size && a <= b + (b_size - 1) && b <= a + (a_size - 1);
}

static inline bool range_contains(u64 a, u64 a_size, u64 b, u64 b_size)
{
	return a_size && b_size && b >= a && b_size <= a_size && b - a <= a_size - b_size;
}

static inline bool test_bit(unsigned int nr, const void *bitmap)
{
	return ((const u8 *)bitmap)[nr / 8] & (1U << (nr % 8));
}

static inline void set_bit(unsigned int nr, void *bitmap)
{
	((u8 *)bitmap)[nr / 8] |= (u8)(1U << (nr % 8));
}

static inline void clear_bit(unsigned int nr, void *bitmap)
{
	((u8 *)bitmap)[nr / 8] &= (u8)~(1U << (nr % 8));
}

/* Ticket lock: fair, so that no cell can starve another. Critical sections are short and never wait for a CPU. */
typedef struct {
	u16 next, owner;
} spinlock_t;

static inline void spin_lock(spinlock_t *lock)
{
	u16 ticket = __atomic_fetch_add(&lock->next, 1, __ATOMIC_RELAXED);

	while (__atomic_load_n(&lock->owner, __ATOMIC_ACQUIRE) != ticket)
		arch_relax();
}

static inline void spin_unlock(spinlock_t *lock)
{
	__atomic_store_n(&lock->owner, (u16)(lock->owner + 1), __ATOMIC_RELEASE);
}

#endif /* !HYPERVISOR_BASE_H */
