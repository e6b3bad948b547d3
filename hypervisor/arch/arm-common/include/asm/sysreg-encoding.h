/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* System registers by number. Source: Arm DDI 0487, D19.2 and ESR_EL2, ISS for EC 0x18; IHI 0069, 12.2. */
#ifndef ASM_SYSREG_ENCODING_H
#define ASM_SYSREG_ENCODING_H

/* Fields where the syndrome of a trapped MSR or MRS has them. */
#define SYSREG(op0, op1, crn, crm, op2) ((op0) << 20 | (op2) << 17 | (op1) << 14 | (crn) << 10 | (crm) << 1)
#define SYSREG_MASK SYSREG(3U, 7U, 15U, 15U, 7U)

#define SYSREG_ACTLR	  SYSREG(3U, 0U, 1U, 0U, 1U)
#define SYSREG_ICC_PMR	  SYSREG(3U, 0U, 4U, 6U, 0U)
#define SYSREG_ICC_IAR0	  SYSREG(3U, 0U, 12U, 8U, 0U)
#define SYSREG_ICC_EOIR0  SYSREG(3U, 0U, 12U, 8U, 1U)
#define SYSREG_ICC_HPPIR0 SYSREG(3U, 0U, 12U, 8U, 2U)
#define SYSREG_ICC_BPR0	  SYSREG(3U, 0U, 12U, 8U, 3U)
#define SYSREG_ICC_AP0R0  SYSREG(3U, 0U, 12U, 8U, 4U)
#define SYSREG_ICC_AP0R1  SYSREG(3U, 0U, 12U, 8U, 5U)
#define SYSREG_ICC_AP0R2  SYSREG(3U, 0U, 12U, 8U, 6U)
#define SYSREG_ICC_AP0R3  SYSREG(3U, 0U, 12U, 8U, 7U)
#define SYSREG_ICC_DIR	  SYSREG(3U, 0U, 12U, 11U, 1U)
#define SYSREG_ICC_RPR	  SYSREG(3U, 0U, 12U, 11U, 3U)
#define SYSREG_ICC_SGI1R  SYSREG(3U, 0U, 12U, 11U, 5U)
#define SYSREG_ICC_ASGI1R SYSREG(3U, 0U, 12U, 11U, 6U)
#define SYSREG_ICC_SGI0R  SYSREG(3U, 0U, 12U, 11U, 7U)
#define SYSREG_ICC_CTLR	  SYSREG(3U, 0U, 12U, 12U, 4U)
#define SYSREG_ICC_SRE	  SYSREG(3U, 0U, 12U, 12U, 5U)
#define SYSREG_ICC_IGRPEN0 SYSREG(3U, 0U, 12U, 12U, 6U)

#endif /* !ASM_SYSREG_ENCODING_H */
