// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* asm/vcpu.h of SVM, on a control block that no processor runs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <hypervisor/machine.h>
#include <asm/guest.h>

static struct vmcb vmcb;
static struct percpu cpu;

static int setup(void **state)
{
	(void)state;
	__builtin_memset(&vmcb, 0, sizeof(vmcb));
	__builtin_memset(&cpu, 0, sizeof(cpu));
	cpu.arch.vendor.vmcb = &vmcb;
	return 0;
}

/* Its NMI would look like one of the platform, and go to the root cell. */
static void kick_on_its_way_is_remembered(void **state)
{
	(void)state;
	cpu.arch.kick_pending = 1;
	svm_forget_taken_kick(&cpu);
	assert_int_equal(cpu.arch.kick_pending, 1);
}

/* The next one would send no NMI. */
static void kick_that_came_is_forgotten(void **state)
{
	(void)state;
	cpu.arch.kick_pending = 1;
	cpu.arch.nmi_taken = true;
	svm_forget_taken_kick(&cpu);
	assert_int_equal(cpu.arch.kick_pending, 0);
	assert_false(cpu.arch.nmi_taken);
	/* once only */
	cpu.arch.kick_pending = 1;
	svm_forget_taken_kick(&cpu);
	assert_int_equal(cpu.arch.kick_pending, 1);
}

static void rip_is_cut_outside_of_64_bit_code(void **state)
{
	static const struct {
		u64 efer;
		u16 cs;
		u64 rip;
	} modes[] = {
		{ 0, 0, 1 },
		{ X86_EFER_LMA, 0, 1 },
		{ 0, SEGMENT_LONG, 1 },
		{ X86_EFER_LMA, SEGMENT_LONG, 0x100000001ULL },
	};

	(void)state;
	for (unsigned int n = 0; n < ARRAY_LEN(modes); n++) {
		vmcb.efer = modes[n].efer;
		vmcb.cs.attrib = modes[n].cs;
		vmcb.rip = 0xfffffffe;
		vmcb.interrupt_shadow = 1;
		vcpu_skip(&cpu, 3);
		assert_int_equal(vmcb.rip, modes[n].rip);
		assert_int_equal(vmcb.interrupt_shadow, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(kick_on_its_way_is_remembered, setup),
		cmocka_unit_test_setup(kick_that_came_is_forgotten, setup),
		cmocka_unit_test_setup(rip_is_cut_outside_of_64_bit_code, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
