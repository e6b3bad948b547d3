/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* ARM64 part of boot.h. */
#ifndef BOOT_ARCH_H
#define BOOT_ARCH_H

#define PSCI_CPU_ON PSCI_CPU_ON64

#endif /* !BOOT_ARCH_H */
