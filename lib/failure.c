/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Failure records of CPUs. */
#include <stdlib.h>

#include "backend/backend.h"

struct jailhouse_failure {
	struct jailhouse_cpu_record record;
	unsigned int arch;
	char text[JAILHOUSE_ERROR_TEXT_SIZE];
};

int jailhouse_failure_get(struct jailhouse *jh, uint32_t cpu,
			  struct jailhouse_failure **ret_failure, struct jailhouse_error *error)
{
	struct jailhouse_cpu_record record;
	struct jailhouse_failure *failure;
	int err;

	if (!jh || !ret_failure)
		return jh_error_argument(error, "jh or ret_failure is NULL");
	if (!jh->backend->record_get)
		return jh_not_supported(jh, "failure records", error);
	err = jh->backend->record_get(jh, cpu, &record, error);
	if (err)
		return err;
	if (record.kind == JAILHOUSE_RECORD_NONE)
		return 0;
	if (record.insn_len > sizeof(record.insn) || record.num_regs > JAILHOUSE_NUM_REGS)
		return jh_error_set(error, JAILHOUSE_ERR_PROTOCOL, 0,
				    "the failure record of CPU %u is damaged", cpu);

	failure = calloc(1, sizeof(*failure));
	if (!failure)
		return jh_error_no_memory(error);
	failure->record = record;
	failure->arch = jh->arch;
	jh_reason_format(failure->text, sizeof(failure->text), &record.reason);
	*ret_failure = failure;
	return 1;
}

void jailhouse_failure_free(struct jailhouse_failure *failure)
{
	free(failure);
}

uint32_t jailhouse_failure_get_kind(const struct jailhouse_failure *failure)
{
	return failure ? failure->record.kind : 0;
}

uint32_t jailhouse_failure_get_cpu(const struct jailhouse_failure *failure)
{
	return failure ? failure->record.cpu : 0;
}

uint32_t jailhouse_failure_get_cell(const struct jailhouse_failure *failure)
{
	return failure ? failure->record.cell : 0;
}

uint32_t jailhouse_failure_get_reason(const struct jailhouse_failure *failure)
{
	return failure ? failure->record.reason.code : 0;
}

const char *jailhouse_failure_get_text(const struct jailhouse_failure *failure)
{
	return failure ? failure->text : "";
}

uint64_t jailhouse_failure_get_address(const struct jailhouse_failure *failure)
{
	return failure ? failure->record.address : 0;
}

const uint8_t *jailhouse_failure_get_instruction(const struct jailhouse_failure *failure,
						 size_t *ret_size)
{
	if (!failure) {
		*ret_size = 0;
		return NULL;
	}
	*ret_size = failure->record.insn_len;
	return failure->record.insn;
}

size_t jailhouse_failure_get_num_registers(const struct jailhouse_failure *failure)
{
	return failure ? failure->record.num_regs : 0;
}

const char *jailhouse_failure_get_register_name(const struct jailhouse_failure *failure,
						size_t index)
{
	if (!failure || index >= failure->record.num_regs)
		return NULL;
	return jh_arch_register_name(failure->arch, index);
}

uint64_t jailhouse_failure_get_register(const struct jailhouse_failure *failure, size_t index)
{
	return failure && index < failure->record.num_regs ? failure->record.regs[index] : 0;
}
