/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What a guest of a simulated machine calls. Part of libjailhouse and, for its own guests, of
 * libjailhouse-sim. */
#include "backend/sim-library.h"

static const struct jh_sim_cpu_ops *ops(const struct jailhouse_sim_cpu *cpu)
{
	return ((const struct jh_sim_cpu_head *)cpu)->ops;
}

uint32_t jailhouse_sim_cpu_get_id(const struct jailhouse_sim_cpu *cpu)
{
	return ops(cpu)->get_id(cpu);
}

uint32_t jailhouse_sim_cpu_get_index(const struct jailhouse_sim_cpu *cpu)
{
	return ops(cpu)->get_index(cpu);
}

uint32_t jailhouse_sim_cpu_get_cell(const struct jailhouse_sim_cpu *cpu)
{
	return ops(cpu)->get_cell(cpu);
}

const char *jailhouse_sim_cpu_get_arguments(const struct jailhouse_sim_cpu *cpu)
{
	return ops(cpu)->get_arguments(cpu);
}

uint64_t jailhouse_sim_cpu_get_time(const struct jailhouse_sim_cpu *cpu)
{
	return ops(cpu)->get_time(cpu);
}

static bool is_width(uint32_t width)
{
	return width == 1 || width == 2 || width == 4 || width == 8;
}

int jailhouse_sim_cpu_read(struct jailhouse_sim_cpu *cpu, uint64_t address, uint32_t width,
			   uint64_t *ret_value)
{
	if (!ret_value || !is_width(width))
		return JAILHOUSE_ERR_ARGUMENT;
	return ops(cpu)->access(cpu, false, address, width, ret_value);
}

int jailhouse_sim_cpu_write(struct jailhouse_sim_cpu *cpu, uint64_t address, uint32_t width,
			    uint64_t value)
{
	if (!is_width(width))
		return JAILHOUSE_ERR_ARGUMENT;
	return ops(cpu)->access(cpu, true, address, width, &value);
}

int jailhouse_sim_cpu_call(struct jailhouse_sim_cpu *cpu, uint32_t code, uint64_t arg1,
			   uint64_t arg2, int64_t *ret_result)
{
	return ret_result ? ops(cpu)->call(cpu, code, arg1, arg2, ret_result)
			  : JAILHOUSE_ERR_ARGUMENT;
}

int jailhouse_sim_cpu_pci_read(struct jailhouse_sim_cpu *cpu, uint16_t bdf, uint16_t reg,
			       uint32_t width, uint32_t *ret_value)
{
	if (!ret_value || !is_width(width) || width == 8)
		return JAILHOUSE_ERR_ARGUMENT;
	return ops(cpu)->pci(cpu, false, bdf, reg, width, ret_value);
}

int jailhouse_sim_cpu_pci_write(struct jailhouse_sim_cpu *cpu, uint16_t bdf, uint16_t reg,
				uint32_t width, uint32_t value)
{
	if (!is_width(width) || width == 8)
		return JAILHOUSE_ERR_ARGUMENT;
	return ops(cpu)->pci(cpu, true, bdf, reg, width, &value);
}

void *jailhouse_sim_cpu_map(struct jailhouse_sim_cpu *cpu, uint64_t address, uint64_t size)
{
	return ops(cpu)->map(cpu, address, size);
}

int jailhouse_sim_cpu_take_interrupt(struct jailhouse_sim_cpu *cpu)
{
	return ops(cpu)->take_interrupt(cpu);
}

int jailhouse_sim_cpu_print(struct jailhouse_sim_cpu *cpu, const char *text)
{
	return text ? ops(cpu)->print(cpu, text) : JAILHOUSE_ERR_ARGUMENT;
}

int jailhouse_sim_cpu_get_comm(const struct jailhouse_sim_cpu *cpu, uint64_t *ret_address)
{
	return ret_address ? ops(cpu)->get_comm(cpu, ret_address) : JAILHOUSE_ERR_ARGUMENT;
}

int jailhouse_sim_cpu_wait(struct jailhouse_sim_cpu *cpu, uint64_t timeout_ns)
{
	return ops(cpu)->wait(cpu, timeout_ns);
}

int jailhouse_sim_cpu_reply(struct jailhouse_sim_cpu *cpu, uint32_t reply)
{
	return ops(cpu)->reply(cpu, reply);
}

int jailhouse_sim_cpu_set_state(struct jailhouse_sim_cpu *cpu, uint32_t state)
{
	return ops(cpu)->set_state(cpu, state);
}
