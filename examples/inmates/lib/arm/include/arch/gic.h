/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* CPU interface of GICv3 as ARMv7 sees it, under the names of ARM64 (ARM IHI 0069, 12.3). */
#ifndef INMATE_ARCH_GIC_H
#define INMATE_ARCH_GIC_H

#define ICC_PMR_EL1     CP15_32(0, c4, c6, 0)
#define ICC_SGI1R_EL1   CP15_64(0, c12)
#define ICC_IAR1_EL1    CP15_32(0, c12, c12, 0)
#define ICC_EOIR1_EL1   CP15_32(0, c12, c12, 1)
#define ICC_CTLR_EL1    CP15_32(0, c12, c12, 4)
#define ICC_IGRPEN1_EL1 CP15_32(0, c12, c12, 7)

#endif /* !INMATE_ARCH_GIC_H */
