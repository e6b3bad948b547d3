/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* UARTs by the names of Linux' terminals. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/generate/machine.h"

#define DIRECTORY "sys/class/tty"

/* How registers are reached (serial_core.h: UPIO_...) */
#define IO_PORT  0
#define IO_MEM   2
#define IO_MEM32 3

static bool number_of(const struct jailhouse_machine *machine, const char *tty, const char *what,
		      uint64_t *ret_number)
{
	char path[128];

	snprintf(path, sizeof(path), DIRECTORY "/%.60s/%s", tty, what);
	return jh_file_number(machine->root, path, ret_number);
}

static bool is_mmio(struct jailhouse_machine *machine, struct jh_uart *uart, uint64_t type,
		    uint64_t shift)
{
	uint64_t base;

	if (!number_of(machine, uart->name, "iomem_base", &base) || base == 0)
		return false;
	if ((type != IO_MEM || shift != 0) && (type != IO_MEM32 || shift != 2)) {
		jh_note(machine, "%s can't be used: its registers are 2^%llu bytes apart",
			uart->name, (unsigned long long)shift);
		return false;
	}
	uart->mmio = true;
	uart->console.address = base;
	uart->console.size = JH_PAGE;
	uart->console.flags = JAILHOUSE_CON_ACCESS_MMIO |
			      (shift ? JAILHOUSE_CON_REGDIST_4 : JAILHOUSE_CON_REGDIST_1);
	return true;
}

/* Is there a UART that can be used? */
static bool describe(struct jailhouse_machine *machine, struct jh_uart *uart)
{
	uint64_t type, shift = 0, port, kind;

	/* 0: there is none. Not in trees that others have collected. */
	if (number_of(machine, uart->name, "type", &kind) && kind == 0)
		return false;
	if (!number_of(machine, uart->name, "io_type", &type))
		return false;
	number_of(machine, uart->name, "iomem_reg_shift", &shift);
	uart->console.type = JAILHOUSE_CON_TYPE_8250;
	if (type == IO_MEM || type == IO_MEM32)
		return is_mmio(machine, uart, type, shift);
	if (type != IO_PORT || !number_of(machine, uart->name, "port", &port) || port == 0 ||
	    port > 0xfff8)
		return false;
	uart->console.address = port;
	uart->console.flags = JAILHOUSE_CON_ACCESS_PIO | JAILHOUSE_CON_REGDIST_1;
	return true;
}

/* console=NAME[,...] */
static bool prints_linux(const char *command_line, const char *name)
{
	size_t length = strlen(name);
	const char *at;

	for (at = strstr(command_line, "console="); at; at = strstr(at + 1, "console="))
		if ((at == command_line || at[-1] == ' ') && strncmp(at + 8, name, length) == 0 &&
		    (at[8 + length] == '\0' || at[8 + length] == ' ' || at[8 + length] == ','))
			return true;
	return false;
}

int jh_uarts_read_ttys(struct jailhouse_machine *machine, struct jailhouse_error *error)
{
	struct jh_uarts *uarts = &machine->uarts;
	struct jh_file_names names = {NULL, 0, 0};
	struct jh_uart *uart;
	size_t n;
	int err = jh_directory_read(machine->root, DIRECTORY, &names, error);

	if (err)
		return err == JAILHOUSE_ERR_NOT_FOUND ? 0 : err;
	for (n = 0; n < names.count; n++) {
		if (strncmp(names.name[n], "tty", 3) != 0 || strlen(names.name[n]) > 60)
			continue;
		if (!jh_grow(&uarts->uart, &uarts->room, uarts->count, sizeof(*uarts->uart))) {
			err = jh_error_no_memory(error);
			break;
		}
		uart = &uarts->uart[uarts->count];
		memset(uart, 0, sizeof(*uart));
		snprintf(uart->name, sizeof(uart->name), "%s", names.name[n]);
		uart->linux_console = prints_linux(machine->command_line, uart->name);
		if (describe(machine, uart))
			uarts->count++;
	}
	jh_file_names_free(&names);
	return err;
}

/* Without an argument Linux takes the one that the device tree has chosen. */
static bool is_chosen(const struct jailhouse_machine *machine, const struct jh_uart *uart)
{
	return !strstr(machine->command_line, "console=") && machine->stdout_path &&
	       strcmp(machine->stdout_path, uart->name) == 0;
}

int jh_uarts_match_ttys(struct jailhouse_machine *machine, struct jailhouse_error *error)
{
	struct jh_file_names names = {NULL, 0, 0};
	struct jh_uart *uart;
	uint64_t base;
	size_t n, i;
	int err = jh_directory_read(machine->root, DIRECTORY, &names, error);

	for (i = 0; i < machine->uarts.count; i++) {
		uart = &machine->uarts.uart[i];
		uart->linux_console = is_chosen(machine, uart);
		for (n = 0; n < names.count; n++) {
			if (!number_of(machine, names.name[n], "iomem_base", &base) ||
			    base != uart->console.address)
				continue;
			snprintf(uart->tty, sizeof(uart->tty), "%s", names.name[n]);
			uart->linux_console |= prints_linux(machine->command_line, uart->tty);
		}
	}
	jh_file_names_free(&names);
	return err == JAILHOUSE_ERR_NOT_FOUND ? 0 : err;
}

/* Names of nodes are also known by their last part. */
static bool has_name(const struct jh_uart *uart, const char *name)
{
	const char *last = strrchr(uart->name, '/');

	return strcmp(uart->name, name) == 0 || (last && strcmp(last + 1, name) == 0) ||
	       (*name && (strcmp(uart->alias, name) == 0 || strcmp(uart->tty, name) == 0));
}

const struct jh_uart *jh_uart_find(const struct jailhouse_machine *machine, const char *name,
				   struct jailhouse_error *error)
{
	size_t n;

	for (n = 0; n < machine->uarts.count; n++)
		if (has_name(&machine->uarts.uart[n], name))
			return &machine->uarts.uart[n];
	jh_error_set(error, JAILHOUSE_ERR_NOT_FOUND, 0,
		     "there is no UART \"%.64s\" that can be used", name);
	return NULL;
}
