/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Fixed-size integer types and compile-time checks for all public headers.
 *
 * One file has to serve four kinds of code:
 *
 *   Linux kernel modules      the kernel's own <linux/types.h> is used
 *   user space on Linux       __u8 ... come from <linux/types.h>, so that both may be included
 *   user space elsewhere      self-made, of the same C types as Linux would give them
 *   freestanding code         self-made; hypervisor, guests and board configurations
 *
 * Board configurations that are built by Kbuild get __KERNEL__ but none of the kernel's headers.
 * They say so by -D__LINUX_COMPILER_TYPES_H on the command line, which gives the macro the value 1;
 * in a real kernel build it is the (empty) guard of a header.
 *
 * Besides __u8 ... the short names u8, s8 ... u64, s64 are defined. An application that has its own
 * definitions of these defines JAILHOUSE_NO_SHORT_TYPES first.
 */
#ifndef JAILHOUSE_TYPES_H
#define JAILHOUSE_TYPES_H

#if defined(__KERNEL__) && (__LINUX_COMPILER_TYPES_H + 0) == 0
#define JAILHOUSE_IN_LINUX 1
#else
#define JAILHOUSE_IN_LINUX 0
#endif

#if JAILHOUSE_IN_LINUX

#include <linux/types.h>
/* Brings ARRAY_SIZE, so that the definition in cell-config.h stays out of the way. */
#include <linux/kernel.h>

#else /* !JAILHOUSE_IN_LINUX */

#if !defined(__KERNEL__) && defined(__linux__) && defined(__STDC_HOSTED__) && \
	(__STDC_HOSTED__ + 0) == 1 && (__LINUX_COMPILER_TYPES_H + 0) == 0
#ifdef __has_include
#if __has_include(<linux/types.h>)
#define JAILHOUSE_HAVE_LINUX_TYPES 1
#endif
#endif
#endif

#ifdef JAILHOUSE_HAVE_LINUX_TYPES

#include <linux/types.h>

#else

typedef signed char __s8;
typedef unsigned char __u8;
typedef short __s16;
typedef unsigned short __u16;
typedef int __s32;
typedef unsigned int __u32;
__extension__ typedef long long __s64;
__extension__ typedef unsigned long long __u64;

#endif /* JAILHOUSE_HAVE_LINUX_TYPES */

#ifndef JAILHOUSE_NO_SHORT_TYPES
typedef __s8 s8;
typedef __u8 u8;
typedef __s16 s16;
typedef __u16 u16;
typedef __s32 s32;
typedef __u32 u32;
typedef __s64 s64;
typedef __u64 u64;
#endif

#if defined(__STDC_HOSTED__) && (__STDC_HOSTED__ + 0) == 1 && !defined(__KERNEL__)
#include <stdint.h>
#endif

#if !defined(__cplusplus) && !(defined(__STDC_VERSION__) && __STDC_VERSION__ >= 202311L)
#ifdef __has_include
#if __has_include(<stdbool.h>)
#define JAILHOUSE_HAVE_STDBOOL 1
#endif
#endif
#ifdef JAILHOUSE_HAVE_STDBOOL
#include <stdbool.h>
#elif !defined(bool)
#define bool _Bool
#define true 1
#define false 0
#endif
#endif

#endif /* !JAILHOUSE_IN_LINUX */

/**
 * JAILHOUSE_PACKED - attribute of every structure whose layout is an interface
 *
 * No padding between members, alignment 1.
 */
#define JAILHOUSE_PACKED __attribute__((packed))

/**
 * JAILHOUSE_NONSTRING - attribute of character arrays that carry no terminating NUL
 */
#define JAILHOUSE_NONSTRING
#ifdef __has_attribute
#if __has_attribute(nonstring) && !defined(__cplusplus)
#undef JAILHOUSE_NONSTRING
#define JAILHOUSE_NONSTRING __attribute__((nonstring))
#endif
#endif

/**
 * JAILHOUSE_INLINE - storage class of functions that a header defines, also valid in C89
 */
#define JAILHOUSE_INLINE static __inline__ __attribute__((unused))

/**
 * JAILHOUSE_STATIC_ASSERT() - refuse to compile unless a constant condition holds
 * @cond: integer constant expression
 *
 * For file scope, in every dialect from C89 and C++98 on. Followed by a semicolon.
 */
#if defined(__cplusplus) && __cplusplus >= 201103L
#define JAILHOUSE_STATIC_ASSERT(cond) static_assert(cond, #cond)
#elif !defined(__cplusplus) && \
	(defined(__GNUC__) || (defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L))
#define JAILHOUSE_STATIC_ASSERT(cond) __extension__ _Static_assert(cond, #cond)
#else
/* The same array may be declared any number of times, so the name need not be unique. */
#define JAILHOUSE_STATIC_ASSERT(cond) extern char jailhouse_static_assert[(cond) ? 1 : -1]
#endif

/**
 * JAILHOUSE_ASSERT_SIZE() - check the size of an interface structure at compile time
 * @type: structure or union type
 * @bytes: size that the interface prescribes
 */
#define JAILHOUSE_ASSERT_SIZE(type, bytes) JAILHOUSE_STATIC_ASSERT(sizeof(type) == (bytes))

/**
 * JAILHOUSE_ASSERT_OFFSET() - check the place of a member at compile time
 * @type: structure or union type
 * @member: member designator, may name a member of a member
 * @bytes: offset that the interface prescribes
 */
#define JAILHOUSE_ASSERT_OFFSET(type, member, bytes) \
	JAILHOUSE_STATIC_ASSERT(__builtin_offsetof(type, member) == (bytes))

JAILHOUSE_ASSERT_SIZE(__u8, 1);
JAILHOUSE_ASSERT_SIZE(__u16, 2);
JAILHOUSE_ASSERT_SIZE(__u32, 4);
JAILHOUSE_ASSERT_SIZE(__u64, 8);

#endif /* !JAILHOUSE_TYPES_H */
