/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Filling of struct jailhouse_error. */
#include <stdio.h>
#include <string.h>

#include "internal.h"

/* Size of the structure in the first release; later members are only written if the caller has them. */
#define ERROR_SIZE_V1 (offsetof(struct jailhouse_error, text) + JAILHOUSE_ERROR_TEXT_SIZE)

static size_t known_size(const struct jailhouse_error *error)
{
	return error->size < sizeof(*error) ? error->size : sizeof(*error);
}

static const struct {
	int code;
	const char *name;
} code_names[] = {
	{0, "OK"},
	{JAILHOUSE_ERR_ARGUMENT, "ARGUMENT"},
	{JAILHOUSE_ERR_NO_MEMORY, "NO_MEMORY"},
	{JAILHOUSE_ERR_URI, "URI"},
	{JAILHOUSE_ERR_NO_BACKEND, "NO_BACKEND"},
	{JAILHOUSE_ERR_NO_DEVICE, "NO_DEVICE"},
	{JAILHOUSE_ERR_PERMISSION, "PERMISSION"},
	{JAILHOUSE_ERR_NOT_SUPPORTED, "NOT_SUPPORTED"},
	{JAILHOUSE_ERR_NOT_ENABLED, "NOT_ENABLED"},
	{JAILHOUSE_ERR_ENABLED, "ENABLED"},
	{JAILHOUSE_ERR_CONFIG, "CONFIG"},
	{JAILHOUSE_ERR_NOT_FOUND, "NOT_FOUND"},
	{JAILHOUSE_ERR_EXISTS, "EXISTS"},
	{JAILHOUSE_ERR_DENIED, "DENIED"},
	{JAILHOUSE_ERR_BUSY, "BUSY"},
	{JAILHOUSE_ERR_RESOURCES, "RESOURCES"},
	{JAILHOUSE_ERR_MACHINE, "MACHINE"},
	{JAILHOUSE_ERR_REFUSED, "REFUSED"},
	{JAILHOUSE_ERR_INTERRUPTED, "INTERRUPTED"},
	{JAILHOUSE_ERR_TOO_SMALL, "TOO_SMALL"},
	{JAILHOUSE_ERR_IO, "IO"},
	{JAILHOUSE_ERR_PROTOCOL, "PROTOCOL"},
	{JAILHOUSE_ERR_STOPPED, "STOPPED"},
	{JAILHOUSE_ERR_PEER, "PEER"},
};

const char *jailhouse_code_get_name(int code)
{
	size_t n;

	for (n = 0; n < JH_ARRAY_SIZE(code_names); n++)
		if (code_names[n].code == code)
			return code_names[n].name;
	return "UNKNOWN";
}

/* Is there a structure to fill? All of it but its size is cleared then. */
static bool prepare(struct jailhouse_error *error, int code, int sys_errno)
{
	uint32_t size;

	if (!error || error->size < ERROR_SIZE_V1)
		return false;
	size = error->size;
	memset(error, 0, known_size(error));
	error->size = size;
	error->code = code;
	error->sys_errno = sys_errno < 0 ? -sys_errno : sys_errno;
	return true;
}

int jh_error_set(struct jailhouse_error *error, int code, int sys_errno, const char *format, ...)
{
	va_list args;

	if (!prepare(error, code, sys_errno))
		return code;
	va_start(args, format);
	vsnprintf(error->text, sizeof(error->text), format, args);
	va_end(args);
	return code;
}

int jh_error_from_reason(struct jailhouse_error *error, const struct jailhouse_reason *reason,
			 int sys_errno)
{
	int code = jh_reason_to_code(reason->code);
	unsigned int n;

	if (!prepare(error, code, sys_errno ? sys_errno : reason->error))
		return code;
	error->reason = reason->code;
	error->item = reason->item;
	error->index = reason->index;
	for (n = 0; n < 4; n++)
		error->arg[n] = reason->arg[n];
	jh_reason_format(error->text, sizeof(error->text), reason);
	return code;
}

int jh_error_copy(struct jailhouse_error *error, const struct jailhouse_error *from)
{
	uint32_t size;

	if (prepare(error, from->code, 0)) {
		size = error->size;
		memcpy(error, from, known_size(error));
		error->size = size;
	}
	return from->code;
}

int jh_error_no_memory(struct jailhouse_error *error)
{
	return jh_error_set(error, JAILHOUSE_ERR_NO_MEMORY, 0, "out of memory");
}

int jh_error_argument(struct jailhouse_error *error, const char *what)
{
	return jh_error_set(error, JAILHOUSE_ERR_ARGUMENT, 0, "invalid argument: %s", what);
}
