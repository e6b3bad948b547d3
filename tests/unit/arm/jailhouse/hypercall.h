/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The real one as a compiler for ARM64 sees it: counters, communication region. Its calls do nothing. */
#ifndef FAKE_HYPERCALL_H
#define FAKE_HYPERCALL_H

#include <jailhouse/types.h>
#include <jailhouse/console.h>

#pragma push_macro("__x86_64__")
#undef __x86_64__
#define __aarch64__
/* Register variables become plain ones, statements empty ones. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-variable"
#define __asm__(...)
#define __volatile__(...) ("")
#include "../../../../include/jailhouse/hypercall.h"
#undef __volatile__
#undef __asm__
#pragma GCC diagnostic pop
#undef __aarch64__
#pragma pop_macro("__x86_64__")

#endif /* !FAKE_HYPERCALL_H */
