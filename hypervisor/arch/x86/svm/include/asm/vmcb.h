/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The virtual machine control block. Source: AMD APM vol. 2 (24593), appendix B and chapter 15. */
#ifndef ASM_VMCB_H
#define ASM_VMCB_H

#include <jailhouse/types.h>

struct vmcb_segment {
	u16 selector;
	u16 attrib;	/* bits 0-7: type, S, DPL, P; 8-11: AVL, L, DB, G */
	u32 limit;
	u64 base;
};

struct vmcb {
	/* control area */
	u16 intercept_cr_read, intercept_cr_write;
	u16 intercept_dr_read, intercept_dr_write;
	u32 intercept_exceptions;
	u32 intercept1;		/* offset 0x0c */
	u32 intercept2;		/* 0x10 */
	u32 intercept3;		/* 0x14 */
	u8 reserved1[0x3c - 0x18];
	u16 pause_threshold, pause_count;
	u64 iopm_base;		/* 0x40 */
	u64 msrpm_base;
	u64 tsc_offset;
	u32 asid;		/* 0x58 */
	u8 tlb_control;
	u8 reserved2[3];
	u64 vintr;		/* 0x60 */
	u64 interrupt_shadow;	/* 0x68 */
	u64 exitcode;		/* 0x70 */
	u64 exitinfo1, exitinfo2;
	u64 exitintinfo;	/* 0x88 */
	u64 np_enable;		/* 0x90 */
	u8 reserved3[0xa8 - 0x98];
	u64 eventinj;		/* 0xa8 */
	u64 n_cr3;
	u64 lbr_control;	/* 0xb8 */
	u32 clean_bits;		/* 0xc0 */
	u32 reserved4;
	u64 next_rip;		/* 0xc8 */
	u8 fetched;		/* 0xd0 */
	u8 insn_bytes[15];
	u8 reserved5[0x400 - 0xe0];
	/* state save area */
	struct vmcb_segment es, cs, ss, ds, fs, gs, gdtr, ldtr, idtr, tr; /* 0x400-0x49f */
	u8 reserved6[0x4cb - 0x4a0];
	u8 cpl;			/* 0x4cb */
	u32 reserved7;
	u64 efer;		/* 0x4d0 */
	u8 reserved8[0x548 - 0x4d8];
	u64 cr4, cr3, cr0, dr7, dr6, rflags, rip; /* 0x548-0x57f */
	u8 reserved9[0x5d8 - 0x580];
	u64 rsp;		/* 0x5d8 */
	u64 s_cet, ssp, isst;
	u64 rax;		/* 0x5f8 */
	u64 star, lstar, cstar, sfmask, kernel_gs_base; /* 0x600 */
	u64 sysenter_cs, sysenter_esp, sysenter_eip, cr2; /* 0x628-0x647 */
	u8 reserved10[0x668 - 0x648];
	u64 g_pat;		/* 0x668 */
	u64 dbgctl, br_from, br_to, last_excp_from, last_excp_to; /* 0x670-0x697 */
	u8 reserved11[0x1000 - 0x698];
};
JAILHOUSE_ASSERT_SIZE(struct vmcb, 4096);
JAILHOUSE_ASSERT_OFFSET(struct vmcb, iopm_base, 0x40);
JAILHOUSE_ASSERT_OFFSET(struct vmcb, asid, 0x58);
JAILHOUSE_ASSERT_OFFSET(struct vmcb, exitcode, 0x70);
JAILHOUSE_ASSERT_OFFSET(struct vmcb, eventinj, 0xa8);
JAILHOUSE_ASSERT_OFFSET(struct vmcb, next_rip, 0xc8);
JAILHOUSE_ASSERT_OFFSET(struct vmcb, es, 0x400);
JAILHOUSE_ASSERT_OFFSET(struct vmcb, cpl, 0x4cb);
JAILHOUSE_ASSERT_OFFSET(struct vmcb, efer, 0x4d0);
JAILHOUSE_ASSERT_OFFSET(struct vmcb, cr4, 0x548);
JAILHOUSE_ASSERT_OFFSET(struct vmcb, rsp, 0x5d8);
JAILHOUSE_ASSERT_OFFSET(struct vmcb, rax, 0x5f8);
JAILHOUSE_ASSERT_OFFSET(struct vmcb, cr2, 0x640);
JAILHOUSE_ASSERT_OFFSET(struct vmcb, g_pat, 0x668);

/* intercept1 */
#define SVM_NMI	      (1U << 1)
#define SVM_INIT      (1U << 3)
#define SVM_CPUID     (1U << 18)
#define SVM_RSM	      (1U << 19)
#define SVM_IRET      (1U << 20)
#define SVM_INVD      (1U << 22)
#define SVM_INVLPGA   (1U << 26)
#define SVM_IOIO      (1U << 27)
#define SVM_MSR	      (1U << 28)
#define SVM_FERR      (1U << 30)
#define SVM_SHUTDOWN  (1U << 31)
/* intercept2 */
#define SVM_VMRUN     (1U << 0)
#define SVM_VMMCALL   (1U << 1)
#define SVM_VMLOAD    (1U << 2)
#define SVM_VMSAVE    (1U << 3)
#define SVM_STGI      (1U << 4)
#define SVM_CLGI      (1U << 5)
#define SVM_SKINIT    (1U << 6)
/* exit codes */
#define SVM_EXIT_EXCP_BASE  0x40
#define SVM_EXIT_NMI	    0x61
#define SVM_EXIT_INIT	    0x63
#define SVM_EXIT_CPUID	    0x72
#define SVM_EXIT_RSM	    0x73
#define SVM_EXIT_IRET	    0x74
#define SVM_EXIT_INVD	    0x76
#define SVM_EXIT_INVLPGA    0x7a
#define SVM_EXIT_IOIO	    0x7b
#define SVM_EXIT_MSR	    0x7c
#define SVM_EXIT_SHUTDOWN   0x7f
#define SVM_EXIT_VMRUN	    0x80
#define SVM_EXIT_VMMCALL    0x81
#define SVM_EXIT_VMLOAD	    0x82
#define SVM_EXIT_VMSAVE	    0x83
#define SVM_EXIT_STGI	    0x84
#define SVM_EXIT_CLGI	    0x85
#define SVM_EXIT_SKINIT	    0x86
#define SVM_EXIT_NPF	    0x400
#define SVM_EXIT_INVALID    (~0ULL)

#define SVM_EVENTINJ_VALID (1ULL << 31)
#define SVM_EVENTINJ_ERR   (1ULL << 11)
#define SVM_EVENTINJ_NMI   (2ULL << 8)
#define SVM_EVENTINJ_EXCP  (3ULL << 8)

/* VM_CR MSR */
#define SVM_VM_CR_R_INIT  (1U << 1)
#define SVM_VM_CR_LOCK	  (1U << 3)
#define SVM_VM_CR_SVMDIS  (1U << 4)

#endif /* !ASM_VMCB_H */
