/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* CPU interface of GICv3 by the encodings of its registers: not every assembler knows the names. */
#ifndef INMATE_ARCH_GIC_H
#define INMATE_ARCH_GIC_H

#define ICC_PMR_EL1     S3_0_C4_C6_0
#define ICC_SGI1R_EL1   S3_0_C12_C11_5
#define ICC_IAR1_EL1    S3_0_C12_C12_0
#define ICC_EOIR1_EL1   S3_0_C12_C12_1
#define ICC_CTLR_EL1    S3_0_C12_C12_4
#define ICC_IGRPEN1_EL1 S3_0_C12_C12_7

#endif /* !INMATE_ARCH_GIC_H */
